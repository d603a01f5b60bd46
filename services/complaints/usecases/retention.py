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
    digest_of,
    rule_for,
    rules_of,
)
from services.complaints.domain.views import BY_COMPLAINANT
from services.complaints.storage import COMPLAINTS, RETENTION_LOG, recusals
from services.complaints.storage import keeping as table
from services.complaints.storage.holds import kept_back
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

    def unruled(self, caller: Caller, size: int, token: str) -> tuple[tuple[Complaint, ...], str]:
        """Complaints whose time no rule in force tells, oldest first."""
        over = COMPLAINTS.table
        with self._desk.store.read(caller) as tx:
            query = sa.select(over).join(table.KEEPINGS, table.KEEPINGS.c.complaint_id == over.c.id)
            query = query.where(table.without_rule(), tx.visible(over), *recusals.not_theirs(tx))
            page = tx.page(query, (over.c.closed_at, over.c.id), size, token, descending=False)
            return tuple(COMPLAINTS.value(row) for row in page.rows), page.next_token

    def sweep(self) -> dict[str, int]:
        """Takes in what is over and does what is due; says how many no rule speaks of, and how many could not be done."""
        while self._take_in() == BATCH:
            pass
        self._enter_anew()
        failed = sum(not self._do_alone(complaint_id) for complaint_id in self._due())
        with self._desk.store.read(SERVICE) as tx:
            return {"complaints_without_retention_rule": table.count_without_rule(tx), "complaints_not_erased": failed}

    def _take_in(self) -> int:
        """Enters complaints that have been over for as long as the shortest rule of any place asks, each with its rule."""
        with self._desk.store.begin(SERVICE) as tx:
            every = self._desk.store.settings.everywhere(RULES, self._desk.store.clock.today())
            shortest = min((one.years(Step.KEPT) or 999 for rows in every for one in rules_of(rows)), default=999)
            over = table.not_entered(tx, before(tx.now, min(shortest, tx.now.year - 1)), BATCH)
            for complaint in over:
                self._enter(tx, complaint, Step.KEPT)
        return len(over)

    def _enter_anew(self) -> None:
        """Finds the rule in force for what was entered under others: one that was renamed, removed or put in between."""
        with self._desk.store.read(SERVICE) as tx:
            entered = [(path, rules) for path, rules in table.entered_under(tx) if rules != self._digest(tx, path)]
        for path, rules in entered:
            while self._enter_batch(path, rules) == BATCH:
                pass

    def _enter_batch(self, jurisdiction_path: str, rules: str) -> int:
        with self._desk.store.begin(SERVICE) as tx:
            found = table.under(tx, jurisdiction_path, rules, BATCH)
            for complaint, step in found:
                if complaint.closed_at is None:
                    table.forget(tx, complaint.id)
                else:
                    self._enter(tx, complaint, step)
            return len(found)

    def _enter(self, tx: Tx, complaint: Complaint, step: Step) -> None:
        rule = rule_for(complaint, self._rules(tx, complaint.jurisdiction_path))
        table.enter(tx, complaint, rule.id if rule else "", self._digest(tx, complaint.jurisdiction_path), step)

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

    def _do_alone(self, complaint_id: str) -> bool:
        try:
            self._do(complaint_id)
        except Exception as fault:
            if database_away(fault):
                raise
            log().error("complaint.not_erased", exc_info=fault)
            return False
        return True

    def _do(self, complaint_id: str) -> None:
        """The step that is due for one complaint and those joined to it.

        None if it was opened again meanwhile, or one of them is held or waits for an answer.
        """
        with self._desk.store.begin(SERVICE) as tx:
            found = tx.get(COMPLAINTS, complaint_id)
            kept = table.of(tx, complaint_id)
            rule = rule_for(found, self._rules(tx, found.jurisdiction_path))
            if kept is None or rule is None or found.closed_at is None:
                table.forget(tx, complaint_id)
                return
            years = rule.years(kept.step)
            if kept.since != found.closed_at or not years or found.closed_at > before(tx.now, years):
                self._enter(tx, found, kept.step)
                return
            step, matter = rule.after(kept.step), (found, *table.joined(tx, complaint_id))
            if kept_back(tx, [one.id for one in matter], self._desk.store.clock.today()):
                return
            for one in matter:
                self._carry_out(tx, one, step, rule, found)
            self._enter(tx, found, step)

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

    def _digest(self, tx: Tx, jurisdiction_path: str) -> str:
        return digest_of(tx.setting(RULES, jurisdiction_path))

    def _rules(self, tx: Tx, jurisdiction_path: str) -> tuple[Rule, ...]:
        return rules_of(tx.setting(RULES, jurisdiction_path))
