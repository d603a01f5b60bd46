"""The OpenAPI 3.1 document: one operation for every rpc, written from the contracts and their comments."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from google.protobuf.descriptor_pb2 import FieldDescriptorProto

from gateway.contracts import Contracts, Rpc
from gateway.rest.routing import Route
from gateway.rest.schemas import Schema, enum_schema, field_schema, message_schema
from gateway.rest.streams import header_of

PROBLEM: Schema = {
    "type": "object",
    "description": "A refusal (RFC 9457). `reason` is stable; `detail` is for people, in the language asked for.",
    "required": ["type", "title", "status", "reason", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "reason": {"type": "string"},
        "detail": {"type": "string"},
        "violations": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "detail"],
                "properties": {
                    "field": {"type": "string"},
                    "detail": {"type": "string"},
                    "reason": {"type": "string"},
                },
            },
        },
    },
}


def document(contracts: Contracts, routes: Iterable[Route]) -> dict[str, Any]:
    """The whole document, with only those schemas that some operation reaches."""
    paths: dict[str, dict[str, Any]] = {}
    reached: dict[str, Schema] = {"Problem": PROBLEM}
    for route in sorted(routes, key=lambda r: (r.rpc.path, r.method)):
        paths.setdefault(f"/api{route.rpc.path}", {})[route.method.lower()] = _operation(contracts, route)
        for name in (route.rpc.request, route.rpc.answer):
            _reach(contracts, name, reached)
    owners = sorted({rpc.owner for rpc in contracts.rpcs.values()})
    return {
        "openapi": "3.1.0",
        "info": {"title": "Zhengfeng", "version": "1", "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
        "tags": [{"name": owner} for owner in owners],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(reached.items())),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
                "session": {"type": "apiKey", "in": "cookie", "name": "session"},
            },
        },
    }


def _operation(contracts: Contracts, route: Route) -> dict[str, Any]:
    rpc = route.rpc
    first, _, rest = rpc.comment.partition("\n\n")
    operation: dict[str, Any] = {
        "operationId": rpc.key,
        "tags": [rpc.owner],
        "summary": " ".join(first.split()),
        "description": "\n\n".join(part for part in (rest, _who(rpc)) if part),
        "parameters": _parameters(contracts, route),
        "responses": {"200": _answer(rpc), "default": _refusal()},
        "security": [{}] if rpc.access.public or rpc.access.by_code else [{"token": []}, {"session": []}],
    }
    if rpc.client_streaming:
        operation["requestBody"] = _stream_body(rpc)
    elif rpc.body:
        operation["requestBody"] = _body(contracts, route)
    return operation


def _who(rpc: Rpc) -> str:
    if rpc.access.public:
        return "Open to anyone."
    if rpc.access.by_code:
        return "Open to anyone who holds a code; failures are rate limited."
    return f"Roles: {', '.join(sorted(rpc.access.roles))}." if rpc.access.roles else "Anyone signed in."


def _parameters(contracts: Contracts, route: Route) -> list[dict[str, Any]]:
    parameters = []
    for name, owner, one in contracts.flat_fields(route.rpc.request):
        in_path = name in route.names
        in_header = route.rpc.client_streaming and route.rpc.access.by_code and one.type != FieldDescriptorProto.TYPE_BYTES
        if not in_path and not in_header and route.rpc.body != "":
            continue
        schema = field_schema(contracts, owner, contracts.messages[owner], one)
        description = schema.pop("description", "")
        if in_path and schema.get("type") == "string":
            schema.setdefault("minLength", 1)
        place = "path" if in_path else "header" if in_header else "query"
        told = header_of(name) if place == "header" else name
        parameter = {"name": told, "in": place, "required": in_path, "schema": schema}
        parameters.append(parameter | ({"description": description} if description else {}))
    return parameters


def _body(contracts: Contracts, route: Route) -> dict[str, Any]:
    """The request message without what the path already says."""
    rpc = route.rpc
    if rpc.body != "*":
        inner = contracts.fields(rpc.request)[rpc.body]
        schema: Schema = {"$ref": f"#/components/schemas/{inner.type_name.removeprefix('.')}"}
    else:
        schema = message_schema(contracts, rpc.request)
        schema["properties"] = {k: v for k, v in schema["properties"].items() if k not in route.names}
        required = [name for name in schema.pop("required", []) if name not in route.names]
        schema |= {"required": required} if required else {}
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _stream_body(rpc: Rpc) -> dict[str, Any]:
    line = {"schema": {"$ref": f"#/components/schemas/{rpc.request}"}}
    return {
        "required": True,
        "description": "One JSON message a line, or the bytes of a file.",
        "content": {"application/x-ndjson": line, "application/octet-stream": {"schema": {}}},
    }


def _answer(rpc: Rpc) -> dict[str, Any]:
    media = "text/event-stream" if rpc.server_streaming else "application/json"
    schema = {"$ref": f"#/components/schemas/{rpc.answer}"}
    return {"description": "Done.", "content": {media: {"schema": {} if rpc.server_streaming else schema}}}


def _refusal() -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": "Refused.", "content": {"application/problem+json": {"schema": schema}}}


def _reach(contracts: Contracts, name: str, reached: dict[str, Schema]) -> None:
    """Adds the schema of a message or enum, and of all it refers to."""
    if name in reached:
        return
    if name in contracts.enums:
        reached[name] = enum_schema(contracts, name)
        return
    reached[name] = message_schema(contracts, name)
    for other in _references(reached[name]):
        _reach(contracts, other, reached)


def _references(schema: Any) -> list[str]:
    if isinstance(schema, dict):
        own = [schema["$ref"].rpartition("/")[2]] if isinstance(schema.get("$ref"), str) else []
        return own + [name for inner in schema.values() for name in _references(inner)]
    if isinstance(schema, list):
        return [name for inner in schema for name in _references(inner)]
    return []
