"""Handing one complaint to an organ outside: print the parcel, give it to the organ, erase, keep its receipt."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from chassis.clock import new_id
from gateway.pages.frame.forms import Form, message, typed
from gateway.pages.frame.ledger import maker
from gateway.pages.frame.single import shown_refusal
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused
from gateway.transcode import Malformed

RECEIPT = "complaints.RecordOrganReceipt"
ERASES = {"HANDOVER_KIND_DISCIPLINE": "MoveToDiscipline", "HANDOVER_KIND_SECRET": "RuleOnSecret"}


async def handover(visit: Visit) -> Response:
    """One page for the whole way: what is possible now follows from how far it is."""
    ref, act = visit.ref("ref"), str(visit.form.get("act", ""))
    if act == "TakeParcel":
        parcel = (await visit.ask("complaints.TakeParcel", complaint_id=ref))["parcel"]
        return visit.site.page(visit, "roads/parcel.html", parcel=parcel, ref=ref)
    form, sentence = maker(visit).make(visit.site.contracts.rpc(RECEIPT)), ""
    known = {name: str(visit.form.get(name, "")) for name in ("handover_id", "expected_version", "request_id")}
    try:
        if act == "RecordOrganReceipt":
            form = form.with_values(typed(form, visit.form))
            await visit.ask(RECEIPT, **message(form, typed(form, visit.form)), **known)
        elif act == "DismissHandover":
            await visit.ask("complaints.DismissHandover", **known)
    except (Refused, Malformed) as wrong:
        form, sentence = _told(visit, form, act, wrong)
    return await _page(visit, ref, form, sentence)


def _told(visit: Visit, form: Form, act: str, wrong: Refused | Malformed) -> tuple[Form, str]:
    if act == "RecordOrganReceipt":
        return shown_refusal(visit, form, wrong), ""
    refusal = wrong if isinstance(wrong, Refused) else Refused(400, "MALFORMED_REQUEST", str(wrong))
    return form, refusal.sentence or visit.site.words.refusal(refusal.reason, refusal.status, visit.language)


async def _page(visit: Visit, ref: str, form: Form, sentence: str) -> Response:
    rows = (await visit.ask("complaints.ListHandovers", complaint_id=ref, page_size=1))["handovers"]
    found: dict[str, Any] | None = rows[0] if rows else None
    await visit.learn(found)
    erases = ERASES.get(found["kind"], "") if found else ""
    values: dict[str, Any] = {"found": found, "form": form, "sentence": sentence, "erases": erases, "ref": ref}
    return visit.site.page(visit, "roads/handover.html", request_id=str(new_id(visit.site.clock)), **values)
