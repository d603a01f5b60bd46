"""What the courier of complaints does: sorts facts into deliveries, delivers them, hands complaints to peers, reads mail.

Channels are configured by OUTSIDE_... (see docs/operate/install.md); what has no channel waits and says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from zhengfeng.complaints.v1 import transfers_pb2, transfers_pb2_grpc

from carriage.clamd import Clamd
from carriage.letter import Channel, NotDelivered
from carriage.mail import Mail, Server
from carriage.mailbox import Account, Mailbox
from carriage.peer import Peers, asked, sealed, time_limit
from carriage.reach import Reach
from carriage.sms import Sms
from carriage.webhook import Webhooks
from chassis.clock import monotonic
from chassis.config import Config
from chassis.courier import Courier
from chassis.logs import log
from chassis.telemetry import Telemetry
from services.complaints.domain.deliveries import OUTCOME, Delivery, DeliveryState, Means
from services.complaints.usecases import UseCases
from services.complaints.usecases.handing import Handing
from services.complaints.wire.outside import SCOPE
from services.complaints.wire.words import CONCLUSION

THREADS = 4
MOST_SECONDS = 20.0
"""How long one look goes on beginning deliveries."""
NO_CHANNEL = "not configured"
_SHA256 = re.compile(r"[0-9a-f]{64}")
HELD = "REFERENCE_REUSED"
"""What a peer says that has taken this transfer already, when its answer was lost and the complaint has changed since: it is
not handed over again, and not refused either."""


def build(config: Config, usecases: UseCases, telemetry: Telemetry) -> Courier:
    """The courier with its jobs, in the order in which they are done at each look."""
    delivering = Delivering(config, usecases, telemetry)
    jobs: Mapping[str, Callable[[], object]] = {
        "sort": usecases.sorting.sort,
        "deliver": delivering.deliver,
        **file_jobs(config, usecases),
        **_mail_jobs(config, usecases),
    }
    return Courier(usecases.store, jobs, delivering.close)


class _Look:
    """One round of deliveries: what is not tried in its time, or by a way found closed, is due again at the next look."""

    def __init__(self) -> None:
        self._until = monotonic() + MOST_SECONDS
        self.away: set[Means] = set()

    @property
    def is_over(self) -> bool:
        """Whether its time is up: a new look takes what is urgent first."""
        return monotonic() >= self._until


class Delivering:
    """Delivers what is due. A receiver's deliveries go one after another, in order; a dead one holds up nobody else."""

    def __init__(self, config: Config, usecases: UseCases, telemetry: Telemetry) -> None:
        self._usecases = usecases
        self._telemetry = telemetry
        self._channels = _channels(config, usecases)
        self._peers = Peers(config)

    def close(self) -> None:
        """Lets go of every connection."""
        for channel in self._channels.values():
            channel.close()
        self._peers.close()

    def deliver(self) -> int:
        """Tries everything that is due once; says how many arrived."""
        groups: dict[str, list[Delivery]] = {}
        for delivery in self._usecases.deliveries.due():
            groups.setdefault(_receiver(delivery), []).append(delivery)
        look = _Look()
        with ThreadPoolExecutor(THREADS, thread_name_prefix="delivery") as threads:
            return sum(threads.map(lambda group: self._to_one(group, look), groups.values()))

    def _to_one(self, deliveries: list[Delivery], look: _Look) -> int:
        arrived = 0
        for delivery in deliveries:
            if look.is_over or delivery.means in look.away:
                break
            if not self._try(delivery, look):
                break
            arrived += 1
        return arrived

    def _try(self, delivery: Delivery, look: _Look) -> bool:
        """Whether the next one may go. Everything that goes wrong is put off: no delivery is lost over a fault of ours."""
        try:
            outcome = self._hand(delivery) if delivery.means is Means.PEER else self._send(delivery)
        except NotDelivered as fault:
            if fault.away and not delivery.means.in_order:
                look.away.add(delivery.means)
            outcome = self._failed(delivery, fault.why, fault.final)
        except Exception as fault:
            log().error("delivery.failed", channel=delivery.means.value, exc_info=fault)
            outcome = self._failed(delivery, type(fault).__name__, False)
        self._telemetry.delivery("complaints", delivery.means.value, outcome)
        return outcome != "retried"

    def _send(self, delivery: Delivery) -> str:
        channel = self._channels.get(delivery.means)
        if channel is None:
            raise NotDelivered(NO_CHANNEL)
        letter = self._usecases.post.letter(delivery)
        if letter is None:
            return "called_off"
        self._usecases.deliveries.arrived(delivery, channel.send(letter))
        return "delivered"

    def _hand(self, delivery: Delivery) -> str:
        handing = self._usecases.handing.prepare(delivery)
        if handing is None:
            return "called_off"
        if not handing.peer.running:
            raise NotDelivered("peer stopped")
        stub = transfers_pb2_grpc.TransferServiceStub(self._peers.channel(handing.peer.target))
        call = self._return_outcome if delivery.kind == OUTCOME else self._transfer
        try:
            taken: tuple[str, ...] = asked(lambda: call(stub, handing))
        except NotDelivered as fault:
            if fault.why != HELD:
                raise
            taken = _held(fault.told)
        self._usecases.handing.handed(delivery, handing, *taken)
        return "delivered"

    def _transfer(self, stub: transfers_pb2_grpc.TransferServiceStub, handing: Handing) -> tuple[str, str]:
        request = transfers_pb2.TransferInRequest(
            reference=handing.transfer.reference,
            sender_number=handing.transfer.number,
            jurisdiction_path=handing.peer.target_path,
            scope=SCOPE.number(handing.transfer.scope),
            parcel=sealed(handing.peer.public_key, handing.content),
        )
        answer = stub.TransferIn(request, timeout=time_limit())
        return answer.number, _receipt(handing, answer.parcel_sha256, answer.number)

    def _return_outcome(self, stub: transfers_pb2_grpc.TransferServiceStub, handing: Handing) -> tuple[str, str]:
        request = transfers_pb2.ReturnOutcomeRequest(
            reference=handing.transfer.reference,
            conclusion=CONCLUSION.number(handing.conclusion),
            parcel=sealed(handing.peer.public_key, handing.content),
        )
        answer = stub.ReturnOutcome(request, timeout=time_limit())
        return "", _receipt(handing, answer.parcel_sha256, handing.transfer.peer_number)

    def _failed(self, delivery: Delivery, why: str, final: bool) -> str:
        log().warning("delivery.put_off", channel=delivery.means.value, attempts=delivery.attempts + 1, reason=why)
        if self._usecases.deliveries.failed(delivery, why, final).state is DeliveryState.WAITING:
            return "retried"
        return "given_up"


