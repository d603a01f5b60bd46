"""Entering a complaint for somebody who called, wrote or came. The receipt is read out to them and shown once."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from chassis.clock import new_id
from gateway.pages.frame.choices import Choices
from gateway.pages.frame.forms import message, typed
from gateway.pages.frame.ledger import maker
from gateway.pages.frame.single import shown_refusal
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused
from gateway.transcode import Malformed

RPC = "complaints.RegisterForCaller"


async def register(visit: Visit) -> Response:
    form = maker(visit).make(visit.site.contracts.rpc(RPC))
    form = await Choices(visit).fill(form)
    page: dict[str, Any] = {"request_id": str(new_id(visit.site.clock))}
    if visit.request.method == "GET":
        return visit.site.page(visit, "complaints/register.html", form=form, **page)
    values = typed(form, visit.form)
    form = form.with_values(values)
    request_id = str(visit.form.get("request_id") or new_id(visit.site.clock))
    try:
        receipt = await visit.ask(RPC, **message(form, values), request_id=request_id)
    except (Refused, Malformed) as wrong:
        return visit.site.page(visit, "complaints/register.html", 400, form=shown_refusal(visit, form, wrong), **page)
    return visit.site.page(visit, "complaints/registered.html", receipt=receipt)
