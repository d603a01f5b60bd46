"""The alerts of one complaint: what the danger is, whom to call, and somebody who takes it."""

from __future__ import annotations

from starlette.responses import Response

from chassis.clock import new_id
from gateway.pages.frame.visit import Visit
from gateway.pages.public import roads
from gateway.refusals import Refused


async def alert(visit: Visit) -> Response:
    """Shows them; the leader or the office takes one by a button."""
    ref, sentence, done = visit.ref("ref"), "", False
    if visit.request.method == "POST":
        known = {name: str(visit.form.get(name, "")) for name in ("danger_alert_id", "expected_version", "request_id")}
        try:
            await visit.ask("complaints.TakeDangerAlert", **known)
            done = True
        except Refused as refusal:
            sentence = refusal.sentence or visit.site.words.refusal(refusal.reason, refusal.status, visit.language)
    found = (await visit.ask("complaints.ListDangerAlerts", complaint_id=ref, page_size=100))["danger_alerts"]
    if not found:
        raise Refused(404, "DANGER_ALERT_NOT_FOUND", "")
    await visit.learn(found)
    told = [one for one in await roads.known(visit, found[0]["jurisdiction_path"]) if one["id"] == roads.DANGER]
    values = {"alerts": found, "roads": told, "sentence": sentence, "taken": done}
    return visit.site.page(visit, "roads/alert.html", ref=ref, request_id=str(new_id(visit.site.clock)), **values)
