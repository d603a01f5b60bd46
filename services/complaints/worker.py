"""Facts heard and timers run, as two plain tables."""

from __future__ import annotations

from typing import Any

from zhengfeng.accountability.v1 import events_pb2 as accountability
from zhengfeng.directory.v1 import events_pb2 as directory

from chassis.copying import copied, copy_of
from chassis.facts import Every, Heard, Hears, Timer
from chassis.known_keys import KIND as KEY
from chassis.store import Tx
from services.complaints.usecases import UseCases
from services.complaints.wire.facts import outcomes


def _return_outcomes(usecases: UseCases, tx: Tx, fact: Any, heard: Heard) -> None:
    for complaint_id, outcome in outcomes(fact, heard):
        usecases.hearing.return_outcome(tx, complaint_id, outcome)
        usecases.holds.case_decided(tx, complaint_id, heard.subject_id, heard.number)


def _hold(usecases: UseCases, tx: Tx, fact: Any, heard: Heard) -> None:
    """What a case came from is kept while the case is open."""
    if fact.origin.service == "complaints":
        usecases.holds.case_opened(tx, fact.origin.subject_id, heard.subject_id, heard.number)


def _keep_calendar(usecases: UseCases, tx: Tx, fact: Any, heard: Heard) -> None:
    if tx.keep_copy(copy_of("calendar_year", fact, heard)):
        usecases.hearing.hear_calendar(tx, fact.year)
        usecases.feedback.hear_calendar(tx, fact.year)


def _keep_post(usecases: UseCases, tx: Tx, fact: Any, heard: Heard) -> None:
    """Whoever takes up a post may be the accused of a complaint that lies there already."""
    if tx.keep_copy(copy_of("post", fact, heard)):
        usecases.recusals.posts_changed(tx, fact.official_id)


HEARS: Hears = {
    **copied(
        {
            directory.JurisdictionChanged: "jurisdiction",
            directory.UnitChanged: "unit",
            directory.OfficialChanged: "official",
            directory.KeyRotated: KEY,
        }
    ),
    directory.PostChanged: _keep_post,
    directory.CalendarYearLoaded: _keep_calendar,
    accountability.CaseOpened: _hold,
    accountability.CaseClosed: lambda usecases, tx, fact, heard: usecases.holds.case_closed(
        tx, heard.subject_id, fact.outcome
    ),
    accountability.Decided: _return_outcomes,
    accountability.DecisionChanged: _return_outcomes,
}
EVERY: Every = {
    "feedback": Timer(seconds=60, run=lambda usecases: usecases.feedback.turn()),
    "undertakings": Timer(seconds=60, run=lambda usecases: usecases.tracks.turn()),
    "commitments": Timer(seconds=600, run=lambda usecases: usecases.media.track()),
    "figures": Timer(seconds=10, run=lambda usecases: usecases.figures.fold()),
    "search words": Timer(seconds=60, run=lambda usecases: usecases.figures.hash_words()),
    "fingerprints": Timer(seconds=10, run=lambda usecases: usecases.similar.take_fingerprints()),
    "lights": Timer(seconds=30, run=lambda usecases: usecases.hearing.turn_lights()),
    "ladder": Timer(seconds=60, run=lambda usecases: usecases.escalation.climb()),
    "flood": Timer(seconds=600, run=lambda usecases: usecases.flood.forget()),
    "retention": Timer(seconds=6 * 3600, run=lambda usecases: usecases.retention.sweep()),
}
