"""The codes a batch of ballots comes with: looked up and marked as used in one statement, by the whole batch at once.

A code is used as soon as its row names the page that its ballot lies on. Whoever marks codes holds the lock of their box, so
that none is marked twice at once; the mark and the page are committed together.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import cache
from typing import Any, cast
from uuid import UUID

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa
from psycopg import RawCursor

from chassis.store import Tx
from services.evaluation.codes import BOX_HASH_BYTES, UNIT_BYTES
from services.evaluation.storage.schema import CODES

Codes = npt.NDArray[np.void]
UNUSED = -1
NO_OBJECT = bytes(16)
CODE = np.dtype(
    [
        ("code_hash", f"V{BOX_HASH_BYTES}"),
        ("group", ">i2"),
        ("own_unit", f"V{UNIT_BYTES}"),
        ("only_object", "V16"),
        ("page", ">i8"),
    ]
)
# By their places on disk, so that the planner never reads the whole table where five hundred look-ups are wanted.
_MARK = """
    WITH marked AS (
        UPDATE codes SET page = $1
        WHERE ctid = ANY (ARRAY(
            SELECT c.ctid FROM generate_series(0, $2::integer - 1) AS i CROSS JOIN LATERAL (
                SELECT ctid FROM codes WHERE code_hash = substr($3::bytea, i * 32 + 1, 32) OFFSET 0
            ) AS c
        )) AND campaign_id = $4::uuid AND NOT void AND page IS NULL
        RETURNING code_hash || int2send(rater_group) || own_unit || coalesce(uuid_send(only_object), $5::bytea)
            || int8send(-1) AS code
    )
    SELECT string_agg(code, '') FROM marked
"""


def mark(tx: Tx, campaign_id: str, page: int, hashes: Sequence[bytes]) -> Callable[[], Codes]:
    """Those of these codes that are good and unused; from now on their ballots lie on the page with this first position.

    On PostgreSQL whoever first asks for them waits, not who has them marked.
    """
    if tx.dialect.name == "postgresql":
        cursor = tx.post((_MARK, (page, len(hashes), b"".join(hashes), campaign_id, NO_OBJECT)))
        return cache(lambda: np.frombuffer(_only(cursor) or b"", dtype=CODE))
    update = sa.update(CODES).where(*_good(campaign_id, hashes), CODES.c.page.is_(None)).values(page=page)
    columns = (CODES.c.code_hash, CODES.c.rater_group, CODES.c.own_unit, CODES.c.only_object)
    marked = _packed((*row, UNUSED) for row in tx.execute(update.returning(*columns)).all())
    return lambda: marked


def look(tx: Tx, campaign_id: str, hashes: Collection[bytes]) -> Codes:
    """Those of these codes that are good, used or not."""
    columns = (CODES.c.code_hash, CODES.c.rater_group, CODES.c.own_unit, CODES.c.only_object, CODES.c.page)
    return _packed(tx.rows(sa.select(*columns).where(*_good(campaign_id, hashes))))


def move(tx: Tx, page: int | None, hashes: Collection[bytes]) -> None:
    """The last ballots of these codes lie on this page; without one the codes are unused again."""
    if hashes:
        tx.execute(sa.update(CODES).where(CODES.c.code_hash.in_(hashes)).values(page=page))


def _good(campaign_id: str, hashes: Collection[bytes]) -> tuple[sa.ColumnElement[bool], ...]:
    return CODES.c.code_hash.in_(hashes), CODES.c.campaign_id == campaign_id, sa.not_(CODES.c.void)


def _only(cursor: RawCursor[Any]) -> bytes | None:
    [(found,)] = cursor.fetchall()
    return cast("bytes | None", found)


def _packed(rows: Any) -> Codes:
    found = [
        (code_hash, group, own, UUID(only).bytes if only else NO_OBJECT, UNUSED if page is None else page)
        for code_hash, group, own, only, page in rows
    ]
    return np.array(found, dtype=CODE)
