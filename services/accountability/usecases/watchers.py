"""What shows by itself that a watcher failed: a limit that passed, a case dropped, a decision too light. Each flags once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.clock import local_day
from chassis.store import Tx
from services.accountability.domain import flags, likeness
from services.accountability.domain.case import Case, Party
from services.accountability.domain.facts import Flagged, Subject
from services.accountability.domain.flags import Flag, FlagKind, FlagState, Shown
from services.accountability.domain.likeness import Likeness
from services.accountability.domain.own_handling import OwnHandling
from services.accountability.domain.proposal import Proposal
from services.accountability.rules.measures import Catalogue
from services.accountability.rules.periods import months_before
from services.accountability.rules.propose import PartyAnswer
from services.accountability.rules.ranges import Reason
from services.accountability.storage import cases, watch
from services.accountability.storage.tables import CASES, PROPOSALS
from services.accountability.usecases.desk import Desk
from services.accountability.usecases.following import running

_EACH_RUN = 500


class Watchers:
    """Raises the flags that nobody has to think of."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def sweep(self) -> None:
        """Flags every limit that has passed. What it reads is what has passed since it last ran."""
        with self.desk.store.begin(Caller.service("accountability", "watch")) as tx:
            over = watch.passed(tx, self.desk.clock.today(), _EACH_RUN)
            for case_id, rule, due_on in over:
                self._passed(tx, tx.get(CASES, case_id), rule, due_on)

    def _passed(self, tx: Tx, case: Case, rule: str, due_on: date) -> None:
        """Flags a limit unless it runs longer by now: an appeal's may have been extended, a setting changed."""
        runs = running(tx, case)
        if rule in runs and runs[rule] <= self.desk.clock.today():
            raise_on_case(tx, case, flags.passed(case, rule, due_on, watch.grounds_of(tx, case)))
            watch.told(tx, case.id, rule)
        else:
            watch.watch(tx, case.id, runs)

    def dropped(self, tx: Tx, case: Case) -> None:
        """该问不问: a case was ended without a consequence although a complaint was established against somebody."""
        shown = flags.dropped(case, watch.grounds_of(tx, case), local_day(tx.now))
        if shown is not None:
            raise_on_case(tx, case, shown)

    def decided(
        self,
        tx: Tx,
        case: Case,
        frozen: Proposal,
        parties: Sequence[Party],
        recommended: Mapping[str, Sequence[str]],
        months: Mapping[str, Mapping[str, int]],
        catalogue: Catalogue,
    ) -> None:
        """问责畸轻: holds what was decided about each of these parties against the range and against similar cases."""
        watch.forget_outcomes(tx, case.id, [party.id for party in parties])
        for party in parties:
            answer = frozen.answer(party.id)
            measures = [*party.measures, *recommended.get(party.id, ())]
            self._under_the_range(tx, case, answer, measures, months.get(party.id, {}), catalogue)
            for row_key in likeness.governing(answer):
                self._unlike_others(tx, case, party, row_key, likeness.heaviest(measures, catalogue), catalogue)

    def changed(self, tx: Tx, case: Case, party_id: str, catalogue: Catalogue, by_office: bool) -> None:
        """An appeal changed what was decided about a party, which then counts among similar cases; revoked is gone.

        What the office itself decided on it is held against the same; what the level above decided is not its failing.
        """
        party = case.party(party_id)
        watch.forget_outcomes(tx, case.id, [party_id])
        if not party.measures:
            return
        sent = [key for one in cases.recommendations_of(tx, case.id) if one.party_id == party_id for key in one.measures]
        frozen = tx.get(PROPOSALS, case.proposal_id)
        if by_office:
            self.decided(tx, case, frozen, [party], {party_id: sent}, {}, catalogue)
            return
        measure = likeness.heaviest([*party.measures, *sent], catalogue)
        for row_key in likeness.governing(frozen.answer(party_id)):
            watch.keep_outcome(tx, case, party_id, row_key, local_day(tx.now), measure)

    def _under_the_range(
        self,
        tx: Tx,
        case: Case,
        answer: PartyAnswer,
        measures: Sequence[str],
        months: Mapping[str, int],
        catalogue: Catalogue,
    ) -> None:
        found = likeness.below(answer, measures, months, catalogue)
        if found is not None:
            reason = Reason("FLAG_BELOW_RANGE", {"row": found.row, "measures": ", ".join(measures)})
            on = local_day(tx.now)
            raise_on_case(tx, case, Shown(FlagKind.TOO_LIGHT, reason, f"{answer.party_id}:below", on))

    def _unlike_others(self, tx: Tx, case: Case, party: Party, row_key: str, measure: str, catalogue: Catalogue) -> None:
        """Held against those decided before, then counted among them."""
        setting = Likeness(**tx.setting("watch.similar", case.jurisdiction_path))
        today = local_day(tx.now)
        asked = row_key, _level(tx, case), months_before(today, setting.months), case.id
        others = watch.counts(tx, *asked)
        ranks: dict[int, int] = {}
        for key, times in others.items():
            rank = likeness.rank_of(key, catalogue)
            ranks[rank] = ranks.get(rank, 0) + times
        if likeness.far_lighter(likeness.rank_of(measure, catalogue), ranks, setting):
            middle = likeness.middle(ranks)
            usual = next(key for key in sorted(others) if likeness.rank_of(key, catalogue) == middle)
            params = {
                "row": row_key.rpartition(":")[2],
                "count": str(sum(others.values())),
                "usual": usual,
                "measure": measure,
            }
            compared = watch.newest(tx, *asked, setting.shown)
            reason = Reason("FLAG_FAR_FROM_SIMILAR", params)
            raise_on_case(tx, case, Shown(FlagKind.TOO_LIGHT, reason, f"{party.id}:{row_key}", today, compared))
        watch.keep_outcome(tx, case, party.id, row_key, today, measure)


