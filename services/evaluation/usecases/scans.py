"""Files of scanned cards: taken in, listed, their pictures kept sealed and destroyed when the rules say so.

A file lies on this machine only sealed, in a folder of its own that goes when the upload ends however it ends. What a file
is, is told by its first bytes; what lies in it, by a reader process.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa

from carriage.sealed_files import SealedWriter, from_head, opened
from carriage.shelves import Shelf
from carriage.shelving import answering
from chassis.auth import Caller
from chassis.errors import Conflict, Invalid, NotFound, TooMany
from chassis.store import Tx
from services.evaluation.domain.campaign import State
from services.evaluation.domain.scan import Progress, Scan, ScanState
from services.evaluation.storage import cards, scans
from services.evaluation.storage.scans import CARD_SIDES, SCANS
from services.evaluation.storage.schema import CAMPAIGNS
from services.evaluation.usecases.desk import SERVICE, Desk

MEGABYTE = 1_000_000
HEAD = 1024  # a PDF may begin anywhere in its first kilobyte (ISO 32000-1, Annex H.3.4.1)
MARKS = (b"%PDF-", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*")
MINUTE = timedelta(minutes=1)
FILES, AT_ONCE = "cards/file", 20


class ScanCases:
    """What the scanner clerk does and sees."""

    def __init__(self, desk: Desk, shelf: Shelf, staging: Path) -> None:
        self._desk, self._shelf, self._staging = desk, shelf, staging

    def take(self, caller: Caller, campaign_id: str, name: str, pieces: Iterator[bytes]) -> Scan:
        """Takes one file; the same file again is the same scan."""
        with self._desk.box.read(caller) as tx:
            campaign = tx.get(CAMPAIGNS, campaign_id)
            campaign.must_be_open()
            waiting = scans.waiting(tx, campaign.id)
            if waiting >= tx.setting("cards.most_waiting", campaign.jurisdiction_path):
                raise TooMany("SCANS_WAITING", waiting=waiting)
            largest = tx.setting("cards.file_megabytes", campaign.jurisdiction_path) * MEGABYTE
        _, sealed_key = self._desk.keys.seal_record(b"")
        self._staging.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryDirectory(dir=self._staging, prefix="scan-") as folder:
            path = Path(folder) / "scan"
            sha256, size = self._sealed(path, self._desk.keys.record_subkey(sealed_key, FILES), pieces, largest)
            with self._desk.box.read(caller) as tx:
                known = scans.known(tx, campaign.id, sha256)
            if known is not None:
                return known
            file = self._desk.keys.mac("cards.scans", campaign.id, sha256, sealed_key).hex()
            with answering():
                self._shelf.put(file, path)
            try:
                return self._keep(caller, campaign.id, name, sha256, size, file, sealed_key)
            except (Conflict, NotFound):  # closed meanwhile: what nobody knows of would lie there for ever
                self._shelf.remove(file)
                raise

    def page(self, caller: Caller, campaign_id: str, size: int, token: str) -> tuple[list[tuple[Scan, int, int]], str]:
        """The files of a campaign, latest first, each with how many of its pages wait, and how many are parked."""
        self._desk.campaign(caller, campaign_id)
        table = SCANS.table
        with self._desk.box.read(caller) as tx:
            page = tx.page(sa.select(table).where(table.c.campaign_id == campaign_id), [table.c.id], size, token)
            found = [SCANS.value(row) for row in page.rows]
            left = scans.pages_left(tx, [one.id for one in found])
        return [(one, *left[one.id]) for one in found], page.next_token

    def progress(self, caller: Caller, campaign_id: str) -> Progress:
        """How far reading has come. It is asked every few seconds, so the plan is not read for it."""
        with self._desk.box.read(caller) as tx:
            self._desk.in_force(tx, campaign_id)
            files = cards.states(tx, SCANS.table, campaign_id)
            return Progress(
                files=sum(files.values()),
                pages=cards.states(tx, scans.SCAN_PAGES, campaign_id),
                cards=cards.states(tx, cards.CARDS.table, campaign_id),
                doubts=cards.doubt_states(tx, campaign_id),
                faults=scans.fault_counts(tx, campaign_id),
                sides_in_last_minute=scans.read_since(tx, campaign_id, tx.now - MINUTE),
            )

    def faults(self, caller: Caller, campaign_id: str, size: int, token: str) -> tuple[list[sa.Row[tuple[str]]], str]:
        """What was refused and why, latest first."""
        self._desk.campaign(caller, campaign_id)
        with self._desk.box.read(caller) as tx:
            page = tx.page(scans.faults(campaign_id), [CARD_SIDES.c.id], size, token)
        return list(page.rows), page.next_token

    def read_parked(self, caller: Caller, scan_id: str) -> tuple[Scan, int, int]:
        """Has the parked pages of a file read once more."""
        with self._desk.box.begin(caller) as tx:
            if tx.answered:
                return cast(Scan, tx.answered), *scans.pages_left(tx, [scan_id])[scan_id]
            scan = tx.get(SCANS, scan_id)
            waiting = scans.unpark(tx, scan_id)
            if tx.answered_meanwhile:
                return cast(Scan, tx.answered), *scans.pages_left(tx, [scan_id])[scan_id]
            if not waiting:
                raise Conflict("SCAN_NOT_PARKED", "scan_id")
            again = replace(scan, version=scan.version + 1, state=ScanState.WAITING)
            tx.save(SCANS, again)
            return tx.answer(again), *scans.pages_left(tx, [scan_id])[scan_id]

    def read_all_parked(self, caller: Caller, campaign_id: str) -> int:
        """Has every parked page of a campaign read once more; how many pages wait then."""
        with self._desk.box.begin(caller) as tx:
            if tx.answered:
                return scans.waiting(tx, campaign_id)
            campaign = self._desk.in_force(tx, campaign_id)
            campaign.must_be_open()
            pages = scans.unpark_all(tx, campaign_id)
            if not tx.answered_meanwhile:
                if not pages:
                    raise Conflict("SCAN_NOT_PARKED", "campaign_id")
                tx.note("scans", campaign_id)
                tx.answer(campaign)
            return scans.waiting(tx, campaign_id)

    def content(self, scan: Scan) -> bytes:
        """A whole file, for a reader. Raises Unavailable FILE_UNREADABLE."""
        if scan.sealed_key is None:
            raise NotFound("CARD_PICTURE_NOT_FOUND", "picture_id")
        with answering():
            return b"".join(opened(self._shelf.read(scan.file), self._desk.keys.record_subkey(scan.sealed_key, FILES)))

    def put_picture(self, scan: Scan, page: int, place: int, picture: bytes) -> str:
        """Puts a picture onto the shelf, sealed; the same one again has the same name. Its name there."""
        if not picture or scan.sealed_key is None:
            return ""
        name = self._desk.keys.mac("cards.pictures", scan.id, str(page), str(place)).hex()
        self._staging.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryDirectory(dir=self._staging, prefix="picture-") as folder:
            path = Path(folder) / "picture"
            path.write_bytes(self._desk.keys.add_to_record(picture, scan.sealed_key))
            with answering():
                self._shelf.put(name, path)
        return name

    def picture(self, caller: Caller, picture_id: str) -> bytes:
        """The strip of a row, or a side, or what a refused page shows. Raises NotFound CARD_PICTURE_NOT_FOUND."""
        with self._desk.box.read(caller) as tx:
            scan, sealed, name = _kept(tx, picture_id)
        if scan is None or scan.sealed_key is None or not (sealed or name):
            raise NotFound("CARD_PICTURE_NOT_FOUND", "picture_id")
        with answering():
            content = sealed or b"".join(self._shelf.read(name))
        return self._desk.keys.open_record(content, scan.sealed_key)

    def destroy(self) -> int:
        """Destroys the pictures of campaigns whose time is over: their key first, then their bytes. How many files."""
        with self._desk.box.read(SERVICE) as tx:
            due = [row.id for row in scans.campaigns_with_key(tx) if _over(tx, row)]
        gone = 0
        for campaign_id in due:
            while found := self._with_key(campaign_id):
                for scan in found:
                    self._forget(scan)
                gone += len(found)
        return gone

    def _with_key(self, campaign_id: str) -> list[Scan]:
        with self._desk.box.read(SERVICE) as tx:
            return scans.with_key(tx, campaign_id, AT_ONCE)

    def _forget(self, scan: Scan) -> None:
        """Destroys one file's key and pictures; another reader may have done so meanwhile."""
        with self._desk.box.begin(SERVICE) as tx:
            scans.lock(tx, scan.campaign_id)
            now = tx.get(SCANS, scan.id)
            names = scans.forget(tx, scan.id)
            if now.sealed_key is not None:
                tx.save(SCANS, replace(now, version=now.version + 1, sealed_key=None))
        for name in (scan.file, *names):
            with answering():
                self._shelf.remove(name)

    def _sealed(self, path: Path, key: bytes, pieces: Iterator[bytes], largest: int) -> tuple[str, int]:
        """Seals a file as it comes; refuses what it must as early as it can."""
        digest, size = hashlib.sha256(), 0
        with path.open("wb") as file:
            sealed = SealedWriter(file, key)
            for piece in from_head(pieces, HEAD):
                if not size and not (piece.startswith(MARKS) or MARKS[0] in piece[:HEAD]):
                    raise Invalid("SCAN_TYPE_REFUSED", "content")
                size += len(piece)
                if size > largest:
                    raise Invalid("SCAN_TOO_LARGE", "content", megabytes=largest // MEGABYTE)
                digest.update(piece)
                sealed.write(piece)
            sealed.close()
        if not size:
            raise Invalid("SCAN_EMPTY", "content")
        return digest.hexdigest(), size

    def _keep(
        self, caller: Caller, campaign_id: str, name: str, sha256: str, size: int, file: str, sealed_key: bytes
    ) -> Scan:
        with self._desk.box.begin(caller) as tx:
            tx.get(CAMPAIGNS, campaign_id)  # whoever may not see it holds nobody up
            scans.lock(tx, campaign_id)
            campaign = tx.get(CAMPAIGNS, campaign_id)
            campaign.must_be_open()
            known = scans.known(tx, campaign.id, sha256)
            if known is None:
                scan = Scan(
                    id=tx.new_id(),
                    version=1,
                    unit_path=campaign.unit_path,
                    jurisdiction_path=campaign.jurisdiction_path,
                    campaign_id=campaign.id,
                    name=name,
                    sha256=sha256,
                    size=size,
                    pages=0,
                    state=ScanState.WAITING,
                    reason="",
                    received_at=tx.now,
                    given_by=caller.subject,
                    file=file,
                    sealed_key=sealed_key,
                )
                scans.add_pages(tx, tx.add(SCANS, scan), [0])
                return scan
        self._shelf.remove(file)
        return known


def _kept(tx: Tx, picture_id: str) -> tuple[Scan | None, bytes, str]:
    """The scan a picture belongs to, if the caller may see it; its sealed bytes, or its name on the shelf."""
    place = scans.picture(tx, picture_id)
    if place is None:
        return None, b"", ""
    return tx.find(SCANS, SCANS.table.c.id == place.scan_id), place.sealed or b"", place.picture


def _over(tx: Tx, campaign: sa.Row[Any]) -> bool:
    """Whether nobody may look at a campaign's pictures any more: its result has stood long enough, or it never got one."""
    final = campaign.state is State.FINAL and campaign.released_at is not None
    since, key = (campaign.released_at, "keep_days") if final else (campaign.closed_at, "keep_days_closed")
    days = tx.setting(f"cards.{key}", campaign.jurisdiction_path)
    return since is not None and since + timedelta(days=days) < tx.now
