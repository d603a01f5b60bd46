"""The statutes' arithmetic as tables, each with its articles.

政务处分法: periods (arts. 7, 8), a breach inside a period (13), several breaches (15), then and now (67); the older
additive rule is 行政机关公务员处分条例 art. 10.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.accountability.rules.judge import Question
from services.accountability.rules.periods import CombiningRule, Running, in_force_on, months_after, read_combining
from services.accountability.rules.propose import PartyAnswer, propose
from services.accountability.rules.ranges import Offer, Range
from services.accountability.rules.words import Consequence, Severity, SubjectKind, Track
from tests.unit.accountability.table_of import CATALOGUE, LAW, SETTINGS, TODAY, question, version

THE_LAW = version(LAW)
LIGHT = {"severity": Severity.ORDINARY, "consequence": Consequence.BAD_EFFECT}  # warning to major demerit
HEAVY = {"severity": Severity.HEAVIER, "consequence": Consequence.BAD_EFFECT}  # demotion in grade, removal from post
WORST = {"severity": Severity.SERIOUS, "consequence": Consequence.BAD_EFFECT}  # dismissal
OLD_RULE, NEW_RULE = CATALOGUE.combining


def facts(*told: dict[str, Any], **shared: Any) -> list[Question]:
    """One party's facts under article 39, numbered."""
    return [question(fact_id=f"f{place}", **{**one, **shared}) for place, one in enumerate(told, 1)]


def ask(*told: dict[str, Any], **shared: Any) -> PartyAnswer:
    """What the law says of one party's facts."""
    (answer,) = propose(facts(*told, **shared), [THE_LAW], TODAY, CATALOGUE, [])
    return answer


def sanction(*told: dict[str, Any], **shared: Any) -> Range:
    """The one range of sanctions of one party's facts."""
    (found,) = ask(*told, **shared).ranges
    return found


def periods(found: Range) -> dict[str, tuple[int, int]]:
    """Each offer with its shortest and longest period."""
    return {offer.measure: (offer.effect_months, offer.longest) for offer in found.offers}


def words(found: Range) -> set[str]:
    """The words of a range's reasons."""
    return {reason.word for reason in found.reasons}


# -- types and periods ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("measure", "months", "decided", "over"),
    [
        ("warning", 6, date(2026, 11, 16), date(2027, 5, 16)),
        ("demerit", 12, date(2026, 11, 16), date(2027, 11, 16)),
        ("major_demerit", 18, date(2026, 8, 31), date(2028, 2, 29)),
        ("demotion_in_grade", 24, date(2026, 2, 28), date(2028, 2, 28)),
        ("removal_from_post", 24, date(2028, 2, 29), date(2030, 2, 28)),
        ("dismissal", 0, date(2026, 11, 16), None),
    ],
)
def test_articles_7_and_8_periods_run_from_the_day_of_decision(
    measure: str, months: int, decided: date, over: date | None
) -> None:
    assert CATALOGUE.measures[measure].months == months
    assert months_after(decided, months) == (over or decided)


def test_article_7_orders_the_types_from_warning_to_dismissal() -> None:
    kind = SubjectKind.CIVIL_SERVANT
    sanctions = [key for key, one in CATALOGUE.measures.items() if one.track is Track.SANCTION and kind in one.lawful_for]
    order = ("warning", "demerit", "major_demerit", "demotion_in_grade", "removal_from_post", "dismissal")
    assert CATALOGUE.lightest_first(sanctions) == order


# -- several breaches -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "offered"),
    [
        ([LIGHT], {"warning": (6, 6), "demerit": (12, 12), "major_demerit": (18, 18)}),
        ([LIGHT, LIGHT], {"warning": (6, 12), "demerit": (12, 24), "major_demerit": (18, 36)}),
        ([LIGHT, LIGHT, LIGHT], {"warning": (6, 18), "demerit": (12, 36), "major_demerit": (18, 48)}),
        ([HEAVY, HEAVY], {"demotion_in_grade": (24, 48), "removal_from_post": (24, 48)}),
        ([HEAVY, HEAVY, HEAVY], {"demotion_in_grade": (24, 48), "removal_from_post": (24, 48)}),
        ([LIGHT, HEAVY], {"demotion_in_grade": (24, 24), "removal_from_post": (24, 24)}),
        ([HEAVY, LIGHT, LIGHT], {"demotion_in_grade": (24, 24), "removal_from_post": (24, 24)}),
        ([LIGHT, WORST], {"dismissal": (0, 0)}),
        ([WORST, WORST], {"dismissal": (0, 0)}),
    ],
    ids=["one", "two-alike", "three-alike-capped", "sum-is-the-cap", "sum-over-the-cap", "heaviest", "heaviest-of-three",
         "dismissal-over-all", "two-dismissals"],
)  # fmt: skip
def test_article_15_heaviest_of_different_types_one_period_to_the_sum_of_the_same(
    told: list[dict[str, Any]], offered: dict[str, tuple[int, int]]
) -> None:
    found = sanction(*told)
    assert periods(found) == offered
    assert (found.at_least, found.at_most) == (1, 1)


