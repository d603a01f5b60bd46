"""Complaints of the demonstration, from intake to the stage each has reached. What they tell is invented."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from zhengfeng.complaints.v1 import (
    closing_pb2,
    complaint_pb2,
    disposal_pb2,
    events_pb2,
    handling_pb2,
    intake_pb2,
    ledger_pb2,
    receipts_pb2,
    triage_pb2,
)
from zhengfeng.directory.v1 import officials_pb2

from suite.acting import Stage
from suite.demo import aftermath
from suite.demo.days import Days

STORIES = Path(__file__).with_name("complaints.toml")
CONCLUSIONS = {
    "established": events_pb2.CONCLUSION_ESTABLISHED,
    "partly": events_pb2.CONCLUSION_PARTLY,
    "not_established": events_pb2.CONCLUSION_NOT_ESTABLISHED,
}

PACE_DAYS = 0.9


@dataclass(frozen=True, slots=True)
class Story:
    """One complaint: filed so many days ago, about a unit, and how far it came."""

    title: str
    text: str
    unit: str
    category: str
    days_ago: int
    reaches: str
    manner: str = "named"
    channel: str = "web"
    conclusion: str = "established"
    self_found: bool = False
    grade: int = 0


STEPS = (
    "received",
    "accepted",
    "registered",
    "submitted",
    "approved",
    "dispatched",
    "signed_for",
    "reported",
    "signed",
    "closed",
)


def complain(stage: Stage, days: Days, settle: Callable[[], object], say: Callable[[str], None]) -> dict[str, Told]:
    """Lets the city complain and the desks work, in the order in which it happened. The complaints by their titles."""
    told = {story.title: Told(stage, story) for story in read_stories()}
    steps = [*_steps(told.values()), *((ago, act, False) for ago, act in aftermath.steps(stage, days, told))]
    for days_ago, act, settles in sorted(steps, key=lambda step: -step[0]):
        days.ago(days_ago)
        act()
        if settles:
            settle()
    settle()
    closed = sum(one.story.reaches == "closed" for one in told.values())
    say(f"complaints: {len(told)} filed, {closed} of them closed, with what follows")
    return told


def _steps(told: Iterable[Told]) -> Iterator[tuple[float, Callable[[], None], bool]]:
    """Every step of every story: how many days ago it was taken, one after another at the pace of the desks, and whether
    its facts are carried on at once."""
    for one in told:
        story = one.story
        steps = [*STEPS[: STEPS.index(story.reaches) + 1], *(["rated"] if story.grade else [])]
        for number, step in enumerate(steps):
            yield max(0.0, story.days_ago - number * PACE_DAYS), partial(one.take, step), step in ("received", "closed")


def read_stories() -> list[Story]:
    """The complaints of complaints.toml."""
    return [Story(**row) for row in tomllib.loads(STORIES.read_text(encoding="utf-8"))["complaint"]]


class Told:
    """One complaint on its way through the desks."""

    def __init__(self, stage: Stage, story: Story) -> None:
        self.stage = stage
        self.story = story
        self.id = ""
        self.code = ""

    def file(self) -> None:
        """The complainant files on the web, or rings up."""
        manner = complaint_pb2.Manner.Value(f"MANNER_{self.story.manner.upper()}")
        identity = None
        if self.story.manner != "anonymous":
            identity = intake_pb2.Identity(name="演示市民", phone="00000000000")
        draft = intake_pb2.ComplaintDraft(
            jurisdiction_path="/qinghe",
            title=self.story.title,
            text=self.story.text,
            manner=manner,
            identity=identity,
            accused_unit_path=self.story.unit,
            category=self.story.category,
        )
        if self.story.channel == "web":
            receipt = self.stage.as_()(intake_pb2.FileComplaintRequest(draft=draft))
        else:
            channel = complaint_pb2.Channel.Value(f"CHANNEL_{self.story.channel.upper()}")
            receipt = self.stage.as_("clerk")(intake_pb2.RegisterForCallerRequest(draft=draft, channel=channel))
        self.id, self.code = receipt.complaint_id, receipt.receipt_code

    def take(self, step: str) -> None:
        """The next step, by whoever takes it."""
        slug = self.story.unit.rsplit("/", 1)[-1]
        unit, head = f"unit.{slug}", f"head.{slug}"
        named = self.request
        acts: dict[str, Callable[[], Any]] = {
            "received": self.file,
            "rated": self.rate,
            "accepted": lambda: self._as("clerk", named(triage_pb2.AcceptComplaintRequest)),
            "registered": lambda: self._as(
                "clerk",
                named(
                    triage_pb2.RegisterComplaintRequest,
                    category=self.story.category,
                    accused_unit_path=self.story.unit,
                ),
            ),
            "submitted": lambda: self._as("clerk", self._disposal()),
            "approved": lambda: self._as(
                "office", named(disposal_pb2.ApproveDisposalRequest, approved=True, opinion="同意")
            ),
            "dispatched": lambda: self._as("clerk", named(disposal_pb2.DispatchRequest)),
            "signed_for": lambda: self._as(unit, named(handling_pb2.SignForRequest)),
            "reported": lambda: self._as(unit, self._report()),
            "signed": lambda: self._as(head, named(closing_pb2.SignReportRequest)),
            "closed": lambda: self._as("office", self._close()),
        }
        acts[step]()

    def rate(self) -> None:
        """The complainant says how it was handled."""
        request = receipts_pb2.RateHandlingRequest(receipt_code=self.code, grade=self.story.grade)
        self.stage.as_()(request)

    def _as(self, user: str, request: Any) -> None:
        self.stage.as_(user)(request)

    def request(self, kind: Any, **fields: Any) -> Any:
        """A request about it as it stands now."""
        seen = self.stage.as_("office")(ledger_pb2.GetComplaintRequest(complaint_id=self.id)).complaint
        return kind(complaint_id=self.id, expected_version=seen.version, **fields)

    def _disposal(self) -> Any:
        return self.request(
            disposal_pb2.SubmitForApprovalRequest,
            way=complaint_pb2.WAY_ASSIGNED,
            track=complaint_pb2.TRACK_COMMON,
            unit_path=self.story.unit,
            opinion="建议交办，限期报结。",
        )

    def _report(self) -> Any:
        return self.request(
            closing_pb2.ReportRequest,
            text="经调阅办件记录、询问经办人员，情况已核实。",
            rectification="已当面向群众说明并办结，窗口重新公示一次性告知单。",
            proposed_conclusion=CONCLUSIONS[self.story.conclusion],
            recommendation="对经办人员批评教育。",
        )

    def _close(self) -> Any:
        return self.request(
            closing_pb2.CloseRequest,
            conclusion=CONCLUSIONS[self.story.conclusion],
            categories=[self.story.category],
            misconduct=[self.story.category] if self.story.conclusion != "not_established" else [],
            official_ids=[self.responsible()] if self.story.conclusion != "not_established" else [],
            self_found=self.story.self_found,
            answer="您反映的问题已经核实并处理，感谢监督。",
        )

    def responsible(self) -> str:
        """Whoever handled it in the unit: the first handler under its path."""
        request = officials_pb2.ListPostsRequest(under=self.story.unit, kinds=[officials_pb2.POST_KIND_HANDLER], page_size=1)
        return str(self.stage.as_("office")(request).posts[0].official_id)
