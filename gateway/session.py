"""The cookie: the session's secret and the current token, nothing else. The gateway remembers nothing itself.

Tokens live ten minutes; a page that finds its token nearly over asks the directory for the next one with the
session's secret. The CSRF token is a keyed hash of that secret, so it needs no memory either: a form or script
that shows it has read a page of ours.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from chassis.clock import Clock
from gateway.doors import Caller, Doors
from gateway.refusals import Refused

COOKIE = "session"
FRESH_SECONDS = 60
COOKIE_SECONDS = 12 * 3600


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody signed in. The claims are read for the pages only; every service checks the token itself."""

    secret: str
    token: str
    claims: dict[str, Any] = field(default_factory=dict)
    refreshed: bool = False

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(self.claims.get("roles", ()))

    @property
    def csrf(self) -> str:
        return hmac.new(self.secret.encode(), b"csrf", hashlib.sha256).hexdigest()

    def owns(self, csrf: str) -> bool:
        return hmac.compare_digest(self.csrf, csrf)

    def keep(self, response: Response, secure: bool) -> None:
        response.set_cookie(
            COOKIE,
            f"{self.secret}|{self.token}",
            max_age=COOKIE_SECONDS,
            httponly=True,
            samesite="lax",
            secure=secure,
            path="/",
        )


def session(secret: str, token: str, refreshed: bool = False) -> Session:
    return Session(secret, token, claims_of(token), refreshed)


def claims_of(token: str) -> dict[str, Any]:
    """What a token says, unverified; {} for what is no token."""
    try:
        part = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (IndexError, ValueError):
        return {}
    return claims if isinstance(claims, dict) else {}


class Sessions:
    """Reads the cookie of a request and keeps its token fresh."""

    def __init__(self, doors: Doors, secure: bool, clock: Clock) -> None:
        self.doors = doors
        self.secure = secure
        self._clock = clock

    async def of(self, request: Request) -> Session | None:
        """The session of a request, refreshed if its token is nearly over; kept on the request meanwhile."""
        if not hasattr(request.state, "session"):
            request.state.session = await self._read(request)
        found: Session | None = request.state.session
        return found

    async def _read(self, request: Request) -> Session | None:
        secret, _, token = request.cookies.get(COOKIE, "").partition("|")
        if not secret:
            return None
        current = session(secret, token)
        if float(current.claims.get("exp", 0)) > self._clock.now().timestamp() + FRESH_SECONDS:
            return current
        return await self._refresh(secret, current)

    async def _refresh(self, secret: str, current: Session) -> Session | None:
        try:
            answer = await self.doors.ask("directory.RefreshSession", Caller(), session_secret=secret)
        except Refused as refusal:
            return current if refusal.unreachable else None
        return session(secret, answer["token"]["token"], refreshed=True)
