"""The objects of a plan as they are known here: units, officials in their posts, leading groups, districts.

What is known comes from the directory's facts. They carry no names of people: who stands on a ballot as an official, and a
district nobody has named, is written down by the organiser.
"""

from __future__ import annotations

import sqlalchemy as sa

from chassis.auth import covers
from chassis.errors import Invalid
from chassis.store import Copy, Tx, under
from services.evaluation.domain.plan import ObjectKind, Plan, RatedObject
from services.evaluation.usecases.rounds import Round

FIELD = "plan.object_groups"


class Placing:
    """Gives the objects of one draft their ids, names and paths. `former` is the plan that is amended."""

    def __init__(self, tx: Tx, jurisdiction_path: str, former: Plan | None, before: Round | None) -> None:
        self._tx = tx
        self._path = jurisdiction_path
        self._former = {one.subject: one for one in former.objects} if former else {}
        self._before = before
        self._table = tx.store.schema["copies"]

    def place(self, one: RatedObject) -> RatedObject:
        """The object as the plan keeps it. Raises Invalid, naming what is not known."""
        former = self._former.get(one.subject)
        named = one.name or (former.name if former else "")
        unit_id, unit_path, name = self._district(one) if one.kind is ObjectKind.DISTRICT else self._at_unit(one)
        if not (named or name):
            raise Invalid("OBJECT_NAME_MISSING", FIELD, object=one.official_id or one.unit_path)
        return RatedObject(
            object_id=former.object_id if former else self._tx.new_id(),
            unit_id=unit_id,
            name=named or name,
            unit_path=unit_path,
            kind=one.kind,
            official_id=one.official_id if one.kind is ObjectKind.OFFICIAL else "",
            before=self._before.said_of(one) if self._before else None,
        )

    def _at_unit(self, one: RatedObject) -> tuple[str, str, str]:
        """Unit, path and usual name of whatever belongs to a unit."""
        official = self._official(one) if one.kind is ObjectKind.OFFICIAL else None
        unit_id = one.unit_id or (str(official.body.get("unit_id", "")) if official else "")
        unit = self._tx.copy("unit", unit_id)
        if not unit.known:
            raise Invalid("UNIT_UNKNOWN", FIELD, unit=unit_id)
        if not covers(self._path, unit.unit_path):
            raise Invalid("UNIT_OUTSIDE_JURISDICTION", FIELD, unit=unit_id)
        if official is not None:
            self._must_serve(official, unit)
            return unit_id, unit.unit_path, ""
        if one.kind is ObjectKind.LEADING_GROUP:
            words = str(self._tx.setting("campaign.leading_group_name", self._path))
            return unit_id, unit.unit_path, words.format(unit=unit.name)
        return unit_id, unit.unit_path, unit.name

    def _official(self, one: RatedObject) -> Copy:
        official = self._tx.copy("official", one.official_id)
        if not official.known:
            raise Invalid("OFFICIAL_UNKNOWN", FIELD, official=one.official_id)
        return official

    def _must_serve(self, official: Copy, unit: Copy) -> None:
        """An official is rated in a post of the unit, or as one of its people."""
        if official.body.get("unit_id") == unit.id:
            return
        posts = self._tx.copies("post", self._table.c.unit_path == unit.unit_path)
        if not any(post.body.get("official_id") == official.id for post in posts):
            raise Invalid("OFFICIAL_ELSEWHERE", FIELD, official=official.id, unit=unit.id)

    def _district(self, one: RatedObject) -> tuple[str, str, str]:
        """A district below the campaign's jurisdiction, known by itself or by one of its units."""
        path, table = one.unit_path, self._table.c
        below = covers(self._path, path) and path != self._path
        known = self._tx.copies("jurisdiction", table.jurisdiction_path == path) if below else []
        units = [] if known or not below else self._units_of(path)
        if not known and not units:
            raise Invalid("DISTRICT_UNKNOWN", FIELD, path=path)
        return "", path, known[0].name if known else ""

    def _units_of(self, path: str) -> list[Copy]:
        table = self._table.c
        return self._tx.copies("unit", sa.and_(table.known, under(table.jurisdiction_path, path)))
