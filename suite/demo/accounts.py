"""The demonstration accounts: every role has one, each linked to an official of the city where it stands for one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from services.directory.usecases.accounts import NewAccount
from suite.demo.city import read_city

# Known to everybody, as the accounts are: a demonstration holds nobody's data.
PASSWORD = "Qinghe-2026-demo"
TOTP_SECRET = b"zhengfeng-demo-2026!"

# Roles that work for the whole city, whatever unit the person sits in.
_UNIT_ROLES = {"unit_clerk", "unit_head"}


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One account as it is printed."""

    user_name: str
    roles: tuple[str, ...]
    password: str
    totp_secret: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """One account before it is known who of the city it belongs to. `post` is the kind of post the person holds."""

    user_name: str
    display_name: str
    roles: tuple[str, ...]
    unit_path: str
    jurisdiction_path: str
    post: str

    def new(self, official_id: str) -> NewAccount:
        """The account to be founded."""
        reach = () if _UNIT_ROLES & set(self.roles) else (self.jurisdiction_path,)
        names = (self.user_name, self.display_name, official_id)
        return NewAccount(*names, self.unit_path, self.jurisdiction_path, jurisdiction_paths=reach, roles=self.roles)


def wanted_accounts() -> list[Wanted]:
    """Every account of the demonstration."""
    city = read_city()
    top = f"/{city['city']['slug']}"
    found = [_of_role(entry, top) for entry in city["account"]]
    found += [one for slug in city["unit_accounts"]["city"] for one in _of_unit(slug, f"{top}/{slug}", top, "")]
    for district in city["district"]:
        place, prefix = f"{top}/{district['slug']}", f"{district['slug']}."
        found += [
            one for slug in city["unit_accounts"]["district"] for one in _of_unit(slug, f"{place}/{slug}", place, prefix)
        ]
        office = f"{place}/efficiency-office"
        for role, name in (("clerk", "受理员"), ("office", "督办员")):
            found.append(Wanted(prefix + role, district["name"] + name, (role,), office, place, "handler"))
    return found


def _of_role(entry: dict[str, Any], top: str) -> Wanted:
    unit = f"{top}/{entry['unit']}" if "unit" in entry else ""
    return Wanted(entry["user"], entry["name"], tuple(entry["roles"]), unit, top, entry.get("post", "handler"))


def _of_unit(slug: str, path: str, jurisdiction: str, prefix: str) -> list[Wanted]:
    return [
        Wanted(f"{prefix}unit.{slug}", "单位经办人", ("unit_clerk",), path, jurisdiction, "handler"),
        Wanted(f"{prefix}head.{slug}", "单位主要负责人", ("unit_head",), path, jurisdiction, "unit_head"),
    ]
