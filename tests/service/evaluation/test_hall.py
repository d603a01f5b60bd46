"""The hall through the front door: one person holds the live count, two let it go on, and the minutes are signed."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import grpc
import pytest
from zhengfeng.evaluation.v1 import hall_pb2, hall_pb2_grpc, results_pb2

from tests.doors import caller
from tests.service.evaluation.campaigns import CHECKER, CITY, ELSEWHERE, ORGANISER, PUBLISHER, City

SECOND_CHECKER = caller("checker", jurisdiction=CITY, subject="another checker")


class Hall:
    """A city with a campaign that is open and live, and the hall's rpcs."""

    def __init__(self, city: City) -> None:
        self.city, self.door = city, city.door
        self.stub = self.door.stub(hall_pb2_grpc.HallServiceStub)
        self.campaign, self.codes, _ = city.opened(delegates=8)

    def cast(self, *grades: int) -> None:
        """One more ballot."""
        self.city.cast(self.codes.pop(), self.campaign, grades or (1, 2, 3, 1))

    def frame(self, as_: Any = None, as_everybody: bool = False) -> Any:
        """The first picture of a new viewer."""
        request = results_pb2.LiveTallyRequest(campaign_id=self.campaign.campaign_id, as_everybody=as_everybody)
        stream = self.door.call(self.city.results.LiveTally, request, as_)
        frame = next(stream).frame
        stream.cancel()
        return frame

    def get(self) -> Any:
        """The hold as it stands."""
        request = hall_pb2.GetHallRequest(campaign_id=self.campaign.campaign_id)
        return self.door.call(self.stub.GetHall, request, CHECKER).hall

    def holding(self, **changes: Any) -> hall_pb2.HoldLiveRequest:
        """The request that holds."""
        asked = {"campaign_id": self.campaign.campaign_id, "expected_version": self.get().version, "reason": "核对投影"}
        return hall_pb2.HoldLiveRequest(**(asked | changes))

    def hold(self, as_: Any = CHECKER) -> Any:
        """Holds the count."""
        return self.door.call(self.stub.HoldLive, self.holding(), as_).hall

    def releasing(self) -> hall_pb2.ReleaseLiveRequest:
        """The request that approves a release."""
        return hall_pb2.ReleaseLiveRequest(campaign_id=self.campaign.campaign_id, expected_version=self.get().version)

    def release(self, as_: Any) -> Any:
        """Approves the release."""
        return self.door.call(self.stub.ReleaseLive, self.releasing(), as_).hall

    def minutes(self, place: str = "清河市会议中心") -> Any:
        """The minutes."""
        request = hall_pb2.BuildMinutesRequest(campaign_id=self.campaign.campaign_id, place=place)
        return self.door.call(self.stub.BuildMinutes, request, CHECKER).minutes

    def check(self, statement: str, signature: bytes) -> Any:
        """What becomes of a printed statement."""
        request = hall_pb2.CheckMinutesRequest(statement=statement, signature=signature)
        return self.door.call(self.stub.CheckMinutes, request).checked


@pytest.fixture
def hall(city: City) -> Hall:
    return Hall(city)


def test_a_held_screen_repeats_the_last_picture_while_ballots_go_in(hall: Hall) -> None:
    hall.cast()
    before = hall.frame()
    assert not before.held
    hall.hold()
    hall.cast(4, 1, 1, 1)

    shown = hall.frame()
    assert shown.held and shown.ballots == 1
    assert (shown.root_hash, shown.turnout, list(shown.rows)) == (before.root_hash, before.turnout, list(before.rows))


def test_who_counts_sees_the_count_of_now_and_that_it_is_held(hall: Hall) -> None:
    hall.hold()
    hall.cast()
    seen = hall.frame(CHECKER)
    assert seen.held and seen.ballots == 1
    on_the_screen = hall.frame(CHECKER, as_everybody=True)
    assert on_the_screen.held and on_the_screen.ballots == 0


def test_two_different_people_let_it_go_on(hall: Hall) -> None:
    hall.cast()
    hall.hold()
    hall.cast()
    first = hall.release(CHECKER)
    assert first.held and list(first.approved_by) == [CHECKER.subject]
    assert hall.door.refused(hall.stub.ReleaseLive, hall.releasing(), CHECKER).reason == "SAME_PERSON"
    assert hall.frame().ballots == 1

    second = hall.release(ORGANISER)
    assert not second.held and not second.approved_by and not second.held_ballots
    shown = hall.frame()
    assert not shown.held and shown.ballots == 2


def test_every_act_is_on_record_in_its_order(hall: Hall) -> None:
    hall.hold()
    hall.release(SECOND_CHECKER)
    hall.release(CHECKER)
    hall.hold(ORGANISER)
    kinds = [hall_pb2.HallActKind.Name(act.kind).removeprefix("HALL_ACT_KIND_") for act in hall.get().acts]
    assert kinds == ["HELD", "RELEASE_APPROVED", "RELEASED", "HELD"]
    assert [act.by for act in hall.get().acts] == [CHECKER.subject, "another checker", CHECKER.subject, ORGANISER.subject]
    assert hall.get().acts[0].reason == "核对投影"


