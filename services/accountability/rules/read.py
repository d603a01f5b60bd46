"""Reading a pack: the TOML text of one version of an instrument becomes a table, or a list of every fault in it.

    [instrument]  key title issuer number jurisdiction
    [version]     label valid_from [valid_to]
    [[conduct]]       word zh en [no_rule]
    [[circumstance]]  word column effect article zh en source
    [[row]]           id article zh en conduct track choose at_least at_most appeal source
                      [always effect_months who_else competent off] and any condition cell (see `cells`)
    [[golden]]        zh en facts says: what the table must answer (see `golden`)

Nothing is guessed and nothing is skipped: an unknown key is a fault like a missing one.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from services.accountability.rules import shapes
from services.accountability.rules.cells import Cells
from services.accountability.rules.faults import Fault, PackFaulty
from services.accountability.rules.golden import SAID_BY
from services.accountability.rules.measures import Catalogue
from services.accountability.rules.table import Circumstance, Conduct, Golden, Instrument, Pack, RuleRow
from services.accountability.rules.words import (
    COLUMNS,
    PROPOSED_TRACKS,
    SETS,
    CircumstanceEffect,
    Post,
    Severity,
    Track,
    Trigger,
)

_WORD = re.compile(r"[a-z][a-z_]{0,39}")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_SOURCE = re.compile(r"\((law|local|ours|unverified)\) \S.*")


def read_pack(text: str, catalogue: Catalogue, appeals: Collection[str]) -> Pack:
    """The table a pack's text holds. Raises PackFaulty with every fault if anything in it is not right."""
    try:
        whole = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PackFaulty([Fault("", "pack_text", "NOT_TOML", {"error": str(error)})]) from error
    return replace(read_document(whole, catalogue, appeals), sha256=sha256_of(text))


def read_document(whole: Mapping[str, Any], catalogue: Catalogue, appeals: Collection[str]) -> Pack:
    """The same of the data a text holds; what was not read from a text has no identity. Raises PackFaulty."""
    reader = _Reader(catalogue, appeals)
    pack = reader.pack(whole)
    if pack is None or reader.faults:
        raise PackFaulty(reader.faults)
    return pack