def raise_on_case(tx: Tx, case: Case, shown: Shown) -> None:
    """Flags the office that keeps the case, for the level above; what was flagged before is not flagged again."""
    if watch.flagged(tx, shown.about):
        return
    unit = office_of(tx, case.jurisdiction_path)
    flag = _flag(tx, shown, unit, _level(tx, case), case_id=case.id, case_number=case.number)
    announce(tx, flag, case.subject)


def raise_on_handling(tx: Tx, one: OwnHandling, shown: Shown, by: str = "") -> None:
    """Flags the unit that filed an own handling, for its office."""
    flag = _flag(tx, shown, one.unit_path, one.jurisdiction_path, own_handling_id=one.id, raised_by=by)
    announce(tx, flag, one.subject)


def raise_by_hand(
    tx: Tx, shown: Shown, unit: str, jurisdiction: str, case: Case | None, by: str, evidence: tuple[str, ...]
) -> Flag:
    """A flag somebody raises with what they saw."""
    about_case = {"case_id": case.id, "case_number": case.number} if case else {}
    level = flags.level_above(unit, jurisdiction, office_of(tx, jurisdiction))
    flag = _flag(tx, shown, unit, level, raised_by=by, evidence_sha256=evidence, **about_case)
    announce(tx, flag, case.subject if case else flag.subject)
    return flag


def announce(tx: Tx, flag: Flag, subject: Subject) -> None:
    """Keeps a new flag and says so once."""
    tx.add(watch.FLAGS, flag)
    tx.emit(Flagged(subject, flag.kind.value, flag.reason.word))


def office_of(tx: Tx, jurisdiction_path: str) -> str:
    """The supervising office of a jurisdiction, which keeps its cases; the jurisdiction itself if none is known."""
    copies = tx.store.schema["copies"]
    is_office = sa.type_coerce(copies.c.body, sa.JSON)["kind"].as_string() == "office"
    found = tx.copies("unit", copies.c.jurisdiction_path == jurisdiction_path, is_office)
    return min((copy.unit_path for copy in found if copy.known), default=jurisdiction_path)


def _level(tx: Tx, case: Case) -> str:
    """The level above the office that keeps the case."""
    return flags.level_above(case.jurisdiction_path, case.jurisdiction_path, case.jurisdiction_path)


def _flag(tx: Tx, shown: Shown, unit: str, level: str, **more: object) -> Flag:
    year = local_day(tx.now).year
    number = f"监问〔{year}〕{tx.number(f'flags.{year}')}号"
    known: dict[str, object] = {"case_id": "", "case_number": "", "own_handling_id": "", **more}
    return Flag(
        id=tx.new_id(),
        version=1,
        unit_path=unit,
        jurisdiction_path=level,
        number=number,
        kind=shown.kind,
        state=FlagState.OPEN,
        about=shown.about,
        reason=shown.reason,
        compared=shown.compared,
        on_day=shown.on_day,
        raised_at=tx.now,
        **known,  # type: ignore[arg-type]
    )
