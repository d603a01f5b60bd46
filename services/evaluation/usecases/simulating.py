"""The dry run of a plan, before it is used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from chassis.auth import Caller
from chassis.errors import Invalid
from services.evaluation.domain.draft import Draft
from services.evaluation.domain.plan import Plan
from services.evaluation.tally.drawing import Model, drawn, variants
from services.evaluation.tally.trial import Draw, Trial, trial
from services.evaluation.usecases.desk import Desk
from services.evaluation.usecases.planning import complete


class SimulationCases:
    """What one can find out about a plan before it is used."""

    def __init__(self, desk: Desk) -> None:
        self._store = desk.box

    def simulate(self, caller: Caller, draft: Draft, draw: Draw | None) -> Trial:
        """What a formula can give. Raises as `planning.complete`; Invalid RATER_GROUP_UNKNOWN, DRAW_TOO_LARGE."""
        with self._store.read(caller) as tx:
            plan = complete(tx, draft)
            usual = tx.setting("simulation.draw", plan.jurisdiction_path)
        return trial(plan, None if draw is None else drawn(plan, _model(plan, draw, usual)))


def _model(plan: Plan, draw: Draw, usual: Mapping[str, Any]) -> Model:
    """The draw with the settings in its gaps, and as many runs as there is time for."""
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
    compared = len(variants(plan, model))
    there_is_time = min(
        int(usual["most_rankings"]) // (len(plan.objects) * compared),
        int(usual["most_drawn"]) // (counts * compared),
    )
    return replace(model, runs=max(min(model.runs, there_is_time), 1))
