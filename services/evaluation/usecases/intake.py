"""Putting ballots into a box: code check, at most one standing ballot per code, judgement, leaf, all in one transaction.

The box is locked first, so that no code is used twice at once, over whatever channels, and places are given without gaps.
On a page the leaves are ordered by their hash: the order in which ballots came is not kept.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import compress
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
import numpy.typing as npt

from chassis.errors import Unavailable
from chassis.store import Tx
from services.evaluation.codes import Codes
from services.evaluation.domain.ballot import BallotClass, Channel, Paper, Receipt
from services.evaluation.domain.campaign import Campaign
from services.evaluation.domain.formula import Revote
from services.evaluation.domain.judging import Ballots, Judge, Marks, View
from services.evaluation.log import NONE_EARLIER, SALT_BYTES, leaf_type, suite_of
from services.evaluation.storage import pages, slips
from services.evaluation.storage.box import Standing
from services.evaluation.storage.pages import Batch, Box, Kept, Page

MOST_UNDER_ONE_CODE = 255  # an ordinal is one byte of a leaf
Rows = npt.NDArray[np.intp]


class Why(NamedTuple):
    """Why a ballot was not taken, and which object it is about, if one."""

    reason: str
    object_id: str = ""


class Slips(NamedTuple):
    """Ballots as they come: for each the hash of its code and what opens the own unit sealed with it; a row of ratings.

    A stream's are repeated if they say the same as the last one under their code. One that a rater casts alone has its
    `salt`, by which a repetition is known, and says `after` how many it comes, if told; mail, when it was `received`.
    """

    hashes: Sequence[bytes]
    masks: Sequence[bytes]
    ratings: Ballots
    salt: bytes = b""
    after: int | None = None
    received: datetime | None = None


class Claim(NamedTuple):
    """A batch whose codes are marked as used, for ballots on the page that begins at `page` if nothing comes between:
    the ballots within the scale, by their places, those codes they come under, and which of these were unused."""

    cast: Slips
    page: int
    waiting: list[int]
    codes: list[bytes]
    marked: Callable[[], slips.Codes]


class Intake:
    """Takes batches of one source into an open campaign's box within one transaction, which holds the box's lock.

    After each, `refused` and `repeated` say, by the place in the batch, why a ballot was refused (CODE_NOT_KNOWN,
    RATING_OUTSIDE_SCALE, OBJECT_NOT_YOURS, BALLOT_ALREADY_CAST, BALLOT_CAST_SINCE) or where it lay already; all
    others are in the box.
    """

    def __init__(
        self, tx: Tx, codes: Codes, campaign: Campaign, judge: Judge, box: Box, source: str, standing: Standing
    ) -> None:
        self._tx, self._codes, self._campaign, self._judge = tx, codes, campaign, judge
        self._box = replace(box, frontier=box.frontier.by(suite_of(campaign.plan.suite)))
        self.source, self.standing = source, standing
        self._units: dict[str, str] = {}
        self._ahead: Claim | None = None
        self._begin()

    def _begin(self) -> None:
        self._written: list[tuple[tuple[int, ...], Page]] = []
        self.refused: dict[int, Why] = {}
        self.repeated: dict[int, Kept] = {}
        self._last: dict[int, Kept] = {}

    @property
    def cells(self) -> int:
        """How many bytes a ballot has."""
        return self._judge.paper.cells

    @property
    def accepted(self) -> int:
        """How many ballots went in."""
        return sum(page.number for _, page in self._written)

    def batch(self, sequence: int, content: bytes | None = None) -> Batch:
        """The batch ballots come in: one of its own, but what raters cast themselves comes in the same one for a while."""
        around = rounded_down(self._tx.now, batch_length(self._tx, self._campaign))
        if not self.source and sequence <= self.standing.sequence and self.standing.batch is not None:
            return Batch(self.standing.batch, self.source, sequence, around, content, fresh=False)
        return Batch(self._box.batches + 1, self.source, sequence, around, content, fresh=True)

    def claims(self, casts: Iterable[Slips]) -> Iterator[Claim]:
        """Marks the codes of batches, each while the one before it is taken; asked for before more goes its way."""
        before: Claim | None = None
        for cast in casts:
            if before:
                before.marked()
            self._ahead = self._claim(cast, self._box.frontier.size + (len(before.codes) if before else 0))
            if before:
                yield before
            before = self._ahead
        self._ahead = None
        if before:
            yield before

    def _claim(self, cast: Slips, page: int) -> Claim:
        waiting = np.flatnonzero(~self._judge.outside_scale(cast.ratings)).tolist()
        codes = sorted({cast.hashes[row] for row in waiting})  # as they lie on disk
        return Claim(cast, page, waiting, codes, slips.mark(self._tx, self._campaign.id, page, codes))

    def take(self, batch: Batch, channel: Channel, claim: Claim) -> None:
        """Takes one batch. Ballots under one code go in one after another, each when the one before it has its place."""
        self._begin()
        self._batch, self._channel, self._cast = batch, channel, claim.cast
        waiting, marked = claim.waiting, claim.marked()
        if len(waiting) < len(claim.cast.hashes):
            self.refused |= dict.fromkeys({*range(len(claim.cast.hashes))} - {*waiting}, Why("RATING_OUTSIDE_SCALE"))
        if claim.page != self._box.frontier.size:
            slips.move(self._tx, self._box.frontier.size, marked["code_hash"].tolist())
        while waiting:
            waiting, marked = self._round(waiting, marked), marked[:0]
        if self._batch.fresh:
            self._enter(None)  # a batch of which nothing went in has come all the same
        self.standing = self.standing._replace(sequence=batch.sequence, batch=batch.batch)

    def receipt(self, row: int) -> Receipt:
        """What the rater keeps of a ballot of the batch."""
        if row in self.repeated:
            return receipt_of(self._campaign, self.repeated[row], self._last[row])
        kept = next(page.kept(rows.index(row), self.cells) for rows, page in self._written if row in rows)
        return receipt_of(self._campaign, kept, kept)

    def _round(self, waiting: list[int], marked: slips.Codes) -> list[int]:
        """Takes the first waiting ballot of each code; returns the places of those that wait behind them."""
        hashes_of = [self._cast.hashes[row] for row in waiting]
        turn = dict(zip(reversed(hashes_of), reversed(waiting), strict=True))  # the first of each stays
        codes, unused = marked, len(marked)
        if unused < len(turn):
            missing = turn.keys() - set(marked["code_hash"].tolist())
            codes = np.concatenate([marked, slips.look(self._tx, self._campaign.id, missing)])
        hashes = codes["code_hash"].tolist()
        rows = [turn[code_hash] for code_hash in hashes]
        good = self._put(codes, hashes, rows)
        if unused < len(codes):
            first = self._written[-1][1].first if good.any() else 0
            slips.move(self._tx, first, list(compress(hashes[unused:], good[unused:])))
        if not good.all():
            slips.move(self._tx, None, list(compress(hashes[:unused], ~good[:unused])))
        if len(rows) == len(waiting):
            return []
        known = set(hashes)
        unknown = [row for row in waiting if self._cast.hashes[row] not in known]
        self.refused.update((row, Why("CODE_NOT_KNOWN")) for row in unknown)
        return [row for row in waiting if self._cast.hashes[row] in known and turn[self._cast.hashes[row]] != row]

    def _put(self, codes: slips.Codes, hashes: list[bytes], rows: list[int]) -> Marks:
        """Puts ballots under different good codes into the box; says which went in."""
        found = np.zeros(len(codes), dtype=leaf_type(self.cells))
        found["group"], found["channel"], found["batch"] = codes["group"], self._channel.value, self._batch.batch
        found["earlier"] = NONE_EARLIER
        good, ballots = np.ones(len(codes), dtype=bool), self._cast.ratings[rows]
        for view, part in self._views(codes, rows):
            theirs = ballots if len(part) == len(ballots) else ballots[part]
            for at, place in view.foreign(theirs):
                row = rows[part[at]]
                self.refused[row] = Why("OBJECT_NOT_YOURS", self._judge.paper.plan.objects[place].object_id)
                good[part[at]] = False
            if view.close(theirs):
                ballots[part] = theirs
            found["class"][part] = view.judge(theirs, self._cast.received or self._tx.now)
        found["ratings"] = ballots
        for at in np.flatnonzero(good & (codes["page"] != slips.UNUSED)).tolist():
            good[at] = self._again(found[at], hashes[at], int(codes["page"][at]), rows[at])
        if len(rows) and good.all():
            self._write(found, hashes, rows)
        elif good.any():
            self._write(found[good], list(compress(hashes, good)), list(compress(rows, good)))
        return good

    def _again(self, ballot: np.void, code_hash: bytes, page: int, row: int) -> bool:
        """Whether a further ballot under a used code goes in; then it names the one before it."""
        last = pages.last(self._tx, self._campaign.id, page, code_hash, self.cells)
        same = self._same(ballot, last)
        if same is not None:
            self.repeated[row], self._last[row] = same, last
            return False
        late = int(ballot["class"]) == BallotClass.LATE.value  # it must never stand in place of a good one
        if late or self._campaign.plan.revote is Revote.REFUSED or last.ordinal == MOST_UNDER_ONE_CODE:
            self.refused[row] = Why("BALLOT_ALREADY_CAST")
            return False
        if self._cast.after not in (None, last.ordinal + 1):
            self.refused[row] = Why("BALLOT_CAST_SINCE")
            return False
        ballot["ordinal"], ballot["earlier"] = last.ordinal + 1, last.position
        return True

    def _same(self, ballot: np.void, last: Kept) -> Kept | None:
        """The ballot that this one repeats. What a rater sends again may have been followed by another one meanwhile."""
        ratings, salt = ballot["ratings"].tobytes(), self._cast.salt
        if not salt:
            return last if last.ratings == ratings else None
        before = pages.back(self._tx, self._campaign.id, last, self.cells)
        return next((one for one in before if (one.salt, one.ratings) == (salt, ratings)), None)

    def _write(self, found: slips.Codes, hashes: list[bytes], rows: list[int]) -> None:
        """Writes ballots on a page at the end of the box, in the order of their leaves' hashes."""
        salts = self._cast.salt or secrets.token_bytes(SALT_BYTES * len(found))
        found["salt"] = np.frombuffer(salts, dtype=found.dtype["salt"])
        width, block = found.dtype.itemsize, found.tobytes()
        leaves = [block[at : at + width] for at in range(0, len(block), width)]
        leaf_hashes = self._box.frontier.suite.leaves(leaves)
        order = sorted(range(len(found)), key=leaf_hashes.__getitem__)
        pick: Callable[[list[Any]], tuple[Any, ...]] = itemgetter(*order) if len(order) > 1 else tuple
        ordered = pick(leaf_hashes)
        page = Page(
            first=self._box.frontier.size,
            number=len(found),
            code_hashes=b"".join(pick(hashes)),
            leaf_hashes=b"".join(ordered),
            leaves=b"".join(pick(leaves)),
        )
        self._box = replace(self._box, frontier=self._box.frontier.grown(ordered))
        self._written.append((pick(rows), page))
        self._enter(page)

    def _enter(self, page: Page | None) -> None:
        self._box = replace(self._box, batches=max(self._box.batches, self._batch.batch))
        if self._ahead:
            self._ahead.marked()
        pages.put(self._tx, self._box, self._batch, page)
        self._batch = self._batch._replace(fresh=False)

    def _views(self, codes: slips.Codes, rows: list[int]) -> Iterator[tuple[View, Rows]]:
        """What the holders of these codes may rate, and which ballots are theirs."""
        masks = np.frombuffer(b"".join([self._cast.masks[row] for row in rows]), dtype=codes.dtype["own_unit"])
        own, only, group = masks != codes["own_unit"], codes["only_object"] != np.void(slips.NO_OBJECT), codes["group"]
        apart: dict[View, list[int]] = {}
        for at in np.flatnonzero(own | only).tolist():
            unit = self._codes.open_unit(masks[at].tobytes(), codes["own_unit"][at].tobytes())
            one = str(UUID(bytes=codes["only_object"][at].tobytes())) if only[at] else ""
            apart.setdefault(self._judge.view(int(group[at]), self._path(unit), one), []).append(at)
        for view, places in apart.items():
            yield view, np.array(places)
        rest: dict[View, Marks] = {}
        for number in np.unique(group[~(own | only)]).tolist():
            view, theirs = self._judge.view(number), (group == number) & ~(own | only)
            rest[view] = rest[view] | theirs if view in rest else theirs
        for view, marks in rest.items():
            yield view, np.flatnonzero(marks)

    def _path(self, unit_id: str) -> str:
        if unit_id not in self._units:
            self._units[unit_id] = own_path(self._tx, unit_id)
        return self._units[unit_id]


