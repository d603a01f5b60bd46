"""The secrets of the directory: passwords, one-time-code secrets, session secrets, signing seeds.

Nothing readable goes into the database: passwords as argon2id, the rest encrypted record by record or as keyed hashes.
What can be derived again is derived, so that no secret has to be stored as an answer.
"""

from __future__ import annotations

import base64

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from nacl.signing import SigningKey

from chassis.errors import Unavailable
from chassis.keys import Keyring
from services.directory.domain.factors import SECRET_BYTES, Sealed

# 19 MiB and two passes, the least OWASP's password storage sheet allows for argon2id: about 40 ms here, so that a
# sign-in is no lever for denying service.
_MEMORY_KIB, _PASSES, _LANES = 19_456, 2, 1


class Vault:
    """Makes, hides and checks secrets with the keys of `keyring`."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._hasher = PasswordHasher(time_cost=_PASSES, memory_cost=_MEMORY_KIB, parallelism=_LANES)
        # What an unknown name is checked against, so that it takes as long as a known one.
        self._nobody = self._hasher.hash(self._keyring.prf("nobody").hex())
        self._no_secret = self._keyring.prf("no-totp")[:SECRET_BYTES]

    def hash_password(self, password: str) -> str:
        """The password as argon2id with a salt of its own."""
        return self._hasher.hash(password)

    def password_matches(self, password_hash: str | None, password: str) -> bool:
        """Whether the password is right. Without a hash it is wrong after the same work."""
        try:
            return self._hasher.verify(password_hash or self._nobody, password) and password_hash is not None
        except (VerificationError, InvalidHashError):
            return False

    def name_hash(self, user_name: str) -> bytes:
        """What attempts under a typed name are counted by; the name itself may hold a mistyped password."""
        return self._keyring.mac("user-name", user_name.strip().lower())

    def first_password(self, account_id: str, serial: int) -> str:
        """The password an account is issued with, 100 bits."""
        return self._keyring.code("first-password", account_id, str(serial))

    def first_totp(self, account_id: str, serial: int) -> bytes:
        """The one-time-code secret an account is issued with, 160 bits."""
        return self._keyring.prf("first-totp", account_id, str(serial))[:SECRET_BYTES]

    def next_totp(self, account_id: str, version: int) -> bytes:
        """A one-time-code secret for a person who renews theirs."""
        return self._keyring.prf("next-totp", account_id, str(version))[:SECRET_BYTES]

    def seal(self, secret: bytes) -> Sealed:
        """A secret as it may lie in the database."""
        ciphertext, wrapped = self._keyring.seal_record(secret)
        return Sealed(ciphertext.hex(), wrapped.hex())

    def open(self, sealed: Sealed | None) -> bytes:
        """The secret; without one a secret nobody has, so that an unknown name takes as long as a known one."""
        if sealed is None:
            return self._no_secret
        return self._keyring.open_record(bytes.fromhex(sealed.ciphertext), bytes.fromhex(sealed.wrapped_key))

    def session_secret(self, session_id: str) -> str:
        """The secret of a session, 256 bits nobody can derive without the keys."""
        return base64.urlsafe_b64encode(self._keyring.prf("session", session_id)).decode().rstrip("=")

    def session_hash(self, secret: str) -> bytes:
        """What a session is found by."""
        return self._keyring.mac("session-secret", secret)

    def new_seed(self, key_id: str) -> bytes:
        """The seed of a new signing key."""
        return self._keyring.prf("signing-seed", key_id, self._keyring.secret("directory-signing"))

    def seal_seed(self, seed: bytes) -> tuple[bytes, bytes]:
        """A signing seed as it may lie in the database: ciphertext and wrapped key."""
        return self._keyring.seal_record(seed)

    def open_seed(self, sealed: bytes, wrapped: bytes) -> SigningKey:
        """The signing key of a sealed seed. Raises Unavailable RECORD_UNREADABLE if it was sealed with other keys."""
        seed = self._keyring.open_record(sealed, wrapped)
        if len(seed) != 32:
            raise Unavailable("RECORD_UNREADABLE")
        return SigningKey(seed)
