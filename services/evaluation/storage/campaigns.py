"""A campaign held still: whoever gives something a place in its plan, and whoever changes the plan, wait for each other."""

from __future__ import annotations

import sqlalchemy as sa

from chassis.store import Tx
from services.evaluation.domain.campaign import Campaign
from services.evaluation.storage.schema import CAMPAIGNS


def held(tx: Tx, campaign_id: str, expected_version: int | None = None) -> Campaign:
    """The campaign as it is now; nobody amends it before this transaction ends. Raises as `tx.get`."""
    tx.get(CAMPAIGNS, campaign_id, expected_version)  # whoever may not see it, or saw an older one, holds nobody up
    tx.execute(sa.select(CAMPAIGNS.table.c.id).where(CAMPAIGNS.table.c.id == campaign_id).with_for_update())
    return tx.get(CAMPAIGNS, campaign_id, expected_version)
