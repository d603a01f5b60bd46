"""Rpcs opened by a code: no oracle, and no endless guessing."""

from __future__ import annotations

from typing import Any

from chassis.errors import Conflict, NotAllowed, NotFound
from chassis.rpc.guesses import client_of, is_local
from tests.unit.chassis.echo import Echo, echo, pb, refused

SAY = pb.SayRequest(text="7KQ2M")


def raising(error: Exception) -> Any:
    def act(request: Any) -> None:
        raise error

    return act


def follow(running: Echo, client: str) -> Any:
    return refused(lambda: running.stub.Follow(SAY, metadata=[("x-client", client)]))


def test_an_unknown_code_and_a_wrong_one_look_alike() -> None:
    with echo() as running:
        running.servicer.act = raising(NotFound("COMPLAINT_NOT_FOUND", "complaint_id"))
        unknown = follow(running, "10.0.0.1")
        running.servicer.act = raising(NotAllowed("CODE_OF_ANOTHER", "code", number=7))
        wrong = follow(running, "10.0.0.1")
        running.servicer.act = raising(NotFound("RECEIPT_UNKNOWN", "code", number=7))
        own_word = follow(running, "10.0.0.1")
    assert unknown == wrong
    assert (own_word.reason, own_word.fields, own_word.params) == ("RECEIPT_UNKNOWN", {}, {})
    assert (unknown.code, unknown.reason, unknown.fields) == ("NOT_FOUND", "CODE_NOT_KNOWN", {})


def test_guessing_is_stopped_for_the_guesser_alone_and_drains_away(monkeypatch: Any) -> None:
    with echo(code_failures_per_minute=3) as running:
        running.servicer.act = raising(NotFound("COMPLAINT_NOT_FOUND"))
        assert [follow(running, "10.0.0.1").reason for _ in range(4)] == ["CODE_NOT_KNOWN"] * 3 + ["TOO_MANY_ATTEMPTS"]
        running.servicer.act = lambda request: None
        stopped = follow(running, "10.0.0.1")
        assert (stopped.code, stopped.reason) == ("RESOURCE_EXHAUSTED", "TOO_MANY_ATTEMPTS")
        assert 1 <= int(stopped.params["seconds"]) <= 60
        assert running.stub.Follow(SAY, metadata=[("x-client", "10.0.0.2")]).text == "7KQ2M"
        from chassis.rpc import guesses

        later = guesses.monotonic() + int(stopped.params["seconds"]) + 1
        monkeypatch.setattr(guesses, "monotonic", lambda: later)
        assert running.stub.Follow(SAY, metadata=[("x-client", "10.0.0.1")]).text == "7KQ2M"


def test_other_refusals_of_a_holder_are_told_and_count_nothing() -> None:
    with echo(code_failures_per_minute=2) as running:
        running.servicer.act = raising(Conflict("ECHO_TIRED", times=3))
        reasons = {follow(running, "10.0.0.1").reason for _ in range(5)}
    assert reasons == {"ECHO_TIRED"}


def test_peers_are_counted_by_address_or_network() -> None:
    assert client_of("ipv4:10.1.2.3:5000") == "10.1.2.3"
    assert client_of("ipv6:%5B2001:db8:1:2:3:4:5:6%5D:5000") == "2001:db8:1:2::/64"
    assert client_of("ipv6:[2001:db8:1:2:ffff::1]:5000") == "2001:db8:1:2::/64"
    assert client_of("ipv6:rubbish") == "ipv6:rubbish"
    assert is_local("ipv4:127.0.0.1:9") and is_local("ipv6:%5B::1%5D:9") and is_local("unix:/tmp/socket")
    assert not is_local("ipv4:10.0.0.1:9")
