"""Jurisdictions and units: the two trees that share one set of paths."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum


class JurisdictionKind(Enum):
    """辖区层级."""

    CITY = "city"
    DISTRICT = "district"
    TOWN = "town"


class UnitKind(Enum):
    """单位类别."""

    BUREAU = "bureau"
    ENTERPRISE = "enterprise"
    SECTION = "section"
    WINDOW = "window"
    HEADQUARTERS = "headquarters"
    OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """辖区: a city, a district or county, a town or street."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    name: str
    kind: JurisdictionKind
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Unit:
    """单位. Its path is for ever: a unit that moves is closed and a new one opened.

    `parent_id` is empty for a unit that stands directly under its jurisdiction. `management_line` names the line it is
    managed by from above 垂管 (tax, fire); its people are dealt with there.
    """

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    parent_id: str
    name: str
    short_name: str
    kind: UnitKind
    management_line: str
    phone: str
    address: str
    valid_from: date
    valid_to: date | None
