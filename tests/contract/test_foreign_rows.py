"""No rpc shows, changes or betrays a row of a district or unit that is not the caller's."""

from __future__ import annotations

import io
import zipfile

import grpc
import pytest
from google.protobuf import text_format
from google.protobuf.message import Message

from chassis.auth import Caller
from tests.contract.rpcs import Rpc, every_rpc
from tests.contract.strangers import is_list, paths, references, requests, rightful, strangers, unknown
from tests.contract.tables import mentioning
from tests.contract.world import District, World
from tests.doors import refusal

EVERY = every_rpc()
CLOSED = [rpc for rpc in EVERY if not rpc.open and not rpc.access.by_code]
OPEN = [rpc for rpc in EVERY if rpc.open]
Answer = list[Message] | grpc.RpcError


def named(rpcs: list[Rpc]) -> pytest.MarkDecorator:
    """One test for each of these rpcs."""
    return pytest.mark.parametrize("rpc", rpcs, ids=lambda rpc: rpc.name)


@pytest.fixture
def home(world: World) -> District:
    """Where the stranger is at home."""
    return world.districts["xihe"]


@pytest.fixture
def foreign(world: World) -> District:
    """Where the rows lie."""
    return world.districts["donghe"]


def test_every_kind_of_record_lies_in_both_districts(world: World) -> None:
    of_all = {"calendar_years", "token_keys"}
    for district in world.districts.values():
        for tables in world.tables.values():
            assert [kind for kind, count in tables.count(district.path).items() if not count and kind not in of_all] == []


@named(CLOSED)
def test_a_foreign_row_is_neither_shown_nor_changed_and_like_one_that_does_not_exist(
    world: World, rpc: Rpc, home: District, foreign: District
) -> None:
    for request in requests(world, rpc, foreign):
        for stranger in strangers(rpc, home, foreign):
            before = world.tables[rpc.service].rows()
            answer = world.answer(rpc, request, stranger)
            assert world.tables[rpc.service].rows() == before
            assert betrayed(answer, request, foreign) == []
            if isinstance(answer, grpc.RpcError) or references(rpc, foreign):
                nothing = unknown(request, foreign.known.ids())
                assert told(answer) == told(world.answer(rpc, nothing, stranger))


@named([rpc for rpc in CLOSED if rpc.access.jurisdiction])
def test_one_foreign_reference_among_own_ones_reaches_nothing(
    world: World, rpc: Rpc, home: District, foreign: District
) -> None:
    theirs = next(requests(world, rpc, foreign))
    own = next(requests(world, rpc, home))
    stranger = strangers(rpc, home, foreign)[0]
    for field in own.DESCRIPTOR.fields:
        if field.name in references(rpc, foreign) and field.message_type is None:
            mixed = type(own)()
            mixed.CopyFrom(own)
            mixed.ClearField(field.name)
            _copy(theirs, mixed, field.name)
            _untouched(world, rpc, mixed, stranger, foreign)


@named(OPEN)
def test_an_open_rpc_tells_a_stranger_what_it_tells_anyone(
    world: World, rpc: Rpc, home: District, foreign: District
) -> None:
    for request in requests(world, rpc, foreign):
        stranger = strangers(rpc, home, foreign)[0]
        nobody = None if rpc.access.public else Caller(stranger.subject)
        answer = _untouched(world, rpc, request, stranger, foreign)
        assert told(answer)[0] == told(world.answer(rpc, request, nobody))[0]
        assert foreign.mark not in _text(answer)


@named([rpc for rpc in CLOSED if rpc.access.jurisdiction or rpc.access.unit])
def test_the_same_request_gets_further_in_the_hands_of_those_it_is_for(
    world: World, rpc: Rpc, home: District, foreign: District
) -> None:
    stranger = strangers(rpc, home, foreign)[0]
    for request in requests(world, rpc, foreign):
        refused = told(world.answer(rpc, request, stranger))
        for owner in rightful(rpc, foreign):
            if told(world.answer(rpc, request, owner)) != refused:
                return
    if is_list(rpc) or references(rpc, foreign) or paths(rpc, foreign):
        raise AssertionError(f"{rpc.name} answers all with {refused}: the request is filled so that it proves nothing")


def told(answer: Answer) -> tuple[str, ...]:
    """What a caller can tell from an answer."""
    if isinstance(answer, grpc.RpcError):
        why = refusal(answer)
        return (why.code.name, why.reason, why.field, why.sentence)
    return ("OK", *(text_format.MessageToString(one, as_utf8=True) for one in answer))


def betrayed(answer: Answer, request: Message, foreign: District) -> list[str]:
    """Ids, paths and texts of the district that an answer tells and the request did not."""
    said, asked = _text(answer), _text([request])
    words = {*foreign.known.ids(), f"{foreign.path}/", foreign.mark}
    return sorted(word for word in words if word in said and word not in asked)


def _untouched(world: World, rpc: Rpc, request: Message, stranger: Caller, foreign: District) -> Answer:
    """Calls, and sees to it that every row that speaks of the district is as it was."""
    words = {*foreign.known.ids(), foreign.path}
    before = mentioning(world.tables[rpc.service].rows(), words)
    answer = world.answer(rpc, request, stranger)
    after = world.tables[rpc.service].rows()
    assert {key: after.get(key) for key in before} == before
    if not rpc.open:
        assert betrayed(answer, request, foreign) == []
    return answer


def _text(answer: Answer) -> str:
    if isinstance(answer, grpc.RpcError):
        return str(answer)
    return "\n".join(text_format.MessageToString(one, as_utf8=True) + _unpacked(one) for one in answer)


def _unpacked(message: Message) -> str:
    """The text in workbooks an answer carries."""
    files = [value for _, value in message.ListFields() if isinstance(value, bytes) and value.startswith(b"PK")]
    archives = [zipfile.ZipFile(io.BytesIO(file)) for file in files]
    return "\n".join(archive.read(name).decode(errors="replace") for archive in archives for name in archive.namelist())


def _copy(source: Message, target: Message, name: str) -> None:
    value = getattr(source, name)
    if source.DESCRIPTOR.fields_by_name[name].is_repeated:
        getattr(target, name).extend(value)
    else:
        setattr(target, name, value)
