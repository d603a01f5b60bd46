"""Duty statements: asked of every object, filed by its unit, sent back, public once the campaign is open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import grpc
import pytest
from zhengfeng.evaluation.v1 import campaigns_pb2 as campaigns
from zhengfeng.evaluation.v1 import statements_pb2 as pb
from zhengfeng.evaluation.v1 import statements_pb2_grpc

from chassis.clock import new_id
from tests import doors
from tests.doors import caller
from tests.service.evaluation.campaigns import CITY, ELSEWHERE, NAMES, ORGANISER, City

HOUSING = caller("unit_clerk", unit=f"{CITY}/housing")
TAX = caller("unit_clerk", unit=f"{CITY}/tax")
OFFICE = caller("office", jurisdiction=CITY)


class Stated:
    """A campaign that asks for statements."""

    def __init__(self, city: City, due_on: str = "2026-11-20", **changes: Any) -> None:
        self.city, self.door = city, city.door
        self.stub = city.door.stub(statements_pb2_grpc.StatementServiceStub)
        self.campaign = city.create(statements=True, **changes)
        people = [(f"d{number}", "delegates", "") for number in range(6)]
        self.codes = city.enter(self.campaign.campaign_id, *people)
        self.call = self.door.call(self.stub.CallForStatements, self.calling(due_on), ORGANISER).call
        self.campaign.version = self.call.campaign_version

    def calling(self, due_on: str = "") -> pb.CallForStatementsRequest:
        """A call for statements until a day."""
        return calling(self.campaign, due_on)

    def asked(self, as_: Any = ORGANISER, **wanted: Any) -> list[Any]:
        """The statements somebody sees."""
        return list(self.door.call(self.stub.ListAskedStatements, pb.ListAskedStatementsRequest(**wanted), as_).statements)

    def file(self, name: str, duties: str, as_: Any = None) -> Any:
        """Files what a unit says."""
        statement = next(one for one in self.asked() if one.object_name == name)
        return self.door.call(self.stub.FileStatement, filing(statement, duties), as_ or unit(name)).statement

    def send_back(self, statement: Any, reason: str = "请补充办理时限", as_: Any = ORGANISER) -> Any:
        """Sends one back."""
        request = pb.ReturnStatementRequest(
            statement_id=statement.statement_id, expected_version=statement.version, reason=reason
        )
        return self.door.call(self.stub.ReturnStatement, request, as_).statement

    def open(self) -> Any:
        """Opens the campaign."""
        return self.city.move(self.city.campaigns.OpenCampaign, campaigns.OpenCampaignRequest, self.campaign)

    def public(self, **wanted: Any) -> list[Any]:
        """What everybody reads."""
        request = pb.ListStatementsRequest(campaign_id=self.campaign.campaign_id, **wanted)
        return list(self.door.call(self.stub.ListStatements, request, None).statements)


def refusal(act: Callable[[], Any]) -> str:
    """Why an act is refused."""
    with pytest.raises(grpc.RpcError) as refused:
        act()
    return doors.refusal(refused.value).reason


def unit(name: str) -> Any:
    """Somebody of a unit."""
    return caller("unit_clerk", unit=f"{CITY}/{name}")


def calling(campaign: Any, due_on: str = "") -> pb.CallForStatementsRequest:
    """A call for statements until a day."""
    return pb.CallForStatementsRequest(campaign_id=campaign.campaign_id, expected_version=campaign.version, due_on=due_on)


def filing(statement: Any, duties: str, request_id: str = "") -> pb.FileStatementRequest:
    """A statement's next edition."""
    return pb.FileStatementRequest(
        statement_id=statement.statement_id,
        expected_version=statement.version,
        text=pb.StatementText(duties=duties, promises="办件再快一天", progress="已完成", problems="窗口少"),
        request_id=request_id,
    )


def test_a_call_asks_every_object_and_each_unit_sees_its_own(city: City) -> None:
    stated = Stated(city)
    assert [one.object_name for one in stated.asked(campaign_id=stated.campaign.campaign_id)] == list(NAMES)
    assert [one.object_name for one in stated.asked(HOUSING)] == ["housing"]
    assert stated.asked(ELSEWHERE) == []
    assert (stated.call.asked, stated.call.filed, stated.call.due_on) == (4, 0, "2026-11-20")


def test_statements_are_public_once_the_campaign_is_open_and_not_before(city: City) -> None:
    stated = Stated(city)
    stated.file("tax", "管税收")
    assert refusal(lambda: stated.public()) == "CAMPAIGN_NOT_FOUND"
    stated.open()
    texts = {one.object_name: one.text.duties for one in stated.public()}
    assert list(texts) == list(NAMES)
    assert texts["tax"] == "管税收" and texts["housing"] == ""
    assert [one.object_name for one in stated.public(page_size=2)] == list(NAMES[:2])


def test_an_opening_waits_for_no_statement_but_nothing_is_filed_after_it(city: City) -> None:
    stated = Stated(city)
    opened = stated.open()
    assert opened.state == campaigns.CAMPAIGN_STATE_OPEN
    assert refusal(lambda: stated.file("tax", "迟了")) == "STATEMENTS_CLOSED"


