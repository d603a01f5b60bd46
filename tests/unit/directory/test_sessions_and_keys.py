"""Sessions end; signing keys take turns."""

from datetime import UTC, datetime, timedelta

import pytest

from chassis.errors import Unauthenticated
from services.directory.domain.sessions import Session
from services.directory.domain.tokens import TokenKey, signing

NOW = datetime(2026, 11, 16, 1, tzinfo=UTC)
IDLE = timedelta(minutes=30)


def session() -> Session:
    return Session("s", 1, "", "/q", "a", b"h", "", NOW, NOW, NOW + timedelta(hours=12), None)


def key(id: str, valid_from: datetime, retired: bool = False) -> TokenKey:
    return TokenKey(id, 1, "", "", b"p", b"s", b"w", valid_from, None, retired)


def test_a_session_goes_on_while_it_is_used_and_ends_when_idle() -> None:
    used = session().use(NOW + IDLE - timedelta(seconds=1), IDLE)

    assert used.use(NOW + 2 * IDLE - timedelta(seconds=2), IDLE).version == 3
    with pytest.raises(Unauthenticated):
        session().use(NOW + IDLE, IDLE)


def test_a_session_ends_at_its_age_however_busy() -> None:
    used = session()
    for minutes in range(20, 720, 20):
        used = used.use(NOW + timedelta(minutes=minutes), IDLE)

    with pytest.raises(Unauthenticated) as refused:
        used.use(NOW + timedelta(hours=12), IDLE)
    assert refused.value.reason == "SESSION_ENDED"


def test_an_ended_session_stays_ended() -> None:
    ended = session().end(NOW)

    assert ended.end(NOW + IDLE) is ended
    with pytest.raises(Unauthenticated):
        ended.use(NOW, IDLE)


def test_a_new_key_signs_only_when_its_time_has_come() -> None:
    old, new = key("old", NOW - IDLE), key("new", NOW + IDLE)

    assert signing([new, old], NOW) is old
    assert signing([new, old], NOW + IDLE) is new
    assert signing([key("gone", NOW, retired=True)], NOW) is None


def test_an_old_key_is_believed_until_its_last_token_has_expired() -> None:
    lifetime = timedelta(minutes=10)
    succeeded = key("old", NOW).succeeded(NOW + IDLE, lifetime)

    assert succeeded.valid_to == NOW + IDLE + lifetime
    assert succeeded.succeeded(NOW + 2 * IDLE, lifetime) is succeeded