def sha256_of(text: str) -> str:
    """The identity of a pack: SHA-256 of its bytes in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


class _Reader:
    def __init__(self, catalogue: Catalogue, appeals: Collection[str]) -> None:
        self.catalogue = catalogue
        self.appeals = appeals
        self.faults: list[Fault] = []
        self.conducts: frozenset[str] = frozenset()
        self.circumstances: dict[str, Collection[str]] = {}

    def pack(self, whole: Mapping[str, Any]) -> Pack | None:
        for key in sorted(set(whole) - {"instrument", "version", "conduct", "circumstance", "row", "golden"}):
            self.fault("", key, "UNKNOWN_KEY")
        instrument, version = self._instrument(whole.get("instrument")), self._version(whole.get("version"))
        conducts = tuple(filter(None, (self._conduct(item) for item in self._list(whole, "conduct"))))
        self.conducts = frozenset(conduct.word for conduct in conducts)
        self._once("conduct", [conduct.word for conduct in conducts])
        found = tuple(filter(None, (self._circumstance(item) for item in self._list(whole, "circumstance", False))))
        self._once("circumstance", [circumstance.word for circumstance in found])
        for column in ("mitigating", "aggravating"):
            self.circumstances[column] = [item.word for item in found if item.column == column]
        rows = tuple(filter(None, (self._row(item, place) for place, item in enumerate(self._list(whole, "row"), 1))))
        self._once("row", [row.id for row in rows])
        examples = enumerate(self._list(whole, "golden", False), 1)
        goldens = tuple(filter(None, (self._golden(item, f"golden.{place}", rows) for place, item in examples)))
        self._once("golden", [golden.zh for golden in goldens])
        if instrument is None or version is None:
            return None
        return Pack(instrument, *version, conducts, found, rows, goldens=goldens)

    # -- the head -------------------------------------------------------------------------------------------------

    def _instrument(self, item: Any) -> Instrument | None:
        if not self._shape("", "instrument", item, shapes.INSTRUMENT):
            return None
        if not re.fullmatch(r"((/[a-z0-9-]+)+)?", item["jurisdiction"]):
            self.fault("", "instrument.jurisdiction", "WRONG_TYPE", wanted="/path")
        return Instrument(item["key"], item["title"], item["issuer"], item["number"], item["jurisdiction"])

    def _version(self, item: Any) -> tuple[str, date, date | None] | None:
        if not self._shape("", "version", item, shapes.VERSION, {"valid_to": date}):
            return None
        if item.get("valid_to") is not None and item["valid_to"] <= item["valid_from"]:
            self.fault("", "version.valid_to", "DATES_BACKWARDS")
        return item["label"], item["valid_from"], item.get("valid_to")

    def _conduct(self, item: Any) -> Conduct | None:
        shaped = self._shape("", "conduct", item, shapes.CONDUCT, shapes.CONDUCT_OPTIONAL)
        if not shaped or not self._word("", "conduct", item["word"]):
            return None
        if "no_rule" in item and not self._among("", f"conduct.{item['word']}", item["no_rule"], tuple(Severity)):
            return None
        return Conduct(item["word"], item["zh"], item["en"], tuple(item.get("no_rule", [])))

    def _circumstance(self, item: Any) -> Circumstance | None:
        if not self._shape("", "circumstance", item, shapes.CIRCUMSTANCE):
            return None
        where = f"circumstance.{item['word']}"
        effects = {"mitigating": ("may_lighten", "may_exempt", "shall_lighten"), "aggravating": ("shall_aggravate",)}
        good = self._word("", where, item["word"]) and self._source("", where, item["source"])
        if item["column"] not in effects:
            self.fault("", where, "UNKNOWN_WORD", word=item["column"])
            return None
        if item["effect"] not in effects[item["column"]]:
            self.fault("", where, "UNKNOWN_WORD", word=item["effect"])
            return None
        words = (item["article"], item["zh"], item["en"], item["source"])
        return Circumstance(item["word"], item["column"], CircumstanceEffect(item["effect"]), *words) if good else None

    # -- a row ----------------------------------------------------------------------------------------------------

    def _row(self, item: Any, place: int) -> RuleRow | None:
        given = item.get("id") if isinstance(item, dict) else None
        name = given if isinstance(given, str) else f"#{place}"
        plain = {key: value for key, value in item.items() if key not in COLUMNS} if isinstance(item, dict) else item
        if not self._shape(name, "row", plain, shapes.ROW, shapes.ROW_OPTIONAL):
            return None
        before = len(self.faults)
        if not _ID.fullmatch(name):
            self.fault(name, "id", "WRONG_TYPE", wanted="letters, digits, . _ -")
        self._source(name, "source", item["source"])
        self._among(name, "conduct", item["conduct"], self.conducts)
        if "who_else" in item:
            self._among(name, "who_else", item["who_else"], tuple(Post))
        if item["appeal"] not in self.appeals:
            self.fault(name, "appeal", "UNKNOWN_WORD", word=item["appeal"])
        self._consequence(name, item)
        cells = Cells(name, self.circumstances, self.faults)
        found = tuple(cell for column in COLUMNS if column in item for cell in cells.read(column, item[column]))
        if len(self.faults) > before:
            return None
        return RuleRow(
            name,
            item["article"],
            item["zh"],
            item["en"],
            tuple(item["conduct"]),
            found,
            Track(item["track"]),
            self.catalogue.lightest_first(item["choose"]),
            item["at_least"],
            item["at_most"],
            self.catalogue.lightest_first(item.get("always", [])),
            item.get("effect_months", {}),
            tuple(item.get("who_else", [])),
            item.get("competent", ""),
            item["appeal"],
            item["source"],
            item.get("off", ""),
        )

    def _consequence(self, row: str, item: Mapping[str, Any]) -> None:
        """Measures exist and belong to the row's track; the counts fit; the organ is known."""
        if item["track"] not in tuple(PROPOSED_TRACKS):
            self.fault(row, "track", "UNKNOWN_WORD", word=item["track"])
        named = {field: item.get(field, []) for field in ("choose", "always")}
        for field in sorted(set(named) & set(item)):
            words = named[field]
            if self._among(row, field, words, self.catalogue.measures):
                for word in words:
                    self._on_track(row, field, word, item["track"])
        if not 0 <= item["at_least"] <= item["at_most"] <= len(item["choose"]) or item["at_most"] < 1:
            self.fault(row, "at_most", "COUNT_DOES_NOT_FIT", choose=str(len(item["choose"])))
        if item.get("competent") and item["competent"] not in self.catalogue.organs:
            self.fault(row, "competent", "UNKNOWN_WORD", word=item["competent"])
        for word, months in item.get("effect_months", {}).items():
            if word not in [*named["choose"], *named["always"]]:
                self.fault(row, "effect_months", "UNKNOWN_WORD", word=word)
            if type(months) is not int or not 0 <= months <= 1200:
                self.fault(row, "effect_months", "NOT_A_COUNT")

    def _on_track(self, row: str, field: str, measure: str, track: str) -> None:
        """An efficiency row may also name organisational measures: they become recommendations."""
        allowed = {track, Track.ORGANISATIONAL} if track == Track.EFFICIENCY else {track}
        if self.catalogue.measures[measure].track not in allowed:
            self.fault(row, field, "MEASURE_OF_ANOTHER_TRACK", measure=measure)

    # -- a golden case --------------------------------------------------------------------------------------------

    def _golden(self, item: Any, where: str, rows: Collection[RuleRow]) -> Golden | None:
        if not self._shape("", where, item, shapes.GOLDEN):
            return None
        facts, says = item["facts"], item["says"]
        shaped_as = (
            (f"{where}.facts", facts, shapes.FACTS, shapes.FACTS_OPTIONAL),
            (f"{where}.says", says, shapes.SAYS, shapes.SAYS_OPTIONAL),
        )
        shaped = [self._shape("", *shape) for shape in shaped_as]  # both are looked at, also if the first is at fault
        if not all(shaped):
            return None
        before = len(self.faults)
        sets = {name: facts.get(name, []) for name in SETS}
        known = {"trigger": tuple(Trigger), **self.circumstances}
        self._among("", f"{where}.facts.conduct", [facts["conduct"]], self.conducts)
        for name, words in SAID_BY.items():
            self._among("", f"{where}.facts.{name}", [facts[name]], tuple(words))
        named = [(f"facts.{name}", words, known[name]) for name, words in sets.items()]
        named += [
            ("says.fires", says["fires"], [row.id for row in rows]),
            ("says.off", says.get("off", []), [row.id for row in rows]),
            ("says.offers", says["offers"], self.catalogue.measures),
        ]
        for name, words, all_words in named:
            if words:
                self._among("", f"{where}.{name}", words, all_words)
        if any(type(months) is not int or months < 0 for months in facts.get("earlier", [])):
            self.fault("", f"{where}.facts.earlier", "NOT_A_COUNT")
        if len(self.faults) > before:
            return None
        plain: dict[str, Any] = {**facts, **{name: tuple(words) for name, words in sets.items()}}
        plain["earlier"] = tuple(facts.get("earlier", []))
        answer = {**says, **{name: tuple(says[name]) for name in ("fires", "offers", "off") if name in says}}
        return Golden(zh=item["zh"], en=item["en"], **plain, **answer)

    # -- small checks ---------------------------------------------------------------------------------------------

    def fault(self, row: str, field: str, reason: str, **params: str) -> None:
        self.faults.append(Fault(row, field, reason, params))

    def _list(self, whole: Mapping[str, Any], key: str, needed: bool = True) -> list[Any]:
        items = whole.get(key, [])
        if not isinstance(items, list) or (needed and not items):
            self.fault("", key, "MISSING_KEY")
            return []
        return items

    def _shape(
        self, row: str, where: str, item: Any, needed: Mapping[str, type], optional: Mapping[str, type] | None = None
    ) -> bool:
        """Whether a table has exactly the keys and types it must; every deviation is noted."""
        before = len(self.faults)
        if not isinstance(item, dict):
            self.fault(row, where, "MISSING_KEY")
            return False
        kinds = {**needed, **(optional or {})}
        for key in sorted(set(item) - set(kinds)):
            self.fault(row, key if row else f"{where}.{key}", "UNKNOWN_KEY")
        for key, kind in kinds.items():
            field = key if row else f"{where}.{key}"
            if key not in item:
                if key in needed:
                    self.fault(row, field, "MISSING_KEY")
            elif type(item[key]) is not kind or isinstance(item[key], datetime):
                self.fault(row, field, "WRONG_TYPE", wanted=kind.__name__)
            elif item[key] == "" and key != "jurisdiction":
                self.fault(row, field, "EMPTY")
        return len(self.faults) == before

    def _word(self, row: str, field: str, word: str) -> bool:
        if _WORD.fullmatch(word):
            return True
        self.fault(row, field, "WRONG_TYPE", wanted="a_word")
        return False

    def _source(self, row: str, field: str, text: str) -> bool:
        if _SOURCE.fullmatch(text):
            return True
        self.fault(row, field, "SOURCE_MARK")
        return False

    def _among(self, row: str, field: str, words: list[Any], known: Collection[str]) -> bool:
        before = len(self.faults)
        if not words:
            self.fault(row, field, "EMPTY")
        for word in words:
            if not isinstance(word, str) or word not in known:
                self.fault(row, field, "UNKNOWN_WORD", word=str(word))
        if len(set(map(str, words))) != len(words):
            self.fault(row, field, "WORD_TWICE")
        return len(self.faults) == before

    def _once(self, kind: str, names: list[str]) -> None:
        for name in sorted({name for name in names if names.count(name) > 1}):
            self.fault(name if kind == "row" else "", kind, "ID_TWICE", id=name)
