"""Two districts with rows of every kind, made once by the rpcs people use; facts are carried between all five services."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import grpc
from google.protobuf.message import Message

from chassis import process
from chassis.auth import Caller
from chassis.clock import SettableClock, new_id
from chassis.relay import Member, Relay
from suite.members import SERVICES
from tests.contract.fill import filled
from tests.contract.known import Known
from tests.contract.rpcs import Rpc, every_rpc
from tests.contract.tables import Tables
from tests.databases import Databases
from tests.doors import Door

CITY = "/qinghe"
# Words of the programme that a field takes by name; what a contract cannot say.
WORDS = {
    "misconduct": ["absent"],
    "categories": ["absent"],
    "category": "absent",
    "suspected_conduct": "absent",
    "conduct": "absent",
    "regime": "supervised",
    "step": "unit_head",
    "plan_number": "年度计划2026-3",
    "since": "2026-11-09",
}


@dataclass
class District:
    """One district: its paths, what has been told about it, and who acts there."""

    slug: str
    known: Known = field(default_factory=Known)
    people: dict[str, Caller] = field(default_factory=dict)
    officials: dict[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """Its jurisdiction."""
        return f"{CITY}/{self.slug}"

    @property
    def unit(self) -> str:
        """The unit its rows belong to."""
        return f"{self.path}/housing"

    @property
    def other_unit(self) -> str:
        """A unit beside it."""
        return f"{self.path}/water"

    @property
    def mark(self) -> str:
        """Stands in every text written here, and nowhere else."""
        return f"密{self.slug}"

    def somebody(self, *roles: str, subject: str = "", unit: str = "") -> Caller:
        """Somebody with these roles here: over the district's rows, and over those of the unit."""
        name = subject or f"{roles[0]}@{self.slug}"
        who = Caller(name, frozenset(roles), (unit or self.unit,), (self.path,), self.officials.get(name, ""))
        self.people[name] = who
        return who


class World:
    """The doors of all services on databases of one kind, with a carrier between them."""

    def __init__(self, databases: Databases, clock: SettableClock, keys: Path) -> None:
        self.kind = databases.kind
        self.clock = clock
        self.doors = {name: Door(_unhurried(databases.config(name, keys / name)), clock) for name in SERVICES}
        self.tables = {name: Tables(door.config) for name, door in self.doors.items()}
        self.rpcs = {rpc.name: rpc for rpc in every_rpc()}
        self.relay = Relay([_member(door) for door in self.doors.values()])
        self.commands: list[tuple[Rpc, Message, Caller | None, list[Message]]] = []
        self.begun: dict[str, int] = {}
        self.districts = {slug: District(slug) for slug in ("donghe", "xihe")}

    def close(self) -> None:
        """Closes all doors."""
        for tables in self.tables.values():
            tables.close()
        for door in self.doors.values():
            door.close()

    def do(self, name: str, where: District, as_: Caller | None, /, **fields: Any) -> Any:
        """Calls an rpc as part of a district's story: what it needs is filled in, what it tells is remembered."""
        rpc = self.rpcs[name]
        request = self.request(rpc, {"": where.mark, **WORDS, **fields})
        answers = self.call(rpc, request, as_)
        if rpc.keyed:
            self.commands.append((rpc, request, as_, answers))
        where.known.learn(answers[0])
        return answers[0]

    def request(self, rpc: Rpc, values: dict[str, Any]) -> Message:
        """A request of this rpc that keeps its contract."""
        fresh = {"request_id": new_id(self.clock), **values}
        return filled(rpc.request_class, fresh, self.clock.now() - timedelta(hours=1))

    def call(self, rpc: Rpc, request: Message, as_: Caller | None, **metadata: str) -> list[Message]:
        """Calls an rpc; raises grpc.RpcError if refused."""
        door = self.doors[rpc.service]
        return rpc.call(door.channel, request, door.metadata(as_, **metadata))

    def answer(self, rpc: Rpc, request: Message, as_: Caller | None, **metadata: str) -> list[Message] | grpc.RpcError:
        """What comes back, be it an answer or a refusal."""
        try:
            return self.call(rpc, request, as_, **metadata)
        except grpc.RpcError as refused:
            return refused

    def kinds(self) -> dict[str, int]:
        """How many rows of each table there are."""
        found: Counter[str] = Counter()
        for tables in self.tables.values():
            found.update(table for table, _ in tables.rows())
        return dict(found)

    def carry(self) -> None:
        """Lets every announced fact arrive."""
        self.relay.carry()


def _unhurried(config: Any) -> Any:
    """Wrong codes are counted where that is what a test is about."""
    return replace(config, code_failures_per_minute=1_000_000)


def _member(door: Door) -> Member:
    return Member(door.service, door.store, door.usecases, process.module(door.service, "worker").HEARS)
