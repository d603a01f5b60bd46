"""The yearly composite: what is heard for it, reviews entered, years scored, released by two, read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction

import sqlalchemy as sa

from chassis.auth import Caller, covers
from chassis.clock import day_start
from chassis.columns import plain_converter
from chassis.errors import Conflict, Invalid, NotAllowed
from chassis.store import Copy, Tx, under
from services.evaluation.domain.adjustment import Origin
from services.evaluation.domain.campaign import State
from services.evaluation.domain.plan import ObjectKind
from services.evaluation.domain.year import (
    FULL,
    Input,
    Missing,
    Part,
    PartScore,
    Rules,
    Weight,
    YearScore,
    YearTable,
    parts_of,
    places,
    total,
)
from services.evaluation.storage import counts
from services.evaluation.storage import years as kept
from services.evaluation.storage.schema import CAMPAIGNS
from services.evaluation.storage.years import YEAR_INPUTS, YEAR_SCORES, YEAR_TABLES
from services.evaluation.usecases.desk import SERVICE, Desk


class YearCases:
    """What the office makes of a year."""

    def __init__(self, desk: Desk) -> None:
        self._store = desk.box

    def hear(self, tx: Tx, told: Input) -> None:
        """Notes what a fact says of a record; an older fact of the same record changes nothing."""
        if not told.unit_path:
            return
        before = kept.heard(tx, told.record_id, told.what)
        if before is None:
            tx.add(YEAR_INPUTS, replace(told, id=tx.new_id()))
        elif before.record_version < told.record_version:
            tx.save(YEAR_INPUTS, replace(told, id=before.id, version=before.version + 1))

    def review(
        self, caller: Caller, unit_path: str, year: int, figure: Fraction, organisation: str, report: str, day: date
    ) -> Input:
        """Records what a third party found. Raises Invalid REVIEW_FIGURE, REVIEW_UNIT."""
        with self._store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            if figure > FULL:
                raise Invalid("REVIEW_FIGURE", "figure")
            unit = next(iter(tx.copies("unit", self._store.schema["copies"].c.unit_path == unit_path)), None)
            if unit is None or not any(covers(path, unit.jurisdiction_path) for path in caller.rows.jurisdictions):
                raise Invalid("REVIEW_UNIT", "unit_path")
            id = tx.new_id()
            place = (id, 1, unit.unit_path, unit.jurisdiction_path, year, Part.THIRD_PARTY, "review", id, 1)
            entered = Input(*place, figure, Origin("evaluation", id, report), day_start(day), organisation)
            return tx.answer(tx.add(YEAR_INPUTS, entered))

    def score(self, caller: Caller, jurisdiction_path: str, year: int) -> YearTable:
        """Scores everybody, in another edition. Raises Conflict YEAR_RELEASED, YEAR_EMPTY; NotAllowed YEAR_PLACE."""
        with self._store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            if not any(covers(path, jurisdiction_path) for path in caller.rows.jurisdictions):
                raise NotAllowed("YEAR_PLACE", "jurisdiction_path")
            rules = _rules(tx, jurisdiction_path)
            by_unit = _by_unit(tx, jurisdiction_path, year, rules)
            if not by_unit:
                raise Conflict("YEAR_EMPTY", year=year)
            known = kept.table_of(tx, jurisdiction_path, year)
            before = known or YearTable.begun(tx.new_id(), jurisdiction_path, year, tx.now)
            scores = _scores(tx, before, rules, by_unit)
            scored = sum(one.total is not None for one in scores)
            table = before.score(rules, scored, len(scores) - scored, tx.now)
            (tx.save if known else tx.add)(YEAR_TABLES, table)
            kept.supersede(tx, table.id)
            for one in scores:
                tx.add(YEAR_SCORES, one)
            return tx.answer(table)

    def release(self, caller: Caller, year_table_id: str, expected_version: int) -> YearTable:
        """Approves the edition; the second person's approval releases it."""
        with self._store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            table = tx.get(YEAR_TABLES, year_table_id, expected_version).approve(caller.subject, tx.now)
            tx.save(YEAR_TABLES, table)
            if table.released_at is not None:
                for one in kept.edition(tx, table.id, table.edition):
                    released = replace(one, version=one.version + 1, released=True)
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

    def scores(self, caller: Caller | None, year: int, size: int, token: str) -> tuple[list[YearScore], str]:
        """A page of the latest scores, group by group, the first place first and who has none last; for everybody those
        released."""
        table = YEAR_SCORES.table
        with self._store.read(caller or SERVICE) as tx:
            query = sa.select(table).where(table.c.latest, tx.visible(table))
            if caller is None:
                query = query.where(table.c.released)
            if year:
                query = query.where(table.c.year == year)
            by = [table.c.year, table.c.group, kept.UNSCORED, table.c.rank, table.c.id]
            page = tx.page(query, by=by, size=size, token=token, descending=False)
            return [YEAR_SCORES.value(row) for row in page.rows], page.next_token

    def one(self, caller: Caller, year_score_id: str) -> YearScore:
        """One score with everything behind it."""
        with self._store.read(caller) as tx:
            return tx.get(YEAR_SCORES, year_score_id)


