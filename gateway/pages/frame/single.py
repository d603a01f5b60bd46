"""A form of one rpc that stands for itself: no record is read first. What most "new" pages are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from starlette.responses import RedirectResponse, Response

from chassis.clock import new_id
from gateway.pages.frame.choices import Choices
from gateway.pages.frame.evidence import filled
from gateway.pages.frame.forms import Form, Option, message
from gateway.pages.frame.ledger import maker
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused
from gateway.transcode import Malformed


async def single(
    visit: Visit,
    rpc: str,
    title: str,
    back: tuple[str, str],
    done: Callable[[dict[str, Any]], str],
    *,
    only: Sequence[str] = (),
    without: Sequence[str] = (),
    given: Mapping[str, Any] | None = None,
    values: Mapping[str, Any] | None = None,
    options: Mapping[str, Sequence[Option]] | None = None,
    template: str = "frame/single.html",
    **more: Any,
) -> Response:
    """Shows the form, or sends it. `given` are fields the page knows, `values` what the form starts with,
    `done` the address to go on to, `back` the word and address of the page one came from."""
    described = visit.site.contracts.rpc(rpc)
    form = maker(visit).make(described, only=only, without=(*without, *(given or {})))
    form = await Choices(visit, given or {}).fill(form, **(options or {}))
    page = {"rpc": rpc, "title": title, "back": back, "request_id": str(new_id(visit.site.clock)), **more}
    if visit.request.method == "GET":
        return visit.site.page(visit, template, form=form.with_values(values or {}), **page)
    sent = await filled(visit, form)
    form = form.with_values(sent)
    try:
        answer = await visit.ask(rpc, **message(form, sent), **(given or {}), **_request_id(visit, described.request))
    except (Refused, Malformed) as wrong:
        return visit.site.page(visit, template, 400, form=shown_refusal(visit, form, wrong), **page)
    return RedirectResponse(done(answer), 303)


def _request_id(visit: Visit, request: str) -> dict[str, str]:
    if "request_id" not in visit.site.contracts.fields(request):
        return {}
    return {"request_id": str(visit.form.get("request_id") or new_id(visit.site.clock))}


def shown_refusal(visit: Visit, form: Form, wrong: Refused | Malformed) -> Form:
    """The form with the refusal beside its fields or at its top."""
    refusal = wrong if isinstance(wrong, Refused) else Refused(400, "MALFORMED_REQUEST", str(wrong))
    sentence = refusal.sentence or visit.site.words.refusal(refusal.reason, refusal.status, visit.language)
    return form.refused(refusal, sentence, visit.t("fill_in"), visit.t("pick_one"))
