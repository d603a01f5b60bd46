"""JSON Schema (2020-12, as OpenAPI 3.1 uses it) of a message: its fields, their comments and their constraints."""

from __future__ import annotations

from typing import Any

from buf.validate import validate_pb2
from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto

from gateway.contracts import Contracts

Schema = dict[str, Any]
F = FieldDescriptorProto

_WHOLE = {F.TYPE_INT32, F.TYPE_UINT32, F.TYPE_SINT32, F.TYPE_FIXED32, F.TYPE_SFIXED32}
_WHOLE_64 = {F.TYPE_INT64, F.TYPE_UINT64, F.TYPE_SINT64, F.TYPE_FIXED64, F.TYPE_SFIXED64}
_KNOWN: dict[str, Schema] = {
    "google.protobuf.Timestamp": {"type": "string", "format": "date-time"},
    "google.protobuf.Duration": {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]{1,9})?s$"},
    "google.protobuf.FieldMask": {"type": "string"},
    "google.protobuf.Empty": {"type": "object"},
    "google.protobuf.Struct": {"type": "object"},
    "google.protobuf.Value": {},
}
_RULES = {
    F.TYPE_INT32: "int32",
    F.TYPE_INT64: "int64",
    F.TYPE_UINT32: "uint32",
    F.TYPE_UINT64: "uint64",
    F.TYPE_DOUBLE: "double",
    F.TYPE_FLOAT: "float",
}


def message_schema(contracts: Contracts, name: str) -> Schema:
    """The schema of one message; messages and enums it holds are references."""
    message = contracts.messages[name]
    properties = {one.name: field_schema(contracts, name, message, one) for one in message.field}
    required = [one.name for one in message.field if rules_of(one).required]
    schema: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    if required:
        schema["required"] = required
    if comment := contracts.comments.get(name):
        schema["description"] = comment
    return schema


def enum_schema(contracts: Contracts, name: str) -> Schema:
    values = contracts.enums[name].value
    lines = [f"{v.name}: {contracts.comments.get(f'{name}.{v.name}', '')}".rstrip(": ") for v in values]
    schema: Schema = {"type": "string", "enum": [v.name for v in values]}
    described = [contracts.comments.get(name, ""), *lines]
    schema["description"] = "\n".join(line for line in described if line)
    return schema


def field_schema(contracts: Contracts, owner: str, message: DescriptorProto, one: FieldDescriptorProto) -> Schema:
    rules = rules_of(one)
    schema = _map_schema(contracts, message, one) if _entry(message, one) else _bare(one, rules)
    if one.label == F.LABEL_REPEATED and not _entry(message, one):
        schema = {"type": "array", "items": {**_bare(one, rules.repeated.items), **_bounds(one, rules.repeated.items)}}
        if rules.repeated.HasField("min_items"):
            schema["minItems"] = rules.repeated.min_items
        if rules.repeated.HasField("max_items"):
            schema["maxItems"] = rules.repeated.max_items
        if rules.repeated.unique:
            schema["uniqueItems"] = True
    elif "$ref" not in schema:
        schema.update(_bounds(one, rules))
    if comment := contracts.comments.get(f"{owner}.{one.name}"):
        schema["description"] = comment
    return schema


def rules_of(one: FieldDescriptorProto) -> validate_pb2.FieldRules:
    return one.options.Extensions[validate_pb2.field]


def _entry(message: DescriptorProto, one: FieldDescriptorProto) -> DescriptorProto | None:
    """The hidden message behind a map field."""
    short = one.type_name.rpartition(".")[2]
    return next((n for n in message.nested_type if n.name == short and n.options.map_entry), None)


def _map_schema(contracts: Contracts, message: DescriptorProto, one: FieldDescriptorProto) -> Schema:
    entry = _entry(message, one)
    if entry is None:
        raise ValueError(f"{one.name} is not a map")
    return {"type": "object", "additionalProperties": _bare(entry.field[1], rules_of(entry.field[1]))}


def _bare(one: FieldDescriptorProto, rules: validate_pb2.FieldRules) -> Schema:
    """The type of a single value, as ProtoJSON writes it."""
    if one.type in (F.TYPE_MESSAGE, F.TYPE_ENUM):
        name = one.type_name.removeprefix(".")
        return dict(_KNOWN[name]) if name in _KNOWN else {"$ref": f"#/components/schemas/{name}"}
    if one.type in _WHOLE:
        return {"type": "integer", "format": "int32", "minimum": -(2**31), "maximum": 2**31 - 1}
    if one.type in _WHOLE_64:
        return {"type": "string", "format": "int64", "pattern": "^-?[0-9]{1,18}$"}
    if one.type == F.TYPE_BOOL:
        return {"type": "boolean"}
    if one.type in (F.TYPE_DOUBLE, F.TYPE_FLOAT):
        return {"type": "number"}
    if one.type == F.TYPE_BYTES:
        return {"type": "string", "contentEncoding": "base64"}
    return {"type": "string"}


def _bounds(one: FieldDescriptorProto, rules: validate_pb2.FieldRules) -> Schema:
    if one.type == F.TYPE_STRING:
        return _text_bounds(rules.string)
    if one.type in _RULES and one.type in _WHOLE:
        return _number_bounds(getattr(rules, _RULES[one.type]))
    return {}


def _text_bounds(rules: validate_pb2.StringRules) -> Schema:
    bounds: Schema = {}
    if rules.HasField("min_len"):
        bounds["minLength"] = rules.min_len
    if rules.HasField("max_len"):
        bounds["maxLength"] = rules.max_len
    if rules.HasField("len"):
        bounds["minLength"] = bounds["maxLength"] = rules.len
    if rules.HasField("pattern"):
        bounds["pattern"] = rules.pattern
    if "in" in rules.DESCRIPTOR.fields_by_name and getattr(rules, "in"):
        bounds["enum"] = list(getattr(rules, "in"))
    return bounds


def _number_bounds(rules: Any) -> Schema:
    names = {"gt": "exclusiveMinimum", "gte": "minimum", "lt": "exclusiveMaximum", "lte": "maximum"}
    return {ours: getattr(rules, theirs) for theirs, ours in names.items() if rules.HasField(theirs)}
