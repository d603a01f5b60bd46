"""Ballots behind the door: one per code over all channels, own unit, classes, streams, nothing to guess."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from zhengfeng.evaluation.v1 import ballots_pb2, campaigns_pb2, formula_pb2, raters_pb2

from chassis.clock import SettableClock
from services.evaluation.usecases import reading
from tests.service.evaluation import stored
from tests.service.evaluation.campaigns import CLOSES_AT, ELSEWHERE, REGISTRAR, City, packed, proof_of
from tests.service.evaluation.streams import WRONG, batch, stream, stream_refused, turnout

GOOD = (1, 2, 3, 1)
NONCE, OTHER_NONCE = "k3Jd82mPqLs0Zx7V", "B9wTc41nYhRg6EuA"


def test_a_ballot_cast_twice_under_its_code_is_answered_with_the_same_receipt(city: City) -> None:
    campaign, [code, *_], _ = city.opened()
    first = city.cast(code, campaign, GOOD, nonce=NONCE)
    assert city.cast(code.lower().replace("-", " "), campaign, GOOD, nonce=NONCE) == first
    assert turnout(city, campaign).received == 1


def test_whoever_has_a_code_but_not_the_nonce_cannot_tell_by_a_receipt_what_was_cast(city: City) -> None:
    campaign, [code, *_], _ = city.opened()
    city.cast(code, campaign, GOOD, nonce=NONCE)
    for more in ({}, {"nonce": OTHER_NONCE}):
        refused = city.door.refused(city.ballots.CastBallot, city.ballot(code, campaign, GOOD, **more))
        assert refused.reason == "BALLOT_ALREADY_CAST", "guessed right or wrong, the answer is the same"
    wrong = city.door.refused(city.ballots.CastBallot, city.ballot(code, campaign, (2, 2, 2, 3), nonce=NONCE))
    assert wrong.reason == "BALLOT_ALREADY_CAST"
    assert turnout(city, campaign).received == 1


def test_a_ballot_without_a_nonce_is_cast_and_has_one_receipt(city: City) -> None:
    campaign, [code, *_], _ = city.opened()
    assert city.cast(code, campaign, GOOD).counts
    again = city.door.refused(city.ballots.CastBallot, city.ballot(code, campaign, GOOD))
    assert again.reason == "BALLOT_ALREADY_CAST"


def test_a_code_proves_nothing_without_its_receipt(city: City) -> None:
    """Leaf hashes are published: whoever issued the codes could try them all."""
    campaign, [code, other, unused, *_], _ = city.opened()
    mine, theirs = city.cast(code, campaign, GOOD), city.cast(other, campaign, GOOD)
    assert city.prove(code, mine).leaf_hash == mine.leaf_hash
    forged = ballots_pb2.Receipt(leaf_hash=mine.leaf_hash, signature=theirs.signature)
    tries = [proof_of(code, theirs), proof_of(code, forged), proof_of(unused, mine)]
    seen = [city.door.refused(city.ballots.ProveBallot, one) for one in tries]
    assert {one.reason for one in seen} == {"NO_BALLOT_CAST"}
    assert seen[0] == seen[1] == seen[2]


def test_a_retry_is_answered_with_its_receipt_and_does_not_bring_back_an_older_ballot(city: City) -> None:
    campaign, [code, *_], _ = city.opened(revote=formula_pb2.REVOTE_LAST_COUNTS)
    first = city.cast(code, campaign, GOOD, nonce=NONCE, after=0)
    second = city.cast(code, campaign, (2, 2, 2, 3), nonce=OTHER_NONCE, after=1)
    again = city.cast(code, campaign, GOOD, nonce=NONCE, after=0)
    assert (again.leaf_hash, again.position, again.counts) == (first.leaf_hash, first.position, False)
    assert city.prove(code, second).counts
    assert (turnout(city, campaign).received, city.paper(code).ballots_cast) == (2, 2)


def test_a_ballot_whose_paper_was_shown_before_another_was_cast_is_not_put_in_its_place(city: City) -> None:
    campaign, [code, *_], _ = city.opened(revote=formula_pb2.REVOTE_LAST_COUNTS)
    assert city.paper(code).ballots_cast == 0
    city.cast(code, campaign, GOOD, nonce=NONCE, after=0)
    older = city.ballot(code, campaign, (2, 2, 2, 3), nonce=OTHER_NONCE, after=0)
    assert city.door.refused(city.ballots.CastBallot, older).reason == "BALLOT_CAST_SINCE"
    assert turnout(city, campaign).received == 1
    older.after = city.paper(code).ballots_cast
    assert city.door.call(city.ballots.CastBallot, older).receipt.counts


@pytest.mark.parametrize("rule", ["REVOTE_FIRST_COUNTS", "REVOTE_LAST_COUNTS"])
def test_a_ballot_that_comes_after_the_period_never_stands_in_place_of_a_good_one(
    city: City, clock: SettableClock, rule: str
) -> None:
    campaign, [code, *_], _ = city.opened(revote=formula_pb2.Revote.Value(rule))
    city.cast(code, campaign, GOOD, nonce=NONCE)
    clock.set(CLOSES_AT + timedelta(minutes=1))
    late = city.ballot(code, campaign, (2, 2, 2, 3), nonce=OTHER_NONCE)
    assert city.door.refused(city.ballots.CastBallot, late).reason == "BALLOT_ALREADY_CAST"
    taken = stream(city, batch(campaign, 1, [(code, packed((2, 2, 2, 3)))]))
    assert [one.reason for one in taken.refusals] == ["BALLOT_ALREADY_CAST"]
    assert city.cast(code, campaign, GOOD, nonce=NONCE).counts, "the answer that was lost is given again all the same"
    assert (turnout(city, campaign).counted, turnout(city, campaign).late) == (1, 0)


def test_a_blank_ballot_cast_again_in_time_takes_the_first_one_back(city: City) -> None:
    campaign, [code, *_], _ = city.opened(revote=formula_pb2.REVOTE_LAST_COUNTS)
    city.cast(code, campaign, GOOD)
    city.cast(code, campaign, (0, 0, 0, 0))
    assert (turnout(city, campaign).received, turnout(city, campaign).counted) == (2, 0)


def test_another_ballot_under_a_used_code_is_refused_and_changes_nothing(city: City) -> None:
    campaign, [code, *_], _ = city.opened()
    first = city.cast(code, campaign, GOOD)
    refused = city.door.refused(city.ballots.CastBallot, city.ballot(code, campaign, (2, 2, 2, 3)))
    taken = stream(city, batch(campaign, 1, [(code, packed((2, 2, 2, 3)))]))
    assert refused.reason == "BALLOT_ALREADY_CAST"
    assert [one.reason for one in taken.refusals] == ["BALLOT_ALREADY_CAST"]
    assert city.prove(code).leaf_hash == first.leaf_hash


@pytest.mark.parametrize(("rule", "standing"), [("REVOTE_FIRST_COUNTS", 0), ("REVOTE_LAST_COUNTS", 1)])
def test_by_the_revote_rule_both_are_kept_and_one_counts(city: City, rule: str, standing: int) -> None:
    campaign, [code, *_], _ = city.opened(revote=formula_pb2.Revote.Value(rule))
    receipts = [city.cast(code, campaign, GOOD), city.cast(code, campaign, (2, 2, 2, 3))]
    seen = turnout(city, campaign)
    assert (seen.received, seen.counted, seen.superseded) == (2, 1, 1)
    assert [city.prove(code, one).counts for one in receipts] == [place == standing for place in (0, 1)]


def test_a_ballot_cast_again_within_one_batch_names_the_one_before_it(city: City) -> None:
    campaign, codes, _ = city.opened(revote=formula_pb2.REVOTE_LAST_COUNTS)
    slips = [(code, packed(grades)) for grades in (GOOD, (2, 2, 2, 3), (3, 1, 1, 1)) for code in codes]
    taken = stream(city, batch(campaign, 1, slips))
    seen = turnout(city, campaign)
    assert (taken.accepted, taken.repeated, taken.refused) == (18, 0, 0)
    assert (seen.received, seen.counted, seen.superseded) == (18, 6, 12)
    assert city.counted(campaign).version == campaign.version + 2


def test_a_box_is_read_the_same_however_little_of_it_at_once(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign, codes, firms = city.opened(revote=formula_pb2.REVOTE_LAST_COUNTS)
    stream(city, batch(campaign, 1, [(code, packed(GOOD)) for code in (*codes, *firms)]))
    city.cast(codes[0], campaign, (2, 2, 2, 3))
    before = turnout(city, campaign)
    monkeypatch.setattr(reading, "PORTION_BYTES", 1)
    assert turnout(city, campaign) == before
    assert (before.received, before.counted, before.superseded) == (7, 6, 1)


def test_a_wrong_code_a_void_one_and_one_of_a_closed_campaign_look_alike(city: City) -> None:
    campaign, codes, _ = city.opened()
    raters = city.door.call(
        city.raters.ListRaters, raters_pb2.ListRatersRequest(campaign_id=campaign.campaign_id), REGISTRAR
    ).raters
    reissue = raters_pb2.ReissueCodeRequest(
        campaign_id=campaign.campaign_id, rater_id=raters[0].rater_id, reason="lost", request_id="lost-1"
    )
    fresh = city.door.call(city.raters.ReissueCode, reissue, REGISTRAR).code.code
    assert city.door.call(city.raters.ReissueCode, reissue, REGISTRAR).code.code == fresh
    asked = [ballots_pb2.GetBallotPaperRequest(code=code) for code in (WRONG, codes[0])]
    seen = [city.door.refused(city.ballots.GetBallotPaper, one) for one in asked]
    seen.append(city.door.refused(city.ballots.CastBallot, city.ballot(codes[0], campaign, GOOD)))
    assert city.paper(fresh).title == campaign.plan.title
    city.move(city.campaigns.CloseCampaign, campaigns_pb2.CloseCampaignRequest, campaign)
    seen.append(city.door.refused(city.ballots.GetBallotPaper, ballots_pb2.GetBallotPaperRequest(code=fresh)))
    assert set(seen) == {seen[0]}
    assert seen[0].reason == "CODE_NOT_KNOWN"


def test_codes_guessed_by_script_are_slowed_down_and_nothing_is_counted(city: City) -> None:
    campaign, _, _ = city.opened()
    reasons = [
        city.door.refused(city.ballots.CastBallot, city.ballot(f"{number:05d}{WRONG[5:]}", campaign, GOOD)).reason
        for number in range(60)
    ]
    assert reasons[-1] == "TOO_MANY_ATTEMPTS"
    assert turnout(city, campaign).received == 0


def test_a_used_code_is_not_issued_again(city: City) -> None:
    campaign, [code, *_], _ = city.opened(delegates=1, enterprises=0)
    city.cast(code, campaign, GOOD)
    [rater] = city.door.call(
        city.raters.ListRaters, raters_pb2.ListRatersRequest(campaign_id=campaign.campaign_id), REGISTRAR
    ).raters
    request = raters_pb2.ReissueCodeRequest(
        campaign_id=campaign.campaign_id, rater_id=rater.rater_id, reason="lost", request_id="again"
    )
    assert city.door.refused(city.raters.ReissueCode, request, REGISTRAR).reason == "CODE_ALREADY_USED"


def test_nobody_rates_the_own_unit(city: City) -> None:
    campaign = city.create()
    [code] = city.enter(campaign.campaign_id, ("h1", "delegates", "housing"))
    opened = city.move(city.campaigns.OpenCampaign, campaigns_pb2.OpenCampaignRequest, campaign)
    assert [one.own_unit for group in city.paper(code).groups for one in group.objects] == [True, False, False, False]
    city.cast(code, opened, (1, 2, 3, 1))
    assert stored.leaves(city.door.store)["ratings"].tolist() == [[255, 255, 2, 2, 3, 3, 1, 1]]


def test_with_other_gaps_the_own_unit_is_a_gap_too(city: City) -> None:
    campaign = city.create()
    [code] = city.enter(campaign.campaign_id, ("h1", "delegates", "housing"))
    opened = city.move(city.campaigns.OpenCampaign, campaigns_pb2.OpenCampaignRequest, campaign)
    assert city.cast(code, opened, (1, 2, 0, 1)).counts
    assert stored.leaves(city.door.store)["ratings"].tolist() == [[0, 0, 2, 2, 0, 0, 1, 1]]


@pytest.mark.parametrize(
    ("grades", "class_name"),
    [
        ((0, 0, 0, 0), "BLANK"),
        ((1, 0, 0, 0), "TOO_FEW"),
        ((1, 1, 1, 1), "STRAIGHT_LINED"),
        ((255, 255, 255, 2), "VALID"),
        (GOOD, "VALID"),
    ],
)
def test_every_ballot_received_has_its_class(city: City, grades: Sequence[int], class_name: str) -> None:
    rules = formula_pb2.ValidityRules(min_answered="0.5", straight_line_objects=3, straight_lined_counts=False)
    campaign, [code, *_], _ = city.opened(validity=rules)
    receipt = city.cast(code, campaign, grades)
    assert ballots_pb2.BallotClass.Name(receipt.ballot_class) == f"BALLOT_CLASS_{class_name}"
    assert receipt.counts == (class_name == "VALID")
    assert (turnout(city, campaign).received, turnout(city, campaign).counted) == (1, int(receipt.counts))


def test_a_late_ballot_is_kept_and_does_not_count(city: City, clock: SettableClock) -> None:
    campaign, [code, *_], _ = city.opened()
    clock.set(CLOSES_AT + timedelta(minutes=1))
    assert not city.cast(code, campaign, GOOD).counts
    assert turnout(city, campaign).late == 1


def test_ratings_outside_the_paper_are_refused(city: City) -> None:
    campaign, [code, *_], _ = city.opened()
    outside = city.ballot(code, campaign, (5, 1, 1, 1))
    foreign = city.ballot(code, campaign, GOOD)
    foreign.ratings[0].object_id = campaign.campaign_id
    short = city.ballot(code, campaign, GOOD)
    del short.ratings[0].grades[1:]
    reasons = [city.door.refused(city.ballots.CastBallot, one).reason for one in (outside, foreign, short)]
    assert reasons == ["RATING_OUTSIDE_SCALE", "OBJECT_UNKNOWN", "RATINGS_INCOMPLETE"]
    assert turnout(city, campaign).received == 0


def test_a_stream_is_acknowledged_and_goes_on_where_it_broke(city: City) -> None:
    campaign, codes, firms = city.opened()
    first = batch(campaign, 1, [(code, packed(GOOD)) for code in codes[:3]])
    second = batch(campaign, 2, [(code, packed(GOOD)) for code in (*codes[3:], WRONG)])
    assert stream(city, first).last_committed_sequence == 1
    assert stream(city, batch(campaign, 0, [])).last_committed_sequence == 1
    again = stream(city, first, second, batch(campaign, 3, [(firms[0], packed((9, 1, 1, 1)))]))
    assert (again.last_committed_sequence, again.accepted, again.refused) == (3, 3, 2)
    assert [(one.sequence, one.index, one.reason) for one in again.refusals] == [
        (2, 3, "CODE_NOT_KNOWN"),
        (3, 0, "RATING_OUTSIDE_SCALE"),
    ]
    assert turnout(city, campaign).received == 6


@pytest.mark.parametrize("place", range(1, 9))
def test_what_came_before_a_wrong_batch_is_in_the_box_and_what_came_after_is_not(city: City, place: int) -> None:
    campaign, codes, _ = city.opened(delegates=9)
    sent = [batch(campaign, number, [(code, packed(GOOD))]) for number, code in enumerate(codes, start=1)]
    sent[place].ratings += b"\x01"
    assert stream_refused(city, *sent).reason == "RATINGS_LENGTH"
    assert turnout(city, campaign).received == place
    assert stream(city, batch(campaign, 0, [])).last_committed_sequence == place


def test_a_stream_with_a_gap_a_wrong_length_or_no_source_is_refused(city: City) -> None:
    campaign, codes, _ = city.opened()
    slips = [(codes[0], packed(GOOD))]
    nameless = batch(campaign, 1, slips)
    nameless.source = ""
    silent = batch(campaign, 1, slips)
    silent.channel = ballots_pb2.CHANNEL_UNSPECIFIED
    assert stream_refused(city, batch(campaign, 2, slips)).reason == "SEQUENCE_GAP"
    assert stream_refused(city, batch(campaign, 1, [(codes[0], b"\x01")])).reason == "RATINGS_LENGTH"
    assert stream_refused(city, nameless).reason == "SOURCE_MISSING"
    assert stream_refused(city, silent).reason == "CHANNEL_MISSING"
    assert stream_refused(city, batch(campaign, 1, slips), as_=ELSEWHERE).reason == "CAMPAIGN_NOT_FOUND"
    assert stream_refused(city, batch(campaign, 1, slips), as_=REGISTRAR).reason == "ROLE_NOT_ALLOWED"
    assert turnout(city, campaign).received == 0


def test_the_same_code_twice_in_one_batch_counts_once(city: City) -> None:
    campaign, [code, *_], _ = city.opened()
    taken = stream(city, batch(campaign, 1, [(code, packed(GOOD)), (code, packed(GOOD)), (code, packed((2, 2, 2, 2)))]))
    assert (taken.accepted, taken.repeated, taken.refused) == (1, 1, 1)
    assert turnout(city, campaign).received == 1


def test_after_closing_no_ballot_is_taken_over_any_channel(city: City) -> None:
    campaign, [code, *_], _ = city.opened()
    city.move(city.campaigns.CloseCampaign, campaigns_pb2.CloseCampaignRequest, campaign)
    assert stream_refused(city, batch(campaign, 1, [(code, packed(GOOD))])).reason == "CAMPAIGN_NOT_OPEN"
