"""Every act in every stage by every role, through the door: what the table allows works, all else says why it does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import grpc
import pytest
import sqlalchemy as sa
from zhengfeng.common.v1 import access_pb2

from chassis.auth import Caller
from chassis.clock import SettableClock, new_id
from chassis.keys import Keyring, clean_code
from services.complaints.domain import clocks, stages
from services.complaints.domain.complaint import Complaint
from services.complaints.domain.parts import PartState, asked
from services.complaints.domain.stages import Stage
from services.complaints.storage import COMPLAINTS, CONTENTS, PARTS
from tests.doors import Door, caller, refusal
from tests.service.complaints.acts_table import ACTS, BETTER, OPEN, UNIT, Row
from tests.service.complaints.city import City

ROLES = [name.removeprefix("ROLE_").lower() for name in access_pb2.Role.keys() if name != "ROLE_UNSPECIFIED"]
PLACE, HOUSING = "/qinghe", "/qinghe/housing"
OTHER_CLERK = caller("clerk", jurisdiction=PLACE, subject="another-clerk")


@dataclass(frozen=True, slots=True)
class Try:
    """One call: who does what on which complaint, and what has to come of it."""

    act: str
    stage: Stage
    role: str
    on: Complaint
    part_id: str
    expected: str


class Bench:
    """A city in which complaints stand at any stage, written straight into its tables from one that went the whole road."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.door: Door = city.door
        self.keys = Keyring(city.door.config.keys_dir, create=False)
        self.rows: dict[str, list[dict[str, Any]]] = {"complaints": [], "contents": [], "parts": []}
        running = self._stored(city.accepted()).clocks
        self.whole = replace(self._stored(city.closed()), clocks=tuple(clock for clock in running if clock.running))
        self.into = city.registered().complaint_id
        self.signed = {role: self.door.metadata(self._who(role)) for role in (*ROLES, "unit_clerk elsewhere")}

    def _stored(self, seen: Any) -> Complaint:
        with self.door.store.engine.connect() as connection:
            query = sa.select(COMPLAINTS.table).where(COMPLAINTS.table.c.id == seen.complaint_id)
            return COMPLAINTS.value(connection.execute(query).one())

    def _who(self, role: str) -> Caller:
        if role == "unit_clerk elsewhere":
            return caller("unit_clerk", unit="/qinghe/donghe/civil-affairs", subject="stranger")
        return caller(role, unit=HOUSING, subject=role) if role in UNIT else caller(role, jurisdiction=PLACE, subject=role)

    def standing(self, act: str, stage: Stage) -> tuple[Complaint, str]:
        """A new complaint at a stage with whatever else the act needs, and its part, which its own unit cooperates in."""
        row = ACTS[act]
        complaint = row.ready(replace(self.whole, **self._beginning(stage)))
        if row.addressed == "approved" and complaint.disposal is not None:
            complaint = replace(complaint, disposal=replace(complaint.disposal, approved_by="another"))
        if row.addressed == "paused" and complaint.closed_at is None:
            complaint = replace(complaint, clocks=clocks.pause(complaint.clocks, self.whole.received_at, "hearing", "", "x"))
        if row.addressed == "unsigned" and complaint.report is not None:
            complaint = replace(complaint, report=replace(complaint.report, signed_by="", signed_at=None))
        self.rows["complaints"].append(COMPLAINTS.row(complaint))
        self.rows["contents"].append({"complaint_id": complaint.id})
        return complaint, self._part(row, complaint)

    def _beginning(self, stage: Stage) -> dict[str, Any]:
        id = new_id(self.city.clock)
        ended = stage in stages.ENDED or stage is Stage.CLOSED
        disposal = self.whole.disposal
        assert disposal is not None
        proposed = replace(disposal, submitted_by="somebody", approved_by="")
        return {
            "id": id,
            "number": f"投诉〔2026〕{id}号",
            "receipt_mac": self.keys.mac("complaints.receipt", clean_code(self.code(id))),
            "stage": stage,
            "stage_before": Stage.HANDLING,
            "closed_at": self.whole.closed_at if ended else None,
            "clocks": clocks.stop(self.whole.clocks, self.whole.received_at) if ended else self.whole.clocks,
            "disposal": proposed,
            "matter_id": self.into if stage is Stage.MERGED else "",
            "dispatched_by": "somebody",
        }

    def _part(self, row: Row, complaint: Complaint) -> str:
        if "part" not in row.addressed:
            return ""
        part = asked(new_id(self.city.clock), complaint, HOUSING, "clerk", complaint.received_at)
        if row.addressed == "signed part":
            part = replace(part, state=PartState.SIGNED_FOR, signed_for_by="unit_clerk")
        self.rows["parts"].append(PARTS.row(part))
        return part.id

    def code(self, complaint_id: str) -> str:
        """The receipt code of a complaint that stands here."""
        return self.keys.code("tests.receipt", complaint_id)

    def write(self) -> None:
        """Writes what stands so far; the words are those of the complaint that went the whole road."""
        with self.door.store.engine.begin() as connection:
            query = sa.select(CONTENTS).where(CONTENTS.c.complaint_id == self.whole.id)
            words = dict(connection.execute(query).one()._mapping)
            filled = [{**words, **row} for row in self.rows["contents"]]
            for table, rows in (
                (COMPLAINTS.table, self.rows["complaints"]),
                (CONTENTS, filled),
                (PARTS.table, self.rows["parts"]),
            ):
                if rows:
                    connection.execute(sa.insert(table), rows)
        self.rows = {name: [] for name in self.rows}

    def stand(self) -> dict[str, tuple[str, int]]:
        """Where every complaint stands now."""
        with self.door.store.engine.connect() as connection:
            table = COMPLAINTS.table.c
            return {
                row.id: (row.stage.value, row.version)
                for row in connection.execute(sa.select(table.id, table.stage, table.version))
            }

    def prepared(self, one: Try) -> Try:
        """The same after what has to come first, done by another clerk through the door."""
        first, on = ACTS[one.act].first, one.on
        if not first:
            return one
        versioned = "expected_version" in self.city.request(first).DESCRIPTOR.fields_by_name
        addressed = {"complaint_id": on.id} | ({"expected_version": on.version} if versioned else {})
        self.city.do(first, OTHER_CLERK, **addressed)
        stage, version = self.stand()[on.id]
        return replace(one, on=replace(on, stage=Stage(stage), version=version))

    def outcome(self, one: Try) -> str:
        """What comes of a call: "done" or the reason of its refusal."""
        row = ACTS[one.act]
        said = dict(row.says)
        if not row.by:
            said |= {"receipt_code": self.code(one.on.id)}
        elif one.part_id:
            said |= {"part_id": one.part_id, "expected_version": 1}
        else:
            said |= {"complaint_id": one.on.id, "expected_version": one.on.version}
        if row.addressed == "into":
            said["into_complaint_id"] = self.into
        metadata = self.signed[one.role] if one.role else []
        try:
            self.city.method(one.act)(self.city.request(one.act, **said), metadata=metadata, timeout=30)
        except grpc.RpcError as error:
            return refusal(error).reason
        return "done"


