"""Row `decide`: decisions with their full explanation from a table of 40 rows.

Forty rows about eight kinds of conduct, four cells each, as a city's rule might have. Ours answers as a proposal does: the
version chosen and why, every row that fired and every near miss with its cells, the range with the organ of each measure.
The ceiling is the same table written out as Python, one `if` per row, that answers with the ids of the rows that fired; it
is asked twenty times as often, so that both sides run about as long. Both are counted in seconds of the processor.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from time import process_time

from bench.harness import Row, Sides
from chassis.settings import read_packs
from services.accountability.rules.judge import Question, Table
from services.accountability.rules.measures import Catalogue, read_catalogue
from services.accountability.rules.propose import propose
from services.accountability.rules.read import read_pack
from services.accountability.rules.table import Pack
from services.accountability.rules.versions import Version
from services.accountability.rules.words import Consequence, Post, Role, Severity, SubjectKind

PACKS = Path(__file__).parents[1] / "services/accountability/packs"
DECISIONS, AGAIN, ROWS = 4_000, 20, 40
CONDUCTS = ("slow", "inaction", "rude", "absent", "charges", "favours", "lavish", "closed")
TODAY, POSTS = date(2026, 11, 16), (Post.HANDLER,)

HEAD = """
[instrument]
key = "bench"
title = "测速用制度"
issuer = "清河市"
number = "一号"
jurisdiction = "/qinghe"
[version]
label = "one"
valid_from = 2020-01-01
"""
SOFT, HARD = '"written_self_criticism", "circulated_criticism"', '"efficiency_caution", "stood_down"'


def pack_text(rng: random.Random) -> str:
    """A pack of 40 rows."""
    parts = [HEAD]
    parts += [f'[[conduct]]\nword = "{word}"\nzh = "行为"\nen = "conduct"\n' for word in CONDUCTS]
    for number in range(ROWS):
        low, high = sorted(rng.sample(list(Severity), 2), key=list(Severity).index)
        parts.append(
            f'[[row]]\nid = "R{number}"\narticle = "{number}"\nzh = "行"\nen = "row"\n'
            f'conduct = ["{CONDUCTS[number % len(CONDUCTS)]}"]\n'
            f'severity = {{ from = "{low}", to = "{high}" }}\n'
            f'consequence = {{ to = "{rng.choice(list(Consequence))}" }}\n'
            f'role = ["{rng.choice(["direct", "main_leader"])}"]\n'
            f"repeats = {{ at_least = {rng.randint(1, 3)}, months = 12 }}\n"
            f'track = "efficiency"\nchoose = [{rng.choice([SOFT, HARD])}]\nat_least = 1\nat_most = 2\n'
            'appeal = "office_review"\nsource = "(ours) bench"\n'
        )
    return "\n".join(parts)


def questions(rng: random.Random) -> list[Question]:
    """Facts of every kind."""
    return [
        Question(
            party_id="party",
            fact_id="fact",
            conduct=rng.choice(CONDUCTS),
            day=date(2026, rng.randint(1, 10), rng.randint(1, 28)),
            severity=rng.choice(list(Severity)),
            consequence=rng.choice(list(Consequence)),
            role=rng.choice([Role.DIRECT, Role.MAIN_LEADER]),
            post=Post.HANDLER,
            subject_kind=SubjectKind.CIVIL_SERVANT,
            mitigating=frozenset(),
            aggravating=frozenset(),
            trigger=frozenset(),
            earlier=tuple(date(2026, rng.randint(1, 10), 5) for _ in range(rng.randint(0, 2))),
        )
        for _ in range(DECISIONS)
    ]


def bare(pack: Pack) -> Callable[[Question], list[str]]:
    """The table as one Python function that only says which rows fire."""
    lines = ["def ask(q):", "    fired = []", "    level, came = SEVERITY[q.severity], CONSEQUENCE[q.consequence]"]
    lines.append("    year = (q.day.year - 1, q.day.month, q.day.day)")
    lines.append("    times = 1 + sum(year < (d.year, d.month, d.day) and d <= q.day for d in q.earlier)")
    for row in pack.rows:
        cells = {cell.column: cell for cell in row.conditions}
        low, high = (list(Severity).index(Severity(word)) for word in cells["severity"].operands)
        most = list(Consequence).index(Consequence(cells["consequence"].operands[0]))
        lines.append(
            f"    if q.conduct == {row.conduct[0]!r} and {low} <= level <= {high} and came <= {most}"
            f" and q.role == {cells['role'].operands[0]!r} and times >= {cells['repeats'].operands[0]}:"
        )
        lines.append(f"        fired.append({row.id!r})")
    lines.append("    return fired")
    ranks = {
        "SEVERITY": {word: place for place, word in enumerate(Severity)},
        "CONSEQUENCE": {word: place for place, word in enumerate(Consequence)},
    }
    exec(compile("\n".join(lines), "bare table", "exec"), ranks)
    return ranks["ask"]  # type: ignore[return-value]


@contextmanager
def prepare() -> Iterator[Sides]:
    """The table, the questions, and that both sides agree on which rows fire."""
    rng = random.Random(20261116)
    settings = {setting.key: setting.value for setting in read_packs(PACKS)}
    keys = ("measures", "office_powers", "organs", "competence")
    catalogue: Catalogue = read_catalogue(*(settings[key] for key in keys))
    pack = read_pack(pack_text(rng), catalogue, settings["appeal_routes"])
    versions = [Version("one", "bench", "one", pack.sha256, "author", pack.valid_from, None, Table(pack))]
    asked, ask = questions(rng), bare(pack)
    for question in asked:
        (answer,) = propose([question], versions, TODAY, catalogue, POSTS)
        assert [said.row.id for said in answer.fired] == ask(question)

    def ours() -> float:
        began = process_time()
        for question in asked:
            propose([question], versions, TODAY, catalogue, POSTS)
        return len(asked) / (process_time() - began)

    def ceiling() -> float:
        began = process_time()
        for question in asked * AGAIN:
            ask(question)
        return len(asked) * AGAIN / (process_time() - began)

    yield Sides(ours=ours, ceiling=ceiling)


ROW = Row(
    name="decide",
    what="explained decisions from a table of 40 rows against the same table as bare Python without explanation",
    unit="decisions/s",
    must=0.05,
    rounds=15,
    prepare=prepare,
)
