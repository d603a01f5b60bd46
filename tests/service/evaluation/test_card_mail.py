"""The mail room: cards posted, undelivered, come back late or twice, issued again; what it sees, and what it does not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from zhengfeng.evaluation.v1 import card_audit_pb2, card_mail_pb2, card_runs_pb2, keying_pb2, raters_pb2

from chassis.clock import new_id
from tests.doors import Door
from tests.service.evaluation import stored
from tests.service.evaluation.campaigns import CLOSES_AT, ORGANISER, REGISTRAR, packed
from tests.service.evaluation.card_scene import AUDITOR, GOOD, LI, CardCity, filled


@pytest.fixture
def city(door: Callable[[str], Door]) -> CardCity:
    return CardCity(door("evaluation"))


def reissued(city: CardCity, campaign: object, rater_id: str) -> card_runs_pb2.ReissueCardRequest:
    return card_runs_pb2.ReissueCardRequest(campaign_id=campaign.campaign_id, rater_id=rater_id)  # type: ignore[attr-defined]


def on_way(city: CardCity, campaign: object) -> list[card_mail_pb2.CardOnItsWay]:
    request = card_mail_pb2.ListCardMailRequest(campaign_id=campaign.campaign_id)  # type: ignore[attr-defined]
    return list(city.door.call(city.mail.ListCardMail, request, REGISTRAR).cards)


def turnout(city: CardCity, campaign: object) -> card_mail_pb2.CardTurnout:
    request = card_mail_pb2.GetCardTurnoutRequest(campaign_id=campaign.campaign_id)  # type: ignore[attr-defined]
    [group] = city.door.call(city.mail.GetCardTurnout, request, ORGANISER).groups
    return group  # type: ignore[no-any-return]


def test_a_run_prints_in_parts_goes_on_where_it_stopped_and_shows_the_same_serials_again(city: CardCity) -> None:
    campaign, design, papers = city.on_paper(7)
    [run] = city.door.call(
        city.runs.ListCardRuns, card_runs_pb2.ListCardRunsRequest(campaign_id=campaign.campaign_id), REGISTRAR
    ).runs
    assert (run.cards, run.printed_to, run.last_number) == (7, papers[-1].number, papers[-1].number)

    first = city.printed(run, at_most=3)
    rest = city.printed(run, after=first[-1].number)

    assert [*first, *rest] == papers and len({paper.serial for paper in papers}) == 7
    over = card_runs_pb2.PrintCardsRequest(run_id=run.run_id, purpose="邮寄", after=run.last_number)
    shown = city.door.refused(lambda *asked, **told: list(city.runs.PrintCards(*asked, **told)), over, REGISTRAR)
    assert shown.reason == "NO_CARDS"
    again = card_runs_pb2.StartCardRunRequest(campaign_id=campaign.campaign_id, design_id=design.design_id)
    assert city.door.refused(city.runs.StartCardRun, again, REGISTRAR).reason == "NO_RATERS_WITHOUT_CARD"


def test_a_part_of_a_run_ends_at_its_last_number_also_where_cards_of_it_were_issued_again(city: CardCity) -> None:
    campaign = city.create()
    city.imported(campaign, [(f"d{number}", "delegates", "") for number in range(6)])
    run = city.run_of(campaign, city.designed(campaign))
    cards = on_way(city, campaign)
    for one in (cards[1], cards[2]):
        city.door.call(city.runs.ReissueCard, reissued(city, campaign, one.rater_id), REGISTRAR)

    shown = city.printed(run, after=0, until=cards[2].number)

    assert [one.number for one in shown] == [cards[0].number]
    reached = city.door.call(
        city.runs.ListCardRuns, card_runs_pb2.ListCardRunsRequest(campaign_id=campaign.campaign_id), REGISTRAR
    ).runs
    assert {one.run_id: one.printed_to for one in reached}[run.run_id] == cards[2].number
    assert [one.number for one in city.printed(run, after=cards[2].number)] == [one.number for one in cards[3:]]


def test_the_mail_room_writes_down_where_cards_are_and_each_row_is_answered(city: CardCity) -> None:
    campaign, _, papers = city.on_paper(4)
    run_id = on_way(city, campaign)[0].run_id
    assert city.told(campaign, card_mail_pb2.CARD_MAIL_POSTED, run_id=run_id).recorded == 4
    city.told(campaign, card_mail_pb2.CARD_MAIL_UNDELIVERED, papers[3].serial)

    back = [papers[0].serial, papers[0].serial.replace("-", " ").lower(), "00000-00000-00000-00000"]
    answer = city.told(campaign, card_mail_pb2.CARD_MAIL_RETURNED, *back)
    city.door.clock.set(CLOSES_AT + timedelta(days=1))  # type: ignore[attr-defined]
    late = city.told(campaign, card_mail_pb2.CARD_MAIL_RETURNED, papers[1].serial)

    told = [(one.duplicate, one.refused_reason) for one in answer.cards]
    assert told == [(False, ""), (True, ""), (False, "CARD_NOT_KNOWN")]
    assert late.cards[0].late
    found = turnout(city, campaign)
    assert (found.posted, found.undelivered, found.returned, found.late, found.duplicates) == (1, 1, 2, 1, 1)


def test_a_run_told_as_posted_moves_only_cards_not_yet_on_their_way_and_is_one_line_of_the_audit(city: CardCity) -> None:
    campaign, _, papers = city.on_paper(5)
    run_id = on_way(city, campaign)[0].run_id
    assert city.told(campaign, card_mail_pb2.CARD_MAIL_POSTED, run_id=run_id).recorded == 5
    city.told(campaign, card_mail_pb2.CARD_MAIL_UNDELIVERED, papers[0].serial)
    city.told(campaign, card_mail_pb2.CARD_MAIL_RETURNED, papers[1].serial)
    posted, before = on_way(city, campaign)[2].since, _audited(city)
    city.door.clock.advance(timedelta(hours=1))  # type: ignore[attr-defined]

    again = city.told(campaign, card_mail_pb2.CARD_MAIL_POSTED, run_id=run_id)

    assert (again.recorded, _audited(city) - before) == (0, 1)
    found = turnout(city, campaign)
    assert (found.posted, found.undelivered, found.returned, found.duplicates) == (3, 1, 1, 0)
    assert on_way(city, campaign)[2].since == posted
    back = city.told(campaign, card_mail_pb2.CARD_MAIL_UNDELIVERED, run_id=run_id)
    assert (back.recorded, turnout(city, campaign).returned) == (3, 1)
    nowhere = card_mail_pb2.RecordMailRequest(campaign_id=campaign.campaign_id, mail=2, run_id=campaign.campaign_id)
    assert city.door.refused(city.mail.RecordMail, nowhere, REGISTRAR).reason == "CARD_RUN_NOT_FOUND"


def test_what_the_mail_room_told_is_answered_the_same_when_it_is_sent_again(city: CardCity) -> None:
    campaign, _, papers = city.on_paper(2)
    request = card_mail_pb2.RecordMailRequest(
        campaign_id=campaign.campaign_id,
        mail=card_mail_pb2.CARD_MAIL_RETURNED,
        serials=[papers[0].serial, papers[0].serial, "00000-00000-00000-00000"],
        request_id=new_id(city.door.clock),
    )

    first, again = (city.door.call(city.mail.RecordMail, request, REGISTRAR) for _ in range(2))

    assert first == again
    assert (again.recorded, len(again.cards), turnout(city, campaign).duplicates) == (2, 3, 1)


def test_a_card_issued_again_voids_the_one_before_it_in_the_mail_room_and_at_the_scanner(city: CardCity) -> None:
    campaign, design, papers = city.on_paper(2)
    rater = on_way(city, campaign)[0].rater_id

    run = city.door.call(city.runs.ReissueCard, reissued(city, campaign, rater), REGISTRAR).run
    [fresh] = city.printed(run)
    city.scan(campaign, *filled(design, papers[0], (4, 4, 4, 4)))
    city.scan(campaign, *filled(design, fresh), name="fresh.tif")

    assert city.faults(campaign) == ["CARD_VOID"]
    [card] = city.cards(campaign)
    assert card.state == card_audit_pb2.CARD_STATE_COUNTED
    told = city.told(campaign, card_mail_pb2.CARD_MAIL_RETURNED, papers[0].serial)
    assert told.cards[0].refused_reason == "CARD_VOID"
    late = city.door.refused(city.runs.ReissueCard, reissued(city, campaign, rater), REGISTRAR)
    assert late.reason == "CARD_ALREADY_COUNTED"
    place = {"paper_place": "甲-1"}
    whole = keying_pb2.KeyCardRequest(campaign_id=campaign.campaign_id, serial=papers[0].serial, **place)
    assert city.door.refused(city.keying.KeyCard, whole, LI).reason == "CARD_VOID"


def test_a_card_half_read_is_refused_when_another_is_issued_and_nobody_is_asked_for_it(city: CardCity) -> None:
    campaign, design, papers = city.on_paper(1)
    city.scan(campaign, *filled(design, papers[0], faint=[0]))
    assert city.asked(campaign, LI)

    city.door.call(city.runs.ReissueCard, reissued(city, campaign, on_way(city, campaign)[0].rater_id), REGISTRAR)

    assert not city.asked(campaign, LI)
    assert (city.card(campaign).state, city.card(campaign).reason) == (card_audit_pb2.CARD_STATE_REFUSED, "CARD_VOID")


def test_a_card_in_the_post_stays_good_when_its_rater_is_given_another_code(city: CardCity) -> None:
    """Also one of a run that is printed only afterwards, or printed again."""
    campaign, design, papers = city.on_paper(2)
    for one in on_way(city, campaign):
        asked = raters_pb2.ReissueCodeRequest(
            campaign_id=campaign.campaign_id, rater_id=one.rater_id, reason="信封丢失", request_id=new_id(city.door.clock)
        )
        code = city.door.call(city.raters.ReissueCode, asked, REGISTRAR).code.code
        if one.reference == papers[1].reference:
            city.cast(code, campaign, GOOD)
    assert city.printed(on_way(city, campaign)[0]) == papers

    city.scan(campaign, *(side for paper in papers for side in filled(design, paper)))

    assert sorted(card.reason for card in city.cards(campaign)) == ["", "CARD_SAME_AS_BALLOT"]
    assert [one["ratings"].tobytes() for one in stored.leaves(city.door.store)] == [packed(GOOD)] * 2
    assert not _hashes(city.door.store) & _hashes(city.door.usecases.register)


def test_neither_database_knows_a_serial_and_neither_can_match_the_other(city: CardCity) -> None:
    campaign, design, papers = city.on_paper(3)
    city.scan(campaign, *(side for paper in papers for side in filled(design, paper)))
    box, register = _values(city.door.store), _values(city.door.usecases.register)

    for paper in papers:
        plain = paper.serial.replace("-", "").encode()
        assert not any(plain in value or paper.serial.encode() in value for value in box | register)
    assert not _hashes(city.door.store) & _hashes(city.door.usecases.register)


def test_the_auditor_sees_no_register_and_the_mail_room_no_reading(city: CardCity) -> None:
    campaign, design, papers = city.on_paper(1)
    city.scan(campaign, *filled(design, papers[0]))
    card = city.card(campaign)

    register = card_mail_pb2.ListCardMailRequest(campaign_id=campaign.campaign_id)
    raters = raters_pb2.ListRatersRequest(campaign_id=campaign.campaign_id)
    reading = card_audit_pb2.GetCardRequest(card_id=card.card_id)

    assert city.door.refused(city.mail.ListCardMail, register, AUDITOR).code.name == "PERMISSION_DENIED"
    assert city.door.refused(city.raters.ListRaters, raters, AUDITOR).code.name == "PERMISSION_DENIED"
    assert city.door.refused(city.audit.GetCard, reading, REGISTRAR).code.name == "PERMISSION_DENIED"


def _audited(city: CardCity) -> int:
    """How many lines the register's audit trail has."""
    register = city.door.usecases.register
    with register.engine.connect() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(register.schema["audit"])).scalar_one())


def _hashes(store: object) -> set[bytes]:
    """Every value by which one row might be matched with another's."""
    return {value for value in _values(store) if len(value) == 32 and not value.startswith(b"{")}


def _values(store: object) -> set[bytes]:
    """Every value of every row, as bytes; ids of campaigns, runs and raters aside."""
    found: set[bytes] = set()
    with store.engine.connect() as connection:  # type: ignore[attr-defined]
        for table in store.schema.metadata.tables.values():  # type: ignore[attr-defined]
            for row in connection.execute(sa.select(table)):
                found |= {value for value in row if isinstance(value, bytes)}
                found |= {str(value).encode() for value in row if isinstance(value, str) and len(value) > 36}
    return found
