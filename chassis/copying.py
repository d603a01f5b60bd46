"""Keeping neighbours' facts as copies: the same few lines for whatever a service wants to remember of another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from google.protobuf.message import Message

from chassis.copies import Copy
from chassis.facts import Heard, Hears


def copied(kinds: Mapping[type[Message], str]) -> Hears:
    """Entries for a table HEARS that keep each of these facts as the copy of its kind, its fields as the body."""
    return {fact: _keeper(kind) for fact, kind in kinds.items()}


def copy_of(kind: str, fact: Message, heard: Heard) -> Copy:
    """The copy a fact makes: older versions never overwrite newer ones (see `chassis.copies.keep`)."""
    body = {field.name: _plain(getattr(fact, field.name)) for field in fact.DESCRIPTOR.fields}
    return Copy(
        kind=kind,
        id=heard.subject_id,
        version=heard.version,
        unit_path=heard.unit_path,
        jurisdiction_path=heard.jurisdiction_path,
        name=str(body.get("name", "")),
        body=body,
    )


def _keeper(kind: str) -> Any:
    def keep(_usecases: object, tx: Any, fact: Message, heard: Heard) -> None:
        tx.keep_copy(copy_of(kind, fact, heard))

    return keep


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, bool | int | str):
        return value
    return [_plain(part) for part in value]
