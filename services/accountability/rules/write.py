"""Writing a pack: one canonical TOML text for each table, so that the same table always has the same bytes.

`document` gives the tables as plain data in the shape `read` takes; `toml_text` writes such data; `pack_text` does both.
Reading what was written gives the same table again. Comments are not part of a table and are not kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from services.accountability.rules.table import Condition, Conduct, Golden, Pack, RuleRow
from services.accountability.rules.words import COLUMNS, COUNT, SETS

Document = dict[str, Any]


def pack_text(pack: Pack, note: str = "") -> str:
    """The canonical text of a table; a note stands in front as a comment and is approved with the bytes."""
    said = " ".join("".join(sign if sign.isprintable() else " " for sign in note).split())
    return (f"# {said}\n\n" if said else "") + toml_text(document(pack))


def document(pack: Pack) -> Document:
    """The table as the data its text holds, every key in its fixed place."""
    instrument = pack.instrument
    version: Document = {"label": pack.label, "valid_from": pack.valid_from}
    if pack.valid_to is not None:
        version["valid_to"] = pack.valid_to
    whole: Document = {
        "instrument": {
            "key": instrument.key,
            "title": instrument.title,
            "issuer": instrument.issuer,
            "number": instrument.number,
            "jurisdiction": instrument.jurisdiction_path,
        },
        "version": version,
        "conduct": [_conduct(one) for one in pack.conducts],
        "circumstance": [
            {
                "word": one.word,
                "column": one.column,
                "effect": one.effect.value,
                "article": one.article,
                "zh": one.zh,
                "en": one.en,
                "source": one.source,
            }
            for one in pack.circumstances
        ],
        "row": [_row(row) for row in pack.rows],
        "golden": [_golden(golden) for golden in pack.goldens],
    }
    return {key: value for key, value in whole.items() if value != []}


def toml_text(whole: Mapping[str, Any]) -> str:
    """Plain data as TOML: a table for each mapping, an array of tables for each list, one key a line."""
    parts = []
    for key, value in whole.items():
        head = f"[[{key}]]" if isinstance(value, list) else f"[{key}]"
        for table in value if isinstance(value, list) else [value]:
            parts.append("\n".join([head, *(f"{name} = {_value(held)}" for name, held in table.items())]))
    return "\n\n".join(parts) + "\n"


def _conduct(conduct: Conduct) -> Document:
    written: Document = {"word": conduct.word, "zh": conduct.zh, "en": conduct.en}
    return {**written, "no_rule": list(conduct.no_rule)} if conduct.no_rule else written


def _row(row: RuleRow) -> Document:
    written: Document = {
        "id": row.id,
        "article": row.article,
        "zh": row.title_zh,
        "en": row.title_en,
        "conduct": list(row.conduct),
    }
    for column in COLUMNS:
        cell = _cell(column, [condition for condition in row.conditions if condition.column == column])
        if cell is not None:
            written[column] = cell
    written |= {
        "track": row.track.value,
        "choose": list(row.choose),
        "at_least": row.at_least,
        "at_most": row.at_most,
        "always": list(row.always),
        "effect_months": dict(sorted(row.effect_months.items())),
        "who_else": list(row.who_else),
        "competent": row.competent,
        "appeal": row.appeal,
        "source": row.source,
        "off": row.off,
    }
    return {key: value for key, value in written.items() if value not in ([], {}, "")}


def _cell(column: str, conditions: list[Condition]) -> Any:
    """The conditions of one column in the form `cells` reads."""
    if not conditions:
        return None
    if column == COUNT:
        counts = {condition.operator: int(condition.operands[0]) for condition in conditions}
        return {**counts, "months": conditions[0].months}
    if column in SETS:
        return {condition.operator: list(condition.operands) for condition in conditions}
    (condition,) = conditions
    if condition.operator == "is":
        return list(condition.operands)
    names = ("from", "to") if condition.operator == "between" else (condition.operator,)
    return dict(zip(names, condition.operands, strict=True))


def _golden(golden: Golden) -> Document:
    names = ("conduct", "severity", "consequence", "role", "post", "subject_kind")
    facts: Document = {name: getattr(golden, name) for name in names}
    for name in (*SETS, "earlier"):
        if getattr(golden, name):
            facts[name] = list(getattr(golden, name))
    says: Document = {"fires": list(golden.fires), "offers": list(golden.offers), "at_least": golden.at_least}
    if golden.off:
        says["off"] = list(golden.off)
    return {"zh": golden.zh, "en": golden.en, "facts": facts, "says": says}


def _value(value: Any) -> str:
    if isinstance(value, str):
        # A JSON string is a TOML string, but for the delete character, which TOML wants escaped.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{name} = {_value(held)}" for name, held in value.items()) + " }"
    return str(value)
