"""The OpenAPI document follows from the contracts: every operation, no loose reference, the constraints of the fields."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from gateway.contracts import Contracts
from gateway.rest.openapi import document
from gateway.rest.routing import Routes


@pytest.fixture(scope="module")
def openapi(contracts: Contracts) -> dict[str, Any]:
    return document(contracts, Routes(contracts.rpcs.values()).all)


def test_every_rpc_with_a_path_is_an_operation(contracts: Contracts, openapi: dict[str, Any]) -> None:
    told = {operation["operationId"] for path in openapi["paths"].values() for operation in path.values()}

    assert told == {rpc.key for rpc in contracts.rpcs.values() if rpc.path}


def test_every_operation_says_what_happens_and_who_may(openapi: dict[str, Any]) -> None:
    operations = [operation for path in openapi["paths"].values() for operation in path.values()]

    assert [one["operationId"] for one in operations if not one["summary"] or not one["description"]] == []


def test_every_reference_leads_somewhere(openapi: dict[str, Any]) -> None:
    schemas = openapi["components"]["schemas"]

    def references(node: Any) -> set[str]:
        if isinstance(node, dict):
            own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
            return own.union(*(references(inner) for inner in node.values()))
        return set().union(*(references(inner) for inner in node)) if isinstance(node, list) else set()

    assert {one.rpartition("/")[2] for one in references(openapi)} <= set(schemas)


def test_schemas_are_json_schemas(openapi: dict[str, Any]) -> None:
    for schema in openapi["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_constraints_of_the_contract_stand_in_the_schema(openapi: dict[str, Any]) -> None:
    title = openapi["components"]["schemas"]["zhengfeng.complaints.v1.ComplaintDraft"]["properties"]["title"]

    assert (title["minLength"], title["maxLength"]) == (1, 100)
