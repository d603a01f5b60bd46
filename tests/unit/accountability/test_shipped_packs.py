"""The packs that ship, held together: then and now under state law, and several instruments about one conduct."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.accountability.rules.propose import PartyAnswer, propose
from services.accountability.rules.ranges import Range
from services.accountability.rules.words import Consequence, Post, Role, Severity, SubjectKind, Track
from tests.unit.accountability.table_of import CATALOGUE, LAW, OLD_LAW, SHIPPED, TODAY, question, read, version

CHANGE = date(2020, 7, 1)
STATE = [version(OLD_LAW, "then", valid_to=CHANGE), version(LAW, "now")]
CITY = [version(SHIPPED[name]) for name in ("qinghe-conduct", "light-handling")]
DISTRICT = [*CITY, version(SHIPPED["donghe-conduct"])]
BAD = {"consequence": Consequence.BAD_EFFECT}


def ask(versions: list[Any], today: date = TODAY, **told: Any) -> PartyAnswer:
    (answer,) = propose([question(**told)], versions, today, CATALOGUE, [])
    return answer


def on(track: Track, answer: PartyAnswer) -> Range:
    return next(found for found in answer.ranges if found.track is track)


def offers(answer: PartyAnswer, track: Track = Track.SANCTION) -> list[str]:
    return [offer.measure for found in answer.ranges if found.track is track for offer in found.offers]


# -- then and now: 政务处分法 article 67 ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "used", "reason", "offered"),
    [
        # Article 20 begins at a demerit, article 39 at a warning: today's is the lighter.
        ({"severity": Severity.ORDINARY, **BAD}, "now", "NEW_RULE_LIGHTER", ["warning", "demerit", "major_demerit"]),
        # Without a bad effect article 39 knows no sanction, article 20 did.
        ({"severity": Severity.ORDINARY}, "now", "NEW_RULE_KNOWS_NONE", []),
        # Article 21 stops at removal, article 39 dismisses: the rule of then.
        (
            {"conduct": "disorderly_act", "severity": Severity.SERIOUS, **BAD},
            "then",
            "OLD_RULE_NOT_HEAVIER",
            ["removal_from_post"],
        ),
        # Article 24 knew a warning for lesser waste, article 35 asks for "heavier".
        ({"conduct": "lavish_spending", "severity": Severity.ORDINARY}, "now", "NEW_RULE_KNOWS_NONE", []),
        # Slack work without a bad effect was no breach under article 28.
        ({"conduct": "rude_attitude", "severity": Severity.SERIOUS}, "then", "NO_BREACH_THEN", []),
        # Formalism had no row in the order.
        ({"conduct": "formalism", "severity": Severity.ORDINARY, **BAD}, "then", "NO_BREACH_THEN", []),
        # The text on charges was not read: nothing is judged by it, and that is said.
        ({"conduct": "unlawful_charges", "severity": Severity.SERIOUS}, "then", "ONLY_OFF_THEN", []),
    ],
    ids=["neglect", "no-effect", "unlawful-act", "waste", "slack", "formalism", "unverified"],
)
def test_article_67_conduct_before_july_2020_is_judged_under_the_order_and_the_law(
    told: dict[str, Any], used: str, reason: str, offered: list[str]
) -> None:
    answer = ask(STATE, day=date(2020, 6, 30), **told)
    (said,) = answer.versions
    assert (said.version_id, said.then_id, said.now_id, said.reason.word) == (used, "then", "now", reason)
    assert offers(answer) == offered


def test_conduct_of_the_first_of_july_2020_is_judged_by_the_law_alone() -> None:
    (said,) = ask(STATE, day=CHANGE, severity=Severity.ORDINARY, **BAD).versions
    assert (said.version_id, said.reason.word) == ("now", "SAME_VERSION")


def test_order_495_article_13_shall_lighten_takes_the_heaviest_away() -> None:
    told: dict[str, Any] = {"conduct": "disorderly_act", "severity": Severity.HEAVIER, "day": date(2019, 5, 6), **BAD}
    assert offers(ask(STATE[:1], date(2020, 6, 1), **told)) == ["major_demerit", "demotion_in_grade"]
    lightened = ask(STATE[:1], date(2020, 6, 1), **told, mitigating=frozenset({"self_report"}))
    assert offers(lightened) == ["major_demerit"]
    assert "SHALL_LIGHTEN" in {reason.word for reason in on(Track.SANCTION, lightened).reasons}


# -- articles 14, 22, 23, 27 ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("conduct", "consequence", "offered"),
    [
        ("crime_intentional", Consequence.NONE, ["dismissal"]),
        ("crime_negligent_long", Consequence.NONE, ["dismissal"]),
        ("crime_rights_deprived", Consequence.NONE, ["dismissal"]),
        ("crime_negligent_short", Consequence.NONE, ["removal_from_post", "dismissal"]),
        ("crime_no_custody", Consequence.NONE, ["removal_from_post"]),
        ("crime_no_custody", Consequence.BAD_EFFECT, ["dismissal"]),
    ],
)
def test_article_14_crimes(conduct: str, consequence: Consequence, offered: list[str]) -> None:
    assert offers(ask(STATE, conduct=conduct, consequence=consequence)) == offered
    retired = ask(STATE, conduct=conduct, consequence=consequence, subject_kind=SubjectKind.RETIRED)
    assert offers(retired) == ["treatment_adjusted"]


def test_article_23_the_employer_of_contract_staff_is_advised_and_may_do_nothing() -> None:
    found = ask(STATE, severity=Severity.SERIOUS, subject_kind=SubjectKind.CONTRACT, **BAD)
    range_ = on(Track.EFFICIENCY, found)
    assert ([offer.measure for offer in range_.offers], range_.at_least) == (["transfer_from_post", "discharge"], 0)
    assert {offer.organ for offer in range_.offers} == {"employer"}


# -- several instruments at one place -------------------------------------------------------------------------------------


@pytest.mark.parametrize("mitigating", [frozenset(), frozenset({"cooperates"}), frozenset({"loss_recovered"})])
@pytest.mark.parametrize("severity", [Severity.MINOR, Severity.ORDINARY])
@pytest.mark.parametrize("consequence", [Consequence.NONE, Consequence.SLIGHT, Consequence.BAD_EFFECT])
def test_light_handling_leaves_a_local_rule_to_govern(
    severity: Severity, consequence: Consequence, mitigating: frozenset[str]
) -> None:
    told = {"severity": severity, "consequence": consequence, "mitigating": mitigating}
    assert on(Track.EFFICIENCY, ask(CITY, **told)).row.startswith("QH-")


def test_light_handling_is_there_where_no_local_rule_is() -> None:
    told: dict[str, Any] = {"conduct": "formalism", "mitigating": frozenset({"self_report"})}
    assert offers(ask(CITY, **told), Track.EFFICIENCY) == [
        "talk_reminder",
        "criticism_education",
        "written_self_criticism",
    ]
    loss = {**told, "consequence": Consequence.LOSS}
    assert offers(ask(CITY, **loss), Track.EFFICIENCY)[-1] == "admonition_talk"


def test_in_a_district_the_heavier_of_the_citys_and_its_own_rule_governs_and_the_other_is_named() -> None:
    told = {"role": Role.MAIN_LEADER, "post": Post.UNIT_HEAD, "trigger": frozenset({"undercover"})}
    found = on(Track.EFFICIENCY, ask(DISTRICT, **told))
    assert found.row == "QH-16-1"  # up to a public apology; the district's own stops at a caution
    assert "DH-06-1" in {reason.params.get("row") for reason in found.reasons}


@pytest.mark.parametrize("word", ["should_have_acted", "not_filed", "too_light", "too_late"])
def test_the_watchers_answer_in_the_district_deputy_first_and_the_head_for_what_is_heavier(word: str) -> None:
    deputy = ask(DISTRICT, conduct=word, post=Post.DEPUTY_IN_CHARGE)
    assert on(Track.EFFICIENCY, deputy).row == "DH-10-1"
    assert ask(DISTRICT, conduct=word, post=Post.UNIT_HEAD).ranges == ()
    head = ask(DISTRICT, conduct=word, post=Post.UNIT_HEAD, severity=Severity.HEAVIER)
    assert on(Track.EFFICIENCY, head).row == "DH-10-2"


@pytest.mark.parametrize("name", SHIPPED)
def test_what_is_unverified_is_off_and_what_is_off_says_so(name: str) -> None:
    for row in read(SHIPPED[name]).rows:
        assert row.unverified == bool(row.off)
        assert not row.off or row.off.startswith("未经核实")
