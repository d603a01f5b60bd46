"""Retention: what is due by the rules is anonymised or erased, each step written down in the same transaction.

A timer runs it. It first takes in what has been over long enough for any rule to speak of it, then does what is due, one
complaint a transaction, so that one that cannot be done keeps nobody else waiting. Rules are read anew each time: a rule
that changed holds for what is kept already.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.db import database_away
from chassis.logs import log
from chassis.store import Tx
from services.complaints.domain.complaint import Change, Complaint
from services.complaints.domain.retention import (
    RetentionEntry,
    Rule,
    Step,
    WantedEntries,
    before,
    rule_for,
    rules_of,
)
from services.complaints.domain.views import BY_COMPLAINANT
from services.complaints.storage import COMPLAINTS, RETENTION_LOG
from services.complaints.storage import keeping as table
from services.complaints.usecases.desk import SYSTEM, Desk

RULES = "retention.rules"
BATCH = 200
SERVICE = Caller.service("complaints", "retention")


class RetentionCases:
    """Keeping, anonymising, erasing, and the record of it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def rules(self, caller: Caller, jurisdiction_path: str) -> tuple[Rule, ...]:
        """The rules that hold today in a place, or everywhere. Refused with JURISDICTION_UNKNOWN, JURISDICTION_NOT_YOURS."""
        with self._desk.store.read(caller) as tx:
            if jurisdiction_path:
                self._desk.neighbours.check_jurisdiction(tx, jurisdiction_path, "jurisdiction_path")
            return self._rules(tx, jurisdiction_path)

    def log(self, caller: Caller, wanted: WantedEntries, size: int, token: str) -> tuple[tuple[RetentionEntry, ...], str]:
        """What has been done, newest first."""
        column = RETENTION_LOG.table.c
        with self._desk.store.read(caller) as tx:
            query = sa.select(RETENTION_LOG.table).where(tx.visible(RETENTION_LOG.table))
            for name in ("number", "rule", "step"):
                if value := getattr(wanted, name):
                    query = query.where(column[name] == value)
            if wanted.since is not None:
                query = query.where(column.at >= wanted.since)
            if wanted.before is not None:
                query = query.where(column.at < wanted.before)
            page = tx.page(query, (column.at, column.id), size, token)
            return tuple(RETENTION_LOG.value(row) for row in page.rows), page.next_token

    def sweep(self) -> int:
        """Takes in what is over and does what is due; says how many steps were done."""
        while self._take_in() == BATCH:
            pass
        return sum(self._do_alone(complaint_id) for complaint_id in self._due())

    def _take_in(self) -> int:
        """Enters complaints that have been over for as long as the shortest rule asks, with the rule that holds for them."""
        with self._desk.store.begin(SERVICE) as tx:
            shortest = min((one.years(Step.KEPT) or 999 for one in self._rules(tx, "")), default=999)
            over = table.not_entered(tx, before(tx.now, min(shortest, tx.now.year - 1)), BATCH)
            for complaint in over:
                rule = rule_for(complaint, self._rules(tx, complaint.jurisdiction_path))
                table.enter(tx, complaint, rule.id if rule else "")
        return len(over)

    def _due(self) -> Iterator[str]:
        """What is due now, by the years each rule gives today."""
        with self._desk.store.read(SERVICE) as tx:
            due = [complaint_id for group in table.groups(tx) for complaint_id in self._due_of(tx, group)]
        yield from due

    def _due_of(self, tx: Tx, group: table.Group) -> Sequence[str]:
        rules = {rule.id: rule for rule in self._rules(tx, group.jurisdiction_path)}
        rule = rules.get(group.rule)
        years = rule.years(group.step) if rule else 0
        return table.older(tx, group, before(tx.now, years)) if years else ()

    def _do_alone(self, complaint_id: str) -> int:
        try:
            return self._do(complaint_id)
        except Exception as fault:
            if database_away(fault):
                raise
            log().error("complaint.not_erased", exc_info=fault)
            return 0

    def _do(self, complaint_id: str) -> int:
        """The step that is due for one complaint and those joined to it; none if it was opened again meanwhile."""
        with self._desk.store.begin(SERVICE) as tx:
            found = tx.get(COMPLAINTS, complaint_id)
            kept = table.of(tx, complaint_id)
            rule = rule_for(found, self._rules(tx, found.jurisdiction_path))
            if kept is None or rule is None or found.closed_at is None:
                table.forget(tx, complaint_id)
                return 0
            years = rule.years(kept.step)
            if kept.since != found.closed_at or not years or found.closed_at > before(tx.now, years):
                table.enter(tx, found, rule.id, kept.step)
                return 0
            step = rule.after(kept.step)
            for one in (found, *table.joined(tx, complaint_id)):
                self._carry_out(tx, one, step, rule, found)
            table.enter(tx, found, rule.id, step)
            return 1

    def _carry_out(self, tx: Tx, complaint: Complaint, step: Step, rule: Rule, over: Complaint) -> None:
        contents = self._desk.contents
        if step is Step.ERASED:
            contents.erase(tx, complaint.id)
        else:
            contents.anonymise(tx, complaint.id, complaint.received_at, tuple(BY_COMPLAINANT))
        entry = RetentionEntry(
            id=tx.new_id(),
            version=1,
            unit_path="",
            jurisdiction_path=complaint.jurisdiction_path,
            complaint_id=complaint.id,
            number=complaint.number,
            step=step,
            rule=rule.id,
            since=over.closed_at or tx.now,
            at=tx.now,
        )
        tx.add(RETENTION_LOG, entry)
        done = replace(complaint, version=complaint.version + 1)
        tx.save(COMPLAINTS, done)
        self._desk.enter(tx, Change(done, step.value), SYSTEM)

    def _rules(self, tx: Tx, jurisdiction_path: str) -> tuple[Rule, ...]:
        return rules_of(tx.setting(RULES, jurisdiction_path))
