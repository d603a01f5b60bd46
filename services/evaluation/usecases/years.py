"""The yearly composite: what is heard for it, reviews entered, years scored, released by two, read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from chassis.auth import Caller, covers
from chassis.clock import day_start, local_day
from chassis.errors import Conflict, Invalid, NotAllowed, NotFound
from chassis.logs import log
from chassis.store import Copy, Tx, under
from services.evaluation.domain.adjustment import Origin
from services.evaluation.domain.figuring import parts_of, places, total
from services.evaluation.domain.formula import Publish
from services.evaluation.domain.year import (
    Correction,
    Input,
    Part,
    PartScore,
    Rules,
    YearScore,
    YearTable,
    public,
    review_figure,
)
from services.evaluation.storage import years as kept
from services.evaluation.storage.years import YEAR_INPUTS, YEAR_SCORES, YEAR_TABLES
from services.evaluation.usecases.desk import SERVICE, Desk
from services.evaluation.usecases.year_material import Material, final_campaigns, gathered, rules_of, unit_at

SCORERS = ("office", "publisher")  # who may see an edition nobody has released yet: they make it and approve it


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which scores are asked for: a year or all (0), the table of a jurisdiction or all (empty)."""

    year: int
    jurisdiction_path: str
    size: int
    token: str


class YearCases:
    """What the office makes of a year."""

    def __init__(self, desk: Desk) -> None:
        self._store = desk.box

    def hear(self, tx: Tx, told: Input) -> None:
        """Notes what a fact says of a record; an older fact of the same record changes nothing."""
        if not told.unit_path:
            return
        before = kept.heard(tx, told.record_id, told.what, told.unit_path)
        if before is None:
            tx.add(YEAR_INPUTS, replace(told, id=tx.new_id()))
        elif before.record_version < told.record_version:
            tx.save(YEAR_INPUTS, replace(told, id=before.id, version=before.version + 1))

    def hear_sample(self, tx: Tx, told: Input) -> None:
        """Notes what a sample found, unless its year has been released: then it comes too late, as a review by hand does.

        A fact cannot be refused, so it is passed over, and the log says which.
        """
        if kept.released_above(tx, told.unit_path, told.year):
            log().warning("year.sample_too_late", sample_id=told.record_id, year=told.year)
            return
        self.hear(tx, told)

    def review(
        self, caller: Caller, unit_path: str, year: int, figure: Fraction, organisation: str, report: str, day: date
    ) -> Input:
        """Records what a third party found, which counts once a second person has entered the same.

        Raises Invalid REVIEW_FIGURE, REVIEW_AHEAD, REVIEW_UNIT; Conflict REVIEW_KNOWN, REVIEW_SAME_PERSON, REVIEW_DIFFERS,
        YEAR_RELEASED.
        """
        with self._store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            review_figure(figure, future=day > local_day(tx.now))
            unit = _reviewed(tx, caller, unit_path)
            if kept.released_above(tx, unit.unit_path, year):
                raise Conflict("YEAR_RELEASED", year=year)
            key = f"{year}/{organisation.strip()}/{report.strip()}"
            known = kept.heard(tx, key, "review", unit.unit_path)
            if known is not None:
                return tx.answer(tx.save(YEAR_INPUTS, known.confirm(figure, day_start(day), caller.subject)))
            id = tx.new_id()
            place = (id, 1, unit.unit_path, unit.jurisdiction_path, year, Part.THIRD_PARTY, "review", key, 1)
            origin = Origin("evaluation", id, report.strip())
            entered = Input(*place, figure, origin, day_start(day), organisation.strip(), entered_by=caller.subject)
            return tx.answer(tx.add(YEAR_INPUTS, entered))

    def score(self, caller: Caller, jurisdiction_path: str, year: int, reason: str = "") -> YearTable:
        """Scores everybody, in another edition; once released, with a reason to correct it.

        Raises Conflict YEAR_RELEASED, YEAR_EMPTY, CAMPAIGN_NOT_FINAL; NotAllowed YEAR_PLACE.
        """
        with self._store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            if not any(covers(path, jurisdiction_path) for path in caller.rows.jurisdictions):
                raise NotAllowed("YEAR_PLACE", "jurisdiction_path")
            rules = rules_of(tx, jurisdiction_path)
            material = gathered(tx, jurisdiction_path, year, rules)
            if not material.inputs:
                raise Conflict("YEAR_EMPTY", year=year)
            known = kept.table_of(tx, jurisdiction_path, year)
            before = known or YearTable.begun(tx.new_id(), jurisdiction_path, year, tx.now)
            scores = _scores(tx, before, rules, material)
            scored = sum(one.total is not None for one in scores)
            why = Correction(before.edition + 1, reason.strip(), caller.subject, tx.now)
            table = before.score(rules, scored, len(scores) - scored, why)
            (tx.save if known else tx.add)(YEAR_TABLES, table)
            kept.supersede(tx, table.id)
            for one in scores:
                tx.add(YEAR_SCORES, one)
            return tx.answer(table)

    def release(self, caller: Caller, year_table_id: str, expected_version: int) -> YearTable:
        """Approves the edition; the second person's approval releases it.

        Raises Conflict CAMPAIGN_NOT_FINAL, YEAR_RELEASED.
        """
        with self._store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            table = tx.get(YEAR_TABLES, year_table_id, expected_version).approve(caller.subject, tx.now)
            final_campaigns(tx, table.jurisdiction_path, table.year, rules_of(tx, table.jurisdiction_path))
            tx.save(YEAR_TABLES, table)
            if table.released_at is not None:
                kept.replace_released(tx, table.id)
                for one in kept.edition(tx, table.id, table.edition):
                    released = one.release()
                    tx.save(YEAR_SCORES, released)
                    tx.emit(released.fact())
            return tx.answer(table)

    def table(self, caller: Caller, year_table_id: str) -> YearTable:
        """One year."""
        with self._store.read(caller) as tx:
            return tx.get(YEAR_TABLES, year_table_id)

    def tables(self, caller: Caller, size: int, token: str) -> tuple[list[YearTable], str]:
        """A page of years, the latest first."""
        table = YEAR_TABLES.table
        with self._store.read(caller) as tx:
            query = sa.select(table).where(tx.visible(table))
            page = tx.page(query, by=[table.c.year, table.c.id], size=size, token=token)
            return [YEAR_TABLES.value(row) for row in page.rows], page.next_token

    def scores(self, caller: Caller, wanted: Wanted) -> tuple[list[YearScore], str]:
        """A page of scores, table by table and group by group, the first place first and who has none last.

        Who scores and releases sees the latest edition, others the released one that stands.
        """
        table = YEAR_SCORES.table
        with self._store.read(caller) as tx:
            mine = [under(table.c.table_path, path) for path in caller.rows.jurisdictions] if caller.has(*SCORERS) else []
            shown = sa.or_(
                sa.and_(table.c.latest, sa.or_(sa.false(), *mine)), sa.and_(table.c.in_force, ~sa.or_(sa.false(), *mine))
            )
            by = [table.c.year, table.c.table_path, table.c.group, kept.UNSCORED, table.c.rank, table.c.id]
            return _page(tx, wanted, [shown, tx.visible(table)], by)

    def published(self, wanted: Wanted) -> tuple[list[YearScore], str]:
        """A page of what everybody reads."""
        table = YEAR_SCORES.table
        with self._store.read(SERVICE) as tx:
            by = [table.c.year, table.c.table_path, table.c.group, kept.PUBLIC_UNSCORED, kept.PUBLIC_RANK, table.c.id]
            return _page(tx, wanted, [table.c.in_force], by)

    def one(self, caller: Caller, year_score_id: str) -> YearScore:
        """One score with everything behind it. Raises NotFound YEAR_SCORE_NOT_FOUND, also before its release."""
        with self._store.read(caller) as tx:
            found = tx.get(YEAR_SCORES, year_score_id)
            scorer = caller.has(*SCORERS) and any(covers(path, found.table_path) for path in caller.rows.jurisdictions)
            if not (found.released or scorer):
                raise NotFound("YEAR_SCORE_NOT_FOUND", "year_score_id")
            return found


