"""Load on a running city, and the record of everything it acknowledged: what the end state is held against."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import grpc
import httpx
from zhengfeng.complaints.v1 import (
    closing_pb2,
    closing_pb2_grpc,
    complaint_pb2,
    disposal_pb2,
    disposal_pb2_grpc,
    events_pb2,
    handling_pb2,
    handling_pb2_grpc,
    triage_pb2,
    triage_pb2_grpc,
)

from chassis.auth import Caller
from tests.doors import caller
from tests.faults.real_city import RealCity

UNIT = "/qinghe/education"
CLERK = caller("clerk", jurisdiction="/qinghe")
OFFICE = caller("office", jurisdiction="/qinghe")
UNIT_CLERK = caller("unit_clerk", unit=UNIT)
UNIT_HEAD = caller("unit_head", unit=UNIT)
PATIENCE_SECONDS = 120
# Who files here: nobody living. None of these words may be found anywhere but sealed.
IDENTITY = {"name": "欧阳若水甲", "phone": "13912340765", "address": "清河市柳巷九十九号", "id_number": "430102199003079990"}
_AGAIN = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED}


@dataclass(frozen=True, slots=True)
class Receipt:
    """An acknowledged filing."""

    complaint_id: str
    number: str
    code: str


@dataclass
class Record:
    """Everything that was acknowledged, and everything that was wrongly refused."""

    receipts: dict[str, Receipt] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    refusals: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def filed(self, request_id: str, receipt: Receipt) -> None:
        """Remember a filing; an answer that differs from an earlier one to the same request is a fault."""
        with self._lock:
            earlier = self.receipts.setdefault(request_id, receipt)
            if earlier != receipt:
                self.refusals.append(f"{request_id} answered twice: {earlier.number}, {receipt.number}")

    def refused(self, what: str) -> None:
        """Remember a refusal that no fault excuses."""
        with self._lock:
            self.refusals.append(what)


class Citizens:
    """Files complaints through the gateway; whoever gets no answer asks again with the same request id."""

    def __init__(self, city: RealCity, record: Record, threads: int = 8) -> None:
        self._city, self._record, self._threads = city, record, threads

    def file(self, count: int, each: Callable[[int], None]) -> None:
        """File `count` complaints; `each` is told how many have been acknowledged, after each of them."""
        with (
            httpx.Client(timeout=20, trust_env=False, limits=httpx.Limits(max_connections=self._threads)) as client,
            ThreadPoolExecutor(self._threads) as threads,
        ):
            for _ in threads.map(lambda _: self._file_one(client, each), range(count)):
                pass

    def _file_one(self, client: httpx.Client, each: Callable[[int], None]) -> None:
        request_id = str(uuid.uuid4())
        body = {"request_id": request_id, "draft": _draft(request_id)}
        answer = _asked_again(lambda: _post(client, f"{self._city.rest}/complaints", body))
        if answer is None or not answer.is_success:
            self._record.refused(f"filing: {answer.text if answer is not None else 'no answer'}")
            return
        told = answer.json()
        self._record.filed(request_id, Receipt(told["complaint_id"], told["number"], told["receipt_code"]))
        each(len(self._record.receipts))


class Office:
    """Takes complaints from acceptance to their established conclusion, so that other services hear of them."""

    def __init__(self, city: RealCity, record: Record) -> None:
        self._city, self._record = city, record
        self._channel = city.channel("complaints")
        self._triage = triage_pb2_grpc.TriageServiceStub(self._channel)
        self._disposal = disposal_pb2_grpc.DisposalServiceStub(self._channel)
        self._handling = handling_pb2_grpc.HandlingServiceStub(self._channel)
        self._closing = closing_pb2_grpc.ClosingServiceStub(self._channel)

    def close_all(self, complaint_ids: Sequence[str]) -> None:
        """Close each of them as established."""
        for complaint_id in complaint_ids:
            self._close(complaint_id)
        self._channel.close()

    def _close(self, complaint_id: str) -> None:
        version = 1
        for method, request, who, fields in self._steps():
            answer = self._do(method, request, who, complaint_id, version, fields)
            if answer is None:
                return
            version = answer.complaint.version
        self._record.closed.add(complaint_id)

    def _do(
        self, method: Any, request: type[Any], who: Caller, complaint_id: str, version: int, fields: Mapping[str, Any]
    ) -> Any:
        """One step, asked for again with the same request id until it is answered."""
        message = request(request_id=str(uuid.uuid4()), complaint_id=complaint_id, expected_version=version, **fields)
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            try:
                return method(message, metadata=[("authorization", f"Bearer {self._city.token(who)}")], timeout=10)
            except grpc.RpcError as fault:
                if fault.code() not in _AGAIN:
                    self._record.refused(f"{request.DESCRIPTOR.name}: {fault.code()} {fault.details()}")
                    return None
                time.sleep(0.3)
        self._record.refused(f"{request.DESCRIPTOR.name}: no answer")
        return None

    def _steps(self) -> list[tuple[Any, type[Any], Caller, Mapping[str, Any]]]:
        assigned = {"unit_path": UNIT, "way": complaint_pb2.WAY_ASSIGNED, "track": complaint_pb2.TRACK_COMMON}
        report = {
            "text": "经查，情况属实。",
            "rectification": "已整改。",
            "proposed_conclusion": events_pb2.CONCLUSION_ESTABLISHED,
        }
        closing = {
            "conclusion": events_pb2.CONCLUSION_ESTABLISHED,
            "categories": ["absent"],
            "misconduct": ["inaction"],
            "answer": "情况属实，已责令整改。",
        }
        about = {"category": "absent", "accused_unit_path": UNIT}
        return [
            (self._triage.AcceptComplaint, triage_pb2.AcceptComplaintRequest, CLERK, {}),
            (self._triage.RegisterComplaint, triage_pb2.RegisterComplaintRequest, CLERK, about),
            (self._disposal.SubmitForApproval, disposal_pb2.SubmitForApprovalRequest, CLERK, assigned),
            (self._disposal.ApproveDisposal, disposal_pb2.ApproveDisposalRequest, OFFICE, {"approved": True}),
            (self._disposal.Dispatch, disposal_pb2.DispatchRequest, CLERK, {}),
            (self._handling.SignFor, handling_pb2.SignForRequest, UNIT_CLERK, {}),
            (self._closing.Report, closing_pb2.ReportRequest, UNIT_CLERK, report),
            (self._closing.SignReport, closing_pb2.SignReportRequest, UNIT_HEAD, {}),
            (self._closing.Close, closing_pb2.CloseRequest, OFFICE, closing),
        ]


def _draft(request_id: str) -> dict[str, Any]:
    return {
        "jurisdiction_path": "/qinghe",
        "title": "办事窗口无人值守",
        "text": f"上午到窗口办事，等了两个小时没有人。编号 {request_id}。",
        "manner": "MANNER_NAMED",
        "identity": IDENTITY,
        "accused_unit_path": UNIT,
    }


def _post(client: httpx.Client, url: str, body: Mapping[str, Any]) -> httpx.Response | None:
    """The answer, or None where the fault run itself may be to blame for there being none."""
    try:
        answer = client.post(url, json=body)
    except httpx.TransportError:
        return None
    return None if answer.status_code >= 500 else answer


def _asked_again(ask: Callable[[], httpx.Response | None]) -> httpx.Response | None:
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        answer = ask()
        if answer is not None:
            return answer
        time.sleep(0.3)
    return None
