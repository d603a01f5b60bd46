"""Profiles: what the columns of a kind of file mean. They are TOML files, so that a new kind needs no code."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from services.complaints.domain.stages import Channel

FOLDER = Path(__file__).parent / "profiles"
SECOND = timedelta(seconds=1)


class NoProfile(ValueError):
    """No profile fits the columns of a file."""


@dataclass(frozen=True, slots=True)
class Profile:
    """How one kind of file is read. A field is the first of its columns that holds something."""

    name: str
    source: str
    time_zone: ZoneInfo
    time_format: str
    columns: Mapping[str, tuple[str, ...]]
    text_columns: tuple[str, ...]
    channels: Mapping[str, Channel]
    other_channel: Channel

    def fits(self, header: Sequence[str]) -> bool:
        """Whether the file has the columns nothing can be read without."""
        return all(set(self.columns[field]) & set(header) for field in ("source_number", "received_at", "title"))

    def value(self, field: str, row: Mapping[str, str]) -> str:
        """The field's content in a row, empty if there is none."""
        return next((row[column].strip() for column in self.columns.get(field, ()) if row.get(column, "").strip()), "")

    def text(self, row: Mapping[str, str]) -> str:
        """The text columns of a row, one a line."""
        parts = (row.get(column, "").strip() for column in self.text_columns)
        return "\n".join(part for part in parts if part)

    def channel(self, row: Mapping[str, str]) -> Channel:
        """How it came in."""
        return self.channels.get(self.value("channel", row), self.other_channel)

    def instant(self, written: str) -> datetime | None:
        """A local time as an instant in UTC; None for an empty text. Raises ValueError for one that is no time.

        An hour that comes twice in autumn is its first. An hour that is skipped in spring counts as the moment of the
        change, so that what is written earlier is never later.
        """
        if not written:
            return None
        local = datetime.strptime(written, self.time_format)  # noqa: DTZ007 - the zone is the profile's
        instant = local.replace(tzinfo=self.time_zone).astimezone(UTC)
        if instant.astimezone(self.time_zone).replace(tzinfo=None) != local:
            return self._change_around(local)
        return instant

    def _change_around(self, skipped: datetime) -> datetime:
        """The instant at which the clocks went forward over a local time that never was."""
        before = skipped.replace(tzinfo=self.time_zone, fold=1).astimezone(UTC)
        after = skipped.replace(tzinfo=self.time_zone, fold=0).astimezone(UTC)
        old_offset = before.astimezone(self.time_zone).utcoffset()
        while after - before > SECOND:
            middle = before + (after - before) // 2
            unchanged = middle.astimezone(self.time_zone).utcoffset() == old_offset
            before, after = (middle, after) if unchanged else (before, middle)
        return after.replace(microsecond=0)


def known_profiles() -> dict[str, Profile]:
    """All profiles by name."""
    return {path.stem: _read(path) for path in sorted(FOLDER.glob("*.toml"))}


def profile_for(header: Sequence[str], name: str = "") -> Profile:
    """The named profile, or the one whose columns the file has. Raises NoProfile naming what there is."""
    profiles = known_profiles()
    fitting = [profile for profile in profiles.values() if name in ("", profile.name) and profile.fits(header)]
    if len(fitting) != 1:
        raise NoProfile(f"the columns {', '.join(header)} fit none of the profiles {name or ', '.join(profiles)}")
    return fitting[0]


def _read(path: Path) -> Profile:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    channels = {word: Channel(channel) for word, channel in data["channels"].items()}
    return Profile(
        name=path.stem,
        source=data["source"],
        time_zone=ZoneInfo(data["time_zone"]),
        time_format=data["time_format"],
        columns={field: tuple(columns) for field, columns in data["columns"].items()},
        text_columns=tuple(data["text"]["columns"]),
        channels=channels,
        other_channel=channels.pop("other"),
    )
