"""The life cycle is one table: every act leads along it or is refused, from every stage."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chassis.errors import Conflict, Refusal
from services.complaints.domain import closing, feedback, handling, limits, receipts, second, triage, unclear
from services.complaints.domain.complaint import Change, Complaint
from services.complaints.domain.feedback import Contact, Route
from services.complaints.domain.stages import ACTS, ENDED, NEXT, OPEN, Stage, Track, Way
from tests.unit.complaints.people import AT, CALENDAR, ESTABLISHED, REGIME, at_stage, closed, received

BY_ACT: dict[str, Callable[[Complaint], Change]] = {
    "AcceptComplaint": lambda c: triage.accept(c, REGIME, CALENDAR, AT),
    "DeclineComplaint": lambda c: triage.decline(c, "litigation", "", AT),
    "ForwardComplaint": lambda c: triage.forward(c, "信访局", "other_duty", "", AT),
    "ReferUnclear": lambda c: unclear.refer(c, "duty_unclear", "是否属于本办受理范围？"),
    "RuleOnUnclear": lambda c: unclear.accept(c, REGIME, CALENDAR, AT),
    "MoveToDiscipline": lambda c: triage.move(c, "纪委监委", AT),
    "RegisterComplaint": lambda c: triage.register(c, "absent", "", ""),
    "SubmitForApproval": lambda c: triage.submit(c, Way.ASSIGNED, Track.COMMON, "/qinghe/housing", (), "clerk", ""),
    "ApproveDisposal": lambda c: triage.approve(c, True, "leader", ""),
    "Dispatch": lambda c: triage.dispatch(c, (), REGIME, "clerk", CALENDAR, AT),
    "Merge": lambda c: triage.merge(c, at_stage_named("other"), CALENDAR, AT),
    "Unmerge": lambda c: triage.unmerge(c, "other", "", CALENDAR, AT),
    "SignFor": lambda c: handling.sign_for(c, "unit", AT),
    "Bounce": lambda c: handling.bounce(c, REGIME, "not_our_duty", "", "", CALENDAR, AT),
    "RuleOnBounce": lambda c: handling.rule_on_bounce(c, "/qinghe/water", (), REGIME, "leader", CALENDAR, AT),
    "AskComplainant": lambda c: handling.ask(c, "何时？"),
    "Remind": lambda c: handling.remind(c, "overdue", "", AT),
    "Report": lambda c: closing.report(c, ESTABLISHED, "unit", "", AT),
    "SignReport": lambda c: closing.sign_report(c, "head", AT),
    "SendBack": lambda c: closing.send_back(c, ""),
    "Close": lambda c: closing.close(c, ESTABLISHED, "office", "", AT),
    "OrderSecondHandling": lambda c: closing.order_second_handling(
        c, "/qinghe/water", (), REGIME, "office", "", CALENDAR, AT
    ),
    "RecordFeedback": lambda c: feedback.recorded(c, Route.WEB, Contact("web", True, "3")),
    "AskForSecondHandling": lambda c: second.asked(c, "没有解决"),
    "DecideSecondHandling": lambda c: second.refused(c, "已经解决"),
    "ReferToAccountability": lambda c: closing.refer(c, "", ()),
    "Archive": closing.archive,
    "AddEvidence": lambda c: receipts.add_evidence(c, "再补"),
    "RateHandling": lambda c: receipts.rate(c, 5, ""),
    "WithdrawComplaint": lambda c: receipts.withdraw(c, "", AT),
    "RequestExtension": lambda c: limits.request_extension(c, REGIME, 1, "unit", "complex", "", AT),
}


def at_stage_named(name: str) -> Complaint:
    """Another complaint that is open."""
    return received(id=name)


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("act", list(BY_ACT))
def test_an_act_leads_where_the_table_leads_or_is_refused(act: str, stage: Stage) -> None:
    before = at_stage(stage)
    if stage not in ACTS[act]:
        with pytest.raises(Conflict):
            BY_ACT[act](before)
        return
    try:
        after = BY_ACT[act](before).complaint
    except Refusal:
        return  # the stage allows it, but something else it needs is missing
    assert after.stage is stage or after.stage in NEXT[stage]
    assert after.version == before.version + 1


def test_every_stage_can_be_reached_and_every_end_is_one() -> None:
    reached = {Stage.RECEIVED}.union(*NEXT.values())
    assert reached == set(Stage)
    assert {stage for stage, following in NEXT.items() if not following} == ENDED


def test_only_what_is_open_is_merged_or_withdrawn() -> None:
    assert ACTS["Merge"] == ACTS["WithdrawComplaint"] == OPEN
    assert all({Stage.MERGED, Stage.WITHDRAWN} <= NEXT[stage] for stage in OPEN)


def test_a_step_the_table_lacks_is_a_fault_and_no_refusal() -> None:
    with pytest.raises(ValueError, match="life cycle"):
        received().change("AcceptComplaint", to=Stage.CLOSED)


def test_an_act_changes_nothing_in_place() -> None:
    before = received()
    triage.accept(before, REGIME, CALENDAR, AT)
    assert (before.stage, before.version) == (Stage.RECEIVED, 1)


def test_a_closed_complaint_says_who_answers() -> None:
    assert closed().responsible_unit_path == "/qinghe/housing"
    unnamed = closed(accused_unit_path="")
    assert unnamed.responsible_unit_path == "/qinghe/housing"
