"""Days, moments, numbers as people here write them. Instants are shown in Asia/Shanghai."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction

from chassis.clock import SHANGHAI

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(text: str | None, language: str) -> str:
    """`2026-11-22` (or an instant) as 2026年11月22日 or 22 Nov 2026; an empty text stays empty."""
    if not text:
        return ""
    on = _local(text).date() if "T" in text else date.fromisoformat(text)
    return f"{on.year}年{on.month}月{on.day}日" if language == "zh" else f"{on.day} {_MONTHS[on.month - 1]} {on.year}"


def short_day(text: str | None, language: str) -> str:
    """11月22日 or 22 Nov: for a limit that is near."""
    if not text:
        return ""
    on = _local(text).date() if "T" in text else date.fromisoformat(text)
    return f"{on.month}月{on.day}日" if language == "zh" else f"{on.day} {_MONTHS[on.month - 1]}"


def moment(text: str | None, language: str) -> str:
    """An instant with hours and minutes."""
    if not text:
        return ""
    at = _local(text)
    return f"{day(text, language)} {at:%H:%M}"


def _local(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(SHANGHAI)


def score(text: str | None, places: int = 2) -> str:
    """An exact fraction ("175/2", "87.5") as decimals, rounded half up for the eye only."""
    if not text:
        return ""
    value = Fraction(text)
    scaled = (abs(value) * 10**places + Fraction(1, 2)).__floor__()
    whole, rest = divmod(scaled, 10**places)
    digits = f"{rest:0{places}d}".rstrip("0") if places else ""
    return f"{'-' if value < 0 and scaled else ''}{whole}{'.' if digits else ''}{digits}"


def percent(part: int | str, whole: int | str) -> str:
    """A share in per cent with one decimal; empty without a denominator."""
    return f"{score(str(Fraction(int(part) * 100, int(whole))), 1)}%" if int(whole) else ""


def quantity(value: int | str) -> str:
    """12345 as 12,345."""
    return f"{int(value):,}"
