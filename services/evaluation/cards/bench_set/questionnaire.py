"""The card that a set is made of: a questionnaire of the size that mailed cards have, on a form of the pack."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction

from chassis.settings import read_packs
from services.evaluation.cards.design import Wish, design
from services.evaluation.cards.forms import Said, forms
from services.evaluation.cards.geometry import Geometry
from services.evaluation.cards.reading.thresholds import PACKS
from services.evaluation.domain.formula import EmptyGroup, Lines, PointsOff, ResultGrade, Revote, Validity
from services.evaluation.domain.plan import Dimension, Grade, ObjectGroup, Plan, RatedObject, RaterGroup

GRADES = ("满意", "较满意", "一般", "不满意")
LONG_AGO = datetime(2004, 1, 1, tzinfo=UTC)


def bench_geometry(form: str = "A4", rows: int = 20, grades: int = 4) -> Geometry:
    """A card of so many units, each rated once on so many grades or "don't know". Raises Invalid where no form holds it."""
    settings = {row.key: row.value for row in read_packs(PACKS)}
    wish = Wish(form, "g0", return_to=("清河市机关作风建设监督办公室", "清河市人民路1号", "100000"))
    return design(
        _plan(rows, grades), wish, forms(settings["cards.forms"])[form], Said(**settings["cards.words"])
    ).geometry()


def _plan(rows: int, grades: int) -> Plan:
    units = tuple(RatedObject(f"o{n}", f"u{n}", f"清河市第{n + 1}局", f"/qinghe/u{n}") for n in range(rows))
    scale = tuple(Grade(f"s{n}", GRADES[n], Fraction(100 - 30 * n), satisfied=n == 0) for n in range(grades))
    return Plan(
        title="机关作风评议",
        year=LONG_AGO.year,
        jurisdiction_path="/qinghe",
        closes_at=LONG_AGO,
        object_groups=(ObjectGroup("c0", "部门", units),),
        dimensions=(Dimension("d0", "作风", 1),),
        rater_groups=(RaterGroup("g0", "企业", 1),),
        dont_know=True,
        live=False,
        scale=scale,
        validity=Validity(Fraction(1, 2), 3, straight_lined_counts=True),
        revote=Revote.REFUSED,
        empty_group=EmptyGroup.SHARED_OUT,
        tie_chain=(),
        suppress_below=1,
        points_off=PointsOff(rules=(), cap=Fraction(0)),
        lines=Lines(
            grades=(ResultGrade("s", "满意", Fraction(85)), ResultGrade("u", "不满意", Fraction(0), unsatisfied=True)),
            last_below=Fraction(75),
            commended_from=Fraction(90),
            decimals=2,
            deviations=Fraction("1.96"),
        ),
    )
