"""What must not come into a box: codes tried out, other people's objects, streams sent again; and nothing to learn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from zhengfeng.evaluation.v1 import ballots_pb2, campaigns_pb2, plan_pb2, raters_pb2

from chassis.clock import new_id
from chassis.store import Store
from tests.service.evaluation import stored
from tests.service.evaluation.campaigns import REGISTRAR, City, packed
from tests.service.evaluation.streams import WRONG, batch, stream, stream_refused, turnout

GOOD, OTHER = (1, 2, 3, 1), (2, 1, 1, 3)
TRIED, BATCH = 10_000, 500
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def guess(number: int) -> str:
    """A code as a script would try it."""
    digits = [ALPHABET[number >> 5 * place & 31] for place in range(20)]
    return "-".join("".join(digits[at : at + 5]) for at in range(0, 20, 5))


def everything(store: Store, *but: str) -> dict[str, list[Any]]:
    """Every row of a database, but of these tables."""
    with store.engine.connect() as connection:
        tables = [table for table in store.schema.metadata.sorted_tables if table.name not in but]
        return {table.name: sorted(map(repr, connection.execute(table.select()))) for table in tables}


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    """The statements a database is asked meanwhile."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    sa.event.listen(store.engine, "before_cursor_execute", note)
    yield asked
    sa.event.remove(store.engine, "before_cursor_execute", note)


def divided(city: City, rates: Sequence[str]) -> tuple[Any, str]:
    """An open campaign with a rater whose group rates these object groups only, and the rater's code."""
    groups = [
        plan_pb2.RaterGroup(key="delegates", name="评议代表", weight=50, rates=rates),
        plan_pb2.RaterGroup(key="enterprises", name="企业", weight=50),
    ]
    campaign, [code], _ = city.opened(delegates=1, enterprises=0, rater_groups=groups)
    return campaign, code


def for_one(city: City, place: int) -> tuple[Any, str, str]:
    """An open campaign, a code that is for one object only, and that object."""
    draft = city.create()
    objects = [one.object_id for group in draft.plan.object_groups for one in group.objects]
    rater = raters_pb2.NewRater(reference="w1", rater_group="delegates", object_id=objects[place])
    request = raters_pb2.ImportRatersRequest(campaign_id=draft.campaign_id, raters=[rater])
    city.door.call(city.raters.ImportRaters, request, REGISTRAR)
    code = city.issue(draft.campaign_id, new_id(city.door.clock))["w1"]
    return city.move(city.campaigns.OpenCampaign, campaigns_pb2.OpenCampaignRequest, draft), code, objects[place]


