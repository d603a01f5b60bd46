"""What a worker does, apart from when and by whom it is called: apply facts, send the outbox, run timers.

None of it is lost if the worker dies: facts stay in their queue until applied, rows in the outbox until the broker has
confirmed them, and what only one worker may do at a time hangs on a lease that runs out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chassis import outbox
from chassis.clock import monotonic
from chassis.db import database_away
from chassis.exchange import BrokerAway, Sender, declare
from chassis.facts import Timer
from chassis.inbox import Arrival, Inbox
from chassis.logs import log
from chassis.outbox import Unsent
from chassis.relay import Member
from chassis.telemetry import Telemetry

SEND_BATCH = 500
UNHEARD_TRIES = 6  # a minute, in which a listener may still be starting; then the type has no listener


class Lease:
    """The right to do what only one worker of a service may do at a time; it outlives its holder by some seconds only."""

    def __init__(self, member: Member, name: str, holder: str, seconds: float) -> None:
        self._member, self._name, self._holder, self._seconds = member, name, holder, seconds
        self._renew_at = 0.0

    def held(self) -> bool:
        """Whether this worker holds it, renewing it when a third of its time has passed."""
        if monotonic() < self._renew_at:
            return True
        started = monotonic()
        held = outbox.take_lease(self._member.store, self._name, self._holder, self._seconds)
        self._renew_at = started + self._seconds / 3 if held else 0.0
        return held


class Outage:
    """Says once that something is away and once that it is back, however often it is asked for in between."""

    def __init__(self, what: str) -> None:
        self._what, self._away = what, False

    def began(self, fault: BaseException) -> None:
        """It is away."""
        if not self._away:
            log().warning(f"{self._what}.away", exc_info=fault)
        self._away = True

    def ended(self) -> None:
        """It answers."""
        if self._away:
            log().info(f"{self._what}.back")
        self._away = False


class Hearing:
    """Applies facts through the service's inbox."""

    def __init__(self, member: Member, telemetry: Telemetry, lease: Lease) -> None:
        self._member, self._telemetry, self._lease = member, telemetry, lease
        self._database = Outage("database")
        self._inbox = Inbox(member.store, member.usecases, member.hears, telemetry)
        self.types = self._inbox.types

    def apply(self, facts: Sequence[Arrival]) -> bool:
        """Apply or set aside each fact; False if the database is away, which is no fact's fault."""
        try:
            self._inbox.deliver(facts)
            self._database.ended()
        except Exception as fault:
            self._excuse(fault)
            return False
        return True

    def retry(self) -> None:
        """Try again what failed before and is due."""
        try:
            if self._lease.held():
                self._inbox.retry_due()
            self._database.ended()
        except Exception as fault:
            self._excuse(fault)

    def measure(self) -> None:
        """Show how many facts wait to be sent, for how long, and how many are set aside."""
        try:
            self._telemetry.outbox(self._member.name, *outbox.backlog(self._member.store))
            self._telemetry.parked(self._member.name, len(self._inbox.parked()))
        except Exception as fault:
            self._excuse(fault)

    def _excuse(self, fault: Exception) -> None:
        if not database_away(fault):
            raise fault
        self._database.began(fault)


