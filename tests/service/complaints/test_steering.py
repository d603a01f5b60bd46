"""Matters, clocks that stand still, the ladder after a late signature, and whom a matter may not be handed to."""

from __future__ import annotations

from tests.service.complaints.city import CLERK, OFFICE, City


def test_lists_of_matters_parts_and_steps_leave_out_what_somebody_was_taken_off(city: City) -> None:
    at, other = city.dispatched(), city.registered()
    city.do("Merge", CLERK, on=other, into_complaint_id=at.complaint_id)
    asked = city.do("AskPart", CLERK, on=city.seen(at), unit_path="/qinghe/water", text="请提供供水记录。")
    reminded = city.do("Remind", CLERK, on=city.seen(at), text="请抓紧。")
    lists = {"ListMatters": "matters", "ListParts": "parts", "ListEscalations": "escalations"}
    assert asked.part.part_id and [len(getattr(city.do(rpc, OFFICE), rows)) for rpc, rows in lists.items()] == [1, 1, 1]

    city.do("RecuseFromComplaint", OFFICE, on=reminded, reason="与被反映人是亲属")

    assert [len(getattr(city.do(rpc, OFFICE), rows)) for rpc, rows in lists.items()] == [0, 0, 0]
