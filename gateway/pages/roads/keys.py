"""Keys of Open311: issued once, shown once, withdrawn at any time."""

from __future__ import annotations

from typing import Any

from starlette.responses import RedirectResponse, Response

from chassis.clock import new_id
from gateway.pages.frame.choices import Choices
from gateway.pages.frame.forms import message, typed
from gateway.pages.frame.ledger import maker
from gateway.pages.frame.single import shown_refusal
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused
from gateway.transcode import Malformed

ISSUE = "complaints.IssueOpen311Key"


async def issue(visit: Visit) -> Response:
    """A new key: the page after it is the only one that shows its secret."""
    form = await Choices(visit).fill(maker(visit).make(visit.site.contracts.rpc(ISSUE)))
    request_id, status = str(visit.form.get("request_id") or new_id(visit.site.clock)), 200
    if visit.request.method == "POST":
        form = form.with_values(typed(form, visit.form))
        try:
            told = await visit.ask(ISSUE, **message(form, typed(form, visit.form)), request_id=request_id)
            await visit.learn(told)
            return visit.site.page(visit, "roads/key_issued.html", told=told)
        except (Refused, Malformed) as wrong:
            form, status = shown_refusal(visit, form, wrong), 400
    title, back = visit.t("new.open311-keys"), (visit.t("title.open311-keys"), "/open311-keys")
    values = {"rpc": ISSUE, "title": title, "back": back, "request_id": request_id}
    return visit.site.page(visit, "frame/single.html", status, form=form, **values)


async def key(visit: Visit) -> Response:
    """One key: who has it, how much came by it, and the button that ends it."""
    ref = visit.ref("ref")
    if visit.request.method == "POST":
        known = {name: str(visit.form.get(name, "")) for name in ("expected_version", "request_id")}
        await visit.ask("complaints.WithdrawOpen311Key", open311_key_id=ref, **known)
        return RedirectResponse(f"/open311-keys/{ref}?done=WithdrawOpen311Key", 303)
    found: list[dict[str, Any]] = (await visit.ask("complaints.ListOpen311Keys", open311_key_id=ref))["open311_keys"]
    if not found:
        raise Refused(404, "OPEN311_KEY_NOT_FOUND", "")
    await visit.learn(found)
    return visit.site.page(visit, "roads/key.html", key=found[0], request_id=str(new_id(visit.site.clock)))
