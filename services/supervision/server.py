"""What the supervision server answers."""

from __future__ import annotations

from zhengfeng.supervision.v1 import (
    findings_pb2,
    findings_pb2_grpc,
    inspections_pb2,
    inspections_pb2_grpc,
    keylist_pb2,
    keylist_pb2_grpc,
    points_pb2,
    points_pb2_grpc,
)

from chassis.rpc import Mounted
from services.supervision.servicer.findings import FindingServicer
from services.supervision.servicer.watching import InspectionServicer, KeyListServicer, PointServicer
from services.supervision.usecases import UseCases


def services(usecases: UseCases) -> list[Mounted]:
    """The servicers over these use cases."""
    return [
        Mounted(
            findings_pb2_grpc.add_FindingServiceServicer_to_server,
            FindingServicer(usecases),
            findings_pb2.DESCRIPTOR.services_by_name["FindingService"],
        ),
        Mounted(
            inspections_pb2_grpc.add_InspectionServiceServicer_to_server,
            InspectionServicer(usecases),
            inspections_pb2.DESCRIPTOR.services_by_name["InspectionService"],
        ),
        Mounted(
            points_pb2_grpc.add_PointServiceServicer_to_server,
            PointServicer(usecases),
            points_pb2.DESCRIPTOR.services_by_name["PointService"],
        ),
        Mounted(
            keylist_pb2_grpc.add_KeyListServiceServicer_to_server,
            KeyListServicer(usecases),
            keylist_pb2.DESCRIPTOR.services_by_name["KeyListService"],
        ),
    ]
