"""What a year is scored from: what was heard and entered, and what raters gave in campaigns that are final."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import sqlalchemy as sa

from chassis.auth import covers
from chassis.columns import plain_converter
from chassis.errors import Conflict
from chassis.store import Copy, Tx, under
from services.evaluation.domain.adjustment import Origin
from services.evaluation.domain.campaign import Campaign, State
from services.evaluation.domain.figuring import out_of_hundred
from services.evaluation.domain.formula import Publish
from services.evaluation.domain.plan import ObjectKind
from services.evaluation.domain.year import Input, Missing, Part, Rules, Weight
from services.evaluation.storage import counts
from services.evaluation.storage import years as kept
from services.evaluation.storage.schema import CAMPAIGNS

ROLLED_UP = (Part.KEY_TASKS, Part.RECTIFICATION)  # records; a rating, a month and a review are of the unit they name


@dataclass(frozen=True, slots=True)
class Material:
    """By unit, what its year rests on and what the campaigns among it publish; and the units as the directory knows them."""

    units: Mapping[str, Copy]
    inputs: dict[str, list[Input]]
    published: dict[str, list[Publish]]


def gathered(tx: Tx, jurisdiction_path: str, year: int, rules: Rules) -> Material:
    """Everything the year of each unit rests on. A bureau answers for the records of the units below it, as it does for
    points off (`usecases.reading`). Raises Conflict CAMPAIGN_NOT_FINAL."""
    copies = tx.copies("unit", under(tx.store.schema["copies"].c.unit_path, jurisdiction_path))
    material = Material({one.unit_path: one for one in copies}, {}, {})
    for one in kept.inputs(tx, jurisdiction_path, year):
        path = one.unit_path
        while path and covers(jurisdiction_path, path):
            if path == one.unit_path or (one.part in ROLLED_UP and path in material.units):
                material.inputs.setdefault(path, []).append(one)
            path = path.rpartition("/")[0]
    for campaign in final_campaigns(tx, jurisdiction_path, year, rules):
        for one in _ratings(tx, campaign, rules):
            if covers(jurisdiction_path, one.unit_path):
                material.inputs.setdefault(one.unit_path, []).append(one)
                material.published.setdefault(one.unit_path, []).append(campaign.plan.publication.what)
    return material


def final_campaigns(tx: Tx, jurisdiction_path: str, year: int, rules: Rules) -> list[Campaign]:
    """The year's final campaigns about units here, whoever runs them, above or below.

    Raises Conflict CAMPAIGN_NOT_FINAL while one is released but may still be objected to or counted again.
    """
    table = CAMPAIGNS.table
    steps = jurisdiction_path.split("/")
    above = ["/".join(steps[:end]) for end in range(2, len(steps))]
    near = sa.or_(under(table.c.jurisdiction_path, jurisdiction_path), table.c.jurisdiction_path.in_(above))
    query = sa.select(table).where(table.c.released_at.is_not(None), table.c.year == year, near).order_by(table.c.id)
    found = []
    for campaign in (CAMPAIGNS.value(row) for row in tx.rows(query)):
        here = any(covers(jurisdiction_path, path) for path in _units(campaign).values())
        if not here or (rules.templates and campaign.plan.template not in rules.templates):
            continue
        if campaign.state is not State.FINAL:
            raise Conflict("CAMPAIGN_NOT_FINAL", number=campaign.number)
        found.append(campaign)
    return found


def unit_at(units: Mapping[str, Copy], path: str) -> Copy:
    """A unit as the directory told of it, or its path alone."""
    return units.get(path) or Copy("unit", path, unit_path=path, name=path.rpartition("/")[2], known=False)


def rules_of(tx: Tx, path: str) -> Rules:
    """The pack of a jurisdiction."""
    converter = plain_converter()
    rectification = tx.setting("year.rectification", path)
    return Rules(
        weights=converter.structure(tx.setting("year.weights", path), tuple[Weight, ...]),
        missing=Missing(tx.setting("year.missing", path)),
        parts_needed=int(tx.setting("year.parts_needed", path)),
        templates=tuple(tx.setting("year.templates", path)),
        points_charged=tx.setting("year.rating", path) == "after_points",
        in_time=Fraction(str(rectification["in_time"])),
        satisfied_from=int(rectification["satisfied_from"]),
        decimals=int(tx.setting("year.decimals", path)),
    )


def _units(campaign: Campaign) -> dict[str, str]:
    """The units a campaign is about, by object."""
    return {one.object_id: one.unit_path for one in campaign.plan.objects if one.kind is ObjectKind.UNIT}


def _ratings(tx: Tx, campaign: Campaign, rules: Rules) -> list[Input]:
    """What a final campaign says of its units, out of a hundred, from its last released count."""
    last, units = counts.last(tx, campaign.id, released=True), _units(campaign)
    top = max(grade.points for grade in campaign.plan.scale)
    origin = Origin("evaluation", campaign.id, campaign.number)
    found = []
    for result in counts.results(tx, campaign.id, last.count) if last else ():
        row = result.row
        value = row.total if rules.points_charged else row.rating
        if value is None or row.total is None or row.suppressed or row.object_id not in units:
            continue
        at = (last.released_at if last else None) or tx.now
        place = (result.id, 1, row.unit_path, result.jurisdiction_path, campaign.year, Part.PUBLIC_RATING, "campaign")
        found.append(Input(*place, campaign.id, campaign.version, out_of_hundred(value, top), origin, at))
    return found
