"""The facts of other services as clues."""

from __future__ import annotations

from datetime import date

from zhengfeng.complaints.v1 import events_pb2 as complaints
from zhengfeng.evaluation.v1 import events_pb2 as evaluation
from zhengfeng.supervision.v1 import events_pb2 as supervision

from chassis.clock import local_day
from chassis.facts import Heard
from services.accountability.domain.facts import Origin
from services.accountability.domain.intake import Clue, Ground
from services.accountability.rules.words import Trigger

_PROVEN = (complaints.CONCLUSION_ESTABLISHED, complaints.CONCLUSION_PARTLY)


def proven_complaint(fact: complaints.ComplaintClosed, heard: Heard) -> Clue | None:
    """A complaint closed as established or partly established; nothing for any other conclusion."""
    if fact.conclusion not in _PROVEN:
        return None
    triggers = (Trigger.SECOND_HANDLING.value,) if fact.second_handling else ()
    return Clue(*_where(heard), tuple(fact.misconduct), "", tuple(fact.official_ids), triggers, ground=Ground.ESTABLISHED)


def second_handling(heard: Heard) -> Clue:
    """The office started handling a complaint a second time: the leaders are asked about."""
    return Clue(
        *_where(heard), event="second_handling", triggers=(Trigger.SECOND_HANDLING.value,), ground=Ground.SECOND_HANDLING
    )


def referred_complaint(fact: complaints.ComplaintReferred, heard: Heard) -> Clue:
    """A complaint was referred before or without closing."""
    return Clue(*_where(heard), event="referred", official_ids=tuple(fact.official_ids))


def referred_finding(fact: supervision.ReferredToAccountability, heard: Heard) -> Clue:
    """A finding was referred; an undercover one asks about the leaders."""
    triggers = (Trigger.UNDERCOVER.value,) if fact.undercover else ()
    said = tuple(fact.misconduct), "referred", tuple(fact.official_ids), triggers
    return Clue(*_where(heard), *said, ground=Ground.REFERRED_FINDING)


def overdue_finding(fact: supervision.FindingOverdue, heard: Heard) -> Clue:
    """A unit let the limit of a notice pass."""
    return Clue(*_where(heard), event="finding_overdue", head_answers=True)


def ranked_last(fact: evaluation.RankedLast, heard: Heard) -> Clue | None:
    """An object came last below the declared line."""
    return _rated(fact, heard, "ranked_last")


def rated_unsatisfied(fact: evaluation.RatedUnsatisfied, heard: Heard) -> Clue | None:
    """An object was rated below the declared line."""
    return _rated(fact, heard, "rated_unsatisfied")


def _rated(fact: evaluation.RankedLast | evaluation.RatedUnsatisfied, heard: Heard, event: str) -> Clue | None:
    """The official who was rated answers; for a unit, section or leading group its head. A district is no unit: who
    answers for it is for the level above to say."""
    if fact.kind == "district":
        return None
    official = (fact.official_id,) if fact.official_id else ()
    return Clue(*_where(heard), event=event, official_ids=official, head_answers=not official)


def _where(heard: Heard) -> tuple[Origin, str, str, date]:
    origin = Origin(heard.source, heard.subject_id, heard.number)
    return origin, heard.unit_path, heard.jurisdiction_path, local_day(heard.occurred_at)