def test_article_15_is_explained_with_every_row_and_what_was_left_out() -> None:
    found = sanction(LIGHT, HEAVY)
    told = {reason.word: reason.params for reason in found.reasons}
    assert told["FIXED_SEPARATELY"]["count"] == "2"
    assert told["FIXED_SEPARATELY"]["rows"] == "ZWCF-39-2, ZWCF-39-1"
    assert told["BELOW_ANOTHER_BREACH"]["zh"] == "警告、记过、记大过"
    alike = {reason.params["en"]: reason.params for reason in sanction(LIGHT, LIGHT).reasons if "times" in reason.params}
    assert (alike["demerit"]["least"], alike["demerit"]["most"], alike["demerit"]["cap"]) == ("12", "24", "48")


def test_article_15_two_rows_about_one_breach_are_not_two_breaches() -> None:
    second = version(LAW.replace('key = "law-sanctions"', 'key = "sister"'))
    (answer,) = propose(facts(LIGHT), [THE_LAW, second], TODAY, CATALOGUE, [])
    assert {one for found in answer.ranges for one in periods(found).values()} == {(6, 6), (12, 12), (18, 18)}


def test_articles_12_and_15_what_may_be_exempted_sets_no_floor() -> None:
    exempt = {**LIGHT, "mitigating": frozenset({"corrected_at_once"})}
    assert sanction(exempt, exempt).at_least == 0
    found = sanction(exempt, LIGHT)
    assert (found.at_least, periods(found)["warning"]) == (1, (6, 12))


@pytest.mark.parametrize(
    ("kind", "offered", "struck"),
    [
        (SubjectKind.VILLAGE, {"warning": (6, 12), "demerit": (12, 24), "major_demerit": (18, 36)}, 0),
        (SubjectKind.RETIRED, {"treatment_adjusted": (0, 0)}, 0),
        (SubjectKind.CIVIL_SERVANT, {"demotion_in_grade": (24, 24), "removal_from_post": (24, 24)}, 0),
    ],
)
def test_articles_22_and_27_each_kind_has_its_own_combination(
    kind: SubjectKind, offered: dict[str, tuple[int, int]], struck: int
) -> None:
    found = sanction(LIGHT, HEAVY, subject_kind=kind)
    assert periods(found) == offered
    assert len(found.struck) == struck


def test_what_is_not_lawful_for_the_kind_joins_no_combination() -> None:
    alike = LAW.replace('subject_kind = ["village"]', 'subject_kind = ["contract"]').replace(
        '"soe_manager"]', '"soe_manager", "village"]'
    )
    (answer,) = propose(facts(LIGHT, HEAVY, subject_kind=SubjectKind.VILLAGE), [version(alike)], TODAY, CATALOGUE, [])
    (found,) = [one for one in answer.ranges if one.track is Track.SANCTION]
    assert "demotion_in_grade" not in periods(found)
    assert found.struck == ("demotion_in_grade", "removal_from_post")


# -- a period that still runs ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "months", "running_until", "over"),
    [
        (OLD_RULE, 12, date(2019, 12, 10), date(2020, 12, 10)),
        (OLD_RULE, 6, date(2019, 5, 31), date(2019, 11, 30)),
        (OLD_RULE, 24, date(2021, 5, 1), date(2023, 3, 1)),
        (OLD_RULE, 12, date(2019, 3, 1), date(2020, 3, 1)),
        (OLD_RULE, 12, None, date(2020, 3, 1)),
        (NEW_RULE, 12, date(2019, 12, 10), date(2020, 3, 1)),
    ],
    ids=["remaining-plus-new", "month-end", "capped-at-48", "ran-out-that-day", "none-runs", "law-of-2020-adds-nothing"],
)
def test_order_495_article_10_adds_what_remains_and_the_law_of_2020_does_not(
    rule: CombiningRule, months: int, running_until: date | None, over: date
) -> None:
    assert rule.ends(date(2019, 3, 1), months, running_until) == over


