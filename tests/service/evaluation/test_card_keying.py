"""People before cards: what a scan did not show is keyed from the paper; who keyed a row once does not key it again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from zhengfeng.evaluation.v1 import ballots_pb2, card_audit_pb2, keying_pb2

from tests.doors import Door, caller
from tests.service.evaluation import stored
from tests.service.evaluation.campaigns import CITY, ORGANISER
from tests.service.evaluation.card_scene import AUDITOR, CLERK, GOOD, LI, SUN, WANG, ZHAO, CardCity, Paper, filled
from tests.service.evaluation.card_sides import both_sides, two_sided
from tests.service.evaluation.tiny_cards import page

OPEN, COUNTED = card_audit_pb2.CARD_STATE_OPEN, card_audit_pb2.CARD_STATE_COUNTED


@pytest.fixture
def city(door: Callable[[str], Door]) -> CardCity:
    return CardCity(door("evaluation"))


def keyed(city: CardCity, campaign: Any, paper: Paper, grades: Sequence[int], who: Any, place: str = "甲盒") -> Any:
    """A card keyed from the paper: one grade an object."""
    return city.door.call(city.keying.KeyCard, card_keyed(campaign, paper, grades, place), who).keyed


def card_keyed(campaign: Any, paper: Paper, grades: Sequence[int], place: str = "甲盒") -> keying_pb2.KeyCardRequest:
    objects = [one.object_id for group in campaign.plan.object_groups for one in group.objects]
    width = len(campaign.plan.dimensions)
    ratings = [
        ballots_pb2.ObjectRating(object_id=rated, grades=[grade] * width)
        for rated, grade in zip(objects, grades, strict=True)
    ]
    on = {"campaign_id": campaign.campaign_id, "serial": paper.serial}
    return keying_pb2.KeyCardRequest(**on, ratings=ratings, paper_place=place)


def to_key(city: CardCity, campaign: Any, who: Any = CLERK) -> list[Any]:
    """The cards that wait for somebody with their paper."""
    request = keying_pb2.ListCardsToKeyRequest(campaign_id=campaign.campaign_id)
    return list(city.door.call(city.keying.ListCardsToKey, request, who).cards)


def counted(city: CardCity) -> bytes:
    """The only ballot in the box."""
    [leaf] = stored.leaves(city.door.store, cells=16)
    return bytes(leaf["ratings"].tobytes())


def cells(grades: Sequence[int]) -> bytes:
    """A ballot's bytes: one grade an object on all four questions."""
    return bytes(grade for grade in grades for _ in range(4))


def test_a_card_of_which_a_side_could_not_be_read_is_found_and_keyed_from_the_paper_by_two(city: CardCity) -> None:
    campaign, design, paper = two_sided(city)
    front, _ = both_sides(design, paper)
    city.scan(campaign, page("a cat"), front, name="第3批.tif")

    for who in (CLERK, ORGANISER):
        [waiting] = to_key(city, campaign, who)
        assert [(one.sheet, one.side) for one in waiting.missing] == [(1, 2)]
        assert [(one.name, one.page, one.place.side) for one in waiting.seen] == [("第3批.tif", 2, 1)]
    first = keyed(city, campaign, paper, (4, 4, 3, 1), LI)
    assert (first.keyed_by, first.rows) == (1, 8), "only what no scan showed"
    assert city.door.refused(city.keying.KeyCard, card_keyed(campaign, paper, GOOD), LI).reason == "ROW_KEYED_BY_YOU"
    [waiting] = to_key(city, campaign)
    assert (waiting.keyed_once, waiting.paper_place) == (True, "甲盒")
    second = keyed(city, campaign, paper, (4, 4, 3, 2), WANG)
    assert (second.keyed_by, second.rows, second.disputed) == (2, 8, 4)
    assert not to_key(city, campaign)
    assert [row.row.paper_place for row in city.disputed(campaign, ZHAO)] == ["甲盒"] * 4
    for row in city.disputed(campaign, ZHAO):
        city.decide(row, 1, ZHAO)

    assert (city.card(campaign).state, counted(city)) == (COUNTED, cells(GOOD)), "what was read of the other side stands"
    assert city.door.refused(city.keying.KeyCard, card_keyed(campaign, paper, GOOD), SUN).reason == "CARD_SCANNED"


def test_rows_that_checkers_key_from_pictures_are_not_keyed_from_the_paper_as_well(city: CardCity) -> None:
    campaign, design, paper = two_sided(city)
    front, _ = both_sides(design, paper, faint=[0])
    city.scan(campaign, front)
    for who in (LI, WANG):
        assert keyed(city, campaign, paper, (4, 4, 3, 1), who).rows == 8
        assert [row.object for row in city.asked(campaign, who)] == ["housing"]
    assert city.card(campaign).state == OPEN
    for who in (LI, WANG):
        [row] = city.asked(campaign, who)
        city.key(row, 1, who)

    assert (city.card(campaign).state, counted(city)) == (COUNTED, cells(GOOD))


