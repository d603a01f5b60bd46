"""The rules of the house that a machine can read: sizes, names, clocks, addresses."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.reading import ROOT, committed, named, product_code, tree

LINES = 300
FUNCTION_LINES = 45
CHASSIS_LINES = 3400  # docs/adr/0009
LISTINGS = {"chassis/db.py _add_standard_tables"}  # a list of columns, with nothing to follow
DRAWERS = {"utils", "util", "lib", "libs", "helpers", "misc", "shared"}
VAGUE = re.compile(r"(Manager|Helper|Helpers|Util|Utils|Impl|Processor)$")
BUSINESS = {
    "complaint", "complaints", "ballot", "ballots", "campaign", "campaigns", "rater", "raters", "inspection", "finding",
    "sanction", "sanctions", "evaluation", "supervision", "accountability", "official", "officials", "grievance",
}  # fmt: skip
ALLOWED_IN_CHASSIS = {"official_id", "official"}  # who somebody is, in a token
CLOCKS = {
    ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time"),
    ("time", "time_ns"), ("time", "monotonic"), ("uuid", "uuid1"), ("uuid", "uuid4"), ("uuid", "uuid7"),
}  # fmt: skip
# Names of registries and of this project's workplaces are put together here, so that this file does not hold them either.
HOSTS = [
    "pypi" + ".org", "pythonhosted" + ".org", "npm" + "js.org", "npm" + "js.com", "npm" + "mirror.com", "yarn" + "pkg.com",
    "deb" + ".debian.org", "ghcr" + ".io", "quay" + ".io", "docker" + ".io", "gcr" + ".io", "k8s" + ".gcr",
    "registry" + ".k8s", "crates" + ".io", "maven" + ".org", "aliyun" + ".com", "tuna" + ".tsinghua",
]  # fmt: skip
PLACES = ["/wo" + "rk/", "/ro" + "ot/", "/tm" + "p/w/"]


def text_files() -> Iterator[tuple[Path, str]]:
    for path in committed():
        raw = path.read_bytes()
        if b"\0" not in raw[:8000]:
            yield path, raw.decode("utf-8", "replace")


def test_no_source_file_is_longer_than_300_lines() -> None:
    kinds = {".py", ".proto", ".sh", ".js", ".css", ".html", ".yaml"}
    sources = [(path, text) for path, text in text_files() if path.suffix in kinds and not is_migration(path)]
    assert not {named(path): text.count("\n") for path, text in sources if text.count("\n") > LINES}


def is_migration(path: Path) -> bool:
    """Whether alembic wrote it: what tables there were at one time, in one list that is never changed."""
    return "migrations" in path.parts


def test_a_function_fits_a_screen() -> None:
    long = []
    for path in product_code():
        for node in () if is_migration(path) else ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION_LINES and f"{named(path)} {node.name}" not in LISTINGS:
                    long.append(f"{named(path)}:{node.lineno} {node.name} ({lines})")
    assert not long


def test_there_are_no_drawers() -> None:
    found = [named(path) for path in product_code() if DRAWERS & {part.removesuffix(".py") for part in path.parts}]
    assert not found


def test_nothing_is_called_a_manager_or_a_helper() -> None:
    found = [
        f"{named(path)}: {node.name}"
        for path in product_code()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef) and VAGUE.search(node.name)
    ]
    assert not found


def test_a_module_opens_with_what_is_here() -> None:
    silent = [named(path) for path in product_code() if tree(path).body and not ast.get_docstring(tree(path))]
    assert not silent


def test_time_and_ids_come_from_the_clock_only() -> None:
    strays = []
    for path in product_code():
        if named(path) == "chassis/clock.py":
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Attribute) and (_last_name(node.value), node.attr) in CLOCKS:
                strays.append(f"{named(path)}:{node.lineno} {_last_name(node.value)}.{node.attr}")
            if isinstance(node, ast.ImportFrom) and any((node.module, name.name) in CLOCKS for name in node.names):
                strays.append(f"{named(path)}:{node.lineno} from {node.module}")
    assert not strays


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def test_the_chassis_stays_small() -> None:
    assert sum(code_lines(path) for path in product_code() if named(path).startswith("chassis/")) <= CHASSIS_LINES


def code_lines(path: Path) -> int:
    """Lines that do something: neither blank, nor comment, nor documentation."""
    lines: set[int] = set()
    silent: set[int] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.stmt):
            lines |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            silent |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    text = path.read_text(encoding="utf-8").splitlines()
    return sum(1 for number in lines - silent if (line := text[number - 1].strip()) and not line.startswith("#"))


def test_the_chassis_has_no_business_word() -> None:
    found = set()
    for path in product_code():
        if not named(path).startswith("chassis/"):
            continue
        for name in _identifiers(path):
            words = set(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().split("_"))
            if words & BUSINESS and name not in ALLOWED_IN_CHASSIS:
                found.add(f"{named(path)}: {name}")
    assert not sorted(found)


def _identifiers(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


def test_no_committed_file_names_a_registry_or_a_place_of_one_machine() -> None:
    found = [f"{named(path)}: {word}" for path, text in text_files() for word in (*HOSTS, *PLACES) if word in text]
    assert not found


def test_lock_files_hold_versions_and_hashes_but_no_address() -> None:
    locks = [path for path in committed() if path.suffix == ".lock" or path.name in ("package-lock.json", "uv.lock")]
    assert {path.name for path in locks} >= {"run.lock", "test.lock"}
    assert not [named(path) for path in locks if re.search(r"https?://|\"resolved\"", path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("lock", ["run", "test"])
def test_every_locked_package_has_a_hash(lock: str) -> None:
    text = (ROOT / "requirements" / f"{lock}.lock").read_text(encoding="utf-8")
    pinned = [entry for entry in re.split(r"\n(?=\S)", text) if "==" in entry.partition("\n")[0]]
    assert pinned
    assert not [entry.partition("\n")[0] for entry in pinned if "--hash=sha256:" not in entry]


def test_every_pack_row_names_its_source() -> None:
    silent = []
    for path in committed():
        if path.suffix == ".toml" and "packs" in path.parts:
            rows = tomllib.loads(path.read_text(encoding="utf-8"))
            silent += [f"{named(path)}: {name}" for name, row in _tables(rows) if "value" in row and not row.get("source")]
    assert not silent


def _tables(node: object, name: str = "") -> Iterator[tuple[str, dict[str, object]]]:
    if isinstance(node, dict):
        yield name, node
        for key, inner in node.items():
            yield from _tables(inner, f"{name}.{key}")
    elif isinstance(node, list):
        for number, inner in enumerate(node):
            yield from _tables(inner, f"{name}[{number}]")
