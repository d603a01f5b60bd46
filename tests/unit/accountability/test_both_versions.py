"""The rule of then, unless the rule of now is lighter or knows no breach: 政务处分法 article 67."""

from __future__ import annotations

from datetime import date

import pytest

from services.accountability.rules.propose import PartyAnswer, propose
from services.accountability.rules.words import Severity
from tests.unit.accountability.table_of import CATALOGUE, SMALL, TODAY, question, version

CHANGE = date(2026, 11, 1)
OLD = version(SMALL, "old", valid_to=CHANGE)
BOTH = ('choose = ["criticism_education", "written_self_criticism", "circulated_criticism"]', "at_most = 2")


def new(choose: str, severity: str = '["minor", "ordinary"]') -> str:
    text = SMALL.replace("2024-01-01", "2026-11-01").replace('label = "first"', 'label = "second"')
    return (
        text.replace(BOTH[0], f"choose = [{choose}]")
        .replace(BOTH[1], "at_most = 1")
        .replace('severity = ["minor", "ordinary"]', f"severity = {severity}")
    )


def answer(text: str, day: date = date(2026, 10, 9), **answers: object) -> PartyAnswer:
    versions = [OLD, version(text, "new")]
    (found,) = propose([question(day=day, **answers)], versions, TODAY, CATALOGUE, [])
    return found


@pytest.mark.parametrize(
    ("choose", "used", "reason"),
    [
        ('"criticism_education"', "new", "NEW_RULE_LIGHTER"),
        ('"efficiency_caution"', "old", "OLD_RULE_NOT_HEAVIER"),
    ],
)
def test_the_lighter_of_both_versions_applies(choose: str, used: str, reason: str) -> None:
    (said,) = answer(new(choose)).versions
    assert (said.version_id, said.then_id, said.now_id, said.reason.word) == (used, "old", "new", reason)


def test_the_same_rule_in_new_words_leaves_the_old_one() -> None:
    same = '"criticism_education", "written_self_criticism", "circulated_criticism"'
    (said,) = answer(new(same)).versions
    assert said.version_id == "old"


def test_no_breach_under_the_rule_of_then_is_none_now() -> None:
    found = answer(new('"efficiency_caution"', '["serious"]'), severity=Severity.SERIOUS)
    assert found.ranges == ()
    assert found.versions[0].reason.word == "NO_BREACH_THEN"


def test_a_breach_the_new_rule_does_not_know_any_more_is_none() -> None:
    found = answer(new('"efficiency_caution"', '["serious"]'))
    assert found.ranges == ()
    assert found.versions[0].reason.word == "NEW_RULE_KNOWS_NONE"


def test_conduct_before_any_rule_is_none() -> None:
    found = answer(new('"criticism_education"'), day=date(2023, 12, 31))
    assert found.ranges == ()
    assert found.versions[0].reason.word == "NO_RULE_THEN"


def test_conduct_after_the_change_is_judged_by_the_new_rule_alone() -> None:
    (said,) = answer(new('"efficiency_caution"'), day=date(2026, 11, 2)).versions
    assert (said.version_id, said.reason.word) == ("new", "SAME_VERSION")


def test_the_explanation_names_the_rows_of_both() -> None:
    (said,) = answer(new('"criticism_education"')).versions
    assert said.reason.params == {"then": "first", "now": "second", "rows_then": "R1", "rows_now": "R1"}
