"""A model of suggestions in each district: it is trained by a command, the contract has no rpc for that."""

from __future__ import annotations

from chassis.auth import Caller
from services.complaints.domain.suggesting import CATEGORY, ModelScore, SuggestionModel
from services.complaints.storage import models
from tests.contract.world import District, World


def tell(world: World, district: District) -> None:
    """One model, as a training keeps it."""
    store = world.doors["complaints"].store
    with store.begin(Caller.service("complaints", "train")) as tx:
        model = SuggestionModel(
            id=tx.new_id(),
            version=1,
            jurisdiction_path=district.path,
            unit_path="",
            number=tx.number("complaints.suggestion_models"),
            trained_at=tx.now,
            trained_by="operator",
            rows=120,
            scores=(ModelScore(CATEGORY, 4, 120, 812, 745),),
            digest=district.mark,
        )
        models.write(tx, model, [])