def test_approvals_given_to_one_hold_are_none_for_the_next(hall: Hall) -> None:
    hall.hold()
    hall.release(CHECKER)
    hall.release(ORGANISER)
    hall.hold()
    assert not hall.get().approved_by
    assert hall.release(CHECKER).held


def test_what_cannot_be_held_or_released_is_refused(hall: Hall, city: City) -> None:
    assert hall.door.refused(hall.stub.ReleaseLive, hall.releasing(), CHECKER).reason == "LIVE_NOT_HELD"
    hall.hold()
    assert hall.door.refused(hall.stub.HoldLive, hall.holding(), ORGANISER).reason == "LIVE_HELD"
    assert hall.door.refused(hall.stub.HoldLive, hall.holding(expected_version=0), ORGANISER).reason == "STALE_VERSION"
    assert hall.door.refused(hall.stub.HoldLive, hall.holding(), ELSEWHERE).code is grpc.StatusCode.NOT_FOUND
    assert hall.door.refused(hall.stub.HoldLive, hall.holding(), PUBLISHER).code is grpc.StatusCode.PERMISSION_DENIED

    draft = city.create()
    asked = hall.holding(campaign_id=draft.campaign_id, expected_version=0)
    assert hall.door.refused(hall.stub.HoldLive, asked, CHECKER).reason == "CAMPAIGN_NOT_OPEN"
    unseen, _, _ = city.opened(live=False, title="不公布实时计票")
    asked = hall.holding(campaign_id=unseen.campaign_id, expected_version=0)
    assert hall.door.refused(hall.stub.HoldLive, asked, CHECKER).reason == "LIVE_NOT_ALLOWED"


def test_a_hold_asked_for_twice_is_one(hall: Hall) -> None:
    asked = hall.holding(request_id="hold-1")
    first = hall.door.call(hall.stub.HoldLive, asked, CHECKER).hall
    assert hall.door.call(hall.stub.HoldLive, asked, CHECKER).hall == first
    assert len(hall.get().acts) == 1


def test_the_screen_says_what_stands_around_the_count_and_when_it_is_over(hall: Hall, city: City) -> None:
    request = hall_pb2.GetScreenRequest(campaign_id=hall.campaign.campaign_id)
    screen = hall.door.call(hall.stub.GetScreen, request).screen
    assert [group.key for group in screen.object_groups] == ["bureaus", "trades"]
    assert screen.page_seconds > 0 and screen.page_places > 0
    hall.cast()
    city.counted(hall.campaign)
    assert hall.door.call(hall.stub.GetScreen, request).screen.state > screen.state
    draft = city.create()
    refused = hall.door.refused(hall.stub.GetScreen, hall_pb2.GetScreenRequest(campaign_id=draft.campaign_id))
    assert refused.reason == "CAMPAIGN_NOT_OPEN"


def test_minutes_say_what_was_counted_and_held_and_are_signed(hall: Hall, city: City) -> None:
    asked = hall_pb2.BuildMinutesRequest(campaign_id=hall.campaign.campaign_id)
    assert hall.door.refused(hall.stub.BuildMinutes, asked, CHECKER).reason == "NO_RESULT_YET"
    for _ in range(6):
        hall.cast()
    hall.hold()
    hall.release(CHECKER)
    hall.release(ORGANISER)
    city.released(hall.campaign)

    minutes = hall.minutes()
    assert [len(minutes.rows), len(minutes.acts), minutes.head.tree_size] == [4, 3, 6]
    assert sum(group.received for group in minutes.turnout.groups) == 6
    assert minutes.statement.splitlines()[4] == hashlib.sha256(minutes.facts.encode()).hexdigest()
    assert json.loads(minutes.facts)["place"] == "清河市会议中心"
    checked = hall.check(minutes.statement, minutes.signature)
    assert checked.genuine and checked.number == hall.campaign.number


def test_a_statement_with_one_letter_changed_is_not_genuine(hall: Hall, city: City) -> None:
    hall.cast()
    city.counted(hall.campaign)
    minutes = hall.minutes()
    assert hall.minutes().statement == minutes.statement
    assert hall.minutes("别处").statement != minutes.statement
    assert hall.check(f"\n {minutes.statement.replace(chr(10), chr(13) + chr(10))} \n", minutes.signature).genuine
    assert hall.check(minutes.statement[:-20] + "\n" + minutes.statement[-20:], minutes.signature).genuine
    other = minutes.statement[:-1] + ("0" if minutes.statement[-1] != "0" else "1")
    assert not hall.check(other, minutes.signature).genuine
    assert not hall.check(minutes.statement, b"\0" * 64).genuine
    request = hall_pb2.CheckMinutesRequest(statement="评议记录", signature=b"x")
    assert hall.door.refused(hall.stub.CheckMinutes, request).reason == "STATEMENT_UNREADABLE"


def test_the_hold_stands_in_the_audit_trail(hall: Hall) -> None:
    hall.hold()
    door = hall.door
    audit = door.store.schema["audit"]
    with door.store.engine.connect() as connection:
        acts = [row for row in connection.execute(audit.select()) if "halls" in {str(value) for value in row}]
    assert len(acts) == 1
