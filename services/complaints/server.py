"""What the gRPC process of complaints answers."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from zhengfeng.complaints.v1 import (
    aftermath_pb2,
    aftermath_pb2_grpc,
    clock_pb2,
    clock_pb2_grpc,
    closing_pb2,
    closing_pb2_grpc,
    disposal_pb2,
    disposal_pb2_grpc,
    escalation_pb2,
    escalation_pb2_grpc,
    handling_pb2,
    handling_pb2_grpc,
    handovers_pb2,
    handovers_pb2_grpc,
    history_pb2,
    history_pb2_grpc,
    identity_pb2,
    identity_pb2_grpc,
    intake_pb2,
    intake_pb2_grpc,
    ledger_pb2,
    ledger_pb2_grpc,
    matter_pb2,
    matter_pb2_grpc,
    open311_pb2,
    open311_pb2_grpc,
    parts_pb2,
    parts_pb2_grpc,
    receipts_pb2,
    receipts_pb2_grpc,
    recusal_pb2,
    recusal_pb2_grpc,
    repeats_pb2,
    repeats_pb2_grpc,
    retention_pb2,
    retention_pb2_grpc,
    roads_pb2,
    roads_pb2_grpc,
    triage_pb2,
    triage_pb2_grpc,
    unclear_pb2,
    unclear_pb2_grpc,
)

from chassis.rpc import Mounted
from services.complaints.servicer import (
    aftermath,
    attachments,
    bulletins,
    closing,
    handling,
    intake,
    ledger,
    media,
    office,
    open311,
    outside,
    reviews,
    roads,
    similar,
    suggestions,
    topics,
    tracks,
    transfers,
    triage,
    vault,
)
from services.complaints.usecases import UseCases

# Messages, generated code that mounts, servicer: one line a service of the contract.
_SERVICES: tuple[tuple[ModuleType, ModuleType, type[Any]], ...] = (
    (intake_pb2, intake_pb2_grpc, intake.IntakeServiceServicer),
    (receipts_pb2, receipts_pb2_grpc, intake.ReceiptServiceServicer),
    (triage_pb2, triage_pb2_grpc, triage.TriageServiceServicer),
    (unclear_pb2, unclear_pb2_grpc, office.UnclearServiceServicer),
    (disposal_pb2, disposal_pb2_grpc, triage.DisposalServiceServicer),
    (matter_pb2, matter_pb2_grpc, triage.MatterServiceServicer),
    (handling_pb2, handling_pb2_grpc, handling.HandlingServiceServicer),
    (parts_pb2, parts_pb2_grpc, office.PartServiceServicer),
    (escalation_pb2, escalation_pb2_grpc, office.EscalationServiceServicer),
    (clock_pb2, clock_pb2_grpc, handling.ClockServiceServicer),
    (closing_pb2, closing_pb2_grpc, closing.ClosingServiceServicer),
    (aftermath_pb2, aftermath_pb2_grpc, closing.AftermathServiceServicer),
    (identity_pb2, identity_pb2_grpc, ledger.IdentityServiceServicer),
    (recusal_pb2, recusal_pb2_grpc, vault.RecusalServiceServicer),
    (repeats_pb2, repeats_pb2_grpc, vault.RepeatServiceServicer),
    (retention_pb2, retention_pb2_grpc, vault.RetentionServiceServicer),
    (roads_pb2, roads_pb2_grpc, roads.RoadServiceServicer),
    (handovers_pb2, handovers_pb2_grpc, roads.HandoverServiceServicer),
    (open311_pb2, open311_pb2_grpc, open311.Open311ServiceServicer),
    (ledger_pb2, ledger_pb2_grpc, ledger.LedgerServiceServicer),
    (history_pb2, history_pb2_grpc, ledger.HistoryServiceServicer),
    *bulletins.SERVICES,
    *attachments.SERVICES,
    *outside.SERVICES,
    *transfers.SERVICES,
    *similar.SERVICES,
    *suggestions.SERVICES,
    *topics.SERVICES,
    *aftermath.SERVICES,
    *media.SERVICES,
    *reviews.SERVICES,
    *tracks.SERVICES,
)


def services(usecases: UseCases) -> list[Mounted]:
    """Every service of the contract with its servicer."""
    mounted: list[Mounted] = []
    for messages, code, servicer in _SERVICES:
        [descriptor] = messages.DESCRIPTOR.services_by_name.values()
        add = getattr(code, f"add_{descriptor.name}Servicer_to_server")
        known = usecases.flood.known
        mounted.append(Mounted(add, servicer(usecases), descriptor, known))
    return mounted
