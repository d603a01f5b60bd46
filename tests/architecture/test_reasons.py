"""Every refusal can be told in Chinese and English, and every refusal a contract promises exists."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from chassis import errors
from chassis.db import Schema
from chassis.i18n import Catalogue
from chassis.rpc.answers import CODES
from tests.architecture.reading import ROOT, SERVICES, image, named, product_code, rpcs, tree

KINDS = {kind.__name__ for kind in CODES} | {"Refusal"}
REASON = re.compile(r"^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$")
PARAMETER = re.compile(r"\{(\w+)\}")


@cache
def catalogue(service: str) -> Catalogue:
    return Catalogue.load(ROOT / "services" / service / "catalogue.toml")


def code_of(service: str) -> list[Path]:
    """The service's own code, and that of the shared packages it uses: their refusals are told in its words."""
    own = [path for path in product_code() if named(path).startswith(f"services/{service}/")]
    importing = re.compile(r"(?m)^(?:from|import) (papers|workdays)\b")
    used = {name for path in own for name in importing.findall(path.read_text(encoding="utf-8"))}
    return own + [path for path in product_code() if named(path).split("/")[0] in used]


def raised(paths: list[Path]) -> Iterator[tuple[str, set[str] | None]]:
    """Reasons given to refusals in the code, each with the parameters given (None if they cannot be read)."""
    kinds = KINDS | {
        node.name
        for path in paths
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef) and any(isinstance(base, ast.Name) and base.id in KINDS for base in node.bases)
    }
    for path in paths:
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in kinds and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str) and REASON.match(first.value):
                    keywords = {keyword.arg for keyword in node.keywords}
                    given = None if None in keywords else {str(keyword) for keyword in keywords}
                    yield first.value, given


def resources(service: str) -> Iterator[str]:
    """Classes declared as resources: the store refuses with <CLASS>_NOT_FOUND for each."""
    storage = importlib.import_module(f"services.{service}.storage")
    for schema in {id(thing): thing for thing in vars(storage).values() if isinstance(thing, Schema)}.values():
        yield from (resource.cls.__name__ for resource in schema.resources.values())


@pytest.mark.parametrize("service", SERVICES)
def test_every_reason_raised_has_its_sentences(service: str) -> None:
    missing = {reason for reason, _ in raised(code_of(service)) if reason not in catalogue(service)}
    assert not sorted(missing)


def test_every_reason_of_the_chassis_has_its_sentences() -> None:
    own = Catalogue.load()
    paths = [path for path in product_code() if named(path).startswith("chassis/")]
    assert not sorted({reason for reason, _ in raised(paths) if reason not in own})


@pytest.mark.parametrize("service", SERVICES)
def test_every_sentence_is_given_the_parameters_it_names(service: str) -> None:
    incomplete = []
    for reason, given in raised(code_of(service)):
        if given is None or reason not in catalogue(service):
            continue
        for language in ("zh", "en"):
            lacking = set(PARAMETER.findall(catalogue(service).texts[reason][language])) - given - {"field"}
            incomplete += [f"{reason}.{language}: {name}" for name in lacking]
    assert not sorted(set(incomplete))


@pytest.mark.parametrize("service", SERVICES)
def test_a_missing_row_of_every_resource_can_be_told(service: str) -> None:
    wanted = {f"{re.sub(r'(?<=[a-z0-9])(?=[A-Z])', '_', name).upper()}_NOT_FOUND" for name in resources(service)}
    assert not sorted(reason for reason in wanted if reason not in catalogue(service))


@pytest.mark.parametrize("service", SERVICES)
def test_every_refusal_a_contract_promises_exists(service: str) -> None:
    states = {value.name for file in image().file for enum in file.enum_type for value in enum.value}
    promised = {
        word
        for rpc in rpcs()
        if rpc.service == service
        for word in re.findall(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b", rpc.common + rpc.comment)
        if not any(state.endswith(word) for state in states)
    }
    assert not sorted(reason for reason in promised if reason not in catalogue(service))


@pytest.mark.parametrize("kind", sorted(KINDS - {"Refusal"}))
def test_every_kind_of_refusal_has_a_status_code(kind: str) -> None:
    assert getattr(errors, kind) in CODES
