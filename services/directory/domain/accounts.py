"""Accounts: people, the roles granted to them for a time, and what the roles reach."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from chassis.errors import Conflict, Invalid, NotAllowed
from services.directory.domain.dated import check_term, holds, overlap

# 三员分立: whoever runs the system, grants the roles and reads the audit are three people (GB/T 22239-2019, 8.1.5).
ADMINISTRATORS = frozenset({"system_admin", "security_admin", "audit_admin"})


@dataclass(frozen=True, slots=True)
class Grant:
    """One role for a time."""

    role: str
    valid_from: date
    valid_to: date | None
    granted_by: str


@dataclass(frozen=True, slots=True)
class Account:
    """A person's account. Roles reach the units `unit_paths` and jurisdictions `jurisdiction_paths` and what is below.

    `official_id` is empty for people who are no officials (delegates, monitoring points).
    """

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    user_name: str
    display_name: str
    official_id: str
    grants: tuple[Grant, ...]
    unit_paths: tuple[str, ...]
    jurisdiction_paths: tuple[str, ...]
    closed_at: datetime | None

    def roles(self, on: date) -> frozenset[str]:
        """The roles held on the day; none once the account is closed."""
        if self.closed_at is not None:
            return frozenset()
        return frozenset(grant.role for grant in self.grants if holds(grant, on))

    def grant(self, grant: Grant, others: Iterable[Account]) -> Account:
        """The account with one more role. `others` are the other accounts of the same person.

        Raises Conflict ROLE_ALREADY_GRANTED, ADMINISTRATORS_MAY_NOT_COMBINE, ACCOUNT_ALREADY_CLOSED; NotAllowed
        NOT_TO_ONESELF; Invalid TERM_REVERSED.
        """
        self._changed_by(grant.granted_by)
        check_term(grant)
        if any(held.role == grant.role and overlap(held, grant) for held in self.grants):
            raise Conflict("ROLE_ALREADY_GRANTED", "role", role=grant.role)
        check_administrators(grant, [self, *others])
        return replace(self, grants=(*self.grants, grant), version=self.version + 1)

    def revoke(self, role: str, by: str, today: date) -> Account:
        """The account without the role from today on. Raises Conflict ROLE_NOT_GRANTED; NotAllowed NOT_TO_ONESELF."""
        self._changed_by(by)
        kept = tuple(_ended(grant, role, today) for grant in self.grants)
        if kept == self.grants:
            raise Conflict("ROLE_NOT_GRANTED", "role", role=role)
        return replace(self, grants=kept, version=self.version + 1)

    def close(self, by: str, at: datetime) -> Account:
        """The account, closed. Raises Conflict ACCOUNT_ALREADY_CLOSED; NotAllowed NOT_TO_ONESELF."""
        self._changed_by(by)
        return replace(self, closed_at=at, version=self.version + 1)

    def touched(self, by: str) -> Account:
        """The account after its lock or its credentials were changed by somebody else: one version on."""
        self._changed_by(by)
        return replace(self, version=self.version + 1)

    def _changed_by(self, by: str) -> None:
        if by == self.id:
            raise NotAllowed("NOT_TO_ONESELF")
        if self.closed_at is not None:
            raise Conflict("ACCOUNT_ALREADY_CLOSED")


@dataclass(frozen=True, slots=True)
class Issued:
    """An account and the secrets it was issued with, shown once."""

    account: Account
    password: str
    totp_secret: bytes
    totp_uri: str


@dataclass(frozen=True, slots=True)
class Shown:
    """An account as administrators see it."""

    account: Account
    must_change: bool
    locked_until: datetime | None


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who holds a role, as those who work with them need to know; `id` is the account's."""

    id: str
    display_name: str
    official_id: str
    unit_path: str
    unit_name: str


def check_administrators(grant: Grant, accounts: Iterable[Account]) -> None:
    """Raises Conflict if a person would hold two of the three administrators' roles on one day."""
    if grant.role not in ADMINISTRATORS:
        return
    for account in accounts:
        for held in account.grants:
            if held.role in ADMINISTRATORS and held.role != grant.role and overlap(held, grant):
                raise Conflict("ADMINISTRATORS_MAY_NOT_COMBINE", "role", role=grant.role, held=held.role)


def check_founding(account: Account) -> None:
    """What `grant` checks one by one, for an account that is founded with its roles. Raises Conflict."""
    for number, grant in enumerate(account.grants):
        check_administrators(grant, [replace(account, grants=account.grants[:number])])


def check_password(password: str, user_name: str, shortest: int, kinds: int) -> None:
    """Raises Invalid PASSWORD_TOO_WEAK unless it is long enough, mixes enough kinds of characters (lower and upper case,
    digits, other) and does not hold the user name."""
    tests = (str.islower, str.isupper, str.isdigit, lambda letter: not letter.isalnum())
    mixed = sum(any(test(letter) for letter in password) for test in tests)
    if len(password) < shortest or mixed < kinds or user_name.lower() in password.lower():
        raise Invalid("PASSWORD_TOO_WEAK", "new_password", shortest=shortest, kinds=kinds)


def _ended(grant: Grant, role: str, today: date) -> Grant:
    """The grant ended today, if it is of the role and goes on; one that has not begun never will."""
    if grant.role != role or (grant.valid_to is not None and grant.valid_to <= max(today, grant.valid_from)):
        return grant
    return replace(grant, valid_to=max(today, grant.valid_from))
