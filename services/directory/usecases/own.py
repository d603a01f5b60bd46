"""What people change about themselves: password, second factor, saved views."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.errors import Conflict, Invalid, NotFound, TooMany
from chassis.store import Page, Store
from services.directory.domain import factors
from services.directory.domain.accounts import check_password
from services.directory.domain.factors import Credential
from services.directory.domain.sessions import SavedView
from services.directory.storage import ACCOUNTS, CREDENTIALS, VIEWS
from services.directory.usecases.accounts import end_sessions
from services.directory.usecases.attempts import count, locked_attempts
from services.directory.usecases.lookups import open_to
from services.directory.vault import Vault


class Own:
    """What one can do with one's own account."""

    def __init__(self, store: Store, vault: Vault) -> None:
        self.store = store
        self.vault = vault

    def change_password(self, caller: Caller, old: str, new: str) -> None:
        """Changes the password and ends the caller's sessions. Raises Invalid WRONG_PASSWORD, PASSWORD_TOO_WEAK,
        PASSWORD_UNCHANGED."""
        credential = self._proven(caller, old, "old_password")
        if old == new:
            raise Invalid("PASSWORD_UNCHANGED", "new_password")
        with self.store.begin(open_to(caller)) as tx:
            account = tx.get(ACCOUNTS, caller.subject)
            check_password(new, account.user_name, int(tx.setting("password.shortest")), int(tx.setting("password.kinds")))
            current = tx.get(CREDENTIALS, caller.subject, credential.version)
            tx.save(CREDENTIALS, current.with_password(self.vault.hash_password(new)))
            end_sessions(tx, caller.subject)

    def enrol_totp(self, caller: Caller, password: str) -> tuple[bytes, str]:
        """A new second factor, not yet in force: its secret and its address. Raises Invalid WRONG_PASSWORD."""
        credential = self._proven(caller, password, "password")
        secret = self.vault.next_totp(credential.id, credential.version)
        with self.store.begin(open_to(caller)) as tx:
            account = tx.get(ACCOUNTS, caller.subject)
            current = tx.get(CREDENTIALS, caller.subject, credential.version)
            tx.save(CREDENTIALS, current.enrolling(self.vault.seal(secret)))
            return secret, factors.otpauth(secret, account.user_name, str(tx.setting("issuer")))

    def confirm_totp(self, caller: Caller, code: str) -> None:
        """Puts the new second factor in force. Raises Conflict TOTP_NOT_STARTED, Invalid WRONG_CODE."""
        with self.store.begin(open_to(caller)) as tx:
            credential = tx.get(CREDENTIALS, caller.subject)
            if credential.pending is None:
                raise Conflict("TOTP_NOT_STARTED")
            secret = self.vault.open(credential.pending)
            step = factors.accepted_step(secret, code, tx.now, int(tx.setting("totp.steps_either_way")), 0)
            if step is None:
                raise Invalid("WRONG_CODE", "totp_code")
            tx.save(CREDENTIALS, credential.enrolled(credential.pending, step))

    def save_view(self, caller: Caller, page: str, name: str, query: str) -> SavedView:
        """Keeps a page's filters under a name; the same name replaces them. Raises TooMany TOO_MANY_VIEWS."""
        table = VIEWS.table
        with self.store.begin(open_to(caller)) as tx:
            mine = table.c.account_id == caller.subject
            known = tx.find(VIEWS, mine, table.c.page == page, table.c.name == name)
            if known is not None:
                return tx.save(VIEWS, replace(known, query=query, version=known.version + 1))
            most = int(tx.setting("views.most"))
            if tx.rows(sa.select(sa.func.count()).where(mine))[0][0] >= most:
                raise TooMany("TOO_MANY_VIEWS", "name", most=most)
            account = tx.get(ACCOUNTS, caller.subject)
            place = (account.unit_path, account.jurisdiction_path)
            return tx.add(VIEWS, SavedView(tx.new_id(), 1, *place, account.id, page, name, query))

    def views(self, caller: Caller, page: str, size: int, token: str) -> tuple[list[SavedView], str]:
        """The caller's views of a page, or of all, by page and name."""
        table = VIEWS.table
        with self.store.read(open_to(caller)) as tx:
            query = sa.select(table).where(table.c.account_id == caller.subject)
            query = query.where(table.c.page == page) if page else query
            found: Page = tx.page(query, [table.c.page, table.c.name], size, token, descending=False)
            return [VIEWS.value(row) for row in found.rows], found.next_token

    def delete_view(self, caller: Caller, id: str) -> None:
        """Drops one of the caller's views. Raises NotFound SAVED_VIEW_NOT_FOUND, also for somebody else's."""
        with self.store.begin(open_to(caller)) as tx:
            view = tx.get(VIEWS, id)
            if view.account_id != caller.subject:
                raise NotFound("SAVED_VIEW_NOT_FOUND", "view_id")
            tx.execute(sa.delete(VIEWS.table).where(VIEWS.table.c.id == id))
            tx.note("saved_views", id, "", view.unit_path, view.jurisdiction_path)

    def _proven(self, caller: Caller, password: str, field: str) -> Credential:
        """The caller's credential if the password is right; a wrong one counts towards the lock-out."""
        with self.store.read(open_to(caller)) as tx:
            credential = tx.get(CREDENTIALS, caller.subject)
        right = self.vault.password_matches(credential.password_hash, password)
        with self.store.begin(open_to(caller)) as tx:
            attempts = locked_attempts(tx, credential.name_hash)
            passed = right and not attempts.locked(tx.now)
            if not passed:
                count(tx, attempts, passed)
        if not passed:
            raise Invalid("WRONG_PASSWORD", field)
        return credential
