"""What people do about flags: raise one by hand, read them, confirm or dismiss. Confirming opens a clue by itself."""

from __future__ import annotations

from datetime import date

from chassis.auth import Caller, covers
from chassis.errors import Invalid, NotAllowed
from chassis.store import Tx
from services.accountability.domain.case import Case
from services.accountability.domain.facts import Origin
from services.accountability.domain.flags import Flag, FlagFile, FlagFilter, FlagKind, FlagState, Shown
from services.accountability.domain.intake import Clue
from services.accountability.rules.ranges import Reason
from services.accountability.storage import directory, watch
from services.accountability.storage.tables import CASES
from services.accountability.usecases import watchers
from services.accountability.usecases.desk import Desk
from services.accountability.usecases.intake import Intake

FLAG = "flag"


class Flags:
    """Keeps the flags for the level above."""

    def __init__(self, desk: Desk, intake: Intake) -> None:
        self.desk = desk
        self.intake = intake

    def list(self, caller: Caller, narrowed: FlagFilter, size: int, token: str) -> tuple[tuple[Flag, ...], str]:
        """A page of the flags the caller may see."""
        with self.desk.store.read(caller) as tx:
            page = watch.list_flags(tx, narrowed, size, token)
            return tuple(watch.FLAGS.value(row) for row in page.rows), page.next_token

    def get(self, caller: Caller, flag_id: str) -> FlagFile:
        """One flag with what was seen and said of it."""
        with self.desk.store.read(caller) as tx:
            flag = tx.get(watch.FLAGS, flag_id)
            return self._file(tx, flag)

    def raise_by_hand(
        self,
        caller: Caller,
        kind: FlagKind,
        unit_path: str,
        case_id: str,
        on_day: date,
        evidence: str,
        hashes: tuple[str, ...],
    ) -> FlagFile:
        """Raises a flag with what somebody saw."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return self._file(tx, tx.answered)
            if on_day > self.desk.clock.today():
                raise Invalid("FUTURE_DAY", "on_day", day=on_day)
            unit = directory.unit_within(tx, unit_path)
            case = tx.get(CASES, case_id) if case_id else None
            shown = Shown(kind, Reason("FLAG_BY_HAND", {}), tx.new_id(), on_day)
            flag = watchers.raise_by_hand(tx, shown, unit.unit_path, unit.jurisdiction_path, case, caller.subject, hashes)
            self.desk.texts.seal(tx, flag.id, flag.id, evidence)
            tx.answer(flag)
            return self._file(tx, flag)

    def confirm(self, caller: Caller, flag_id: str, expected_version: int, reason: str) -> FlagFile:
        """It is so: those who led the unit that should have acted answer, in a case of their own."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return self._file(tx, tx.answered)
            flag = self._to_decide(tx, flag_id, expected_version)
            conduct = tx.setting("watch.conduct", flag.jurisdiction_path)[flag.kind.value]
            opened = self.intake.open_on_watcher(tx, self._clue(tx, flag), conduct)
            decided = flag.decide(FlagState.CONFIRMED, caller.subject, tx.now, tx.new_id(), opened.id)
            return self._decided(tx, decided, reason)

    def dismiss(self, caller: Caller, flag_id: str, expected_version: int, reason: str) -> FlagFile:
        """It is not so."""
        with self.desk.store.begin(caller) as tx:
            if tx.answered:
                return self._file(tx, tx.answered)
            flag = self._to_decide(tx, flag_id, expected_version)
            decided = flag.decide(FlagState.DISMISSED, caller.subject, tx.now, tx.new_id())
            return self._decided(tx, decided, reason)

    def _to_decide(self, tx: Tx, flag_id: str, expected_version: int) -> Flag:
        """An open flag, by somebody who neither raised it nor worked on what it is about nor is of the unit that answers."""
        flag = tx.get(watch.FLAGS, flag_id, expected_version)
        flag.still_open(tx.caller.subject)
        case = tx.find(CASES, CASES.table.c.id == flag.case_id) if flag.case_id else None
        if case is not None:
            _keep_apart(case, tx.caller)
        official = tx.copy("official", tx.caller.official_id) if tx.caller.official_id else None
        own = flag.unit_path != flag.jurisdiction_path
        if official is not None and own and covers(flag.unit_path, official.unit_path):
            raise NotAllowed("RECUSED", official=official.id)
        return flag

    def _clue(self, tx: Tx, flag: Flag) -> Clue:
        posts = tx.setting("watch.answers", flag.jurisdiction_path)
        origin = Origin(FLAG, flag.id, flag.number)
        place = origin, flag.unit_path, flag.jurisdiction_path, flag.on_day
        return Clue(*place, event=FLAG, posts=posts, led_path=_led(tx, flag))

    def _decided(self, tx: Tx, flag: Flag, reason: str) -> FlagFile:
        tx.save(watch.FLAGS, flag)
        self.desk.texts.seal(tx, flag.id, flag.decision_id, reason)
        tx.answer(flag)
        return self._file(tx, flag)

    def _file(self, tx: Tx, flag: Flag) -> FlagFile:
        texts = self.desk.texts.open(tx, flag.id, [one for one in (flag.id, flag.decision_id) if one])
        return FlagFile(flag, texts.get(flag.id, ""), texts.get(flag.decision_id, ""))


def _led(tx: Tx, flag: Flag) -> str:
    """Whose deputy answers for a unit's own handling: the one in charge of where the official works."""
    own = (
        tx.find(watch.OWN_HANDLINGS, watch.OWN_HANDLINGS.table.c.id == flag.own_handling_id)
        if flag.own_handling_id
        else None
    )
    official = tx.copy("official", own.official_id) if own else None
    return official.unit_path if official and official.known else flag.unit_path


def _keep_apart(case: Case, caller: Caller) -> None:
    if caller.subject == case.decider:
        raise NotAllowed("FOUR_EYES", who=caller.subject)
    case.keep_apart(caller.subject, caller.official_id)
