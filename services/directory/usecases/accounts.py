"""Accounts and roles: created, granted, revoked, unlocked, closed; and the founding accounts of a new installation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from chassis.auth import Caller, covers
from chassis.db import Resource
from chassis.errors import Conflict, NotAllowed, NotFound
from chassis.store import Store, Tx
from services.directory.domain import factors
from services.directory.domain.accounts import ADMINISTRATORS, Account, Colleague, Grant, Issued, Shown, check_founding
from services.directory.domain.factors import Credential
from services.directory.storage import ACCOUNTS, ATTEMPTS, CREDENTIALS, JURISDICTIONS, OFFICIALS, SESSIONS, UNITS, naming
from services.directory.usecases.lookups import ids_among
from services.directory.vault import Vault


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What an account is created from. Empty reaches mean the own unit, or without one the own jurisdiction."""

    user_name: str
    display_name: str
    official_id: str
    unit_path: str
    jurisdiction_path: str
    unit_paths: tuple[str, ...] = ()
    jurisdiction_paths: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()

    def opened(self, id: str, today: date) -> Account:
        """The account as it begins."""
        units = self.unit_paths or ((self.unit_path,) if self.unit_path else ())
        jurisdictions = self.jurisdiction_paths or (() if self.unit_path else (self.jurisdiction_path,))
        grants = tuple(Grant(role, today, None, "service:directory") for role in self.roles)
        fields = (self.user_name, self.display_name, self.official_id, grants, units, jurisdictions, None)
        return Account(id, 1, self.unit_path, self.jurisdiction_path, *fields)


