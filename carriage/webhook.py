"""Webhooks: an HTTP POST to the address a letter carries, signed (see carriage.signing)."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from carriage.letter import SECONDS, Letter, NotDelivered
from carriage.signing import signature
from chassis.clock import Clock

CONTENT = "application/cloudevents+json; charset=utf-8"


class Webhooks:
    """Posts letters to the addresses they carry. No redirect is followed: nobody but the address agreed on is told."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._client = httpx.Client(timeout=SECONDS, follow_redirects=False)

    def send(self, letter: Letter) -> str:
        """Posts it; the receipt is the status it was answered with. 410 means that the receiver is gone for good."""
        try:
            answer = self._client.post(letter.address, content=letter.body, headers=self._headers(letter))
        except (httpx.HTTPError, httpx.InvalidURL) as fault:
            raise NotDelivered(type(fault).__name__) from fault
        if not answer.is_success:
            raise NotDelivered(f"HTTP {answer.status_code}", final=answer.status_code == httpx.codes.GONE)
        return f"HTTP {answer.status_code}"

    def close(self) -> None:
        """Closes kept connections."""
        self._client.close()

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
