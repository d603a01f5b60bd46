"""A complaint never goes to the accused, their head or their subordinates."""

from __future__ import annotations

import pytest

from chassis.errors import Conflict
from services.complaints.domain.recusal import PostHeld, above_accused, check_receiver

SECTION, BUREAU, CITY = "/qinghe/housing/approvals", "/qinghe/housing", "/qinghe"


@pytest.mark.parametrize(
    ("asked", "posts", "goes_to"),
    [
        (BUREAU, (), BUREAU),
        (BUREAU, (PostHeld("/qinghe/water", "unit_head"),), BUREAU),
        (SECTION, (PostHeld(SECTION, "handler"),), BUREAU),
        (SECTION, (PostHeld(SECTION, "section_head"),), BUREAU),
        (SECTION, (PostHeld(BUREAU, "unit_head"),), CITY),
        (SECTION, (PostHeld(BUREAU, "handler"),), SECTION),
        (BUREAU, (PostHeld(BUREAU, "deputy_in_charge"),), CITY),
        (SECTION, (PostHeld(SECTION, "handler"), PostHeld(BUREAU, "leading_group")), CITY),
        (CITY, (PostHeld(CITY, "unit_head"),), CITY),
    ],
)
def test_it_goes_to_the_lowest_unit_that_is_none_of_the_accuseds(
    asked: str, posts: tuple[PostHeld, ...], goes_to: str
) -> None:
    assert above_accused(asked, CITY, posts) == goes_to


def test_a_refusal_says_where_it_may_go() -> None:
    with pytest.raises(Conflict) as refused:
        check_receiver(SECTION, CITY, (PostHeld(SECTION, "handler"),))
    assert (refused.value.reason, refused.value.params) == ("DISPATCH_TO_ACCUSED", {"goes_to": BUREAU})


def test_a_name_that_only_begins_alike_is_another_unit() -> None:
    assert above_accused("/qinghe/housing-fund", CITY, (PostHeld("/qinghe/housing", "unit_head"),)) == "/qinghe/housing-fund"
