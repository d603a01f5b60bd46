"""The shipped catalogue and packs, and a question that can be varied one answer at a time."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path
from typing import Any

from chassis.settings import read_packs
from services.accountability.rules.judge import Question, Table
from services.accountability.rules.measures import Catalogue, read_catalogue
from services.accountability.rules.read import read_pack
from services.accountability.rules.table import Pack
from services.accountability.rules.versions import Version
from services.accountability.rules.words import Consequence, Post, Role, Severity, SubjectKind

PACKS = Path(__file__).parents[3] / "services/accountability/packs"
SETTINGS: dict[str, Any] = {setting.key: setting.value for setting in read_packs(PACKS)}
CATALOGUE: Catalogue = read_catalogue(
    *(SETTINGS[key] for key in ("measures", "office_powers", "organs", "competence", "combination"))
)
LOCAL = (PACKS / "rules/qinghe-conduct.toml").read_text(encoding="utf-8")
LAW = (PACKS / "rules/law-sanctions.toml").read_text(encoding="utf-8")
OLD_LAW = (PACKS / "rules/order-495.toml").read_text(encoding="utf-8")
SHIPPED = {path.stem: path.read_text(encoding="utf-8") for path in sorted((PACKS / "rules").glob("*.toml"))}
TODAY = date(2026, 11, 16)

SMALL = """
[instrument]
key = "small"
title = "试行办法"
issuer = "清河市"
number = "1号"
jurisdiction = "/qinghe"

[version]
label = "first"
valid_from = 2024-01-01

[[conduct]]
word = "slow_handling"
zh = "慢作为"
en = "slow handling"

[[circumstance]]
word = "obstructs"
column = "aggravating"
effect = "shall_aggravate"
article = "9"
zh = "阻碍"
en = "obstructs"
source = "(ours) test"

[[circumstance]]
word = "corrected_at_once"
column = "mitigating"
effect = "may_exempt"
article = "8"
zh = "纠正"
en = "corrected"
source = "(ours) test"

[[row]]
id = "R1"
article = "1"
zh = "一"
en = "one"
conduct = ["slow_handling"]
severity = ["minor", "ordinary"]
consequence = { to = "slight" }
role = ["direct"]
track = "efficiency"
choose = ["criticism_education", "written_self_criticism", "circulated_criticism"]
at_least = 1
at_most = 2
appeal = "office_review"
source = "(ours) test"
"""


def read(text: str) -> Pack:
    """A pack of these bytes under the shipped catalogue."""
    return read_pack(text, CATALOGUE, SETTINGS["appeal_routes"])


def version(text: str, id: str = "", valid_to: date | None = None) -> Version:
    """An approved version of these bytes."""
    pack = read(text)
    key = pack.instrument.key
    return Version(id or key, key, pack.label, pack.sha256, "author", pack.valid_from, valid_to, Table(pack))


def question(**answers: Any) -> Question:
    """Minor slow handling by a civil servant at the counter, with what is asked for changed."""
    usual = Question(
        party_id="p1",
        fact_id="f1",
        conduct="slow_handling",
        day=date(2026, 10, 9),
        severity=Severity.MINOR,
        consequence=Consequence.NONE,
        role=Role.DIRECT,
        post=Post.HANDLER,
        subject_kind=SubjectKind.CIVIL_SERVANT,
        mitigating=frozenset(),
        aggravating=frozenset(),
        trigger=frozenset(),
        earlier=(),
    )
    return dataclasses.replace(usual, **answers)
