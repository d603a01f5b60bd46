"""The draw is fair and repeatable, the seal holds, and an inspection needs two."""

from __future__ import annotations

import hashlib
import subprocess
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import Conflict, Invalid, NotFound
from services.supervision.domain.draw import draw, ticket
from services.supervision.domain.inspection import Inspection, Seed, Supervisor, plan
from services.supervision.domain.words import INSPECTION_NEXT, UNDER_SEAL, InspectionKind, InspectionStage
from tests.unit.supervision.ledger import MONDAY

names = st.text(st.characters(codec="utf-8", exclude_characters="\n"), min_size=1, max_size=12)


def planned(**changes: Any) -> Inspection:
    fields: dict[str, Any] = {
        "least_inspectors": 2,
        "id": "i",
        "jurisdiction_path": "/qinghe",
        "number": "督查〔2026〕1号",
        "kind": InspectionKind.UNDERCOVER,
        "title": "t",
        "plan_number": "p",
        "checklist": (),
        "from_day": date(2026, 11, 16),
        "to_day": date(2026, 11, 20),
        "targets_wanted": 1,
        "inspectors_wanted": 2,
        "target_pool": ("/qinghe/housing", "/qinghe/water"),
        "inspector_pool": ("s1", "s2", "s3"),
        "planned_by": "office",
        "planned_at": MONDAY,
    }
    return plan(**{**fields, **changes})


def supervisor(id: str, *recused: str) -> Supervisor:
    term = {"term_from": date(2026, 1, 1), "term_to": date(2026, 12, 31)}
    return Supervisor(id, 1, "", "/qinghe", id, id, f"account-{id}", recused_unit_paths=recused, **term)


def seed(text: str = "1 2 3", hours: int = 1, drawn: int = 2) -> Seed:
    return Seed(text, "彩票", MONDAY + timedelta(hours=hours), MONDAY + timedelta(hours=drawn), "office")


def drawn(**changes: Any) -> Inspection:
    return planned(**changes).draw(seed(), [supervisor(id) for id in ("s1", "s2", "s3")])


@given(st.text(max_size=40), st.sets(names, max_size=20), st.integers(0, 25), st.sets(names, max_size=5))
def test_a_draw_depends_on_nothing_but_seed_and_pool(seed_text: str, pool: set[str], wanted: int, out: set[str]) -> None:
    first = draw(seed_text, "target", sorted(pool), wanted, out)

    assert first == draw(seed_text, "target", sorted(pool, reverse=True), wanted, out)
    assert len(first) == len(set(first)) == min(wanted, len(pool - out))
    assert set(first) <= pool - out


@given(st.sets(names, min_size=3, max_size=12), names)
def test_leaving_out_who_was_not_drawn_changes_nothing_for_the_others(pool: set[str], seed_text: str) -> None:
    two = draw(seed_text, "inspector", pool, 2)
    rest = pool - set(two)

    assert draw(seed_text, "inspector", pool - {min(rest)}, 2) == two


def test_a_ticket_can_be_checked_with_a_tool_everybody_has() -> None:
    by_hand = subprocess.run(["sha256sum"], input="07 11\ntarget\n/qinghe/住建局".encode(), capture_output=True, check=True)

    assert by_hand.stdout.split()[0].decode() == ticket("07 11", "target", "/qinghe/住建局")


def test_over_many_seeds_everybody_is_drawn_about_as_often() -> None:
    pool = [f"unit-{number}" for number in range(10)]
    counts = dict.fromkeys(pool, 0)

    for number in range(2_000):
        for name in draw(f"seed {number}", "target", pool, 3):
            counts[name] += 1

    chi_square = sum((count - 600) ** 2 / 600 for count in counts.values())
    assert chi_square < 27.9, "nine degrees of freedom, one in a thousand"


def test_recusal_holds_for_the_unit_its_sections_and_what_is_above_it() -> None:
    own = supervisor("s", "/qinghe/housing")

    assert own.recused_from(["/qinghe/housing"])
    assert own.recused_from(["/qinghe/housing/approvals"])
    assert supervisor("s", "/qinghe/housing/approvals").recused_from(["/qinghe/housing"])
    assert not own.recused_from(["/qinghe/housing-fund"])


def test_when_recusals_leave_too_few_the_draw_is_refused_rather_than_bent() -> None:
    people = [supervisor("s1"), supervisor("s2", "/qinghe"), supervisor("s3", "/qinghe")]

    with pytest.raises(Conflict, match="TOO_FEW_INSPECTORS"):
        planned().draw(seed(), people)


@pytest.mark.parametrize(("hours", "drawn_after", "reason"), [(0, 2, "SEED_BEFORE_PLAN"), (3, 2, "SEED_IN_FUTURE")])
def test_a_seed_is_younger_than_the_plan_and_no_younger_than_the_draw(hours: int, drawn_after: int, reason: str) -> None:
    with pytest.raises(Invalid, match=reason):
        planned().draw(seed(hours=hours, drawn=drawn_after), [supervisor(id) for id in ("s1", "s2", "s3")])


def test_an_inspection_moves_one_step_at_a_time() -> None:
    sealed = drawn().seal(MONDAY)
    first = sealed.inspectors[0].account_id
    under_way = sealed.start(first, date(2026, 11, 16), MONDAY)

    assert under_way.release("office", MONDAY).close(0, MONDAY).stage is InspectionStage.CLOSED
    for early in (planned(), drawn(), sealed):
        with pytest.raises(Conflict, match="INSPECTION_STAGE_UNFIT"):
            early.release("office", MONDAY)
    with pytest.raises(Conflict, match="INSPECTION_STAGE_UNFIT"):
        drawn().draw(seed(), [supervisor(id) for id in ("s1", "s2", "s3")])


def test_it_starts_by_its_own_inspectors_and_within_its_days() -> None:
    sealed = drawn().seal(MONDAY)

    with pytest.raises(NotFound):
        sealed.start("account-of-somebody", date(2026, 11, 16), MONDAY)
    with pytest.raises(Conflict, match="OUTSIDE_WINDOW"):
        sealed.start(sealed.inspectors[0].account_id, date(2026, 11, 21), MONDAY)


def test_the_seal_holds_exactly_until_release() -> None:
    assert set(INSPECTION_NEXT) - UNDER_SEAL == {InspectionStage.RELEASED, InspectionStage.CLOSED}


@pytest.mark.parametrize("kind", InspectionKind)
def test_the_inspected_side_learns_who_came_only_where_they_came_openly(kind: InspectionKind) -> None:
    seen = drawn(kind=kind, targets_wanted=2).for_the_inspected(["/qinghe/water"])

    assert seen.targets == ("/qinghe/water",)
    assert bool(seen.inspectors) is not kind.undercover
    assert (seen.target_pool, seen.inspector_pool, seen.seed) == ((), (), None)


def test_the_ticket_is_plain_sha_256() -> None:
    assert ticket("a", "target", "b") == hashlib.sha256(b"a\ntarget\nb").hexdigest()
