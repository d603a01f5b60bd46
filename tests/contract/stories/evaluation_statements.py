"""Statements and promises: called for, filed, sent back and filed again, read; promised, reported, confirmed."""

from __future__ import annotations

from typing import Any

from tests.contract.stories.evaluation import plan
from tests.contract.world import District, World


def tell(world: World, district: District) -> None:
    """What a district's units say of themselves; what is public bears no mark, for everybody may read it."""
    _state(world, district, waiting=False)
    _state(world, district, waiting=True)
    _promise(world, district)


def _state(world: World, district: District, waiting: bool) -> None:
    """One campaign opens with what was filed; the other still waits for statements."""
    organiser, clerk = district.somebody("organiser"), district.somebody("unit_clerk")
    values = plan(world, district) | {"statements": True, "title": "公述民评"}
    campaign = world.do("evaluation.CreateCampaign", district, organiser, **values).campaign
    on = {"campaign_id": campaign.campaign_id}
    call = world.do(
        "evaluation.CallForStatements", district, organiser, **on, expected_version=campaign.version, due_on=""
    ).call
    asked = world.do("evaluation.ListAskedStatements", district, clerk, **on).statements
    said = {"text": {"duties": district.mark if waiting else "依法履职"}}
    filed = world.do("evaluation.FileStatement", district, clerk, **_at(asked[0]), **said).statement
    sent_back = world.do("evaluation.ReturnStatement", district, organiser, **_at(filed)).statement
    world.do("evaluation.FileStatement", district, clerk, **_at(sent_back), **said)
    if waiting:
        return
    registrar = district.somebody("registrar")
    rater = {"reference": f"{district.slug}-述", "rater_group": "all", "name": district.mark, "unit_id": ""}
    world.do("evaluation.ImportRaters", district, registrar, **on, **rater)
    world.do("evaluation.IssueCodes", district, registrar, **on, rater_group="all")
    world.do("evaluation.OpenCampaign", district, organiser, **on, expected_version=call.campaign_version)


def _promise(world: World, district: District) -> None:
    clerk, office = district.somebody("unit_clerk"), district.somebody("office")
    wanted = {"unit_path": district.unit, "year": 2026, "due_on": "2026-12-31"}
    public = {"text": "登记当场办结", "measure": "当场办结率", "target": "100%"}
    promises = [world.do("evaluation.RecordPromise", district, clerk, **wanted, **public).promise for _ in range(3)]
    told = {"delivery": 1, "result": "已经全部办到"}
    for one in promises[1:]:
        reported = world.do("evaluation.ReportPromise", district, clerk, **_promised(one), **told).promise
    world.do("evaluation.ConfirmPromise", district, office, **_promised(reported), delivery=0)


def _at(statement: Any) -> dict[str, Any]:
    return {"statement_id": statement.statement_id, "expected_version": statement.version}


def _promised(promise: Any) -> dict[str, Any]:
    return {"promise_id": promise.promise_id, "expected_version": promise.version}
