"""The codes a batch of ballots comes with: looked up and marked as used in one statement, by the whole batch at once.

A code is used as soon as its row names the page that its ballot lies on. Whoever marks codes holds the lock of their box, so
that none is marked twice at once; the mark and the page are committed together.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa
from sqlalchemy import LargeBinary, bindparam

from chassis.columns import Id
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
_MARK = sa.text(
    """
    WITH marked AS (
        UPDATE codes SET page = :page
        WHERE ctid = ANY (ARRAY(
            SELECT c.ctid FROM generate_series(0, :number - 1) AS i CROSS JOIN LATERAL (
                SELECT ctid FROM codes WHERE code_hash = substr(:hashes, i * 32 + 1, 32) OFFSET 0
            ) AS c
        )) AND campaign_id = :campaign AND NOT void AND page IS NULL
        RETURNING code_hash || int2send(rater_group) || own_unit || coalesce(uuid_send(only_object), :none)
            || int8send(-1) AS code
    )
    SELECT string_agg(code, '') FROM marked
    """
).bindparams(
    bindparam("hashes", type_=LargeBinary),
    bindparam("none", type_=LargeBinary),
    bindparam("campaign", type_=Id()),
    bindparam("page", type_=sa.BigInteger),
)


def mark(tx: Tx, campaign_id: str, page: int, hashes: Sequence[bytes]) -> Codes:
    """Those of these codes that are good and unused; from now on their ballots lie on the page with this first position."""
    if tx.dialect.name == "postgresql":
        blocks = {"number": len(hashes), "hashes": b"".join(hashes), "none": NO_OBJECT}
        known = {"page": page, "campaign": campaign_id, **blocks}
        return np.frombuffer(tx.execute(_MARK, known).scalar() or b"", dtype=CODE)
    update = sa.update(CODES).where(*_good(campaign_id, hashes), CODES.c.page.is_(None)).values(page=page)
    columns = (CODES.c.code_hash, CODES.c.rater_group, CODES.c.own_unit, CODES.c.only_object)
    return _packed((*row, UNUSED) for row in tx.execute(update.returning(*columns)).all())


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


def _packed(rows: Any) -> Codes:
    found = [
        (code_hash, group, own, UUID(only).bytes if only else NO_OBJECT, UNUSED if page is None else page)
        for code_hash, group, own, only, page in rows
    ]
    return np.array(found, dtype=CODE)
