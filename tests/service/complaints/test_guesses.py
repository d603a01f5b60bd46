"""Nobody finds a receipt code by guessing, or learns that one exists; who has theirs gets in beside a guesser."""

from __future__ import annotations

from typing import Any

import grpc
import pytest

from chassis.keys import Keyring
from tests.doors import refusal
from tests.service.complaints.city import City

OFFICE_ADDRESS = "203.0.113.7"
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@pytest.fixture(autouse=True)
def no_time_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing drains while a test guesses, however slow the machine is."""
    monkeypatch.setattr("chassis.rpc.guesses.monotonic", lambda: 1.0)


def follow(city: City, code: str, device: str = "") -> str:
    """The number somebody hears who presents a code from behind the address, or why they hear nothing."""
    where = {"x_client": OFFICE_ADDRESS} | ({"x_device": device} if device else {})
    try:
        seen = city.door.call(
            city.method("FollowComplaint"), city.request("FollowComplaint", receipt_code=code), None, **where
        )
    except grpc.RpcError as error:
        told = refusal(error)
        return f"{told.reason}/{told.field}"
    return str(seen.complaint.number)


def guesses(receipt: Any, keys: Keyring, count: int) -> list[str]:
    """Wrong codes: half of them one character beside the right one, as close as anybody can come, half of them any."""
    code = receipt.receipt_code
    places = [at for at, character in enumerate(code) if character in ALPHABET]
    near = [code[:at] + other + code[at + 1 :] for at in places for other in ALPHABET if other != code[at]]
    far = [keys.code("guesses", str(number)) for number in range(count)]
    return [*near[: count // 2], *far][:count]


def try_all(city: City, count: int) -> None:
    receipt = city.filed()
    honest = city.do("IssueDevice", None).device
    keys = Keyring(city.door.config.keys_dir)
    heard = [follow(city, code) for code in guesses(receipt, keys, count)]
    assert set(heard) == {"RECEIPT_UNKNOWN/", "TOO_MANY_ATTEMPTS/"}
    first_stop = heard.index("TOO_MANY_ATTEMPTS/")
    assert set(heard[:first_stop]) == {"RECEIPT_UNKNOWN/"} and first_stop == city.door.config.code_failures_per_minute
    # from there on the right code is answered like any other: that it exists is told to nobody who guesses
    assert follow(city, receipt.receipt_code) == follow(city, "0" * 20) == "TOO_MANY_ATTEMPTS/"
    assert follow(city, receipt.receipt_code, "made-up.sign") == "TOO_MANY_ATTEMPTS/"
    assert follow(city, receipt.receipt_code, honest) == receipt.number


def test_a_guesser_finds_nothing_and_locks_out_nobody_but_themselves(city: City) -> None:
    try_all(city, 60)


def test_a_browser_that_guesses_is_stopped_as_well_and_so_are_many_of_them(city: City) -> None:
    most = city.door.config.code_failures_per_minute
    signs = [city.do("IssueDevice", None).device for _ in range(2)]
    assert [follow(city, "0" * 20, signs[0]) for _ in range(most + 1)][-1] == "TOO_MANY_ATTEMPTS/"
    assert follow(city, "0" * 20, signs[1]) == "RECEIPT_UNKNOWN/"


@pytest.mark.prove
def test_ten_thousand_guesses_find_nothing(city: City) -> None:
    try_all(city, 10_000)
