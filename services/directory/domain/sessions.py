"""Sessions and saved views: what a person has open, what a person keeps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chassis.errors import Unauthenticated
from services.directory.domain.accounts import Account


@dataclass(frozen=True, slots=True)
class Session:
    """A sign-in that goes on. Only a keyed hash of its secret is kept."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    account_id: str
    secret_hash: bytes
    device: str
    opened_at: datetime
    last_used_at: datetime
    expires_at: datetime
    ended_at: datetime | None

    def use(self, at: datetime, idle: timedelta) -> Session:
        """The session, used now. Raises Unauthenticated SESSION_ENDED if it was ended, is too old or was idle too long."""
        if self.ended_at is not None or at >= self.expires_at or at - self.last_used_at >= idle:
            raise Unauthenticated("SESSION_ENDED")
        return replace(self, last_used_at=at, version=self.version + 1)

    def end(self, at: datetime) -> Session:
        """The session, ended; one that has ended stays as it was."""
        if self.ended_at is not None:
            return self
        return replace(self, ended_at=at, version=self.version + 1)


@dataclass(frozen=True, slots=True)
class SavedView:
    """A page's filters under a name, a person's own."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    account_id: str
    page: str
    name: str
    query: str


@dataclass(frozen=True, slots=True)
class Person:
    """Who somebody is and what they may do today."""

    account: Account
    roles: tuple[str, ...]
    must_change: bool


@dataclass(frozen=True, slots=True)
class SignedIn:
    """An open session with a fresh token. The secret is empty where it is not given again."""

    person: Person
    session: Session
    token: str
    token_expires_at: datetime
    secret: str = ""
