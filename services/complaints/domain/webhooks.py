"""Webhooks: which facts go where, under which secret; and reports that come in under one."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from urllib.parse import urlsplit

from chassis.auth import covers
from chassis.errors import Conflict, Invalid


class Direction(Enum):
    """Which way it goes."""

    OUT = "out"
    IN = "in"


@dataclass(frozen=True, slots=True)
class Webhook:
    """One webhook. Its secret is derived from its id and `drawn`, so that none is stored."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    name: str
    direction: Direction
    url: str
    facts: tuple[str, ...]
    running: bool
    since: datetime
    created_at: datetime
    drawn: int = 1
    old_secret_until: datetime | None = None

    def switched(self, running: bool, at: datetime) -> Webhook:
        """Stopped, or started again from now on. Refused with WEBHOOK_ALREADY_SO if nothing would change."""
        if running == self.running:
            raise Conflict("WEBHOOK_ALREADY_SO")
        return replace(self, version=self.version + 1, running=running, since=at if running else self.since)

    def renewed(self, at: datetime, overlap: timedelta) -> Webhook:
        """With another secret; the one before holds for the overlap."""
        return replace(self, version=self.version + 1, drawn=self.drawn + 1, old_secret_until=at + overlap)

    def secrets(self, at: datetime) -> tuple[int, ...]:
        """Which of its secrets hold now, the current one first."""
        old = self.old_secret_until is not None and at < self.old_secret_until
        return (self.drawn, self.drawn - 1) if old else (self.drawn,)

    def wants(self, fact: str, jurisdiction_path: str, occurred_at: datetime) -> bool:
        """Whether a fact is to be sent there."""
        open_for = self.running and self.direction is Direction.OUT and occurred_at >= self.since
        return open_for and fact in self.facts and covers(self.jurisdiction_path, jurisdiction_path)

    def check_sends(self) -> None:
        """Refuses one that sends nothing: WEBHOOK_TAKES_ONLY, WEBHOOK_STOPPED."""
        if self.direction is Direction.IN:
            raise Conflict("WEBHOOK_TAKES_ONLY")
        if not self.running:
            raise Conflict("WEBHOOK_STOPPED")


def check(direction: Direction, url: str, facts: Collection[str], known: Collection[str], plain: Collection[str]) -> None:
    """Refuses an address that is not allowed and facts nobody announces.

    URL_NOT_ALLOWED for what is no https address; a plain one may go to the hosts `plain` names. FACT_UNKNOWN,
    NOTHING_CHOSEN for an outgoing one. An incoming one has neither.
    """
    if direction is Direction.IN:
        if url or facts:
            raise Invalid("URL_NOT_ALLOWED", "url")
        return
    if not _allowed(url, plain):
        raise Invalid("URL_NOT_ALLOWED", "url")
    if not facts:
        raise Invalid("NOTHING_CHOSEN", "facts")
    unknown = sorted(set(facts) - set(known))
    if unknown:
        raise Invalid("FACT_UNKNOWN", "facts", facts=", ".join(unknown))


def host(url: str) -> str:
    """Where an address leads; empty for what is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _allowed(url: str, plain: Collection[str]) -> bool:
    try:
        parts = urlsplit(url)
        sound = bool(parts.hostname) and not parts.username and not parts.fragment and parts.port != 0
    except ValueError:
        return False
    if not sound or any(character.isspace() or ord(character) < 32 for character in url):
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in plain)


@dataclass(frozen=True, slots=True)
class Report:
    """What another system says became of a delivery."""

    delivery: str
    delivered: bool
    receipt: str

    @staticmethod
    def of(body: bytes) -> Report:
        """Reads it. Refused with REPORT_UNREADABLE for anything else."""
        try:
            said = json.loads(body)
            delivery, state = said["delivery"], said["state"]
            receipt = said.get("receipt", "")
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as wrong:
            raise Invalid("REPORT_UNREADABLE", "body") from wrong
        if not isinstance(delivery, str) or state not in ("delivered", "failed") or not isinstance(receipt, str):
            raise Invalid("REPORT_UNREADABLE", "body")
        return Report(delivery, state == "delivered", receipt)
