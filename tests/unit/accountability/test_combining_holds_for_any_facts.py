"""Properties of several facts of one party, and of the counts in a rolling window, over any facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.accountability.rules.combination import combined_ranges
from services.accountability.rules.judge import Question, Table, months_after, months_before
from services.accountability.rules.periods import CombiningRule, Inside, Running
from services.accountability.rules.propose import PartyAnswer, propose
from services.accountability.rules.ranges import Range
from services.accountability.rules.versions import Judged
from services.accountability.rules.words import SubjectKind, Track
from tests.unit.accountability.table_of import CATALOGUE, LOCAL, SMALL, TODAY, question, read, version
from tests.unit.accountability.test_rules_hold_for_any_facts import SHIPPED, questions

SANCTIONS = [key for key, one in CATALOGUE.measures.items() if one.track is Track.SANCTION]
days = st.dates(date(2019, 1, 1), TODAY)
periods = st.lists(
    st.builds(
        lambda measure, since: Running(measure, "", since, months_after(since, CATALOGUE.measures[measure].months or 1)),
        st.sampled_from(SANCTIONS),
        days,
    ),
    max_size=2,
).map(tuple)


@st.composite
def facts(draw: st.DrawFn) -> list[Question]:
    """One to four facts of one party, who is of one kind and has one ledger."""
    told = draw(st.lists(questions, min_size=1, max_size=4))
    kind, ledger = draw(st.sampled_from(SubjectKind)), draw(periods)
    return [
        replace(one, fact_id=f"f{place}", subject_kind=kind, running=ledger, management_line="")
        for place, one in enumerate(told)
    ]


def ask(asked: list[Question]) -> PartyAnswer:
    (answer,) = propose(asked, SHIPPED, TODAY, CATALOGUE, [])
    return answer


@settings(max_examples=100, deadline=None)
@given(facts())
def test_every_row_that_fires_on_a_fact_alone_fires_among_several_and_has_its_range(asked: list[Question]) -> None:
    together = ask(asked)
    alone = {(one.fact_id, said.row.id) for one in asked for said in ask([one]).fired}
    assert {(said.fact_id, said.row.id) for said in together.fired} == alone
    assert {found.track for found in together.ranges} == {said.row.track for said in together.fired}


@settings(max_examples=100, deadline=None)
@given(facts())
def test_a_range_lies_between_the_lightest_and_the_heaviest_row_that_fired(asked: list[Question]) -> None:
    answer = ask(asked)
    for found in answer.ranges:
        rows = [said.row for said in answer.fired if said.row.track is found.track]
        ranks = [CATALOGUE.measures[key].rank for row in rows for key in row.choose]
        for offer in found.offers:
            assert min(ranks) <= CATALOGUE.measures[offer.measure].rank <= max(ranks)
            assert offer.effect_months <= offer.longest <= max(48, offer.effect_months)
        assert 0 <= found.at_least <= found.at_most <= len(found.offers)


@settings(max_examples=100, deadline=None)
@given(facts())
def test_a_further_breach_never_makes_a_sanction_lighter(asked: list[Question]) -> None:
    def sanction(answer: PartyAnswer) -> Range | None:
        return next((one for one in answer.ranges if one.track is Track.SANCTION and one.offers), None)

    fewer, all_of_them = sanction(ask(asked[:1])), sanction(ask(asked))
    if fewer is None:
        return
    assert all_of_them is not None
    floor, ceiling = ([CATALOGUE.measures[one.offers[end].measure].rank for one in (fewer, all_of_them)] for end in (0, -1))
    assert floor[0] <= floor[1] or not fewer.at_least
    assert ceiling[0] <= ceiling[1]
    longest = {offer.measure: offer.longest for offer in fewer.offers}
    assert all(longest.get(offer.measure, 0) <= offer.longest for offer in all_of_them.offers)


@settings(max_examples=150, deadline=None)
@given(facts())
def test_an_unrelated_row_changes_no_decision_on_several_facts(asked: list[Question]) -> None:
    elsewhere = SMALL[SMALL.index("[[row]]") :].replace("slow_handling", "somewhere_else")
    declared = '[[conduct]]\nword = "somewhere_else"\nzh = "别处"\nen = "elsewhere"\n'
    beside = [version(LOCAL + declared + elsewhere), *(one for one in SHIPPED if one.id != "qinghe-conduct")]
    (grown,) = propose(asked, beside, TODAY, CATALOGUE, [])
    alone = ask(asked)
    assert [(one.track, one.offers, one.required, one.at_least, one.at_most, one.reasons) for one in grown.ranges] == [
        (one.track, one.offers, one.required, one.at_least, one.at_most, one.reasons) for one in alone.ranges
    ]


@settings(max_examples=150, deadline=None)
@given(facts().flatmap(lambda told: st.tuples(st.just(told), st.permutations(told))))
def test_the_order_of_the_facts_changes_no_offer(told: tuple[list[Question], list[Question]]) -> None:
    asked, shuffled = told
    ranges = [[(one.offers, one.row, one.appeal) for one in ask(told).ranges] for told in (asked, shuffled)]
    assert ranges[0] == ranges[1]


@given(st.integers(1, 24), st.integers(1, 6), st.integers(1, 60))
def test_a_combined_period_is_never_below_one_nor_above_the_sum_nor_above_the_cap(period: int, times: int, cap: int) -> None:
    rule = CombiningRule(
        "r", "", Track.SANCTION, date(2020, 1, 1), None, frozenset({"x"}), cap, Inside.OWN, "", frozenset(), {}, ""
    )
    least, most = rule.months("x", period, times)
    assert least == min(period, cap)
    assert most == min(period * times, cap)
    assert rule.months("y", period, times) == (least, least)


@given(days, st.integers(1, 48), days, st.integers(0, 30))
def test_an_added_period_never_ends_before_its_own_nor_after_the_cap(on: date, months: int, since: date, ran: int) -> None:
    added, own = CATALOGUE.combining
    until = months_after(since, ran)
    end = added.ends(on, months, until)
    assert own.ends(on, months, until) <= end <= months_after(on, added.cap_months)


# -- counts in a rolling window -------------------------------------------------------------------------------------------

LADDER = read(SMALL.replace('role = ["direct"]', "repeats = { at_least = 2, months = 12 }"))


@given(st.dates(date(2021, 1, 1), date(2030, 12, 31)), st.integers(-3, 3), st.booleans())
def test_a_count_opens_the_day_after_the_same_day_of_a_year_before(day: date, shift: int, opens: bool) -> None:
    """Both edges: the day on which the window opens is out, the day of the conduct itself is in."""
    decided = (months_before(day, 12) if opens else day) + timedelta(days=shift)
    fired = Table(LADDER).ask(question(day=day, earlier=(decided,))).fired
    assert bool(fired) == (shift > 0 if opens else shift <= 0)


@given(st.dates(date(2021, 1, 1), TODAY), st.lists(days, max_size=6))
def test_what_was_decided_after_the_conduct_is_no_repeat(day: date, later: list[date]) -> None:
    decided = tuple(day + timedelta(days=1 + (one - date(2019, 1, 1)).days) for one in later)
    assert not Table(LADDER).ask(question(day=day, earlier=decided)).fired


def test_what_nothing_combines_the_heaviest_row_still_governs() -> None:
    pack = version(SMALL)
    asked = [question(), question(fact_id="f2")]
    judged = [Judged("small", one, pack, pack, pack, pack.table.ask(one), "SAME_VERSION", {}) for one in asked]
    (found,) = combined_ranges(judged, SubjectKind.CIVIL_SERVANT, CATALOGUE, TODAY)
    assert (found.row, [offer.longest == offer.effect_months for offer in found.offers]) == ("R1", [True] * 3)
