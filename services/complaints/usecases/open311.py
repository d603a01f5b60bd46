"""Open311: keys for programs, filing by key, and what of complaints is public."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import timedelta
from enum import Enum
from typing import Any, cast

import sqlalchemy as sa

from chassis.auth import Caller, covers
from chassis.clock import local_day
from chassis.errors import Conflict, NotFound
from chassis.keys import clean_code
from chassis.requests import RequestUnderWay
from chassis.store import Tx
from chassis.tx import is_id
from services.complaints.domain import intake
from services.complaints.domain.intake import Draft
from services.complaints.domain.open311 import Offered, Open311Key, Posted, Shown, Span, Wanted, public, short
from services.complaints.domain.stages import Channel
from services.complaints.domain.views import Receipt
from services.complaints.storage import COMPLAINTS
from services.complaints.storage.open311 import (
    OPEN311_KEYS,
    OPEN311_POSTS,
    Post,
    filed_by_keys,
    number_of_token,
    posted_before,
    public_page,
)
from services.complaints.usecases.desk import COMPLAINANT, Desk
from services.complaints.usecases.intake import IntakeCases, receipt_code

KEY, TOKEN, POST = "complaints.open311_key", "complaints.open311_token", "complaints.open311_post"


class Open311Cases:
    """What the gateway asks to speak the standard, and the administration of keys."""

    def __init__(self, desk: Desk, intake_cases: IntakeCases) -> None:
        self._desk = desk
        self._intake = intake_cases

    def offered(self, caller: Caller, jurisdiction_path: str) -> Offered:
        """The services of a place."""
        with self._desk.store.read(caller) as tx:
            self._check(tx, jurisdiction_path)
            groups = {id: group for group in tx.setting("open311.groups", jurisdiction_path) for id in group["ids"]}
            categories = tx.setting("categories", jurisdiction_path)
            return Offered(categories, groups, tx.setting("open311.attributes", jurisdiction_path))

    def requests(self, caller: Caller, wanted: Wanted, size: int, token: str) -> tuple[list[Shown], str, int]:
        """One page of what is public, and how many the standard shows at once."""
        with self._desk.store.read(caller) as tx:
            place = wanted.jurisdiction_path
            self._check(tx, place)
            days, most = int(tx.setting("open311.longest_span_days", place)), int(tx.setting("open311.most", place))
            span = None if wanted.numbers else Span.of(wanted.since, wanted.before, tx.now, days)
            page = public_page(tx, wanted, span, size, token)
            found = [public(COMPLAINTS.value(row)) for row in page.rows]
            words = {entry["id"]: entry for entry in tx.setting("categories", place)}
            names = self._unit_names(tx, {one.unit_path for one in found if one.unit_path})
        shown = [Shown(one, words.get(one.service_code, {}), names.get(one.unit_path, "")) for one in found]
        return shown, page.next_token, most

    def number_of(self, caller: Caller, token: str) -> str:
        """The number a token stands for. Refused with OPEN311_TOKEN_NOT_FOUND."""
        with self._desk.store.read(caller) as tx:
            number = number_of_token(tx, self._desk.keys.mac(TOKEN, clean_code(token)))
        if not number:
            raise NotFound("OPEN311_TOKEN_NOT_FOUND", "token")
        return short(number)

    def file(self, caller: Caller, api_key: str, draft: Draft) -> Posted:
        """Files by key. What is wrong with the key is not told; the key is looked at before anything else."""
        try:
            with self._desk.store.begin(caller) as tx:
                answered = tx.answered  # asked first: another body under the same request id is refused whatever it names
                key = self._key(tx, api_key)
                if answered:
                    return self._posted(key, Receipt(tx.answered, receipt_code(self._desk.keys, caller, tx.answered.id)))
                if not covers(key.jurisdiction_path, draft.jurisdiction_path):
                    raise Conflict("OPEN311_PLACE_NOT_OPEN", "draft.jurisdiction_path")
                intake.check(draft)
                macs = self._post_macs(tx, key, draft)
                if known := posted_before(tx, macs):
                    raise Conflict("OPEN311_SENT_TWICE", number=short(known))
                entered = self._intake.enter_in(tx, draft, Channel.OPEN311, COMPLAINANT)
                received = entered.complaint
                token = self._desk.keys.mac(TOKEN, self._token(received.id))
                post = Post(received.id, received.number, key.id, token, macs[0], tx.now)
                tx.insert(OPEN311_POSTS, asdict(post))
                return self._posted(key, Receipt(tx.answer(received), entered.code))
        except RequestUnderWay:
            return self.file(caller, api_key, draft)

    def issue(self, caller: Caller, jurisdiction_path: str, holder: str, token_only: bool) -> tuple[Open311Key, str]:
        """Issues a key; its secret is derived, so that a repeated request is told it again and it is kept nowhere."""
        with self._desk.store.begin(caller) as tx:
            if tx.answered:
                known = cast(Open311Key, tx.answered)
                return known, self._secret(caller, known.id)
            self._desk.neighbours.check_jurisdiction(tx, jurisdiction_path, "jurisdiction_path")
            id = tx.new_id()
            secret = self._secret(caller, id)
            key = Open311Key(
                id=id,
                version=1,
                unit_path="",
                jurisdiction_path=jurisdiction_path,
                holder=holder,
                token_only=token_only,
                key_mac=self._desk.keys.mac(KEY, clean_code(secret)),
                issued_by=caller.subject,
                issued_at=tx.now,
            )
            tx.add(OPEN311_KEYS, key)
            return tx.answer(key), secret

    def withdraw(self, caller: Caller, key_id: str, version: int) -> tuple[Open311Key, int]:
        """Nothing can be filed by it any more."""
        with self._desk.store.begin(caller) as tx:
            withdrawn: Open311Key = tx.answered or tx.get(OPEN311_KEYS, key_id, version).withdraw(tx.now)
            if not tx.answered:
                tx.save(OPEN311_KEYS, withdrawn)
                tx.answer(withdrawn)
            return withdrawn, filed_by_keys(tx, [key_id]).get(key_id, 0)

    def keys(self, caller: Caller, key_id: str, size: int, token: str) -> tuple[list[tuple[Open311Key, int]], str]:
        """Keys, newest first, with how much was filed by each."""
        table = OPEN311_KEYS.table
        if key_id and not is_id(key_id):
            return [], ""
        with self._desk.store.read(caller) as tx:
            query = sa.select(table).where(tx.visible(table), *([table.c.id == key_id] if key_id else []))
            page = tx.page(query, (table.c.issued_at, table.c.id), size, token)
            found = [OPEN311_KEYS.value(row) for row in page.rows]
            filed = filed_by_keys(tx, [key.id for key in found])
        return [(key, filed.get(key.id, 0)) for key in found], page.next_token

    def _key(self, tx: Tx, api_key: str) -> Open311Key:
        mac = self._desk.keys.mac(KEY, clean_code(api_key))
        found = tx.find(OPEN311_KEYS, OPEN311_KEYS.table.c.key_mac == mac)
        if found is None or found.withdrawn_at is not None:
            raise NotFound("OPEN311_KEY_UNKNOWN", "api_key")
        return found

    def _secret(self, caller: Caller, key_id: str) -> str:
        return self._desk.keys.code(KEY, key_id, caller.request.request_id if caller.request else "")

    def _token(self, complaint_id: str) -> str:
        return clean_code(self._desk.keys.code(TOKEN, complaint_id))

    def _posted(self, key: Open311Key, receipt: Receipt) -> Posted:
        return Posted(receipt, self._token(receipt.complaint.id), key.token_only)

    def _post_macs(self, tx: Tx, key: Open311Key, draft: Draft) -> list[bytes]:
        """The keyed hashes of this post today and yesterday: whoever sends it twice around midnight sends it twice."""
        said = json.dumps(asdict(draft), ensure_ascii=False, sort_keys=True, default=_plain)
        today = local_day(tx.now)
        days = (today, today - timedelta(days=1))
        return [self._desk.keys.mac(POST, key.id, day.isoformat(), said) for day in days]

    def _unit_names(self, tx: Tx, paths: set[str]) -> dict[str, str]:
        if not paths:
            return {}
        columns = tx.store.schema["copies"].c
        return {copy.unit_path: copy.name for copy in tx.copies("unit", columns.unit_path.in_(sorted(paths)))}

    def _check(self, tx: Tx, jurisdiction_path: str) -> None:
        if jurisdiction_path:
            self._desk.neighbours.check_jurisdiction(tx, jurisdiction_path, "jurisdiction_path")


def _plain(value: Any) -> str:
    return str(value.value) if isinstance(value, Enum) else str(value)
