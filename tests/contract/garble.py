"""Good requests with one or two fields made bad, as no client of ours would send them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import strategies as st

from tests.contract.fill import ours

Leaf = tuple[tuple[str, ...], FieldDescriptor]
TEXTS = (
    "",
    " ",
    "字" * 400,
    "x" * 25_000,
    "a\x00b",
    "\x07\x1b[31m\x7f",
    "\u202e\ufeff\u2028",
    "𣲘\U0010ffff",
    "' OR 1=1; DROP TABLE complaints; --",
    "<script>alert(1)</script>",
    "%s {0} {number} ${x}",
    "../../etc/passwd",
    "/qinghe/donghe/../xihe",
    "01928f6e-7b1a-7c3d-9e4f-000000000000",
    "not-an-id",
    "9999-99-99",
    "2026-02-30",
    "0000-01-01",
    "-1",
    "1e9",
    "NaN",
)
WHOLE = (0, 1, -1, 99, 501, 2**31 - 1, -(2**31), 2**63 - 1, -(2**63), 2**53 + 1)
SECONDS = (0, -1, 253402300799, -62135596800, 2**62, -(2**62))
FILES = (b"", b"\x00", b"PK\x03\x04" + b"\x00" * 64, b"\xff\xfe" * 50)
_LARGEST = {FieldDescriptor.CPPTYPE_INT32: (-(2**31), 2**31 - 1), FieldDescriptor.CPPTYPE_UINT32: (0, 2**32 - 1)}


@st.composite
def garbled(draw: st.DrawFn, good: Message) -> Message:
    """The request with one or two of its fields made bad."""
    bad = type(good)()
    bad.CopyFrom(good)
    leaves = list(_leaves(cast(Descriptor, good.DESCRIPTOR)))
    for path, field in draw(st.lists(st.sampled_from(leaves), min_size=1, max_size=2)) if leaves else ():
        _spoil(draw, bad, path, field)
    return bad


def _leaves(kind: Descriptor, above: tuple[str, ...] = ()) -> Iterator[Leaf]:
    for field in kind.fields:
        inner = field.message_type
        if inner is None or not ours(inner):
            yield above, field
        elif len(above) < 4 and not inner.GetOptions().map_entry:
            yield from _leaves(inner, (*above, field.name))


def _spoil(draw: st.DrawFn, message: Message, path: tuple[str, ...], field: FieldDescriptor) -> None:
    for name in path:
        found = getattr(message, name)
        message = found if isinstance(found, Message) else found[0] if found else found.add()
    if field.is_repeated and field.message_type is None:
        values = draw(st.lists(_bad(field), max_size=3)) * draw(st.sampled_from((1, 1, 200)))
        message.ClearField(field.name)
        getattr(message, field.name).extend(values)
    elif field.message_type is None:
        setattr(message, field.name, draw(_bad(field)))
    elif field.message_type.full_name == "google.protobuf.Timestamp" and not field.is_repeated:
        stamp: Timestamp = getattr(message, field.name)
        stamp.seconds, stamp.nanos = draw(st.sampled_from(SECONDS)), draw(st.sampled_from((0, -1, 2_000_000_000)))


def _bad(field: FieldDescriptor) -> st.SearchStrategy[Any]:
    if field.enum_type is not None:
        return st.sampled_from((0, 1, 99, -1, 2**31 - 1))
    if field.type == FieldDescriptor.TYPE_STRING:
        return st.one_of(st.sampled_from(TEXTS), st.text(max_size=40))
    if field.type == FieldDescriptor.TYPE_BYTES:
        return st.sampled_from(FILES)
    if field.type == FieldDescriptor.TYPE_BOOL:
        return st.booleans()
    least, most = _LARGEST.get(field.cpp_type, (-(2**63), 2**63 - 1))
    return st.sampled_from([number for number in WHOLE if least <= number <= most])