@pytest.mark.parametrize(
    ("day", "key"),
    [
        (date(2007, 5, 31), None),
        (date(2007, 6, 1), "order_495"),
        (date(2020, 6, 30), "order_495"),
        (date(2020, 7, 1), "law_2020"),
        (TODAY, "law_2020"),
    ],
)
def test_the_law_of_2020_ends_the_additive_rule(day: date, key: str | None) -> None:
    rule = in_force_on(CATALOGUE.combining, Track.SANCTION, day)
    assert (rule.key if rule else None) == key


RUNNING = Running("demerit", "清问〔2026〕1号", date(2026, 2, 1), date(2027, 2, 1))


def under(text: str, decided: date, *told: dict[str, Any]) -> Range:
    """The range on another day, under the law brought forward to cover older conduct."""
    old = version(LAW.replace("valid_from = 2020-07-01", "valid_from = 2007-06-01").replace('"2020"', text))
    running = Running("demerit", "清问〔2019〕1号", date(2019, 2, 1), date(2021, 2, 1))
    shared = {"running": (running,), "day": date(2020, 1, 10)}
    (answer,) = propose(facts(*told, **shared), [old], decided, CATALOGUE, [])
    return answer.ranges[0]


def test_a_decision_under_the_old_rule_follows_the_period_that_runs() -> None:
    found = under('"old"', date(2020, 6, 1), LIGHT)
    assert "ADDED_TO_PERIOD" in words(found)
    by_measure = {offer.measure: offer for offer in found.offers}
    assert by_measure["warning"].ends(date(2020, 6, 1), 6) == date(2021, 8, 1)
    assert by_measure["major_demerit"].ends(date(2020, 6, 1), 48) == date(2024, 6, 1)


def test_article_67_the_old_additive_rule_yields_to_the_lighter_one_of_today() -> None:
    found = under('"now"', date(2020, 8, 1), LIGHT)
    assert "PERIOD_OF_ITS_OWN" in words(found)
    assert found.offers[0].ends(date(2020, 8, 1), 6) == date(2021, 2, 1)


@pytest.mark.parametrize(
    ("conduct", "day", "found", "word", "lightest"),
    [
        ("lavish_spending", date(2026, 2, 1), False, "AGAIN_IN_PERIOD", "demerit"),
        ("lavish_spending", date(2026, 10, 9), False, "AGAIN_IN_PERIOD", "demerit"),
        ("lavish_spending", date(2026, 1, 31), False, None, "warning"),
        ("slow_handling", date(2026, 10, 9), False, "INTENT_IN_PERIOD", "demotion_in_grade"),
        ("slow_handling", date(2026, 10, 9), True, "AGAIN_IN_PERIOD", "removal_from_post"),
        ("slow_handling", date(2026, 1, 31), True, "PERIOD_NOT_IN_LEDGER", "removal_from_post"),
    ],
    ids=["first-day", "inside", "the-day-before", "intent-unsaid", "intent-found", "ledger-knows-none"],
)
def test_article_13_item_1_is_answered_from_the_ledger(
    conduct: str, day: date, found: bool, word: str | None, lightest: str
) -> None:
    again = frozenset({"within_sanction_period"}) if found else frozenset[str]()
    answer = ask({**HEAVY, "conduct": conduct, "day": day, "aggravating": again, "running": (RUNNING,)})
    assert [one.word for one in answer.reasons if "PERIOD" in one.word] == ([word] if word else [])
    assert answer.ranges[0].offers[0].measure == lightest


def test_article_13_the_last_day_of_a_period_is_the_day_before_it_is_over() -> None:
    assert RUNNING.holds_on(date(2027, 1, 31))
    assert not RUNNING.holds_on(date(2027, 2, 1))


# -- the rules are data ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("track", "no_such_track"),
        ("inside_period", "sometimes"),
        ("cap_months", 0),
        ("valid_to", "2007-05-31"),
        ("valid_from", "once"),
    ],
)
def test_a_faulty_combining_rule_is_refused_by_name(key: str, value: Any) -> None:
    with pytest.raises(ValueError, match="order_495"):
        read_combining([{**SETTINGS["combination"][0], key: value}])


def test_an_offer_without_a_period_never_ends() -> None:
    (offer,) = sanction(WORST).offers
    assert isinstance(offer, Offer)
    assert offer.ends(TODAY, 0) is None
