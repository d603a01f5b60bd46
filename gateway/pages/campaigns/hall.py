"""The hall screen. It draws itself from the live frames; without scripts it shows the count at the moment it was asked.

Whoever is signed in at the projector: the screen shows what everybody may see.
"""

from __future__ import annotations

import json
from typing import Any

from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from gateway.pages.campaigns import desk, hall_control, minutes
from gateway.pages.campaigns.hall_frames import OPEN, Frames
from gateway.pages.frame.site import Site
from gateway.pages.frame.visit import Visit

WORDS = (
    "live_now",
    "live_lost",
    "live_over",
    "hall_held",
    "not_distinguishable",
    "hall_tied",
    "too_few_answers",
    "hall_places",
    "hall_all",
    "hall_top",
    "hall_pause",
    "hall_go_on",
)
"""What the script says; the words are the catalogue's, so that a missing one is found by the tests."""


def routes(site: Site) -> list[Route]:
    """The screen and its frames, and what is done around it: hold and release, the desk, the minutes."""
    frames = Frames(site.doors)

    async def hall(visit: Visit) -> Response:
        screen = (await visit.ask("evaluation.GetScreen", campaign_id=visit.ref("ref")))["screen"]
        frame = await frames.now(screen["campaign_id"]) if screen["state"] == OPEN else {}
        return visit.site.page(
            visit, "campaigns/hall.html", screen=screen, pages=_pages(screen, frame), frame=frame, told=_told(visit, screen)
        )

    async def hall_frames(visit: Visit) -> Response:
        events = await frames.follow(visit.ref("ref"))
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(events, media_type="text/event-stream", headers=headers)

    hall.__qualname__, hall_frames.__qualname__ = "hall", "hall_frames"
    return [
        site.route("/campaigns/{ref}/hall", hall, signed_in=False),
        site.route("/campaigns/{ref}/hall/frames", hall_frames, signed_in=False),
        *hall_control.routes(site),
        *desk.routes(site),
        *minutes.routes(site),
    ]


def _pages(screen: dict[str, Any], frame: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The count of this moment by group, for a screen without scripts."""
    names = ("object_id", "name", "object_group", "rank", "rank_from", "rank_to", "score", "suppressed")
    rows = [dict(zip(names, row, strict=True)) for row in frame.get("rows", [])]
    return [
        (group["name"], [row for row in rows if row["object_group"] == group["key"]]) for group in screen["object_groups"]
    ]


def _told(visit: Visit, screen: dict[str, Any]) -> str:
    """What the script needs to know besides the frames."""
    return json.dumps(
        {
            "groups": [[group["key"], group["name"]] for group in screen["object_groups"]],
            "seconds": screen["page_seconds"],
            "places": screen["page_places"],
            "words": {word: visit.t(word) for word in WORDS},
            "open": screen["state"] == OPEN,
        },
        ensure_ascii=False,
    )
