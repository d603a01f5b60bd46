"""What the directory does by itself. It hears no one: its neighbours hear it."""

from __future__ import annotations

from chassis.facts import Every, Hears, Timer

HEARS: Hears = {}

EVERY: Every = {
    "keys": Timer(seconds=60, run=lambda usecases: usecases.keys.retire()),
    "attempts": Timer(seconds=3600, run=lambda usecases: usecases.sessions.forget_attempts()),
}
