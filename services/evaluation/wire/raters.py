"""Raters, codes and letters as messages."""

from __future__ import annotations

from collections.abc import Iterable

from zhengfeng.evaluation.v1 import letters_pb2, raters_pb2

from services.evaluation.domain.rater import Entered, Issued, Letter, NewRater, Opening, Rater
from services.evaluation.wire.words import timestamp


def new_raters(raters: Iterable[raters_pb2.NewRater]) -> list[NewRater]:
    """The people to enter."""
    return [
        NewRater(one.reference, one.rater_group, one.name, one.contact, one.unit_id, one.object_id, one.unit.strip())
        for one in raters
    ]


def entered_message(one: Entered) -> raters_pb2.RaterEntered:
    """What became of one row."""
    return raters_pb2.RaterEntered(
        reference=one.reference,
        rater_id=one.rater_id,
        refused_reason=one.refused_reason,
        refused_field=one.refused_field,
    )


def rater_message(one: Rater) -> raters_pb2.Rater:
    """A rater without the name."""
    return raters_pb2.Rater(
        rater_id=one.rater_id,
        reference=one.reference,
        rater_group=one.rater_group,
        unit_id=one.unit_id,
        codes_issued=one.codes_issued,
        last_issued_at=timestamp(one.last_issued_at),
        object_id=one.object_id,
    )


def issued_message(one: Issued) -> raters_pb2.IssuedCode:
    """A code on its way to its rater."""
    return raters_pb2.IssuedCode(rater_id=one.rater_id, reference=one.reference, rater_group=one.rater_group, code=one.code)


def letter_message(one: Letter) -> letters_pb2.Letter:
    """What one letter says."""
    return letters_pb2.Letter(
        rater_id=one.rater_id,
        reference=one.reference,
        rater_group=one.rater_group,
        name=one.name,
        contact=one.contact,
        code=one.code,
        object_id=one.object_id,
    )


def opening_message(one: Opening) -> letters_pb2.Opening:
    """That names were opened."""
    return letters_pb2.Opening(
        opening_id=one.opening_id,
        opened_at=timestamp(one.opened_at),
        by=one.by,
        rater_group=one.rater_group,
        purpose=one.purpose,
        names=one.names,
    )
