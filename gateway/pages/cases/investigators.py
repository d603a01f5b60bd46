"""Who can be put on a case: those who hold the investigator's role here today and whose kin and posts can be checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gateway.pages.frame.acts import Record
from gateway.pages.frame.choices import AT_ONCE
from gateway.pages.frame.forms import Option
from gateway.pages.frame.visit import Visit


class Investigators:
    """The officials behind the accounts to choose from. Who is no official is left out: recusal could not be checked."""

    def __init__(self, colleagues: Sequence[Mapping[str, str]]) -> None:
        self._known = {one["account_id"]: one for one in colleagues if one["official_id"]}

    @classmethod
    async def here(cls, visit: Visit) -> Investigators:
        """All of them, page by page; nobody where the directory does not answer, and the page says so."""
        found: list[Mapping[str, str]] = []
        token, more = "", True
        while more:
            page = {"page_size": AT_ONCE, "page_token": token}
            answer = await visit.part("directory.ListColleagues", role="ROLE_INVESTIGATOR", **page)
            found += answer["colleagues"] if answer else []
            token = answer["next_page_token"] if answer else ""
            more = bool(token)
        return cls(found)

    def options(self, but: Sequence[str] = ()) -> list[Option]:
        """Each by account, with name and unit, but for these accounts."""
        shown = [one for account, one in self._known.items() if account not in but]
        words = (" · ".join(filter(None, (one["display_name"], one["unit_name"]))) for one in shown)
        return [Option(one["account_id"], word) for one, word in zip(shown, words, strict=True)]

    def person(self, account: str) -> dict[str, str]:
        """Account and official, as the case wants them; no official for an account that is not among them."""
        known = self._known.get(account)
        return {"account": account, "official_id": known["official_id"] if known else ""}


async def recusal_options(visit: Visit, record: Record) -> Mapping[str, Sequence[Option]]:
    """Who steps back is one of the two; the substitute is anybody else."""
    own = record["investigators"]
    here = await Investigators.here(visit)
    return {"account": [Option(one, visit.name(one)) for one in own], "substitute__account": here.options(but=own)}


async def with_official(visit: Visit, command: dict[str, Any]) -> None:
    """Puts the official behind the substitute's account into the command."""
    substitute = command.get("substitute")
    if substitute:
        substitute.update((await Investigators.here(visit)).person(substitute["account"]))
