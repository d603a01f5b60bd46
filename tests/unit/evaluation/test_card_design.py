"""What a designed card promises: nothing overlaps, everything lies on the page, and what does not fit is refused."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from chassis.errors import Invalid
from services.evaluation.cards.design import Design
from services.evaluation.cards.forms import Next
from services.evaluation.cards.geometry import Box, Geometry, Side, from_json, to_json
from services.evaluation.domain.plan import Plan
from tests.unit.evaluation.cards_designed import ADDRESS, FORMS, WINDOWS, designed, named

LEAST_BOX, LEAST_TEXT = 5.0, 12.0
NAME = st.text("市住房和城乡建设局Aw8（）", min_size=1, max_size=34)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Plans of any shape, with names of any length."""
    objects = draw(st.lists(st.integers(1, 30), min_size=1, max_size=3))
    questions = draw(st.lists(NAME, min_size=1, max_size=9))
    grades = draw(st.lists(st.text("满意基本不", min_size=1, max_size=7), min_size=2, max_size=8))
    names = draw(st.lists(NAME, min_size=1, max_size=5))
    return named(objects, questions, grades, names, dont_know=draw(st.booleans()))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(plans(), st.sampled_from(sorted(FORMS)), st.sampled_from([1, 2]))
def test_an_accepted_card_has_every_row_once_and_nothing_overlaps(asked: Plan, form: str, sides: int) -> None:
    try:
        card = designed(form, asked, sides)
    except Invalid as refused:
        assume(not refused.reason.startswith("CARD_"))
        raise
    geometry = card.geometry()
    assert sorted(geometry.rows) == list(range(asked.cells))
    assert from_json(to_json(geometry)) == geometry
    for _, side in geometry.sides:
        _nothing_overlaps(card, geometry, side)


def _nothing_overlaps(card: Design, geometry: Geometry, side: Side) -> None:
    page = Box(0.0, 0.0, geometry.width, geometry.height)
    boxes = [box for row in side.rows for box in row.boxes]
    assert side.rows and all(len(row.boxes) == len(geometry.answers) for row in side.rows)
    assert page.holds(side.room) and all(side.room.holds(one) for one in [*boxes, side.qr])
    assert all(side.room.holds(row.cut) and row.cut.holds(row.label) for row in side.rows)
    assert all(row.cut.holds(box) and not row.label.meets(box) for row in side.rows for box in row.boxes)
    solid = [*(one.box for one in side.fiducials), side.qr, *(row.cut for row in side.rows)]
    assert not any(one.meets(other) for one, other in combinations(solid, 2))
    assert not any(one.meets(other) for row in side.rows for one, other in combinations(row.boxes, 2))
    assert min(box.width for box in boxes) >= LEAST_BOX
    assert all(not box.y < fold < box.bottom for box in boxes for fold in card.form.folds)


@pytest.mark.parametrize("form", FORMS.values(), ids=str)
def test_a_form_keeps_its_parts_apart_and_its_window_to_the_address(form: object) -> None:
    form = next(one for one in FORMS.values() if one == form)
    assert form.box >= LEAST_BOX and form.text >= LEAST_TEXT
    for side in (form.first, form.next):
        parts = [Box(*side.qr, form.qr, form.qr), side.title, side.group, side.serial]
        parts += [] if isinstance(side, Next) else [side.address, side.note, side.instructions, _example(form, side.example)]
        assert not any(one.meets(other) for one, other in combinations(parts, 2))
        assert all(form.room.holds(one) and one.bottom <= side.table for one in parts)
    if form.window:
        window, height = WINDOWS[form.window], form.folded or form.height
        assert window.sure(form.width, height).holds(form.first.address)
        seen = window.seen(form.width, height)
        others = [form.first.title, form.first.group, form.first.serial, form.first.note, form.first.instructions]
        others += [Box(*form.first.qr, form.qr, form.qr), _example(form, form.first.example)]
        assert not any(seen.meets(one) for one in others) and seen.bottom <= form.first.table


def _example(form: object, corner: tuple[float, float]) -> Box:
    return Box(*corner, 56.0, 6.0)


@pytest.mark.parametrize(
    ("reason", "asked", "form", "other"),
    [
        ("CARD_NAME_TOO_LONG", named(names=["很长的名称" * 12]), "A4", {}),
        ("CARD_NAME_TOO_LONG", named(questions=["很长的问题" * 12]), "A4", {}),
        ("CARD_GRADE_TOO_LONG", named(grades=["满意", "非常非常不满意而且还要再说几句"]), "A4", {}),
        ("CARD_TOO_MANY_GRADES", named(grades=[f"{number}档" for number in range(9)]), "A5", {}),
        ("CARD_TITLE_TOO_LONG", named(title="评议" * 60), "A4-DL", {}),
        ("CARD_TOO_MANY_SHEETS", named(objects=(400,)), "A5", {}),
        ("CARD_ADDRESS_MISSING", named(), "A4-DL", {"return_to": ()}),
        ("CARD_ADDRESS_TOO_LONG", named(), "A4-DL", {"return_to": ("清河市" * 20,)}),
        ("CARD_ADDRESS_TOO_LONG", named(), "A5-C5", {"return_to": ADDRESS * 2}),
        ("CARD_NO_ROWS", named(), "A4", {"only_object": "nobody"}),
        ("CARD_SIDES", named(), "A4", {"sides": 3}),
    ],
)
def test_what_does_not_fit_is_refused_with_its_reason(reason: str, asked: Plan, form: str, other: dict[str, object]) -> None:
    with pytest.raises(Invalid) as refused:
        designed(form, asked, **{"sides": 1, **other})  # type: ignore[arg-type]
    assert refused.value.reason == reason


def test_twenty_rows_lie_on_one_side_of_an_a4_card() -> None:
    assert [len(side.rows) for _, side in designed("A4", named()).geometry().sides] == [20]


def test_a_card_with_room_to_spare_is_set_in_larger_letters() -> None:
    few, many = designed("A4-DL", named((8,))), designed("A4-DL", named((15,)))
    assert (few.text, many.text) == (13.0, 12.0) and len(few.sides) == len(many.sides) == 1
    heights = {row.cut.height for _, side in few.geometry().sides for row in side.rows}
    assert min(heights) == 13.0


def test_an_object_stays_on_one_side_where_a_side_has_room_for_it() -> None:
    card = designed("A4-DL", named((12, 12), ("服务态度", "办事效率", "廉洁自律")), 2)
    for _, side in card.geometry().sides:
        assert [row.row % 3 for row in side.rows] == [0, 1, 2] * (len(side.rows) // 3)


def test_a_card_for_one_object_asks_about_that_one_alone() -> None:
    card = designed("A5", named((8,), ("服务态度", "办事效率")), only_object="o3")
    assert card.geometry().rows == (6, 7)
