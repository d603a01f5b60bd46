"""澄清正名: the page everybody may read, and the form by which a cleared case gets there."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from chassis.clock import new_id
from gateway.pages.cases.documents import all_names
from gateway.pages.frame.forms import Option
from gateway.pages.frame.single import single
from gateway.pages.frame.visit import Visit


async def published(visit: Visit) -> Response:
    """Who was cleared."""
    token = visit.request.query_params.get("page_token", "")
    answer = await visit.ask("accountability.ListPublishedClearings", page_size=50, page_token=token)
    return visit.site.page(visit, "cases/cleared.html", clearings=answer["clearings"], more=answer["next_page_token"])


async def of_case(visit: Visit) -> Response:
    """What was said about a case, and the form for saying it; the names of its people go along, to be looked for."""
    ref = visit.ref("ref")
    case = (await visit.ask("accountability.GetCase", case_id=ref))["case"]
    names = await all_names(visit, [case])
    listed = await visit.part("accountability.ListClearings", case_id=ref, page_size=100)
    seen = str(visit.form.get("expected_version") or case["version"])
    persons = [party for party in case["parties"] if party["official_id"]]
    return await single(
        visit,
        "accountability.PublishClearing",
        visit.t("act.accountability.PublishClearing"),
        (case["number"], f"/cases/{ref}"),
        lambda answer: f"/cases/{ref}/clearings?done=PublishClearing",
        only=("statement", "named_party_id", "consent_on", "consent_sha256"),
        given={
            "case_id": ref,
            "expected_version": seen,
            "names": names,
        },
        hidden={"expected_version": seen},
        options={"named_party_id": [Option(one["id"], visit.name(one["official_id"])) for one in persons]},
        template="cases/clearings.html",
        clearings=listed["clearings"] if listed else [],
        case=case,
    )


async def withdraw(visit: Visit) -> Response:
    """Takes a statement from the public page, if the form was sent; its address alone does nothing."""
    ref = visit.ref("ref")
    if visit.request.method != "POST":
        return RedirectResponse(f"/cases/{ref}/clearings", 303)
    await visit.ask(
        "accountability.WithdrawClearing",
        clearing_id=visit.ref("clearing"),
        expected_version=str(visit.form.get("expected_version", "")),
        reason=str(visit.form.get("reason", "")).strip(),
        request_id=str(visit.form.get("request_id") or new_id(visit.site.clock)),
    )
    return RedirectResponse(f"/cases/{ref}/clearings?done=WithdrawClearing", 303)
