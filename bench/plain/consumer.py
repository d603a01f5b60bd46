"""A plain kombu consumer: one insert and one commit for each message, then its acknowledgement.

`python -m bench.plain.consumer DATABASE_URL AMQP_URL`, until it is stopped.
"""

from __future__ import annotations

import sys
from typing import Any

import kombu
import psycopg

QUEUE = "zhengfeng.accountability.facts.v1"
INSERT = "INSERT INTO applied (event_id, subject_id, version) VALUES (%s, %s, %s)"


def main(database_url: str, amqp_url: str) -> None:
    """Consume for ever."""
    plain_url = database_url.replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(plain_url) as database, kombu.Connection(amqp_url) as broker:  # type: ignore[attr-defined,no-untyped-call]

        def take(body: Any, message: Any) -> None:
            headers = message.headers
            row = (headers["cloudEvents:id"], headers["cloudEvents:subject"], headers["cloudEvents:subjectversion"])
            database.execute(INSERT, row)
            database.commit()
            message.ack()

        queue = kombu.Queue(QUEUE, no_declare=True)  # type: ignore[attr-defined,no-untyped-call]
        with broker.Consumer(queue, callbacks=[take], prefetch_count=200):
            while True:
                broker.drain_events()


if __name__ == "__main__":
    main(*sys.argv[1:])
