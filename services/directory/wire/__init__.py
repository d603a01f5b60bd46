"""Between protobuf and domain: messages, answers, facts. No decisions."""

from services.directory.domain.factors import base32
from services.directory.wire.answers import fresh, held, issued, person, report, shown
from services.directory.wire.facts import encode_fact
from services.directory.wire.messages import choices, day, days, instant, message, messages, role, some_day

__all__ = [
    "base32",
    "choices",
    "day",
    "days",
    "encode_fact",
    "fresh",
    "held",
    "instant",
    "issued",
    "message",
    "messages",
    "person",
    "report",
    "role",
    "shown",
    "some_day",
]
