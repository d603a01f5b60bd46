"""Limits against flooding: an office behind one address does not trip over them, a script does, and is told another way."""

from __future__ import annotations

from datetime import timedelta

import grpc
import pytest

from chassis.errors import TooMany
from services.complaints.domain.flood import Gate, Visitor
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


def filed(city: City, address: str, device: str = "") -> str:
    """What became of one filing through the gateway: empty, or why it was refused."""
    where = {"x_client": address} | ({"x_device": device} if device else {})
    try:
        city.door.call(city.method("FileComplaint"), city.request("FileComplaint", draft=draft()), None, **where)
    except grpc.RpcError as error:
        return refusal(error).reason
    return ""


def let_through(gate: Gate, city: City, visitor: Visitor, tries: int) -> int:
    """How many of so many filings at once come through."""
    through = 0
    for _ in range(tries):
        try:
            gate.enter(visitor, LIMITS, city.clock.now())
            through += 1
        except TooMany:
            break
    return through


def test_a_device_that_files_on_and_on_is_refused_and_told_another_way(city: City) -> None:
    assert [filed(city, OFFICE_ADDRESS, "one-browser") for _ in range(10)] == [""] * 10
    with pytest.raises(grpc.RpcError) as refused:
        metadata = {"x_client": OFFICE_ADDRESS, "x_device": "one-browser"}
        city.door.call(city.method("FileComplaint"), city.request("FileComplaint", draft=draft()), None, **metadata)
    told = refusal(refused.value)
    assert (told.code, told.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "FILED_TOO_OFTEN")
    assert "12345" in told.sentence and "3 minutes" in told.sentence
    assert filed(city, OFFICE_ADDRESS, "another-browser") == ""
    city.clock.advance(timedelta(minutes=4))
    assert filed(city, OFFICE_ADDRESS, "one-browser") == ""


def test_an_office_of_two_hundred_behind_one_address_files_all_at_once(city: City) -> None:
    gate = Gate()
    for person in range(200):
        assert let_through(gate, city, Visitor(OFFICE_ADDRESS, f"browser-{person}"), 1) == 1


def test_a_script_behind_that_address_stops_itself_and_not_the_office(city: City) -> None:
    gate = Gate()
    assert let_through(gate, city, Visitor(OFFICE_ADDRESS), 1000) == 60
    assert let_through(gate, city, Visitor(OFFICE_ADDRESS, "colleague"), 1) == 1


def test_who_makes_up_devices_meets_the_limit_of_the_address(city: City) -> None:
    gate = Gate()
    assert sum(let_through(gate, city, Visitor(OFFICE_ADDRESS, f"made-up-{number}"), 1) for number in range(1000)) == 300


def test_addresses_of_one_ipv6_network_are_one(city: City) -> None:
    for number in range(60):
        assert filed(city, f"2001:db8:1:2::{number:x}") == ""
    assert filed(city, "2001:db8:1:2:ffff::1") == "FILED_TOO_OFTEN"
    assert filed(city, "2001:db8:1:3::1") == ""


def test_this_machine_and_addresses_a_setting_names_are_not_limited(city: City) -> None:
    gate = Gate()
    assert let_through(gate, city, Visitor("127.0.0.1"), 500) == let_through(gate, city, Visitor(), 500) == 500
