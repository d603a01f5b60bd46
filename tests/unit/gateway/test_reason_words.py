"""The lists of reasons in the packs and the words the pages offer for them are one list."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import services.complaints
import services.complaints.domain
from chassis.settings import read_packs
from gateway import pages
from gateway.pages.complaints.record import REASONS

PACKS = Path(services.complaints.__file__).parent / "packs"
FORM = {
    "reasons.forward": "ForwardComplaintRequest.reason_code",
    "reasons.unclear": "ReferUnclearRequest.reason_code",
    "reasons.return": "ApproveDisposalRequest.reason_code",
    "reasons.bounce": "BounceRequest.reason_code",
    "reasons.ruling": "RuleOnBounceRequest.reason_code",
    "reasons.extension": "RequestExtensionRequest.reason_code",
    "reasons.no_extension": "DecideExtensionRequest.reason_code",
    "reasons.supervise": "SuperviseRequest.reason_code",
    "reasons.remind": "RemindRequest.reason_code",
    "reasons.escalate": "EscalateRequest.reason_code",
    "reasons.unmerge": "UnmergeRequest.reason_code",
    "reasons.send_back": "SendBackRequest.reason_code",
    "reasons.second_handling": "OrderSecondHandlingRequest.reason_code",
    "reasons.refer": "ReferToAccountabilityRequest.reason_code",
    "escalation.ladder": "EscalateRequest.step",
}


@pytest.mark.parametrize("setting", [one for one in read_packs(PACKS) if one.key in FORM], ids=lambda one: one.key)
def test_every_reason_of_a_pack_has_its_word_in_both_languages_and_no_other(setting: object) -> None:
    key, value = setting.key, setting.value  # type: ignore[attr-defined]
    words, below = pages.words(), f"choice.{FORM[key]}."
    offered = {one.removeprefix(below): (words.text(one, "zh"), words.text(one, "en")) for one in words.below(below)}
    assert offered == {entry["id"]: (entry["zh"], entry["en"]) for entry in value}


def test_every_list_of_reasons_belongs_to_a_form() -> None:
    assert {one.key for one in read_packs(PACKS) if one.key.startswith("reasons.")} == set(FORM) - {"escalation.ladder"}


def test_what_was_done_with_a_complaint_is_never_shown_as_a_key() -> None:
    words = pages.words()

    assert [act for act in sorted(set(_acts())) if not words.has(f"timeline.{act}")] == []


def test_every_list_of_reasons_is_read_by_the_timeline_of_a_record() -> None:
    offered = {*FORM.values(), "DeclineComplaintRequest.reason", "PauseRequest.reason"}

    assert set(REASONS.values()) == offered - {"EscalateRequest.reason_code"}


def _acts() -> Iterator[str]:
    """What each change of a complaint says of itself: the second thing a `Change` is made of."""
    for file in Path(services.complaints.domain.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Change" and len(node.args) > 1):
                continue
            act = node.args[1]
            if isinstance(act, ast.Constant):
                yield str(act.value)
