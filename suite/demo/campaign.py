"""A campaign of the demonstration city: eight bureaus in two groups, three groups of raters, most ballots cast."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from random import Random
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from zhengfeng.directory.v1 import units_pb2
from zhengfeng.evaluation.v1 import ballots_pb2, campaigns_pb2, plan_pb2, raters_pb2

from suite.acting import Stage
from suite.demo.days import Days

CITY = "/qinghe"
TITLE = "2026年公述民评（年终）"
BEGINS_AGO = 5
GROUPS = {
    "bureaus": ("政府部门", ["housing", "human-resources", "natural-resources", "market-regulation", "public-security"]),
    "services": ("公共服务", ["civil-affairs", "urban-management", "water-supply"]),
}
DIMENSIONS = [
    ("duty", "履职尽责", 30),
    ("service", "服务态度", 25),
    ("efficiency", "办事效率", 25),
    ("integrity", "廉洁自律", 20),
]
RATERS = [
    ("delegates", "人大代表和政协委员", 40, 30),
    ("enterprises", "企业和监测点", 35, 40),
    ("public", "服务对象", 25, 50),
]
# How satisfied people are with each unit on the whole, from 0 to 1; the draw makes the single ballots.
MOOD = {"housing": 0.45, "human-resources": 0.62, "urban-management": 0.6, "water-supply": 0.75}
USUAL_MOOD = 0.82
DONT_KNOW = 255
SEED = 2026
_OPEN = campaigns_pb2.CAMPAIGN_STATE_OPEN
KEPT_EACH = 10  # one rater of so many has not voted yet


def run_campaign(stage: Stage, days: Days, settle: Callable[[], object], say: Callable[[str], None]) -> list[str]:
    """Creates and opens the campaign, issues codes, lets most raters vote; the codes nobody has used yet."""
    days.ago(BEGINS_AGO)
    organiser, registrar = stage.as_("organiser"), stage.as_("registrar")
    made = organiser(campaigns_pb2.CreateCampaignRequest(plan=_plan(stage, days))).campaign
    registrar(raters_pb2.ImportRatersRequest(campaign_id=made.campaign_id, raters=_raters()))
    codes = issued_codes(registrar, made.campaign_id)
    organiser(campaigns_pb2.OpenCampaignRequest(campaign_id=made.campaign_id, expected_version=made.version))
    kept = _vote(stage, codes)
    settle()
    say(f"evaluation: a campaign with {len(codes)} raters, {len(codes) - len(kept)} ballots cast")
    return kept


def kept_codes(stage: Stage) -> list[str]:
    """The codes the demonstration left unused, derived again from the request that issued them; none once it is closed."""
    campaigns = stage.as_("organiser")(campaigns_pb2.ListCampaignsRequest(page_size=500)).campaigns
    ours = [found.campaign_id for found in campaigns if found.title == TITLE and found.state == _OPEN]
    codes = [code for campaign_id in ours[-1:] for code in issued_codes(stage.as_("registrar"), campaign_id)]
    return codes[::KEPT_EACH]


def issued_codes(registrar: Any, campaign_id: str) -> list[str]:
    """The codes of a campaign's raters; the same ones whenever they are asked for."""
    request = raters_pb2.IssueCodesRequest(campaign_id=campaign_id, request_id=campaign_id)
    return [issued.code for batch in registrar.stream(request) for issued in batch.codes]


def _plan(stage: Stage, days: Days) -> plan_pb2.CampaignPlan:
    closes_at = Timestamp()
    closes_at.FromDatetime(days.now() + timedelta(days=30))
    return plan_pb2.CampaignPlan(
        title=TITLE,
        year=2026,
        jurisdiction_path=CITY,
        closes_at=closes_at,
        object_groups=object_groups({unit.unit_path: unit for unit in units_of(stage)}),
        dimensions=[plan_pb2.Dimension(key=key, name=name, weight=weight) for key, name, weight in DIMENSIONS],
        dont_know=True,
        rater_groups=[
            plan_pb2.RaterGroup(key=key, name=name, weight=weight, quota=quota) for key, name, weight, quota in RATERS
        ],
        live=True,
    )


def object_groups(units: Mapping[str, Any], *keys: str) -> list[plan_pb2.ObjectGroup]:
    """The city's classes of units (all, or those of these keys), under the names every template gives them."""
    return [
        plan_pb2.ObjectGroup(
            key=key, name=name, objects=[plan_pb2.RatedObject(unit_id=units[f"{CITY}/{slug}"].unit_id) for slug in slugs]
        )
        for key, (name, slugs) in GROUPS.items()
        if key in (keys or GROUPS)
    ]


def units_of(stage: Stage) -> list[Any]:
    """Every unit of the directory."""
    found: list[Any] = []
    token = ""
    while True:
        answer = stage.as_("office")(units_pb2.ListUnitsRequest(page_size=500, page_token=token))
        found += answer.units
        token = answer.next_page_token
        if not token:
            return found


def _raters() -> list[Any]:
    return [
        raters_pb2.NewRater(reference=f"{key}-{number:03d}", rater_group=key, name=f"演示评议人{key}{number:03d}")
        for key, _, _, quota in RATERS
        for number in range(1, quota + 1)
    ]


def _vote(stage: Stage, codes: list[str]) -> list[str]:
    """Nine raters of ten vote on their phones; the rest keep their codes for whoever tries the demonstration."""
    draw = Random(SEED)
    slugs = [slug for _, names in GROUPS.values() for slug in names]
    phone = stage.as_()
    kept: list[str] = []
    for number, code in enumerate(codes):
        if number % KEPT_EACH == 0:
            kept.append(code)
            continue
        paper = phone(ballots_pb2.GetBallotPaperRequest(code=code)).paper
        objects = [rated for group in paper.groups for rated in group.objects]
        ratings = [
            ballots_pb2.ObjectRating(object_id=rated.object_id, grades=[_grade(draw, slug) for _ in paper.dimensions])
            for rated, slug in zip(objects, slugs, strict=True)
        ]
        phone(ballots_pb2.CastBallotRequest(code=code, ratings=ratings))
    return kept


def _grade(draw: Random, slug: str) -> int:
    mood = MOOD.get(slug, USUAL_MOOD)
    luck = draw.random()
    if luck < 0.04:
        return DONT_KNOW
    if luck < mood:
        return 1 if draw.random() < mood else 2
    return 3 if draw.random() < 0.7 else 4
