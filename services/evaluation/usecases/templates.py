"""The templates of a jurisdiction, as an organiser may begin with them."""

from __future__ import annotations

from dataclasses import dataclass, fields

from chassis.auth import Caller
from services.evaluation.domain.draft import Template
from services.evaluation.domain.plan import ObjectGroup, Plan
from services.evaluation.usecases.desk import Desk
from services.evaluation.usecases.planning import must_be_yours, template, usual


@dataclass(frozen=True, slots=True)
class Offered:
    """A template, and what a campaign made from it says: its title, end and objects are still to come."""

    template: Template
    plan: Plan


class TemplateCases:
    """What one may begin with."""

    def __init__(self, desk: Desk) -> None:
        self._store = desk.box

    def offered(self, caller: Caller, jurisdiction_path: str) -> list[Offered]:
        """The templates of a jurisdiction, in the order of its list. Raises NotAllowed JURISDICTION_NOT_YOURS."""
        with self._store.read(caller) as tx:
            must_be_yours(tx, jurisdiction_path, "jurisdiction_path")
            customs = usual(tx, jurisdiction_path)
            offered = []
            for key in tx.setting("campaign.templates", jurisdiction_path):
                one = template(tx, key, jurisdiction_path)
                whole = one.customs.or_else(customs)
                plan = Plan(
                    title="",
                    year=0,
                    jurisdiction_path=jurisdiction_path,
                    closes_at=tx.now,
                    object_groups=tuple(ObjectGroup(group.key, group.name, (), group.taken) for group in one.objects),
                    dimensions=one.dimensions,
                    rater_groups=one.rater_groups,
                    dont_know=one.dont_know,
                    live=one.live,
                    statements=one.statements,
                    template=one.key,
                    **{part.name: getattr(whole, part.name) for part in fields(whole)},
                )
                offered.append(Offered(one, plan))
            return offered
