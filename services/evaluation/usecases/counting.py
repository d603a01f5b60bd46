"""From a closed box to a final result."""

from __future__ import annotations

from datetime import datetime

from chassis.auth import Caller
from chassis.errors import Conflict
from chassis.store import Tx
from services.evaluation.domain.campaign import Campaign, State
from services.evaluation.domain.objection import ObjectionState, may_become_final
from services.evaluation.domain.result import GroupTurnout, ObjectResult, ResultRow, consequences, release_fact
from services.evaluation.storage import box as boxes
from services.evaluation.storage import counts as kept
from services.evaluation.storage import objections
from services.evaluation.storage.schema import CAMPAIGNS
from services.evaluation.tally.table import Explainer, result_rows
from services.evaluation.usecases.desk import Desk
from services.evaluation.usecases.objections import locked
from services.evaluation.usecases.reading import Read, Reader, deductions


class CountCases:
    """Counting, release by two people, and what follows."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._store = desk.box

    def count(self, caller: Caller, campaign_id: str, expected_version: int) -> Campaign:
        """Counts the whole box from the stored ballots. A count that was never released gives way, a released one stays."""
        with self._store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            counted = tx.get(CAMPAIGNS, campaign_id, expected_version).count(tx.now)
            tx.save(CAMPAIGNS, counted)
            read = self._proved(tx, counted)
            first = next((one.counted_at for one in kept.kept(tx, campaign_id) if one.released_at), None)
            number = kept.begin(tx, campaign_id, read.turnout)
            kept.add(tx, _results(tx, counted, read, number, first))
            return tx.answer(counted)

    def release(self, caller: Caller, campaign_id: str, expected_version: int) -> Campaign:
        """Approves the release; the second approval, by another person, releases."""
        with self._store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            approved = tx.get(CAMPAIGNS, campaign_id, expected_version).approve_release(caller.subject, tx.now)
            tx.save(CAMPAIGNS, approved)
            if approved.state is State.RELEASED:
                kept.release(tx, campaign_id)
                tx.emit(release_fact(approved, kept_rows(tx, campaign_id)))
            return tx.answer(approved)

    def finalise(self, caller: Caller, campaign_id: str, expected_version: int) -> Campaign:
        """Makes a released result final, once nothing is said against it any more, and announces what follows from it."""
        with self._store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            locked(tx, campaign_id)
            released = tx.get(CAMPAIGNS, campaign_id, expected_version)
            final = released.finalise()
            may_become_final(released, objections.numbers(tx, campaign_id).get(ObjectionState.FILED, 0), tx.now)
            tx.save(CAMPAIGNS, final)
            for fact in consequences(final, kept_rows(tx, campaign_id)):
                tx.emit(fact)
            return tx.answer(final)

    def _proved(self, tx: Tx, campaign: Campaign) -> Read:
        """The box as its closing head says it is. Raises Conflict BOX_DAMAGED if the stored ballots say otherwise, or if the
        last head is not the closing one: then pages and heads are missing at the end."""
        head = boxes.latest_head(tx, campaign.id)
        size = head.tree_size if head else 0
        read = Reader(tx, campaign, size, prove=True).read()
        closing = head is not None and head.closing and self._desk.signer.vouches(head)
        genuine = closing and head is not None and read.frontier.root() == head.root_hash
        whole = boxes.filled(tx, campaign.id) == size
        if not genuine or not whole or read.first_ballots != boxes.used(tx, campaign.id):  # one code, one first ballot
            raise Conflict("BOX_DAMAGED", number=campaign.number)
        return read


def kept_rows(tx: Tx, campaign_id: str) -> list[ResultRow]:
    """The lines of the last count, group by group, first place first."""
    last = kept.last(tx, campaign_id)
    return kept.rows(tx, campaign_id, last.count) if last else []


def kept_turnout(tx: Tx, campaign_id: str) -> tuple[GroupTurnout, ...]:
    """The turnout of the last count."""
    last = kept.last(tx, campaign_id)
    return last.turnout if last else ()


def _results(tx: Tx, campaign: Campaign, read: Read, count: int, until: datetime | None) -> list[ObjectResult]:
    off = deductions(tx, campaign.plan, until)
    explainer = Explainer(campaign.plan, read.counts)
    return [
        ObjectResult(
            id=tx.new_id(),
            version=1,
            unit_path=row.unit_path,
            jurisdiction_path=campaign.plan.objects[place].seen_by(campaign.jurisdiction_path),
            campaign_id=campaign.id,
            count=count,
            object_id=row.object_id,
            place=line,
            row=row,
            groups=explainer.groups(place),
            charges=off[place].charges,
        )
        for line, (place, row) in enumerate(result_rows(campaign.plan, read.counts, off))
    ]
