"""The door of transfers and peers."""

from __future__ import annotations

from typing import Any

from grpc import ServicerContext
from zhengfeng.complaints.v1 import peers_pb2, peers_pb2_grpc, transfers_pb2, transfers_pb2_grpc

from chassis.rpc import caller_of
from services.complaints.domain.transfers import Peer
from services.complaints.usecases import UseCases
from services.complaints.wire import outside as wire
from services.complaints.wire.words import CONCLUSION, stamp


class TransferServiceServicer(transfers_pb2_grpc.TransferServiceServicer):
    """Handing over, taking in, and the outcome."""

    def __init__(self, usecases: UseCases) -> None:
        self.cases, self.incoming = usecases.transfers, usecases.incoming

    def TransferOut(self, request: Any, context: ServicerContext) -> transfers_pb2.TransferOutResponse:
        one = (request.complaint_id, request.expected_version, request.peer_id)
        ordered = self.cases.hand_over(caller_of(context), *one, wire.SCOPE[request.scope], request.reason)
        return transfers_pb2.TransferOutResponse(transfer=wire.transfer(ordered, request.reason))

    def TransferIn(self, request: Any, context: ServicerContext) -> transfers_pb2.TransferInResponse:
        told = (request.reference, request.sender_number, request.jurisdiction_path)
        taken = self.incoming.take_in(caller_of(context), *told, wire.SCOPE[request.scope], request.parcel)
        at, digest = stamp(taken.taken_at), taken.parcel_hash.hex()
        return transfers_pb2.TransferInResponse(number=taken.number, taken_at=at, parcel_sha256=digest)

    def ReturnOutcome(self, request: Any, context: ServicerContext) -> transfers_pb2.ReturnOutcomeResponse:
        conclusion = CONCLUSION[request.conclusion] if request.conclusion else None
        taken = self.incoming.take_outcome(caller_of(context), request.reference, conclusion, request.parcel)
        at, digest = stamp(taken.answered_at), taken.outcome_hash.hex()
        return transfers_pb2.ReturnOutcomeResponse(taken_at=at, parcel_sha256=digest)

    def CallOffTransfer(self, request: Any, context: ServicerContext) -> transfers_pb2.CallOffTransferResponse:
        called_off = self.cases.call_off(caller_of(context), request.transfer_id, request.expected_version)
        return transfers_pb2.CallOffTransferResponse(transfer=wire.transfer(called_off))

    def ListTransfers(self, request: Any, context: ServicerContext) -> transfers_pb2.ListTransfersResponse:
        wanted = wire.wanted_transfers(request)
        rows, token = self.cases.page(caller_of(context), wanted, request.page_size, request.page_token)
        told = [wire.transfer(one.transfer, one.reason, one.outcome) for one in rows]
        return transfers_pb2.ListTransfersResponse(transfers=told, next_page_token=token)


class PeerServiceServicer(peers_pb2_grpc.PeerServiceServicer):
    """The other systems."""

    def __init__(self, usecases: UseCases) -> None:
        self.cases = usecases.peers

    def RegisterPeer(self, request: Any, context: ServicerContext) -> peers_pb2.RegisterPeerResponse:
        described = Peer(
            id="",
            version=1,
            unit_path="",
            jurisdiction_path=request.jurisdiction_path,
            name=request.name,
            kind=wire.PEER_KIND[request.kind],
            account=request.machine_account,
            target=request.target,
            target_path=request.target_path,
            public_key=request.public_key,
        )
        registered = self.cases.register(caller_of(context), described)
        return peers_pb2.RegisterPeerResponse(peer=wire.peer(registered))

    def SwitchPeer(self, request: Any, context: ServicerContext) -> peers_pb2.SwitchPeerResponse:
        one = (request.peer_id, request.expected_version, request.running)
        return peers_pb2.SwitchPeerResponse(peer=wire.peer(self.cases.switch(caller_of(context), *one)))

    def ListPeers(self, request: Any, context: ServicerContext) -> peers_pb2.ListPeersResponse:
        kind = wire.PEER_KIND[request.kind] if request.kind else None
        page = (request.peer_id, request.page_size, request.page_token)
        rows, token = self.cases.page(caller_of(context), kind, *page)
        return peers_pb2.ListPeersResponse(peers=map(wire.peer, rows), next_page_token=token)

    def TellTransferKey(self, request: Any, context: ServicerContext) -> peers_pb2.TellTransferKeyResponse:
        return peers_pb2.TellTransferKeyResponse(public_key=self.cases.transfer_key())


SERVICES = (
    (transfers_pb2, transfers_pb2_grpc, TransferServiceServicer),
    (peers_pb2, peers_pb2_grpc, PeerServiceServicer),
)
