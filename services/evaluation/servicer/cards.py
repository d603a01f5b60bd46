"""Cards that came back: scans, doubtful rows, the auditor's view."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import grpc
from zhengfeng.evaluation.v1 import (
    card_audit_pb2,
    card_audit_pb2_grpc,
    keying_pb2,
    keying_pb2_grpc,
    scans_pb2,
    scans_pb2_grpc,
)

from chassis.rpc import caller_of
from services.evaluation.usecases import UseCases
from services.evaluation.wire import cards as wire

Context = grpc.ServicerContext
PIECE = 1 << 20


class ScanServicer(scans_pb2_grpc.ScanServiceServicer):
    """Files of pages."""

    def __init__(self, usecases: UseCases) -> None:
        self._cases = usecases.scans

    def ReadScans(self, request_iterator: Any, context: Context) -> scans_pb2.ReadScansResponse:
        first = next(request_iterator, scans_pb2.ReadScansRequest())
        pieces = (message.content for messages in ([first], request_iterator) for message in messages)
        scan = self._cases.take(caller_of(context), first.campaign_id, first.name, pieces)
        return scans_pb2.ReadScansResponse(scan=wire.scan_message(scan))

    def ListScans(self, request: scans_pb2.ListScansRequest, context: Context) -> scans_pb2.ListScansResponse:
        wanted = (request.campaign_id, request.page_size, request.page_token)
        page, token = self._cases.page(caller_of(context), *wanted)
        return scans_pb2.ListScansResponse(scans=[wire.scan_message(*one) for one in page], next_page_token=token)

    def GetScanProgress(
        self, request: scans_pb2.GetScanProgressRequest, context: Context
    ) -> scans_pb2.GetScanProgressResponse:
        progress = self._cases.progress(caller_of(context), request.campaign_id)
        return scans_pb2.GetScanProgressResponse(progress=wire.progress_message(progress))

    def ListScanFaults(self, request: scans_pb2.ListScanFaultsRequest, context: Context) -> scans_pb2.ListScanFaultsResponse:
        wanted = (request.campaign_id, request.page_size, request.page_token)
        page, token = self._cases.faults(caller_of(context), *wanted)
        rows = [wire.fault_message(one) for one in page]
        return scans_pb2.ListScanFaultsResponse(faults=rows, next_page_token=token)

    def ReadParked(self, request: scans_pb2.ReadParkedRequest, context: Context) -> scans_pb2.ReadParkedResponse:
        again = self._cases.read_parked(caller_of(context), request.scan_id)
        return scans_pb2.ReadParkedResponse(scan=wire.scan_message(*again))

    def ReadAllParked(self, request: scans_pb2.ReadAllParkedRequest, context: Context) -> scans_pb2.ReadAllParkedResponse:
        waiting = self._cases.read_all_parked(caller_of(context), request.campaign_id)
        return scans_pb2.ReadAllParkedResponse(pages_waiting=waiting)


class KeyingServicer(keying_pb2_grpc.KeyingServiceServicer):
    """Rows that people are asked for."""

    def __init__(self, usecases: UseCases) -> None:
        self._cases, self._cards, self._files = usecases.keying, usecases.card_keying, usecases.scans

    def ListDoubtful(self, request: keying_pb2.ListDoubtfulRequest, context: Context) -> keying_pb2.ListDoubtfulResponse:
        wanted = (request.campaign_id, request.page_size, request.page_token)
        page, token = self._cases.asked(caller_of(context), *wanted)
        rows = [wire.doubtful_message(one) for one in page]
        return keying_pb2.ListDoubtfulResponse(rows=rows, next_page_token=token)

    def ListDisputed(self, request: keying_pb2.ListDisputedRequest, context: Context) -> keying_pb2.ListDisputedResponse:
        wanted = (request.campaign_id, request.page_size, request.page_token)
        page, token = self._cases.disputed(caller_of(context), *wanted)
        rows = [wire.disputed_message(one) for one in page]
        return keying_pb2.ListDisputedResponse(rows=rows, next_page_token=token)

    def ShowCardPicture(
        self, request: keying_pb2.ShowCardPictureRequest, context: Context
    ) -> Iterator[keying_pb2.ShowCardPictureResponse]:
        picture = self._files.picture(caller_of(context), request.picture_id)
        kind = wire.picture_type(picture)
        for start in range(0, len(picture), PIECE):
            piece = picture[start : start + PIECE]
            yield keying_pb2.ShowCardPictureResponse(media_type="" if start else kind, content=piece)

    def KeyRow(self, request: keying_pb2.KeyRowRequest, context: Context) -> keying_pb2.KeyRowResponse:
        keyed = self._cases.key(caller_of(context), request.doubt_id, request.grade)
        return keying_pb2.KeyRowResponse(keyed=wire.row_keyed_message(keyed))

    def DecideRow(self, request: keying_pb2.DecideRowRequest, context: Context) -> keying_pb2.DecideRowResponse:
        decided = self._cases.decide(caller_of(context), request.doubt_id, request.grade, request.again)
        return keying_pb2.DecideRowResponse(keyed=wire.row_keyed_message(decided))

    def KeyCard(self, request: keying_pb2.KeyCardRequest, context: Context) -> keying_pb2.KeyCardResponse:
        ratings = [(one.object_id, list(one.grades)) for one in request.ratings]
        told = (request.campaign_id, request.serial, ratings, request.paper_place)
        keyed = self._cards.key_card(caller_of(context), *told)
        return keying_pb2.KeyCardResponse(keyed=wire.card_keyed_message(keyed))

    def ListCardsToKey(
        self, request: keying_pb2.ListCardsToKeyRequest, context: Context
    ) -> keying_pb2.ListCardsToKeyResponse:
        wanted = (request.campaign_id, request.page_size, request.page_token)
        page, token = self._cards.waiting(caller_of(context), *wanted)
        rows = [wire.card_to_key_message(one) for one in page]
        return keying_pb2.ListCardsToKeyResponse(cards=rows, next_page_token=token)


class CardAuditServicer(card_audit_pb2_grpc.CardAuditServiceServicer):
    """What a counted card rests on."""

    def __init__(self, usecases: UseCases) -> None:
        self._cases = usecases.card_audit

    def ListCards(self, request: card_audit_pb2.ListCardsRequest, context: Context) -> card_audit_pb2.ListCardsResponse:
        wanted = (request.campaign_id, wire.state(request.state), request.page_size, request.page_token)
        page, token = self._cases.page(caller_of(context), *wanted)
        return card_audit_pb2.ListCardsResponse(cards=[wire.card_message(one) for one in page], next_page_token=token)

    def GetCard(self, request: card_audit_pb2.GetCardRequest, context: Context) -> card_audit_pb2.GetCardResponse:
        record = self._cases.get(caller_of(context), request.card_id)
        return card_audit_pb2.GetCardResponse(record=wire.record_message(record))

    def DrawCardSample(
        self, request: card_audit_pb2.DrawCardSampleRequest, context: Context
    ) -> card_audit_pb2.DrawCardSampleResponse:
        sample = self._cases.draw(caller_of(context), request.campaign_id, request.seed, request.cards)
        return card_audit_pb2.DrawCardSampleResponse(sample=wire.sample_message(*sample))

    def ListCardSamples(
        self, request: card_audit_pb2.ListCardSamplesRequest, context: Context
    ) -> card_audit_pb2.ListCardSamplesResponse:
        wanted = (request.campaign_id, request.page_size, request.page_token)
        page, token = self._cases.samples(caller_of(context), *wanted)
        rows = [wire.sample_message(*one) for one in page]
        return card_audit_pb2.ListCardSamplesResponse(samples=rows, next_page_token=token)

    def GetEntryError(
        self, request: card_audit_pb2.GetEntryErrorRequest, context: Context
    ) -> card_audit_pb2.GetEntryErrorResponse:
        error = self._cases.error(caller_of(context), request.campaign_id)
        return card_audit_pb2.GetEntryErrorResponse(error=wire.error_message(error))
