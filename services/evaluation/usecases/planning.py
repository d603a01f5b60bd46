"""From a draft to a complete plan: the usual customs of the jurisdiction, and the objects as units of the directory."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from chassis.auth import covers
from chassis.columns import plain_converter
from chassis.errors import Invalid, NotAllowed
from chassis.store import Tx
from services.evaluation.domain.draft import Customs, Draft
from services.evaluation.domain.formula import EmptyGroup, Lines, PointsOff, Publication, Revote, TieBreak, Validity
from services.evaluation.domain.plan import Grade, Plan, RatedObject

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


def complete(tx: Tx, draft: Draft, former: Mapping[tuple[str, str], str] | None = None) -> Plan:
    """The complete plan of a draft; `former` holds the object ids given already, by subject.

    Raises Invalid UNIT_UNKNOWN, UNIT_OUTSIDE_JURISDICTION and as `domain.plan.check`; NotAllowed JURISDICTION_NOT_YOURS.
    """
    rows = tx.caller.rows
    path = draft.jurisdiction_path
    if not rows.everything and not any(covers(own, path) for own in rows.jurisdictions):
        raise NotAllowed("JURISDICTION_NOT_YOURS", "plan.jurisdiction_path")
    objects = {
        one.subject: _placed(tx, one, path, (former or {}).get(one.subject) or tx.new_id())
        for group in draft.object_groups
        for one in group.objects
    }
    return draft.complete(usual(tx, path), objects)


def usual(tx: Tx, jurisdiction_path: str) -> Customs:
    """What the settings of a jurisdiction say where a plan says nothing."""
    converter = plain_converter()
    said = {
        name: converter.structure(tx.setting(f"campaign.{name}", jurisdiction_path), kind) for name, kind in CUSTOMS.items()
    }
    return Customs(**said)


def _placed(tx: Tx, one: RatedObject, jurisdiction_path: str, object_id: str) -> RatedObject:
    unit = tx.copy("unit", one.unit_id)
    if not unit.known:
        raise Invalid("UNIT_UNKNOWN", "plan.object_groups", unit=one.unit_id)
    if not covers(jurisdiction_path, unit.unit_path):
        raise Invalid("UNIT_OUTSIDE_JURISDICTION", "plan.object_groups", unit=one.unit_id)
    return RatedObject(object_id, one.unit_id, one.name or unit.name, unit.unit_path)
