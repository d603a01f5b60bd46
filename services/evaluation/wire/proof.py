"""Heads, consistency, receipts and the published box as messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum

from zhengfeng.evaluation.v1 import proof_pb2 as pb

from services.evaluation.domain.campaign import Campaign
from services.evaluation.log import TreeHead
from services.evaluation.wire.ballots import head_message
from services.evaluation.wire.words import value


def consistency_message(earlier: TreeHead, later: TreeHead, path: Sequence[bytes]) -> pb.ConsistencyProof:
    """Shows that a tree grew out of another."""
    return pb.ConsistencyProof(
        from_size=earlier.tree_size,
        from_root=earlier.root_hash,
        to_size=later.tree_size,
        to_root=later.root_hash,
        path=path,
    )


def found_message(standing: Enum, signed: bool, leaf_hash: bytes, path: Sequence[bytes], head: TreeHead) -> pb.ReceiptFound:
    """A receipt held against the box."""
    word = value(pb.ReceiptStanding, standing)
    return pb.ReceiptFound(
        standing=word,  # type: ignore[arg-type]
        signed=signed,
        leaf_hash=leaf_hash,
        path=path,
        head=head_message(head),
    )


def box_messages(
    campaign: Campaign, files: Iterable[tuple[str, int]], pieces: Iterable[tuple[str, bytes]]
) -> Iterator[pb.PublishBoxResponse]:
    """The published box: what is coming, then piece by piece."""
    listed = [pb.BoxFile(name=name, size=size) for name, size in files]
    yield pb.PublishBoxResponse(contents=pb.BoxContents(campaign_id=campaign.id, number=campaign.number, files=listed))
    for name, content in pieces:
        yield pb.PublishBoxResponse(piece=pb.BoxPiece(file=name, content=content))
