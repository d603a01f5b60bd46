"""Working days, limits, pauses and lights: one arithmetic for every service.

Pure: no database, no clock, no text. Days are days in China; instants are aware datetimes and come back in UTC.
"""

from workdays.calendar import SHANGHAI, Calendar, CalendarNotLoaded, CalendarYear, DayKind, local_day, start_of_day
from workdays.explain import DayLine, Why, explain
from workdays.lights import Light, WarnBefore, light, remaining, turns_red_at, turns_yellow_at
from workdays.limits import CountsFrom, Due, Limit, LimitKind, Pause, Paused, Pending, Result, due

__all__ = [
    "SHANGHAI",
    "Calendar",
    "CalendarNotLoaded",
    "CalendarYear",
    "CountsFrom",
    "DayKind",
    "DayLine",
    "Due",
    "Light",
    "Limit",
    "LimitKind",
    "Pause",
    "Paused",
    "Pending",
    "Result",
    "WarnBefore",
    "Why",
    "due",
    "explain",
    "light",
    "local_day",
    "remaining",
    "start_of_day",
    "turns_red_at",
    "turns_yellow_at",
]
