"""From reception to dispatch: does it belong here, what is it, who is to handle it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from chassis.errors import Conflict, NotAllowed
from services.complaints.domain import clocks, facts
from services.complaints.domain.complaint import Change, Complaint, Disposal
from services.complaints.domain.facts import about
from services.complaints.domain.parts import check_cooperating
from services.complaints.domain.recusal import PostHeld, above_accused, check_place, check_receiver
from services.complaints.domain.regimes import ACCEPT, DISPATCH, HANDLE, SIGN, Regime
from services.complaints.domain.stages import BEFORE_DISPATCH, OPEN, Manner, Stage, Track, Way
from workdays import Calendar

MERGED = "merged"
"""Why a clock stands still while its complaint is handled as part of another one's matter."""


def accept(complaint: Complaint, regime: Regime, calendar: Calendar, at: datetime, act: str = "AcceptComplaint") -> Change:
    """It is within scope; the clock of acceptance stops, those of dispatch and handling start."""
    accepted = complaint.change(act, to=Stage.ACCEPTED, accepted_at=at, regime=regime.name)
    begun = regime.clock(HANDLE, at, calendar) + regime.clock(DISPATCH, at, calendar)
    accepted = accepted.timed(clocks.stop(complaint.clocks, at, ACCEPT) + begun)
    return Change(accepted, "accept_complaint", facts.Accepted(**about(accepted), regime=regime.name))


def decline(complaint: Complaint, reason: str, explanation: str, at: datetime, act: str = "DeclineComplaint") -> Change:
    """It is not accepted; the filer is told why."""
    declined = _ended(complaint, act, Stage.NOT_ACCEPTED, at)
    fact = facts.NotAccepted(**about(declined), reason=reason)
    return Change(declined, "decline_complaint", fact, explanation, reason=reason)


def forward(
    complaint: Complaint, forwarded_to: str, reason: str, explanation: str, at: datetime, act: str = "ForwardComplaint"
) -> Change:
    """It goes to the body it belongs to; the filer is told where."""
    forwarded = _ended(complaint, act, Stage.FORWARDED, at)
    fact = facts.NotAccepted(**about(forwarded), reason="forwarded", forwarded_to=forwarded_to)
    text = f"{forwarded_to}\n{explanation}" if explanation else forwarded_to
    return Change(forwarded, "forward_complaint", fact, text, reason=reason)


def move(complaint: Complaint, organ: str, at: datetime) -> Change:
    """It leaves for the discipline organ. Number, time, organ and receipt remain; whoever keeps the texts erases them.

    Refused with ALREADY_WITH_UNIT once a unit has had it: then it cannot be as if it had never been here.
    """
    if complaint.dispatched_at is not None or complaint.stage not in BEFORE_DISPATCH:
        raise Conflict("ALREADY_WITH_UNIT")
    moved = replace(
        _ended(complaint, "MoveToDiscipline", Stage.MOVED, at),
        manner=Manner.ANONYMOUS,
        category="",
        accused_unit_path="",
        accused_official_id="",
        matter_id="",
        disposal=None,
        question_open=False,
        moved_to=organ,
    )
    fact = facts.NotAccepted(**about(moved), reason="moved_to_discipline")
    return Change(moved, "move_to_discipline", fact)


def register(complaint: Complaint, category: str, accused_unit_path: str, accused_official_id: str) -> Change:
    """What it is about and about whom is written down."""
    registered = complaint.change(
        "RegisterComplaint",
        to=Stage.REGISTERED,
        category=category,
        accused_unit_path=accused_unit_path,
        accused_official_id=accused_official_id,
    )
    return Change(registered, "register_complaint")


def submit(
    complaint: Complaint,
    way: Way,
    track: Track,
    unit_path: str,
    posts: Iterable[PostHeld],
    by: str,
    opinion: str,
    cooperating: tuple[str, ...] = (),
) -> Change:
    """A disposal is proposed. Where the accused works or leads it goes one level up, and further if need be.

    Refused with UNIT_ELSEWHERE for a unit of another place; for cooperating units as `parts.check_cooperating` says.
    """
    check_place(unit_path, complaint.jurisdiction_path)
    held = tuple(posts)
    receiver = complaint.jurisdiction_path if way is Way.OWN else unit_path
    receiver = above_accused(receiver, complaint.jurisdiction_path, held)
    for place, path in enumerate(cooperating):
        check_cooperating(path, complaint.jurisdiction_path, (receiver, *cooperating[:place]), held)
    disposal = Disposal(way, track, receiver, unit_path, by, cooperating_unit_paths=cooperating)
    submitted = complaint.change("SubmitForApproval", to=Stage.SUBMITTED, disposal=disposal)
    return Change(submitted, "submit_for_approval", text=opinion)


