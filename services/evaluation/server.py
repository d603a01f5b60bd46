"""What the evaluation service mounts on a gRPC server."""

from __future__ import annotations

from zhengfeng.evaluation.v1 import (
    adjustments_pb2,
    adjustments_pb2_grpc,
    ballots_pb2,
    ballots_pb2_grpc,
    campaigns_pb2,
    campaigns_pb2_grpc,
    counting_pb2,
    counting_pb2_grpc,
    hall_pb2,
    hall_pb2_grpc,
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
    standings_pb2,
    standings_pb2_grpc,
    statements_pb2,
    statements_pb2_grpc,
    templates_pb2,
    templates_pb2_grpc,
)

from chassis.rpc import Mounted
from services.evaluation.servicer.adjustments import LedgerServicer
from services.evaluation.servicer.ballots import BallotServicer
from services.evaluation.servicer.campaigns import CampaignServicer
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
from services.evaluation.usecases import UseCases


def services(usecases: UseCases) -> list[Mounted]:
    """The servicers over one set of use cases."""
    return [
        Mounted(
            campaigns_pb2_grpc.add_CampaignServiceServicer_to_server,
            CampaignServicer(usecases),
            campaigns_pb2.DESCRIPTOR.services_by_name["CampaignService"],
        ),
        Mounted(
            templates_pb2_grpc.add_TemplateServiceServicer_to_server,
            TemplateServicer(usecases),
            templates_pb2.DESCRIPTOR.services_by_name["TemplateService"],
        ),
        Mounted(
            counting_pb2_grpc.add_CountServiceServicer_to_server,
            CountServicer(usecases),
            counting_pb2.DESCRIPTOR.services_by_name["CountService"],
        ),
        Mounted(
            objections_pb2_grpc.add_ObjectionServiceServicer_to_server,
            ObjectionServicer(usecases),
            objections_pb2.DESCRIPTOR.services_by_name["ObjectionService"],
        ),
        Mounted(
            hall_pb2_grpc.add_HallServiceServicer_to_server,
            HallServicer(usecases),
            hall_pb2.DESCRIPTOR.services_by_name["HallService"],
        ),
        Mounted(
            raters_pb2_grpc.add_RaterServiceServicer_to_server,
            RaterServicer(usecases),
            raters_pb2.DESCRIPTOR.services_by_name["RaterService"],
        ),
        Mounted(
            letters_pb2_grpc.add_LetterServiceServicer_to_server,
            LetterServicer(usecases),
            letters_pb2.DESCRIPTOR.services_by_name["LetterService"],
        ),
        Mounted(
            ballots_pb2_grpc.add_BallotServiceServicer_to_server,
            BallotServicer(usecases),
            ballots_pb2.DESCRIPTOR.services_by_name["BallotService"],
        ),
        Mounted(
            proof_pb2_grpc.add_ProofServiceServicer_to_server,
            ProofServicer(usecases),
            proof_pb2.DESCRIPTOR.services_by_name["ProofService"],
        ),
        Mounted(
            results_pb2_grpc.add_ResultServiceServicer_to_server,
            ResultServicer(usecases),
            results_pb2.DESCRIPTOR.services_by_name["ResultService"],
        ),
        Mounted(
            standings_pb2_grpc.add_StandingServiceServicer_to_server,
            StandingServicer(usecases),
            standings_pb2.DESCRIPTOR.services_by_name["StandingService"],
        ),
        Mounted(
            adjustments_pb2_grpc.add_LedgerServiceServicer_to_server,
            LedgerServicer(usecases),
            adjustments_pb2.DESCRIPTOR.services_by_name["LedgerService"],
        ),
        Mounted(
            statements_pb2_grpc.add_StatementServiceServicer_to_server,
            StatementServicer(usecases),
            statements_pb2.DESCRIPTOR.services_by_name["StatementService"],
        ),
        Mounted(
            promises_pb2_grpc.add_PromiseServiceServicer_to_server,
            PromiseServicer(usecases),
            promises_pb2.DESCRIPTOR.services_by_name["PromiseService"],
        ),
    ]
