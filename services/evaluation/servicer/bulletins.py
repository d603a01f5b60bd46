"""Drafting, issuing and reading bulletins."""

from __future__ import annotations

import grpc
from zhengfeng.evaluation.v1 import bulletins_pb2 as pb
from zhengfeng.evaluation.v1 import bulletins_pb2_grpc

from chassis.rpc import caller_of
from services.evaluation.usecases import UseCases
from services.evaluation.wire import bulletins as wire

Context = grpc.ServicerContext


class BulletinServicer(bulletins_pb2_grpc.BulletinServiceServicer):
    """Drafting, issuing and reading bulletins."""

    def __init__(self, usecases: UseCases) -> None:
        self._cases = usecases.bulletins

    def DraftBulletin(self, request: pb.DraftBulletinRequest, context: Context) -> pb.DraftBulletinResponse:
        made = self._cases.draft(caller_of(context), wire.wanted(request))
        return pb.DraftBulletinResponse(bulletin=wire.bulletin_message(made))

    def IssueBulletin(self, request: pb.IssueBulletinRequest, context: Context) -> pb.IssueBulletinResponse:
        issued = self._cases.issue(caller_of(context), request.bulletin_id, request.expected_version, request.paper_hash)
        return pb.IssueBulletinResponse(bulletin=wire.bulletin_message(issued))

    def GetBulletin(self, request: pb.GetBulletinRequest, context: Context) -> pb.GetBulletinResponse:
        found, paper_hash = self._cases.get(caller_of(context), request.bulletin_id)
        return pb.GetBulletinResponse(bulletin=wire.bulletin_message(found, paper_hash))

    def ListBulletins(self, request: pb.ListBulletinsRequest, context: Context) -> pb.ListBulletinsResponse:
        wanted = (wire.wanted_state(request.state), request.page_size, request.page_token)
        page, token = self._cases.page(caller_of(context), *wanted)
        return pb.ListBulletinsResponse(bulletins=[wire.bulletin_message(one) for one in page], next_page_token=token)

    def BuildBulletin(self, request: pb.BuildBulletinRequest, context: Context) -> pb.BuildBulletinResponse:
        file = self._cases.build(caller_of(context), request.bulletin_id, wire.wanted_format(request.format))
        return wire.file_message(file)
