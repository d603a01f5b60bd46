"""One unit's own result: explained to the last point, compared with its group, and over all campaigns it was in."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from chassis.auth import Caller, covers
from chassis.errors import NotFound
from chassis.store import Tx, under
from chassis.tx import is_id
from services.evaluation.domain.adjustment import Adjustment
from services.evaluation.domain.campaign import Campaign
from services.evaluation.domain.formula import Publish
from services.evaluation.domain.objection import objections_until
from services.evaluation.domain.result import ObjectResult
from services.evaluation.domain.shown import Explained, OwnResult
from services.evaluation.domain.standing import standing
from services.evaluation.storage import counts
from services.evaluation.storage.counts import COUNTS
from services.evaluation.storage.schema import ADJUSTMENTS, CAMPAIGNS, OBJECT_RESULTS
from services.evaluation.usecases.desk import SERVICE, Desk
from services.evaluation.usecases.released import may_count


class StandingCases:
    """What a unit may know of its result."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._store = desk.box

    def explain(self, caller: Caller, campaign_id: str, object_id: str) -> Explained:
        """How one object's score came about. Raises NotFound OBJECT_RESULT_NOT_FOUND."""
        if not is_id(campaign_id) or not is_id(object_id):
            raise NotFound("OBJECT_RESULT_NOT_FOUND", "object_id")
        with self._store.read(SERVICE) as whole:
            campaign = whole.find(CAMPAIGNS, CAMPAIGNS.table.c.id == campaign_id)
            result = None
            if campaign is not None:
                with self._store.read(caller) as own:
                    result = own_result(own, campaign, object_id, may_count(caller, campaign))
            if campaign is None or result is None:
                raise NotFound("OBJECT_RESULT_NOT_FOUND", "object_id")
            group = _group(whole, result)
            least = int(whole.setting("standing.least_others", campaign.jurisdiction_path))
        with self._store.read(caller) as own:
            entries = _charged(own, result)
        counts_it = may_count(caller, campaign)
        public = campaign.plan.publication.what is Publish.FULL and (campaign.public or counts_it)
        mine = {one.object_id for one in group if one.object_id == object_id or (not counts_it and owned(caller, one))}
        stands = standing(campaign.plan, result, group, mine, least, public)
        return Explained(campaign, result, entries, stands, objections_until(campaign), owned(caller, result))

    def own(self, caller: Caller, size: int, token: str) -> tuple[list[OwnResult], str]:
        """A page of the released results of the caller's own units, latest first, and the token of the next."""
        table, later = OBJECT_RESULTS.table, COUNTS.alias("later")
        last = sa.select(sa.func.max(later.c.count)).where(
            later.c.campaign_id == table.c.campaign_id, later.c.released_at.is_not(None)
        )
        with self._store.read(caller) as tx:
            query = sa.select(table).where(_own_rows(caller, table), table.c.count == last.scalar_subquery())
            page = tx.page(query, by=[table.c.id], size=size, token=token)
            found = [OBJECT_RESULTS.value(row) for row in page.rows]
        with self._store.read(SERVICE) as whole:
            return _own(whole, found), page.next_token


def own_result(tx: Tx, campaign: Campaign, object_id: str, unreleased: bool) -> ObjectResult | None:
    """An object's line in the last count the caller may see, if the caller may see the object."""
    last = counts.last(tx, campaign.id, released=not unreleased)
    if last is None:
        return None
    table = OBJECT_RESULTS.table
    match = (table.c.campaign_id == campaign.id, table.c.count == last.count, table.c.object_id == object_id)
    return tx.find(OBJECT_RESULTS, *match)


def owned(caller: Caller, result: ObjectResult) -> bool:
    """Whether the object is of one of the caller's units, or the district itself of whose office the caller is."""
    if result.unit_path == result.jurisdiction_path and result.unit_path in caller.rows.jurisdictions:
        return True
    return any(covers(path, result.unit_path) for path in caller.rows.units)


def _own_rows(caller: Caller, table: sa.Table) -> sa.ColumnElement[bool]:
    """The same as a condition."""
    districts = table.c.unit_path.in_(caller.rows.jurisdictions)
    mine = [under(table.c.unit_path, path) for path in caller.rows.units]
    return sa.or_(sa.and_(table.c.unit_path == table.c.jurisdiction_path, districts), *mine)


def _group(tx: Tx, result: ObjectResult) -> list[ObjectResult]:
    """The results of the object's group in the same count."""
    found = counts.results(tx, result.campaign_id, result.count)
    return [one for one in found if one.row.object_group == result.row.object_group]


def _charged(tx: Tx, result: ObjectResult) -> dict[str, Adjustment]:
    ids = [charge.adjustment_id for charge in result.charges]
    table = ADJUSTMENTS.table
    query = sa.select(table).where(table.c.id.in_(ids), tx.visible(table))
    return {row.id: ADJUSTMENTS.value(row) for row in tx.rows(query)}


def _own(tx: Tx, found: Sequence[ObjectResult]) -> list[OwnResult]:
    ids = {one.campaign_id for one in found}
    query = sa.select(CAMPAIGNS.table).where(CAMPAIGNS.table.c.id.in_(ids))
    campaigns = {row.id: CAMPAIGNS.value(row) for row in tx.rows(query)}
    released, ranked = counts.released(tx, ids), counts.ranked(tx, ids)
    return [
        OwnResult(
            campaigns[one.campaign_id],
            one,
            ranked.get((one.campaign_id, one.count, one.row.object_group), 0),
            released[one.campaign_id, one.count],
            objections_until(campaigns[one.campaign_id]),
        )
        for one in found
    ]
