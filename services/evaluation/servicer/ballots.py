"""Ballots by code and by stream, proofs and heads."""

from __future__ import annotations

from collections.abc import Iterator

import grpc
from zhengfeng.evaluation.v1 import ballots_pb2, ballots_pb2_grpc

from chassis.rpc import caller_of
from services.evaluation.usecases import UseCases
from services.evaluation.wire import ballots as ballot_wire

Context = grpc.ServicerContext


class BallotServicer(ballots_pb2_grpc.BallotServiceServicer):
    """Ballots by code and by stream."""

    def __init__(self, usecases: UseCases) -> None:
        self._cases = usecases.ballots

    def GetBallotPaper(
        self, request: ballots_pb2.GetBallotPaperRequest, context: Context
    ) -> ballots_pb2.GetBallotPaperResponse:
        shown = self._cases.paper(caller_of(context), request.code)
        return ballots_pb2.GetBallotPaperResponse(paper=ballot_wire.paper_message(shown))

    def CastBallot(self, request: ballots_pb2.CastBallotRequest, context: Context) -> ballots_pb2.CastBallotResponse:
        after = request.after if request.HasField("after") else None
        given = (ballot_wire.ratings(request.ratings), request.nonce, after)
        receipt = self._cases.cast(caller_of(context), request.code, *given)
        return ballots_pb2.CastBallotResponse(receipt=ballot_wire.receipt_message(receipt))

    def CastBallots(
        self, request_iterator: Iterator[ballots_pb2.CastBallotsRequest], context: Context
    ) -> ballots_pb2.CastBallotsResponse:
        taken = self._cases.stream(caller_of(context), map(ballot_wire.batch, request_iterator))
        return ballots_pb2.CastBallotsResponse(taken=ballot_wire.taken_message(taken))

    def ProveBallot(self, request: ballots_pb2.ProveBallotRequest, context: Context) -> ballots_pb2.ProveBallotResponse:
        proof = self._cases.prove(caller_of(context), request.code, request.leaf_hash, request.signature)
        shown = ballot_wire.proof_message(proof.receipt, proof.path, proof.head, proof.due)
        return ballots_pb2.ProveBallotResponse(proof=shown)

    def GetTreeHead(self, request: ballots_pb2.GetTreeHeadRequest, context: Context) -> ballots_pb2.GetTreeHeadResponse:
        head = self._cases.head(caller_of(context), request.campaign_id)
        return ballots_pb2.GetTreeHeadResponse(head=ballot_wire.head_message(head))
