"""What accountability's gRPC process answers."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import cast

from google.protobuf.descriptor import ServiceDescriptor
from zhengfeng.accountability.v1 import (
    aftermath_pb2,
    aftermath_pb2_grpc,
    appeals_pb2,
    appeals_pb2_grpc,
    backtest_pb2,
    backtest_pb2_grpc,
    cases_pb2,
    cases_pb2_grpc,
    circular_pb2,
    circular_pb2_grpc,
    clearing_pb2,
    clearing_pb2_grpc,
    decisions_pb2,
    decisions_pb2_grpc,
    documents_pb2,
    documents_pb2_grpc,
    effects_pb2,
    effects_pb2_grpc,
    endings_pb2,
    endings_pb2_grpc,
    figures_pb2,
    figures_pb2_grpc,
    investigation_pb2,
    investigation_pb2_grpc,
    rule_drafts_pb2,
    rule_drafts_pb2_grpc,
    rules_pb2,
    rules_pb2_grpc,
    suspensions_pb2,
    suspensions_pb2_grpc,
    watch_pb2,
    watch_pb2_grpc,
)

from chassis.i18n import Catalogue
from chassis.rpc import Mounted
from services.accountability.servicer.appeals import AppealsServicer
from services.accountability.servicer.backtest import BackTestServicer
from services.accountability.servicer.cases import CasesServicer, InvestigationServicer
from services.accountability.servicer.decisions import AftermathServicer, DecisionsServicer, EffectsServicer
from services.accountability.servicer.documents import DocumentsServicer
from services.accountability.servicer.figures import FiguresServicer
from services.accountability.servicer.pending import EndingsServicer, SuspensionsServicer
from services.accountability.servicer.public import CircularsServicer, ClearingsServicer
from services.accountability.servicer.rules import RuleDraftsServicer, RulesServicer
from services.accountability.servicer.watch import WatchServicer
from services.accountability.usecases import UseCases


def services(usecases: UseCases) -> list[Mounted]:
    """Every service of accountability over the same use cases."""
    sentences = Catalogue.load(Path(__file__).with_name("catalogue.toml"))
    return [
        Mounted(rules_pb2_grpc.add_RulesServiceServicer_to_server, RulesServicer(usecases, sentences), _of(rules_pb2)),
        Mounted(
            rule_drafts_pb2_grpc.add_RuleDraftsServiceServicer_to_server,
            RuleDraftsServicer(usecases),
            _of(rule_drafts_pb2),
        ),
        Mounted(backtest_pb2_grpc.add_BackTestServiceServicer_to_server, BackTestServicer(usecases), _of(backtest_pb2)),
        Mounted(cases_pb2_grpc.add_CasesServiceServicer_to_server, CasesServicer(usecases), _of(cases_pb2)),
        Mounted(
            investigation_pb2_grpc.add_InvestigationServiceServicer_to_server,
            InvestigationServicer(usecases),
            _of(investigation_pb2),
        ),
        Mounted(
            decisions_pb2_grpc.add_DecisionsServiceServicer_to_server,
            DecisionsServicer(usecases, sentences),
            _of(decisions_pb2),
        ),
        Mounted(aftermath_pb2_grpc.add_AftermathServiceServicer_to_server, AftermathServicer(usecases), _of(aftermath_pb2)),
        Mounted(appeals_pb2_grpc.add_AppealsServiceServicer_to_server, AppealsServicer(usecases), _of(appeals_pb2)),
        Mounted(endings_pb2_grpc.add_EndingsServiceServicer_to_server, EndingsServicer(usecases), _of(endings_pb2)),
        Mounted(
            suspensions_pb2_grpc.add_SuspensionsServiceServicer_to_server,
            SuspensionsServicer(usecases),
            _of(suspensions_pb2),
        ),
        Mounted(watch_pb2_grpc.add_WatchServiceServicer_to_server, WatchServicer(usecases, sentences), _of(watch_pb2)),
        Mounted(effects_pb2_grpc.add_EffectsServiceServicer_to_server, EffectsServicer(usecases), _of(effects_pb2)),
        Mounted(circular_pb2_grpc.add_CircularsServiceServicer_to_server, CircularsServicer(usecases), _of(circular_pb2)),
        Mounted(clearing_pb2_grpc.add_ClearingsServiceServicer_to_server, ClearingsServicer(usecases), _of(clearing_pb2)),
        Mounted(figures_pb2_grpc.add_FiguresServiceServicer_to_server, FiguresServicer(usecases), _of(figures_pb2)),
        Mounted(documents_pb2_grpc.add_DocumentsServiceServicer_to_server, DocumentsServicer(usecases), _of(documents_pb2)),
    ]


def _of(contract: ModuleType) -> ServiceDescriptor:
    """The one service a contract file declares."""
    (descriptor,) = contract.DESCRIPTOR.services_by_name.values()
    return cast(ServiceDescriptor, descriptor)
