"""政务处分法 article 26: a sanction is lifted by itself when its period is over; a demotion's or removal's losses stay."""

from __future__ import annotations

from datetime import date

import pytest

from services.accountability.domain.effects import Effect, not_restored
from services.accountability.domain.states import EffectState
from services.accountability.rules.periods import months_after
from tests.unit.accountability.table_of import CATALOGUE

LOST = ("post", "rank", "grade", "pay")


def held(measure: str, decided: date = date(2022, 11, 16), state: EffectState = EffectState.ACTIVE) -> Effect:
    """A measure decided on a day, with its own period."""
    months = CATALOGUE.measures[measure].months
    until = months_after(decided, months) if months else None
    place = ("/qinghe/housing", "/qinghe", "c1", "清问〔2022〕1号", "o1")
    return Effect("e1", 1, *place, measure, decided, until, state, CATALOGUE.measures[measure].bars, "office", "")


@pytest.mark.parametrize(
    ("measure", "last_day_barred"),
    [
        ("warning", date(2023, 5, 15)),
        ("demerit", date(2023, 11, 15)),
        ("major_demerit", date(2024, 5, 15)),
        ("demotion_in_grade", date(2024, 11, 15)),
        ("removal_from_post", date(2024, 11, 15)),
    ],
)
def test_article_26_a_period_that_is_over_bars_nothing_more(measure: str, last_day_barred: date) -> None:
    one = held(measure)
    assert one.holds_on(last_day_barred)
    assert one.ends_on is not None
    assert not one.holds_on(one.ends_on)
    assert one.end().state is EffectState.ENDED


@pytest.mark.parametrize(
    ("measure", "decided", "state", "lost"),
    [
        ("demotion_in_grade", date(2022, 11, 16), EffectState.ENDED, LOST),
        ("removal_from_post", date(2022, 11, 16), EffectState.ENDED, LOST),
        ("major_demerit", date(2022, 11, 16), EffectState.ENDED, ()),
        ("warning", date(2022, 11, 16), EffectState.ENDED, ()),
        ("removal_from_post", date(2022, 11, 16), EffectState.ACTIVE, ()),
        ("removal_from_post", date(2022, 11, 16), EffectState.REVOKED, ()),
        ("removal_from_post", date(2019, 1, 10), EffectState.ENDED, ("grade", "post")),
        ("removal_from_post", date(2005, 1, 10), EffectState.ENDED, ()),
        ("efficiency_caution", date(2022, 11, 16), EffectState.ENDED, ()),
    ],
    ids=[
        "demotion",
        "removal",
        "major-demerit",
        "warning",
        "still-runs",
        "revoked",
        "order-495",
        "no-rule-then",
        "no-sanction",
    ],
)
def test_article_26_what_lifting_does_not_give_back(
    measure: str, decided: date, state: EffectState, lost: tuple[str, ...]
) -> None:
    assert not_restored(held(measure, decided, state), CATALOGUE) == lost
