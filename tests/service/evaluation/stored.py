"""What lies in a box, read past every door; and how somebody with the database's password would change it."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from chassis.store import Store
from services.evaluation.log import HASH_BYTES, leaf_type

CELLS = 8  # four units, two dimensions


def column(store: Store, name: str) -> bytes:
    """One column of all pages, in the order of the box."""
    pages = store.schema["pages"]
    with store.engine.connect() as connection:
        return b"".join(connection.execute(sa.select(pages.c[name]).order_by(pages.c.first)).scalars())


def leaves(store: Store, cells: int = CELLS) -> npt.NDArray[np.void]:
    """Every leaf as a row."""
    return np.frombuffer(column(store, "leaves"), dtype=leaf_type(cells))


def entries(store: Store, cells: int = CELLS) -> list[bytes]:
    """Every leaf as bytes."""
    return [one.tobytes() for one in leaves(store, cells)]


def hashes(store: Store, name: str) -> list[bytes]:
    """`leaf_hashes` or `code_hashes`, one by one."""
    block = column(store, name)
    return [block[at : at + HASH_BYTES] for at in range(0, len(block), HASH_BYTES)]


def change(store: Store, position: int, field: str, value: Any) -> None:
    """Changes one field of one leaf in the database."""
    pages = store.schema["pages"]
    with store.engine.connect().execution_options(writes=True) as connection:
        query = sa.select(pages).where(pages.c.first <= position).order_by(pages.c.first.desc()).limit(1)
        page = connection.execute(query).one()
        table = np.frombuffer(page.leaves, dtype=leaf_type(CELLS)).copy()
        table[field][position - page.first] = value
        connection.execute(sa.update(pages).where(pages.c.first == page.first).values(leaves=table.tobytes()))
        connection.commit()
