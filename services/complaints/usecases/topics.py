"""Hot topics of the last weeks, gathered when a leader asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.clock import day_start, local_day
from chassis.store import Tx, under
from services.complaints.domain import topics
from services.complaints.domain.intake import Content
from services.complaints.domain.similar import Likeness
from services.complaints.domain.stages import Stage
from services.complaints.domain.topics import Gathering, HotTopics, Item, ShownTopic, Topic
from services.complaints.domain.views import Seen
from services.complaints.learning.features import words
from services.complaints.storage import COMPLAINTS, fingerprints, ledger
from services.complaints.usecases.desk import Desk

GONE = (Stage.MOVED, Stage.ISOLATED)
TABLE = COMPLAINTS.table


class TopicCases:
    """Gathering complaints by likeness."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def hot(self, caller: Caller, weeks: int, jurisdiction_path: str, unit_path: str) -> HotTopics:
        """The topics of the last weeks among what the caller may see; the newest complaints are looked at."""
        with self._desk.store.read(caller) as tx:
            how = Gathering.of(tx.setting("topics", jurisdiction_path))
            today = local_day(tx.now)
            mondays = topics.mondays(today, weeks or how.weeks)
            wanted = _conditions(tx, mondays[0], jurisdiction_path, unit_path)
            received = tx.rows(sa.select(sa.func.count()).select_from(TABLE).where(*wanted))[0][0]
            items = _items(tx, wanted, how.newest)
            gathered = topics.gather(items, how)
            shown = self._shown(tx, gathered[: how.shown], how, jurisdiction_path)
        alone = len(items) - sum(len(topic.items) for topic in gathered)
        return HotTopics(tuple(shown), received, len(items), alone, mondays, today)

    def _shown(self, tx: Tx, gathered: Sequence[Topic], how: Gathering, jurisdiction_path: str) -> list[ShownTopic]:
        """The topics with words and examples, both from the redacted copies of the complaints nearest to the middle."""
        likeness = Likeness.of(tx.setting("similar", jurisdiction_path))
        near = [[item.id for item in topic.items[: how.read]] for topic in gathered]
        contents = self._desk.contents.open(tx, [id for ids in near for id in ids])
        told = [[self._words(contents[id], likeness) for id in ids if id in contents] for ids in near]
        complaints = {one.id: one for one in ledger.by_ids(tx, [id for ids in near for id in ids])}
        found = []
        for topic, ids, telling in zip(gathered, near, topics.telling(told, how.words), strict=True):
            open_to_caller = [id for id in ids if id in complaints and not self._desk.recused(tx, complaints[id])]
            examples = tuple(
                (
                    Seen(complaints[id], contents[id].unit_title, redacted=True),
                    _beginning(contents[id].unit_text, how.excerpt),
                )
                for id in open_to_caller[: how.examples]
                if id in contents
            )
            found.append(ShownTopic(topic, telling, examples))
        return found

    def _words(self, content: Content, likeness: Likeness) -> topics.Words:
        title, text = words(content.unit_title), words(content.unit_text)
        return topics.apart(title, likeness.function_characters), topics.apart(text, likeness.function_characters)


def _beginning(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]}…"


def _conditions(tx: Tx, since: date, jurisdiction_path: str, unit_path: str) -> list[sa.ColumnElement[bool]]:
    column = TABLE.c
    wanted = [tx.visible(TABLE), column.received_at >= day_start(since), column.stage.not_in(GONE)]
    if jurisdiction_path:
        wanted.append(under(column.jurisdiction_path, jurisdiction_path))
    if unit_path:
        wanted.append(sa.or_(under(column.unit_path, unit_path), under(column.accused_unit_path, unit_path)))
    return wanted


def _items(tx: Tx, wanted: Sequence[sa.ColumnElement[bool]], newest: int) -> list[Item]:
    """The newest complaints that have a fingerprint, oldest first."""
    column = TABLE.c
    query = sa.select(column.id, column.received_at, column.category, column.matter_id).where(*wanted)
    rows = tx.rows(query.order_by(column.received_at.desc(), column.id.desc()).limit(newest))
    hashes = fingerprints.of_complaints(tx, [row.id for row in rows])
    return [
        Item(row.id, local_day(row.received_at), row.category, row.matter_id, frozenset(hashes[row.id]))
        for row in reversed(rows)
        if row.id in hashes
    ]