class Accounts:
    """What one can do with accounts."""

    def __init__(self, store: Store, vault: Vault) -> None:
        self.store = store
        self.vault = vault

    def create(self, caller: Caller, new: NewAccount) -> Issued:
        """Creates an account without roles and issues its first credentials."""
        with self.store.begin(caller) as tx:
            if tx.answered:
                return self._issued(tx, tx.answered, 1)
            _check_references(tx, new)
            account = new.opened(tx.new_id(), self.store.clock.today())
            issued = self._issued(tx, account, 1)
            self._add(tx, account, issued.password, issued.totp_secret, must_change=True)
            tx.answer(account)
            return issued

    def found(self, accounts: Sequence[NewAccount], password: str, totp_secret: bytes) -> list[Account]:
        """Creates accounts with roles and given credentials where the name is not taken yet; those that were created.

        For the installation itself: the first administrators, a demonstration. No rpc leads here.
        """
        with self.store.begin(Caller.service("directory", "FoundAccounts")) as tx:
            taken = {row.user_name for row in tx.rows(sa.select(ACCOUNTS.table.c.user_name))}
            opened = [new.opened(tx.new_id(), self.store.clock.today()) for new in accounts if new.user_name not in taken]
            for account in opened:
                check_founding(account)
                self._add(tx, account, password, totp_secret, must_change=False)
            return opened

    def found_administrators(self, jurisdiction_path: str) -> list[Issued]:
        """Opens a new installation: one account for each of the three administrators, their credentials issued once.

        Raises Conflict ALREADY_FOUNDED if there is any account. For the operator at the machine; no rpc leads here.
        """
        with self.store.begin(Caller.service("directory", "FoundAdministrators")) as tx:
            if tx.rows(sa.select(ACCOUNTS.table.c.id).limit(1)):
                raise Conflict("ALREADY_FOUNDED")
            founded = []
            for role in sorted(ADMINISTRATORS):
                new = NewAccount(role.replace("_", "."), role, "", "", jurisdiction_path, roles=(role,))
                account = new.opened(tx.new_id(), self.store.clock.today())
                issued = self._issued(tx, account, 1)
                self._add(tx, account, issued.password, issued.totp_secret, must_change=True)
                founded.append(issued)
            return founded

    def grant(
        self, caller: Caller, id: str, expected_version: int, role: str, valid_from: date | None, valid_to: date | None
    ) -> Account:
        """Grants a role for a time."""
        with self.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            account = _administered(tx, id, expected_version)
            grant = Grant(role, valid_from or self.store.clock.today(), valid_to, caller.subject)
            granted = account.grant(grant, _same_person(tx, account))
            return tx.answer(tx.save(ACCOUNTS, granted))

    def revoke(self, caller: Caller, id: str, expected_version: int, role: str) -> Account:
        """Takes a role away and ends the account's sessions."""
        with self.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            revoked = _administered(tx, id, expected_version).revoke(role, caller.subject, self.store.clock.today())
            end_sessions(tx, id)
            return tx.answer(tx.save(ACCOUNTS, revoked))

    def close(self, caller: Caller, id: str, expected_version: int) -> Account:
        """Closes an account and ends its sessions."""
        with self.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            closed = _administered(tx, id, expected_version).close(caller.subject, tx.now)
            end_sessions(tx, id)
            return tx.answer(tx.save(ACCOUNTS, closed))

    def unlock(self, caller: Caller, id: str, expected_version: int) -> Account:
        """Lifts a lock-out before its time."""
        with self.store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            account = _administered(tx, id, expected_version).touched(caller.subject)
            tx.execute(sa.delete(ATTEMPTS).where(ATTEMPTS.c.name_hash == self.vault.name_hash(account.user_name)))
            return tx.answer(tx.save(ACCOUNTS, account))

    def reissue(self, caller: Caller, id: str, expected_version: int) -> Issued:
        """Issues new credentials and ends the account's sessions."""
        with self.store.begin(caller) as tx:
            if tx.answered:
                credential = tx.find(CREDENTIALS, CREDENTIALS.table.c.id == id)
                assert credential is not None
                return self._issued(tx, tx.answered, credential.serial)
            account = _administered(tx, id, expected_version).touched(caller.subject)
            credential = tx.get(CREDENTIALS, id)
            issued = self._issued(tx, account, credential.serial + 1)
            password_hash = self.vault.hash_password(issued.password)
            tx.save(CREDENTIALS, credential.reissued(password_hash, self.vault.seal(issued.totp_secret)))
            end_sessions(tx, id)
            tx.answer(tx.save(ACCOUNTS, account))
            return issued

    def get(self, caller: Caller, id: str) -> Shown:
        """One account. Raises NotFound ACCOUNT_NOT_FOUND."""
        with self.store.read(caller) as tx:
            return self._shown(tx, [tx.get(ACCOUNTS, id)])[0]

    def page(
        self, caller: Caller, size: int, token: str, role: str = "", locked_only: bool = False, text: str = ""
    ) -> tuple[list[Shown], str]:
        """A page of accounts by user name."""
        table, secret = ACCOUNTS.table, CREDENTIALS.table
        with self.store.read(caller) as tx:
            query = sa.select(table).where(tx.visible(table))
            if role:
                query = query.where(naming(role))
            if text:
                query = query.where(table.c.user_name.startswith(text, autoescape=True))
            if locked_only:
                locked = sa.select(secret.c.id).join(ATTEMPTS, ATTEMPTS.c.name_hash == secret.c.name_hash)
                query = query.where(table.c.id.in_(locked.where(ATTEMPTS.c.locked_until > tx.now)))
            found = tx.page(query, [table.c.user_name], size, token, descending=False)
            return self._shown(tx, [ACCOUNTS.value(row) for row in found.rows]), found.next_token

    def colleagues(self, caller: Caller, role: str, size: int, token: str) -> tuple[list[Colleague], str]:
        """A page, by display name, of those who hold the role today in the caller's rows."""
        table, unit, today = ACCOUNTS.table, UNITS.table, self.store.clock.today()
        with self.store.read(caller) as tx:
            named = tx.rows(sa.select(table).where(tx.visible(table), table.c.closed_at.is_(None), naming(role)))
            holders = [account.id for account in map(ACCOUNTS.value, named) if role in account.roles(today)]
            columns = (table.c.id, table.c.display_name, table.c.official_id, table.c.unit_path)
            query = sa.select(*columns, sa.func.coalesce(unit.c.name, "").label("unit_name"))
            query = query.select_from(table.outerjoin(unit, unit.c.unit_path == table.c.unit_path))
            by = [table.c.display_name, table.c.id]
            found = tx.page(query.where(table.c.id.in_(holders)), by, size, token, descending=False)
            return [_colleague(row) for row in found.rows], found.next_token

    def _shown(self, tx: Tx, accounts: list[Account]) -> list[Shown]:
        secret = CREDENTIALS.table
        query = (
            sa.select(secret.c.id, secret.c.must_change, ATTEMPTS.c.locked_until)
            .outerjoin(ATTEMPTS, (ATTEMPTS.c.name_hash == secret.c.name_hash) & (ATTEMPTS.c.locked_until > tx.now))
            .where(secret.c.id.in_([account.id for account in accounts]))
        )
        known = {row.id: row for row in tx.rows(query)}
        return [Shown(account, known[account.id].must_change, known[account.id].locked_until) for account in accounts]

    def _add(self, tx: Tx, account: Account, password: str, totp_secret: bytes, must_change: bool) -> None:
        tx.add(ACCOUNTS, account)
        credential = Credential(
            id=account.id,
            version=1,
            unit_path=account.unit_path,
            jurisdiction_path=account.jurisdiction_path,
            name_hash=self.vault.name_hash(account.user_name),
            password_hash=self.vault.hash_password(password),
            totp=self.vault.seal(totp_secret),
            pending=None,
            last_step=0,
            must_change=must_change,
            serial=1,
        )
        tx.add(CREDENTIALS, credential)

    def _issued(self, tx: Tx, account: Account, serial: int) -> Issued:
        password = self.vault.first_password(account.id, serial)
        secret = self.vault.first_totp(account.id, serial)
        return Issued(account, password, secret, factors.otpauth(secret, account.user_name, str(tx.setting("issuer"))))