def file_jobs(config: Config, usecases: UseCases) -> dict[str, Callable[[], object]]:
    """Scanning, where OUTSIDE_CLAMD names a scanner, and taking away files that belong to nothing."""
    found: dict[str, Callable[[], object]] = {"tidy": usecases.shelving.tidy}
    if told := config.outside.get("clamd"):
        scanner = Clamd(told)
        found["scan"] = lambda: usecases.shelving.scan(scanner.scan)
    return found


class Reading:
    """Looks into the mailbox every so often. A letter that cannot be entered stays unread and keeps no other waiting."""

    def __init__(self, config: Config, usecases: UseCases) -> None:
        self._cases = usecases.mailbox
        self._clock = usecases.store.clock
        self._place = config.outside.get("imap_place", "")
        self._mailbox = Mailbox(Account.of(config.outside["imap"]), self._cases.most_bytes())
        self._next: datetime | None = None

    def look(self) -> int:
        """Takes what is there, if it is time; says how many letters that were."""
        now = self._clock.now()
        if self._next is not None and now < self._next:
            return 0
        self._next = now + timedelta(seconds=self._cases.look_seconds())
        try:
            return self._mailbox.each(lambda letter: self._cases.take(self._place, letter))
        except NotDelivered as fault:
            log().warning("mailbox.away", reason=fault.why)
            return 0


def _mail_jobs(config: Config, usecases: UseCases) -> dict[str, Callable[[], object]]:
    """Reading the mailbox, where there is one."""
    return {"mailbox": Reading(config, usecases).look} if config.outside.get("imap") else {}


def _channels(config: Config, usecases: UseCases) -> dict[Means, Channel]:
    """What is configured; webhooks need nothing."""
    clock, told = usecases.store.clock, config.outside
    reach = Reach.of(told.get("allowed", ""))
    channels: dict[Means, Channel] = {Means.WEBHOOK: Webhooks(clock, reach)}
    if told.get("smtp"):
        channels[Means.MAIL] = Mail(Server.of(told["smtp"]), clock)
    if told.get("sms"):
        channels[Means.SMS] = Sms(told["sms"], reach)
    return channels


def _held(told: Mapping[str, str]) -> tuple[str, str, str]:
    """The peer's number, its receipt in words and the hash of what it holds, as far as it tells them."""
    number, parcel = told.get("number", "")[:64], told.get("parcel", "")
    return number, f"{HELD} {number}", parcel if _SHA256.fullmatch(parcel) else ""


def _receiver(delivery: Delivery) -> str:
    """Whose order is kept; notices to people are each by themselves."""
    return delivery.receiver if delivery.means.in_order else delivery.id


def _receipt(handing: Handing, parcel_sha256: str, number: str) -> str:
    """The receipt in words, if the peer holds what was sent."""
    if parcel_sha256 != handing.digest:
        raise NotDelivered("receipt for another parcel", final=True)
    return f"{number} {parcel_sha256[:16]}"
