"""Lists to choose from in forms and filters: units, officials, places, words of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from gateway.pages.frame.forms import Field, Form, Option
from gateway.pages.frame.visit import Visit

AT_ONCE = 500
ALIKE = {
    "suspected_conduct": "conduct",
    "measures": "measure",
    "categories": "category",
    "step": "EscalateRequest.step",
}
"""Fields that choose from a list of another name."""


COMPLAINT_PEOPLE = ("ROLE_OFFICE", "ROLE_CLERK", "ROLE_LEADER", "ROLE_IDENTITY_KEEPER")
COLLEAGUES = {
    "ListIdentityLogRequest.by": COMPLAINT_PEOPLE,
    "ListIdentityLogRequest.reader": COMPLAINT_PEOPLE,
    "RecuseFromComplaintRequest.account_id": COMPLAINT_PEOPLE,
    "RecuseFromComplaintRequest.substitute_id": COMPLAINT_PEOPLE,
}
"""Fields that name a colleague by account, and the roles they are looked for under."""


class Choices:
    """Finds the list for each field that has one. `near` is the record the form is about."""

    def __init__(self, visit: Visit, near: Mapping[str, Any] | None = None) -> None:
        self.visit = visit
        self.near = near or {}

    async def fill(self, form: Form, **given: Sequence[Option]) -> Form:
        """The form with its lists; what the page gives comes first."""
        fields = [await self._with_list(one) for one in form.fields]
        return replace(form, fields=fields).with_choices(**given)

    async def _with_list(self, one: Field) -> Field:
        if one.columns:
            return replace(one, columns=[await self._with_list(column) for column in one.columns])
        options = () if one.options else await self._for(one)
        return replace(one, kind="choice", options=options) if options else one

    async def _for(self, one: Field) -> Sequence[Option]:
        last = one.name.rpartition(".")[2]
        if last.endswith(("unit_path", "unit_paths")) or last in ("under", "target_pool"):
            return await self.units()
        if last.endswith("jurisdiction_path") or last == "jurisdiction_paths":
            return await self.places()
        if roles := COLLEAGUES.get(f"{one.owner}.{last}"):
            return await self.any_of(roles)
        if last == "account":
            return await self.accounts()
        if last in ("official_id", "official_ids", "accused_official_id", "head_official_id"):
            return await self.officials()
        return self.words(f"{one.owner}.{last}") or self.words(ALIKE.get(last, last))

    async def units(self) -> Sequence[Option]:
        answer = await self.visit.part("directory.ListUnits", page_size=AT_ONCE)
        units = answer["units"] if answer else []
        tops = {unit["jurisdiction_path"] for unit in units}
        return [Option(u["unit_path"], u["name"], _depth(u["unit_path"], u["jurisdiction_path"], tops)) for u in units]

    async def places(self) -> Sequence[Option]:
        answer = await self.visit.part("directory.ListJurisdictions", page_size=AT_ONCE)
        places = answer["jurisdictions"] if answer else []
        return [Option(one["jurisdiction_path"], one["name"], one["jurisdiction_path"].count("/") - 1) for one in places]

    async def officials(self) -> Sequence[Option]:
        """Those of the unit the record is about; all of the own reach where it names none."""
        under = str(self.near.get("unit_path") or "")
        answer = await self.visit.part("directory.ListOfficials", page_size=AT_ONCE, under=under)
        officials = answer["officials"] if answer else []
        await self.visit.learn([{"unit_path": one["unit_path"]} for one in officials])
        where = self.visit.name
        return [Option(one["official_id"], f"{one['name']} · {where(one['unit_path'])}") for one in officials]

    async def accounts(self) -> Sequence[Option]:
        """Accounts by name, for those who may list them."""
        answer = await self.visit.part("directory.ListAccounts", page_size=AT_ONCE)
        return [Option(one["account_id"], one["display_name"]) for one in answer["accounts"]] if answer else ()

    async def colleagues(self, role: str) -> Sequence[Option]:
        """Who holds a role today, by name and unit, for those who hand out work."""
        answer = await self.visit.part("directory.ListColleagues", role=role, page_size=AT_ONCE)
        found = answer["colleagues"] if answer else []
        return [Option(c["account_id"], " · ".join(filter(None, (c["display_name"], c["unit_name"])))) for c in found]

    async def any_of(self, roles: Sequence[str]) -> Sequence[Option]:
        """Who holds one of these roles; each person once."""
        found = [option for role in roles for option in await self.colleagues(role)]
        return list({option.value: option for option in found}.values())

    def words(self, name: str) -> Sequence[Option]:
        """The list of this name in the catalogue, if there is one: `choice.category.slow = …`."""
        keys = self.visit.site.words.below(f"choice.{name}.")
        return [Option(key.rpartition(".")[2], self.visit.t(key)) for key in keys]


def _depth(path: str, place: str, places: set[str]) -> int:
    return max(0, path.removeprefix(place).count("/") - 1) if place in places else 0