def end_sessions(tx: Tx, account_id: str, but: str = "") -> int:
    """Ends every open session of the account except `but`; how many there were."""
    table = SESSIONS.table
    query = sa.select(table).where(table.c.account_id == account_id, table.c.ended_at.is_(None))
    ended = [SESSIONS.value(row) for row in tx.rows(query) if row.id != but]
    for session in ended:
        tx.save(SESSIONS, session.end(tx.now))
    return len(ended)


def _same_person(tx: Tx, account: Account) -> list[Account]:
    """The other accounts of the official the account belongs to, wherever they are."""
    if not account.official_id:
        return []
    table = ACCOUNTS.table
    rows = tx.rows(sa.select(table).where(table.c.official_id == account.official_id, table.c.id != account.id))
    return [ACCOUNTS.value(row) for row in rows]


def _colleague(row: sa.Row[Any]) -> Colleague:
    return Colleague(row.id, row.display_name, row.official_id, row.unit_path, row.unit_name)


def _administered(tx: Tx, id: str, expected_version: int) -> Account:
    """The account, if all it reaches lies in the caller's reach too: else a district's administrator could take the city's.

    Raises NotFound, Stale, NotAllowed OUTSIDE_YOUR_REACH.
    """
    account = tx.get(ACCOUNTS, id, expected_version)
    _check_reach(tx, (*account.unit_paths, *account.jurisdiction_paths))
    return account


def _check_reach(tx: Tx, paths: Iterable[str]) -> None:
    rows = tx.caller.rows
    for path in paths:
        if not rows.everything and not any(covers(reach, path) for reach in (*rows.jurisdictions, *rows.units)):
            raise NotAllowed("OUTSIDE_YOUR_REACH", "jurisdiction_path", path=path)


def _check_references(tx: Tx, new: NewAccount) -> None:
    """Raises Conflict USER_NAME_TAKEN, NotFound for an unknown official, unit or jurisdiction, NotAllowed for one out of
    the caller's reach."""
    _check_reach(tx, (new.unit_path or new.jurisdiction_path, *new.unit_paths, *new.jurisdiction_paths))
    if _there(tx, ACCOUNTS, "user_name", new.user_name):
        raise Conflict("USER_NAME_TAKEN", "user_name")
    if new.official_id and not _there(tx, OFFICIALS, "id", *ids_among([new.official_id])):
        raise NotFound("OFFICIAL_NOT_FOUND", "official_id")
    if not _there(tx, JURISDICTIONS, "jurisdiction_path", new.jurisdiction_path):
        raise NotFound("JURISDICTION_NOT_FOUND", "jurisdiction_path")
    unit_fits = not new.unit_path or covers(new.jurisdiction_path, new.unit_path)
    if not unit_fits or (new.unit_path and not _there(tx, UNITS, "unit_path", new.unit_path)):
        raise NotFound("UNIT_NOT_FOUND", "unit_path")


def _there(tx: Tx, resource: Resource[Any], column: str, *keys: str) -> bool:
    """Whether there is such a thing, wherever it is."""
    return bool(tx.rows(sa.select(resource.table.c.id).where(resource.table.c[column].in_(keys))))
