"""The menu says where one is: the page whose address this is, or to which it belongs though its address begins otherwise."""

import pytest

from gateway.pages.frame.menu import Entry, Group

CAMPAIGNS, CARDS = Entry("/campaigns", "campaigns"), Entry("/cards", "cards", beside="/campaigns/*/cards*")


@pytest.mark.parametrize(
    ("path", "here"),
    [
        ("/campaigns", CAMPAIGNS),
        ("/campaigns/7", CAMPAIGNS),
        ("/campaigns/7/cards", CARDS),
        ("/campaigns/7/cards/check", CARDS),
        ("/cards", CARDS),
        ("/campaignsomething", None),
        ("/complaints", None),
    ],
)
def test_a_page_is_marked_where_it_belongs(path: str, here: Entry | None) -> None:
    assert Group("campaigns", (CAMPAIGNS, CARDS)).here(path) == here
