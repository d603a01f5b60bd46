"""A small 清河市 in front of the door of complaints: units, posts, calendar, people, acts as one-liners."""

from __future__ import annotations

import pkgutil
from datetime import datetime
from importlib import import_module
from typing import Any

import sqlalchemy as sa
from chinese_calendar import constants
from zhengfeng.complaints import v1
from zhengfeng.complaints.v1 import complaint_pb2, events_pb2, intake_pb2
from zhengfeng.directory.v1 import events_pb2 as directory

from chassis.auth import Caller
from chassis.clock import SHANGHAI, SettableClock
from tests.doors import Door, Refused, caller

CLERK = caller("clerk", jurisdiction="/qinghe", subject="clerk")
OFFICE = caller("office", jurisdiction="/qinghe", subject="office")
LEADER = caller("leader", jurisdiction="/qinghe", subject="leader")
KEEPER = caller("identity_keeper", jurisdiction="/qinghe", subject="keeper")
HOUSING = caller("unit_clerk", unit="/qinghe/housing", subject="housing-clerk")
HOUSING_HEAD = caller("unit_head", unit="/qinghe/housing", subject="housing-head")
WATER = caller("unit_clerk", unit="/qinghe/water", subject="water-clerk")
WATER_HEAD = caller("unit_head", unit="/qinghe/water", subject="water-head")
DONGHE = caller("clerk", jurisdiction="/qinghe/donghe", subject="donghe-clerk")
UNITS = {
    "/qinghe/housing": "/qinghe",
    "/qinghe/housing/approvals": "/qinghe",
    "/qinghe/water": "/qinghe",
    "/qinghe/donghe/civil-affairs": "/qinghe/donghe",
}
SECRET_NAME, SECRET_PHONE = "欧阳若水", "13912345678"
# Every contract of complaints: its messages, and beside them the code of its stubs.
MESSAGES = [
    import_module(f"{v1.__name__}.{module.name}")
    for module in pkgutil.iter_modules(v1.__path__)
    if module.name.endswith("_pb2") and module.name != "events_pb2"
]


def draft(**changed: Any) -> intake_pb2.ComplaintDraft:
    """What somebody raises about the housing bureau's window."""
    said: dict[str, Any] = {
        "jurisdiction_path": "/qinghe",
        "title": "办证窗口无人值守",
        "text": f"我叫{SECRET_NAME}，电话{SECRET_PHONE}。上周三去房产窗口，等了两个小时没有人。",
        "confidential_text": "窗口的人认识我家，请不要告诉他们。",
        "manner": complaint_pb2.MANNER_NAMED,
        "identity": intake_pb2.Identity(name=SECRET_NAME, phone=SECRET_PHONE, address="清河市柳巷9号"),
        "accused_unit_path": "/qinghe/housing",
    }
    return intake_pb2.ComplaintDraft(**{**said, **changed})


def unit_changed(path: str, jurisdiction: str) -> directory.DirectoryEvent:
    """A unit as the directory tells it."""
    return directory.DirectoryEvent(
        subject_id=f"unit:{path}",
        version=1,
        unit_path=path,
        jurisdiction_path=jurisdiction,
        unit_changed=directory.UnitChanged(name=path, kind="bureau", valid_from="2013-01-01"),
    )


def post_changed(official_id: str, path: str, kind: str) -> directory.DirectoryEvent:
    """Somebody's post as the directory tells it."""
    fact = directory.PostChanged(official_id=official_id, unit_id=f"unit:{path}", kind=kind, valid_from="2020-01-01")
    subject = f"post:{official_id}:{path}"
    return directory.DirectoryEvent(
        subject_id=subject, version=1, unit_path=path, jurisdiction_path="/qinghe", post_changed=fact
    )


def calendar_of(year: int) -> directory.DirectoryEvent:
    """The working calendar of a year as the directory tells it; years not announced are plain."""
    off = sorted(day.isoformat() for day in constants.holidays if day.year == year and day.weekday() < 5)
    worked = sorted(day.isoformat() for day in constants.workdays if day.year == year)
    fact = directory.CalendarYearLoaded(year=year, off_days=off, make_up_days=worked, source="test")
    return directory.DirectoryEvent(subject_id=str(year), version=1, calendar_year_loaded=fact)


