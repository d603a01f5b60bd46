"""Objects of four kinds: known by the directory's facts, named by the organiser, and what comes off each of them."""

from __future__ import annotations

from typing import Any

import pytest
from zhengfeng.accountability.v1 import events_pb2 as accountability_pb2
from zhengfeng.directory.v1 import events_pb2 as directory_pb2
from zhengfeng.evaluation.v1 import campaigns_pb2, counting_pb2, events_pb2, formula_pb2, plan_pb2, results_pb2

from chassis.clock import new_id
from tests.service.evaluation.campaigns import CITY, ORGANISER, City, unit_changed

DISTRICT = f"{CITY}/donghe"


class Directory:
    """What the directory has told: an official of the housing bureau who heads the tax office too, and a district."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.official = new_id(city.door.clock)
        city.door.hear(self._official())
        city.door.hear(self._post())
        far = unit_changed(new_id(city.door.clock), "donghe-civil")
        far.unit_path, far.jurisdiction_path = f"{DISTRICT}/civil", DISTRICT
        city.door.hear(far)

    def _official(self) -> directory_pb2.DirectoryEvent:
        changed = directory_pb2.OfficialChanged(kind="civil_servant", unit_id=self.city.units["housing"])
        at = {"unit_path": f"{CITY}/housing", "jurisdiction_path": CITY}
        return directory_pb2.DirectoryEvent(subject_id=self.official, version=1, official_changed=changed, **at)

    def _post(self) -> directory_pb2.DirectoryEvent:
        held = directory_pb2.PostChanged(official_id=self.official, unit_id=self.city.units["tax"], kind="unit_head")
        post = new_id(self.city.door.clock)
        return directory_pb2.DirectoryEvent(
            subject_id=post, version=1, unit_path=f"{CITY}/tax", jurisdiction_path=CITY, post_changed=held
        )

    def group(self, *objects: dict[str, Any]) -> plan_pb2.ObjectGroup:
        """A group of these objects."""
        return plan_pb2.ObjectGroup(key="all", name="全部", objects=[plan_pb2.RatedObject(**one) for one in objects])

    def person(self, unit: str = "housing", **other: Any) -> dict[str, Any]:
        """The official in a post of a unit."""
        kind = plan_pb2.OBJECT_KIND_OFFICIAL
        return {"kind": kind, "official_id": self.official, "unit_id": self.city.units[unit], "name": "李局长", **other}


@pytest.fixture
def directory(city: City) -> Directory:
    """A city that has heard of people and districts."""
    return Directory(city)


def leading(city: City, unit: str = "housing") -> dict[str, Any]:
    """The leading group of a unit."""
    return {"kind": plan_pb2.OBJECT_KIND_LEADING_GROUP, "unit_id": city.units[unit]}


def district(path: str = DISTRICT, name: str = "东河区") -> dict[str, Any]:
    """A district."""
    return {"kind": plan_pb2.OBJECT_KIND_DISTRICT, "unit_path": path, "name": name}


def test_a_unit_its_leading_group_its_head_and_a_district_stand_on_one_ballot(city: City, directory: Directory) -> None:
    objects = [{"unit_id": city.units["housing"]}, leading(city), directory.person(), directory.person("tax"), district()]
    del objects[3]  # one person stands there once
    plan = city.create(object_groups=[directory.group(*objects)]).plan
    assert [(one.kind, one.name, one.unit_path) for one in plan.object_groups[0].objects] == [
        (plan_pb2.OBJECT_KIND_UNIT, "housing", f"{CITY}/housing"),
        (plan_pb2.OBJECT_KIND_LEADING_GROUP, "housing领导班子", f"{CITY}/housing"),
        (plan_pb2.OBJECT_KIND_OFFICIAL, "李局长", f"{CITY}/housing"),
        (plan_pb2.OBJECT_KIND_DISTRICT, "东河区", DISTRICT),
    ]


def test_an_official_is_rated_where_the_official_holds_a_post(city: City, directory: Directory) -> None:
    plan = city.create(object_groups=[directory.group(directory.person("tax"))]).plan
    assert plan.object_groups[0].objects[0].unit_path == f"{CITY}/tax"


def test_an_object_nobody_has_told_of_is_refused_by_name(city: City, directory: Directory) -> None:
    stranger = new_id(city.door.clock)
    cases = [
        (directory.person(official_id=stranger), "OFFICIAL_UNKNOWN", stranger),
        (directory.person("roads"), "OFFICIAL_ELSEWHERE", directory.official),
        (directory.person(name=""), "OBJECT_NAME_MISSING", directory.official),
        (district(f"{CITY}/xihe"), "DISTRICT_UNKNOWN", f"{CITY}/xihe"),
        (district(CITY), "DISTRICT_UNKNOWN", CITY),
        (district("/fenghe/donghe"), "DISTRICT_UNKNOWN", "/fenghe/donghe"),
        (district(name=""), "OBJECT_NAME_MISSING", DISTRICT),
        ({"kind": plan_pb2.OBJECT_KIND_LEADING_GROUP, "unit_id": stranger}, "UNIT_UNKNOWN", stranger),
    ]
    for one, reason, named in cases:
        request = campaigns_pb2.CreateCampaignRequest(plan=city.plan(object_groups=[directory.group(one)]))
        refused = city.door.refused(city.campaigns.CreateCampaign, request, ORGANISER)
        assert (refused.reason, refused.field, named in refused.sentence) == (reason, "plan.object_groups", True)


def test_a_district_the_directory_names_needs_no_name(city: City, directory: Directory) -> None:
    named = directory_pb2.JurisdictionChanged(name="东河区", level="district")
    city.door.hear(
        directory_pb2.DirectoryEvent(
            subject_id=new_id(city.door.clock), version=1, jurisdiction_path=DISTRICT, jurisdiction_changed=named
        )
    )
    plan = city.create(object_groups=[directory.group(district(name=""))]).plan
    assert plan.object_groups[0].objects[0].name == "东河区"


def test_an_official_answers_for_own_measures_and_a_unit_for_all_of_its_people(city: City, directory: Directory) -> None:
    four = directory.group({"unit_id": city.units["housing"]}, leading(city), directory.person("tax"), district())
    campaign, delegates, _ = city.opened(object_groups=[four])
    for code in delegates:
        city.cast(code, campaign, (1, 1, 1, 1))
    colleague = new_id(city.door.clock)
    _decided(city, f"{CITY}/housing", directory.official, "warning")
    _decided(city, f"{CITY}/housing", colleague, "demerit")
    _decided(city, f"{DISTRICT}/civil", colleague, "demerit")
    counted = city.counted(campaign)
    request = results_pb2.GetResultRequest(campaign_id=counted.campaign_id)
    rows = city.door.call(city.results.GetResult, request, ORGANISER).result.rows
    assert {row.name: row.points_off for row in rows} == {
        "housing": "20",
        "housing领导班子": "20",
        "李局长": "10",
        "东河区": "15",
    }


def _decided(city: City, unit_path: str, official_id: str, measure: str) -> None:
    party = accountability_pb2.DecidedParty(official_id=official_id, unit_path=unit_path, measures=[measure])
    city.door.hear(
        accountability_pb2.AccountabilityEvent(
            subject_id=new_id(city.door.clock),
            version=1,
            unit_path=unit_path,
            jurisdiction_path=unit_path.rpartition("/")[0],
            decided=accountability_pb2.Decided(outcome="decided", parties=[party]),
        )
    )


def test_what_follows_for_an_official_names_the_official_by_id_only(city: City, directory: Directory) -> None:
    groups = [directory.group(directory.person("tax"), {"unit_id": city.units["housing"]})]
    at_once = formula_pb2.Publication(what=formula_pb2.PUBLISH_FULL)
    campaign, delegates, enterprises = city.opened(40, 40, object_groups=groups, publication=at_once)
    for code in (*delegates, *enterprises):
        city.cast(code, campaign, (4, 1))
    released = city.released(campaign)
    city.move(city.counting.FinaliseResult, counting_pb2.FinaliseResultRequest, released)
    [last] = city.door.announced(events_pb2.RankedLast)
    [first] = city.door.announced(events_pb2.Commended)
    [shown] = city.door.announced(events_pb2.ResultReleased)
    assert (last.ranked_last.kind, last.ranked_last.official_id) == ("official", directory.official)
    assert (first.commended.kind, first.commended.official_id) == ("unit", "")
    assert {(one.kind, one.official_id) for one in shown.result_released.results} == {
        ("official", directory.official),
        ("unit", ""),
    }
    assert "李局长" not in f"{last}{shown}"
