"""The keys tokens are signed with. Several public keys are valid at a time, one of them signs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class TokenKey:
    """A signing key, Ed25519: the public half open, the seed sealed under a key kept outside the database.

    It signs from `valid_from` on until a younger one does, and its tokens are believed until `valid_to`.
    """

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    public_key: bytes
    sealed_seed: bytes
    wrapped_key: bytes
    valid_from: datetime
    valid_to: datetime | None
    retired: bool

    def succeeded(self, at: datetime, lifetime: timedelta) -> TokenKey:
        """This key once a younger one signs from `at` on: believed until the last token it signed has expired."""
        if self.valid_to is not None:
            return self
        return replace(self, valid_to=at + lifetime, version=self.version + 1)

    def gone(self) -> TokenKey:
        """This key, believed no more."""
        return replace(self, retired=True, version=self.version + 1)


def signing(keys: Iterable[TokenKey], at: datetime) -> TokenKey | None:
    """The key that signs at the moment: the youngest whose time has come."""
    ready = [key for key in keys if key.valid_from <= at and not key.retired]
    return max(ready, key=lambda key: key.valid_from, default=None)
