"""Who complains and what they write is nowhere to be found but sealed.

Looked at are the database as it is dumped, every file on disk, the outbox, what the broker carried, what the courier sent to
others, and the traces. The unit's pages and exports are looked at in tests/e2e/test_identity_keeper.py.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import make_url
from zhengfeng.complaints.v1 import complaint_pb2, intake_pb2, webhooks_pb2

from chassis.clock import SettableClock
from tests.contract.outside import Outside, Peek, dump
from tests.contract.traces import found
from tests.databases import Databases
from tests.doors import caller
from tests.outside.receivers import Receiver, receiver
from tests.servers.programs import wait_until
from tests.service.complaints.city import CLERK, CLOSING, HOUSING, HOUSING_HEAD, OFFICE, REPORT, City

NAME, PHONE, ADDRESS, NUMBER = "欧阳若水皛", "13987650123", "清河市柳叶巷九百八十七号院", "110101199003077776"
TITLE, TEXT, CONFIDENTIAL = "灯市口窗口夜里熄灯", "墙角第三盏灯从来没有亮过", "窗口第三人是我的表兄"
SAID_LATER, ANSWERED = "后来又去了第十七次", "证件编号写在粉色纸上"
SECRETS = (NAME, PHONE, ADDRESS, NUMBER, TITLE, TEXT, CONFIDENTIAL, SAID_LATER, ANSWERED)
MARKER = "/qinghe/housing"  # no secret: it must be found, or the search proves nothing
ADMIN = caller("system_admin", jurisdiction="/qinghe", subject="admin")


@pytest.fixture
def listeners() -> Iterator[tuple[Receiver, Receiver]]:
    """Somebody who is sent facts, and somebody who gathers traces."""
    with ExitStack() as running:
        yield running.enter_context(receiver()), running.enter_context(receiver())


@pytest.fixture
def outside(
    request: pytest.FixtureRequest,
    databases: Databases,
    clock: SettableClock,
    tmp_path: Path,
    listeners: tuple[Receiver, Receiver],
) -> Iterator[tuple[Outside, Peek | None]]:
    """The service as processes; on PostgreSQL with a broker and an ear on it."""
    url = request.getfixturevalue("rabbitmq_url") if databases.kind == "postgresql" else ""
    peek = Peek(url) if url else None
    door = Outside(databases, clock, tmp_path, url, f"http://{listeners[1].address}")
    yield door, peek
    door.close()
    if peek is not None:
        peek.close()


def test_nothing_of_a_sealed_identity_or_of_the_text_is_found_anywhere(
    outside: tuple[Outside, Peek | None],
    databases: Databases,
    clock: SettableClock,
    listeners: tuple[Receiver, Receiver],
) -> None:
    door, peek = outside
    platform, traces = listeners
    city = City(door, clock)
    about = {"jurisdiction_path": "/qinghe", "name": "平台", "url": f"http://{platform.address}/facts", "facts": FACTS}
    city.do("CreateWebhook", ADMIN, direction=webhooks_pb2.WEBHOOK_DIRECTION_OUT, **about)
    whole_stories(city)
    provoke_failures(city)
    announced = len(city.facts())
    if peek is not None:
        wait_until(lambda: peek.take(announced), 60, lambda: f"{len(peek.messages)} of {announced} facts were carried")
    wait_until(lambda: closed_was_sent(platform), 60, lambda: f"{len(platform.received)} facts were sent")
    for process in door.processes:
        process.stop()  # what was traced is sent at the latest now

    places = stored(door, databases) | {"outbox": b"\n".join(event.SerializeToString() for event in city.facts())}
    places |= {"broker": b"\n".join(peek.messages)} if peek is not None else {}
    places |= {"courier": sent(platform)}
    assert found([MARKER], places) == [f"{MARKER} in {place}" for place in places]
    files = door.files()
    assert found(["server.started"], {"server.log": files["server.log"]})
    assert found(["FileComplaint"], {"traces": sent(traces)})
    assert found(SECRETS, places | files | {"traces": sent(traces)}) == []


FACTS = ["ComplaintFiled", "ComplaintAccepted", "ComplaintDispatched", "ComplaintReported", "ComplaintClosed"]


def closed_was_sent(platform: Receiver) -> bool:
    """Whether the last fact of the story has come to whoever is sent facts."""
    return b"ComplaintClosed" in sent(platform)


def sent(listener: Receiver) -> bytes:
    """Everything somebody was sent, headers and all, unpacked."""
    return b"\n".join(
        repr(headers).encode() + b"\n" + (gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body)
        for headers, body in listener.received
    )


def whole_stories(city: City) -> None:
    """Complaints filed by post and web; one goes to its end, with everything its filer says on the way."""
    city.do("RegisterForCaller", CLERK, draft=draft(), channel=complaint_pb2.CHANNEL_HOTLINE)
    city.do("FileComplaint", None, draft=draft(manner=complaint_pb2.MANNER_CONFIDENTIAL))
    receipt = city.do("FileComplaint", None, draft=draft())
    code = receipt.receipt_code
    city.do("AddEvidence", None, receipt_code=code, text=SAID_LATER)
    at = city.seen(receipt)
    at = city.do("AcceptComplaint", CLERK, on=at)
    at = city.do("RegisterComplaint", CLERK, on=at, category="absent", accused_unit_path="/qinghe/housing")
    how = {"way": complaint_pb2.WAY_ASSIGNED, "track": complaint_pb2.TRACK_COMMON, "unit_path": "/qinghe/housing"}
    at = city.do("SubmitForApproval", CLERK, on=at, **how)
    at = city.do("Dispatch", CLERK, on=city.do("ApproveDisposal", OFFICE, on=at, approved=True))
    at = city.do("SignFor", HOUSING, on=at)
    city.do("AskComplainant", HOUSING, on=at, question="请问是哪一天？")
    city.do("AnswerQuestion", None, receipt_code=code, text=ANSWERED)
    at = city.do("Report", HOUSING, on=city.seen(receipt), text="经查属实。", **REPORT)
    at = city.do("Close", OFFICE, on=city.do("SignReport", HOUSING_HEAD, on=at), **CLOSING)
    assert at.stage == complaint_pb2.STAGE_CLOSED
    city.do("RateHandling", None, receipt_code=code, grade=4)
    city.do("ListComplaints", OFFICE, filter={"text": TEXT[:4]})


def provoke_failures(city: City) -> None:
    """Requests that go wrong with secrets in them: refused ones, and one that a database cannot store."""
    for bad in (draft(jurisdiction_path=f"/{PHONE}"), draft(title=TITLE * 50), draft(text=f"{TEXT}\x00{NAME}")):
        assert city.refused("FileComplaint", None, draft=bad).reason
    assert city.refused("FollowComplaint", None, receipt_code=NUMBER + PHONE).reason


def draft(**changed: Any) -> intake_pb2.ComplaintDraft:
    """A complaint in which everything is unmistakable."""
    said: dict[str, Any] = {
        "jurisdiction_path": "/qinghe",
        "title": TITLE,
        "text": f"{TEXT}，{NAME}，{PHONE}",
        "confidential_text": CONFIDENTIAL,
        "manner": complaint_pb2.MANNER_NAMED,
        "identity": intake_pb2.Identity(name=NAME, phone=PHONE, address=ADDRESS, id_number=NUMBER),
        "accused_unit_path": "/qinghe/housing",
    }
    return intake_pb2.ComplaintDraft(**{**said, **changed})


def stored(door: Outside, databases: Databases) -> dict[str, bytes]:
    """What lies on disk: the dump of the database and the server's log, or the file with its write-ahead log."""
    name = make_url(door.config.database_url).database
    assert name is not None
    if databases.kind == "postgresql":
        return {"dump": dump(databases.server(), name)}
    files = [Path(name), *(Path(name + end) for end in ("-wal", "-shm"))]
    return {"database": b"\n".join(file.read_bytes() for file in files if file.exists())}