def _reviewed(tx: Tx, caller: Caller, unit_path: str) -> Copy:
    """The unit a report is about. Raises Invalid REVIEW_UNIT unless it is one of the caller's."""
    unit = next(iter(tx.copies("unit", tx.store.schema["copies"].c.unit_path == unit_path)), None)
    if unit is None or not any(covers(path, unit.jurisdiction_path) for path in caller.rows.jurisdictions):
        raise Invalid("REVIEW_UNIT", "unit_path")
    return unit


def _page(
    tx: Tx, wanted: Wanted, shown: list[sa.ColumnElement[bool]], by: list[sa.ColumnElement[Any]]
) -> tuple[list[YearScore], str]:
    table = YEAR_SCORES.table
    query = sa.select(table).where(*shown)
    if wanted.year:
        query = query.where(table.c.year == wanted.year)
    if wanted.jurisdiction_path:
        query = query.where(table.c.table_path == wanted.jurisdiction_path)
    page = tx.page(query, by=by, size=wanted.size, token=wanted.token, descending=False)
    return [YEAR_SCORES.value(row) for row in page.rows], page.next_token


def _scores(tx: Tx, table: YearTable, rules: Rules, material: Material) -> list[YearScore]:
    """The scores of the next edition; comparable are units of one kind."""
    units, by_unit = material.units, material.inputs
    parts = {path: parts_of(rules, inputs) for path, inputs in by_unit.items()}
    totals = {path: total(rules, of) for path, of in parts.items()}
    groups = {path: str(unit_at(units, path).body.get("kind", "")) for path in by_unit}
    ranks: dict[str, int] = {}
    sizes: dict[str, int] = {}
    levels: dict[str, list[Publish]] = {}
    for group in set(groups.values()):
        among = {path: totals[path] for path in by_unit if groups[path] == group}
        ranks |= places(among)
        sizes[group] = sum(score is not None for score in among.values())
        levels[group] = [one for path in among for one in material.published.get(path, ())]
    found = []
    for path in sorted(by_unit):
        place = (ranks[path], sizes[groups[path]])
        scored = _scored(tx.new_id(), table, rules, unit_at(units, path), groups[path], place, parts[path])
        shown, placed = public(material.published.get(path, ()), levels[groups[path]])
        found.append(replace(scored, score_public=shown, rank_public=placed))
    return found


def _scored(
    id: str, table: YearTable, rules: Rules, unit: Copy, group: str, place: tuple[int, int], parts: tuple[PartScore, ...]
) -> YearScore:
    return YearScore(
        id=id,
        version=1,
        unit_path=unit.unit_path,
        jurisdiction_path=unit.jurisdiction_path or table.jurisdiction_path,
        table_id=table.id,
        unit_name=unit.name,
        year=table.year,
        edition=table.edition + 1,
        latest=True,
        released=False,
        group=group,
        rank=place[0],
        ranked=place[1],
        total=total(rules, parts),
        decimals=rules.decimals,
        parts=parts,
        table_path=table.jurisdiction_path,
    )
