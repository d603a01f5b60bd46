"""One-time codes and the lock-out."""

from datetime import UTC, datetime, timedelta

import pytest

from services.directory.domain.factors import Attempts, accepted_step, base32, code, from_base32, otpauth, step_at

SECRET = b"12345678901234567890"
NOW = datetime(2026, 11, 16, 1, 0, 10, tzinfo=UTC)
LOCK = timedelta(minutes=15)


# RFC 6238, appendix B (SHA-1), the last six of its eight digits.
@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_codes_are_those_of_the_rfc(seconds: int, expected: str) -> None:
    assert code(SECRET, step_at(datetime.fromtimestamp(seconds, UTC))) == expected


def test_a_code_of_the_step_before_or_after_passes_and_one_further_away_does_not() -> None:
    now = step_at(NOW)

    told = {away: accepted_step(SECRET, code(SECRET, now + away), NOW, 1, 0) for away in (-2, -1, 0, 1, 2)}

    assert told == {-2: None, -1: now - 1, 0: now, 1: now + 1, 2: None}


def test_a_code_counts_once() -> None:
    now = step_at(NOW)

    assert accepted_step(SECRET, code(SECRET, now), NOW, 1, after=now) is None
    assert accepted_step(SECRET, code(SECRET, now - 1), NOW, 1, after=now) is None
    assert accepted_step(SECRET, code(SECRET, now + 1), NOW, 1, after=now) == now + 1


def test_the_fifth_failure_locks_and_the_lock_ends_by_itself() -> None:
    attempts = Attempts(b"name", 0, None, NOW)
    for _ in range(4):
        attempts = attempts.failed(NOW, 5, LOCK)
    assert not attempts.locked(NOW)

    locked = attempts.failed(NOW, 5, LOCK)

    assert locked.locked(NOW + LOCK - timedelta(seconds=1))
    assert not locked.locked(NOW + LOCK)


def test_failures_while_locked_do_not_lengthen_the_lock_and_counting_begins_anew_after_it() -> None:
    locked = Attempts(b"name", 5, NOW + LOCK, NOW)

    assert locked.failed(NOW + timedelta(minutes=1), 5, LOCK).locked_until == NOW + LOCK
    after = locked.failed(NOW + LOCK, 5, LOCK)
    assert (after.failures, after.locked_until) == (1, None)


def test_a_secret_is_read_back_from_what_people_type() -> None:
    assert from_base32(base32(b"zhengfeng")) == b"zhengfeng"
    assert otpauth(SECRET, "clerk", "正风").startswith("otpauth://totp/%E6%AD%A3%E9%A3%8E%3Aclerk?secret=GEZDGNBV")
