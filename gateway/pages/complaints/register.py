"""Entering a complaint for somebody who called, wrote or came. The receipt is read out to them and shown once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starlette.responses import Response

from chassis.clock import new_id
from gateway.pages.frame.choices import Choices
from gateway.pages.frame.forms import Field, Form, message, typed
from gateway.pages.frame.ledger import maker
from gateway.pages.frame.single import shown_refusal
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused
from gateway.transcode import Malformed

RPC = "complaints.RegisterForCaller"
PLACE = "draft.jurisdiction_path"


async def register(visit: Visit) -> Response:
    form = maker(visit).make(visit.site.contracts.rpc(RPC))
    form = _of_caller(visit, await Choices(visit).fill(form))
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


def _of_caller(visit: Visit, form: Form) -> Form:
    """The questions as they are put to the clerk, about somebody else; the clerk's own place is chosen already."""
    return replace(form, fields=[_asked(visit, one) for one in form.fields])


def _asked(visit: Visit, one: Field) -> Field:
    has = visit.site.words.has
    label = visit.t(f"caller.{one.name}") if has(f"caller.{one.name}") else one.label
    told = visit.t(f"caller_help.{one.name}") if has(f"caller_help.{one.name}") else one.help
    own = next((option.value for option in one.options if not option.depth), "") if one.name == PLACE else one.value
    return replace(one, label=label, help=told, value=own)
