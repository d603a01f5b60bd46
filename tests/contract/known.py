"""What callers have been told: the ids in answers, each with the ids it stood beside, as an attacker would note them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from google.protobuf.message import Message

Record = dict[str, Any]


class Known:
    """Records by the name of their id: `complaint_id` -> what was told about each complaint."""

    def __init__(self) -> None:
        self._records: dict[str, dict[str, Record]] = {}

    def learn(self, answer: Message) -> None:
        """Notes every record of an answer."""
        for name, record in records_of(answer):
            self._keep(name, record)
            for other in record:
                if other.endswith("_id") and other != name:
                    self._keep(other, {other: record[other]})

    def _keep(self, name: str, record: Record) -> None:
        kept = self._records.setdefault(name, {}).setdefault(record[name], {})
        kept |= record

    def names(self) -> set[str]:
        """Names of ids that something is known of."""
        return set(self._records)

    def ids(self) -> set[str]:
        """Every id known."""
        return {id for records in self._records.values() for id in records}

    def records(self, name: str) -> list[Record]:
        """All records with an id of this name."""
        return list(self._records.get(name, {}).values())

    def beside(self, wanted: list[str]) -> Iterator[Record]:
        """For each record that the first of these ids names: values of as many of them as belong together."""
        first = wanted[0]
        richest = {name: self.records(name) for name in wanted}
        for record in self.records(first):
            chosen = {name: value for name, value in record.items() if name in wanted or name == "version"}
            for name in wanted:
                if name not in chosen:
                    fitting = [one for one in richest[name] if one.get(first) == record[first]] or richest[name]
                    chosen |= {name: fitting[0][name]} if fitting else {}
            yield chosen


def records_of(message: Message, above: Mapping[str, Any] | None = None) -> Iterator[tuple[str, Record]]:
    """A message's own ids with those of the messages around it; then the same for the messages in it."""
    own = dict(above or {})
    own.pop("version", None)
    main = ""
    for field, value in message.ListFields():
        if field.is_repeated or field.message_type is not None:
            continue
        if field.name == "id" or field.name.endswith("_id"):
            name = f"{_snake(message.DESCRIPTOR.name)}_id" if field.name == "id" else field.name
            own[name] = value
            main = main or name
        elif field.name in ("version", "sha256"):
            own[field.name] = value
    if main:
        yield main, own
    for inner in _inner(message):
        yield from records_of(inner, own)


def _inner(message: Message) -> Iterator[Message]:
    for field, value in message.ListFields():
        if field.message_type is None or field.message_type.GetOptions().map_entry:
            continue
        yield from value if field.is_repeated else [value]


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
