"""What the services offer, read from the descriptor set that the protos were compiled into.

An rpc is written once, in its .proto; routes, OpenAPI and the forms of the pages all come from the
`Rpc` records here. Nothing in this module speaks over a network.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from google.api import annotations_pb2
from google.protobuf import descriptor_pb2
from google.protobuf.descriptor_pb2 import DescriptorProto, EnumDescriptorProto, FieldDescriptorProto
from zhengfeng.common.v1 import access_pb2

PACKAGE = "zhengfeng."


@dataclass(frozen=True, slots=True)
class Access:
    """Who may call: anyone, anyone holding a code, any signed-in account, or the roles named."""

    public: bool
    by_code: bool
    signed_in: bool
    roles: frozenset[str]

    def open_to(self, roles: frozenset[str]) -> bool:
        return self.public or self.by_code or self.signed_in or bool(self.roles & roles)


@dataclass(frozen=True, slots=True)
class Rpc:
    """One operation: its gRPC name, its HTTP form and who may call it."""

    package: str
    door: str
    name: str
    request: str
    answer: str
    verb: str
    path: str
    body: str
    client_streaming: bool
    server_streaming: bool
    access: Access
    comment: str

    @property
    def owner(self) -> str:
        """The process that answers: `zhengfeng.complaints.v1` belongs to `complaints`."""
        return self.package.split(".")[1]

    @property
    def method(self) -> str:
        return f"/{self.package}.{self.door}/{self.name}"

    @property
    def key(self) -> str:
        """The short name the pages use: `complaints.AcceptComplaint`."""
        return f"{self.owner}.{self.name}"

    @property
    def reads_only(self) -> bool:
        return self.verb == "GET"


@dataclass(frozen=True)
class Contracts:
    """Every message, enum and rpc of the suite, with the comments of their sources."""

    image: bytes
    messages: Mapping[str, DescriptorProto]
    enums: Mapping[str, EnumDescriptorProto]
    comments: Mapping[str, str]
    rpcs: Mapping[str, Rpc] = field(default_factory=dict)

    @classmethod
    def load(cls, image: Path) -> Contracts:
        """Reads the descriptor set written by `make protos`."""
        if not image.exists():
            raise FileNotFoundError(f"{image} is missing: run `make protos` first")
        return cls.from_image(image.read_bytes())

    @classmethod
    def from_image(cls, image: bytes) -> Contracts:
        files = descriptor_pb2.FileDescriptorSet.FromString(image).file
        messages: dict[str, DescriptorProto] = {}
        enums: dict[str, EnumDescriptorProto] = {}
        comments: dict[str, str] = {}
        rpcs: dict[str, Rpc] = {}
        for proto_file in files:
            names = dict(_named_paths(proto_file))
            _collect_types(proto_file.package, proto_file.message_type, proto_file.enum_type, messages, enums)
            comments.update(_comments(proto_file, names))
            for rpc in _rpcs(proto_file, comments):
                if rpcs.setdefault(rpc.key, rpc) is not rpc:
                    raise ValueError(f"two rpcs of one service share the name {rpc.key}")
        return cls(image=image, messages=messages, enums=enums, comments=comments, rpcs=rpcs)

    def rpc(self, key: str) -> Rpc:
        """The rpc called `complaints.AcceptComplaint`; an unknown name is an error in the page that uses it."""
        return self.rpcs[key]

    def fields(self, message: str) -> Mapping[str, FieldDescriptorProto]:
        return self._fields_of[message]

    def flat_fields(self, message: str, prefix: str = "") -> Iterator[tuple[str, str, FieldDescriptorProto]]:
        """Every plain field of a message with its dotted name and its owner, through the messages it holds once.

        `filter.stages` of a list request: how a query names it, and how a form does.
        """
        for one in self.messages[message].field:
            inner = one.type_name.removeprefix(".")
            single = one.label != FieldDescriptorProto.LABEL_REPEATED
            if one.type == FieldDescriptorProto.TYPE_MESSAGE and single and inner.startswith(PACKAGE):
                yield from self.flat_fields(inner, f"{prefix}{one.name}.")
            else:
                yield prefix + one.name, message, one

    @cached_property
    def _fields_of(self) -> Mapping[str, Mapping[str, FieldDescriptorProto]]:
        return {name: {f.name: f for f in message.field} for name, message in self.messages.items()}

    def enum_values(self, enum: str) -> list[str]:
        """The names of an enum's values without the one that means nothing was said."""
        return [value.name for value in self.enums[enum].value if value.number != 0]


