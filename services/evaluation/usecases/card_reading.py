"""What a reader process does: claims a page, has it read, writes what was found; a page is written once whoever dies.

Readers hold a page under a lease. A reader that was killed leaves its page to the next one; a page on which readers die or
fail again and again is parked with the reason. A row of which any reading is unsure, or on which two readings differ, is
asked of people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from carriage.shelves import NotOnShelf
from chassis.db import taken_meanwhile
from chassis.errors import Refusal, Unavailable
from chassis.logs import log
from chassis.store import Tx
from services.evaluation.cards import geometry as geometries
from services.evaluation.cards.geometry import Geometry
from services.evaluation.cards.port import CardRead, CardReader, Refused
from services.evaluation.domain.card_run import CardDesign
from services.evaluation.domain.scan import Claim, PageState, Scan, ScanState
from services.evaluation.storage import cards, scans
from services.evaluation.storage.scans import CARD_SIDES, SCANS
from services.evaluation.storage.schema import CAMPAIGNS
from services.evaluation.usecases.card_counting import CardCounting
from services.evaluation.usecases.card_sides import SideRead, place_of, sha256_of
from services.evaluation.usecases.desk import SERVICE, Desk
from services.evaluation.usecases.scans import ScanCases

SKIPS = 8
Found = CardRead | Refused


@dataclass(slots=True)
class Held:
    """What one reader keeps at hand between pages: the last file, whole."""

    scan_id: str = ""
    content: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Seen:
    """A side found on a page, and the names under which its pictures lie on the shelf."""

    found: Found
    picture: str


class CardReadingCases:
    """The readers' work."""

    def __init__(self, desk: Desk, files: ScanCases, counting: CardCounting) -> None:
        self._desk, self._files, self._counting = desk, files, counting
        self._turn = 0

    def waits(self) -> bool:
        """Whether a page waits: a look that costs next to nothing."""
        with self._desk.box.read(SERVICE) as tx:
            return scans.any_free(tx)

    def read_one(self, holder: str, reader: CardReader, held: Held) -> bool:
        """Claims a page and has it read; false where none waits. Whatever a page does, the queue goes on."""
        claim = self._claim(holder)
        if claim is None:
            return False
        with self._desk.box.read(SERVICE) as tx:
            scan = tx.get(SCANS, claim.scan_id)
            tries = tx.setting("cards.tries", scan.jurisdiction_path)
        try:
            if claim.attempts > tries:
                self._park(scan, claim, "READER_FAILED")
            else:
                self._read(scan, claim, reader, held)
        except Unavailable as away:
            if _lacks_one(away):
                self._fail(scan, claim, tries, away)
            else:
                self._give_back(claim, away)
                return False  # nothing can be read just now: the reader rests
        except Exception as fault:
            log().warning("card.page_failed", scan_id=scan.id, page=claim.page, attempts=claim.attempts, exc_info=fault)
            held.scan_id = ""
            self._fail(scan, claim, tries, fault)
        self._counting.count(scan.campaign_id)  # it may have been the last page that others waited for
        return True

    def _claim(self, holder: str) -> Claim | None:
        """One waiting page. Each reader begins its look elsewhere, so that they seldom want the same."""
        self._turn = (self._turn + 1) % SKIPS
        for skip in (self._turn, 0):
            with self._desk.box.begin(SERVICE) as tx:
                lease = timedelta(seconds=tx.setting("cards.lease_seconds"))
                claim = scans.claim(tx, holder, tx.now + lease, skip)
            if claim is not None:
                return claim
        return None

    def _read(self, scan: Scan, claim: Claim, reader: CardReader, held: Held) -> None:
        if held.scan_id != scan.id:
            held.content, held.scan_id = self._files.content(scan), scan.id
        if not claim.page:
            self._count(scan, claim, reader.count(held.content, scan.name))
            return
        with self._desk.box.read(SERVICE) as tx:
            designs = {one.id: one for one in cards.designs(tx, scan.campaign_id)}
        known = {one.mark: geometries.from_json(one.geometry) for one in designs.values()}
        found = list(reader.read(held.content, scan.name, known, claim.page, claim.page))
        found = found or [Refused(claim.page, 0, "PAGE_EMPTY")]
        seen = [Seen(one, self._files.put_picture(scan, claim.page, one.place, one.picture)) for one in found]
        self._write(scan, claim, seen, designs, known)

    def _count(self, scan: Scan, claim: Claim, pages: int | Refused) -> None:
        """Puts the pages of a file into the queue, or says why there are none."""
        with self._desk.box.begin(SERVICE) as tx:
            refused = pages.reason if isinstance(pages, Refused) else ""
            if not scans.settle(tx, claim, PageState.REFUSED if refused else PageState.READ, refused):
                return
            scan = tx.get(SCANS, scan.id)
            after = scan.version + 1
            if isinstance(pages, Refused):
                self._fault(tx, scan, claim.page, pages, "")
                tx.save(SCANS, replace(scan, version=after, state=ScanState.REFUSED, reason=refused))
            else:
                scans.add_pages(tx, scan, range(1, pages + 1))
                tx.save(SCANS, replace(scan, version=after, pages=pages))

    def _write(
        self,
        scan: Scan,
        claim: Claim,
        seen: list[Seen],
        designs: Mapping[str, CardDesign],
        known: Mapping[str, Geometry],
    ) -> None:
        """Writes what lay on a page, once."""
        with self._desk.box.begin(SERVICE) as tx:
            refused = next((one.found.reason for one in seen if isinstance(one.found, Refused)), "")
            all_refused = all(isinstance(one.found, Refused) for one in seen)
            if not scans.settle(tx, claim, PageState.REFUSED if all_refused else PageState.READ, refused):
                return
            campaign = tx.get(CAMPAIGNS, scan.campaign_id)
            for one in seen:
                if isinstance(one.found, Refused):
                    self._fault(tx, scan, claim.page, one.found, one.picture)
                else:
                    SideRead(self._desk, tx, campaign, scan, one.found, one.picture).take(designs, known)
            self._settle(tx, scan)

    def _fail(self, scan: Scan, claim: Claim, tries: int, fault: Exception) -> None:
        """A page on which a reader failed is tried again after a while, and parked in the end."""
        reason = fault.reason if isinstance(fault, Refusal) else "READER_FAILED"
        if claim.attempts >= tries:
            self._park(scan, claim, reason)
            return
        with self._desk.box.begin(SERVICE) as tx:
            delay = 0 if taken_meanwhile(fault) else 2**claim.attempts  # another reader began the same card: nobody's fault
            again = tx.now + timedelta(seconds=delay)
            scans.settle(tx, claim, PageState.WAITING, reason, again)

    def _give_back(self, claim: Claim, away: Unavailable) -> None:
        """While files cannot be had no page is to blame: it waits for as long as a reader would hold it, untried."""
        log().warning("card.files_away", scan_id=claim.scan_id, page=claim.page, reason=away.reason)
        with self._desk.box.begin(SERVICE) as tx:
            lease = timedelta(seconds=tx.setting("cards.lease_seconds"))
            scans.give_back(tx, claim, away.reason, tx.now + lease)

    def _park(self, scan: Scan, claim: Claim, reason: str) -> None:
        with self._desk.box.begin(SERVICE) as tx:
            if scans.settle(tx, claim, PageState.PARKED, reason):
                log().error("card.page_parked", scan_id=scan.id, page=claim.page, reason=reason)
                self._settle(tx, scan)

    def _settle(self, tx: Tx, scan: Scan) -> None:
        """Says where a file stands once none of its pages waits."""
        scans.hold(tx, scan.id)
        state = scans.settled(tx, scan)
        if state is not ScanState.WAITING:
            scan = tx.get(SCANS, scan.id)
            tx.save(SCANS, replace(scan, version=scan.version + 1, state=state))

    def _fault(self, tx: Tx, scan: Scan, page: int, one: Refused, picture: str) -> None:
        row = {"card_id": None, "sheet": 0, "side": 0, "reason": one.reason, "picture": picture, "rows": ()}
        tx.insert(CARD_SIDES, {**place_of(tx, scan, page, one.place), **row, "picture_sha256": sha256_of(one.picture)})


def _lacks_one(away: Unavailable) -> bool:
    """Whether the shelf answers, and just has no such file: that does not mend itself."""
    return isinstance(away.__cause__, NotOnShelf)
