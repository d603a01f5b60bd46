"""What an auditor needs: heads, consistency, receipts, the published box."""

from __future__ import annotations

from collections.abc import Iterator

import grpc
from zhengfeng.evaluation.v1 import proof_pb2, proof_pb2_grpc

from chassis.rpc import caller_of
from services.evaluation.usecases import UseCases
from services.evaluation.wire import proof as proof_wire
from services.evaluation.wire.ballots import head_message

Context = grpc.ServicerContext


class ProofServicer(proof_pb2_grpc.ProofServiceServicer):
    """The proof of a box, for everybody."""

    def __init__(self, usecases: UseCases) -> None:
        self._cases = usecases.proof

    def ListTreeHeads(self, request: proof_pb2.ListTreeHeadsRequest, context: Context) -> proof_pb2.ListTreeHeadsResponse:
        wanted = (request.campaign_id, request.page_size, request.page_token)
        heads, token = self._cases.heads(caller_of(context), *wanted)
        return proof_pb2.ListTreeHeadsResponse(heads=map(head_message, heads), next_page_token=token)

    def GetConsistencyProof(
        self, request: proof_pb2.GetConsistencyProofRequest, context: Context
    ) -> proof_pb2.GetConsistencyProofResponse:
        wanted = (request.campaign_id, request.from_size, request.to_size)
        shown = self._cases.consistency(caller_of(context), *wanted)
        proof = proof_wire.consistency_message(shown.earlier, shown.later, shown.path)
        return proof_pb2.GetConsistencyProofResponse(proof=proof)

    def CheckReceipt(self, request: proof_pb2.CheckReceiptRequest, context: Context) -> proof_pb2.CheckReceiptResponse:
        receipt = (request.campaign_id, request.position, request.leaf_hash, request.signature)
        found = self._cases.check(caller_of(context), *receipt)
        shown = proof_wire.found_message(found.standing, found.signed, found.leaf_hash, found.path, found.head)
        return proof_pb2.CheckReceiptResponse(found=shown)

    def PublishBox(self, request: proof_pb2.PublishBoxRequest, context: Context) -> Iterator[proof_pb2.PublishBoxResponse]:
        box = self._cases.publish(caller_of(context), request.campaign_id)
        yield from proof_wire.box_messages(box.campaign, box.files, box.pieces)
