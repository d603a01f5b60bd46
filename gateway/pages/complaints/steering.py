"""What the office, leaders and cooperating units steer by: matters, parts asked of units, steps of the ladder."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from chassis.clock import new_id
from gateway.pages.frame.forms import Form, message, typed
from gateway.pages.frame.ledger import Column, Ledger, maker
from gateway.pages.frame.single import shown_refusal
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused
from gateway.transcode import Malformed

MATTERS = Ledger(
    key="matters",
    path="/matters",
    rpc="complaints.ListMatters",
    rows="matters",
    id="complaint_id",
    record="/complaints/{}",
    columns=(
        Column("complaint.number", word="number"),
        Column("complaints", "number", word="complaints"),
        Column("complaint.light", "light", word="light"),
        Column("complaint.title", wide=True, word="title"),
        Column("complaint.stage", "Stage", word="stage"),
        Column("complaint.unit_path", "name", word="unit_path"),
        Column("first_received_at", "day"),
        Column("last_received_at", "day"),
    ),
    filters=("unit_path", "open_only"),
)
PARTS = Ledger(
    key="parts",
    path="/parts",
    rpc="complaints.ListParts",
    rows="parts",
    id="part_id",
    record="/parts/{}",
    columns=(
        Column("number"),
        Column("state", "PartState"),
        Column("unit_path", "name", word="cooperates"),
        Column("lead_unit_path", "name"),
        Column("asked_at", "moment"),
        Column("reported_at", "moment", word="handed_in_at"),
    ),
    filters=("unit_path", "state"),
)
ESCALATIONS = Ledger(
    key="escalations",
    path="/escalations",
    rpc="complaints.ListEscalations",
    rows="escalations",
    id="complaint_id",
    record="/complaints/{}",
    columns=(
        Column("number"),
        Column("step", "choice.EscalateRequest.step", word="ladder_step"),
        Column("unit_path", "name"),
        Column("at", "moment"),
        Column("due_at", "moment", word="limit_passed"),
        Column("reason_code", "choice.Escalation.reason_code", word="reason"),
    ),
    filters=("unit_path", "step"),
)
LEDGERS = (MATTERS, PARTS, ESCALATIONS)


async def part(visit: Visit) -> Response:
    """One part: signed for by a button, handed in by a form that keeps what was typed."""
    ref = visit.ref("ref")
    own = await _read(visit, ref)
    form, said = _form(visit, own), ""
    if visit.request.method == "POST" and form is not None:
        form, said = await _done(visit, ref, own, form)
        own = await _read(visit, ref)
        form = form or _form(visit, own)
    complaint = await visit.part("complaints.GetComplaint", complaint_id=own["complaint_id"])
    await visit.learn(own, complaint)
    values: dict[str, Any] = {"own": own, "form": form, "said": said, "request_id": str(new_id(visit.site.clock))}
    shown = complaint["complaint"] if complaint else None
    return visit.site.page(visit, "complaints/part.html", complaint=shown, **values)


async def _done(visit: Visit, ref: str, own: dict[str, Any], form: Form) -> tuple[Form | None, str]:
    """Does what the form is for: no form and a word that it is done, or the form with its refusal."""
    values = typed(form, visit.form)
    form = form.with_values(values)
    try:
        await visit.ask(f"complaints.{form.rpc.name}", **_command(visit, ref, own), **message(form, values))
    except (Refused, Malformed) as wrong:
        return shown_refusal(visit, form, wrong), ""
    return None, "part_done"


async def _read(visit: Visit, ref: str) -> dict[str, Any]:
    answer = await visit.ask("complaints.ListParts", part_id=ref, page_size=1)
    if not answer["parts"]:
        raise Refused(404, "PART_NOT_FOUND", "")
    found: dict[str, Any] = answer["parts"][0]
    return found


def _form(visit: Visit, own: dict[str, Any]) -> Form | None:
    """What its own unit may do with it now: sign for it, then hand it in."""
    turn = {"PART_STATE_ASKED": "complaints.SignForPart", "PART_STATE_SIGNED_FOR": "complaints.ReportPart"}
    rpc = turn.get(own["state"], "")
    units = visit.session.claims.get("units", ()) if visit.session else ()
    within = any(f"{own['unit_path']}/".startswith(f"{path}/") for path in units)
    return maker(visit).make(visit.site.contracts.rpc(rpc)) if rpc and within and visit.may(rpc) else None


def _command(visit: Visit, ref: str, own: dict[str, Any]) -> dict[str, Any]:
    return {
        "part_id": ref,
        "expected_version": str(visit.form.get("expected_version") or own["version"]),
        "request_id": str(visit.form.get("request_id") or new_id(visit.site.clock)),
    }
