"""What others decide and what follows a decision: organs on recommendations and appeals, the level above, lifting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.responses import Response

from gateway.pages.frame.single import single
from gateway.pages.frame.told import organ
from gateway.pages.frame.visit import Visit

Page = Callable[[Visit], Any]


def of_case(rpc: str, name: str, field: str) -> Page:
    """A form about a record that a case's page shows; it leads back there."""

    async def show(visit: Visit) -> Response:
        case = visit.request.query_params.get("case", "")
        back = (visit.t("title.cases"), f"/cases/{case}" if case else "/cases")
        return await _decided(visit, rpc, name, back, _of_its_case(field))

    show.__qualname__ = rpc
    return show


def of_effect(rpc: str) -> Page:
    """A form about an effect; it leads back to the person it bars."""

    async def show(visit: Visit) -> Response:
        person = visit.request.query_params.get("person", "")
        back = (visit.t("title.effects"), f"/officials/{person}/effects" if person else "/effects")
        return await _decided(visit, rpc, "effect_id", back, lambda answer: _of_person(answer["effect"]))

    show.__qualname__ = rpc
    return show


def _of_person(effect: dict[str, Any]) -> str:
    return f"/officials/{effect['official_id']}/effects"


async def outside_decision(visit: Visit) -> Response:
    """Whom it is about, which organ answers and what it was asked stand there already: most answers say yes."""
    rpc, values = "accountability.RecordOutsideDecision", {}
    title = visit.t(f"act.{rpc}")
    case = visit.request.query_params.get("case", "")
    found = await visit.part("accountability.ListRecommendations", case_id=case, page_size=500) if case else None
    sent = next((one for one in found["recommendations"] if one["id"] == visit.ref("ref")), None) if found else None
    if sent:
        values = {"measures": sent["measures"]}
        whole = await visit.ask("accountability.GetCase", case_id=case)
        await visit.learn(whole)
        party = next(one for one in whole["case"]["parties"] if one["id"] == sent["party_id"])
        person = visit.name(party["official_id"] or party["unit_path"])
        title = f"{title} · {visit.t('letter_to', person=person, organ=organ(visit, sent['organ']))}"
    back = (visit.t("title.cases"), f"/cases/{case}" if case else "/cases")
    return await _decided(visit, rpc, "recommendation_id", back, _of_its_case("recommendation"), title, values)


def _of_its_case(field: str) -> Callable[[dict[str, Any]], str]:
    return lambda answer: f"/cases/{answer[field]['case_id']}"


async def _decided(
    visit: Visit,
    rpc: str,
    name: str,
    back: tuple[str, str],
    done: Callable[[dict[str, Any]], str],
    title: str = "",
    values: dict[str, Any] | None = None,
) -> Response:
    """The version the person saw comes with the address of the form, which the page it stands on made."""
    version = visit.request.query_params.get("version", "1")
    return await single(
        visit,
        rpc,
        title or visit.t(f"act.{rpc}"),
        back,
        lambda answer: f"{done(answer)}?done={rpc.partition('.')[2]}",
        given={name: visit.ref("ref"), "expected_version": version},
        values=values,
    )


appeal = of_case("accountability.DecideAppeal", "appeal_id", "appeal")
second_appeal = of_case("accountability.FileSecondAppeal", "appeal_id", "appeal")
extension = of_case("accountability.ExtendAppeal", "appeal_id", "appeal")
outcome = of_case("accountability.RecordAppealOutcome", "appeal_id", "appeal")
lift_suspension = of_case("accountability.LiftSuspension", "suspension_id", "suspension")
lifting = of_effect("accountability.DecideLifting")
no_repentance = of_effect("accountability.RecordNoRepentance")
