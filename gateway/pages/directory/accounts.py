"""Accounts. First passwords and second factors are shown once, on the page that made them, and never again."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from chassis.clock import new_id
from gateway.pages.directory.acts import ACCOUNT
from gateway.pages.frame.acts import offered
from gateway.pages.frame.choices import Choices
from gateway.pages.frame.evidence import filled
from gateway.pages.frame.forms import message
from gateway.pages.frame.ledger import maker
from gateway.pages.frame.single import shown_refusal
from gateway.pages.frame.visit import Visit
from gateway.pages.public.picture import qr
from gateway.refusals import Refused
from gateway.transcode import Malformed


async def account(visit: Visit) -> Response:
    record = await ACCOUNT.read(visit)
    await visit.learn(record)
    template = "directory/account_beside.html" if visit.request.query_params.get("beside") else "directory/account.html"
    ref = visit.ref("ref")
    return visit.site.page(visit, template, account=record, ref=ref, offers=offered(visit, ACCOUNT, record, ref))


async def create(visit: Visit) -> Response:
    rpc = visit.site.contracts.rpc("directory.CreateAccount")
    form = await Choices(visit).fill(maker(visit).make(rpc))
    page: dict[str, Any] = {
        "title": visit.t("new.accounts"), "back": (visit.t("title.accounts"), "/accounts"),
        "rpc": "directory.CreateAccount", "request_id": str(new_id(visit.site.clock)),
    }  # fmt: skip
    if visit.request.method == "GET":
        return visit.site.page(visit, "frame/single.html", form=form, **page)
    values = await filled(visit, form)
    form = form.with_values(values)
    request_id = str(visit.form.get("request_id") or new_id(visit.site.clock))
    try:
        answer = await visit.ask("directory.CreateAccount", **message(form, values), request_id=request_id)
    except (Refused, Malformed) as wrong:
        return visit.site.page(visit, "frame/single.html", 400, form=shown_refusal(visit, form, wrong), **page)
    return _secrets(visit, answer)


async def reissue(visit: Visit) -> Response:
    """New credentials for who lost theirs: asked on one page, shown on the next."""
    if not visit.may("directory.ReissueCredentials"):
        raise Refused(404, "NO_SUCH_PAGE", "")
    record = await ACCOUNT.read(visit)
    if visit.request.method == "GET":
        return visit.site.page(
            visit, "directory/reissue.html", account=record, ref=visit.ref("ref"), request_id=str(new_id(visit.site.clock))
        )
    answer = await visit.ask(
        "directory.ReissueCredentials",
        account_id=visit.ref("ref"),
        request_id=str(visit.form.get("request_id", "")),
        expected_version=str(visit.form.get("expected_version", "")),
    )
    return _secrets(visit, answer)


def _secrets(visit: Visit, answer: dict[str, dict[str, str]]) -> Response:
    secrets = answer["credentials"]
    picture = qr(secrets["totp_uri"]) if secrets["totp_uri"] else ""
    return visit.site.page(visit, "directory/secrets.html", account=answer["account"], secrets=secrets, picture=picture)
