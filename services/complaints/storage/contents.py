"""What complaints say: sealed when filed, opened for readers, erased by key."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from hashlib import blake2b
from typing import Any, Protocol

import sqlalchemy as sa

from chassis.columns import plain_converter
from chassis.errors import Unavailable
from chassis.keys import Keyring
from chassis.store import Tx
from services.complaints.domain.intake import Content
from services.complaints.domain.redaction import Identity, redacted, same_person_keys
from services.complaints.domain.weeks import week_of
from services.complaints.storage.recipients import Recipients
from services.complaints.storage.search import WordIndex
from services.complaints.storage.tables import ACTS, CONTENTS

_TRACE_BYTES = 12
_CONVERTER = plain_converter()
_NOTE = "sealed:"
_GONE = Content("", "", "", "", "")
_COLUMNS = (CONTENTS.c.complaint_id, CONTENTS.c.ciphertext, CONTENTS.c.wrapped_key)


class Held(Protocol):
    """Something that keeps a part of complaints elsewhere, for example their files; erased and anonymised with them."""

    def anonymise(self, tx: Tx, complaint_id: str) -> None:
        """Takes away what tells who raised it; the copy a unit may have stays."""

    def erase(self, tx: Tx, complaint_id: str) -> None:
        """Takes away everything."""


class Contents:
    """The sealed side of complaints under one keyring. `held` is what else holds something of a complaint."""

    def __init__(self, keys: Keyring, held: Sequence[Held] = ()) -> None:
        self._keys = keys
        self._held = held
        self.keepers = Recipients(keys)
        self.words = WordIndex(keys.key("complaints.words"))
        self._trace_key = keys.key("complaints.traces")

    def trace_mac(self, part: str) -> str:
        """The keyed hash by which parts of an identity are recognised in later texts."""
        return blake2b(part.encode(), key=self._trace_key, digest_size=_TRACE_BYTES).hexdigest()

    def seal(
        self, tx: Tx, complaint_id: str, received_at: datetime, content: Content, identity: Identity | None = None
    ) -> None:
        """Writes title, text, identity and search words of a new complaint."""
        row = self.row(complaint_id, received_at, content, identity)
        if tx.dialect.name == "sqlite":
            self.words.add(tx, complaint_id, row.pop("words"))
        tx.insert(CONTENTS, row)

    def row(self, complaint_id: str, received_at: datetime, content: Content, identity: Identity | None) -> dict[str, Any]:
        """The sealed row. The identity is sealed to its keeper, then under the record's key: one erasure takes both."""
        ciphertext, wrapped_key = self._keys.seal_record(_packed(content))
        sealed = None
        if identity is not None and not identity.empty:
            sealed = self._keys.add_to_record(self.keepers.seal(_packed_identity(identity)), wrapped_key)
        return {
            "complaint_id": complaint_id,
            "ciphertext": ciphertext,
            "wrapped_key": wrapped_key,
            "identity": sealed,
            **self.person_macs(identity),
            "words": self.words.entries(content, received_at),
            "week": week_of(received_at),
        }

    def person_macs(self, identity: Identity | None) -> dict[str, bytes | None]:
        """The keyed hashes that tell that two complaints come from one person, by column."""
        parts = same_person_keys(identity) if identity is not None else ()
        macs = {part.partition(":")[0]: self._keys.mac("complaints.person", part) for part in parts}
        return {"phone_mac": macs.get("phone"), "id_number_mac": macs.get("id")}

    def hash_words(self, tx: Tx, complaint_id: str, received_at: datetime) -> None:
        """Hashes the search words of a complaint anew; not of one that is erased or isolated meanwhile."""
        words = self.words.entries(self.open_one(tx, complaint_id), received_at)
        plain = tx.dialect.name == "sqlite"
        row = {"week": week_of(received_at), **({} if plain else {"words": words})}
        readable = (CONTENTS.c.complaint_id == complaint_id) & CONTENTS.c.wrapped_key.is_not(None)
        if tx.execute(sa.update(CONTENTS).where(readable).values(row)).rowcount and plain:
            self.words.erase(tx, complaint_id)
            self.words.add(tx, complaint_id, words)

    def open(self, tx: Tx, complaint_ids: Iterable[str]) -> dict[str, Content]:
        """What these complaints say; an erased one says nothing."""
        rows = tx.rows(sa.select(*_COLUMNS).where(CONTENTS.c.complaint_id.in_(list(complaint_ids))))
        return {row.complaint_id: self._opened(row) for row in rows}

    def open_one(self, tx: Tx, complaint_id: str) -> Content:
        """What one complaint says."""
        return self.open(tx, [complaint_id]).get(complaint_id, _GONE)

    def text(self, tx: Tx, complaint_id: str, text: str) -> bytes | None:
        """One more text under the complaint's key; None for an empty text, or where the key has been erased."""
        if not text:
            return None
        key = self._wrapped_key(tx, complaint_id)
        return None if key is None else self._keys.add_to_record(text.encode(), key)

    def texts(self, tx: Tx, complaint_id: str, sealed: Sequence[bytes | None], held: bytes | None = None) -> list[str]:
        """The texts again, each empty where there is none or where the key has been erased.

        `held` is the key of an isolated complaint, for the one who prints it for the organ.
        """
        if not any(sealed):
            return [""] * len(sealed)
        key = held or self._wrapped_key(tx, complaint_id)
        return [self._text(text, key) for text in sealed]

    def texts_of_many(self, tx: Tx, sealed: Sequence[tuple[str, Sequence[bytes | None]]]) -> list[list[str]]:
        """The same for rows of many complaints, each told by its id; their keys are asked for at once."""
        ids = sorted({complaint_id for complaint_id, texts in sealed if any(texts)})
        query = sa.select(CONTENTS.c.complaint_id, CONTENTS.c.wrapped_key).where(CONTENTS.c.complaint_id.in_(ids))
        keys = {row.complaint_id: row.wrapped_key for row in tx.rows(query)} if ids else {}
        return [[self._text(text, keys.get(complaint_id)) for text in texts] for complaint_id, texts in sealed]

    def _text(self, sealed: bytes | None, key: bytes | None) -> str:
        return "" if key is None or sealed is None else self._keys.open_record(sealed, key).decode()

    def note(self, tx: Tx, complaint_id: str, text: str) -> str:
        """A purpose or reason as it is kept: under the complaint's key, so that it goes with it; empty where that is gone.

        What stands in a log that is only added to stays as it was written, and so does its digest: the key is what goes.
        """
        sealed = self.text(tx, complaint_id, text)
        return "" if sealed is None else _NOTE + b64encode(sealed).decode()

    def notes(self, tx: Tx, kept: Sequence[tuple[str | None, str]]) -> list[str]:
        """Purposes and reasons again, each with the complaint it is about; one an earlier release wrote is as it was."""
        ids = {complaint_id for complaint_id, note in kept if complaint_id and note.startswith(_NOTE)}
        query = sa.select(CONTENTS.c.complaint_id, CONTENTS.c.wrapped_key).where(CONTENTS.c.complaint_id.in_(sorted(ids)))
        keys = {row.complaint_id: row.wrapped_key for row in tx.rows(query)} if ids else {}
        return [self._note(note, keys.get(complaint_id or "")) for complaint_id, note in kept]

    def _note(self, note: str, key: bytes | None) -> str:
        if not note.startswith(_NOTE):
            return note
        try:
            sealed = b64decode(note.removeprefix(_NOTE), validate=True)
            return "" if key is None else self._keys.open_record(sealed, key).decode()
        except (ValueError, Unavailable) as wrong:
            if isinstance(wrong, Unavailable) and wrong.reason != "RECORD_UNREADABLE":
                raise
            return ""  # not as it was written: whoever verifies the log is told

    def lock(self, tx: Tx, complaint_id: str) -> None:
        """Keeps others from taking this complaint's key away, putting it back or sealing it anew until this one is done."""
        tx.execute(sa.select(CONTENTS.c.complaint_id).where(CONTENTS.c.complaint_id == complaint_id).with_for_update())

    def open_held(self, tx: Tx, complaint_id: str, key: bytes | None) -> Content:
        """What an isolated complaint says, by the key that was taken away from it."""
        query = sa.select(CONTENTS.c.ciphertext).where(CONTENTS.c.complaint_id == complaint_id)
        ciphertext = next((row.ciphertext for row in tx.rows(query)), None)
        if key is None or ciphertext is None:
            return _GONE
        return _CONVERTER.loads(self._keys.open_record(ciphertext, key), Content)

    def file_key(self, tx: Tx, complaint_id: str) -> bytes | None:
        """The key of the complaint's files, under the complaint's own; None where that has been erased."""
        key = self._wrapped_key(tx, complaint_id)
        return None if key is None else self._keys.record_subkey(key, "files")

    def identity(self, tx: Tx, complaint_id: str) -> Identity | None:
        """Who raised it, for a reader the identity log already names; None if nobody was named or it is erased."""
        query = sa.select(CONTENTS.c.identity, CONTENTS.c.wrapped_key).where(CONTENTS.c.complaint_id == complaint_id)
        row = next(iter(tx.rows(query)), None)
        if row is None or row.identity is None or row.wrapped_key is None:
            return None
        sealed = self._keys.open_record(row.identity, row.wrapped_key)
        return Identity(**json.loads(self.keepers.open(sealed)))

    def named(self, tx: Tx, complaint_id: str) -> bool:
        """Whether somebody's identity is sealed there."""
        query = sa.select(CONTENTS.c.identity.is_not(None) & CONTENTS.c.wrapped_key.is_not(None))
        return any(row[0] for row in tx.rows(query.where(CONTENTS.c.complaint_id == complaint_id)))

    def anonymise(self, tx: Tx, complaint_id: str, received_at: datetime, by_complainant: Sequence[str]) -> None:
        """Erases who raised it: identity and hashes go; of the words the unit's copy stays, in the index too.

        What the complainant wrote later is masked while the traces of the identity are still known, then these go as well.
        """
        row = next(iter(tx.rows(sa.select(*_COLUMNS).where(CONTENTS.c.complaint_id == complaint_id))), None)
        if row is None or row.wrapped_key is None:
            return
        whole = self._opened(row)
        for held in self._held:
            held.anonymise(tx, complaint_id)
        self._mask_texts(tx, complaint_id, whole, row.wrapped_key, by_complainant)
        kept = Content(whole.unit_title, whole.unit_text, "", whole.unit_title, whole.unit_text)
        words: Any = self.words.entries(kept, received_at)
        if tx.dialect.name == "sqlite":
            self.words.erase(tx, complaint_id)
            self.words.add(tx, complaint_id, words)
            words = sa.null()
        now = {"ciphertext": self._keys.add_to_record(_packed(kept), row.wrapped_key), "words": words}
        gone = {"identity": None, "phone_mac": None, "id_number_mac": None}
        tx.execute(sa.update(CONTENTS).where(CONTENTS.c.complaint_id == complaint_id).values({**now, **gone}))

    def _mask_texts(self, tx: Tx, complaint_id: str, whole: Content, key: bytes, acts: Sequence[str]) -> None:
        query = sa.select(ACTS.c.version, ACTS.c.text).where(ACTS.c.complaint_id == complaint_id, ACTS.c.act.in_(acts))
        for row in tx.rows(query.where(ACTS.c.text.is_not(None))):
            said = redacted(self._keys.open_record(row.text, key).decode(), whole.traces, self.trace_mac)
            line = (ACTS.c.complaint_id == complaint_id) & (ACTS.c.version == row.version)
            tx.execute(sa.update(ACTS).where(line).values(text=self._keys.add_to_record(said.encode(), key)))

    def erase(self, tx: Tx, complaint_id: str) -> None:
        """Erases everything the complaint said, for ever: its key, its identity's hashes, its search words, and what
        others hold of it."""
        for held in self._held:
            held.erase(tx, complaint_id)
        nothing = {"wrapped_key": None, "identity": None, "phone_mac": None, "id_number_mac": None, "words": sa.null()}
        gone = {**nothing, "ciphertext": b""}
        tx.execute(sa.update(CONTENTS).where(CONTENTS.c.complaint_id == complaint_id).values(gone))
        if tx.dialect.name == "sqlite":
            self.words.erase(tx, complaint_id)
        tx.execute(sa.update(ACTS).where(ACTS.c.complaint_id == complaint_id).values(text=None))

    def forget(self, tx: Tx, complaint_id: str) -> None:
        """Takes away the row, so that a corrected complaint of an earlier system can be sealed anew."""
        self.erase(tx, complaint_id)
        tx.execute(sa.delete(CONTENTS).where(CONTENTS.c.complaint_id == complaint_id))

    def _opened(self, row: sa.Row[tuple[str, bytes, bytes | None]]) -> Content:
        if row.wrapped_key is None:
            return _GONE
        return _CONVERTER.loads(self._keys.open_record(row.ciphertext, row.wrapped_key), Content)

    def _wrapped_key(self, tx: Tx, complaint_id: str) -> bytes | None:
        query = sa.select(CONTENTS.c.wrapped_key).where(CONTENTS.c.complaint_id == complaint_id)
        return next((row.wrapped_key for row in tx.rows(query)), None)


def _packed(content: Content) -> bytes:
    return json.dumps(asdict(content), ensure_ascii=False).encode()


def _packed_identity(identity: Identity) -> bytes:
    return json.dumps(asdict(identity), ensure_ascii=False).encode()
