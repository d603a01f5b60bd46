"""Signatures of webhooks as Standard Webhooks 1.0 says: HMAC-SHA256 over id, timestamp and body, made and checked."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta


def told_secret(secret: bytes) -> str:
    """A secret in the form both sides write it in."""
    return "whsec_" + base64.b64encode(secret).decode()


def signature(secret: bytes, message_id: str, timestamp: str, body: bytes) -> str:
    """One signature as the header carries it."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()


def signed_by(secrets: Iterable[bytes], message_id: str, timestamp: str, given: str, body: bytes) -> bool:
    """Whether one of the signatures given was made under one of the secrets; compared in constant time."""
    right = [signature(secret, message_id, timestamp, body).encode() for secret in secrets]
    found = False
    for one in given.split():
        for expected in right:
            found |= hmac.compare_digest(one.encode(), expected)
    return found


def in_time(timestamp: str, now: datetime, window: timedelta) -> bool:
    """Whether a message was signed about now: older ones may be replays, later ones have a wrong clock."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    return abs(now.timestamp() - int(timestamp)) <= window.total_seconds()


def secret_of(told: str) -> bytes:
    """The bytes of a secret as it was told. Raises ValueError for what is none."""
    try:
        return base64.b64decode(told.removeprefix("whsec_"), validate=True)
    except binascii.Error as wrong:
        raise ValueError("not a webhook secret") from wrong
