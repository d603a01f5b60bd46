"""Has whoever is on the telephone complained before? What is typed is asked by post and stands in no address."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from gateway.pages.frame.forms import message, typed
from gateway.pages.frame.ledger import maker
from gateway.pages.frame.single import shown_refusal
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused
from gateway.transcode import Malformed

RPC = "complaints.FindRepeats"


async def repeats(visit: Visit) -> Response:
    form = maker(visit).make(visit.site.contracts.rpc(RPC))
    if visit.request.method == "GET":
        return visit.site.page(visit, "vault/repeats.html", form=form, found=None)
    values = typed(form, visit.form)
    form = form.with_values(values)
    found: dict[str, Any] | None = None
    status = 200
    try:
        found = await visit.ask(RPC, **message(form, values))
        await visit.learn(found["repeats"])
    except (Refused, Malformed) as wrong:
        form, status = shown_refusal(visit, form, wrong), 400
    return visit.site.page(visit, "vault/repeats.html", status, form=form, found=found)
