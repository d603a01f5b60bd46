"""Unclear complaints: laid before a leader, ruled on."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.store import Tx
from services.complaints.domain import unclear
from services.complaints.domain.complaint import Change, Complaint
from services.complaints.domain.unclear import Ruling
from services.complaints.storage import ACTS
from services.complaints.usecases.desk import OTHER, Desk


class UnclearCases:
    """Nobody at the desk can say whether it belongs here; a leader does."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def refer(self, caller: Caller, complaint_id: str, version: int, reason: str, text: str) -> Complaint:
        """Lays it before a leader with what was found out."""

        def does(tx: Tx, found: Complaint) -> Change:
            return unclear.refer(found, self._desk.reason(tx, "unclear", reason, found.jurisdiction_path), text)

        return self._desk.act(caller, complaint_id, version, does)

    def rule(self, caller: Caller, complaint_id: str, version: int, ruling: Ruling, said: Mapping[str, str]) -> Complaint:
        """A leader rules: it is accepted, not accepted, or sent to the body it belongs to."""
        ways = {Ruling.ACCEPT: self._accept, Ruling.DECLINE: self._decline, Ruling.FORWARD: self._forward}

        def does(tx: Tx, found: Complaint) -> Change:
            unclear.check(found, self._referred_by(tx, found), tx.caller.subject)
            return ways[ruling](tx, found, said)

        return self._desk.act(caller, complaint_id, version, does)

    def _accept(self, tx: Tx, found: Complaint, said: Mapping[str, str]) -> Change:
        under = self._desk.regime(tx, said["regime"] or found.regime, found.jurisdiction_path)
        return unclear.accept(found, under, self._desk.calendar(tx), tx.now)

    def _decline(self, tx: Tx, found: Complaint, said: Mapping[str, str]) -> Change:
        reason, place = said["reason_code"], found.jurisdiction_path
        if reason:
            self._desk.check_word(tx, "decline.reasons", reason, "REASON_UNKNOWN", "reason_code", place)
        return unclear.decline(found, reason or OTHER, said["explanation"], tx.now)

    def _forward(self, tx: Tx, found: Complaint, said: Mapping[str, str]) -> Change:
        reason = self._desk.reason(tx, "forward", said["reason_code"], found.jurisdiction_path)
        return unclear.forward(found, said["forwarded_to"], reason, said["explanation"], tx.now)

    def _referred_by(self, tx: Tx, found: Complaint) -> str:
        query = sa.select(ACTS.c.actor).where(ACTS.c.complaint_id == found.id, ACTS.c.act == "refer_unclear")
        referred = [str(row.actor) for row in tx.rows(query.order_by(ACTS.c.version))]
        return referred[-1] if referred else ""
