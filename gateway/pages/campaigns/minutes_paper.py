"""What stands in the minutes of a campaign, part by part, as an official document in Chinese."""

from __future__ import annotations

import base64
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gateway.pages.frame.visit import Visit
from papers.documents import Block, Document, Form, Table

CLASSES = ("blank", "too_few", "straight_lined", "late")
MOMENTS = ("opened_at", "closed_at", "counted_at", "released_at")
SIGNERS = ("organiser", "checker", "witness")
LINE = 32
Facts = Mapping[str, Any]


def in_lines(bytes_as_sent: str) -> str:
    """Hashes, keys and signatures as they are printed: hexadecimal, in lines that can be compared by eye."""
    return "\n".join(textwrap.wrap(base64.b64decode(bytes_as_sent).hex(), LINE))


def broken(statement: str) -> str:
    """A statement as it is printed: its last line, the hash, in lines that fit the paper."""
    return "\n".join(line for said in statement.splitlines() for line in textwrap.wrap(said, 2 * LINE - 24) or [said])


def minutes_paper(visit: Visit, minutes: Facts) -> Document:
    """The minutes as a document: what happened, who took part, what was counted, what was held, the box, who signs."""
    blocks = [
        Block(visit.t("minutes_part.course"), 1),
        _course(visit, minutes),
        Block(visit.t("minutes_part.turnout"), 1),
        *_turnout(visit, minutes["turnout"]["groups"]),
        Block(visit.t("minutes_part.result"), 1),
        *_results(visit, minutes),
        Block(visit.t("minutes_part.acts"), 1),
        *_acts(visit, minutes),
        Block(visit.t("minutes_part.box"), 1),
        _box(visit, minutes["head"]),
        Block(visit.t("minutes_part.statement"), 1),
        Block(visit.t("minutes_statement_lead")),
        Form(
            (
                (visit.t("minutes_statement"), broken(minutes["statement"])),
                (visit.t("minutes_signature"), in_lines(minutes["signature"])),
            )
        ),
        Block(visit.t("minutes_part.signed"), 1),
        Form(tuple((visit.t(f"minutes_signer.{who}"), "") for who in SIGNERS)),
    ]
    return Document(visit.t("minutes_title", title=minutes["title"]), "", tuple(blocks), number=minutes["number"])


def _course(visit: Visit, minutes: Facts) -> Form:
    moments = [(visit.t(f"minutes_{name}"), visit.moment(minutes[name]) if minutes[name] else "") for name in MOMENTS]
    approved = visit.t("list_comma").join(visit.person(one) for one in minutes["release_approved_by"])
    rows = [(visit.t("minutes_number"), minutes["number"]), (visit.t("minutes_place"), minutes["place"]), *moments]
    return Form((*rows, (visit.t("minutes_approved"), approved)))


def _turnout(visit: Visit, groups: Sequence[Facts]) -> Iterator[Block | Table]:
    """Each class with its denominator: the ballots received of the group."""
    heads = ("group", "issued", "received", "counted", *CLASSES, "superseded")
    lines = tuple((one["name"], *(str(one[name]) for name in heads[1:])) for one in groups)
    yield Table(tuple(visit.t(f"minutes_head.{name}") for name in heads), lines, (4, 2, 2, 2, 2, 2, 2, 2, 2))
    for one in groups:
        said = {name: one[name] for name in ("name", "received", "issued", "counted")}
        yield Block(visit.t("minutes_turnout_line", **said))


def _results(visit: Visit, minutes: Facts) -> Iterator[Block | Table]:
    heads = tuple(visit.t(f"minutes_head.{name}") for name in ("rank", "object", "score", "points_off", "grade", "note"))
    for group in minutes["object_groups"]:
        rows = [row for row in minutes["rows"] if row["object_group"] == group["key"]]
        yield Block(group["name"], 2)
        yield Table(heads, tuple(_line(visit, row) for row in rows), (2, 6, 3, 2, 3, 5))


def _line(visit: Visit, row: Facts) -> tuple[str, ...]:
    rank = str(row["rank"] or "—")
    if row["suppressed"]:
        return (rank, row["name"], "—", "—", "—", visit.t("too_few_answers"))
    note = visit.t("minutes_same", low=row["rank_from"], high=row["rank_to"]) if row["rank_from"] != row["rank_to"] else ""
    return (rank, row["name"], row["score"] or "—", row["points_off"], row["grade"], note)


def _acts(visit: Visit, minutes: Facts) -> Iterator[Block]:
    """Amendments, holds and who let the count go on; that there was none is said too."""
    for one in minutes["amendments"]:
        said = {"at": visit.moment(one["at"]), "who": visit.person(one["by"]), "why": one["reason"]}
        yield Block(visit.t("minutes_amended", **said))
    for act in minutes["acts"]:
        said = {"at": visit.moment(act["at"]), "who": visit.person(act["by"]), "why": act["reason"]}
        yield Block(visit.t(f"minutes_act.{act['kind']}", **said))
    if not minutes["amendments"] and not minutes["acts"]:
        yield Block(visit.t("minutes_no_acts"))


def _box(visit: Visit, head: Facts) -> Form:
    return Form(
        (
            (visit.t("tree_size"), str(head["tree_size"])),
            (visit.t("root_hash"), in_lines(head["root_hash"])),
            (visit.t("suite"), head["suite"]),
            (visit.t("minutes_signed_at"), visit.moment(head["signed_at"])),
            (visit.t("minutes_key"), in_lines(head["public_key"])),
            (visit.t("minutes_signature"), in_lines(head["signature"])),
        )
    )