def test_ten_thousand_codes_tried_by_a_script_open_nothing_and_leave_no_trace(city: City) -> None:
    campaign, [code, *_], _ = city.opened()
    city.cast(code, campaign, GOOD)
    before = everything(city.door.store, "batches", "boxes"), everything(city.door.usecases.register)
    tries = [(guess(number), packed(GOOD)) for number in range(TRIED)]
    batches = [batch(campaign, at // BATCH + 1, tries[at : at + BATCH]) for at in range(0, TRIED, BATCH)]
    taken = stream(city, *batches)
    assert (taken.accepted, taken.repeated, taken.refused) == (0, 0, TRIED)
    assert {one.reason for one in taken.refusals} == {"CODE_NOT_KNOWN"}
    assert (everything(city.door.store, "batches", "boxes"), everything(city.door.usecases.register)) == before
    assert turnout(city, campaign).received == 1


def test_a_script_at_the_raters_door_is_slowed_down_whatever_it_asks(city: City) -> None:
    campaign, [code, *_], _ = city.opened()
    for number in range(60):
        request = ballots_pb2.GetBallotPaperRequest(code=guess(number))
        last = city.door.refused(city.ballots.GetBallotPaper, request).reason
    assert last == "TOO_MANY_ATTEMPTS"
    proof = ballots_pb2.ProveBallotRequest(code=guess(0), leaf_hash=bytes(32), signature=bytes(64))
    asked = [
        city.door.refused(city.ballots.CastBallot, city.ballot(code, campaign, GOOD)),
        city.door.refused(city.ballots.ProveBallot, proof),
    ]
    assert {one.reason for one in asked} == {"TOO_MANY_ATTEMPTS"}, "a good code is no way around it"
    assert turnout(city, campaign).received == 0


def test_wrong_void_and_expired_codes_ask_the_database_the_same(city: City) -> None:
    campaign, codes, _ = city.opened()
    city.paper(codes[0])  # from here on the campaign is known to the process, as it is in daily life
    city.move(city.campaigns.CloseCampaign, campaigns_pb2.CloseCampaignRequest, campaign)
    asked, answers = [], []
    for code in (WRONG, codes[0], codes[1]):
        with statements(city.door.store) as seen:
            answers.append(city.door.refused(city.ballots.CastBallot, city.ballot(code, campaign, GOOD)))
        asked.append(list(seen))
    assert asked[0] == asked[1] == asked[2]
    assert answers[0] == answers[1] == answers[2]
    assert answers[0].reason == "CODE_NOT_KNOWN"


def test_a_code_of_another_campaign_looks_like_a_wrong_one_to_a_device(city: City) -> None:
    campaign, _, _ = city.opened()
    other, [foreign, *_], _ = city.opened()
    taken = stream(city, batch(campaign, 1, [(foreign, packed(GOOD)), (WRONG, packed(GOOD))]))
    assert [one.reason for one in taken.refusals] == ["CODE_NOT_KNOWN", "CODE_NOT_KNOWN"]
    assert turnout(city, campaign).received == turnout(city, other).received == 0
    assert city.cast(foreign, other, GOOD).position == 0, "the code is as good as before"


def test_a_used_code_on_another_channel_changes_nothing(city: City) -> None:
    campaign, codes, _ = city.opened()
    stream(city, batch(campaign, 1, [(codes[0], packed(GOOD))]))
    same = city.door.refused(city.ballots.CastBallot, city.ballot(codes[0], campaign, GOOD))
    by_phone = city.door.refused(city.ballots.CastBallot, city.ballot(codes[0], campaign, OTHER))
    assert same == by_phone, "what a desk entered is told to nobody who has the code"
    taken = stream(city, batch(campaign, 1, [(codes[0], packed(OTHER))], source="tablet-2"))
    assert (by_phone.reason, taken.refusals[0].reason) == ("BALLOT_ALREADY_CAST", "BALLOT_ALREADY_CAST")
    assert turnout(city, campaign).received == 1


def test_while_nothing_is_known_of_the_own_unit_no_ballot_is_taken_that_might_rate_it(city: City) -> None:
    draft = city.create()
    [code] = city.enter(draft.campaign_id, ("h1", "delegates", "housing"))
    campaign = city.move(city.campaigns.OpenCampaign, campaigns_pb2.OpenCampaignRequest, draft)
    known = city.door.store.schema["copies"]
    with city.door.store.engine.connect().execution_options(writes=True) as connection:
        connection.execute(known.delete().where(known.c.id == city.units["housing"]))
        connection.commit()
    paper = city.door.refused(city.ballots.GetBallotPaper, ballots_pb2.GetBallotPaperRequest(code=code))
    cast = city.door.refused(city.ballots.CastBallot, city.ballot(code, campaign, GOOD))
    sent = stream_refused(city, batch(campaign, 1, [(code, packed(GOOD))]))
    assert {paper.reason, cast.reason, sent.reason} == {"OWN_UNIT_NOT_KNOWN"}
    assert turnout(city, campaign).received == 0


@pytest.mark.parametrize("cell", [5, 200, 254])
def test_a_rating_outside_the_scale_is_refused_and_the_code_stays_good(city: City, cell: int) -> None:
    campaign, codes, _ = city.opened()
    taken = stream(city, batch(campaign, 1, [(codes[0], packed((cell, 1, 1, 1))), (codes[1], packed(GOOD))]))
    assert [(one.index, one.reason) for one in taken.refusals] == [(0, "RATING_OUTSIDE_SCALE")]
    assert taken.accepted == 1
    again = stream(city, batch(campaign, 2, [(codes[0], packed((cell, 1, 1, 1))), (codes[0], packed(GOOD))]))
    assert (again.accepted, again.refused) == (1, 1)


def test_objects_of_another_group_are_not_on_the_paper_and_refused_by_name(city: City) -> None:
    campaign, code = divided(city, ["trades"])
    assert [one.name for group in city.paper(code).groups for one in group.objects] == ["roads"]
    refused = city.door.refused(city.ballots.CastBallot, city.ballot(code, campaign, (0, 255, 0, 1)))
    assert (refused.reason, "tax" in refused.sentence) == ("OBJECT_NOT_YOURS", True)
    taken = stream(city, batch(campaign, 1, [(code, packed((0, 0, 3, 1)))]))
    schools = campaign.plan.object_groups[0].objects[2].object_id
    assert [(one.reason, one.object_id) for one in taken.refusals] == [("OBJECT_NOT_YOURS", schools)]
    assert turnout(city, campaign).received == 0
    receipt = city.cast(code, campaign, (0, 0, 0, 1))
    assert receipt.counts, "one object is all there is to rate, so it is not too few"
    assert stored.leaves(city.door.store)["ratings"].tolist() == [[0, 0, 0, 0, 0, 0, 1, 1]]


def test_a_code_for_one_object_rates_that_object_only(city: City) -> None:
    campaign, code, tax = for_one(city, 1)
    assert [one.object_id for group in city.paper(code).groups for one in group.objects] == [tax]
    refused = city.door.refused(city.ballots.CastBallot, city.ballot(code, campaign, (1, 2, 0, 0)))
    assert (refused.reason, "housing" in refused.sentence) == ("OBJECT_NOT_YOURS", True)
    taken = stream(city, batch(campaign, 1, [(code, packed((0, 1, 0, 2))), (code, packed((0, 2, 0, 0)))]))
    assert (taken.accepted, [one.reason for one in taken.refusals]) == (1, ["OBJECT_NOT_YOURS"])
    assert turnout(city, campaign).counted == 1


def test_a_stream_sent_again_is_passed_over_and_another_one_under_its_name_refused(city: City) -> None:
    campaign, codes, firms = city.opened()
    sent = [batch(campaign, number + 1, [(code, packed(GOOD))]) for number, code in enumerate(codes)]
    assert stream(city, *sent).accepted == 6
    before = everything(city.door.store)
    older = stream(city, *sent, sent[0])
    assert (older.last_committed_sequence, older.accepted, older.repeated, older.refused) == (6, 0, 0, 0)
    for other in (batch(campaign, 2, [(firms[0], packed(OTHER))]), batch(campaign, 1, [(codes[0], packed(OTHER))])):
        refused = stream_refused(city, other)
        assert (refused.reason, "tablet-1" in refused.sentence, "6" in refused.sentence) == ("SEQUENCE_REUSED", True, True)
    assert everything(city.door.store) == before, "not even a line about it"
    same = stream(city, batch(campaign, 7, [(code, packed(GOOD)) for code in codes]))
    assert (same.accepted, same.repeated) == (0, 6)
    assert stream_refused(city, batch(campaign, 9, [(firms[0], packed(OTHER))])).reason == "SEQUENCE_GAP"
    assert turnout(city, campaign).received == 6
