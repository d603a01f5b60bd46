"""A courier killed after the receiver took a message and before it kept the receipt: nothing lost, the same id again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from zhengfeng.complaints.v1 import deliveries_pb2, webhooks_pb2

from chassis.clock import SystemClock
from tests.doors import caller
from tests.faults.workers import Worker
from tests.outside.receivers import Postbox, Receiver, told
from tests.servers.programs import wait_until
from tests.service.complaints.city import CLERK, City

ADMIN = caller("system_admin", jurisdiction="/qinghe", subject="admin")
DELIVERED = deliveries_pb2.DELIVERY_STATE_DELIVERED
WAIT_SECONDS = 60


def courier_process(city: City, folder: Path, **outside: str) -> Worker:
    """The courier as a process of its own on the city's database."""
    offset = int((city.clock.now() - SystemClock().now()).total_seconds())
    environment = {
        "DATABASE_URL": city.door.config.database_url,
        "KEYS_DIR": str(city.door.config.keys_dir),
        "DATA_DIR": str(folder),
        "OUTSIDE_ALLOWED": "127.0.0.1",
        "CLOCK_OFFSET_SECONDS": str(offset),
        **outside,
    }
    return Worker(["services.complaints", "courier"], folder / "courier.log", environment)


def lease_runs_out(city: City) -> None:
    """What a minute would do: the dead courier's lease ends."""
    store = city.door.store
    with store.engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(sa.delete(store.schema["leases"]))


@pytest.fixture
def courier(city: City, tmp_path: Path, mail: tuple[Postbox, int]) -> Iterator[Worker]:
    """A courier process with a mail server; a killed one is started again by `start`."""
    made = courier_process(city, tmp_path, OUTSIDE_SMTP=f"smtp://127.0.0.1:{mail[1]}?from=office@qinghe.example&tls=no")
    yield made
    made.stop()


def test_a_webhook_taken_by_a_receiver_whose_courier_dies_comes_again_under_the_same_id(
    city: City, platform: Receiver, courier: Worker
) -> None:
    about = {"jurisdiction_path": "/qinghe", "name": "数据平台", "direction": webhooks_pb2.WEBHOOK_DIRECTION_OUT}
    facts = {"url": f"http://{platform.address}/facts", "facts": ["ComplaintAccepted", "ComplaintDispatched"]}
    city.do("CreateWebhook", ADMIN, **about, **facts)
    city.dispatched()
    platform.before_answering = courier.kill9
    courier.start()
    wait_until(lambda: bool(platform.received) and courier.ended(), WAIT_SECONDS, courier.story)
    assert not city.do("ListDeliveries", ADMIN, state=DELIVERED).deliveries, "it was killed before it kept the receipt"

    platform.before_answering = lambda: None
    lease_runs_out(city)
    courier.start()
    done = {"state": DELIVERED}
    wait_until(lambda: len(city.do("ListDeliveries", ADMIN, **done).deliveries) == 2, WAIT_SECONDS, courier.story)

    ids = [headers["webhook-id"] for headers, _ in platform.received]
    assert len(ids) == 3 and ids[0] == ids[1] and len(set(ids)) == 2
    assert [told(body)["type"].rpartition(".")[2] for _, body in platform.received][1:] == [
        "ComplaintAccepted",
        "ComplaintDispatched",
    ]


def test_a_notice_is_never_lost_and_comes_at_most_twice_under_one_message_id(
    city: City, mail: tuple[Postbox, int], courier: Worker
) -> None:
    box, _ = mail
    receipt = city.filed()
    given = {"receipt_code": receipt.receipt_code, "means": deliveries_pb2.DELIVERY_MEANS_MAIL, "consent": True}
    city.do("GiveNoticeAddress", None, **given, address="ruoshui@example.cn")
    city.do("AcceptComplaint", CLERK, complaint_id=receipt.complaint_id, expected_version=1)
    box.before_answering = courier.kill9
    courier.start()
    wait_until(lambda: bool(box.letters) and courier.ended(), WAIT_SECONDS, courier.story)

    box.before_answering = lambda: None
    lease_runs_out(city)
    courier.start()
    wait_until(lambda: len(box.letters) == 2, WAIT_SECONDS, courier.story)
    wait_until(
        lambda: [one.state for one in city.do("ListDeliveries", ADMIN).deliveries] == [DELIVERED],
        WAIT_SECONDS,
        courier.story,
    )

    assert len({letter["Message-ID"] for _, letter in box.letters}) == 1
