"""Earlier complaints of whoever is on the telephone, found by the keyed hash of a number that was typed."""

from __future__ import annotations

import re

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.errors import Invalid
from chassis.store import Tx
from services.complaints.domain.identity import Look
from services.complaints.domain.redaction import Identity
from services.complaints.domain.stages import Manner
from services.complaints.domain.views import Repeats
from services.complaints.storage import COMPLAINTS, CONTENTS, IDENTITY_LOG, recusals
from services.complaints.usecases.desk import Desk

LEAST_DIGITS = "repeats.least_digits"
SHOWN = 50
SEARCHED = "searched"


class RepeatCases:
    """Repeats."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def find(self, caller: Caller, phone: str, id_number: str) -> Repeats:
        """The named complaints under these numbers, newest first, and how many confidential ones there are.

        Refused with NUMBER_TOO_SHORT. The search is a line of the identity log, without what was typed: whoever tries one
        number after another is seen.
        """
        with self._desk.store.begin(caller) as tx:
            least = int(tx.setting(LEAST_DIGITS))
            typed = {"phone": phone, "id": id_number}
            if all(len(re.sub(r"\D", "", text)) < least for text in typed.values()):
                raise Invalid("NUMBER_TOO_SHORT", "phone", least=least)
            macs = self._desk.contents.person_macs(Identity(phone=phone, id_number=id_number))
            table, column = COMPLAINTS.table, COMPLAINTS.table.c
            same = sa.or_(*(CONTENTS.c[name] == mac for name, mac in macs.items() if mac is not None))
            query = sa.select(table).join(CONTENTS, CONTENTS.c.complaint_id == column.id)
            query = query.where(same, tx.visible(table), *recusals.not_theirs(tx))
            found = [COMPLAINTS.value(row) for row in tx.rows(query.order_by(column.received_at.desc(), column.id.desc()))]
            named = tuple(one for one in found if one.manner is Manner.NAMED)
            tx.add(IDENTITY_LOG, _line(tx, len(found)))
            return Repeats(named[:SHOWN], len(named), len(found) - len(named))


def _line(tx: Tx, count: int) -> Look:
    """A search, at the place whose desk it was made at; its number says how many complaints there were."""
    return Look(
        id=tx.new_id(),
        version=1,
        unit_path="",
        jurisdiction_path=next(iter(tx.caller.rows.jurisdictions), ""),
        at=tx.now,
        complaint_id=None,
        number="",
        identity_request_id=None,
        act=SEARCHED,
        actor=tx.caller.subject,
        reader=tx.caller.subject,
        purpose=f"查得{count}件 / {count} found",
    )
