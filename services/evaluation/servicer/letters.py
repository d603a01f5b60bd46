"""Letters to raters."""

from __future__ import annotations

from collections.abc import Iterator

import grpc
from zhengfeng.evaluation.v1 import letters_pb2, letters_pb2_grpc

from chassis.rpc import caller_of
from services.evaluation.usecases import UseCases
from services.evaluation.wire import raters as rater_wire

Context = grpc.ServicerContext


class LetterServicer(letters_pb2_grpc.LetterServiceServicer):
    """Letters to raters."""

    def __init__(self, usecases: UseCases) -> None:
        self._cases = usecases.letters

    def PrintLetters(
        self, request: letters_pb2.PrintLettersRequest, context: Context
    ) -> Iterator[letters_pb2.PrintLettersResponse]:
        wanted = (request.campaign_id, request.issue, request.rater_group, request.purpose, request.after, request.at_most)
        for batch in self._cases.print(caller_of(context), *wanted):
            yield letters_pb2.PrintLettersResponse(letters=[rater_wire.letter_message(one) for one in batch])

    def ListOpenings(self, request: letters_pb2.ListOpeningsRequest, context: Context) -> letters_pb2.ListOpeningsResponse:
        wanted = (request.campaign_id, request.page_size, request.page_token)
        openings, token = self._cases.openings(caller_of(context), *wanted)
        rows = [rater_wire.opening_message(one) for one in openings]
        return letters_pb2.ListOpeningsResponse(openings=rows, next_page_token=token)
