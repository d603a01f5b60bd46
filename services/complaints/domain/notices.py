"""Notices: whose addresses are kept, which fact is told to whom, and in which words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from chassis.errors import Conflict, Invalid
from services.complaints.domain.deliveries import Means

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_MAIL = re.compile(rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@(?:{_LABEL}\.){{0,8}}{_LABEL}")
_TELEPHONE = re.compile(r"\+?[0-9]{5,15}")


class ContactKind(Enum):
    """Whose address it is."""

    UNIT = "unit"
    OFFICE = "office"
    DUTY = "duty"


@dataclass(frozen=True, slots=True)
class Contact:
    """An address for notices. It is sealed to the holder `notice`; `hint` shows its ends for recognising it."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    kind: ContactKind
    means: Means
    hint: str
    language: str
    sealed: bytes | None

    def removed(self) -> Contact:
        """Without its address. Refused with CONTACT_REMOVED the second time."""
        if self.sealed is None:
            raise Conflict("CONTACT_REMOVED")
        return replace(self, version=self.version + 1, sealed=None, hint="")


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the pack: a fact, who is told of it, and by which notice."""

    fact: str
    to: str
    notice: str

    @staticmethod
    def rows(value: Iterable[Mapping[str, Any]]) -> tuple[Rule, ...]:
        """Every row of the setting."""
        return tuple(Rule(str(row["fact"]), str(row["to"]), str(row["notice"])) for row in value)


@dataclass(frozen=True, slots=True)
class Words:
    """A notice in one language."""

    subject: str
    text: str


def clean(means: Means, address: str, field: str = "address") -> str:
    """The address without blanks and dashes nobody dials. Refused with ADDRESS_INVALID for what is none of its means."""
    address = address.strip()
    if means is Means.SMS:
        address = re.sub(r"[\s()-]", "", address)
    pattern = _TELEPHONE if means is Means.SMS else _MAIL
    if not pattern.fullmatch(address) or ".." in address:
        raise Invalid("ADDRESS_INVALID", field)
    return address


def addressed(address: str) -> bool:
    """Whether mail can be sent there."""
    return _MAIL.fullmatch(address) is not None and ".." not in address


def hint(means: Means, address: str) -> str:
    """Its ends: enough for its owner to recognise it, too little for anybody to write to it."""
    if means is Means.SMS:
        return f"{address[:3]}…{address[-2:]}"
    local, _, domain = address.partition("@")
    return f"{local[:1]}…@{domain}"


def worded(templates: Iterable[Mapping[str, Any]], notice: str, language: str, **known: str) -> Words | None:
    """A notice's words with what is known filled in; None if the pack has no such notice."""
    for row in templates:
        if row["id"] == notice:
            told = row[f"{language}_subject"], row[f"{language}_text"]
            return Words(*(text.format_map(known) for text in told))
    return None
