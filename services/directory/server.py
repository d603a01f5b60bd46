"""What the directory's gRPC process answers."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import cast

from google.protobuf.descriptor import ServiceDescriptor
from zhengfeng.directory.v1 import (
    accounts_pb2,
    accounts_pb2_grpc,
    calendar_pb2,
    calendar_pb2_grpc,
    items_pb2,
    items_pb2_grpc,
    officials_pb2,
    officials_pb2_grpc,
    sessions_pb2,
    sessions_pb2_grpc,
    units_pb2,
    units_pb2_grpc,
    workbook_pb2,
    workbook_pb2_grpc,
)

from chassis.i18n import Catalogue
from chassis.rpc import Mounted
from services.directory.servicer import (
    AccountServicer,
    CalendarServicer,
    ItemServicer,
    OfficialServicer,
    SessionServicer,
    UnitServicer,
    WorkbookServicer,
)
from services.directory.usecases import UseCases


def services(usecases: UseCases) -> list[Mounted]:
    """Every service of the directory over the same use cases."""
    sentences = Catalogue.load(Path(__file__).with_name("catalogue.toml"))
    return [
        Mounted(units_pb2_grpc.add_UnitServiceServicer_to_server, UnitServicer(usecases), _of(units_pb2)),
        Mounted(officials_pb2_grpc.add_OfficialServiceServicer_to_server, OfficialServicer(usecases), _of(officials_pb2)),
        Mounted(items_pb2_grpc.add_ItemServiceServicer_to_server, ItemServicer(usecases), _of(items_pb2)),
        Mounted(calendar_pb2_grpc.add_CalendarServiceServicer_to_server, CalendarServicer(usecases), _of(calendar_pb2)),
        Mounted(accounts_pb2_grpc.add_AccountServiceServicer_to_server, AccountServicer(usecases), _of(accounts_pb2)),
        Mounted(sessions_pb2_grpc.add_SessionServiceServicer_to_server, SessionServicer(usecases), _of(sessions_pb2)),
        Mounted(
            workbook_pb2_grpc.add_WorkbookServiceServicer_to_server,
            WorkbookServicer(usecases, sentences),
            _of(workbook_pb2),
        ),
    ]


def _of(contract: ModuleType) -> ServiceDescriptor:
    """The one service a contract file declares."""
    (service,) = contract.DESCRIPTOR.services_by_name.values()
    return cast(ServiceDescriptor, service)
