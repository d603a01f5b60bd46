"""Numbers people choose themselves are no way around the rows they may touch."""

from __future__ import annotations

from tests.contract.tables import mentioning
from tests.contract.world import District, World


def test_history_cannot_be_taken_over_by_naming_another_districts_number(world: World) -> None:
    theirs, own = world.districts["donghe"], world.districts["xihe"]
    assert _loaded(world, theirs, theirs)["result"] == "IMPORT_RESULT_ADDED"
    before = mentioning(world.tables["complaints"].rows(), [theirs.path, *theirs.known.ids()])

    answer = _loaded(world, own, theirs)

    assert (answer["result"], answer["reason"], answer["field"]) == (
        "IMPORT_RESULT_REFUSED",
        "JURISDICTION_NOT_YOURS",
        "source_number",
    )
    assert not answer["complaint_id"]
    assert mentioning(world.tables["complaints"].rows(), [theirs.path, *theirs.known.ids()]) == before


def _loaded(world: World, by: District, numbered: District) -> dict[str, str]:
    """What became of one old complaint that an office loads under a number of some district."""
    rpc = world.rpcs["complaints.ImportComplaints"]
    old = {"source_number": f"old-{numbered.slug}", "jurisdiction_path": by.path, "title": by.slug, "channel": 1}
    request = world.request(rpc, {"source": "hotline", "complaints": [old], "received_at": world.clock.now()})
    [answer] = world.call(rpc, request, by.people[f"office@{by.slug}"])
    [row] = answer.rows  # type: ignore[attr-defined]
    result = row.DESCRIPTOR.fields_by_name["result"].enum_type.values_by_number[row.result].name
    return {"result": result, "reason": row.reason, "field": row.field, "complaint_id": row.complaint_id}
