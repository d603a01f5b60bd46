"""Requests that name rows of one district, and the callers who have no business there."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from google.api import annotations_pb2
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from chassis.auth import Caller
from tests.contract.fill import CannotFill, fields_of, rules_of
from tests.contract.rpcs import Rpc
from tests.contract.stories import accountability, directory
from tests.contract.world import WORDS, District, World

EVERY_ROLE = frozenset(
    "clerk office leader unit_clerk unit_head identity_keeper publisher supervisor delegate point investigator decider "
    "reviewer approver rule_author organiser registrar checker auditor personnel bureau peer system_admin security_admin "
    "audit_admin operator".split()
)
_VARIABLE = re.compile(r"([a-z-]+)/\{(\w+)\}")


def look_around(world: World, district: District) -> None:
    """Lets somebody of the district call every list, so that what came about by itself is known too."""
    for rpc in world.rpcs.values():
        if "next_page_token" in rpc.method.output_type.fields_by_name and not rpc.open:
            for request in requests(world, rpc, district):
                told = world.answer(rpc, request, rightful(rpc, district)[0])
                for answer in told if isinstance(told, list) else []:
                    district.known.learn(answer)


def admitted(rpc: Rpc) -> frozenset[str]:
    """The roles whose rows are limited: by jurisdiction or by unit."""
    return rpc.access.jurisdiction | rpc.access.unit


def strangers(rpc: Rpc, home: District, foreign: District) -> list[Caller]:
    """Callers with every role the rpc admits, in another district; and in another unit of the same one."""
    roles = (admitted(rpc) or EVERY_ROLE) - rpc.access.anywhere
    subject = home.known.records("account_id")[0]["account_id"]
    found = [Caller(subject, roles, (home.unit,), (home.path,))]
    if rpc.access.unit:
        found.append(Caller(subject, rpc.access.unit, (foreign.other_unit,)))
    return found


def rightful(rpc: Rpc, district: District) -> list[Caller]:
    """Everybody of the district whom the rpc admits: one who holds all its roles, then those who acted."""
    roles = admitted(rpc)
    everything = Caller(f"owner@{district.slug}", roles, (district.unit,), (district.path,))
    return [everything, *(who for who in district.people.values() if who.has(*roles))]


def is_list(rpc: Rpc) -> bool:
    """Whether it answers page by page."""
    return rpc.takes("page_token")


def requests(world: World, rpc: Rpc, district: District) -> Iterator[Message]:
    """Requests that name the district's rows, one for each known row; for a list also one that narrows nothing."""
    values = {**WORDS, **documents(world, rpc, district), **paths(rpc, district)}
    ids = references(rpc, district)
    if not ids:
        yield world.request(rpc, values)
        if is_list(rpc):
            yield world.request(rpc, WORDS)
        return
    for record in district.known.beside(list(dict.fromkeys(ids.values()))):
        named = {field: [record[name]] if field.endswith("_ids") else record[name] for field, name in ids.items()}
        versions = {"expected_version": record.get("version", 1), **{k: record[k] for k in ("sha256",) if k in record}}
        yield world.request(rpc, {**values, **versions, **named})
        if is_list(rpc):
            yield world.request(rpc, WORDS | {field: id for field, id in named.items() if _needed(rpc, field)})


def documents(world: World, rpc: Rpc, district: District) -> dict[str, Any]:
    """What is handed in as a file or a plan and speaks of the district.

    A workbook takes time to make and is there for whom asks for one.
    """
    workbook = {"workbook": directory.workbook(district, "新")} if rpc.takes("workbook") else {}
    return {
        **workbook,
        "apply": True,
        "pack_text": accountability.pack(district, "2027"),
        "closes_at": world.clock.now() + timedelta(days=30),
        "year": 2026,
        "key": "all",
        "hours": 24,
        "source": "hall-1",
        "channel": 1,
        "source_number": f"{district.slug}-1",
        "title": "话",
        "received_at": world.clock.now(),
        "identity": {"name": "某人", "phone": "13900000000"},
    }


def paths(rpc: Rpc, district: District) -> dict[str, str]:
    """A value of the district for every field that holds a path."""
    fields = fields_of(rpc.method.input_type).values()
    return {
        field.name: district.path if "jurisdiction" in field.name else district.unit for field in fields if _is_path(field)
    }


def references(rpc: Rpc, district: District) -> dict[str, str]:
    """The fields that name a record, each with the name its id is known by. Raises CannotFill for one nobody knows."""
    found = {}
    for field in _id_fields(rpc):
        single, routed = field.removesuffix("s"), _by_route(rpc)
        names = (single, routed.get(field, ""), *_endings(single), *routed.values())
        known = next((name for name in names if district.known.records(name)), None)
        if known is None:
            raise CannotFill(f"{rpc.name}: no story of tests/contract/stories tells of a record for `{field}`")
        found[field] = known
    return found


def unknown(request: Message, ids: set[str]) -> Message:
    """The same request about records that do not exist."""
    twin = type(request)()
    twin.CopyFrom(request)
    _replace(twin, ids)
    return twin


def _replace(message: Message, ids: set[str]) -> None:
    for field, value in message.ListFields():
        if field.message_type is not None:
            for inner in value if field.is_repeated else [value]:
                if not field.message_type.GetOptions().map_entry:
                    _replace(inner, ids)
        elif field.is_repeated:
            value[:] = [str(uuid.uuid4()) if item in ids else item for item in value]
        elif value in ids:
            setattr(message, field.name, str(uuid.uuid4()))


def _id_fields(rpc: Rpc) -> list[str]:
    """Fields of the route first, then the others in their order."""
    own = [*_by_route(rpc), *(field.name for field in rpc.method.input_type.fields), *fields_of(rpc.method.input_type)]
    every = [name for name in dict.fromkeys(own) if name.endswith(("_id", "_ids"))]
    return [name for name in every if name not in ("request_id", "key_id")]


def _by_route(rpc: Rpc) -> dict[str, str]:
    """`/rule-versions/{before_id}:compare` says that before_id is the id of a rule version."""
    rule = rpc.method.GetOptions().Extensions[annotations_pb2.http]
    route = rule.get or rule.post or rule.put or rule.delete or rule.patch
    return {field: f"{kind.removesuffix('s').replace('-', '_')}_id" for kind, field in _VARIABLE.findall(route)}


def _endings(field: str) -> list[str]:
    """`into_complaint_id` is the id of a complaint."""
    parts = field.split("_")
    return ["_".join(parts[start:]) for start in range(1, len(parts) - 1)]


def _is_path(field: FieldDescriptor) -> bool:
    if field.type != FieldDescriptor.TYPE_STRING:
        return False
    rules = rules_of(field)
    pattern = rules.repeated.items.string.pattern if field.is_repeated else rules.string.pattern
    return pattern.startswith(("^(/", "^((/")) or field.name.endswith(("_path", "_paths"))


def _needed(rpc: Rpc, field: str) -> bool:
    found = rpc.method.input_type.fields_by_name.get(field)
    return found is not None and rules_of(found).string.min_len > 0
