"""Who is calling: the caller a use case is given, and the signed token a caller is known by.

A token is a JWT (RFC 7519) signed with EdDSA over Ed25519 (RFC 8037), good for ten minutes. Services verify it alone, with
public keys they are configured with or have heard of. Only the directory signs.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from chassis.errors import Unauthenticated

AUDIENCE = "zhengfeng"
LIFETIME = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Rows:
    """Which rows a call may touch: all, or those under one of these jurisdiction or unit paths."""

    everything: bool = False
    jurisdictions: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RequestKey:
    """Names one command of a caller, so that a repetition is answered and not carried out again."""

    rpc: str
    request_id: str
    body_hash: bytes


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, as the access check left it. `rows` and `act` belong to this one call."""

    subject: str
    roles: frozenset[str] = frozenset()
    unit_paths: tuple[str, ...] = ()
    jurisdiction_paths: tuple[str, ...] = ()
    official_id: str = ""
    rows: Rows = field(default_factory=Rows)
    act: str = ""
    request: RequestKey | None = None

    def has(self, *roles: str) -> bool:
        """Whether the caller holds any of these roles."""
        return not self.roles.isdisjoint(roles)

    @staticmethod
    def service(name: str, act: str = "") -> Caller:
        """A service acting by itself, on a fact or a timer: it touches every row of its own database."""
        return Caller(subject=f"service:{name}", rows=Rows(everything=True), act=act)

    @staticmethod
    def anonymous() -> Caller:
        """Somebody who has not signed in. Sees no row but by a code or where a page is public."""
        return Caller(subject="anonymous")


def covers(path: str, row_path: str) -> bool:
    """Whether a row at `row_path` lies at or under `path`. `/qinghe/tax` does not cover `/qinghe/taxi`."""
    return row_path == path or row_path.startswith(path.rstrip("/") + "/")


def sign_token(key: SigningKey, key_id: str, caller: Caller, now: datetime, lifetime: timedelta = LIFETIME) -> str:
    """A compact JWT that names `caller` until `now + lifetime`."""
    header = {"alg": "EdDSA", "typ": "JWT", "kid": key_id}
    claims = {
        "aud": AUDIENCE,
        "sub": caller.subject,
        "roles": sorted(caller.roles),
        "units": list(caller.unit_paths),
        "jurisdictions": list(caller.jurisdiction_paths),
        "official": caller.official_id,
        "iat": int(now.timestamp()),
        "exp": int((now + lifetime).timestamp()),
    }
    signed = f"{_encode(header)}.{_encode(claims)}"
    return f"{signed}.{_b64(key.sign(signed.encode()).signature)}"


def verify_token(token: str, keys: Mapping[str, bytes], now: datetime) -> tuple[Caller, datetime]:
    """The caller a token names and when it expires.

    Raises Unauthenticated with TOKEN_INVALID for anything not signed by a known key for us (one reason for all, so that a
    forger learns nothing), and with TOKEN_EXPIRED for a good one that is too old.
    """
    try:
        signed, _, signature = token.rpartition(".")
        header_part, _, claims_part = signed.partition(".")
        header: dict[str, Any] = json.loads(_unb64(header_part))
        if header.get("alg") != "EdDSA":
            raise Unauthenticated("TOKEN_INVALID")
        VerifyKey(keys[header["kid"]]).verify(signed.encode(), _unb64(signature))
        claims: dict[str, Any] = json.loads(_unb64(claims_part))
        expires = datetime.fromtimestamp(claims["exp"], tz=now.tzinfo)
        caller = _caller(claims)
    except (ValueError, KeyError, TypeError, AttributeError, BadSignatureError, binascii.Error) as wrong:
        raise Unauthenticated("TOKEN_INVALID") from wrong
    if expires <= now:
        raise Unauthenticated("TOKEN_EXPIRED")
    return caller, expires


def _caller(claims: Mapping[str, Any]) -> Caller:
    if claims["aud"] != AUDIENCE:
        raise ValueError("token for another audience")
    return Caller(
        subject=str(claims["sub"]),
        roles=frozenset(_texts(claims["roles"])),
        unit_paths=tuple(_texts(claims["units"])),
        jurisdiction_paths=tuple(_texts(claims["jurisdictions"])),
        official_id=str(claims["official"]),
    )


def _texts(values: Iterable[object]) -> list[str]:
    return [str(value) for value in values]


def _encode(part: Mapping[str, object]) -> str:
    return _b64(json.dumps(part, separators=(",", ":"), sort_keys=True).encode())


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _unb64(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
