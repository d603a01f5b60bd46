"""What the evaluation service mounts on a gRPC server."""

from __future__ import annotations

from types import ModuleType

from zhengfeng.evaluation.v1 import (
    adjustments_pb2,
    adjustments_pb2_grpc,
    ballots_pb2,
    ballots_pb2_grpc,
    bulletins_pb2,
    bulletins_pb2_grpc,
    campaigns_pb2,
    campaigns_pb2_grpc,
    card_audit_pb2,
    card_audit_pb2_grpc,
    card_forms_pb2,
    card_forms_pb2_grpc,
    card_mail_pb2,
    card_mail_pb2_grpc,
    card_runs_pb2,
    card_runs_pb2_grpc,
    counting_pb2,
    counting_pb2_grpc,
    hall_pb2,
    hall_pb2_grpc,
    keying_pb2,
    keying_pb2_grpc,
    letters_pb2,
    letters_pb2_grpc,
    objections_pb2,
    objections_pb2_grpc,
    promises_pb2,
    promises_pb2_grpc,
    proof_pb2,
    proof_pb2_grpc,
    raters_pb2,
    raters_pb2_grpc,
    results_pb2,
    results_pb2_grpc,
    scans_pb2,
    scans_pb2_grpc,
    standings_pb2,
    standings_pb2_grpc,
    statements_pb2,
    statements_pb2_grpc,
    templates_pb2,
    templates_pb2_grpc,
    year_scores_pb2,
    year_scores_pb2_grpc,
    years_pb2,
    years_pb2_grpc,
)

from chassis.rpc import Mounted
from services.evaluation.servicer.adjustments import LedgerServicer
from services.evaluation.servicer.ballots import BallotServicer
from services.evaluation.servicer.bulletins import BulletinServicer
from services.evaluation.servicer.campaigns import CampaignServicer
from services.evaluation.servicer.card_forms import CardFormServicer
from services.evaluation.servicer.card_runs import CardMailServicer, CardRunServicer
from services.evaluation.servicer.cards import CardAuditServicer, KeyingServicer, ScanServicer
from services.evaluation.servicer.counting import CountServicer
from services.evaluation.servicer.hall import HallServicer
from services.evaluation.servicer.letters import LetterServicer
from services.evaluation.servicer.objections import ObjectionServicer
from services.evaluation.servicer.proof import ProofServicer
from services.evaluation.servicer.raters import RaterServicer
from services.evaluation.servicer.results import ResultServicer
from services.evaluation.servicer.standings import StandingServicer
from services.evaluation.servicer.statements import PromiseServicer, StatementServicer
from services.evaluation.servicer.templates import TemplateServicer
from services.evaluation.servicer.years import YearScoreServicer, YearServicer
from services.evaluation.usecases import UseCases


def services(usecases: UseCases) -> list[Mounted]:
    """The servicers over one set of use cases."""
    return [
        _mounted(campaigns_pb2, campaigns_pb2_grpc, "CampaignService", CampaignServicer(usecases)),
        _mounted(templates_pb2, templates_pb2_grpc, "TemplateService", TemplateServicer(usecases)),
        _mounted(counting_pb2, counting_pb2_grpc, "CountService", CountServicer(usecases)),
        _mounted(bulletins_pb2, bulletins_pb2_grpc, "BulletinService", BulletinServicer(usecases)),
        _mounted(objections_pb2, objections_pb2_grpc, "ObjectionService", ObjectionServicer(usecases)),
        _mounted(hall_pb2, hall_pb2_grpc, "HallService", HallServicer(usecases)),
        _mounted(raters_pb2, raters_pb2_grpc, "RaterService", RaterServicer(usecases)),
        _mounted(letters_pb2, letters_pb2_grpc, "LetterService", LetterServicer(usecases)),
        _mounted(ballots_pb2, ballots_pb2_grpc, "BallotService", BallotServicer(usecases)),
        _mounted(card_forms_pb2, card_forms_pb2_grpc, "CardFormService", CardFormServicer(usecases)),
        _mounted(card_runs_pb2, card_runs_pb2_grpc, "CardRunService", CardRunServicer(usecases)),
        _mounted(card_mail_pb2, card_mail_pb2_grpc, "CardMailService", CardMailServicer(usecases)),
        _mounted(scans_pb2, scans_pb2_grpc, "ScanService", ScanServicer(usecases)),
        _mounted(keying_pb2, keying_pb2_grpc, "KeyingService", KeyingServicer(usecases)),
        _mounted(card_audit_pb2, card_audit_pb2_grpc, "CardAuditService", CardAuditServicer(usecases)),
        _mounted(proof_pb2, proof_pb2_grpc, "ProofService", ProofServicer(usecases)),
        _mounted(results_pb2, results_pb2_grpc, "ResultService", ResultServicer(usecases)),
        _mounted(standings_pb2, standings_pb2_grpc, "StandingService", StandingServicer(usecases)),
        _mounted(adjustments_pb2, adjustments_pb2_grpc, "LedgerService", LedgerServicer(usecases)),
        _mounted(statements_pb2, statements_pb2_grpc, "StatementService", StatementServicer(usecases)),
        _mounted(promises_pb2, promises_pb2_grpc, "PromiseService", PromiseServicer(usecases)),
        _mounted(years_pb2, years_pb2_grpc, "YearService", YearServicer(usecases)),
        _mounted(year_scores_pb2, year_scores_pb2_grpc, "YearScoreService", YearScoreServicer(usecases)),
    ]


def _mounted(messages: ModuleType, stubs: ModuleType, name: str, servicer: object) -> Mounted:
    """A servicer under the name its contract gives it."""
    return Mounted(getattr(stubs, f"add_{name}Servicer_to_server"), servicer, messages.DESCRIPTOR.services_by_name[name])
