"""Filing a complaint: one column, on a phone first. The receipt code is shown once and never stands in an address."""

from __future__ import annotations

from starlette.responses import Response

from chassis.clock import new_id
from gateway.pages.frame.choices import Choices
from gateway.pages.frame.forms import Form, message, typed
from gateway.pages.frame.ledger import maker
from gateway.pages.frame.visit import Visit
from gateway.pages.public import roads
from gateway.pages.public.device import known_again
from gateway.pages.public.picture import qr
from gateway.refusals import Refused
from gateway.transcode import Malformed

RPC = "complaints.FileComplaint"
ASKED = (
    "draft.title",
    "draft.text",
    "draft.danger",
    "draft.jurisdiction_path",
    "draft.accused_unit_path",
    "draft.category",
    "draft.manner",
    "draft.identity.name",
    "draft.identity.phone",
    "draft.identity.address",
    "draft.confidential_text",
)


async def file(visit: Visit) -> Response:
    form = maker(visit).make(visit.site.contracts.rpc(RPC), only=ASKED)
    form = await Choices(visit).fill(form, **roads.dangers(visit, form))
    if visit.request.method == "GET":
        places = [option.value for one in form.fields if one.name == "draft.jurisdiction_path" for option in one.options]
        first = {"draft.jurisdiction_path": places[0] if places else "", "draft.manner": "MANNER_CONFIDENTIAL"}
        return await _page(visit, form.with_values(first))
    values = typed(form, visit.form)
    form = form.with_values(values)
    if values["draft.manner"] == "MANNER_ANONYMOUS":
        values = {name: value for name, value in values.items() if not name.startswith("draft.identity.")}
    request_id = str(visit.form.get("request_id") or new_id(visit.site.clock))
    if first_read := await roads.to_read_first(visit):
        return await _page(visit, form, read_first=first_read)
    try:
        receipt = await visit.ask(RPC, **message(form, values), request_id=request_id)
    except (Refused, Malformed) as wrong:
        refusal = wrong if isinstance(wrong, Refused) else Refused(400, "MALFORMED_REQUEST", str(wrong))
        return await _refused(visit, form, refusal)
    picture = qr(f"{visit.request.base_url}follow")
    told = await roads.known(visit, values["draft.jurisdiction_path"]) if receipt["roads"] else []
    own = [one for one in told if one["id"] in receipt["roads"]]
    return visit.site.page(visit, "public/receipt.html", receipt=receipt, picture=picture, roads=own)


async def _refused(visit: Visit, form: Form, refusal: Refused) -> Response:
    sentence = refusal.sentence or visit.site.words.refusal(refusal.reason, refusal.status, visit.language)
    return await _page(visit, form.refused(refusal, sentence, visit.t("fill_in"), visit.t("pick_one")), refusal.status)


async def _page(visit: Visit, form: Form, status: int = 200, read_first: list[roads.Road] | None = None) -> Response:
    told = [one for one in await roads.known(visit) if one["id"] not in (roads.DANGER, "secret")]
    request_id = str(new_id(visit.site.clock))
    values = {"form": form, "request_id": request_id, "roads": told, "read_first": read_first or []}
    page = visit.site.page(visit, "public/file.html", status, **values)
    return known_again(visit, page)
