"""Limits against flooding, kept by all processes together, and the sign by which one browser is told from another.

The sign is random and signed here: one that somebody made up tells no device. It is asked for before anything is filed and
says nothing about anybody.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chassis.auth import Caller
from services.complaints.domain.flood import Visitor, let_in
from services.complaints.storage import flood
from services.complaints.usecases.desk import Desk

DEVICE, BUCKET = "complaints.device", "complaints.flood"
RANDOM_BYTES, SIGNED_BYTES, BUCKET_BYTES = 12, 16, 16
SERVICE = Caller.service("complaints", "flood")


class FloodCases:
    """Who may file now."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def issue(self) -> str:
        """The sign of a browser that has none."""
        device = secrets.token_urlsafe(RANDOM_BYTES)
        return f"{device}.{self._signed(device)}"

    def known(self, told: str) -> str:
        """The device a sign stands for; empty for one that was not given out here."""
        device, _, signature = told.partition(".")
        good = device and hmac.compare_digest(signature.encode(), self._signed(device).encode())
        return device if good else ""

    def enter(self, visitor: Visitor, limits: Mapping[str, Any], what: str = "") -> None:
        """Counts one filing, or one of something else that has buckets of its own. Refused with FILED_TOO_OFTEN, and then it
        counts nothing."""
        buckets = replace(visitor, device=self.known(visitor.device)).buckets(limits)
        if not buckets:
            return
        keys = {name: self._desk.keys.mac(BUCKET, what + name, whose)[:BUCKET_BYTES] for name, whose in buckets.items()}
        with self._desk.store.begin(SERVICE) as tx:
            held = flood.held(tx, keys.values())
            filled = let_in({name: held[key] for name, key in keys.items()}, limits, tx.now)
            flood.fill(tx, {keys[name]: moment for name, moment in filled.items()})

    def forget(self) -> int:
        """Forgets what has drained."""
        with self._desk.store.begin(SERVICE) as tx:
            return flood.forget(tx)

    def _signed(self, device: str) -> str:
        return urlsafe_b64encode(self._desk.keys.mac(DEVICE, device)[:SIGNED_BYTES]).decode().rstrip("=")
