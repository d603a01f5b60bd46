"""The identity keeper's walk: asked for, granted for a person, a purpose and a time, read, all of it in a log that holds.

On the way the unit's pages and exports, and every file the city has left on disk, are searched for who complained.
"""

from __future__ import annotations

import io
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from zhengfeng.complaints.v1 import complaint_pb2, disposal_pb2, handling_pb2, intake_pb2, ledger_pb2, triage_pb2

from tests.contract.traces import found
from tests.e2e.people import Person, Town

UNIT = "/qinghe/housing"
NAME, PHONE, ADDRESS, NUMBER = "欧阳若水皛", "13987650456", "清河市柳叶巷九百八十九号院", "110101199003077997"
CONFIDENTIAL = "窗口第四人是我的表弟"
SECRETS = (NAME, PHONE, ADDRESS, NUMBER, CONFIDENTIAL)
PURPOSE = "向本人核实补正的次数"


@pytest.mark.parametrize("deployment", ["embedded"], indirect=True)
def test_an_identity_is_opened_for_one_person_and_purpose_and_the_unit_never_learns_it(town: Town) -> None:
    complaint = with_the_unit(town)
    record = f"/complaints/{complaint.complaint_id}"
    assert found(SECRETS, seen_by_the_unit(town, record)) == []

    reader = town.person("office")
    reader.act(record, "RequestIdentity", purpose=PURPOSE)
    grant(town.person("keeper"), complaint.number)
    read(reader, complaint.number)
    looks_back(town.person("keeper"), complaint.number)
    assert found(SECRETS, on_disk(town)) == []


def with_the_unit(town: Town) -> complaint_pb2.Complaint:
    """A confidential complaint that names its complainant in every field, dispatched to the unit."""
    clerk, office = (town.deployment.stage.as_(user) for user in ("clerk", "office"))
    identity = intake_pb2.Identity(name=NAME, phone=PHONE, address=ADDRESS, id_number=NUMBER)
    draft = intake_pb2.ComplaintDraft(
        jurisdiction_path="/qinghe",
        title="补正材料反复多次",
        text=f"我是{NAME}，电话{PHONE}，住{ADDRESS}，证件{NUMBER}。窗口反复要求补正。",
        confidential_text=CONFIDENTIAL,
        manner=complaint_pb2.MANNER_CONFIDENTIAL,
        identity=identity,
        accused_unit_path=UNIT,
    )
    filed = town.deployment.stage.as_()(intake_pb2.FileComplaintRequest(draft=draft))
    at = clerk(triage_pb2.AcceptComplaintRequest(complaint_id=filed.complaint_id, expected_version=1)).complaint
    registering = {"category": "slow", "accused_unit_path": UNIT}
    at = clerk(triage_pb2.RegisterComplaintRequest(**on(at), **registering)).complaint
    how = {"way": complaint_pb2.WAY_ASSIGNED, "track": complaint_pb2.TRACK_COMMON, "unit_path": UNIT}
    at = clerk(disposal_pb2.SubmitForApprovalRequest(**on(at), **how)).complaint
    at = office(disposal_pb2.ApproveDisposalRequest(**on(at), approved=True)).complaint
    at = clerk(disposal_pb2.DispatchRequest(**on(at))).complaint
    unit = town.deployment.stage.as_("unit.housing")
    unit(handling_pb2.SignForRequest(**on(at)))
    shown: complaint_pb2.Complaint = unit(ledger_pb2.GetComplaintRequest(complaint_id=at.complaint_id)).complaint
    return shown


def on(complaint: complaint_pb2.Complaint) -> dict[str, Any]:
    """What every act names."""
    return {"complaint_id": complaint.complaint_id, "expected_version": complaint.version}


def seen_by_the_unit(town: Town, record: str) -> dict[str, bytes]:
    """Every page the unit has of it, and its exports, opened."""
    unit = town.person("unit.housing")
    places: dict[str, bytes] = {}
    for path in (record, f"{record}?beside=1", "/complaints", "/work", f"{record}/acts/Report"):
        unit.open(path)
        places[path] = unit.page.content().encode()
    exported = unit.page.request.get("/complaints.xlsx")
    assert exported.ok
    return places | {"export": unpacked(exported.body())} | {"rest": through_rest(unit, record)}


def unpacked(workbook: bytes) -> bytes:
    """What a workbook holds, unzipped."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as opened:
        return b"\n".join(opened.read(name) for name in opened.namelist())


def through_rest(unit: Person, record: str) -> bytes:
    """The same complaint and its timeline as JSON, by the unit's own session."""
    paths = (f"/api/v1{record}", f"/api/v1{record}/timeline", "/api/v1/complaints?page_size=50")
    return b"\n".join(unit.page.request.get(path).body() for path in paths)


def grant(keeper: Person, number: str) -> None:
    """The keeper finds the request among those that wait, reads who asks for what, and grants a day."""
    request = keeper.row("/identity-requests?state=IDENTITY_REQUEST_STATE_ASKED", number)
    keeper.open(request)
    assert PURPOSE in keeper.text()
    assert NAME not in keeper.text()
    keeper.fill(granted="true", hours="24", reason="同意核实")
    keeper.submit()
    expect(keeper.page.locator(".notice.good")).to_be_visible()


def read(reader: Person, number: str) -> None:
    """The reader opens it; the page says that the look is logged."""
    reader.open(reader.row("/identity-requests", number))
    reader.page.locator("main form button.primary").last.click()
    expect(reader.page.get_by_text(NAME)).to_be_visible()
    expect(reader.page.get_by_text(PHONE)).to_be_visible()


def looks_back(keeper: Person, number: str) -> None:
    """In the log the keeper finds who asked, granted and read, by filters, and that nobody has touched it since."""
    keeper.open(f"/identity-log?number={number}")
    expect(keeper.page.locator("main tbody tr")).to_have_count(3)
    expect(keeper.page.locator(".notice.good")).to_contain_text("与写入时一致")
    keeper.open(f"/identity-log?number={number}&act=IDENTITY_ACT_READ")
    expect(keeper.page.locator("main tbody tr")).to_have_count(1)
    assert PURPOSE in keeper.text() and NAME not in keeper.text()
    exported = keeper.page.request.get(f"/identity-log.xlsx?number={number}")
    assert number.encode() in unpacked(exported.body())
    keeper.open("/retention")
    assert "30" in keeper.text()


def on_disk(town: Town) -> dict[str, bytes]:
    """Every file of the city: databases, keys, logs, uploads."""
    folder: Path = town.deployment.folder  # type: ignore[attr-defined]
    files = [path for path in folder.parent.rglob("*") if path.is_file() and not path.is_symlink()]
    assert any(path.suffix in (".db", ".log") for path in files)
    return {str(path.relative_to(folder.parent)): read_apart(path) for path in files}


def read_apart(path: Path) -> bytes:
    """A file, read by another process: one that closes a database's file loses its own locks on it, as SQLite warns."""
    return subprocess.run(["cat", str(path)], capture_output=True, check=True, timeout=60).stdout
