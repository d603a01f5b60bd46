"""Webhooks: an HTTP POST to the address a letter carries, signed (see carriage.signing)."""

from __future__ import annotations

from collections.abc import Mapping

from carriage.letter import Letter, NotDelivered
from carriage.posting import Posting
from carriage.reach import Reach
from carriage.signing import signature
from chassis.clock import Clock

GONE = 410
CONTENT = "application/cloudevents+json; charset=utf-8"


class Webhooks:
    """Posts letters to the addresses they carry. No redirect is followed: nobody but the address agreed on is told."""

    def __init__(self, clock: Clock, reach: Reach) -> None:
        self._clock = clock
        self._posting = Posting(reach)

    def send(self, letter: Letter) -> str:
        """Posts it; the receipt is the status it was answered with. 410 means that the receiver is gone for good."""
        status, _ = self._posting.post(letter.address, letter.body, self._headers(letter))
        if not 200 <= status < 300:
            raise NotDelivered(f"HTTP {status}", final=status == GONE)
        return f"HTTP {status}"

    def close(self) -> None:
        """Closes kept connections."""
        self._posting.close()

    def _headers(self, letter: Letter) -> Mapping[str, str]:
        timestamp = str(int(self._clock.now().timestamp()))
        return {
            "content-type": CONTENT,
            "webhook-id": letter.message_id,
            "webhook-timestamp": timestamp,
            "webhook-signature": " ".join(
                signature(secret, letter.message_id, timestamp, letter.body) for secret in letter.secrets
            ),
        }
