"""What every contract must say: where it is reached, who may call, when it is refused, what its fields may hold."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from buf.validate import validate_pb2
from google.api import annotations_pb2
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from zhengfeng.common.v1 import access_pb2

from tests.architecture.reading import IMAGE, ROOT, SERVICES, ours, rpcs

BUF = ROOT / ".venv" / "bin" / "buf"
# Signing keys: two or three at any time; kinds of campaigns and forms of cards: as many as a pack names.
SHORT = {"ListKeys", "ListTemplates", "ListCardForms"}
BASELINE = ROOT / "protos" / "baseline.binpb"


def test_every_service_has_rpcs() -> None:
    assert {rpc.service for rpc in rpcs()} == set(SERVICES)


def test_every_single_call_has_a_rest_route() -> None:
    missing = []
    for rpc in rpcs():
        streamed = rpc.method.client_streaming or rpc.method.server_streaming
        route = rpc.method.GetOptions().Extensions[annotations_pb2.http]
        if not streamed and not route.WhichOneof("pattern"):
            missing.append(rpc.name)
    assert not missing


def test_no_two_rpcs_share_a_route() -> None:
    seen: dict[tuple[str, str], str] = {}
    shared = []
    for rpc in rpcs():
        route = rpc.method.GetOptions().Extensions[annotations_pb2.http]
        verb = route.WhichOneof("pattern")
        key = (verb or "", re.sub(r"\{[^}]*\}", "{}", getattr(route, verb))) if verb else ("", rpc.name)
        if key in seen:
            shared.append((seen[key], rpc.name))
        seen[key] = rpc.name
    assert not shared


def test_every_rpc_says_who_may_call() -> None:
    silent = [rpc.name for rpc in rpcs() if not rpc.method.GetOptions().Extensions[access_pb2.access].ListFields()]
    assert not silent


def test_the_three_administrators_are_never_asked_for_together() -> None:
    kept_apart = {access_pb2.ROLE_SYSTEM_ADMIN, access_pb2.ROLE_SECURITY_ADMIN}
    changing = [
        rpc.name
        for rpc in rpcs()
        if not rpc.reads and kept_apart <= set(rpc.method.GetOptions().Extensions[access_pb2.access].anywhere)
    ]
    assert not changing


def test_every_command_says_when_it_is_refused_and_whether_it_may_be_repeated() -> None:
    silent = [
        rpc.name
        for rpc in rpcs()
        if not rpc.reads
        and not (
            re.search(r"[Rr]efused", rpc.common + rpc.comment) and re.search(r"[Rr]epeat|[Cc]hanges nothing", rpc.comment)
        )
    ]
    assert not silent


def test_every_rpc_says_what_happens() -> None:
    assert not [rpc.name for rpc in rpcs() if not rpc.comment.strip()]


def test_every_rpc_has_its_own_request_and_response() -> None:
    odd = [
        rpc.name
        for rpc in rpcs()
        if rpc.method.input_type.name != f"{rpc.method.name}Request"
        or rpc.method.output_type.name != f"{rpc.method.name}Response"
    ]
    assert not odd


def test_every_request_field_says_what_it_may_hold() -> None:
    free: set[str] = set()
    seen: set[str] = set()
    for rpc in rpcs():
        free |= unconstrained(rpc.method.input_type, seen)
    assert not sorted(free)


def unconstrained(message: Descriptor, seen: set[str]) -> set[str]:
    """Fields below a request that may hold anything. A bool needs no limit, nor does one message of somebody else's."""
    if message.full_name in seen:
        return set()
    seen.add(message.full_name)
    free: set[str] = set()
    for field in message.fields:
        inner = field.message_type
        if inner is not None and ours(inner):
            free |= unconstrained(inner, seen)
        open_ended = field.is_repeated or inner is None
        if open_ended and field.type != FieldDescriptor.TYPE_BOOL and not limited(field):
            free.add(f"{message.full_name}.{field.name}")
    return free


def limited(field: FieldDescriptor) -> bool:
    """Whether the field has a constraint."""
    return bool(field.GetOptions().Extensions[validate_pb2.field].ListFields())


def test_no_score_or_money_is_a_float() -> None:
    floats = [
        field.full_name
        for rpc in rpcs()
        for message in (rpc.method.input_type, rpc.method.output_type)
        for field in message.fields
        if field.type in (FieldDescriptor.TYPE_DOUBLE, FieldDescriptor.TYPE_FLOAT)
    ]
    assert not floats


def test_buf_finds_nothing_to_object_to() -> None:
    done = subprocess.run([BUF, "lint", IMAGE, "--path", "zhengfeng"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_nothing_released_is_broken(tmp_path: Path) -> None:
    against = BASELINE if BASELINE.exists() else IMAGE  # before the first release there is only the present to keep
    command = [BUF, "breaking", IMAGE, "--against", against, "--limit-to-input-files"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("service", SERVICES)
def test_lists_are_paged(service: str) -> None:
    unpaged = [
        rpc.name
        for rpc in rpcs()
        if rpc.service == service
        and rpc.method.name.startswith("List")
        and rpc.method.name not in SHORT
        and not rpc.method.server_streaming
        and not {"page_size", "page_token"} <= set(rpc.method.input_type.fields_by_name)
    ]
    assert not unpaged
