"""The copy a unit is given: without who raised it and without anything that gives them away.

What the complainant marked as confidential is left out whole. In the rest, everything they gave as identity is masked
wherever it occurs, and so is whatever looks like a telephone number, an identity number or an e-mail address. Texts that
come later are searched by keyed hashes of the identity's parts, because the identity itself can no longer be read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

MASK = "〔隐〕"
_LEAST = 2  # a single character of a name is too common to mask
_PATTERNS = re.compile(
    r"(?<!\d)\d{17}[\dXx](?!\d)"  # identity number, 18 places
    r"|(?<!\d)\d{15}(?!\d)"  # identity number of before 1999
    r"|(?<!\d)(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)"  # mobile telephone
    r"|(?<!\d)0\d{2,3}[- ]\d{7,8}(?!\d)"  # telephone with area code
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who raised it, as they said."""

    name: str = ""
    phone: str = ""
    address: str = ""
    id_number: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing was given."""
        return not (self.name or self.phone or self.address or self.id_number)


@dataclass(frozen=True, slots=True)
class Trace:
    """A part of an identity as it can be recognised without being known: its length and its keyed hash, in hex."""

    length: int
    mac: str


Mac = Callable[[str], str]


def parts(identity: Identity) -> tuple[str, ...]:
    """What of an identity is looked for in texts, longest first."""
    given = (identity.name, identity.phone, identity.address, identity.id_number)
    bare = {part.strip().casefold() for part in given if len(part.strip()) >= _LEAST}
    return tuple(sorted(bare, key=lambda part: (-len(part), part)))


def traces(identity: Identity, mac: Mac) -> tuple[Trace, ...]:
    """What later texts are searched for; it tells nobody the identity."""
    return tuple(Trace(len(part), mac(part)) for part in parts(identity))


def redacted_at_intake(text: str, identity: Identity) -> str:
    """The text with every trace of the identity masked, while the identity can still be read."""
    for part in parts(identity):
        text = re.sub(re.escape(part), MASK, text, flags=re.IGNORECASE)
    return _PATTERNS.sub(MASK, text)


def redacted(text: str, known: Iterable[Trace], mac: Mac) -> str:
    """A later text with every trace of the identity masked."""
    for trace in known:
        text = _masked(text, trace, mac)
    return _PATTERNS.sub(MASK, text)


def _masked(text: str, trace: Trace, mac: Mac) -> str:
    kept: list[str] = []
    at = 0
    while at < len(text):
        window = text[at : at + trace.length]
        found = len(window) == trace.length and mac(window.casefold()) == trace.mac
        kept.append(MASK if found else text[at])
        at += trace.length if found else 1
    return "".join(kept)


def same_person_keys(identity: Identity) -> tuple[str, ...]:
    """What tells that two complaints come from one person, ready to be hashed: telephone and identity number, bare."""
    phone = re.sub(r"\D", "", identity.phone)
    phone = phone.removeprefix("86") if len(phone) > 11 else phone
    number = re.sub(r"[^0-9X]", "", identity.id_number.upper())
    return tuple(f"{kind}:{bare}" for kind, bare in (("phone", phone), ("id", number)) if bare)
