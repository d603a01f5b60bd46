"""Refusals: the only exceptions the domain raises on purpose.

A refusal has a reason (a key in the zh/en catalogue of the service that raises it), names the field at fault where there
is one, and carries the parameters its sentence needs. Its class says what kind of refusal it is; `chassis.rpc` maps the
kinds to gRPC status codes in one table. Anything else that is raised is a fault of ours and leaves as `internal error`.

    Refusal
    ├── Invalid           the request itself is wrong, whatever the state
    ├── Unauthenticated   nobody is known to be calling
    ├── NotAllowed        known, but may not do this
    ├── NotFound          no such row, or none the caller may see
    ├── Conflict          right in itself, but not in the present state
    ├── Stale             somebody else changed the row first
    ├── TooMany           slow down
    └── Unavailable       try again later
"""

from __future__ import annotations


class Refusal(Exception):
    """A request is refused for `reason`; `field` names what is at fault, `params` fill the sentence."""

    def __init__(self, reason: str, field: str = "", **params: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.field = field
        self.params = {key: str(value) for key, value in params.items()}

    def __str__(self) -> str:
        return f"{self.reason}({self.field})" if self.field else self.reason


class Invalid(Refusal):
    """The request is wrong in itself."""


class Unauthenticated(Refusal):
    """Nobody is known to be calling."""


class NotAllowed(Refusal):
    """The caller is known but may not do this."""


class NotFound(Refusal):
    """There is no such row, or none this caller may see; the two are not told apart."""


class Conflict(Refusal):
    """The request is right but does not fit the present state."""


class Stale(Refusal):
    """The row has changed since the caller read it."""

    def __init__(self, reason: str = "STALE_VERSION", field: str = "expected_version", **params: object) -> None:
        super().__init__(reason, field, **params)


class TooMany(Refusal):
    """The caller asks too often."""


class Unavailable(Refusal):
    """Something this depends on does not answer now."""