def test_each_edition_is_kept_and_a_returned_one_counts_as_missing(city: City) -> None:
    stated = Stated(city)
    stated.file("tax", "第一稿")
    second = stated.file("tax", "第二稿")
    returned = stated.send_back(second)
    assert returned.state == pb.STATEMENT_STATE_RETURNED and returned.return_reason == "请补充办理时限"
    whole = city.door.call(stated.stub.GetStatement, pb.GetStatementRequest(statement_id=second.statement_id), TAX)
    assert [one.text.duties for one in whole.statement.editions] == ["第二稿", "第一稿"]
    assert whole.statement.editions[0].return_reason == "请补充办理时限"
    assert refusal(lambda: stated.send_back(returned)) == "STATEMENT_NOT_FILED"
    stated.open()
    assert {one.object_name: one.HasField("text") for one in stated.public()}["tax"] is False


def test_a_statement_filed_after_the_day_is_taken_and_marked_late(city: City) -> None:
    stated = Stated(city)
    assert not stated.file("tax", "按时").late
    city.door.clock.advance(timedelta(days=5))
    assert stated.file("housing", "晚了").late
    request = pb.GetStatementCallRequest(campaign_id=stated.campaign.campaign_id)
    call = city.door.call(stated.stub.GetStatementCall, request, ORGANISER).call
    assert (call.asked, call.filed, call.late, call.returned) == (4, 2, 1, 0)


def test_only_the_own_unit_files_and_a_text_has_its_length(city: City) -> None:
    stated = Stated(city)
    assert refusal(lambda: stated.file("tax", "别人的", HOUSING)) == "STATEMENT_NOT_FOUND"
    assert refusal(lambda: stated.file("tax", "办公室代写", OFFICE)) == "STATEMENT_NOT_YOURS"
    assert refusal(lambda: stated.file("tax", "长" * 2001)) == "STATEMENT_TOO_LONG"
    filed = stated.file("tax", "长" * 2000)
    assert refusal(lambda: stated.send_back(filed, as_=ELSEWHERE)) == "STATEMENT_NOT_FOUND"


def test_a_repeated_filing_makes_no_second_edition(city: City) -> None:
    stated = Stated(city)
    statement = next(one for one in stated.asked() if one.object_name == "tax")
    request = filing(statement, "一次", new_id(city.door.clock))
    first = city.door.call(stated.stub.FileStatement, request, TAX).statement
    assert city.door.call(stated.stub.FileStatement, request, TAX).statement == first
    assert refusal(lambda: city.door.call(stated.stub.FileStatement, filing(statement, "旧版"), TAX)) == "STALE_VERSION"


def test_statements_are_called_for_only_where_the_plan_asks_and_the_day_is_in_the_period(city: City) -> None:
    stub = city.door.stub(statements_pb2_grpc.StatementServiceStub)
    plain, asking = city.create(), city.create(statements=True)

    def call(campaign: Any, due_on: str) -> str:
        return refusal(lambda: city.door.call(stub.CallForStatements, calling(campaign, due_on), ORGANISER))

    assert call(plain, "2026-11-20") == "NO_STATEMENTS_ASKED"
    assert call(asking, "2026-11-15") == "STATEMENTS_DUE_PAST"
    assert call(asking, "2026-12-21") == "STATEMENTS_DUE_AFTER_CLOSE"
    assert call(asking, "2026-02-31") == "DAY_INVALID"
    city.enter(asking.campaign_id, ("d1", "delegates", ""))
    opening = (city.campaigns.OpenCampaign, campaigns.OpenCampaignRequest, asking)
    assert refusal(lambda: city.move(*opening)) == "STATEMENTS_NOT_CALLED"
    made = city.door.call(stub.CallForStatements, calling(asking), ORGANISER).call
    assert made.due_on == "2026-11-26"
    asking.version = made.campaign_version
    assert call(asking, "2026-11-20") == "CAMPAIGN_NOT_DRAFT"


def test_an_amendment_asks_whom_it_adds_and_withdraws_whom_it_removes(city: City) -> None:
    stated = Stated(city)
    stated.file("tax", "管税收")
    plan = city.plan(statements=True, object_groups=[city.group("bureaus", NAMES[:1]), city.group("trades", NAMES[3:])])
    stated.campaign = amend(stated, plan)
    states = {one.object_name: one.state for one in stated.asked()}
    assert states["tax"] == pb.STATEMENT_STATE_WITHDRAWN and states["housing"] == pb.STATEMENT_STATE_ASKED
    stated.campaign = amend(stated, city.plan(statements=True))
    assert len(stated.asked()) == 6, "the two that were removed come back under new ids and are asked anew"
    stated.open()
    assert sorted(one.object_name for one in stated.public()) == sorted(NAMES)


def amend(stated: Stated, plan: Any) -> Any:
    """The campaign under another plan."""
    request = campaigns.AmendCampaignRequest(
        campaign_id=stated.campaign.campaign_id,
        expected_version=stated.campaign.version,
        plan=plan,
        reason="调整对象",
    )
    return stated.door.call(stated.city.campaigns.AmendCampaign, request, ORGANISER).campaign


@pytest.mark.parametrize("role", ["delegate", "point", "supervisor"])
def test_other_roles_see_no_statement_before_the_opening(city: City, role: str) -> None:
    stated = Stated(city)
    assert refusal(lambda: stated.asked(caller(role, jurisdiction=CITY))) == "ROLE_NOT_ALLOWED"