@pytest.fixture
def bench(door: Callable[[str], Door], clock: SettableClock) -> Bench:
    """One city for all of it."""
    return Bench(City(door("complaints"), clock))


def refused_elsewhere(act: str, stage: Stage) -> str:
    """How the table refuses an act at a stage it has no place in."""
    return BETTER.get((act, stage.value), ACTS[act].elsewhere)


def allowed(bench: Bench) -> Iterator[Try]:
    """Every act at every stage it may be done at, by every role that may do it; each on a complaint of its own."""
    for act, row in ACTS.items():
        for stage in map(Stage, row.to):
            for role in row.by or ("",):
                begins = Stage.HANDLING if stage is Stage.ISOLATED else stage
                yield Try(act, stage, role, *bench.standing(act, begins), "done")


def out_of_place(bench: Bench) -> Iterator[Try]:
    """Every act at every stage it may not be done at, by every role that might do it elsewhere."""
    for act, row in ACTS.items():
        for stage in Stage:
            if stage.value not in row.to:
                on = bench.standing(act, stage)
                yield from (Try(act, stage, role, *on, refused_elsewhere(act, stage)) for role in row.by or ("",))


def out_of_role(bench: Bench) -> Iterator[Try]:
    """Every act at every stage by every role that may never do it; and by a unit that has nothing to do with it.

    A role is refused before the database is asked, so on PostgreSQL they are tried only where the act itself has its place.
    """
    everywhere = bench.door.store.engine.dialect.name == "sqlite"
    for act, row in ACTS.items():
        if not row.by:
            continue
        for stage in Stage if everywhere else map(Stage, row.to):
            on = bench.standing(act, stage)
            yield from (Try(act, stage, role, *on, "ROLE_NOT_ALLOWED") for role in ROLES if role not in row.by)
            if "unit_clerk" in row.by:
                stranger = "PART_NOT_FOUND" if on[1] else "COMPLAINT_NOT_FOUND"
                yield Try(act, stage, "unit_clerk elsewhere", *on, stranger)


def told(tries: list[Try], outcomes: list[str]) -> list[str]:
    """What came otherwise than the table says."""
    pairs = zip(tries, outcomes, strict=True)
    return [
        f"{one.act} at {one.stage.value} by {one.role or 'code'}: {outcome}, not {one.expected}"
        for one, outcome in pairs
        if outcome != one.expected
    ]


def test_the_table_has_every_act_the_life_cycle_has_and_no_other() -> None:
    on_complaints = {act: at for act, at in stages.ACTS.items() if act != "DecideSecondHandling"}  # that one is on a request
    assert {act: set(row.to) for act, row in ACTS.items()} == {
        act: {stage.value for stage in at} for act, at in on_complaints.items()
    }
    assert {stage.value for stage in stages.OPEN} == set(OPEN)


def test_what_the_table_allows_works_and_leads_where_the_table_leads(bench: Bench) -> None:
    tries = list(allowed(bench))
    bench.write()
    tries = [bench.prepared(one) for one in tries]
    assert told(tries, [bench.outcome(one) for one in tries]) == []
    stand = bench.stand()
    assert [
        f"{one.act} from {one.stage.value} by {one.role or 'code'}: {stand[one.on.id]}"
        for one in tries
        if stand[one.on.id] != (ACTS[one.act].to[one.stage.value], one.on.version + 1)
    ] == []


def test_all_else_is_refused_with_its_reason_and_changes_nothing(bench: Bench) -> None:
    tries = [*out_of_place(bench), *out_of_role(bench)]
    bench.write()
    before = bench.stand()
    with ThreadPoolExecutor(8) as together:
        outcomes = list(together.map(bench.outcome, tries))
    assert told(tries, outcomes) == []
    assert bench.stand() == before
