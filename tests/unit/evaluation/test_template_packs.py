"""The templates that ship: every word in their packs is understood, and what they ask fits together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import services.evaluation
from chassis.columns import plain_converter
from chassis.settings import Setting, read_packs
from services.evaluation.domain.draft import PickedBy, Template

PACKS = Path(next(iter(services.evaluation.__path__))) / "packs"
ROWS = {row.key: row for row in read_packs(PACKS)}
TEMPLATES = [row for key, row in ROWS.items() if key.startswith("campaign.template.")]


def read(row: Setting) -> Template:
    """The template of a row."""
    return plain_converter().structure(row.value, Template)


def unknown(said: Any, understood: Any, at: str) -> list[str]:
    """Words of a pack that nothing reads."""
    if isinstance(said, dict):
        strange = [f"{at}.{key}" for key in said if key not in understood]
        return strange + [
            word for key in said if key in understood for word in unknown(said[key], understood[key], f"{at}.{key}")
        ]
    if isinstance(said, list):
        return [word for one, other in zip(said, understood, strict=True) for word in unknown(one, other, at)]
    return []


def test_the_list_names_every_template_and_no_other() -> None:
    assert {f"campaign.template.{key}" for key in ROWS["campaign.templates"].value} == {row.key for row in TEMPLATES}


@pytest.mark.parametrize("row", TEMPLATES, ids=lambda row: str(row.value["key"]))
def test_a_template_is_understood_to_the_last_word_and_fits_together(row: Setting) -> None:
    template = read(row)
    assert unknown(row.value, plain_converter().unstructure(template), template.key) == []
    assert row.source == template.source
    groups = {group.key: group for group in template.objects}
    assert all(key in groups for raters in template.rater_groups for key in raters.rates)
    assert all((group.picked_by is PickedBy.RANK) == (group.taken is not None) for group in groups.values())
    asked = {"", *(dimension.key for dimension in template.dimensions)}
    assert all(tie.dimension in asked for tie in template.customs.tie_chain or ())
    assert not template.next_round or template.next_round in ROWS["campaign.templates"].value


def test_a_later_round_takes_groups_that_the_round_before_has() -> None:
    templates = {one.key: one for one in map(read, TEMPLATES)}
    rounds = [(one, templates[one.next_round]) for one in templates.values() if one.next_round]
    assert rounds
    for before, after in rounds:
        keys = {group.key for group in before.objects}
        assert all(group.taken is None or group.taken.object_group in keys for group in after.objects)