class City:
    """Complaints with its neighbours' facts heard. `do` calls any rpc by its name."""

    def __init__(self, door: Door, clock: SettableClock) -> None:
        self.door = door
        self.clock = clock
        self._messages = {name: getattr(module, name) for module in MESSAGES for name in dir(module) if name[0].isupper()}
        self._methods = self._stubs()
        door.hear(calendar_of(2026), *(unit_changed(path, jurisdiction) for path, jurisdiction in UNITS.items()))

    def _stubs(self) -> dict[str, Any]:
        methods: dict[str, Any] = {}
        for messages in MESSAGES:
            for service in messages.DESCRIPTOR.services_by_name.values():
                code = import_module(f"{messages.__name__}_grpc")
                stub = self.door.stub(getattr(code, f"{service.name}Stub"))
                methods |= {method.name: getattr(stub, method.name) for method in service.methods}
        return methods

    def method(self, rpc: str) -> Any:
        """The stub's method of an rpc."""
        return self._methods[rpc]

    def request(self, rpc: str, **fields: Any) -> Any:
        """The request of an rpc."""
        return self._messages[f"{rpc}Request"](**fields)

    def do(self, rpc: str, as_: Caller | None, **fields: Any) -> Any:
        """Calls an rpc; for one on a complaint, `on` is the complaint as last seen and the new one is answered."""
        answer = self.door.call(self._methods[rpc], self.request(rpc, **_addressed(fields)), as_)
        names = [field.name for field in answer.DESCRIPTOR.fields]
        return answer.complaint if names == ["complaint"] else answer

    def refused(self, rpc: str, as_: Caller | None, **fields: Any) -> Refused:
        """How an rpc is refused."""
        return self.door.refused(self._methods[rpc], self.request(rpc, **_addressed(fields)), as_)

    def go_to(self, moment: str) -> None:
        """Sets the clock to a local time and lets the timer of lights run."""
        self.clock.set(datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI))
        self.door.run_timer("lights")

    def filed(self, **changed: Any) -> Any:
        """A receipt for a complaint just filed by a citizen."""
        self.last_receipt = self.do("FileComplaint", None, draft=draft(**changed))
        return self.last_receipt

    def seen(self, on: Any, as_: Caller = OFFICE) -> complaint_pb2.Complaint:
        """The complaint as somebody sees it."""
        seen: complaint_pb2.Complaint = self.do("GetComplaint", as_, complaint_id=on.complaint_id)
        return seen

    def accepted(self, **changed: Any) -> Any:
        """A complaint a clerk has accepted."""
        receipt = self.filed(**changed)
        return self.do("AcceptComplaint", CLERK, complaint_id=receipt.complaint_id, expected_version=1)

    def registered(self, **changed: Any) -> Any:
        """A complaint a clerk has registered."""
        about = {
            "accused_official_id": changed.pop("official", ""),
            "accused_unit_path": changed.pop("unit", "/qinghe/housing"),
        }
        return self.do("RegisterComplaint", CLERK, on=self.accepted(**changed), category="absent", **about)

    def submitted(self, unit_path: str = "/qinghe/housing", **changed: Any) -> Any:
        """A complaint whose disposal waits for approval."""
        how = {"way": complaint_pb2.WAY_ASSIGNED, "track": complaint_pb2.TRACK_COMMON}
        return self.do("SubmitForApproval", CLERK, on=self.registered(**changed), unit_path=unit_path, **how)

    def dispatched(self, **changed: Any) -> Any:
        """A complaint that lies with its unit."""
        approved = self.do("ApproveDisposal", OFFICE, on=self.submitted(**changed), approved=True)
        return self.do("Dispatch", CLERK, on=approved)

    def reported(self, **changed: Any) -> Any:
        """A complaint whose unit has handed in an unsigned report."""
        signed_for = self.do("SignFor", HOUSING, on=self.dispatched(**changed))
        return self.do("Report", HOUSING, on=signed_for, text="经查，当日窗口人员擅自离岗。", **REPORT)

    def signed(self, **changed: Any) -> Any:
        """A complaint whose report the unit's head has signed."""
        return self.do("SignReport", HOUSING_HEAD, on=self.reported(**changed))

    def closed(self, **changed: Any) -> Any:
        """A complaint the office has closed as established."""
        return self.do("Close", OFFICE, on=self.signed(**changed), **CLOSING)

    def dump(self) -> bytes:
        """Everything the database holds, as one run of bytes."""
        parts: list[bytes] = []
        with self.door.store.engine.connect() as connection:
            inspector = sa.inspect(connection)
            for table in sorted({*inspector.get_table_names()} - {"settings"}):  # packs are ours, nobody's complaint
                for row in connection.execute(sa.text(f'SELECT * FROM "{table}"')):
                    parts += [bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode() for cell in row]
        return b"\n".join(parts)

    def facts(self, *kinds: Any) -> Any:
        """What has been announced."""
        return self.door.announced(*kinds)


REPORT = {
    "rectification": "已补岗并公示值班表。",
    "proposed_conclusion": events_pb2.CONCLUSION_ESTABLISHED,
    "official_ids": ["official-1"],
}
CLOSING = {
    "conclusion": events_pb2.CONCLUSION_ESTABLISHED,
    "official_ids": ["official-1"],
    "categories": ["absent"],
    "misconduct": ["inaction"],
    "answer": "情况属实，已责令整改。",
}


def _addressed(fields: dict[str, Any]) -> dict[str, Any]:
    on = fields.pop("on", None)
    return fields if on is None else {"complaint_id": on.complaint_id, "expected_version": on.version, **fields}