def approve(complaint: Complaint, approved: bool, by: str, opinion: str, reason: str = "") -> Change:
    """Somebody else approves the disposal or returns it. Refused with SAME_PERSON for the one who submitted it."""
    disposal = complaint.disposal
    if disposal is not None and by == disposal.submitted_by:
        raise NotAllowed("SAME_PERSON")
    if not approved:
        returned = complaint.change("ApproveDisposal", to=Stage.REGISTERED, disposal=None)
        return Change(returned, "return_disposal", text=opinion, reason=reason)
    decided = complaint.change("ApproveDisposal", disposal=replace(_proposed(disposal), approved_by=by))
    return Change(decided, "approve_disposal", text=opinion)


def dispatch(
    complaint: Complaint, posts: Iterable[PostHeld], regime: Regime, by: str, calendar: Calendar, at: datetime
) -> Change:
    """It is handed to the approved unit, and a part of it to those that cooperate; the clock of signing for it starts.

    Refused with DISPOSAL_NOT_APPROVED, DISPATCH_TO_ACCUSED.
    """
    sent = complaint.change("Dispatch", to=Stage.HANDLING, dispatched_by=by, dispatched_at=at, signed_for_by="")
    disposal = _proposed(complaint.disposal)
    if not disposal.approved_by:
        raise Conflict("DISPOSAL_NOT_APPROVED")
    held = tuple(posts)
    for path in (disposal.unit_path, *disposal.cooperating_unit_paths):
        check_receiver(path, complaint.jurisdiction_path, held)
    sent = replace(sent, unit_path=disposal.unit_path)
    sent = sent.timed(clocks.stop(complaint.clocks, at, DISPATCH) + regime.clock(SIGN, at, calendar))
    cooperating = disposal.cooperating_unit_paths
    fact = facts.Dispatched(**about(sent), track=disposal.track.value, cooperating_unit_paths=cooperating)
    return Change(sent, "dispatch", fact)


def merge(complaint: Complaint, into: Complaint, calendar: Calendar, at: datetime) -> Change:
    """It becomes part of another one's matter; its own clock stands still until it is taken out again.

    Refused with MERGE_WITH_ITSELF, with MERGE_INTO_ENDED for one that is merged itself or no longer open.
    """
    if into.id == complaint.id:
        raise Conflict("MERGE_WITH_ITSELF", "into_complaint_id")
    if into.stage not in OPEN:
        raise Conflict("MERGE_INTO_ENDED", "into_complaint_id")
    merged = complaint.change("Merge", to=Stage.MERGED, matter_id=into.id, stage_before=complaint.stage)
    running = any(clock.running and not clock.paused for clock in complaint.clocks)
    if running:
        still = clocks.pause(complaint.clocks, at, MERGED, "", "system")
        merged = merged.timed(clocks.reckon(still, calendar, at))
    return Change(merged, "merge")


def unmerge(complaint: Complaint, reason: str, text: str, calendar: Calendar, at: datetime) -> Change:
    """It stands again where it stood, and its clock runs on."""
    alone = complaint.change("Unmerge", to=complaint.stage_before, matter_id="", stage_before=None)
    running = clocks.resume_if(complaint.clocks, at, MERGED)
    if running is not complaint.clocks:
        alone = alone.timed(clocks.reckon(running, calendar, at))
    return Change(alone, "unmerge", text=text, reason=reason)


def _ended(complaint: Complaint, act: str, stage: Stage, at: datetime) -> Complaint:
    ended = complaint.change(act, to=stage, closed_at=at, question_open=False, extension=None)
    return ended.timed(clocks.stop(complaint.clocks, at))


def _proposed(disposal: Disposal | None) -> Disposal:
    if disposal is None:
        raise Conflict("DISPOSAL_NOT_APPROVED")
    return disposal
