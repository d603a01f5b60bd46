"""One device in a hall for many raters: the ballot's pages, forgetting each rater before the next one comes.

Staff open the page on the device once. It has no menu and leads nowhere else; it takes codes of its own campaign only.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from starlette.responses import Response

from gateway.pages.campaigns.ballot import answer
from gateway.pages.frame.visit import Visit
from gateway.session import COOKIE

CUSTOMS = Path(__file__).with_name("kiosk.toml")


async def kiosk(visit: Visit) -> Response:
    """A step on the shared device. Whoever started it is signed out there, session and cookie: the next hand on it is a
    stranger's."""
    ref = visit.ref("ref")
    if visit.session:
        await visit.part("directory.SignOut", session_secret=visit.session.secret)
        visit.missing.clear()  # no rater is told that the directory did not answer
    visit.session = None
    response = await answer(visit, {**customs(), "campaign_id": ref, "path": f"/kiosk/{ref}"})
    response.delete_cookie(COOKIE)
    return response


@lru_cache(maxsize=1)
def customs() -> dict[str, Any]:
    """How long a receipt is shown, after how long without a touch the device forgets who stood there, and how long a ballot
    waits for the network before paper is the better way."""
    return {name: one["seconds"] for name, one in tomllib.loads(CUSTOMS.read_text("utf-8")).items()}
