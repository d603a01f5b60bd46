"""Where a complainant wants to be told that something has happened: given and taken back with the receipt code."""

from __future__ import annotations

from starlette.responses import Response

from gateway.pages.frame.forms import Option, message, typed
from gateway.pages.frame.ledger import maker
from gateway.pages.frame.single import shown_refusal
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused
from gateway.transcode import Malformed


async def notices(visit: Visit) -> Response:
    """The form, what was kept (its ends only), or that there is nothing any more. The code never stands in an address."""
    means = ("DELIVERY_MEANS_MAIL", "DELIVERY_MEANS_SMS")
    options = {
        "means": [Option(one, visit.label("DeliveryMeans", one)) for one in means],
        "language": [Option("zh", "中文"), Option("en", "English")],
    }
    form = maker(visit).make(visit.site.contracts.rpc("complaints.GiveNoticeAddress")).with_choices(**options)
    if visit.request.method == "GET" or visit.form.get("act") == "open":
        return _page(visit, form.with_values({**_start(visit), "receipt_code": str(visit.form.get("receipt_code", ""))}))
    values = typed(form, visit.form)
    form = form.with_values(values)
    try:
        if visit.form.get("act") == "stop":
            await visit.ask("complaints.StopNotices", receipt_code=str(visit.form.get("receipt_code", "")))
            return _page(visit, form, said="notices_stopped")
        answer = await visit.ask("complaints.GiveNoticeAddress", **message(form, values))
    except (Refused, Malformed) as wrong:
        return _page(visit, shown_refusal(visit, form, wrong), status=400)
    return _page(visit, form, said="notices_kept", hint=answer["hint"])


def _start(visit: Visit) -> dict[str, str]:
    return {"language": visit.language, "means": "DELIVERY_MEANS_SMS"}


def _page(visit: Visit, form: object, said: str = "", hint: str = "", status: int = 200) -> Response:
    return visit.site.page(visit, "outside/notices.html", status, form=form, said=said, hint=hint)
