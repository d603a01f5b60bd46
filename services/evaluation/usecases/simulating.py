"""The dry run of a plan: its formula at both ends, what an empty group does, and drawn results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from chassis.auth import Caller
from chassis.errors import Invalid
from services.evaluation.domain.draft import Draft
from services.evaluation.domain.formula import EmptyGroup
from services.evaluation.domain.plan import Plan
from services.evaluation.tally.drawing import Drawn, Model, drawn, variants
from services.evaluation.tally.scores import extremes, shares_without
from services.evaluation.usecases.desk import Desk
from services.evaluation.usecases.planning import complete


@dataclass(frozen=True, slots=True)
class Draw:
    """How results are drawn; 0 or None where the settings say."""

    seed: int
    runs: int
    raters: Mapping[str, int]
    lowest: Fraction | None
    apart: Fraction | None
    dont_know: Fraction | None


@dataclass(frozen=True, slots=True)
class Emptied:
    """The shares if the rater group at `empty` gives no valid answer, in the object groups of these keys."""

    empty: int
    object_groups: tuple[str, ...]
    shares: tuple[Fraction, ...]
    no_score: bool


@dataclass(frozen=True, slots=True)
class Simulation:
    """What a formula can give each object group at worst and at best, what empty groups do, and what was drawn."""

    plan: Plan
    extremes: tuple[tuple[Fraction, Fraction], ...]
    emptied: tuple[Emptied, ...]
    drawn: Drawn | None


class SimulationCases:
    """What one can find out about a plan before it is used."""

    def __init__(self, desk: Desk) -> None:
        self._store = desk.box

    def simulate(self, caller: Caller, draft: Draft, draw: Draw | None) -> Simulation:
        """What a formula can give, before it is used. Raises as `planning.complete`, and Invalid RATER_GROUP_UNKNOWN,
        DRAW_TOO_LARGE."""
        with self._store.read(caller) as tx:
            plan = complete(tx, draft)
            usual = tx.setting("simulation.draw", plan.jurisdiction_path)
        model = None if draw is None else _model(plan, draw, usual)
        return Simulation(
            plan,
            tuple(extremes(plan, group) for group in range(len(plan.object_groups))),
            tuple(_emptied(plan)),
            None if model is None else drawn(plan, model),
        )


def _emptied(plan: Plan) -> list[Emptied]:
    """Each rater group left empty in turn, once for all object groups that the same rater groups rate."""
    rated_by: dict[tuple[int, ...], list[int]] = {}
    start = 0
    for number, group in enumerate(plan.object_groups):
        rated_by.setdefault(plan.rated_by[start], []).append(number)
        start += len(group.objects)
    no_score = plan.empty_group is EmptyGroup.NO_SCORE
    return [
        Emptied(
            empty, tuple(plan.object_groups[one].key for one in groups), shares_without(plan, empty, groups[0]), no_score
        )
        for raters, groups in rated_by.items()
        for empty in raters
    ]


def _model(plan: Plan, draw: Draw, usual: Mapping[str, Any]) -> Model:
    """The draw with the settings in its gaps, and as many runs as the machine is given for it."""
    known = {group.key for group in plan.rater_groups}
    strangers = [key for key in draw.raters if key not in known]
    if strangers:
        raise Invalid("RATER_GROUP_UNKNOWN", "draw.raters", group=strangers[0])
    counts = len(plan.rater_groups) * plan.cells * (len(plan.scale) + 1)
    if counts > int(usual["most_counts"]):
        raise Invalid("DRAW_TOO_LARGE", "plan", counts=counts, most=usual["most_counts"])
    dont_know = Fraction(usual["dont_know"]) if draw.dont_know is None else draw.dont_know
    model = Model(
        seed=draw.seed,
        runs=draw.runs or int(usual["runs"]),
        raters=tuple(draw.raters.get(group.key, group.quota or int(usual["raters"])) for group in plan.rater_groups),
        lowest=Fraction(usual["lowest"]) if draw.lowest is None else draw.lowest,
        apart=Fraction(usual["apart"]) if draw.apart is None else draw.apart,
        dont_know=dont_know if plan.dont_know else Fraction(0),
    )
    ranked = len(plan.objects) * len(variants(plan, model))
    runs = min(model.runs, int(usual["most_rankings"]) // ranked, int(usual["most_counts"]) * int(usual["runs"]) // counts)
    return Model(model.seed, max(runs, 1), model.raters, model.lowest, model.apart, model.dont_know)
