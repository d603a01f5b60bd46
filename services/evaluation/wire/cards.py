"""Cards, scans and keyings as messages."""

from __future__ import annotations

import json
from typing import Any

from zhengfeng.evaluation.v1 import card_audit_pb2, card_mail_pb2, card_runs_pb2, keying_pb2, scans_pb2

from services.evaluation.cards.design import Wish
from services.evaluation.cards.geometry import from_json
from services.evaluation.domain.card import Card, CardState, Doubt, Origin
from services.evaluation.domain.card_run import CardDesign, CardRun, CardToPrint, CardTurnout, Mail, RaterCard, Recorded
from services.evaluation.domain.card_sample import CardSample, RowsKeyed
from services.evaluation.domain.scan import MachineRow, Progress, Scan
from services.evaluation.tally.entry import EntryError, Part
from services.evaluation.wire.statements import day
from services.evaluation.wire.words import member, timestamp, value

PLACES = 6


def wish(request: card_runs_pb2.DesignCardRequest) -> Wish:
    """What is asked for. Raises Invalid DAY_INVALID."""
    by = day(request.return_by, "return_by") if request.return_by else None
    return Wish(request.form, request.rater_group, request.sides, tuple(request.return_to), by)


def design_message(one: CardDesign) -> card_runs_pb2.CardDesign:
    """One edition of a card."""
    geometry = from_json(one.geometry)
    same = ("campaign_id", "edition", "rater_group", "digest", "geometry", "version", "form")
    return card_runs_pb2.CardDesign(
        design_id=one.id,
        sheets=len(geometry.sheets),
        sides=len(list(geometry.sides)),
        rows=len(geometry.rows),
        made_at=timestamp(one.made_at),
        sides_of_sheet=one.sides,
        return_to=one.return_to,
        return_by=one.return_by.isoformat() if one.return_by else "",
        **{name: getattr(one, name) for name in same},
    )


def run_message(one: CardRun) -> card_runs_pb2.CardRun:
    """Cards made out together."""
    same = ("campaign_id", "design_id", "rater_group", "cards", "first_number", "last_number", "printed_to", "version")
    own = {name: getattr(one, name) for name in same}
    return card_runs_pb2.CardRun(run_id=one.id, started_at=timestamp(one.started_at), **own)


def printed_message(one: CardToPrint) -> card_runs_pb2.PrintedCard:
    """What one card and its letter say."""
    same = ("number", "serial", "reference", "rater_group", "name", "contact")
    return card_runs_pb2.PrintedCard(**{name: getattr(one, name) for name in same})


def mail(number: int) -> Mail | None:
    """Where a card is; None for anywhere."""
    return member(Mail, card_mail_pb2.CardMail, number)


def recorded_message(one: Recorded) -> card_mail_pb2.MailRecorded:
    """What became of one serial."""
    same = ("index", "number", "late", "duplicate", "refused_reason")
    return card_mail_pb2.MailRecorded(**{name: getattr(one, name) for name in same})


def on_its_way_message(one: RaterCard) -> card_mail_pb2.CardOnItsWay:
    """What the mail room knows of a card."""
    same = ("number", "rater_id", "reference", "rater_group", "run_id", "late", "duplicates", "issue")
    where: Any = value(card_mail_pb2.CardMail, one.mail)
    own = {name: getattr(one, name) for name in same}
    return card_mail_pb2.CardOnItsWay(mail=where, since=timestamp(one.since), **own)


def turnout_message(one: CardTurnout) -> card_mail_pb2.CardTurnout:
    """How many cards of a group are where."""
    where = {kind.value: one.where.get(kind, 0) for kind in Mail}
    numbers: dict[str, Any] = {"late": one.late, "duplicates": one.duplicates, **where}
    return card_mail_pb2.CardTurnout(rater_group=one.rater_group, **numbers)


def scan_message(one: Scan, waiting: int = 0, parked: int = 0) -> scans_pb2.Scan:
    """One file, and how many of its pages wait or are parked."""
    same = ("campaign_id", "name", "sha256", "size", "pages", "reason", "given_by", "version")
    state: Any = value(scans_pb2.ScanState, one.state)
    own = {name: getattr(one, name) for name in same}
    at = timestamp(one.received_at)
    pages: dict[str, Any] = {"pages_waiting": waiting, "pages_parked": parked}
    return scans_pb2.Scan(scan_id=one.id, state=state, received_at=at, **pages, **own)


def progress_message(one: Progress) -> scans_pb2.ScanProgress:
    """How far reading has come."""
    pages = {f"pages_{word}": one.pages.get(word, 0) for word in ("waiting", "read", "refused", "parked")}
    cards = {f"cards_{word}": one.cards.get(word, 0) for word in ("open", "complete", "counted", "refused")}
    rows = {f"rows_{word}": one.doubts.get(word, 0) for word in ("asked", "disputed")}
    faults = [scans_pb2.FaultCount(reason=reason, number=number) for reason, number in sorted(one.faults.items())]
    last = one.sides_in_last_minute
    return scans_pb2.ScanProgress(files=one.files, sides_in_last_minute=last, faults=faults, **pages, **cards, **rows)


def fault_message(row: Any) -> scans_pb2.ScanFault:
    """Something that was not taken."""
    same = ("scan_id", "name", "page", "place", "reason")
    own = {name: getattr(row, name) for name in same}
    return scans_pb2.ScanFault(fault_id=row.id, has_picture=bool(row.picture), **own)


