"""The two deployments the stories run on, each with the demonstration city: all in one process, and separate processes."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

import grpc
import httpx
from google.protobuf.message import Message
from zhengfeng.accountability.v1 import cases_pb2
from zhengfeng.complaints.v1 import ledger_pb2
from zhengfeng.directory.v1 import sessions_pb2
from zhengfeng.evaluation.v1 import campaigns_pb2
from zhengfeng.supervision.v1 import point_acts_pb2, point_pb2

from chassis.clock import SHANGHAI, SystemClock
from chassis.config import GRPC_PORTS, Config
from services.directory.domain.factors import code, step_at
from suite.acting import Actor, Stage, Token
from suite.demo.accounts import TOTP_SECRET
from suite.demo.campaign import kept_codes, run_campaign
from suite.demo.days import Days
from suite.demo.life import tokens_of
from suite.demo.rules import approve_rules
from suite.members import embedded_config, open_service
from tests.faults.real_city import RealCity
from tests.faults.workers import Worker
from tests.servers import PostgreSQL, RabbitMQ
from tests.servers.programs import free_port, wait_until

BEGINS = datetime(2026, 11, 16, 9, 0, tzinfo=SHANGHAI)  # a Monday; the year's calendar reaches past the stories' end
READY_SECONDS = 180
KNOWN_SECONDS = 60
PORTS = 32


class Deployment(Protocol):
    """One running suite: where its pages are, and how its people are reached without pages."""

    url: str
    stage: Stage
    offset: timedelta

    def go_on(self, by: timedelta) -> None:
        """Lets time pass: everything is stopped and started again that much later."""
        ...

    def stop(self) -> None:
        """Stops everything."""
        ...


def factor(offset: timedelta) -> str:
    """The six digits the demonstration's authenticators show."""
    return code(TOTP_SECRET, step_at(SystemClock(offset).now()))


@dataclass
class Embedded:
    """`zhengfeng run` in a folder of its own."""

    folder: Path
    offset: timedelta = field(default_factory=lambda: BEGINS - SystemClock().now())

    def __post_init__(self) -> None:
        self.http, self.grpc = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.http}"
        self._start()

    def go_on(self, by: timedelta) -> None:
        self.stop()
        self.offset += by
        self._start()

    def stop(self) -> None:
        self.stage.close()
        self._running.stop(30)

    def _start(self) -> None:
        arguments = (
            "suite",
            "run",
            "--data",
            str(self.folder),
            "--http-port",
            str(self.http),
            "--grpc-port",
            str(self.grpc),
        )
        log = self.folder.with_suffix(".log")
        self._running = Worker(arguments, log, environment_of(self.offset))
        self._running.start()
        wait_until(lambda: answers(self.url, self._running), READY_SECONDS, self._running.story)
        directory = open_service(embedded_config("directory", self.folder), SystemClock(self.offset)).usecases
        self.stage = Stage.at(dict.fromkeys(GRPC_PORTS, f"127.0.0.1:{self.grpc}"), tokens_of(directory))


@dataclass
class Separate:
    """Servers, workers, courier and gateway as processes of their own on PostgreSQL and RabbitMQ."""

    folder: Path
    server: PostgreSQL
    broker: RabbitMQ
    offset: timedelta = field(default_factory=lambda: BEGINS - SystemClock().now())

    def __post_init__(self) -> None:
        self.first_port = free_port(PORTS)
        self.amqp_url = self.broker.create_vhost()
        self._start()
        try:
            self._furnish()
        except BaseException:
            self.stop()
            raise

    def go_on(self, by: timedelta) -> None:
        self.stop()
        self.offset += by
        self._start()

    def stop(self) -> None:
        self.stage.close()
        self.city.stop()

    def _start(self) -> None:
        self.city = RealCity(self.folder, self.server, self.amqp_url, self.first_port, self.offset)
        self.city.start()
        self.url = f"http://127.0.0.1:{self.first_port}"
        ports = {service: self.first_port + 1 + number for number, service in enumerate(GRPC_PORTS)}
        self.stage = Stage.at({service: f"127.0.0.1:{port}" for service, port in ports.items()}, self._tokens())

    def _tokens(self) -> Token:
        config = Config(
            service="directory",
            database_url=self.server.url("zhengfeng_directory"),
            keys_dir=self.folder / "keys" / "directory",
        )
        return tokens_of(open_service(config, SystemClock(self.offset)).usecases)

    def _known_everywhere(self) -> bool:
        """Whether every service has heard of the signing key and the city's people."""
        asked = {
            "office": (ledger_pb2.ListComplaintsRequest(page_size=1), cases_pb2.ListCasesRequest(page_size=1)),
            "organiser": (campaigns_pb2.ListCampaignsRequest(page_size=1),),
            "leader": (point_acts_pb2.ListPointsRequest(page_size=1),),
        }
        return all(_answered(self.stage.as_(user), one) for user, requests in asked.items() for one in requests)

    def _furnish(self) -> None:
        """Rules in force, a point and a running campaign, as a city would have them before the story begins."""
        settled = threading.Event()
        wait_until(self._known_everywhere, KNOWN_SECONDS, self.city.story)
        approve_rules(self.stage, _quiet)
        account = self.stage.as_("point")(sessions_pb2.WhoAmIRequest()).person.account_id
        point = point_acts_pb2.CreatePointRequest(
            jurisdiction_path="/qinghe", name="河畔物流园", kind=point_pb2.POINT_KIND_ENTERPRISE, account_id=account
        )
        self.stage.as_("office")(point)
        run_campaign(self.stage, Days(SystemClock(self.offset)), lambda: settled.wait(3), _quiet)


def _answered(actor: Actor, request: Message) -> bool:
    try:
        return actor(request) is not None
    except grpc.RpcError:
        return False


def unused_code(deployment: Deployment, number: int = 0) -> str:
    """A ballot code nobody has used."""
    return kept_codes(deployment.stage)[number]


def answers(url: str, running: Worker) -> bool:
    """Whether pages are served."""
    if running.ended():
        raise AssertionError(running.story())
    try:
        return httpx.get(f"{url}/healthz", timeout=2, trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


def environment_of(offset: timedelta) -> Mapping[str, str]:
    """What moves the clock of every process."""
    return {"CLOCK_OFFSET_SECONDS": str(int(offset.total_seconds()))}


def _quiet(_text: str) -> None:
    pass
