"""What keeps others waiting: nothing but their own receiver, and what is urgent not even that."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from zhengfeng.complaints.v1 import deliveries_pb2, notices_pb2

from carriage.letter import NotDelivered
from carriage.posting import Posting
from carriage.reach import Reach
from tests.doors import caller
from tests.outside.conftest import MakeCourier
from tests.outside.receivers import Postbox
from tests.outside.test_mail_and_sms import ADDRESS, DELIVERED, MAIL, SMS, accepted, server_at, states
from tests.service.complaints.city import City

HERE = Reach.of("127.0.0.1")
ADMIN = caller("system_admin", jurisdiction="/qinghe", subject="admin")
DUTY = {"jurisdiction_path": "/qinghe", "kind": notices_pb2.CONTACT_KIND_DUTY, "means": SMS}
DANGER = "欠薪半年无人理睬，再没有人管我就从楼顶跳楼。"
WAITING = deliveries_pb2.DELIVERY_STATE_WAITING


@contextmanager
def trickling(said: bytes, piece: bytes) -> Iterator[str]:
    """A server that says something and then the same piece over and over, never ending; its address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        stopped = threading.Event()

        def talk() -> None:
            peer, _ = listening.accept()
            with peer:
                peer.recv(65_536)
                peer.sendall(said)
                while not stopped.wait(0.02):
                    try:
                        peer.sendall(piece)
                    except OSError:
                        return

        thread = threading.Thread(target=talk)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        stopped.set()
        thread.join()


def test_an_answer_that_never_ends_ends_with_the_exchange_and_counts_once_its_status_is_there() -> None:
    with trickling(b"HTTP/1.1 200 OK\r\n", b"x: y\r\n") as address, pytest.raises(NotDelivered) as fault:
        Posting(HERE, seconds=0.3).post(address, b"{}", {})
    assert fault.value.away
    with trickling(b"HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\n", b"x") as address:
        assert Posting(HERE, seconds=0.3).post(address, b"{}", {})[0] == 200
    with trickling(b"HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\n", b"x" * 65_536) as address:
        assert Posting(HERE).post(address, b"{}", {}) == (200, b"")


def test_what_may_cost_a_life_goes_first_is_held_up_by_nothing_and_tried_again_within_a_minute(city: City) -> None:
    city.do("AddContact", ADMIN, **DUTY, address="13900000001")
    accepted(city, SMS, "13912345678")
    cases = city.door.usecases.deliveries
    city.door.usecases.sorting.sort()
    city.clock.advance(timedelta(seconds=1))
    for _ in range(2):
        city.filed(text=DANGER)
    city.door.usecases.sorting.sort()
    assert [one.kind for one in cases.due()] == ["danger", "danger", "accepted"]

    first, waits = cases.due()[0], []
    for _ in range(8):
        first = cases.failed(first, "ConnectError", False)
        assert first.next_at is not None
        waits.append((first.next_at - city.clock.now()).total_seconds())
    assert waits[:3] == [5, 10, 20] and max(waits) == 60
    assert [one.kind for one in cases.due()] == ["danger", "accepted"], "the second alert does not wait for the first"


def test_a_way_found_closed_is_not_tried_again_in_the_same_look(city: City, courier_of: MakeCourier) -> None:
    for _ in range(12):
        accepted(city, SMS, "13912345678")
    courier_of(sms="http://office:token-7@127.0.0.1:9/send").look()
    tried = [attempts for _, attempts, _ in states(city)]
    assert 1 <= sum(tried) <= 4, "at most one for each thread"


class _Rude(Postbox):
    """It takes a letter and then is busy with leaving."""

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """An answer no client expects."""
        return "421 going away"

    async def handle_NOOP(self, server: SMTP, session: Session, envelope: Envelope, arg: str) -> str:
        """Another one."""
        return "421 going away"


def test_a_letter_the_server_has_taken_is_not_sent_again_whatever_it_says_afterwards(
    city: City, rude: tuple[Postbox, int], courier_of: MakeCourier
) -> None:
    box, port = rude
    accepted(city, MAIL, ADDRESS)
    courier = courier_of(smtp=server_at(port))
    courier.look()
    city.clock.advance(timedelta(minutes=1))
    courier.look()
    assert len(box.letters) == 1 and states(city)[0][:2] == (DELIVERED, 1)


@pytest.fixture
def rude() -> Iterator[tuple[Postbox, int]]:
    """A mail server that takes letters and is rude afterwards."""
    from aiosmtpd.controller import Controller

    from tests.servers.programs import free_port

    box, port = _Rude(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, port
    controller.stop()
