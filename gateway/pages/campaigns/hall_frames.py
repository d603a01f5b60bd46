"""Live frames for everybody who watches one campaign: followed once, whoever and however many watch.

A stream of a service takes one of its threads for as long as it lasts. If each phone in the hall took one, the hall could
keep ballots out of the box; so the gateway follows a campaign once, as nobody, and hands on what it hears.
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

from gateway.doors import Caller, Doors
from gateway.refusals import Refused

NOBODY = Caller()
SHORT_CODE = 4  # bytes of the root: eight signs can be read out and compared in a hall
OPEN = "CAMPAIGN_STATE_OPEN"


def short_code(root_hash: str) -> str:
    """The first bytes of a tree's root for people: `3F2A 9C10`."""
    text = base64.b64decode(root_hash)[:SHORT_CODE].hex().upper()
    return f"{text[:4]} {text[4:]}".strip()


def slim(frame: Mapping[str, Any]) -> dict[str, Any]:
    """A frame as the screen needs it: a hundred objects are a fifth of the whole frame."""
    groups = (frame["turnout"] or {}).get("groups", [])
    return {
        "ballots": int(frame["ballots"]),
        "code": short_code(frame["root_hash"]),
        "held": frame["held"],
        "turnout": [[one["name"], int(one["received"]), int(one["issued"])] for one in groups],
        "rows": [
            [
                row["object_id"],
                row["name"],
                row["object_group"],
                row["rank"],
                row["rank_from"],
                row["rank_to"],
                "" if row["suppressed"] else row["score"],
                row["suppressed"],
            ]
            for row in frame["rows"]
        ],
    }


class Watched:
    """One campaign that somebody watches. Lives from its first viewer to its last, or to the end of the count."""

    def __init__(self, doors: Doors, campaign_id: str) -> None:
        self.frame: dict[str, Any] = {}
        self.viewers = 0
        self.ended = False
        self._doors = doors
        self._campaign_id = campaign_id
        self._event, self._number, self._last = "", 0, ""
        self._told = asyncio.Event()
        rpc = doors.contracts.rpc("evaluation.LiveTally")
        asked = {"campaign_id": campaign_id, "as_everybody": True}
        self._answer = rpc.answer
        self._answers = doors.follow(rpc, doors.transcoder.pack(rpc.request, asked), NOBODY)
        self._task: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """Waits for the first frame, so that a refusal still has a status of its own."""
        self._take(await anext(self._answers))
        self._task = asyncio.create_task(self._run())

    def stop(self) -> None:
        """Nobody watches any more."""
        self.ended = True
        if self._task:
            self._task.cancel()

    async def events(self) -> AsyncIterator[str]:
        """Frames from now on as server-sent events; a short beat where nothing has changed."""
        seen = 0
        while True:
            told = self._told
            if seen != self._number:
                seen = self._number
                yield self._event
            else:
                yield "event: beat\ndata: {}\n\n"
            if self.ended:
                yield self._last
                return
            await told.wait()

    async def _run(self) -> None:
        try:
            async for wire in self._answers:
                self._take(wire)
            self._last = "event: over\ndata: {}\n\n" if await self._over() else ""
        except Refused:
            self._last = ""  # the service is away; the screen says so and asks again
        finally:
            self.ended = True
            self._tell()

    def _take(self, wire: bytes) -> None:
        frame = slim(self._doors.transcoder.unpack(self._answer, wire)["frame"])
        if frame != self.frame:
            self.frame = frame
            self._number += 1
            self._event = f"data: {json.dumps(frame, ensure_ascii=False, separators=(',', ':'))}\n\n"
        self._tell()

    def _tell(self) -> None:
        told, self._told = self._told, asyncio.Event()
        told.set()

    async def _over(self) -> bool:
        """Whether the count has ended for good: a stream also ends when its hour is over."""
        answer = await self._doors.ask("evaluation.GetScreen", NOBODY, campaign_id=self._campaign_id)
        return bool(answer["screen"]["state"] != OPEN)


class Frames:
    """The campaigns watched through this gateway."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors
        self._watched: dict[str, Watched] = {}
        self._beginning = asyncio.Lock()

    async def now(self, campaign_id: str) -> dict[str, Any]:
        """The frame of this moment, for a page without scripts."""
        watched = await self._join(campaign_id)
        frame = watched.frame
        self._leave(campaign_id, watched)
        return frame

    async def follow(self, campaign_id: str) -> AsyncIterator[str]:
        """The events for one more viewer. The first frame is there when this returns; raises Refused before."""
        watched = await self._join(campaign_id)
        return self._events(campaign_id, watched)

    async def _events(self, campaign_id: str, watched: Watched) -> AsyncIterator[str]:
        try:
            async for event in watched.events():
                yield event
        finally:
            self._leave(campaign_id, watched)

    async def _join(self, campaign_id: str) -> Watched:
        async with self._beginning:
            watched = self._watched.get(campaign_id)
            if watched is None or watched.ended:
                watched = Watched(self._doors, campaign_id)
                await watched.begin()
                self._watched[campaign_id] = watched
            watched.viewers += 1
            return watched

    def _leave(self, campaign_id: str, watched: Watched) -> None:
        watched.viewers -= 1
        if not watched.viewers:
            watched.stop()
            if self._watched.get(campaign_id) is watched:
                del self._watched[campaign_id]
