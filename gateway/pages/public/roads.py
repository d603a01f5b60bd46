"""Other roads, told before, while and after somebody files: whom to call and where it belongs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.responses import Response

from gateway.pages.frame.forms import Form, Option
from gateway.pages.frame.visit import Visit

DANGER = "danger"
SEEN = "hints_seen"
Road = dict[str, Any]


async def known(visit: Visit, jurisdiction_path: str = "") -> list[Road]:
    """Every road there is, in the order of the pack; none while the service does not answer."""
    found = await visit.part("complaints.ShowRoads", jurisdiction_path=jurisdiction_path)
    return found["roads"] if found else []


async def hinted(visit: Visit) -> list[Road]:
    """The roads the text of the form hints at."""
    text = "\n".join(str(visit.form.get(name, "")) for name in ("draft.title", "draft.text"))[:10200]
    place = str(visit.form.get("draft.jurisdiction_path", ""))
    found = await visit.part("complaints.HintRoads", text=text, jurisdiction_path=place) if text.strip() else None
    return found["roads"] if found else []


def dangers(visit: Visit, form: Form) -> dict[str, Sequence[Option]]:
    """The kinds of danger to choose from, none first: whoever touched one by mistake can take it back."""
    [asked] = [one for one in form.fields if one.name == "draft.danger"]
    return {"draft__danger": [Option("", visit.t("danger_none")), *asked.options]}


async def hints(visit: Visit) -> Response:
    """What the text hints at, while it is being written."""
    return visit.site.page(visit, "public/hints.html", hinted=await hinted(visit))


async def to_read_first(visit: Visit) -> list[Road]:
    """Roads somebody ought to read of before it is sent: once, and never where life is in danger."""
    if visit.form.get(SEEN):
        return []
    found = await hinted(visit)
    return [] if any(road["id"] == DANGER for road in found) else found
