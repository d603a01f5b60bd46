"""The blind index: words as keyed hashes, in a GIN column on PostgreSQL, in a full-text table on SQLite.

What a unit may not read it may not find either: a word of its own copy is hashed in one way, a word that stands only in
the whole text in another, and a unit's search asks for the first way alone.

Each word is hashed together with the week of receipt: a search asks the newest weeks first and stops when its page is full,
and which words are frequent over the years cannot be read from the index.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from hashlib import blake2b
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from chassis.db import Id
from chassis.store import Tx
from services.complaints.domain.intake import Content
from services.complaints.domain.weeks import week_of
from services.complaints.domain.words import index_words, query_words
from services.complaints.storage.tables import COMPLAINTS, CONTENTS, WORDS

_WORD_BYTES = 5  # 40 bits: two words of one city's complaints hardly ever share a hash, and the index stays small
_WEEK_BYTES = 4
_FOR_ALL, _FOR_OFFICE = "all", "office"


class WordIndex:
    """The index under one key."""

    def __init__(self, key: bytes) -> None:
        self._begun = {
            way: blake2b(key=key, digest_size=_WORD_BYTES, person=way.encode()) for way in (_FOR_ALL, _FOR_OFFICE)
        }

    def entries(self, content: Content, received_at: datetime) -> list[str]:
        """The hashes under which a complaint is found: of each word together with the week of receipt."""
        for_all = index_words(content.unit_title, content.unit_text)
        copied = ((content.title, content.unit_title), (content.text, content.unit_text))
        left_out = [whole for whole, copy in copied if whole != copy]
        for_office = index_words(*left_out, content.confidential_text) - for_all
        week = week_of(received_at)
        return sorted([*self._hashes(for_all, _FOR_ALL, week), *self._hashes(for_office, _FOR_OFFICE, week)])

    def add(self, tx: Tx, complaint_id: str, entries: Iterable[str]) -> None:
        """Enters a complaint in the full-text table of SQLite."""
        tx.insert(WORDS, {"complaint_id": _hex(complaint_id), "words": " ".join([_own(complaint_id), *entries])})

    def erase(self, tx: Tx, complaint_id: str) -> None:
        """Takes a complaint out of the full-text table of SQLite."""
        tx.execute(sa.delete(WORDS).where(_matches(_own(complaint_id))))

    def holds(self, tx: Tx, text: str, weeks: range) -> sa.ColumnElement[bool]:
        """The condition that a complaint of these weeks holds every word of the text, as far as the caller may read."""
        return COMPLAINTS.table.c.id.in_(self.holding(tx, text, weeks))

    def holding(self, tx: Tx, text: str, weeks: range) -> sa.Select[Any]:
        """The complaints of these weeks that hold every word of the text; none for no word.

        PostgreSQL is asked week by week: of one long list of hashes it would expect every row to hold one and read them all.
        Where it reads all the same, as in a small or new ledger, it looks at each complaint under its own week only.
        """
        words = sorted(query_words(text))
        if not words or not weeks:
            return sa.select(CONTENTS.c.complaint_id).where(sa.false())
        units = not tx.caller.rows.everything and bool(tx.caller.rows.units)
        ways = (_FOR_ALL,) if units else (_FOR_ALL, _FOR_OFFICE)
        by_word = [[[self._hashes([word], way, week)[0] for week in weeks] for way in ways] for word in words]
        if tx.dialect.name == "sqlite":
            either = [" OR ".join(hash for way in word for hash in way) for word in by_word]
            found = sa.type_coerce(WORDS.c.complaint_id, Id())
            return sa.select(found).where(_matches(" AND ".join(f"({one})" for one in either)))
        lists = [sa.cast(way, postgresql.ARRAY(sa.Text)) for word in by_word for way in word]
        names = [f"w{number}" for number in range(len(lists))]
        columns: list[Any] = [sa.column("week", sa.Integer), *(sa.column(name, sa.Text) for name in names)]
        every = sa.cast(list(weeks), postgresql.ARRAY(sa.Integer))
        asked = sa.func.unnest(every, *lists).table_valued(*columns).render_derived()
        column = sa.type_coerce(CONTENTS.c.words, postgresql.ARRAY(sa.Text))
        hashes: list[Any] = [asked.c[name] for name in names]
        each = [
            column.overlap(postgresql.array(hashes[start : start + len(ways)], type_=sa.Text))
            for start in range(0, len(hashes), len(ways))
        ]
        of_week = CONTENTS.c.week == asked.c.week
        return sa.select(CONTENTS.c.complaint_id).select_from(asked.join(CONTENTS, sa.and_(of_week, *each)))

    def _hashes(self, words: Iterable[str], way: str, week: int) -> list[str]:
        """The words under the key, begun once: hashing the key anew for every word would cost as much as the word."""
        hashes, begun = [], self._begun[way].copy()
        begun.update(week.to_bytes(_WEEK_BYTES, "big"))
        for word in words:
            one = begun.copy()
            one.update(word.encode())
            hashes.append(one.hexdigest())
        return hashes


def _own(complaint_id: str) -> str:
    """A word only this complaint holds, so that its line in the full-text table can be found and erased."""
    return f"id{_hex(complaint_id)}"


def _hex(complaint_id: str) -> str:
    """The id as SQLite holds it."""
    return complaint_id.replace("-", "")


def _matches(words: str) -> sa.ColumnElement[bool]:
    return sa.text("complaint_words MATCH :words").bindparams(words=words)  # type: ignore[return-value]