def receipt_of(campaign: Campaign, kept: Kept, last: Kept) -> Receipt:
    """What the rater keeps of a ballot; `last` is the last one under its code."""
    standing = kept.ordinal == 0 if campaign.plan.revote is Revote.FIRST_COUNTS else kept.ordinal == last.ordinal
    counts = standing and Paper(campaign.plan).counts(kept.ballot_class)
    return Receipt(campaign.id, campaign.number, kept.position, kept.leaf_hash, kept.ballot_class, counts)


def own_path(tx: Tx, unit_id: str) -> str:
    """The path of a rater's own unit; empty if there is none. Raises Unavailable OWN_UNIT_NOT_KNOWN where nothing has been
    heard of the unit yet: without its place it could not be closed."""
    path = tx.copy("unit", unit_id).unit_path if unit_id else ""
    if unit_id and not path:
        raise Unavailable("OWN_UNIT_NOT_KNOWN")
    return path


def batch_length(tx: Tx, campaign: Campaign) -> timedelta:
    """How coarse the only time known of a ballot is."""
    return timedelta(minutes=tx.setting("ballots.batch_minutes", campaign.jurisdiction_path))


def rounded_down(at: datetime, step: timedelta) -> datetime:
    """The instant rounded down to a multiple of `step` since 1970."""
    since = at - datetime.fromtimestamp(0, tz=at.tzinfo)
    return at - since % step
