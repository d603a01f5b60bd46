"""Rows on their way into the database: what the driver is spared from doing arrives all the same."""

from __future__ import annotations

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql

from chassis.inserts import Inserts
from tests.servers import PostgreSQL

WORDS = sa.Table("words", sa.MetaData(), sa.Column("words", postgresql.ARRAY(sa.Text)))
TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=6)
TOLD_APART = st.sampled_from(["", "NULL", "null", '"', "\\", "{}", ",", " "])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(words=st.none() | st.lists(TEXTS | TOLD_APART, max_size=5))
def test_an_array_of_any_texts_is_stored_as_given(postgresql: PostgreSQL, words: list[str] | None) -> None:
    with sa.create_engine(postgresql.url()).connect() as connection:
        connection.exec_driver_sql("CREATE TEMP TABLE words (words text[])")
        for copied in (False, True):
            inserts = Inserts(connection)
            if copied:
                inserts.copy(WORDS, [{"words": words}])
            else:
                inserts.add(WORDS, {"words": words})
                inserts.flush()

        assert connection.scalars(sa.select(WORDS.c.words)).all() == [words, words]
