"""Papers, receipts, proofs and heads as messages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from zhengfeng.evaluation.v1 import ballots_pb2 as pb
from zhengfeng.evaluation.v1 import heads_pb2, papers_pb2

from services.evaluation.domain.ballot import Batch, Channel, PaperShown, Receipt, Taken
from services.evaluation.log import TreeHead
from services.evaluation.wire.plans import dimension_messages, grade_messages
from services.evaluation.wire.words import member, timestamp, value


def paper_message(shown: PaperShown) -> papers_pb2.BallotPaper:
    """What a rater sees."""
    plan, own = shown.plan, set(shown.own_objects)
    groups, place = [], 0
    for group in plan.object_groups:
        objects = []
        for one in group.objects:
            if place in shown.objects:
                objects.append(papers_pb2.PaperObject(object_id=one.object_id, name=one.name, own_unit=place in own))
            place += 1
        if objects:
            groups.append(papers_pb2.PaperGroup(key=group.key, name=group.name, objects=objects))
    return papers_pb2.BallotPaper(
        campaign_id=shown.campaign_id,
        number=shown.number,
        title=plan.title,
        closes_at=timestamp(plan.closes_at),
        dimensions=dimension_messages(plan),
        scale=grade_messages(plan),
        dont_know=plan.dont_know,
        groups=groups,
        cast=shown.ballots_cast > 0,
        may_cast_again=shown.may_cast_again,
        ballots_cast=shown.ballots_cast,
    )


def ratings(given: Iterable[pb.ObjectRating]) -> list[tuple[str, Sequence[int]]]:
    """What one rater says, by object."""
    return [(one.object_id, list(one.grades)) for one in given]


def batch(message: pb.CastBallotsRequest) -> Batch:
    """One message of a stream; only the first one need say whence it comes."""
    channel = member(Channel, pb.Channel, message.channel)
    known = (message.campaign_id, message.source, channel, message.sequence)
    return Batch(*known, codes=list(message.codes), ratings=message.ratings)


def receipt_message(receipt: Receipt) -> pb.Receipt:
    """What a rater keeps."""
    return pb.Receipt(
        campaign_id=receipt.campaign_id,
        number=receipt.number,
        position=receipt.position,
        leaf_hash=receipt.leaf_hash,
        ballot_class=value(pb.BallotClass, receipt.ballot_class),  # type: ignore[arg-type]
        counts=receipt.counts,
        signature=receipt.signature,
    )


def taken_message(taken: Taken) -> pb.BallotsTaken:
    """How far a stream came."""
    refusals = [
        pb.RefusedBallot(sequence=one.sequence, index=one.index, reason=one.reason, object_id=one.object_id)
        for one in taken.refusals
    ]
    return pb.BallotsTaken(
        last_committed_sequence=taken.last_committed_sequence,
        accepted=taken.accepted,
        repeated=taken.repeated,
        refused=taken.refused,
        refusals=refusals,
    )


def proof_message(receipt: Receipt, path: Sequence[bytes], head: TreeHead, due: datetime | None) -> pb.InclusionProof:
    """Shows that a ballot's leaf is in the tree of a head, or when the head is due that will cover it."""
    return pb.InclusionProof(
        position=receipt.position,
        leaf_hash=receipt.leaf_hash,
        path=path,
        head=head_message(head),
        head_due=timestamp(due) if due else None,
        ballot_class=value(pb.BallotClass, receipt.ballot_class),  # type: ignore[arg-type]
        counts=receipt.counts,
        signature=receipt.signature,
    )


def head_message(head: TreeHead) -> heads_pb2.TreeHead:
    """A signed head."""
    return heads_pb2.TreeHead(
        campaign_id=head.campaign_id,
        tree_size=head.tree_size,
        root_hash=head.root_hash,
        suite=head.suite,
        rules_hash=head.rules_hash,
        signed_at=timestamp(head.signed_at),
        signature=head.signature,
        public_key=head.public_key,
        closing=head.closing,
    )
