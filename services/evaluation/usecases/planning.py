"""From a draft to a complete plan: its template, the customs of the jurisdiction, its objects as they are known here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from chassis.auth import covers
from chassis.columns import plain_converter
from chassis.errors import Invalid, NotAllowed
from chassis.store import Tx
from services.evaluation.domain.draft import Customs, Draft, Template
from services.evaluation.domain.formula import EmptyGroup, Lines, PointsOff, Publication, Revote, TieBreak, Validity
from services.evaluation.domain.plan import Grade, Plan
from services.evaluation.usecases.placing import Placing
from services.evaluation.usecases.rounds import round_before

# The settings a plan's customs are taken from, and what each is read as.
CUSTOMS: Mapping[str, Any] = {
    "scale": tuple[Grade, ...],
    "validity": Validity,
    "revote": Revote,
    "empty_group": EmptyGroup,
    "tie_chain": tuple[TieBreak, ...],
    "suppress_below": int,
    "points_off": PointsOff,
    "lines": Lines,
    "trim": Fraction,
    "suite": str,
    "publication": Publication,
}


def complete(tx: Tx, draft: Draft, former: Plan | None = None) -> Plan:
    """The complete plan of a draft. An object that `former` has keeps its id, and its name where none is given.

    Raises NotAllowed JURISDICTION_NOT_YOURS; Invalid TEMPLATE_UNKNOWN, UNIT_UNKNOWN, UNIT_OUTSIDE_JURISDICTION,
    OFFICIAL_UNKNOWN, OFFICIAL_ELSEWHERE, DISTRICT_UNKNOWN, OBJECT_NAME_MISSING, as `usecases.rounds` and as
    `domain.soundness.check`.
    """
    path = draft.jurisdiction_path
    must_be_yours(tx, path, "plan.jurisdiction_path")
    if draft.template:
        draft = draft.after(template(tx, draft.template, path))
    before = round_before(tx, draft.follows) if draft.follows else None
    if before is not None:
        groups = tuple(replace(one, objects=before.objects(one, former)) for one in draft.object_groups)
        draft = replace(draft, object_groups=groups)
    placing = Placing(tx, path, former, before)
    objects = {one.subject: placing.place(one) for group in draft.object_groups for one in group.objects}
    return draft.complete(usual(tx, path), objects)


def must_be_yours(tx: Tx, jurisdiction_path: str, field: str) -> None:
    """Raises NotAllowed JURISDICTION_NOT_YOURS for a place outside the caller's."""
    rows = tx.caller.rows
    if not rows.everything and not any(covers(own, jurisdiction_path) for own in rows.jurisdictions):
        raise NotAllowed("JURISDICTION_NOT_YOURS", field)


def template(tx: Tx, key: str, jurisdiction_path: str) -> Template:
    """The template of a key as it holds in a jurisdiction today. Raises Invalid TEMPLATE_UNKNOWN."""
    if key not in tx.setting("campaign.templates", jurisdiction_path):
        raise Invalid("TEMPLATE_UNKNOWN", "plan.template", key=key)
    return plain_converter().structure(tx.setting(f"campaign.template.{key}", jurisdiction_path), Template)


def usual(tx: Tx, jurisdiction_path: str) -> Customs:
    """What the settings of a jurisdiction say where a plan says nothing."""
    converter = plain_converter()
    said = {
        name: converter.structure(tx.setting(f"campaign.{name}", jurisdiction_path), kind) for name, kind in CUSTOMS.items()
    }
    return Customs(**said)
