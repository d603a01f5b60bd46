"""What leaves the house and what comes back for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

SECONDS = 10.0
"""How long a receiver has for each step of an answer. Longer silence counts as being away."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one receiver. `message_id` stays the same at every try, so that a receiver can tell a repetition."""

    message_id: str
    address: str
    body: bytes
    subject: str = ""
    language: str = "zh"
    secrets: tuple[bytes, ...] = field(default=(), repr=False)
    """What it is signed under: the current secret, and for a time the one before."""


class NotDelivered(Exception):
    """It has not arrived. `final` means that trying again would not help, `away` that nobody was there to be asked; `told`
    is what the receiver said beside its reason.

    Operators read the text: it holds no address.
    """

    def __init__(self, why: str, final: bool = False, away: bool = False, told: Mapping[str, str] | None = None) -> None:
        super().__init__(why)
        self.why, self.final, self.away, self.told = why, final, away, told or {}


class Channel(Protocol):
    """One way out."""

    def send(self, letter: Letter) -> str:
        """Hands a letter over and returns the receiver's receipt. Raises NotDelivered."""

    def close(self) -> None:
        """Lets go of connections."""