def _scores(tx: Tx, table: YearTable, rules: Rules, by_unit: dict[str, list[Input]]) -> list[YearScore]:
    """The scores of the next edition; comparable are units of one kind."""
    units = {
        one.unit_path: one
        for one in tx.copies("unit", under(tx.store.schema["copies"].c.unit_path, table.jurisdiction_path))
    }
    parts = {path: parts_of(rules, inputs) for path, inputs in by_unit.items()}
    totals = {path: total(rules, of) for path, of in parts.items()}
    groups = {path: str(_unit(units, path).body.get("kind", "")) for path in by_unit}
    ranks: dict[str, int] = {}
    sizes: dict[str, int] = {}
    for group in set(groups.values()):
        among = {path: totals[path] for path in by_unit if groups[path] == group}
        ranks |= places(among)
        sizes[group] = sum(score is not None for score in among.values())
    return [
        _scored(tx.new_id(), table, rules, _unit(units, path), groups[path], (ranks[path], sizes[groups[path]]), parts[path])
        for path in sorted(by_unit)
    ]


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
    )


def _unit(units: dict[str, Copy], path: str) -> Copy:
    """A unit as the directory told of it, or its path alone."""
    return units.get(path) or Copy("unit", path, unit_path=path, name=path.rpartition("/")[2], known=False)


def _by_unit(tx: Tx, jurisdiction_path: str, year: int, rules: Rules) -> dict[str, list[Input]]:
    """Everything the year of each unit rests on: what was heard, and what raters gave in the campaigns that count."""
    found: dict[str, list[Input]] = {}
    for one in (*kept.inputs(tx, jurisdiction_path, year), *_ratings(tx, jurisdiction_path, year, rules)):
        found.setdefault(one.unit_path, []).append(one)
    return found


def _ratings(tx: Tx, jurisdiction_path: str, year: int, rules: Rules) -> list[Input]:
    """The released scores of units in the year's campaigns, from the last released count of each."""
    table = CAMPAIGNS.table
    released = (table.c.state.in_([State.RELEASED, State.FINAL]), table.c.year == year)
    query = sa.select(table).where(*released, under(table.c.jurisdiction_path, jurisdiction_path))
    found = []
    for campaign in (CAMPAIGNS.value(row) for row in tx.rows(query)):
        if rules.templates and campaign.plan.template not in rules.templates:
            continue
        last = counts.last(tx, campaign.id, released=True)
        units = {one.object_id for one in campaign.plan.objects if one.kind is ObjectKind.UNIT}
        origin = Origin("evaluation", campaign.id, campaign.number)
        for result in counts.results(tx, campaign.id, last.count) if last else ():
            row = result.row
            if row.total is None or row.suppressed or row.object_id not in units:
                continue
            at: datetime = (last.released_at if last else None) or tx.now
            what = (year, Part.PUBLIC_RATING, "campaign", campaign.id, campaign.version, row.total, origin, at)
            found.append(Input(result.id, 1, row.unit_path, result.jurisdiction_path, *what))
    return found


def _rules(tx: Tx, path: str) -> Rules:
    converter = plain_converter()
    rectification = tx.setting("year.rectification", path)
    return Rules(
        weights=converter.structure(tx.setting("year.weights", path), tuple[Weight, ...]),
        missing=Missing(tx.setting("year.missing", path)),
        parts_needed=int(tx.setting("year.parts_needed", path)),
        templates=tuple(tx.setting("year.templates", path)),
        in_time=Fraction(str(rectification["in_time"])),
        satisfied_from=int(rectification["satisfied_from"]),
        decimals=int(tx.setting("year.decimals", path)),
    )
