"""`python -m bench [row ...]`: runs the rows named, or all, prints the table, writes results.json.

Ends with 1 if a row did not reach what it must.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from bench.harness import Result, Row, keep, measure, table

_NOT_ROWS = {"__init__", "__main__", "harness"}


def rows() -> dict[str, Row]:
    """Every file of this folder that holds a ROW, by the row's name."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in _NOT_ROWS)
    modules = [importlib.import_module(f"bench.{name}") for name in names]
    return {module.ROW.name: module.ROW for module in modules if hasattr(module, "ROW")}


def main(wanted: list[str]) -> int:
    """Measure the rows and return the exit code."""
    known = rows()
    unknown = [name for name in wanted if name not in known]
    if unknown:
        print(f"no such row: {', '.join(unknown)}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    results: list[Result] = []
    for name in wanted or list(known):
        print(f"{name}: {known[name].what}", flush=True)
        results.append(measure(known[name]))
        keep(results[-1:])
    print(table(results))
    return 0 if all(result.reached for result in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
