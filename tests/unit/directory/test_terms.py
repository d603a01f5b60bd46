"""Terms: every day has exactly one answer, at the boundaries too."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import Invalid
from services.directory.domain.dated import check_term, holds, overlap, under


@dataclass(frozen=True)
class Term:
    valid_from: date
    valid_to: date | None


DAYS = st.dates(date(2020, 1, 1), date(2020, 3, 1))
TERMS = st.builds(
    lambda start, days: Term(start, None if days is None else start + timedelta(days)), DAYS, st.none() | st.integers(0, 40)
)


def test_a_term_holds_from_its_first_day_until_the_day_before_its_end() -> None:
    term = Term(date(2024, 5, 1), date(2024, 6, 1))

    told = [holds(term, date(2024, 5, 1) + timedelta(days=offset)) for offset in (-1, 0, 30, 31)]

    assert told == [False, True, True, False]


@given(DAYS, DAYS)
def test_a_hand_over_leaves_no_day_without_and_no_day_with_two(handed: date, asked: date) -> None:
    before, after = Term(date(2019, 1, 1), handed), Term(handed, None)

    assert holds(before, asked) + holds(after, asked) == 1
    assert not overlap(before, after)


@given(TERMS, TERMS)
def test_terms_overlap_exactly_if_they_share_a_day(one: Term, other: Term) -> None:
    days = [date(2020, 1, 1) + timedelta(days=number) for number in range(140)]

    assert overlap(one, other) == any(holds(one, day) and holds(other, day) for day in days)


def test_a_term_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        check_term(Term(date(2024, 5, 2), date(2024, 5, 1)))

    assert (refused.value.reason, refused.value.field) == ("TERM_REVERSED", "valid_to")


def test_a_path_covers_what_is_below_and_not_what_only_begins_like_it() -> None:
    assert under("/qinghe/tax/window", "/qinghe/tax")
    assert not under("/qinghe/taxi", "/qinghe/tax")
