"""More campaigns of the demonstration city, each at another place of its life, made from the templates that ship.

One is released, with statements and an answered objection; one takes statements; one is open for the hall. The one that
runs, with codes left for visitors, is in `campaign`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from zhengfeng.evaluation.v1 import (
    ballots_pb2,
    campaigns_pb2,
    counting_pb2,
    objections_pb2,
    plan_pb2,
    raters_pb2,
    results_pb2,
    statements_pb2,
)

from suite.acting import Stage
from suite.demo.campaign import CITY, GROUPS, SEED, issued_codes, object_groups, units_of
from suite.demo.days import Days

Say = Callable[[str], None]
BEGINS_AGO = 9
RATERS = 12  # of each group; enough for intervals to be seen, few enough to start quickly
WINDOWS = 12
ABSENT_EACH = 6  # one rater of so many stays away
OBJECTOR = "water-supply"


@dataclass(frozen=True, slots=True)
class Town:
    """What every campaign needs."""

    stage: Stage
    days: Days
    units: Mapping[str, Any]
    draw: Random

    def ends(self, days: float) -> Timestamp:
        """A moment so many days from now."""
        at = Timestamp()
        at.FromDatetime(self.days.now() + timedelta(days=days))
        return at


def run_campaigns(stage: Stage, days: Days, settle: Callable[[], object], say: Say) -> None:
    """Makes the three campaigns, the oldest first."""
    days.ago(BEGINS_AGO)
    town = Town(stage, days, {unit.unit_path: unit for unit in units_of(stage)}, Random(SEED))
    _released(town, settle)
    _taking_statements(town)
    _in_the_hall(town)
    settle()
    say("evaluation: a released campaign with an objection, one taking statements, one open in the hall")


def _object(town: Town, path: str) -> plan_pb2.RatedObject:
    return plan_pb2.RatedObject(unit_id=town.units[path].unit_id)


def _create(town: Town, template: str, title: str, days: float, groups: Sequence[Any], **said: Any) -> Any:
    plan = plan_pb2.CampaignPlan(
        title=title,
        year=town.days.today().year,
        jurisdiction_path=CITY,
        closes_at=town.ends(days),
        object_groups=groups,
        template=template,
        **said,
    )
    return town.stage.as_("organiser")(campaigns_pb2.CreateCampaignRequest(plan=plan)).campaign


def _released(town: Town, settle: Callable[[], object]) -> None:
    """Statements, ballots, the count, two who release it, an objection and its answer."""
    organiser = town.stage.as_("organiser")
    made = _create(town, "two-classes", "双评：政府部门和公共服务行业", 6, object_groups(town.units), statements=True)
    _call(town, made, due=1)
    for slug in [slug for _, slugs in GROUPS.values() for slug in slugs]:
        _state(town, made, slug)
    town.days.later(30)
    codes = _enter(town, made)
    _open(town, made)
    _vote(town, codes)
    town.days.later(24)
    current = {"campaign_id": made.campaign_id}
    closed = organiser(campaigns_pb2.CloseCampaignRequest(expected_version=_version(town, made), **current)).campaign
    counted = organiser(counting_pb2.CountCampaignRequest(expected_version=closed.version, **current)).campaign
    first = organiser(counting_pb2.ReleaseResultRequest(expected_version=counted.version, **current)).campaign
    town.stage.as_("organiser2")(counting_pb2.ReleaseResultRequest(expected_version=first.version, **current))
    settle()
    _object_to(town, made)


def _object_to(town: Town, made: Any) -> None:
    rows = town.stage.as_("organiser")(results_pb2.GetResultRequest(campaign_id=made.campaign_id)).result.rows
    unit = town.units[f"{CITY}/{OBJECTOR}"].unit_id
    mine = next(row for row in rows if row.unit_id == unit)
    filed = town.stage.as_(f"unit.{OBJECTOR}")(
        objections_pb2.FileObjectionRequest(
            campaign_id=made.campaign_id,
            object_id=mine.object_id,
            text="本单位办事窗口在评议期间迁址，部分评议人可能评的是原窗口，请予复核。",
        )
    ).objection
    town.days.later(20)
    town.stage.as_("office")(
        objections_pb2.AnswerObjectionRequest(
            objection_id=filed.objection_id,
            expected_version=filed.version,
            answer=objections_pb2.OBJECTION_ANSWER_REJECTED,
            reasons="经核对，评议票按单位评议，不按窗口地点评议；迁址前后的服务都在评议范围内。维持原结果。",
        )
    )


def _taking_statements(town: Town) -> None:
    """Called for; three have filed."""
    made = _create(town, "year-end", "公述民评（年末）", 40, object_groups(town.units))
    _call(town, made, due=12)
    for slug in ("housing", "human-resources", "civil-affairs"):
        _state(town, made, slug)


def _in_the_hall(town: Town) -> None:
    """Windows of the city, most delegates have voted."""
    windows = sorted(path for path, unit in town.units.items() if "window" in path and path.startswith(f"{CITY}/"))
    group = plan_pb2.ObjectGroup(key="windows", name="服务窗口", objects=[_object(town, one) for one in windows[:WINDOWS]])
    made = _create(town, "windows-live", "服务窗口现场评议", 20, [group])
    codes = _enter(town, made)
    _open(town, made)
    _vote(town, codes)


def _call(town: Town, made: Any, due: int) -> None:
    day = (town.days.today() + timedelta(days=due)).isoformat()
    request = statements_pb2.CallForStatementsRequest(
        campaign_id=made.campaign_id, expected_version=made.version, due_on=day
    )
    town.stage.as_("organiser")(request)


def _state(town: Town, made: Any, slug: str) -> None:
    """The unit's own clerk files for it."""
    unit = town.stage.as_(f"unit.{slug}")
    asked = unit(statements_pb2.ListAskedStatementsRequest(campaign_id=made.campaign_id, page_size=50)).statements
    mine = next(one for one in asked if one.unit_path == f"{CITY}/{slug}")
    text = statements_pb2.StatementText(
        duties="依法履行本单位职责，公开办事流程、时限和收费依据。",
        promises="材料一次性告知；承诺事项按时办结；投诉当日回应。",
        progress="减少申报材料三项，平均办理时间缩短两个工作日。",
        problems="高峰期窗口排队时间仍然偏长，正在增加流动窗口。",
    )
    unit(statements_pb2.FileStatementRequest(statement_id=mine.statement_id, expected_version=mine.version, text=text))


