"""Who may call an rpc and which rows the call may touch, as its `access` option says; and who is calling.

A caller is known by a bearer token (people), by the name in a client certificate (machines), or not at all. A token wins
over a certificate: the gateway has one of its own and passes people's tokens on.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from google.protobuf.descriptor import MethodDescriptor
from zhengfeng.common.v1 import access_pb2

from chassis.auth import Caller, Rows, verify_token
from chassis.clock import Clock
from chassis.errors import NotAllowed, Unauthenticated

GATEWAY = "gateway"
_BEARER = "Bearer "
_LONGEST_TOKEN = 8192
_REMEMBERED = 10_000
_EVERYTHING = Rows(everything=True)


@dataclass(frozen=True, slots=True)
class Door:
    """What the `access` option of one rpc says. Roles are lower-case words."""

    rpc: str
    service: str
    anywhere: frozenset[str]
    jurisdiction: frozenset[str]
    unit: frozenset[str]
    public: bool
    by_code: bool
    signed_in: bool

    @staticmethod
    def of(method: MethodDescriptor) -> Door:
        """Reads the option. Raises ValueError for an rpc that opens to nobody: it was forgotten."""
        options = method.GetOptions()
        access = options.Extensions[access_pb2.access]
        if not access.ListFields():
            raise ValueError(f"{method.full_name} has no access option")
        package = str(method.containing_service.file.package).split(".")
        return Door(
            rpc=str(method.name),
            service=package[1] if len(package) > 1 else package[0],
            anywhere=_words(access.anywhere),
            jurisdiction=_words(access.jurisdiction),
            unit=_words(access.unit),
            public=access.public,
            by_code=access.by_code,
            signed_in=access.signed_in,
        )

    def admit(self, caller: Caller | None) -> Caller:
        """The caller with the rows this call may touch. Raises Unauthenticated or NotAllowed.

        A public rpc and one by code see every row: there the use case shows only what is public, or only what the code
        opens. Every role a caller holds that the option names adds its rows.
        """
        if self.public:
            return replace(caller or Caller.anonymous(), act=self.rpc, rows=_EVERYTHING)
        if caller is not None and self._names(caller):
            return replace(caller, act=self.rpc, rows=self._rows(caller))
        if self.by_code:
            return replace(Caller.anonymous(), act=self.rpc, rows=_EVERYTHING)
        if caller is None:
            raise Unauthenticated("TOKEN_MISSING")
        raise NotAllowed("ROLE_NOT_ALLOWED")

    def _names(self, caller: Caller) -> bool:
        return self.signed_in or caller.has(*self.anywhere, *self.jurisdiction, *self.unit)

    def _rows(self, caller: Caller) -> Rows:
        if caller.has(*self.anywhere):
            return _EVERYTHING
        own = self.signed_in
        return Rows(
            jurisdictions=caller.jurisdiction_paths if own or caller.has(*self.jurisdiction) else (),
            units=caller.unit_paths if own or caller.has(*self.unit) else (),
        )


class Identities:
    """Turns tokens and certificate names into callers. A verified token is remembered until it expires."""

    def __init__(self, keys: Mapping[str, bytes], machines: Mapping[str, str], clock: Clock) -> None:
        self._keys = keys
        self._clock = clock
        self._machines = {name: machine_account(name, account) for name, account in machines.items()}
        self._verified: OrderedDict[str, tuple[Caller, datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def by_token(self, authorization: str) -> Caller:
        """The caller named by `Bearer <token>`. Raises Unauthenticated with TOKEN_INVALID or TOKEN_EXPIRED."""
        now = self._clock.now()
        if not authorization.startswith(_BEARER) or len(authorization) > _LONGEST_TOKEN:
            raise Unauthenticated("TOKEN_INVALID")
        token = authorization[len(_BEARER) :]
        with self._lock:
            known = self._verified.get(token)
        if known is None:
            return self._verify(token, now)
        caller, expires = known
        if expires <= now:
            raise Unauthenticated("TOKEN_EXPIRED")
        return caller

    def by_certificate(self, names: tuple[str, ...]) -> Caller | None:
        """The machine account one of these certificate names belongs to, or None."""
        return next((self._machines[name] for name in names if name in self._machines), None)

    def _verify(self, token: str, now: datetime) -> Caller:
        try:
            caller, expires = verify_token(token, self._keys, now)
        except (RecursionError, OverflowError) as wrong:  # nested or numbered beyond reason: a forger's work
            raise Unauthenticated("TOKEN_INVALID") from wrong
        with self._lock:
            self._verified[token] = (caller, expires)
            while len(self._verified) > _REMEMBERED:
                self._verified.popitem(last=False)
        return caller


def machine_account(name: str, account: str) -> Caller:
    """A machine's account, written `role:path`: `bureau:/qinghe/tax`, `peer:/qinghe/donghe`, or `gateway` without a path."""
    role, _, path = account.partition(":")
    paths = (path,) if path else ()
    return Caller(subject=f"machine:{name}", roles=frozenset((role,)), unit_paths=paths, jurisdiction_paths=paths)


def _words(roles: Iterable[access_pb2.Role.ValueType]) -> frozenset[str]:
    return frozenset(access_pb2.Role.Name(role).removeprefix("ROLE_").lower() for role in roles)
