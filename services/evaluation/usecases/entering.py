"""Codes on their way into the box. The register says to whom a code was issued before the box knows it.

The two are different databases, so a call that breaks off may leave codes that are issued and open nothing. Whoever is about
to show a code enters it first; a code the box knows stays as it is there, also one that is void.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chassis.auth import Caller
from chassis.errors import Conflict
from services.evaluation.domain.campaign import Campaign
from services.evaluation.domain.rater import Issued
from services.evaluation.storage import box as boxes
from services.evaluation.storage import register
from services.evaluation.storage.campaigns import held
from services.evaluation.usecases.desk import Desk

BATCH = 500


def issued(desk: Desk, row: Any, issue: int) -> Issued:
    """The code of a rater's n-th issue."""
    return Issued(row.id, row.reference, row.rater_group, desk.codes.derive(row.campaign_id, row.id, issue))


def code_row(desk: Desk, campaign: Campaign, row: Any, one: Issued) -> dict[str, Any]:
    """What the box keeps of a code. Raises Conflict RATER_GROUP_UNKNOWN where an amendment took its group away."""
    codes, place = desk.codes, campaign.plan.rater_group(row.rater_group)
    if place is None:
        raise Conflict("RATER_GROUP_UNKNOWN", "rater_group", group=row.rater_group)
    return {
        "code_hash": codes.box_hash(one.code),
        "campaign_id": campaign.id,
        "rater_group": place,
        "own_unit": codes.seal_unit(one.code, row.unit_id),
        "only_object": row.object_id or None,
        "void": False,
    }


def serial_row(
    desk: Desk, campaign: Campaign, design_id: str, rater_id: str, issue: int, code: str, void: bool = False
) -> dict[str, Any]:
    """What the box keeps of the serial of a rater's n-th card: the code it stands for, as the box knows that."""
    serial_hash = desk.serials.box_hash(desk.serials.derive(campaign.id, rater_id, issue))
    code_hash, mask = desk.codes.presented(code)
    return {
        "serial_hash": serial_hash,
        "campaign_id": campaign.id,
        "design_id": design_id,
        "code_hash": code_hash,
        "mask": desk.serials.masked(serial_hash, mask),
        "void": void,
    }


def enter(desk: Desk, caller: Caller, campaign_id: str, rows: Sequence[Any]) -> list[Issued]:
    """Enters the last codes of these raters into the box and gives them back. Raises Conflict CAMPAIGN_NOT_TAKING_RATERS."""
    codes = [issued(desk, row, row.codes_issued) for row in rows]
    with desk.box.begin(caller) as tx:
        campaign = held(tx, campaign_id)
        campaign.must_take_raters()
        boxes.add_codes(tx, [code_row(desk, campaign, row, one) for row, one in zip(rows, codes, strict=True)])
    return codes


def enter_forgotten(desk: Desk, caller: Caller, campaign_id: str) -> None:
    """Enters every code that was issued, to whomever, if the box knows fewer than the register: a call broke off then."""
    with desk.register.read(caller) as tx:
        wanted = register.codes_issued(tx, campaign_id)
    with desk.box.read(caller) as tx:
        known = boxes.known_codes(tx, campaign_id)
    after = "" if known < wanted else None
    while after is not None:
        with desk.register.read(caller) as tx:
            rows = register.with_code(tx, campaign_id, after, BATCH)
        if rows:
            enter(desk, caller, campaign_id, rows)
        after = rows[-1].id if rows else None
