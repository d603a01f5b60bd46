"""Lists to choose from in forms and filters: units, officials, places, words of the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gateway.pages.frame.forms import Field, Form, Option
from gateway.pages.frame.visit import Visit

AT_ONCE = 500


class Choices:
    """Finds the list for each field that has one. `near` is the record the form is about."""

    def __init__(self, visit: Visit, near: Mapping[str, Any] | None = None) -> None:
        self.visit = visit
        self.near = near or {}

    async def fill(self, form: Form, **given: Sequence[Option]) -> Form:
        """The form with its lists; what the page gives comes first."""
        found = {one.name.replace(".", "__"): await self._for(one) for one in form.fields if not one.options}
        return form.with_choices(**{name: options for name, options in found.items() if options}, **given)

    async def _for(self, one: Field) -> Sequence[Option]:
        last = one.name.rpartition(".")[2]
        if last.endswith("unit_path") or last in ("under", "unit_paths"):
            return await self.units()
        if last.endswith("jurisdiction_path") or last == "jurisdiction_paths":
            return await self.places()
        if last in ("official_id", "official_ids", "accused_official_id", "head_official_id"):
            return await self.officials()
        return self.words(last)

    async def units(self) -> Sequence[Option]:
        answer = await self.visit.part("directory.ListUnits", page_size=AT_ONCE)
        units = answer["units"] if answer else []
        tops = {unit["jurisdiction_path"] for unit in units}
        return [Option(u["unit_path"], u["name"], _depth(u["unit_path"], u["jurisdiction_path"], tops)) for u in units]

    async def places(self) -> Sequence[Option]:
        answer = await self.visit.part("directory.ListJurisdictions", page_size=AT_ONCE)
        places = answer["jurisdictions"] if answer else []
        return [Option(one["path"], one["name"], one["path"].count("/") - 1) for one in places]

    async def officials(self) -> Sequence[Option]:
        """Those of the unit the record is about; all of the own reach where it names none."""
        under = str(self.near.get("unit_path") or "")
        answer = await self.visit.part("directory.ListOfficials", page_size=AT_ONCE, under=under)
        officials = answer["officials"] if answer else []
        await self.visit.learn([{"unit_path": one["unit_path"]} for one in officials])
        word: Callable[[Any], str] = lambda one: f"{one['name']}({self.visit.name(one['unit_path'])})"  # noqa: E731
        return [Option(one["official_id"], word(one)) for one in officials]

    def words(self, name: str) -> Sequence[Option]:
        """The list of this name in the catalogue, if there is one: `choice.category.slow = …`."""
        keys = self.visit.site.words.below(f"choice.{name}.")
        return [Option(key.rpartition(".")[2], self.visit.t(key)) for key in keys]


def _depth(path: str, place: str, places: set[str]) -> int:
    return max(0, path.removeprefix(place).count("/") - 1) if place in places else 0