def doubtful_message(one: Any) -> keying_pb2.DoubtfulRow:
    """A row somebody is asked for."""
    return keying_pb2.DoubtfulRow(
        doubt_id=one.doubt.id,
        card_id=one.doubt.card_id,
        object_id=one.object_id,
        object=one.object,
        dimension=one.dimension,
        strip_ids=one.strips,
        side_ids=one.sides,
        paper_place=one.paper_place,
    )


def disputed_message(one: Any) -> keying_pb2.DisputedRow:
    """A row that two keyed differently; whose answer is whose does not show."""
    grades = sorted(keyed.mark for keyed in one.doubt.keyings)
    return keying_pb2.DisputedRow(row=doubtful_message(one), grades=grades)


def picture_type(picture: bytes) -> str:
    """The media type of a picture by its first bytes: readers make JPEG and PNG."""
    return "image/png" if picture.startswith(b"\x89PNG") else "image/jpeg"


def row_keyed_message(one: Doubt) -> keying_pb2.RowKeyed:
    """That a row was keyed."""
    return keying_pb2.RowKeyed(doubt_id=one.id, card_id=one.card_id)


def card_keyed_message(one: Any) -> keying_pb2.CardKeyed:
    """That a card was keyed."""
    return keying_pb2.CardKeyed(card_id=one.card_id, keyed_by=one.keyed_by, disputed=one.disputed, rows=one.rows)


def card_to_key_message(one: Any) -> keying_pb2.CardToKey:
    """A card that waits for somebody with its paper."""
    seen = [_seen_message(row) for row in one.seen]
    return keying_pb2.CardToKey(
        card_id=one.card.id,
        received_at=timestamp(one.card.received_at),
        missing=[keying_pb2.PlaceOnCard(sheet=sheet, side=side) for sheet, side in one.missing],
        seen=seen,
        keyed_once=one.keyed_once,
        paper_place=one.card.paper_place,
    )


def _seen_message(row: Any) -> keying_pb2.SideSeen:
    place = keying_pb2.PlaceOnCard(sheet=row.sheet, side=row.side)
    picture = row.id if row.picture else ""
    return keying_pb2.SideSeen(place=place, scan_id=row.scan_id, name=row.name, page=row.page, picture_id=picture)


def state(number: int) -> CardState | None:
    """Where a card stands; None for anywhere."""
    return member(CardState, card_audit_pb2.CardState, number)


def card_message(one: Card) -> card_audit_pb2.Card:
    """One card."""
    same = ("campaign_id", "reason", "by_hand", "rows_open", "copies", "leaf_hash", "version")
    stands: Any = value(card_audit_pb2.CardState, one.state)
    worth: Any = one.ballot_class
    own = {name: getattr(one, name) for name in same}
    own["position"] = max(one.position, 0)
    at = timestamp(one.received_at)
    return card_audit_pb2.Card(card_id=one.id, state=stands, ballot_class=worth, received_at=at, **own)


def record_message(one: Any) -> card_audit_pb2.CardRecord:
    """Everything a card rests on, but for what nobody may know who might still key it."""
    sides = [_side_message(row, withheld=one.withheld) for row in one.sides]
    card = card_message(one.card)
    if one.withheld:
        return card_audit_pb2.CardRecord(card=card, sides=sides, withheld=True)
    keyings = [message for asked in one.doubts for message in _keying_messages(asked)]
    return card_audit_pb2.CardRecord(card=card, sides=sides, marks=one.card.marks, keyings=keyings)


def sample_message(one: CardSample, came: RowsKeyed) -> card_audit_pb2.CardSample:
    """A sample as it was drawn, and what came of it."""
    same = ("campaign_id", "seed", "card_ids", "drawn_by", "version")
    own = {name: getattr(one, name) for name in same}
    rows: dict[str, Any] = {"rows": came.sampled, "rows_waiting": came.sampled - came.decided, "rows_wrong": came.wrong}
    return card_audit_pb2.CardSample(sample_id=one.id, drawn_at=timestamp(one.drawn_at), **rows, **own)


def error_message(one: EntryError) -> card_audit_pb2.EntryError:
    """How far keying can be trusted."""
    return card_audit_pb2.EntryError(agreed=_share(one.agreed), wrong=_share(one.wrong), waiting=one.waiting)


def _share(one: Part) -> card_audit_pb2.Share:
    share, low, high = (f"{float(number):.{PLACES}f}" for number in (one.share, one.low, one.high))
    return card_audit_pb2.Share(of=one.of, number=one.number, share=share, low=low, high=high)


def _side_message(row: Any, withheld: bool) -> card_audit_pb2.SideRead:
    same = ("scan_id", "page", "sheet", "side", "picture_sha256", "reason")
    own = {name: getattr(row, name) for name in same}
    rows = [] if withheld else [_machine_message(one) for one in row.rows]
    picture = row.id if row.picture else ""
    return card_audit_pb2.SideRead(picture_id=picture, file_sha256=row.sha256, rows=rows, **own)


def _machine_message(one: MachineRow) -> card_audit_pb2.MachineRow:
    measures = json.dumps(one.measures, sort_keys=True, ensure_ascii=False)
    return card_audit_pb2.MachineRow(row=one.row, grade=one.mark, asked=one.asked, measures=measures)


def _keying_messages(one: Doubt) -> list[card_audit_pb2.Keying]:
    sampled = one.origin is Origin.SAMPLE
    return [
        card_audit_pb2.Keying(row=one.row, by=keyed.by, grade=keyed.mark, hand=hand, sampled=sampled, at=timestamp(keyed.at))
        for hand, keyed in enumerate(one.keyings, 1)
    ]
