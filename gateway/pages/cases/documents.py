"""What a case sends out on paper: drafts to look at, issued documents to take away.

Accountability keeps no names; who asks for a document is known here, so the names and posts come from the directory.
"""

from __future__ import annotations

import base64
from collections.abc import Collection, Sequence
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from gateway.pages.frame.visit import Visit

KINDS = ("NOTICE", "PROPOSAL", "DECISION", "RECEIPT", "CIRCULAR", "BRIEF")
MEDIA_TYPES = {
    "PDF": "application/pdf",
    "WORD": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


async def draft(visit: Visit) -> Response:
    """A draft of one kind about one party, as a file."""
    asked = visit.request.query_params
    case = (await visit.ask("accountability.GetCase", case_id=visit.ref("ref")))["case"]
    kind, party = _one_of(KINDS, asked.get("kind", "")), asked.get("party", "")
    of_all = kind == "BRIEF"
    wanted = {
        "kind": f"DOCUMENT_KIND_{kind}",
        "party_id": "" if of_all else party,
        "names": await all_names(visit, [case]) if of_all else await names(visit, case, party),
        "asked": asked.get("asked", ""),
    }
    form = _one_of(MEDIA_TYPES, asked.get("as", ""))
    answer = await visit.ask(
        "accountability.BuildDocument", case_id=case["id"], wanted=wanted, format=f"DOCUMENT_FORMAT_{form}"
    )
    return as_file(answer, form)


async def issued(visit: Visit) -> Response:
    """An issued document, as a file."""
    form = _one_of(MEDIA_TYPES, visit.request.query_params.get("as", ""))
    asked = {"document_id": visit.ref("ref"), "format": f"DOCUMENT_FORMAT_{form}"}
    return as_file(await visit.ask("accountability.ReadDocument", **asked), form)


async def with_names(visit: Visit, command: dict[str, Any]) -> None:
    """Puts name and post of the party into the command: nobody types them."""
    wanted = command.get("wanted")
    if wanted and wanted.get("kind") == "DOCUMENT_KIND_BRIEF":
        case = (await visit.ask("accountability.GetCase", case_id=visit.ref("ref")))["case"]
        wanted |= {"party_id": "", "names": await all_names(visit, [case])}
    elif wanted and wanted.get("party_id"):
        case = (await visit.ask("accountability.GetCase", case_id=visit.ref("ref")))["case"]
        wanted["names"] = await names(visit, case, wanted["party_id"])


async def all_names(visit: Visit, cases: Sequence[dict[str, Any]]) -> list[dict[str, str]]:
    """The names of every person of some cases; accountability looks for them in what becomes public, and keeps none."""
    await visit.learn(cases)
    persons = [party for case in cases for party in case["parties"] if party["official_id"]]
    known = [(party["id"], visit.names.get(party["official_id"], "")) for party in persons]
    return [{"party_id": party, "name": name, "post": ""} for party, name in known if name]


async def names(visit: Visit, case: dict[str, Any], party_id: str) -> list[dict[str, str]]:
    """The party's name and post as the directory has them; none for a unit, and none for somebody it does not know."""
    party = next((one for one in case["parties"] if one["id"] == party_id and one["official_id"]), None)
    if party is None:
        return []
    await visit.learn(party)
    name = visit.names.get(party["official_id"], "")
    held = await visit.part(
        "directory.ListPosts", official_id=party["official_id"], on=visit.today.isoformat(), page_size=50
    )
    here = [one for one in (held["posts"] if held else []) if one["unit_path"] == party["unit_path"]]
    return [{"party_id": party_id, "name": name, "post": here[0]["title"] if here else ""}] if name else []


def _one_of(known: Collection[str], asked: str) -> str:
    """A word of the list; anything else is the one the services refuse."""
    return asked if asked in known else "UNSPECIFIED"


def as_file(answer: dict[str, Any], form: str) -> Response:
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(answer['file_name'])}"}
    return Response(base64.b64decode(answer["content"]), media_type=MEDIA_TYPES[form], headers=headers)
