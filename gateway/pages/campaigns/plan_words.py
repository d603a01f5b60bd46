"""A kept plan in people's words: where a changed value stands and what it was, shares in per cent, the chain of rounds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from gateway.pages.frame.formats import score
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused

ROUNDS = 12
"""How far back a chain of rounds is followed."""
PART = re.compile(r"(\w+)(?:\[([^\]]*)\])?")
OWNERS = {
    "": "CampaignPlan",
    "object_groups": "ObjectGroup",
    "objects": "RatedObject",
    "taken": "Taken",
    "dimensions": "Dimension",
    "scale": "Grade",
    "rater_groups": "RaterGroup",
    "tie_chain": "TieBreak",
    "validity": "ValidityRules",
    "points_off": "PointsOff",
    "rules": "PointsRule",
    "lines": "Lines",
    "grades": "ResultGrade",
    "publication": "Publication",
}
"""The message behind each part of a plan, for the labels of its fields."""
ALIASES = {"start": "from", "order": "order"}
ENUMS = {"revote": "Revote", "empty_group": "EmptyGroup", "question": "TieQuestion", "what": "Publish"}


def changed_field(visit: Visit, plan: Mapping[str, Any], field: str) -> str:
    """`rater_groups[delegates].weight` as 评议人类别 · 人大代表 · 权重; parts that are gone keep their key."""
    words: list[str] = []
    owner = ""
    place: Mapping[str, Any] = plan
    for name, key in PART.findall(field):
        words.append(_label(visit, owner, ALIASES.get(name, name)))
        owner = name if name in OWNERS else owner
        found: Any = place.get(name)
        if key:
            rows: list[dict[str, Any]] = found if isinstance(found, list) else []
            found = next((one for one in rows if key in (one.get("key"), one.get("object_id"))), {})
            words.append(str(found.get("name") or key))
        place = found if isinstance(found, Mapping) else {}
    return " · ".join(words)


def _label(visit: Visit, owner: str, name: str) -> str:
    for key in (f"field.{OWNERS[owner]}.{name}", f"plan_part.{name}", f"field.{name}"):
        if visit.site.words.has(key):
            return visit.t(key)
    return name


def changed_value(visit: Visit, field: str, text: str) -> str:
    """A value as people write it."""
    if text in ("true", "false"):
        return visit.t("yes" if text == "true" else "no")
    if re.match(r"\d{4}-\d{2}-\d{2}T", text):
        return visit.moment(text)
    kind = ENUMS.get(field.rpartition(".")[2])
    if kind:
        stem = re.sub(r"(?<!^)([A-Z])", r"_\1", kind).upper()
        return visit.label(kind, f"{stem}_{text.upper()}")
    return text or visit.t("amend_was_empty")


def share_of_one(text: str) -> str:
    """`0.05` as 5%."""
    return f"{score(str(Fraction(text or '0') * 100), 1)}%"


async def chain_of(visit: Visit, campaign: Mapping[str, Any]) -> list[dict[str, Any]]:
    """This campaign after those whose rounds came before it, the first round first; empty where there is none."""
    follows = campaign["plan"]["follows"]
    chain = [_round(campaign, here=True)]
    while follows and len(chain) < ROUNDS:
        try:
            before = await visit.part("evaluation.GetCampaign", campaign_id=follows)
        except Refused:
            break
        if before is None:
            break
        chain.append(_round(before["campaign"]))
        follows = before["campaign"]["plan"]["follows"]
    return chain[::-1] if len(chain) > 1 else []


def _round(campaign: Mapping[str, Any], here: bool = False) -> dict[str, Any]:
    plan = campaign["plan"]
    return {"campaign_id": campaign["campaign_id"], "number": campaign["number"], "title": plan["title"], "here": here}
