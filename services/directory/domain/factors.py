"""The two factors: what a credential holds, one-time codes by time (RFC 6238), and the lock-out.

A code counts once: the credential remembers the last time step it accepted. The lock-out is kept per name as typed,
whether an account has that name or not, so that nothing tells the two apart.
"""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import quote

STEP_SECONDS = 30
DIGITS = 6
SECRET_BYTES = 20


@dataclass(frozen=True, slots=True)
class Sealed:
    """A secret encrypted under a key of its own; `wrapped_key` is that key, encrypted in turn. Both in hex."""

    ciphertext: str
    wrapped_key: str


@dataclass(frozen=True, slots=True)
class Credential:
    """What proves a person. Its id is the account's. `serial` counts the times credentials were issued."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    name_hash: bytes
    password_hash: str
    totp: Sealed
    pending: Sealed | None
    last_step: int
    must_change: bool
    serial: int

    def used(self, step: int) -> Credential:
        """After a code of this time step was accepted."""
        return replace(self, last_step=step, version=self.version + 1)

    def with_password(self, password_hash: str) -> Credential:
        """With a password the person chose."""
        return replace(self, password_hash=password_hash, must_change=False, version=self.version + 1)

    def enrolling(self, secret: Sealed) -> Credential:
        """With a second factor that waits for its confirmation."""
        return replace(self, pending=secret, version=self.version + 1)

    def enrolled(self, secret: Sealed, step: int) -> Credential:
        """With the second factor that was waiting in force."""
        return replace(self, totp=secret, pending=None, last_step=step, version=self.version + 1)

    def reissued(self, password_hash: str, secret: Sealed) -> Credential:
        """With first password and second factor given anew."""
        return replace(
            self,
            password_hash=password_hash,
            totp=secret,
            pending=None,
            last_step=0,
            must_change=True,
            serial=self.serial + 1,
            version=self.version + 1,
        )


@dataclass(frozen=True, slots=True)
class Attempts:
    """Failures in a row under one typed name, by its keyed hash."""

    name_hash: bytes
    failures: int
    locked_until: datetime | None
    last_at: datetime

    def locked(self, at: datetime) -> bool:
        """Whether nobody signs in under this name now."""
        return self.locked_until is not None and at < self.locked_until

    def failed(self, at: datetime, most: int, lock: timedelta) -> Attempts:
        """One failure more; the one that makes `most` locks. While locked nothing is counted, so that a lock ends."""
        if self.locked(at):
            return replace(self, last_at=at)
        failures = (0 if self.locked_until is not None else self.failures) + 1
        return replace(self, failures=failures, locked_until=at + lock if failures >= most else None, last_at=at)


def code(secret: bytes, step: int) -> str:
    """The code of one time step (RFC 4226, 5.3, with HMAC-SHA-1 as authenticators expect)."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def step_at(at: datetime) -> int:
    """The time step of an instant: whole half minutes since 1970."""
    return int(at.timestamp()) // STEP_SECONDS


def accepted_step(secret: bytes, typed: str, at: datetime, either_way: int, after: int) -> int | None:
    """The time step whose code was typed, within `either_way` steps of now and later than `after`; None if there is none.

    Every step is compared in full, so that the time taken says nothing.
    """
    found = None
    now = step_at(at)
    for step in range(now - either_way, now + either_way + 1):
        if hmac.compare_digest(code(secret, step).encode(), typed.encode()) and step > after:
            found = step
    return found


def base32(secret: bytes) -> str:
    """The secret as people type it into an authenticator."""
    return base64.b32encode(secret).decode().rstrip("=")


def from_base32(text: str) -> bytes:
    """The reverse of `base32`."""
    return base64.b32decode(text + "=" * (-len(text) % 8))


def otpauth(secret: bytes, user_name: str, issuer: str) -> str:
    """The address an authenticator reads from a QR code."""
    label = quote(f"{issuer}:{user_name}")
    return f"otpauth://totp/{label}?secret={base32(secret)}&issuer={quote(issuer)}&digits={DIGITS}&period={STEP_SECONDS}"
