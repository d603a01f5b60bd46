"""A request to read a sealed identity: decided by the keeper or a leader, opened by the one person it names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from starlette.responses import Response

from gateway.pages.frame.acts import Record
from gateway.pages.frame.choices import AT_ONCE
from gateway.pages.frame.forms import Form, Option, message, typed
from gateway.pages.frame.ledger import maker
from gateway.pages.frame.single import shown_refusal
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused
from gateway.transcode import Malformed

READERS = ("ROLE_OFFICE", "ROLE_CLERK", "ROLE_IDENTITY_KEEPER")
"""Who may be the one to read; the service decides again."""


async def readers(visit: Visit, record: Record) -> Mapping[str, Sequence[Option]]:
    """Oneself first, as the service takes nobody for the caller; then colleagues by name."""
    found: dict[str, str] = {}
    for role in READERS:
        answer = await visit.part("directory.ListColleagues", role=role, page_size=AT_ONCE)
        for one in answer["colleagues"] if answer else []:
            found[one["account_id"]] = " · ".join(filter(None, (one["display_name"], one["unit_name"])))
    found.pop(visit.account_id, None)
    own = Option(visit.account_id, visit.t("myself"))
    return {"reader": [own, *(Option(account, word) for account, word in found.items())]}


async def request(visit: Visit) -> Response:
    """What may be done with this request; every look is logged by the service before it answers."""
    ref = visit.ref("ref")
    asked = await _asked(visit, ref)
    act = str(visit.form.get("act", ""))
    form, identity, sentence, said = _deciding(visit), None, "", ""
    if act == "GrantIdentity":
        form = form.with_values(typed(form, visit.form))
        try:
            command = {**message(form, typed(form, visit.form)), "expected_version": asked["version"]}
            await visit.ask("complaints.GrantIdentity", **command, identity_request_id=ref)
            asked, said = await _asked(visit, ref), "identity_decided"
        except (Refused, Malformed) as wrong:
            form = shown_refusal(visit, form, wrong)
    elif act == "OpenIdentity":
        try:
            identity = (await visit.ask("complaints.OpenIdentity", identity_request_id=ref))["identity"]
        except Refused as refusal:
            sentence = refusal.sentence or visit.site.words.refusal(refusal.reason, refusal.status, visit.language)
    await visit.learn(asked, [{"account_id": asked["reader"]}])
    values: dict[str, Any] = {"asked": asked, "form": form, "identity": identity, "sentence": sentence, "said": said}
    return visit.site.page(visit, "complaints/identity.html", **values, **_open(visit, asked))


async def _asked(visit: Visit, ref: str) -> dict[str, Any]:
    answer = await visit.ask("complaints.ListIdentityRequests", identity_request_id=ref, page_size=1)
    if not answer["identity_requests"]:
        raise Refused(404, "IDENTITY_REQUEST_NOT_FOUND", "")
    found: dict[str, Any] = answer["identity_requests"][0]
    return found


def _deciding(visit: Visit) -> Form:
    return maker(visit).make(visit.site.contracts.rpc("complaints.GrantIdentity"))


def _open(visit: Visit, asked: dict[str, Any]) -> dict[str, bool]:
    """Who may decide is not who asked or reads; who may read is the reader, until the grant ends."""
    waiting = asked["state"] == "IDENTITY_REQUEST_STATE_ASKED"
    own = visit.account_id in (asked["asked_by"], asked["reader"])
    until = asked["good_until"]
    good = bool(until) and datetime.fromisoformat(until.replace("Z", "+00:00")) > visit.site.clock.now()
    may_decide, may_read = visit.may("complaints.GrantIdentity"), visit.may("complaints.OpenIdentity")
    return {
        "to_decide": waiting and may_decide and not own,
        "to_read": good and may_read and visit.account_id == asked["reader"],
        "ended": bool(until) and not good,
    }