def _enter(town: Town, made: Any) -> list[str]:
    """Raters of every group, and their codes."""
    registrar = town.stage.as_("registrar")
    raters = [
        raters_pb2.NewRater(
            reference=f"{group.key}-{number:03d}", rater_group=group.key, name=f"演示评议人{group.key}{number:03d}"
        )
        for group in made.plan.rater_groups
        for number in range(1, RATERS + 1)
    ]
    registrar(raters_pb2.ImportRatersRequest(campaign_id=made.campaign_id, raters=raters))
    return issued_codes(registrar, made.campaign_id)


def _version(town: Town, made: Any) -> int:
    found = town.stage.as_("organiser")(campaigns_pb2.GetCampaignRequest(campaign_id=made.campaign_id)).campaign
    return int(found.version)


def _open(town: Town, made: Any) -> None:
    request = campaigns_pb2.OpenCampaignRequest(campaign_id=made.campaign_id, expected_version=_version(town, made))
    town.stage.as_("organiser")(request)


def _vote(town: Town, codes: Sequence[str]) -> None:
    phone = town.stage.as_()
    for number, code in enumerate(codes):
        if number % ABSENT_EACH == 0:
            continue
        paper = phone(ballots_pb2.GetBallotPaperRequest(code=code)).paper
        ratings = [
            ballots_pb2.ObjectRating(
                object_id=rated.object_id,
                grades=[_grade(town.draw, place) for _ in paper.dimensions],
            )
            for place, rated in enumerate(rated for group in paper.groups for rated in group.objects)
        ]
        phone(ballots_pb2.CastBallotRequest(code=code, ratings=ratings))


def _grade(draw: Random, place: int) -> int:
    """The objects further down the ballot please a little less, so that a ranking is to be seen."""
    mood = 0.85 - place % 8 * 0.05
    luck = draw.random()
    return 1 if luck < mood else 2 if luck < mood + 0.1 else 3 if luck < 0.95 else 4
