"""Cards set in a process of their own, which ends with its part.

The typesetter remembers what it has set: about half a megabyte a card, for its next ten papers. A run of ten thousand would
take the memory of whoever serves pages beside it. What is printed goes in and out by pipes, never by arguments or files.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from chassis.errors import Unavailable
from papers import cards
from papers.cards import Card, Template
from papers.documents import FREE_FACES, Faces
from papers.documents_fonts import Fonts

_ROOT = Path(__file__).parents[1]
_REFUSED = 3


def pdf(template: Template, part: Sequence[Card], made: datetime, faces: Faces = FREE_FACES) -> bytes:
    """`cards.pdf`, apart. Raises as it does; what the typesetter says of a text is not repeated."""
    long = cards.too_long(template, part)
    if long:
        raise ValueError("too long: " + ", ".join(f"{number} {name}" for number, name in long))
    said = [{"serial": one.serial, "fields": dict(one.fields)} for one in part]
    asked = {"template": cards.to_json(template), "cards": said, "made": made.isoformat(), "faces": asdict(faces)}
    command = [sys.executable, "-m", "papers.cards_apart"]
    done = subprocess.run(command, input=json.dumps(asked).encode(), capture_output=True, cwd=_ROOT, check=False)
    if done.returncode == _REFUSED:
        refusal = json.loads(done.stdout)
        raise Unavailable(refusal["reason"], **refusal["params"])
    if done.returncode:
        raise RuntimeError(f"no cards: the typesetter ended with {done.returncode}")
    return done.stdout


def main() -> int:
    """Sets the part that comes in and writes its PDF, or why it is refused."""
    asked = json.load(sys.stdin.buffer)
    part = [Card(**one) for one in asked["cards"]]
    made, faces = datetime.fromisoformat(asked["made"]), Faces.of(asked["faces"])
    try:
        content = cards.pdf(cards.from_json(asked["template"]), part, Fonts(), made, faces)
    except Unavailable as wrong:
        sys.stdout.write(json.dumps({"reason": wrong.reason, "params": wrong.params}))
        return _REFUSED
    sys.stdout.buffer.write(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