class Listeners:
    """Which types of fact some queue takes: known from sending, because only the broker knows who is bound.

    A type that no queue takes waits as a whole, for its listener may still be starting and none of its facts may overtake
    another; after a minute it is known to have none, until one of its facts is taken after all.
    """

    def __init__(self) -> None:
        self._known: dict[str, bool] = {}  # whether somebody hears it
        self._awaited: dict[str, tuple[int, float]] = {}  # tries so far, and when to try again

    def awaited(self) -> list[str]:
        """The types that are not to be tried again yet."""
        now = monotonic()
        return [kind for kind, (_, again) in self._awaited.items() if again > now]

    def certain(self, rows: Sequence[Unsent]) -> Sequence[Unsent]:
        """The rows up to the first whose type is not known yet.

        It goes last, since a queue bound while a batch is under way would take the later facts and not the earlier ones.
        """
        first = next((place for place, row in enumerate(rows) if row.type not in self._known), len(rows))
        return rows[: first + 1]

    def heard(self, kinds: set[str]) -> None:
        """Facts of these types were taken."""
        if any(kind not in self._known for kind in kinds):  # a listener has come, maybe that of others too
            self._awaited = {kind: (tries, 0.0) for kind, (tries, _) in self._awaited.items()}
        for kind in kinds:
            self._known[kind] = True
            self._awaited.pop(kind, None)

    def unheard(self, kinds: set[str]) -> set[str]:
        """Facts of these types were not; says which types are given up."""
        for kind in kinds:
            tries = self._awaited.get(kind, (0, 0.0))[0]
            if self._known.get(kind, True) and tries < UNHEARD_TRIES:
                self._known.pop(kind, None)
                self._awaited[kind] = tries + 1, monotonic() + 2**tries
            elif kind in self._awaited:
                log().warning("fact.unheard", fact=kind)
                del self._awaited[kind]
                self._known[kind] = False
        return {kind for kind in kinds if not self._known.get(kind, True)}


class Announcing:
    """Sends the outbox to the exchange; rows stay until the broker has confirmed them."""

    def __init__(self, member: Member, amqp_url: str, lease: Lease) -> None:
        self._member, self._url, self._lease = member, amqp_url, lease
        self._sender: Sender | None = None
        self._broker, self._database = Outage("broker"), Outage("database")
        self._listeners = Listeners()

    def run(self) -> None:
        """Send everything that waits, batch after batch; stops quietly while broker or database are away."""
        try:
            while self._lease.held() and self._send_batch():
                pass
            self._database.ended()
            self._connected().idle()
        except BrokerAway as fault:
            self._lost(fault)
        except Exception as fault:
            if not database_away(fault):
                raise
            self._database.began(fault)

    def _send_batch(self) -> bool:
        """Send one batch; says whether there was any."""
        rows = outbox.unsent(self._member.store, SEND_BATCH, self._listeners.awaited())
        if not rows:
            return False
        batch = self._listeners.certain(rows)
        sent = self._connected().send(batch)
        unheard = [row for row in batch if row.event_id in sent.unheard]
        outbox.mark_sent(self._member.store, [row.id for row in batch if row.event_id in sent.stored])
        self._listeners.heard({row.type for row in batch if row.event_id in sent.stored})
        given_up = self._listeners.unheard({row.type for row in unheard})
        outbox.mark_sent(self._member.store, [row.id for row in unheard if row.type in given_up], "unheard")
        return True

    def _connected(self) -> Sender:
        if self._sender is None:
            declare(self._url, self._member.name, ())
            self._sender = Sender(self._url)
            self._broker.ended()
        return self._sender

    def _lost(self, fault: BrokerAway) -> None:
        self._broker.began(fault)
        if self._sender is not None:
            self._sender.close()
            self._sender = None


class Keeping:
    """Runs one timer of a service, if no other worker holds its lease."""

    def __init__(self, member: Member, name: str, timer: Timer, telemetry: Telemetry, lease: Lease) -> None:
        self._member, self._name, self._timer, self._telemetry, self._lease = member, name, timer, telemetry, lease

    def run(self) -> None:
        """Run it once; a failure is logged and counted, the next run comes all the same."""
        try:
            outcome = "elsewhere"
            if self._lease.held():
                found = self._timer.run(self._member.usecases)
                for what, count in found.items() if isinstance(found, Mapping) else ():
                    self._telemetry.standing(self._member.name, what, count)
                outcome = "ran"
        except Exception as fault:
            outcome = "failed"
            log().error("timer.failed", timer=self._name, exc_info=fault)
        self._telemetry.timer(self._member.name, self._name, outcome)