@pytest.mark.parametrize("keyings", [1, 2])
def test_a_side_that_comes_after_its_rows_were_keyed_overrules_nobody(city: CardCity, keyings: int) -> None:
    campaign, design, paper = two_sided(city)
    front, back = both_sides(design, paper, faint=[0])
    city.scan(campaign, front)
    for who in (LI, WANG)[:keyings]:
        keyed(city, campaign, paper, (1, 2, 3, 4), who)
    city.scan(campaign, back, name="later.tif")

    if keyings == 1:
        assert [one.keyed_once for one in to_key(city, campaign)] == [True]
        keyed(city, campaign, paper, (1, 2, 3, 4), WANG)
        expected = 4
    else:
        objects = sorted(row.object for row in city.asked(campaign, SUN))
        assert objects == ["housing"] + ["roads"] * 4, "the scan says something else"
        for who in (SUN, ZHAO):
            for row in city.asked(campaign, who):
                if row.object == "roads":
                    city.key(row, 1, who)
        expected = 1
    for who in (SUN, ZHAO):
        for row in city.asked(campaign, who):
            city.key(row, 1, who)
    assert (city.card(campaign).state, counted(city)) == (COUNTED, cells((1, 2, 3, expected)))


def test_a_card_that_one_person_keyed_and_a_scanner_saw_then_waits_for_the_second(city: CardCity) -> None:
    campaign, design, papers = city.on_paper(1)
    request = city.key_card(campaign, papers[0], GOOD)
    city.door.call(city.keying.KeyCard, request, LI)
    city.scan(campaign, *filled(design, papers[0]))

    assert city.faults(campaign) == ["CARD_KEYED_ONCE"]
    [waiting] = to_key(city, campaign)
    assert (waiting.keyed_once, list(waiting.missing)) == (True, [])
    city.door.call(city.keying.KeyCard, request, WANG)
    assert city.card(campaign).state == COUNTED
    assert not to_key(city, campaign)


def sampled(city: CardCity, campaign: Any) -> None:
    """Every row of the only card is keyed once more."""
    request = card_audit_pb2.DrawCardSampleRequest(campaign_id=campaign.campaign_id, seed="双色球 2026131", cards=1)
    city.door.call(city.audit.DrawCardSample, request, AUDITOR)


def test_who_decided_a_row_as_the_third_is_not_asked_for_it_again_in_a_sample(city: CardCity) -> None:
    campaign, design, papers = city.on_paper(1)
    city.scan(campaign, *filled(design, papers[0], faint=[0]))
    for who, grade in ((LI, 1), (WANG, 3)):
        [row] = city.asked(campaign, who)
        city.key(row, grade, who)
    [row] = city.disputed(campaign, ZHAO)
    city.decide(row, 1, ZHAO)
    sampled(city, campaign)

    assert [len(city.asked(campaign, who)) for who in (LI, WANG, ZHAO, SUN)] == [7, 7, 7, 8]
    for row in city.asked(campaign, ZHAO):
        city.key(row, 1, ZHAO)


def test_a_sampled_row_in_dispute_is_decided_by_nobody_who_keyed_it_before_the_count(city: CardCity) -> None:
    campaign, design, papers = city.on_paper(1)
    city.scan(campaign, *filled(design, papers[0], faint=[0]))
    for who in (LI, WANG):
        [row] = city.asked(campaign, who)
        city.key(row, 1, who)
    sampled(city, campaign)
    [again] = {row.doubt_id for row in city.asked(campaign, SUN)} - {row.doubt_id for row in city.asked(campaign, LI)}
    for who, grade in ((SUN, 2), (ZHAO, 3)):
        city.key(keying_pb2.DoubtfulRow(doubt_id=again), grade, who)

    assert not city.disputed(campaign, LI) and not city.disputed(campaign, WANG)
    own = keying_pb2.DecideRowRequest(doubt_id=again, grade=1, again=1)
    assert city.door.refused(city.keying.DecideRow, own, LI).reason == "ROW_KEYED_BY_YOU"
    [row] = city.disputed(campaign, CLERK)
    city.decide(row, 2, CLERK)


def test_what_waits_for_the_paper_is_not_told_as_rows_for_checkers(city: CardCity) -> None:
    campaign, design, papers = city.on_paper(2)
    city.scan(campaign, *filled(design, papers[0], faint=[0]))
    city.door.call(city.keying.KeyCard, city.key_card(campaign, papers[1], GOOD), LI)
    assert city.progress(campaign).rows_asked == 1
    city.door.call(city.keying.KeyCard, city.key_card(campaign, papers[1], (1, 2, 3, 4)), WANG)

    progress = city.progress(campaign)
    assert (progress.rows_asked, progress.rows_disputed) == (1, 2)


def test_nobody_is_shown_what_was_read_or_keyed_of_a_card_before_it_has_ended(city: CardCity) -> None:
    campaign, design, papers = city.on_paper(1)
    city.scan(campaign, *filled(design, papers[0], faint=[0]))
    [row] = city.asked(campaign, LI)
    city.key(row, 1, LI)

    record = city.record(city.card(campaign))
    assert (record.withheld, record.marks, list(record.keyings)) == (True, b"", [])
    assert [(one.picture_id != "", list(one.rows)) for one in record.sides] == [(True, [])]
    city.key(row, 1, WANG)
    record = city.record(city.card(campaign))
    assert (record.withheld, len(record.keyings), len(record.sides[0].rows)) == (False, 2, 8)

    sampled(city, campaign)
    request = card_audit_pb2.GetCardRequest(card_id=record.card.card_id)
    both = caller("auditor", "checker", jurisdiction=CITY, subject="both")
    assert city.door.call(city.audit.GetCard, request, both).record.withheld, "they may be asked for its sample"
    assert not city.record(city.card(campaign)).withheld
