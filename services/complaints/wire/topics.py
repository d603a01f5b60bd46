"""Hot topics as messages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from zhengfeng.complaints.v1 import topics_pb2

from services.complaints.domain.topics import HotTopics, ShownTopic
from services.complaints.wire.complaints import complaint


def hot(found: HotTopics) -> topics_pb2.HotTopicsResponse:
    """The topics of a window with their denominators."""
    return topics_pb2.HotTopicsResponse(
        topics=[_topic(one, found.mondays) for one in found.topics],
        received=found.received,
        looked_at=found.looked_at,
        alone=found.alone,
        from_day=found.mondays[0].isoformat(),
        to_day=found.until.isoformat(),
    )


def _topic(shown: ShownTopic, mondays: Sequence[date]) -> topics_pb2.Topic:
    weeks = [
        topics_pb2.TopicWeek(monday=monday.isoformat(), complaints=count) for monday, count in shown.topic.by_week(mondays)
    ]
    return topics_pb2.Topic(
        words=shown.words,
        complaints=len(shown.topic.items),
        matters=shown.topic.matters,
        weeks=weeks,
        category=shown.topic.category,
        examples=[topics_pb2.TopicExample(complaint=complaint(seen), excerpt=text) for seen, text in shown.examples],
    )
