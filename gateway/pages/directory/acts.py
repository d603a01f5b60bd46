"""What administrators can do with an account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gateway.pages.frame.acts import Act, Record, RecordKind
from gateway.pages.frame.forms import Option
from gateway.pages.frame.visit import Visit


def is_open(record: Record) -> bool:
    return not record["closed_at"]


async def granted(visit: Visit, record: Record) -> Mapping[str, Sequence[Option]]:
    """The roles the account holds: what can be taken away."""
    roles = [one["role"] for one in record["grants"] if not one["valid_to"]]
    return {"role": [Option(f"ROLE_{role.upper()}", visit.t(f"role.{role}")) for role in roles]}


ACCOUNT = RecordKind(
    key="accounts",
    path="/accounts",
    rpc="directory.GetAccount",
    field="account",
    id="account_id",
    label=lambda record: str(record["display_name"]),
    acts=(
        Act("directory.GrantRole", is_open),
        Act("directory.RevokeRole", lambda record: is_open(record) and bool(record["grants"]), options=granted),
        Act("directory.UnlockAccount", lambda record: bool(record["locked_until"])),
        Act("directory.ReissueCredentials", is_open),
        Act("directory.RevokeSessions", is_open),
        Act("directory.CloseAccount", is_open),
    ),
)
