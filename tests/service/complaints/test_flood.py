"""Limits against flooding: an office behind one address does not trip over them, a script does, and is told another way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import grpc
import pytest

from chassis.errors import TooMany
from services.complaints.domain.flood import Visitor
from services.complaints.usecases import UseCases
from services.complaints.usecases.flood import FloodCases
from tests.doors import refusal
from tests.service.complaints.city import City, draft

OFFICE_ADDRESS = "203.0.113.7"
LIMITS = {
    "device": {"at_once": 10, "per_hour": 20},
    "address": {"at_once": 300, "per_hour": 600},
    "no_device": {"at_once": 60, "per_hour": 120},
    "not_limited": ["127.0.0.1"],
    "phone": "12345",
}


def browser(city: City) -> str:
    """A browser's sign, as the door gives it out."""
    return str(city.do("IssueDevice", None).device)


def filed(city: City, address: str, device: str = "") -> str:
    """What became of one filing through the gateway: empty, or why it was refused."""
    where = {"x_client": address} | ({"x_device": device} if device else {})
    try:
        city.door.call(city.method("FileComplaint"), city.request("FileComplaint", draft=draft()), None, **where)
    except grpc.RpcError as error:
        return refusal(error).reason
    return ""


def let_through(gate: FloodCases, visitor: Visitor, tries: int) -> int:
    """How many of so many filings at once come through."""
    through = 0
    for _ in range(tries):
        try:
            gate.enter(visitor, LIMITS)
            through += 1
        except TooMany:
            break
    return through


def another_process(city: City) -> FloodCases:
    """The gate of a second server process on the same database and keys."""
    return UseCases.build(city.door.config, city.clock).flood


def test_a_device_that_files_on_and_on_is_refused_and_told_another_way(city: City) -> None:
    one = browser(city)
    assert [filed(city, OFFICE_ADDRESS, one) for _ in range(10)] == [""] * 10
    with pytest.raises(grpc.RpcError) as refused:
        metadata = {"x_client": OFFICE_ADDRESS, "x_device": one}
        city.door.call(city.method("FileComplaint"), city.request("FileComplaint", draft=draft()), None, **metadata)
    told = refusal(refused.value)
    assert (told.code, told.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "FILED_TOO_OFTEN")
    assert "12345" in told.sentence and "3 minutes" in told.sentence
    assert filed(city, OFFICE_ADDRESS, browser(city)) == ""
    city.clock.advance(timedelta(minutes=4))
    assert filed(city, OFFICE_ADDRESS, one) == ""


def test_an_office_of_two_hundred_behind_one_address_files_all_at_once(city: City) -> None:
    gate = city.door.usecases.flood
    for _ in range(200):
        assert let_through(gate, Visitor(OFFICE_ADDRESS, gate.issue()), 1) == 1


def test_a_script_behind_that_address_stops_itself_and_not_the_office(city: City) -> None:
    gate = city.door.usecases.flood
    assert let_through(gate, Visitor(OFFICE_ADDRESS), 1000) == 60
    assert let_through(gate, Visitor(OFFICE_ADDRESS, browser(city)), 1) == 1


def test_a_sign_that_somebody_made_up_is_like_none(city: City) -> None:
    gate = city.door.usecases.flood
    made_up = (f"made-up-{number}.{'A' * 22}" for number in range(1000))
    assert sum(let_through(gate, Visitor(OFFICE_ADDRESS, one), 1) for one in made_up) == 60
    assert filed(city, OFFICE_ADDRESS, "made-up") == filed(city, OFFICE_ADDRESS) == "FILED_TOO_OFTEN"


def test_who_fetches_one_sign_after_another_meets_the_limit_of_the_address(city: City) -> None:
    gate = city.door.usecases.flood
    assert sum(let_through(gate, Visitor(OFFICE_ADDRESS, gate.issue()), 1) for _ in range(310)) == 300


def test_two_server_processes_let_no_more_through_than_one(city: City) -> None:
    first, second, device = city.door.usecases.flood, another_process(city), browser(city)
    assert let_through(first, Visitor(OFFICE_ADDRESS, device), 6) == 6
    assert let_through(second, Visitor(OFFICE_ADDRESS, device), 10) == 4
    with ThreadPoolExecutor(4) as at_once:
        each = at_once.map(lambda gate: let_through(gate, Visitor(OFFICE_ADDRESS), 40), (first, second, first, second))
        assert sum(each) == 60


def test_what_has_drained_is_forgotten_and_no_address_is_written_down(city: City) -> None:
    assert filed(city, OFFICE_ADDRESS, browser(city)) == ""
    assert OFFICE_ADDRESS.encode() not in city.dump()
    city.clock.advance(timedelta(minutes=2))
    assert city.door.usecases.flood.forget() == 1
    city.clock.advance(timedelta(hours=1))
    assert (city.door.usecases.flood.forget(), city.door.usecases.flood.forget()) == (1, 0)


def test_addresses_of_one_ipv6_network_are_one(city: City) -> None:
    for number in range(60):
        assert filed(city, f"2001:db8:1:2::{number:x}") == ""
    assert filed(city, "2001:db8:1:2:ffff::1") == "FILED_TOO_OFTEN"
    assert filed(city, "2001:db8:1:3::1") == ""


def test_this_machine_and_addresses_a_setting_names_are_not_limited(city: City) -> None:
    gate = city.door.usecases.flood
    assert let_through(gate, Visitor("127.0.0.1"), 500) == let_through(gate, Visitor(), 500) == 500
