"""Cards on paper: scanned, read, doubted by people, counted once beside the ballots on screen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from zhengfeng.evaluation.v1 import ballots_pb2, card_audit_pb2, keying_pb2

from tests.doors import Door
from tests.service.evaluation import stored
from tests.service.evaluation.campaigns import packed
from tests.service.evaluation.card_scene import AUDITOR, GOOD, LI, SUN, WANG, ZHAO, CardCity, filled
from tests.service.evaluation.streams import turnout
from tests.unit.chassis.echo import refused


@pytest.fixture
def city(door: Callable[[str], Door]) -> CardCity:
    return CardCity(door("evaluation"))


def test_a_card_that_is_read_surely_is_counted_without_anybody(city: CardCity) -> None:
    campaign, design, papers = city.on_paper()

    city.scan(campaign, *filled(design, papers[0]))

    card = city.card(campaign)
    assert (card.state, card.rows_open) == (card_audit_pb2.CARD_STATE_COUNTED, 0)
    assert card.ballot_class == ballots_pb2.BALLOT_CLASS_VALID
    [leaf] = stored.leaves(city.door.store)
    assert (leaf["ratings"].tobytes(), int(leaf["channel"])) == (packed(GOOD), ballots_pb2.CHANNEL_CARD)
    assert card.leaf_hash == stored.hashes(city.door.store, "leaf_hashes")[card.position]
    assert turnout(city, campaign).counted == 1


def test_two_checkers_apart_key_a_doubtful_row_and_only_then_is_the_card_counted(city: CardCity) -> None:
    campaign, design, papers = city.on_paper()
    city.scan(campaign, *filled(design, papers[0], faint=[3]))
    [asked] = city.asked(campaign, LI)
    assert (asked.dimension, len(asked.strip_ids), len(asked.side_ids)) == ("服务", 1, 1)

    city.key(asked, 2, LI)
    assert not city.asked(campaign, LI)
    request = keying_pb2.KeyRowRequest(doubt_id=asked.doubt_id, grade=2)
    assert city.door.refused(city.keying.KeyRow, request, LI).reason == "ROW_KEYED_BY_YOU"
    assert city.card(campaign).state == card_audit_pb2.CARD_STATE_OPEN
    city.key(asked, 2, WANG)

    assert city.card(campaign).state == card_audit_pb2.CARD_STATE_COUNTED
    assert stored.leaves(city.door.store)[0]["ratings"].tobytes() == packed(GOOD)


def test_where_two_differ_a_third_decides_and_says_it_twice(city: CardCity) -> None:
    campaign, design, papers = city.on_paper()
    city.scan(campaign, *filled(design, papers[0], faint=[0]))
    [asked] = city.asked(campaign, LI)
    city.key(asked, 1, LI)
    city.key(asked, 3, WANG)

    assert not city.disputed(campaign, LI) and not city.disputed(campaign, WANG)
    [disputed] = city.disputed(campaign, ZHAO)
    assert list(disputed.grades) == [1, 3]
    slip = keying_pb2.DecideRowRequest(doubt_id=asked.doubt_id, grade=1, again=2)
    assert city.door.refused(city.keying.DecideRow, slip, ZHAO).reason == "DECISION_NOT_CONFIRMED"
    own = keying_pb2.DecideRowRequest(doubt_id=asked.doubt_id, grade=1, again=1)
    assert city.door.refused(city.keying.DecideRow, own, LI).reason == "ROW_KEYED_BY_YOU"
    city.decide(disputed, 1, ZHAO)

    record = city.record(city.card(campaign))
    assert [(one.by, one.grade, one.hand) for one in record.keyings] == [
        ("checker-li", 1, 1),
        ("checker-wang", 3, 2),
        ("checker-zhao", 1, 3),
    ]
    assert record.card.state == card_audit_pb2.CARD_STATE_COUNTED
    [side] = record.sides
    assert [row.row for row in side.rows if row.asked] == [0] and "darkest" in side.rows[0].measures


def test_the_pictures_of_a_doubtful_row_are_shown_and_lie_nowhere_in_the_clear(city: CardCity) -> None:
    campaign, design, papers = city.on_paper()
    city.scan(campaign, *filled(design, papers[0], faint=[0]))
    [asked] = city.asked(campaign, LI)

    for picture_id in (*asked.strip_ids, *asked.side_ids):
        request = keying_pb2.ShowCardPictureRequest(picture_id=picture_id)
        shown = list(city.door.call(city.keying.ShowCardPicture, request, LI))
        assert shown[0].media_type == "image/png" and shown[0].content.startswith(b"\x89PNG")
    kept = [path.read_bytes() for path in city.door.config.data_dir.rglob("files/*/*") if path.is_file()]
    assert kept and not any(b"PNG" in one[:200] or one.startswith(b"II*") for one in kept)


def test_pictures_are_destroyed_once_the_result_has_stood_for_their_time_and_what_was_read_of_them_stays(
    city: CardCity,
) -> None:
    campaign, design, papers = city.on_paper(1)
    city.scan(campaign, *filled(design, papers[0], faint=[0]))
    [asked] = city.asked(campaign, LI)
    picture = keying_pb2.ShowCardPictureRequest(picture_id=asked.side_ids[0])
    city.key(asked, GOOD[0], LI)
    city.key(asked, GOOD[0], WANG)
    days = 30
    city.set_to("cards.keep_days", days)
    city.final(city.released(city.campaign(campaign)))

    assert city.door.usecases.scans.destroy() == 0
    assert list(city.door.call(city.keying.ShowCardPicture, picture, AUDITOR))
    city.door.clock.advance(timedelta(days=days + 1))  # type: ignore[attr-defined]
    assert city.door.usecases.scans.destroy() == 1

    gone = refused(lambda: list(city.door.call(city.keying.ShowCardPicture, picture, AUDITOR)))
    assert gone.reason == "CARD_PICTURE_NOT_FOUND"
    assert not [path for path in city.door.config.data_dir.rglob("files/*/*") if path.is_file()]
    record = city.record(city.card(campaign))
    assert record.sides[0].rows and record.card.state == card_audit_pb2.CARD_STATE_COUNTED


def test_the_same_file_again_changes_nothing(city: CardCity) -> None:
    campaign, design, papers = city.on_paper()
    pages = filled(design, papers[0])

    first, second = city.scan(campaign, *pages), city.scan(campaign, *pages, name="again.tif")

    assert first.scan_id == second.scan_id
    assert (city.progress(campaign).files, city.card(campaign).copies) == (1, 0)


def test_a_photocopied_card_with_the_same_marks_is_a_duplicate_and_with_others_goes_to_people(city: CardCity) -> None:
    campaign, design, papers = city.on_paper()
    doubtful, other = filled(design, papers[0], faint=[7]), filled(design, papers[0], (1, 3, 3, 1), faint=[7])

    city.scan(campaign, *doubtful)
    city.scan(campaign, *doubtful, *doubtful, name="twice.tif")
    assert [one.dimension for one in city.asked(campaign, LI)] == ["服务"]
    city.scan(campaign, *other, name="other.tif")

    rows = city.asked(campaign, LI)
    assert len(rows) == 3 and city.card(campaign).state == card_audit_pb2.CARD_STATE_OPEN
    for row in rows:
        grade = {"履职": 2}.get(row.dimension, 2) if row.object == "tax" else 1
        city.key(row, grade, LI), city.key(row, grade, WANG)
    assert city.card(campaign).state == card_audit_pb2.CARD_STATE_COUNTED
    city.scan(campaign, *filled(design, papers[0], (4, 4, 4, 4)), name="late-copy.tif")
    assert "CARD_ALREADY_COUNTED" in city.faults(campaign)
    assert len(stored.leaves(city.door.store)) == 1


def test_a_card_of_several_sheets_is_counted_when_the_last_side_has_come_in_whatever_order(city: CardCity) -> None:
    campaign = city.create()
    city.imported(campaign, [("d0", "delegates", "")])
    design = city.designed(campaign, form="A5", sides=2)
    [paper] = city.printed(city.run_of(campaign, design))
    from zhengfeng.evaluation.v1 import campaigns_pb2

    campaign = city.move(city.campaigns.OpenCampaign, campaigns_pb2.OpenCampaignRequest, campaign)
    pages = filled(design, paper)
    if len(pages) > 1:
        city.scan(campaign, *reversed(pages[1:]))
        assert city.card(campaign).state == card_audit_pb2.CARD_STATE_OPEN
    city.scan(campaign, pages[0], name="first.tif")

    assert city.card(campaign).state == card_audit_pb2.CARD_STATE_COUNTED


def test_a_desk_without_a_scanner_keys_whole_cards_by_two_people(city: CardCity) -> None:
    campaign, design, papers = city.on_paper()
    first = city.key_card(campaign, papers[0], GOOD)
    second = city.key_card(campaign, papers[0], (1, 2, 4, 1))

    assert city.door.call(city.keying.KeyCard, first, LI).keyed.keyed_by == 1
    assert city.door.refused(city.keying.KeyCard, first, LI).reason == "ROW_KEYED_BY_YOU"
    keyed = city.door.call(city.keying.KeyCard, second, WANG).keyed
    assert (keyed.keyed_by, keyed.disputed) == (2, 2)
    assert city.door.refused(city.keying.KeyCard, first, SUN).reason == "CARD_ALREADY_KEYED"
    for row in city.disputed(campaign, ZHAO):
        city.decide(row, 3, ZHAO)

    assert (city.card(campaign).state, city.card(campaign).by_hand) == (card_audit_pb2.CARD_STATE_COUNTED, True)
    assert stored.leaves(city.door.store)[0]["ratings"].tobytes() == packed(GOOD)
    city.scan(campaign, *filled(design, papers[0]))
    assert city.faults(campaign) == ["CARD_ALREADY_KEYED"]


def test_a_sample_from_a_published_seed_is_keyed_again_and_tells_the_entry_error(city: CardCity) -> None:
    campaign, design, papers = city.on_paper(4)
    city.scan(campaign, *(side for paper in papers for side in filled(design, paper, faint=[0])))
    for who in (LI, WANG):
        for row in city.asked(campaign, who):
            city.key(row, 1, who)
    request = card_audit_pb2.DrawCardSampleRequest(campaign_id=campaign.campaign_id, seed="双色球 2026131", cards=2)
    sample = city.door.call(city.audit.DrawCardSample, request, AUDITOR).sample

    assert len(set(sample.card_ids)) == 2
    assert (sample.rows, sample.rows_waiting, sample.rows_wrong) == (16, 16, 0)
    assert city.door.refused(city.audit.DrawCardSample, request, AUDITOR).reason == "CARD_SAMPLE_DRAWN"
    assert len(city.asked(campaign, LI)) == 14 and len(city.asked(campaign, ZHAO)) == 16
    wrong = city.asked(campaign, ZHAO)[0]
    for row in city.asked(campaign, ZHAO):
        place = ["housing", "tax", "schools", "roads"].index(row.object)
        city.key(row, 4 if row.doubt_id == wrong.doubt_id else GOOD[place], ZHAO)
    asked = card_audit_pb2.GetEntryErrorRequest(campaign_id=campaign.campaign_id)
    error = city.door.call(city.audit.GetEntryError, asked, AUDITOR).error
    assert (error.wrong.of, error.wrong.number, error.waiting) == (15, 0, 1)
    city.key(wrong, 4, SUN)

    error = city.door.call(city.audit.GetEntryError, asked, AUDITOR).error
    assert (error.wrong.of, error.wrong.number, error.wrong.share) == (16, 1, "0.062500")
    assert float(error.wrong.low) < 1 / 16 < float(error.wrong.high)
    assert (error.agreed.of, error.agreed.number) == (5, 5)
    city.door.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]
    other = card_audit_pb2.DrawCardSampleRequest(campaign_id=campaign.campaign_id, seed="双色球 2026132", cards=4)
    city.door.call(city.audit.DrawCardSample, other, AUDITOR)
    drawn = card_audit_pb2.ListCardSamplesRequest(campaign_id=campaign.campaign_id)
    samples = city.door.call(city.audit.ListCardSamples, drawn, AUDITOR).samples
    assert [(one.rows, one.rows_waiting, one.rows_wrong) for one in samples] == [(32, 32, 0), (16, 0, 1)]
