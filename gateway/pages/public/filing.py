"""Filing a complaint: one column, on a phone first. The receipt code is shown once and never stands in an address.

Files come in the same form, after the words: the complaint is filed as soon as the words have been read, and each file goes
on to it as it arrives. So a file that is refused costs nobody their words, and nothing of a file is kept at the gateway.
"""

from __future__ import annotations

from typing import Any

from starlette.datastructures import FormData
from starlette.responses import Response

from chassis.clock import new_id
from gateway.pages.evidence.passing import Outcome, hand_in_each
from gateway.pages.frame.choices import Choices
from gateway.pages.frame.forms import Form, message, typed
from gateway.pages.frame.ledger import maker
from gateway.pages.frame.uploads import FORM_BYTES, Sent, bounded, check_own
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
    sent = await _words(visit)
    values = typed(form, visit.form)
    form = form.with_values(values)
    if first_read := await roads.to_read_first(visit):
        return await _page(visit, form, read_first=first_read, again=await _passed_over(sent))
    try:
        receipt = await _filed(visit, form, values)
    except (Refused, Malformed) as wrong:
        refusal = wrong if isinstance(wrong, Refused) else Refused(400, "MALFORMED_REQUEST", str(wrong))
        return await _refused(visit, form, refusal, await _passed_over(sent))
    outcomes = await _handed_in(visit, sent, receipt["receipt_code"])
    picture = qr(f"{visit.request.base_url}follow")
    told = await roads.known(visit, values["draft.jurisdiction_path"]) if receipt["roads"] else []
    own = [one for one in told if one["id"] in receipt["roads"]]
    return visit.site.page(visit, "public/receipt.html", receipt=receipt, picture=picture, roads=own, outcomes=outcomes)


async def _words(visit: Visit) -> Sent | None:
    """Reads what was typed, up to the first file; the files are left to be read, where the form can hold any."""
    if not Sent.has_files(visit.request):
        visit.form = await bounded(visit.request, FORM_BYTES[bool(visit.session)]).form()
        check_own(visit, str(visit.form.get("csrf", "")))
        return None
    sent = Sent(visit.request)
    visit.form = FormData(await sent.head())
    check_own(visit, sent.fields.get("csrf", ""))
    return sent


async def _filed(visit: Visit, form: Form, values: dict[str, Any]) -> dict[str, Any]:
    """The receipt. Who files anonymously is not asked who they are, whatever the form says."""
    if values["draft.manner"] == "MANNER_ANONYMOUS":
        values = {name: value for name, value in values.items() if not name.startswith("draft.identity.")}
    request_id = str(visit.form.get("request_id") or new_id(visit.site.clock))
    return await visit.ask(RPC, **message(form, values), request_id=request_id)


async def _handed_in(visit: Visit, sent: Sent | None, code: str) -> list[Outcome]:
    """What became of each file. The complaint is filed by now, so whatever happens here, its receipt is shown."""
    if sent is None:
        return []
    outcomes, _ = await hand_in_each(visit, sent, "complaints.BeginOwnUpload", {"receipt_code": code})
    return outcomes


async def _passed_over(sent: Sent | None) -> int:
    """How many files have to be chosen again."""
    return await sent.pass_over_all() if sent else 0


async def _refused(visit: Visit, form: Form, refusal: Refused, again: int) -> Response:
    sentence = refusal.sentence or visit.site.words.refusal(refusal.reason, refusal.status, visit.language)
    form = form.refused(refusal, sentence, visit.t("fill_in"), visit.t("pick_one"))
    return await _page(visit, form, refusal.status, again=again)


async def _page(
    visit: Visit, form: Form, status: int = 200, read_first: list[roads.Road] | None = None, again: int = 0
) -> Response:
    told = [one for one in await roads.known(visit) if one["id"] not in (roads.DANGER, "secret")]
    limits = await visit.part("complaints.ShowUploadLimits")
    request_id = str(new_id(visit.site.clock))
    values = {"form": form, "request_id": request_id, "roads": told, "read_first": read_first or []}
    page = visit.site.page(visit, "public/file.html", status, **values, limits=limits, again=again)
    return await known_again(visit, page)
