"""Promise and delivery: a unit promises and reports, the office confirms, everybody reads what is settled."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from zhengfeng.evaluation.v1 import promises_pb2 as pb
from zhengfeng.evaluation.v1 import promises_pb2_grpc

from tests.doors import caller
from tests.service.evaluation.campaigns import CITY, City
from tests.service.evaluation.test_statements import HOUSING, OFFICE, TAX, Stated, refusal

HEAD = caller("unit_head", unit=f"{CITY}/housing")
BOTH = caller("unit_clerk", "office", unit=f"{CITY}/housing", jurisdiction=CITY)
FENGHE = caller("office", jurisdiction="/fenghe")


class Book:
    """The promises behind evaluation's door."""

    def __init__(self, city: City) -> None:
        self.city, self.door = city, city.door
        self.stub = city.door.stub(promises_pb2_grpc.PromiseServiceStub)

    def make(self, as_: Any = HOUSING, **changes: Any) -> Any:
        """A promise of the housing bureau."""
        wanted: dict[str, Any] = {
            "unit_path": f"{CITY}/housing",
            "year": 2026,
            "text": "不动产登记当场办结",
            "measure": "当场办结率",
            "target": "100%",
            "due_on": "2026-12-31",
        }
        return self.door.call(self.stub.RecordPromise, pb.RecordPromiseRequest(**(wanted | changes)), as_).promise

    def report(self, promise: Any, delivery: int = pb.DELIVERY_DELIVERED, as_: Any = HOUSING) -> Any:
        """What the unit says became of it."""
        request = pb.ReportPromiseRequest(
            promise_id=promise.promise_id,
            expected_version=promise.version,
            delivery=delivery,
            result="当场办结率达到一百",
            evidence="督查〔2026〕8号",
        )
        return self.door.call(self.stub.ReportPromise, request, as_).promise

    def confirm(self, promise: Any, delivery: int = pb.DELIVERY_UNSPECIFIED, note: str = "", as_: Any = OFFICE) -> Any:
        """What the office found."""
        request = pb.ConfirmPromiseRequest(
            promise_id=promise.promise_id, expected_version=promise.version, delivery=delivery, note=note
        )
        return self.door.call(self.stub.ConfirmPromise, request, as_).promise

    def seen(self, as_: Any, **wanted: Any) -> list[str]:
        """The numbers somebody sees."""
        page = self.door.call(self.stub.ListPromises, pb.ListPromisesRequest(**wanted), as_)
        return [one.number for one in page.promises]

    def public(self, **wanted: Any) -> list[Any]:
        """What everybody reads."""
        return list(self.door.call(self.stub.ListPublicPromises, pb.ListPublicPromisesRequest(**wanted), None).promises)


def test_a_promise_is_numbered_reported_and_confirmed_by_another_hand(city: City) -> None:
    book = Book(city)
    made = book.make()
    assert made.number == "承诺〔2026〕1号" and made.state == pb.PROMISE_STATE_MADE
    assert refusal(lambda: book.confirm(made)) == "PROMISE_NOT_REPORTED"
    told = book.report(made, as_=HEAD)
    assert told.state == pb.PROMISE_STATE_REPORTED and not told.late
    settled = book.confirm(told)
    assert settled.confirmed == pb.DELIVERY_DELIVERED and settled.confirmed_by == OFFICE.subject
    assert refusal(lambda: book.report(settled)) == "PROMISE_CONFIRMED"
    assert refusal(lambda: book.confirm(settled)) == "PROMISE_CONFIRMED"


def test_nobody_confirms_an_own_report_and_another_finding_needs_its_reason(city: City) -> None:
    book = Book(city)
    told = book.report(book.make(), as_=BOTH)
    assert refusal(lambda: book.confirm(told, as_=BOTH)) == "OWN_REPORT"
    assert refusal(lambda: book.confirm(told, pb.DELIVERY_PARTLY)) == "FINDING_WITHOUT_REASON"
    found = book.confirm(told, pb.DELIVERY_PARTLY, "抽查三件未当场办结")
    assert (found.reported, found.confirmed) == (pb.DELIVERY_DELIVERED, pb.DELIVERY_PARTLY)


def test_a_unit_promises_for_itself_this_year_or_the_next(city: City) -> None:
    book = Book(city)
    assert refusal(lambda: book.make(TAX)) == "PROMISE_UNIT"
    assert refusal(lambda: book.make(HOUSING, unit_path=f"{CITY}/housing/nowhere")) == "PROMISE_UNIT"
    assert refusal(lambda: book.make(year=2025, due_on="2025-12-31")) == "PROMISE_YEAR"
    assert refusal(lambda: book.make(due_on="2027-01-01")) == "PROMISE_DUE"
    assert refusal(lambda: book.make(due_on="2026-11-31")) == "DAY_INVALID"
    assert book.make(year=2027, due_on="2027-06-30").number == "承诺〔2027〕1号"


def test_each_sees_the_own_promises_and_everybody_the_confirmed_without_names(city: City) -> None:
    book = Book(city)
    open_one = book.make()
    city.door.clock.advance(timedelta(minutes=1))
    settled = book.confirm(book.report(book.make(text="网上办理全覆盖")))
    assert book.seen(HOUSING) == [settled.number, open_one.number]
    assert book.seen(TAX) == [] and book.seen(FENGHE) == []
    assert book.seen(OFFICE, year=2026, state=pb.PROMISE_STATE_MADE) == [open_one.number]
    [public] = book.public(unit_path=f"{CITY}/housing")
    assert public.number == settled.number and public.result
    assert not (public.recorded_by or public.reported_by or public.confirmed_by)


def test_promises_are_public_beside_an_open_campaign_but_no_report_before_it_is_confirmed(city: City) -> None:
    book = Book(city)
    book.report(book.make())
    assert book.public() == []
    stated = Stated(city)
    assert book.public() == []
    stated.open()
    [public] = book.public()
    assert public.text == "不动产登记当场办结" and not public.result and not public.reported


def test_a_promise_of_another_unit_does_not_exist_for_others(city: City) -> None:
    book = Book(city)
    made = book.make()
    assert refusal(lambda: book.report(made, as_=TAX)) == "PROMISE_NOT_FOUND"
    look = pb.GetPromiseRequest(promise_id=made.promise_id)
    assert refusal(lambda: city.door.call(book.stub.GetPromise, look, TAX)) == "PROMISE_NOT_FOUND"
    assert city.door.call(book.stub.GetPromise, look, HEAD).promise == made
    assert refusal(lambda: book.confirm(book.report(made), as_=FENGHE)) == "PROMISE_NOT_FOUND"