def _collect_types(
    scope: str,
    message_types: object,
    enum_types: object,
    messages: dict[str, DescriptorProto],
    enums: dict[str, EnumDescriptorProto],
) -> None:
    for enum in enum_types:  # type: ignore[attr-defined]
        enums[f"{scope}.{enum.name}"] = enum
    for message in message_types:  # type: ignore[attr-defined]
        name = f"{scope}.{message.name}"
        messages[name] = message
        _collect_types(name, message.nested_type, message.enum_type, messages, enums)


def _named_paths(proto_file: descriptor_pb2.FileDescriptorProto) -> Iterator[tuple[tuple[int, ...], str]]:
    """Source paths (field numbers of descriptor.proto) of what a comment may stand on, with full names."""
    for i, service in enumerate(proto_file.service):
        service_name = f"{proto_file.package}.{service.name}"
        yield (6, i), service_name
        for j, method in enumerate(service.method):
            yield (6, i, 2, j), f"{service_name}.{method.name}"
    for i, message in enumerate(proto_file.message_type):
        yield from _message_paths((4, i), f"{proto_file.package}.{message.name}", message)
    for i, enum in enumerate(proto_file.enum_type):
        yield from _enum_paths((5, i), f"{proto_file.package}.{enum.name}", enum)


def _message_paths(path: tuple[int, ...], name: str, message: DescriptorProto) -> Iterator[tuple[tuple[int, ...], str]]:
    yield path, name
    for i, one in enumerate(message.field):
        yield (*path, 2, i), f"{name}.{one.name}"
    for i, nested in enumerate(message.nested_type):
        yield from _message_paths((*path, 3, i), f"{name}.{nested.name}", nested)
    for i, enum in enumerate(message.enum_type):
        yield from _enum_paths((*path, 4, i), f"{name}.{enum.name}", enum)


def _enum_paths(path: tuple[int, ...], name: str, enum: EnumDescriptorProto) -> Iterator[tuple[tuple[int, ...], str]]:
    yield path, name
    for i, value in enumerate(enum.value):
        yield (*path, 2, i), f"{name}.{value.name}"


def _comments(
    proto_file: descriptor_pb2.FileDescriptorProto, names: Mapping[tuple[int, ...], str]
) -> Iterator[tuple[str, str]]:
    for location in proto_file.source_code_info.location:
        name = names.get(tuple(location.path))
        if name and (location.leading_comments or location.trailing_comments):
            lines = (location.leading_comments or location.trailing_comments).splitlines()
            yield name, "\n".join(line.removeprefix(" ").rstrip() for line in lines).strip()


def _rpcs(proto_file: descriptor_pb2.FileDescriptorProto, comments: Mapping[str, str]) -> Iterator[Rpc]:
    if not proto_file.package.startswith(PACKAGE):
        return
    for service in proto_file.service:
        for method in service.method:
            rule = method.options.Extensions[annotations_pb2.http]
            verb = rule.WhichOneof("pattern") or ""
            yield Rpc(
                package=proto_file.package,
                door=service.name,
                name=method.name,
                request=method.input_type.removeprefix("."),
                answer=method.output_type.removeprefix("."),
                verb=verb.upper(),
                path=getattr(rule, verb) if verb else "",
                body=rule.body,
                client_streaming=method.client_streaming,
                server_streaming=method.server_streaming,
                access=_access(method.options.Extensions[access_pb2.access]),
                comment=comments.get(f"{proto_file.package}.{service.name}.{method.name}", ""),
            )


def _access(option: access_pb2.Access) -> Access:
    roles = {
        access_pb2.Role.Name(role).removeprefix("ROLE_").lower()
        for scope in (option.jurisdiction, option.unit, option.anywhere)
        for role in scope
    }
    return Access(
        public=option.public,
        by_code=option.by_code,
        signed_in=bool(getattr(option, "signed_in", False)),
        roles=frozenset(roles),
    )
