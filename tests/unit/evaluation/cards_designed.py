"""Cards for the tests: the forms as they ship, and plans with real names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import services.evaluation
from chassis.settings import read_packs
from services.evaluation.cards.design import Design, Wish, design
from services.evaluation.cards.forms import Form, LetterForm, Said, Window, forms
from services.evaluation.domain.plan import Grade, Plan
from tests.unit.evaluation.plans import plan

_ROWS = {row.key: row.value for row in read_packs(Path(next(iter(services.evaluation.__path__))) / "packs")}
FORMS: dict[str, Form] = forms(_ROWS["cards.forms"])
SAID = Said(**_ROWS["cards.words"])
WINDOWS = {name: Window.of(one) for name, one in _ROWS["cards.windows"].items()}
LETTERS = {name: LetterForm.of(one) for name, one in _ROWS["cards.letters"].items()}
GRADES = ("满意", "基本满意", "一般", "不满意", "很不满意")
OBJECTS = (
    "市住房和城乡建设局",
    "市人力资源和社会保障局",
    "市市场监督管理局",
    "市公安局交通警察支队车辆管理所",
    "市自然资源和规划局不动产登记中心",
    "市税务局第一税务分局办税服务厅",
    "市卫生健康委员会",
    "市教育局",
)
ADDRESS = ("464000", "清河市平桥路88号", "清河市机关作风评议办公室（收）")
SERIAL = "7KQ2M-XV40B-9TDRA-HW3CE"


def named(
    objects: Sequence[int] = (20,),
    questions: Sequence[str] = ("总体评价",),
    grades: Sequence[str] = GRADES,
    names: Sequence[str] = OBJECTS,
    title: str = "清河市2026年度机关作风社会评议",
    **other: object,
) -> Plan:
    """A plan with so many objects in each group."""
    scale = [Grade(f"g{at}", name, Fraction(at)) for at, name in enumerate(grades)]
    bare = plan(objects, [1] * len(questions), scale=scale, **other)
    called = iter(names * (1 + sum(objects) // len(names)))
    groups = [
        replace(group, name=f"第{at}类单位", objects=tuple(replace(one, name=next(called)) for one in group.objects))
        for at, group in enumerate(bare.object_groups, start=1)
    ]
    asked = [replace(one, name=name) for one, name in zip(bare.dimensions, questions, strict=True)]
    raters = (replace(bare.rater_groups[0], name="企业代表"), *bare.rater_groups[1:])
    return replace(bare, title=title, object_groups=tuple(groups), dimensions=tuple(asked), rater_groups=raters)


def designed(form: str, asked: Plan, sides: int = 1, **other: object) -> Design:
    """The card of the first rater group in a form."""
    given = {"return_to": ADDRESS, "return_by": date(2026, 12, 20), **other}
    return design(asked, Wish(form, asked.rater_groups[0].key, sides, **given), FORMS[form], SAID)  # type: ignore[arg-type]
