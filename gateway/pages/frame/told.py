"""Sentences of the services in people's words: what a sentence was filled with, `civil_servant` or an account, by its word.

A service fills its sentences with its own words and ids and sends them along. Only the pages know how people call them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from gateway.refusals import Refused, Violation

if TYPE_CHECKING:
    from gateway.pages.frame.visit import Visit

_STATES = ("CaseState.CASE_STATE_{}", "RuleVersionState.RULE_VERSION_STATE_{}")
_STAGES = ("Stage.STAGE_{}", "FindingStage.FINDING_STAGE_{}", "InspectionStage.INSPECTION_STAGE_{}")
_WORDS = ("choice.conduct.{}", "choice.mitigating.{}", "choice.aggravating.{}", "choice.misconduct.{}")
LISTS: Mapping[str, Sequence[str]] = {
    "state": _STATES,
    "allowed": _STATES,
    "stage": _STAGES,
    "word": _WORDS,
    "act": ("timeline.{}",),
    "kind": ("choice.subject_kind.{}", "choice.notice.{}"),
    "measure": ("choice.measure.{}", "choice.pending.{}"),
    "measures": ("choice.measure.{}",),
    "usual": ("choice.measure.{}",),
    "held": ("choice.measure.{}",),
    "track": ("choice.track.{}",),
    "organ": ("choice.organ.{}",),
    "organs": ("choice.organ.{}",),
    "post": ("choice.post.{}",),
    "column": ("choice.cell.{}",),
    "regime": ("choice.regime.{}",),
    "situation": ("choice.situation.{}",),
    "triggers": ("choice.trigger.{}",),
    "severities": ("choice.severity.{}",),
}
"""What a sentence is filled with, and the lists its words may stand in."""
DAYS = frozenset({"day", "since", "decided"})
PEOPLE = frozenset({"who", "official", "unit", "party", "parties", "jurisdiction", "path", "goes_to"})


async def refusal_told(visit: Visit, refusal: Refused) -> Refused:
    """The same refusal with its sentences in people's words."""
    ids = [one for name in PEOPLE & set(refusal.params) for one in refusal.params[name].split(", ")]
    await visit.learn({"account_id": ids, "unit_path": [one for one in ids if one.startswith("/")]})
    details = tuple(Violation(one.field, told(visit, one.detail, refusal.params), one.reason) for one in refusal.violations)
    sentence = told(visit, refusal.sentence, refusal.params)
    return Refused(refusal.status, refusal.reason, sentence, details, refusal.params)


def told(visit: Visit, sentence: str, params: Mapping[str, str]) -> str:
    """The sentence with each list word and id in it replaced; in Chinese without the spaces that stood around it."""
    for name, text in params.items():
        words = [_word(visit, name, one) for one in text.split(", ")]
        if words != text.split(", "):
            space = r"\s?" if visit.language == "zh" else ""
            there = rf"{space}(?<![A-Za-z0-9_/-]){re.escape(text)}(?![A-Za-z0-9_/-]){space}"
            said = visit.t("list_comma").join(words)
            sentence = re.sub(there, said.replace("\\", r"\\"), sentence)
    return sentence


def organ(visit: Visit, key: str) -> str:
    """The organ that decides: by its word; a line that manages its people from above by the line's name."""
    line = key.removeprefix("line:")
    return visit.t("line_of", line=line) if line != key else visit.label("choice.organ", key)


def _day(visit: Visit, value: str) -> str:
    """A day as people write it; what is none stays as it was given."""
    try:
        return visit.day(value)
    except ValueError:
        return value


def _word(visit: Visit, name: str, value: str) -> str:
    if name in PEOPLE:
        return visit.name(value) or value
    if name in DAYS:
        return _day(visit, value)
    if name in ("organ", "organs") and value.startswith("line:"):
        return organ(visit, value)
    if value in visit.lists.get(name, {}):
        return visit.lists[name][value]
    for form in LISTS.get(name, ()):
        key = form.format(value.upper() if form[0].isupper() else value)
        if visit.site.words.has(key):
            return visit.t(key)
    return value
