"""On time, as of a moment: the rule that answers for every row of an earlier system's ledger."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chassis.errors import Invalid
from services.complaints.domain import history
from services.complaints.domain.history import PastComplaint, on_time
from services.complaints.domain.stages import Channel, Stage

DEADLINE = datetime(2015, 1, 16, 13, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LATER = DEADLINE + timedelta(days=300)


def row(**changed: object) -> PastComplaint:
    """One row of an earlier system."""
    said = {
        "source": "city-311",
        "source_number": "101",
        "jurisdiction_path": "/qinghe",
        "unit_path": "",
        "title": "路灯不亮",
        "text": "",
        "channel": Channel.WEB,
        "category": "",
        "received_at": DEADLINE - timedelta(days=9),
        "deadline_at": DEADLINE,
        "closed_at": None,
        "conclusion": None,
    }
    return PastComplaint(**{**said, **changed})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("due_at", "closed_at", "as_of", "expected"),
    [
        (None, None, LATER, True),
        (None, DEADLINE, LATER, True),
        (DEADLINE, DEADLINE, LATER, True),
        (DEADLINE, DEADLINE + SECOND, LATER, False),
        (DEADLINE, None, DEADLINE, True),
        (DEADLINE, None, DEADLINE + SECOND, False),
        (DEADLINE, LATER, DEADLINE - SECOND, True),
        (DEADLINE, LATER + SECOND, LATER, False),
    ],
)
def test_it_is_in_time_when_closed_by_its_deadline_or_open_with_the_deadline_ahead(
    due_at: datetime | None, closed_at: datetime | None, as_of: datetime, expected: bool
) -> None:
    assert on_time(due_at, closed_at, as_of) is expected


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("source_number", ""),
        ("source_number", "1" * 101),
        ("title", "   "),
        ("title", "长" * 501),
        ("text", "字" * 20_001),
        ("text", "a\x00b"),
        ("category", "类" * 201),
        ("received_at", None),
        ("channel", None),
    ],
)
def test_a_row_that_lacks_or_overdoes_something_is_refused_by_its_field(field: str, value: object) -> None:
    with pytest.raises(Invalid) as refused:
        history.check(row(**{field: value}))
    assert (refused.value.reason, refused.value.field) == ("IMPORT_ROW_INVALID", field)


def test_history_has_no_clock_that_could_turn_a_light() -> None:
    open_one = history.imported(row(), "id-1", LATER)
    assert (open_one.stage, open_one.clocks, open_one.light, open_one.next_light_at) == (Stage.RECEIVED, (), "", None)
    assert open_one.due_at == DEADLINE
    assert history.imported(row(closed_at=DEADLINE), "id-1", LATER).stage is Stage.CLOSED


def test_a_row_says_the_same_only_if_every_field_does() -> None:
    assert row().digest() == row().digest()
    assert row().digest() != row(closed_at=DEADLINE).digest()
