"""A request to read a sealed identity: decided by the keeper or a leader, opened by the one person it names."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from gateway.pages.frame.forms import message, typed
from gateway.pages.frame.ledger import maker
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused

ACTS = ("GrantIdentity", "OpenIdentity")


async def request(visit: Visit) -> Response:
    """What may be done with this request; every look is logged by the service before it answers."""
    ref = visit.ref("ref")
    own = [act for act in ACTS if visit.may(f"complaints.{act}")]
    if not own:
        raise Refused(404, "NO_SUCH_PAGE", "")
    forms = {act: maker(visit).make(visit.site.contracts.rpc(f"complaints.{act}")) for act in own}
    values: dict[str, Any] = {"ref": ref, "forms": forms, "identity": None, "said": "", "sentence": ""}
    act = str(visit.form.get("act", ""))
    if act in forms:
        try:
            answer = await visit.ask(f"complaints.{act}", **_command(visit, act, forms[act]))
            values["identity"] = answer.get("identity")
            values["said"] = "" if values["identity"] else "done_plain"
        except Refused as refusal:
            values["sentence"] = refusal.sentence or visit.site.words.refusal(refusal.reason, refusal.status, visit.language)
    return visit.site.page(visit, "complaints/identity.html", **values)


def _command(visit: Visit, act: str, form: Any) -> dict[str, Any]:
    known = visit.site.contracts.fields(visit.site.contracts.rpc(f"complaints.{act}").request)
    command = {**message(form, typed(form, visit.form)), "identity_request_id": visit.ref("ref")}
    if "expected_version" in known:
        command["expected_version"] = str(visit.form.get("expected_version") or "1")
    return command
