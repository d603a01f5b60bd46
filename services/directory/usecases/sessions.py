"""Signing in with two factors, and the sessions that follow.

The same work is done and the same answer given whatever is wrong, and failures are counted by the name as typed, so that
nobody learns from here which names exist.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.errors import NotFound, Unauthenticated
from chassis.store import Store, Tx
from services.directory.domain import factors
from services.directory.domain.factors import Credential
from services.directory.domain.sessions import Person, Session, SignedIn
from services.directory.storage import ACCOUNTS, ATTEMPTS, CREDENTIALS, SESSIONS
from services.directory.usecases.accounts import end_sessions
from services.directory.usecases.attempts import count, locked_attempts
from services.directory.usecases.keys import Keys
from services.directory.usecases.lookups import open_to
from services.directory.vault import Vault


class Sessions:
    """What one can do with sessions."""

    def __init__(self, store: Store, vault: Vault, keys: Keys) -> None:
        self.store = store
        self.vault = vault
        self.keys = keys

    def sign_in(self, caller: Caller, user_name: str, password: str, code: str, device: str) -> SignedIn:
        """Opens a session. Raises Unauthenticated SIGN_IN_REFUSED, whatever was wrong.

        The password is checked before the transaction that writes, because checking takes longer than a writer may hold
        up the others; the transaction looks again at what may have changed meanwhile.
        """
        caller = open_to(caller)
        name_hash = self.vault.name_hash(user_name)
        with self.store.read(caller) as tx:
            known = tx.find(CREDENTIALS, CREDENTIALS.table.c.name_hash == name_hash)
        right = self.vault.password_matches(known.password_hash if known else None, password)
        signed_in = None
        with self.store.begin(caller) as tx:
            attempts = locked_attempts(tx, name_hash)
            credential = tx.find(CREDENTIALS, CREDENTIALS.table.c.name_hash == name_hash)
            step = self._step(tx, credential, code)
            unchanged = credential is not None and known is not None and credential.password_hash == known.password_hash
            passed = right and unchanged and step is not None and not attempts.locked(tx.now)
            count(tx, attempts, passed)
            if passed and credential is not None and step is not None:
                signed_in = self._open(tx, tx.save(CREDENTIALS, credential.used(step)), device)
            if signed_in is None:
                tx.note("accounts", credential.id if credential else "", "SignInRefused")
        if signed_in is None:
            raise Unauthenticated("SIGN_IN_REFUSED")
        return signed_in

    def refresh(self, caller: Caller, secret: str) -> SignedIn:
        """A fresh token with the roles of today. Raises Unauthenticated SESSION_ENDED."""
        with self.store.begin(open_to(caller)) as tx:
            session = self._session(tx, secret)
            idle = timedelta(minutes=tx.setting("session.idle_minutes"))
            used = tx.save(SESSIONS, session.use(tx.now, idle))
            person = self.person(tx, session.account_id)
            return SignedIn(person, used, *self.token(tx, person))

    def sign_out(self, caller: Caller, secret: str) -> None:
        """Ends the session; one that has ended or never was stays so."""
        with self.store.begin(open_to(caller)) as tx:
            session = tx.find(SESSIONS, SESSIONS.table.c.secret_hash == self.vault.session_hash(secret))
            if session is not None and (ended := session.end(tx.now)) is not session:
                tx.save(SESSIONS, ended)

    def revoke(self, caller: Caller, account_id: str) -> int:
        """Ends every session of the own account, or of any in reach for the security administrator. Raises NotFound."""
        with self.store.begin(caller) as tx:
            if account_id != caller.subject:
                if not caller.has("security_admin"):
                    raise NotFound("ACCOUNT_NOT_FOUND", "account_id")
                tx.get(ACCOUNTS, account_id)
            return end_sessions(tx, account_id)

    def page(self, caller: Caller, size: int, token: str) -> tuple[list[Session], str]:
        """The caller's open sessions, newest first."""
        table = SESSIONS.table
        with self.store.read(caller) as tx:
            query = sa.select(table).where(
                table.c.account_id == caller.subject, table.c.ended_at.is_(None), table.c.expires_at > tx.now
            )
            found = tx.page(query, [table.c.opened_at, table.c.id], size, token)
            return [SESSIONS.value(row) for row in found.rows], found.next_token

    def who_am_i(self, caller: Caller) -> Person:
        """The caller's account and roles of today. Raises NotFound for a machine, which has no account here."""
        with self.store.read(open_to(caller)) as tx:
            return self.person(tx, caller.subject)

    def person(self, tx: Tx, account_id: str) -> Person:
        """Who the account is today."""
        account = tx.get(ACCOUNTS, account_id)
        credential = tx.get(CREDENTIALS, account_id)
        return Person(account, tuple(sorted(account.roles(self.store.clock.today()))), credential.must_change)

    def _step(self, tx: Tx, credential: Credential | None, code: str) -> int | None:
        secret = self.vault.open(credential.totp if credential else None)
        after = credential.last_step if credential else 0
        return factors.accepted_step(secret, code, tx.now, int(tx.setting("totp.steps_either_way")), after)

    def _open(self, tx: Tx, credential: Credential, device: str) -> SignedIn | None:
        person = self.person(tx, credential.id)
        if person.account.closed_at is not None:
            return None
        tx.caller = replace(tx.caller, subject=credential.id)  # from here on the audit names the person
        session_id = tx.new_id()
        secret = self.vault.session_secret(session_id)
        session = Session(
            id=session_id,
            version=1,
            unit_path=credential.unit_path,
            jurisdiction_path=credential.jurisdiction_path,
            account_id=credential.id,
            secret_hash=self.vault.session_hash(secret),
            device=device,
            opened_at=tx.now,
            last_used_at=tx.now,
            expires_at=tx.now + timedelta(hours=tx.setting("session.longest_hours")),
            ended_at=None,
        )
        return SignedIn(person, tx.add(SESSIONS, session), *self.token(tx, person), secret)

    def forget_attempts(self) -> int:
        """Drops what was counted under names that nobody has tried for long; how many there were."""
        with self.store.begin(Caller.service("directory", "ForgetAttempts")) as tx:
            since = tx.now - timedelta(hours=tx.setting("sign_in.forget_failures_hours"))
            return int(tx.execute(sa.delete(ATTEMPTS).where(ATTEMPTS.c.last_at < since)).rowcount)

    def token(self, tx: Tx, person: Person) -> tuple[str, datetime]:
        """A token for the person, and when it expires."""
        account = person.account
        caller = Caller(
            account.id, frozenset(person.roles), account.unit_paths, account.jurisdiction_paths, account.official_id
        )
        return self.keys.sign(tx, caller)

    def _session(self, tx: Tx, secret: str) -> Session:
        session = tx.find(SESSIONS, SESSIONS.table.c.secret_hash == self.vault.session_hash(secret))
        if session is None:
            raise Unauthenticated("SESSION_ENDED")
        return session
