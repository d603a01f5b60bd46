"""Repeats by whoever is on the telephone: found by a typed number, nobody's name opened, no confidential one told."""

from __future__ import annotations

from zhengfeng.complaints.v1 import complaint_pb2

from tests.service.complaints.city import CLERK, DONGHE, OFFICE, City


def test_a_typed_number_finds_named_complaints_and_counts_confidential_ones(city: City) -> None:
    first = city.filed()
    city.go_to("2026-11-16 10:00")
    second = city.filed(title="路灯不亮")
    city.filed(manner=complaint_pb2.MANNER_CONFIDENTIAL)
    found = city.do("FindRepeats", CLERK, phone="+86 139-1234-5678")
    assert [one.number for one in found.repeats] == [second.number, first.number]
    assert (found.named, found.confidential) == (2, 1)
    assert not city.do("FindRepeats", OFFICE, phone="13800000000").repeats


def test_another_districts_complaints_are_not_told(city: City) -> None:
    city.filed()
    found = city.do("FindRepeats", DONGHE, phone="13912345678")
    assert (list(found.repeats), found.named, found.confidential) == ([], 0, 0)


def test_a_number_of_a_few_digits_is_no_number(city: City) -> None:
    refused = city.refused("FindRepeats", CLERK, phone="139 12", id_number="1101")
    assert (refused.reason, refused.field) == ("NUMBER_TOO_SHORT", "phone")
