"""A finding: one problem, from its record to being struck off, with what may be done to it and what each act announces."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chassis.errors import Conflict, Invalid, NotAllowed
from services.supervision.domain.facts import (
    Fact,
    FindingClosed,
    FindingLightChanged,
    FindingOverdue,
    FindingRecorded,
    NoticeIssued,
    Origin,
    ReferredToAccountability,
    Subject,
)
from services.supervision.domain.limits import LimitClock, Timing
from services.supervision.domain.notice import Evidence, Notice, NoticeKind, Rectification, Referral
from services.supervision.domain.words import FINDING_NEXT, FindingStage, FoundBy, LimitStep, Turn
from workdays import Light, local_day

SYSTEM = "system"
OVERDUE, BY_OFFICE = "overdue", "office"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. A change returns the next version of it; nothing is changed in place."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    number: str
    stage: FindingStage
    found_by: FoundBy
    undercover: bool
    misconduct: tuple[str, ...]
    title: str
    text: str
    occurred_at: datetime
    recorded_at: datetime
    recorded_by: str
    evidence: tuple[Evidence, ...]
    origin: Origin
    inspection_id: str | None = None
    # Who saw it too; where no inspection found it nobody needs to.
    confirmed_by: str = ""
    # While the inspection that found it is sealed, nothing of it may leave.
    sealed: bool = False
    repeat_of: str | None = None
    repeats: int = 0
    notice: Notice | None = None
    clock: LimitClock | None = None
    light: Light = Light.GREEN
    due_at: datetime | None = None
    pending_year: int | None = None
    next_turn: Turn | None = None
    next_turn_at: datetime | None = None
    rectification: Rectification | None = None
    referral: Referral | None = None
    notified_at: datetime | None = None
    overdue_at: datetime | None = None
    reminded_at: datetime | None = None
    escalated_at: datetime | None = None
    referred_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def self_found(self) -> bool:
        """Whether the unit put it on the ledger itself, before anybody else had found it."""
        return self.found_by is FoundBy.SELF

    @property
    def confirmed(self) -> bool:
        """Whether it may be acted on: an inspection's finding needs a second pair of eyes."""
        return self.inspection_id is None or bool(self.confirmed_by)

    @property
    def subject(self) -> Subject:
        """What facts about it carry."""
        return Subject(self.id, self.version, self.unit_path, self.jurisdiction_path, self.number)

    # -- acts -------------------------------------------------------------------------------------------------------

    def recorded(self) -> Change:
        """Its first entry on the ledger. Under seal nothing is announced: a fact would reveal the inspection."""
        return Change(self, "record_finding", () if self.sealed else (self.announcement(),), self.title)

    def announcement(self) -> FindingRecorded:
        """The fact that it was found."""
        return FindingRecorded(self.subject, self.misconduct, self.found_by.value, self.undercover, self.origin)

    def confirm(self, by: str) -> Change:
        """A second inspector saw it too. Refused with FINDING_CONFIRMED, SAME_PERSON."""
        if self.confirmed:
            raise Conflict("FINDING_CONFIRMED")
        if by == self.recorded_by:
            raise NotAllowed("SAME_PERSON")
        return Change(self.change(confirmed_by=by), "confirm_finding")

    def release(self) -> Change:
        """The seal of its inspection is lifted: now it is announced. Refused with FINDING_NOT_CONFIRMED."""
        self.must_be_confirmed()
        released = self.change(sealed=False)
        return Change(released, "release_inspection", (released.announcement(),))

    def issue_notice(self, number: str, kind: NoticeKind, text: str, by: str, at: datetime, timing: Timing) -> Change:
        """Orders the unit to rectify; the limit to answer runs from now."""
        self.must_be_open_to_act()
        notice = Notice(number, kind.word, text, by, at)
        clock = LimitClock(LimitStep.ANSWER, kind.answer, at)
        told = self.change(FindingStage.NOTIFIED, notice=notice, notified_at=at, clock=clock).timed(timing, at)
        return Change(told, "issue_notice", (NoticeIssued(told.subject, number, told.due_at),), text).lit(self)

    def answer(self, text: str, by: str, at: datetime, kind: NoticeKind, timing: Timing) -> Change:
        """The unit says what it will do; the limit to rectify, counted from the notice, takes over with its pauses."""
        self.must_reach(FindingStage.RECTIFYING, FindingStage.NOTIFIED)
        assert self.notice is not None and self.notified_at is not None and self.clock is not None
        notice = replace(self.notice, answer=text, answered_by=by, answered_at=at)
        clock = LimitClock(LimitStep.RECTIFY, kind.rectify, self.notified_at, pauses=self.clock.pauses)
        answered = self.change(FindingStage.RECTIFYING, notice=notice, clock=clock).timed(timing, at)
        return Change(answered, "answer_notice", (), text).lit(self)

    def submit(self, rectification: Rectification, timing: Timing) -> Change:
        """The unit says it is set right; its limit stops. Refused with RECTIFIED_IN_FUTURE."""
        at = rectification.submitted_at
        if self.stage is FindingStage.RECORDED and not self.self_found:
            raise Conflict("FINDING_STAGE_UNFIT", stage=self.stage.value)
        if rectification.rectified_on > local_day(at):
            raise Invalid("RECTIFIED_IN_FUTURE", "rectified_on")
        clock = None if self.clock is None else self.clock.stop(at)
        done = self.change(FindingStage.SUBMITTED, rectification=rectification, clock=clock).timed(timing, at)
        return Change(done, "submit_rectification", (), rectification.text).lit(self)

    def verify(self, accepted: bool, opinion: str, by: str, at: datetime, again: NoticeKind, timing: Timing) -> Change:
        """Somebody looked: it is right, or it goes back with the limit for doing it again."""
        self.must_reach(FindingStage.VERIFIED, FindingStage.SUBMITTED)
        assert self.rectification is not None
        looked = replace(self.rectification, verified_by=by, verified_at=at, accepted=accepted, opinion=opinion)
        if accepted:
            return Change(self.change(FindingStage.VERIFIED, rectification=looked), "verify_rectification", (), opinion)
        clock = LimitClock(LimitStep.RECTIFY, again.again, at)
        back = self.change(FindingStage.RECTIFYING, rectification=looked, clock=clock).timed(timing, at)
        return Change(back, "verify_rectification", (), opinion).lit(self)

    def close(self, at: datetime) -> Change:
        """Strikes it off the ledger."""
        self.must_reach(FindingStage.CLOSED, FindingStage.VERIFIED)
        assert self.rectification is not None
        closed = self.change(FindingStage.CLOSED, closed_at=at, light=Light.GREEN)
        fact = FindingClosed(closed.subject, self.self_found, self.rectification.rectified_on, self.misconduct)
        return Change(closed, "close_finding", (fact,)).lit(self)

    def refer(self, reason: str, official_ids: tuple[str, ...], by: str, at: datetime) -> Change:
        """Hands the matter over to accountability; the duty to rectify stays. Refused with ALREADY_REFERRED.

        The fact says whose act it was, never the reason's words: facts carry no text.
        """
        self.must_be_open_to_act()
        if self.referral is not None:
            raise Conflict("ALREADY_REFERRED")
        referred = self.change(referral=Referral(reason, by, at, official_ids), referred_at=at)
        origin = Origin("supervision", self.id, self.number)
        cause = OVERDUE if by == SYSTEM else BY_OFFICE
        fact = ReferredToAccountability(referred.subject, cause, self.misconduct, official_ids, self.undercover, origin)
        return Change(referred, "refer_to_accountability", (fact,), reason)

    def pause(self, reason: str, basis: str, at: datetime, timing: Timing) -> Change:
        """Stops the limit. Refused with CLOCK_NOT_RUNNING, CLOCK_PAUSED, LIMIT_OVER."""
        clock = self.running_clock()
        if self.due_at is not None and at >= self.due_at:
            raise Conflict("LIMIT_OVER")
        paused = self.change(clock=clock.pause(at, reason, basis)).timed(timing, at)
        return Change(paused, "pause_limit", (), reason).lit(self)

    def resume(self, at: datetime, timing: Timing) -> Change:
        """Lets the limit run again. Refused with CLOCK_NOT_RUNNING, CLOCK_NOT_PAUSED."""
        resumed = self.change(clock=self.running_clock().resume(at)).timed(timing, at)
        return Change(resumed, "resume_limit").lit(self)

    # -- what the clock does by itself ------------------------------------------------------------------------------

    def turn(self, now: datetime, timing: Timing) -> Change:
        """Carries out the next turn of its limit, which is due."""
        turn, clock = self.next_turn, self.running_clock()
        assert turn is not None and self.next_turn_at is not None and self.next_turn_at <= now
        if turn is Turn.YELLOW:
            return Change(self.change().timed(timing, now), "turned_yellow").lit(self)
        marks: dict[str, Any] = {"clock": replace(clock, done=(*clock.done, turn))}
        if turn is Turn.RED:
            marks["overdue_at"] = self.next_turn_at
            red = self.change(**marks).timed(timing, now)
            fact = FindingOverdue(red.subject, self.next_turn_at, self.misconduct)
            return Change(red, "turned_red", (fact,)).lit(self)
        if turn is Turn.REFER and self.referral is None:
            referred = self.refer(OVERDUE, (), SYSTEM, now)
            after = replace(referred.finding, **marks).timed(timing, now)
            return Change(after, "referred", referred.facts)
        if turn in (Turn.REMIND, Turn.ESCALATE):
            marks["reminded_at" if turn is Turn.REMIND else "escalated_at"] = now
        acts = {Turn.REMIND: "reminded", Turn.ESCALATE: "escalated", Turn.REFER: "referred_before"}
        return Change(self.change(**marks).timed(timing, now), acts[turn])

    def retime(self, now: datetime, timing: Timing) -> Change:
        """Counts its limit anew, because a calendar was loaded or corrected."""
        return Change(self.change().timed(timing, now), "limit_counted_anew").lit(self)

    # -- guards and small parts -------------------------------------------------------------------------------------

    def change(self, to: FindingStage | None = None, **fields: Any) -> Finding:
        """The next version, moved along the life cycle. Refused with FINDING_STAGE_UNFIT."""
        if to is not None and to not in FINDING_NEXT[self.stage]:
            raise Conflict("FINDING_STAGE_UNFIT", stage=self.stage.value)
        return replace(self, version=self.version + 1, stage=to or self.stage, **fields)

    def timed(self, timing: Timing, now: datetime) -> Finding:
        """The same version with how its limit stands. A limit that has stopped stays red only if it was missed."""
        if self.clock is None:
            return self
        if not self.clock.running:
            light = Light.RED if Turn.RED in self.clock.done else Light.GREEN
            return replace(self, light=light, pending_year=None, next_turn=None, next_turn_at=None)
        stands = timing.stand(self.clock, now)
        return replace(
            self,
            light=stands.light,
            due_at=stands.due_at,
            pending_year=stands.pending_year,
            next_turn=stands.next_turn,
            next_turn_at=stands.next_turn_at,
        )

    def must_reach(self, to: FindingStage, only_from: FindingStage) -> None:
        """Refuses an act that leads `to` a stage but starts only `only_from` one."""
        if self.stage is not only_from or to not in FINDING_NEXT[self.stage]:
            raise Conflict("FINDING_STAGE_UNFIT", stage=self.stage.value)

    def must_be_confirmed(self) -> None:
        """Refuses with FINDING_NOT_CONFIRMED what only one inspector has seen."""
        if not self.confirmed:
            raise Conflict("FINDING_NOT_CONFIRMED", number=self.number)

    def must_be_open_to_act(self) -> None:
        """Refuses what is under seal or not confirmed."""
        if self.sealed:
            raise Conflict("INSPECTION_STILL_SEALED")
        self.must_be_confirmed()

    def running_clock(self) -> LimitClock:
        """The limit that runs. Refused with CLOCK_NOT_RUNNING."""
        if self.clock is None or not self.clock.running:
            raise Conflict("CLOCK_NOT_RUNNING")
        return self.clock

    def for_its_unit(self) -> Finding:
        """What the unit may read: neither who verified nor that people of its own were referred."""
        rectification = self.rectification and replace(self.rectification, verified_by="")
        return replace(self, rectification=rectification, referral=None, referred_at=None)


@dataclass(frozen=True, slots=True)
class Change:
    """What one act did: the finding after it, the facts it announces, the text it leaves in the timeline."""

    finding: Finding
    act: str
    facts: tuple[Fact, ...] = ()
    text: str = ""

    def lit(self, before: Finding) -> Change:
        """Adds the announcement of another light, if the act changed it."""
        if before.light is self.finding.light:
            return self
        changed = FindingLightChanged(self.finding.subject, self.finding.light.value)
        return replace(self, facts=(*self.facts, changed))


@dataclass(frozen=True, slots=True)
class Entry:
    """One act in the life of a finding."""

    at: datetime
    act: str
    by: str
    stage: FindingStage
    text: str
