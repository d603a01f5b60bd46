"""Released results: who may read which count, and how much of it."""

from __future__ import annotations

import sqlalchemy as sa

from chassis.auth import Caller, covers
from chassis.errors import NotFound
from chassis.store import Tx
from services.evaluation.domain.campaign import Campaign
from services.evaluation.domain.formula import Publish
from services.evaluation.domain.result import ResultChange, ResultRow, result_changes
from services.evaluation.domain.shown import Kept, Shown
from services.evaluation.storage import counts, objections
from services.evaluation.storage.schema import CAMPAIGNS
from services.evaluation.usecases.desk import Desk

COUNTERS = ("organiser", "checker", "publisher", "auditor", "office", "leader")


class ReleasedCases:
    """What everybody can read of results."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._store = desk.box

    def page(self, caller: Caller, year: int, template: str, size: int, token: str) -> tuple[list[Campaign], str]:
        """A page of campaigns with a released result, latest first; what is not public is for those who count only."""
        table = CAMPAIGNS.table
        plan = sa.type_coerce(table.c.plan, sa.JSON)
        with self._store.read(caller) as tx:
            what = plan[("publication", "what")].as_string()
            shown = sa.func.coalesce(what, Publish.FULL.value) != Publish.NOT_PUBLIC.value
            if caller.has(*COUNTERS):
                shown = sa.or_(shown, tx.visible(table))
            query = sa.select(table).where(table.c.released_at.is_not(None), shown)
            if year:
                query = query.where(table.c.year == year)
            if template:
                query = query.where(plan["template"].as_string() == template)
            page = tx.page(query, by=[table.c.id], size=size, token=token)
            return [CAMPAIGNS.value(row) for row in page.rows], page.next_token

    def result(self, caller: Caller, campaign_id: str, count: int) -> Shown:
        """One count, the latest unless another is asked for. Raises NotFound CAMPAIGN_NOT_FOUND, NO_RESULT_YET."""
        with self._store.read(caller) as tx:
            campaign = tx.get(CAMPAIGNS, campaign_id)
            full = may_count(caller, campaign)
            what = Publish.FULL if full else campaign.plan.publication.what
            on_record = [one for one in counts.kept(tx, campaign_id) if full or one.released_at]
            if not full and (not on_record or what is Publish.NOT_PUBLIC):
                raise NotFound("CAMPAIGN_NOT_FOUND", "campaign_id")
            kept = next((one for one in reversed(on_record) if count in (0, one.count)), None)
            if kept is None:
                raise NotFound("NO_RESULT_YET", "campaign_id", number=campaign.number)
            rows = counts.rows(tx, campaign_id, kept.count)
            versions = _versions(tx, campaign_id, on_record)
            return Shown(campaign, kept, rows, what, versions, objections.numbers(tx, campaign_id))


def may_count(caller: Caller, campaign: Campaign) -> bool:
    """Whether the caller is one of those who count and release, in this jurisdiction."""
    return caller.has(*COUNTERS) and any(covers(path, campaign.jurisdiction_path) for path in caller.jurisdiction_paths)


def _versions(tx: Tx, campaign_id: str, on_record: list[Kept]) -> list[tuple[Kept, list[ResultChange]]]:
    """Each count with what it changed against the one before it."""
    versions: list[tuple[Kept, list[ResultChange]]] = []
    before: list[ResultRow] | None = None
    for one in on_record:
        rows = counts.rows(tx, campaign_id, one.count) if len(on_record) > 1 else []
        versions.append((one, result_changes(before, rows) if before is not None else []))
        before = rows
    return versions
