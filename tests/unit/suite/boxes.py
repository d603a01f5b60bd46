"""Published boxes made in memory: what the service would publish of these ballots under this plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from services.evaluation.domain.adjustment import Adjustment, AdjustmentState, Charge, Deduction
from services.evaluation.domain.ballot import BallotClass, Paper
from services.evaluation.domain.campaign import Campaign, State
from services.evaluation.domain.formula import Cause, Revote
from services.evaluation.domain.plan import Plan
from services.evaluation.domain.result import GroupTurnout, ObjectResult
from services.evaluation.log import NONE_EARLIER, Frontier, Signer, leaf_entry, suite_of
from services.evaluation.tally.counts import count
from services.evaluation.tally.table import Explainer, result_rows
from services.evaluation.wire import published
from tests.service.evaluation.published import resealed, zfbox
from tests.unit.evaluation.plans import plan as planned

AT = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)
CAMPAIGN_ID = "0197fd2a-0000-7000-8000-000000000001"
SIGNER = Signer(bytes(range(32)))


@dataclass(frozen=True)
class Cast:
    """One ballot: its rater group, its ratings, its class, and the place of the one it was cast again after."""

    group: int
    ratings: bytes
    ballot_class: BallotClass = BallotClass.VALID
    after: int | None = None


@dataclass(frozen=True)
class Made:
    """The files of a box, and the receipts of its ballots as raters keep them."""

    files: dict[str, bytes]
    receipts: list[str]
    heads: list[str]


PLAIN = planned((2, 2), (60, 40), (70, 30), suppress_below=2)
BALLOTS = [Cast(place % 2, bytes((place + cell) % 4 for cell in range(8))) for place in range(11)]


def made(plan: Plan, ballots: Sequence[Cast], deductions: Sequence[Deduction] | None = None, whole: bool = True) -> Made:
    """What is published of these ballots, with a head after every third one."""
    records = list(_records(ballots))
    suite = suite_of(plan.suite)
    hashes = [suite.leaf(record) for record in records]
    campaign = replace(
        Campaign.planned(CAMPAIGN_ID, "评议〔2026〕1号", plan, AT),
        state=State.RELEASED, opened_at=AT, closed_at=AT, counted_at=AT, released_at=AT,
    )  # fmt: skip
    sizes = sorted({*range(0, len(records), 3), len(records)})
    frontiers = [Frontier(suite=suite).grown(hashes[:size]) for size in sizes]
    times = [AT + timedelta(seconds=10 * number) for number in range(len(sizes))]
    rules = campaign.rules_hash
    closing = [False] * (len(sizes) - 1) + [True]
    heads = [SIGNER.head(CAMPAIGN_ID, *one) for one in zip(frontiers, [rules] * len(sizes), times, closing, strict=True)]
    before = published.rules(campaign, heads[-1], heads)
    turnout, results = _counted(plan, ballots, deductions or [Deduction()] * len(plan.objects))
    entries = {charge.adjustment_id: _entry(charge) for one in results for charge in one.charges}
    after = published.result(turnout, results, plan.points_off, entries, whole)
    before.append(published.seal([*before, *after], heads[-1], SIGNER))
    files = dict([*before, (published.BALLOTS, b"".join(records)), *after])
    receipts = [
        f"zhengfeng-receipt/1:{CAMPAIGN_ID}:{place}:{leaf.hex()}:{SIGNER.receipt(suite, CAMPAIGN_ID, place, leaf).hex()}"
        for place, leaf in enumerate(hashes)
    ]
    kept = [
        f"zhengfeng-head/1:{head.suite}:{CAMPAIGN_ID}:{head.tree_size}:{head.root_hash.hex()}:{head.rules_hash.hex()}"
        f":{round(head.signed_at.timestamp() * 1_000_000)}:{head.signature.hex()}:{head.public_key.hex()}"
        f"{':closed' if head.closing else ''}"
        for head in heads
    ]
    return Made(files, receipts, kept)


def without(box: Made, gone: int, plan: Plan, ballots: Sequence[Cast]) -> dict[str, bytes]:
    """The box as a dishonest office would publish it: one ballot taken out, everything after it signed anew."""
    return made(plan, [one for place, one in enumerate(ballots) if place != gone]).files


def _records(ballots: Sequence[Cast]) -> list[bytes]:
    ordinals: list[int] = []
    records = []
    for place, one in enumerate(ballots):
        ordinals.append(0 if one.after is None else ordinals[one.after] + 1)
        earlier = NONE_EARLIER if one.after is None else one.after
        salt = place.to_bytes(16, "big")
        records.append(
            leaf_entry(salt, one.group, 1, place // 2 + 1, one.ballot_class.value, ordinals[-1], earlier, one.ratings)
        )
    return records


def _counted(
    plan: Plan, ballots: Sequence[Cast], deductions: Sequence[Deduction]
) -> tuple[list[GroupTurnout], list[ObjectResult]]:
    replaced = {one.after for one in ballots if one.after is not None}
    again = {place for place, one in enumerate(ballots) if one.after is not None}
    gone = {Revote.LAST_COUNTS: replaced, Revote.FIRST_COUNTS: again}.get(plan.revote, set())
    counting = Paper(plan).counting_classes
    standing = [one for place, one in enumerate(ballots) if place not in gone and one.ballot_class in counting]
    counts = count(plan, [([one.ratings for one in standing], [one.group for one in standing])] if standing else [])
    turnout = []
    for group in range(len(plan.rater_groups)):
        own = [place for place, one in enumerate(ballots) if one.group == group]
        classes = Counter(ballots[place].ballot_class for place in own)
        counted = sum(one.group == group for one in standing)
        superseded = sum(place in gone for place in own)
        turnout.append(GroupTurnout(99, len(own), counted, superseded, {one: classes[one] for one in BallotClass}))
    explainer = Explainer(plan, counts)
    results = [
        ObjectResult(
            "", 1, "", "", CAMPAIGN_ID, 1, row.object_id, line, row, explainer.groups(place), deductions[place].charges
        )
        for line, (place, row) in enumerate(result_rows(plan, counts, deductions))
    ]
    return turnout, results


def _entry(charge: Charge) -> Adjustment:
    """The ledger's entry of a charge, whose id says its cause and measure: `measure/warning/1`."""
    cause, measure, _ = charge.adjustment_id.split("/")
    known = (charge.adjustment_id, 1, "/qinghe/o0", "/qinghe", "record", 1, 2026, Cause(cause), measure, "")
    return Adjustment(*known, AdjustmentState.COUNTS, "", AT, ())


def charged(points: Fraction, *charges: Charge, on: Fraction = Fraction(0)) -> Deduction:
    """What came off one object, and the charges behind it."""
    return Deduction(points, charges, on)


def lying(files: dict[str, bytes]) -> bytes:
    """A file whose documents were changed by whoever holds the key."""
    return zfbox(resealed(files, SIGNER))
