"""The unit's copy: no trace of who raised it, wherever and however it is written."""

from __future__ import annotations

import hashlib

import pytest

from services.complaints.domain.redaction import (
    MASK,
    Identity,
    redacted,
    redacted_at_intake,
    same_person_keys,
    traces,
)

IDENTITY = Identity(name="欧阳若水", phone="13912345678", address="清河市柳巷9号", id_number="11010519491231002X")


def mac(part: str) -> str:
    """Any hash will do here."""
    return hashlib.sha256(part.encode()).hexdigest()


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("我是欧阳若水。", f"我是{MASK}。"),
        ("家住清河市柳巷9号，欧阳若水", f"家住{MASK}，{MASK}"),
        ("身份证11010519491231002x", f"身份证{MASK}"),
        ("欧阳若水欧阳若水", MASK * 2),
        ("请打13912345678或13800000000", f"请打{MASK}或{MASK}"),
        ("座机 0316-1234567，邮箱 a.b@example.com", f"座机 {MASK}，邮箱 {MASK}"),
        ("电话139 1234 5678", f"电话{MASK}"),
        ("若水二字不算", "若水二字不算"),
        ("等了2个小时，窗口3号", "等了2个小时，窗口3号"),
        ("文号20150101123456789012", "文号20150101123456789012"),
    ],
)
def test_what_gives_the_complainant_away_is_masked_at_intake_and_later(said: str, read: str) -> None:
    assert redacted_at_intake(said, IDENTITY) == read
    assert redacted(said, traces(IDENTITY, mac), mac) == read


def test_traces_tell_nobody_the_identity() -> None:
    kept = repr(traces(IDENTITY, mac))
    for part in (IDENTITY.name, IDENTITY.phone, IDENTITY.address, IDENTITY.id_number):
        assert part not in kept


def test_a_single_character_is_no_name_to_mask() -> None:
    assert redacted_at_intake("甲乙丙", Identity(name="甲")) == "甲乙丙"


def test_latin_names_are_masked_whatever_their_case() -> None:
    one = Identity(name="Ann Lee")
    assert redacted_at_intake("it was ANN LEE who", one) == f"it was {MASK} who"
    assert redacted("it was ANN LEE who", traces(one, mac), mac) == f"it was {MASK} who"


def test_one_persons_telephone_is_the_same_however_it_is_written() -> None:
    written = ("13912345678", "139-1234-5678", "+86 139 1234 5678")
    assert len({same_person_keys(Identity(phone=phone)) for phone in written}) == 1
    assert same_person_keys(Identity(name="欧阳若水")) == ()
