"""A city with a district under it, the people who lead their offices, and the steps tests of the watchers begin with."""

from __future__ import annotations

from typing import Any

from zhengfeng.accountability.v1 import case_pb2, decisions_pb2, flag_pb2, watch_pb2, watch_pb2_grpc
from zhengfeng.complaints.v1 import events_pb2 as complaints
from zhengfeng.directory.v1 import events_pb2 as directory

from chassis.auth import Caller
from tests.doors import caller
from tests.service.accountability.scene import CITY, DECIDER, Scene, fixed_id

DISTRICT = f"{CITY}/donghe"
DISTRICT_OFFICE, DISTRICT_BUREAU = f"{DISTRICT}/efficiency-office", f"{DISTRICT}/civil-affairs"
OFFICE_HEAD, OFFICE_DEPUTY, BUREAU_HEAD, BUREAU_CLERK = map(fixed_id, ("o-head", "o-deputy", "b-head", "b-clerk"))
CITY_LEADER = caller("leader", jurisdiction=CITY, subject="city-leader")
DISTRICT_STAFF = caller("office", jurisdiction=DISTRICT, subject="district-office")
UNIT_HEAD = caller("unit_head", unit=DISTRICT_BUREAU, subject="unit-head", official_id=BUREAU_HEAD)
SUPERVISOR = caller("supervisor", jurisdiction=DISTRICT)


class Watched:
    """A scene in which a district keeps its own cases, and the city looks at it."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.door = scene.door
        self.watch = scene.door.stub(watch_pb2_grpc.WatchServiceStub)
        self._unit(DISTRICT_OFFICE, "office")
        self._unit(DISTRICT_BUREAU, "bureau")
        self.official(OFFICE_HEAD, DISTRICT_OFFICE, "unit_head")
        self.official(OFFICE_DEPUTY, DISTRICT_OFFICE, "deputy_in_charge")
        self.official(BUREAU_HEAD, DISTRICT_BUREAU, "unit_head")
        self.official(BUREAU_CLERK, DISTRICT_BUREAU, "handler")

    def _unit(self, path: str, kind: str) -> None:
        self._hear(fixed_id(path), path, DISTRICT, unit_changed=directory.UnitChanged(name=path, kind=kind))

    def official(self, official: str, path: str, post: str, place: str = DISTRICT, **care: Any) -> None:
        """Somebody with a post, as the directory announces them."""
        entered = directory.OfficialChanged(kind="civil_servant", unit_id=fixed_id(path), valid_from="2020-01-01")
        self._hear(official, path, place, official_changed=entered)
        place_of = {"official_id": official, "unit_id": fixed_id(path), "kind": post, "valid_from": "2020-01-01"}
        held = directory.PostChanged(**place_of, **care)
        self._hear(fixed_id(f"post {official}"), path, place, post_changed=held)

    def _hear(self, subject: str, path: str, place: str, **fact: Any) -> None:
        self.door.hear(
            directory.DirectoryEvent(subject_id=subject, version=1, unit_path=path, jurisdiction_path=place, **fact)
        )

    def clue(self, name: str = "district", **told: Any) -> case_pb2.Case:
        """A complaint in the district, closed as established against a clerk, is a clue now."""
        closed = {"conclusion": complaints.CONCLUSION_ESTABLISHED, "misconduct": ["slow"], "official_ids": [BUREAU_CLERK]}
        event = complaints.ComplaintEvent(
            subject_id=fixed_id(name),
            version=7,
            unit_path=DISTRICT_BUREAU,
            jurisdiction_path=DISTRICT,
            number=f"投诉〔2026〕{name}",
            closed=complaints.ComplaintClosed(**{**closed, **told}),
        )
        self.door.hear(event)
        (found,) = self.scene.listed(origin_subject_id=fixed_id(name))
        return found

    def decided(self, official: str, *measures: str, reason: str = "") -> case_pb2.Case:
        """A case about ordinary slow handling by somebody of the city, decided so."""
        scene = self.scene
        scene.door.hear(scene.closed_complaint(official, official_ids=[official]))
        (clue,) = scene.listed(official_id=official)
        case = scene.with_fact(scene.assigned(scene.filed_from(clue)))
        case, proposal = scene.proposed(scene.heard(scene.reviewed(case)))
        choices = [decisions_pb2.Choice(party_id=case.parties[0].id, measures=measures, reason=reason)]
        request = decisions_pb2.DecideRequest
        return scene.act(case, scene.decisions.Decide, request, DECIDER, proposal_id=proposal.id, choices=choices)

    def flags(self, as_: Caller = CITY_LEADER, **narrowed: Any) -> list[flag_pb2.Flag]:
        """The flags a caller sees."""
        return list(self.door.call(self.watch.ListFlags, watch_pb2.ListFlagsRequest(**narrowed), as_).flags)

    def only_flag(self, as_: Caller = CITY_LEADER) -> flag_pb2.Flag:
        """The one flag there is."""
        (flag,) = self.flags(as_)
        return flag

    def swept(self) -> list[flag_pb2.Flag]:
        """The flags after the timer has run, and run again."""
        self.door.run_timer("watch")
        self.door.run_timer("watch")
        return self.flags()

    def filed(self, as_: Caller = UNIT_HEAD, **told: Any) -> flag_pb2.OwnHandling:
        """The district's bureau files what it decided about its clerk."""
        found: flag_pb2.OwnHandling = self.door.call(self.watch.FileOwnHandling, self.filing(**told), as_).own_handling
        return found

    def filing(self, **told: Any) -> watch_pb2.FileOwnHandlingRequest:
        """What is filed, as told."""
        usual: dict[str, Any] = {
            "unit_path": DISTRICT_BUREAU,
            "official_id": BUREAU_CLERK,
            "measures": ["written_self_criticism", "circulated_criticism"],
            "decided_on": "2026-11-10",
            "document_number": "清东民〔2026〕9号",
            "statement": "窗口人员脱岗半日，经核实属实。",
        }
        return watch_pb2.FileOwnHandlingRequest(**{**usual, **told})
