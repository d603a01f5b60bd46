"""The fault run: complaints are filed and closed while everything is killed in turn; then the end state is checked.

`run(...)` returns what it found, so that the test and `make prove` hold the same figures against the same zero.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psycopg

from chassis import process
from chassis.facts import names_of
from suite.members import SERVICES
from tests.faults.load import IDENTITY, Citizens, Office, Receipt, Record
from tests.faults.real_city import RealCity
from tests.servers import PostgreSQL, RabbitMQ
from tests.servers.programs import ServerFault, free_port, wait_until

PORTS = 32
QUIET_SECONDS = 180
_CASES = "SELECT origin->>'subject_id', number FROM cases, jsonb_array_elements(origins) AS origin"
CLOSED_SHARE = 10  # every tenth complaint goes all the way to its established conclusion


@dataclass(frozen=True, slots=True)
class Findings:
    """What a fault run showed. All but the first four must be zero or empty.

    `twice` counts complaints filed twice and cases opened twice from one complaint; `missing` counts facts somebody hears
    that are not applied, and closed complaints without a case. `leaks` names where a word of a sealed identity was found
    in the clear: in a dump of a database, its files, the broker's files or the processes' logs.
    """

    filed: int
    closed: int
    faults: int
    applied: int
    lost: tuple[str, ...]
    twice: int
    missing: int
    parked: int
    refusals: tuple[str, ...]
    leaks: tuple[str, ...]


def run(filings: int, folder: Path, kills: int = 1) -> Findings:
    """File `filings` complaints while each process is killed `kills` times and both servers go down once."""
    with PostgreSQL(durable=True) as server, RabbitMQ() as broker:
        city = RealCity(folder / "city", server, broker.url(), free_port(PORTS))
        try:
            city.start()
            _wait_for_the_city(city, server)
            record = Record()
            faults = _load(city, record, filings, _faults(city, server, broker, kills))
            _wait_until_quiet(server, record)
            leaks = _leaks(city, server, broker)
            return _findings(server, record, faults, leaks)
        except ServerFault as fault:
            raise AssertionError(f"{fault}\n{city.story()}") from fault
        finally:
            city.stop()


def _faults(city: RealCity, server: PostgreSQL, broker: RabbitMQ, kills: int) -> list[Callable[[], None]]:
    """Every process killed in turn, the broker restarted in between, the database stopped immediately after that."""
    names = sorted(city.processes())
    kill: list[Callable[[], None]] = [lambda name=name: city.kill9(name) for name in names * kills]  # type: ignore[misc]
    third = len(kill) // 3

    def database_down() -> None:
        server.stop_immediately()
        time.sleep(1)
        server.start()

    return [*kill[:third], broker.restart, *kill[third : 2 * third], database_down, *kill[2 * third :]]


def _load(city: RealCity, record: Record, filings: int, faults: Sequence[Callable[[], None]]) -> int:
    """Citizens file, the office closes every tenth, and each fault comes when its share of the filings is in."""
    progress = threading.Condition()
    reached = 0

    def tell(acknowledged: int) -> None:
        nonlocal reached
        with progress:
            reached = max(reached, acknowledged)
            progress.notify_all()

    def break_things() -> int:
        for number, fault in enumerate(faults):
            with progress:
                progress.wait_for(lambda due=number: reached * (len(faults) + 1) >= due * filings, timeout=QUIET_SECONDS)
            fault()
        return len(faults)

    def close_some() -> None:
        while len(record.closed) + len(record.refusals) < filings // CLOSED_SHARE:
            open_ones = [receipt.complaint_id for receipt in list(record.receipts.values())[::CLOSED_SHARE]]
            Office(city, record).close_all([each for each in open_ones if each not in record.closed])
            time.sleep(0.2)

    with ThreadPoolExecutor(2) as threads:
        filed = threads.submit(Citizens(city, record).file, filings, tell)
        filed.add_done_callback(lambda _: tell(filings))
        closed = threads.submit(close_some)
        broken = break_things()
        filed.result()
        closed.result()
        return broken


def _wait_for_the_city(city: RealCity, server: PostgreSQL) -> None:
    """Until complaints has heard of the demonstration city's units."""
    query = "SELECT count(*) FROM copies WHERE kind = 'unit' AND unit_path LIKE '/qinghe/%%'"
    wait_until(lambda: _count(server, "complaints", query) > 30, QUIET_SECONDS, city.story)


def _wait_until_quiet(server: PostgreSQL, record: Record) -> None:
    """Until every fact that anybody hears has been carried, and nothing waits to be tried again."""

    def quiet() -> bool:
        return all(not _missing(server, listener) and not _states(server, listener)["waiting"] for listener in SERVICES)

    wait_until(quiet, QUIET_SECONDS, lambda: f"facts still on their way: {[_missing(server, each) for each in SERVICES]}")


def _findings(server: PostgreSQL, record: Record, faults: int, leaks: tuple[str, ...]) -> Findings:
    rows = dict(_rows(server, "complaints", "SELECT id::text, number FROM complaints"))
    lost = [receipt.number for receipt in record.receipts.values() if not _kept(rows, receipt)]
    states = [_states(server, listener) for listener in SERVICES]
    cases = [complaint_id for complaint_id, _ in _rows(server, "accountability", _CASES)]
    return Findings(
        filed=len(record.receipts),
        closed=len(record.closed),
        faults=faults,
        applied=sum(state["applied"] for state in states),
        lost=tuple(lost),
        twice=len(rows) - len(record.receipts) + len(cases) - len(set(cases)),
        missing=sum(len(_missing(server, listener)) for listener in SERVICES) + len(record.closed - set(cases)),
        parked=sum(state["parked"] for state in states),
        refusals=tuple(record.refusals),
        leaks=leaks,
    )


def _leaks(city: RealCity, server: PostgreSQL, broker: RabbitMQ) -> tuple[str, ...]:
    """Where any word of the citizens' identity lies in the clear."""
    words = [word.encode() for word in IDENTITY.values()]
    places = {f"dump of {name}": server.dump(name).encode() for name in server.databases() if name.startswith("zhengfeng_")}
    found = [place for place, content in places.items() if any(word in content for word in words)]
    for folder in (server.folder, broker.folder, city.folder.parent):
        for path in (path for path in folder.rglob("*") if path.is_file()):
            content = path.read_bytes()
            found += [str(path.relative_to(folder.parent))] if any(word in content for word in words) else []
    return tuple(found)


def _kept(rows: dict[str, str], receipt: Receipt) -> bool:
    return rows.get(receipt.complaint_id) == receipt.number


def _missing(server: PostgreSQL, listener: str) -> set[str]:
    """Facts the listener hears that were announced and are not applied."""
    types = list(names_of(process.module(listener, "worker").HEARS))
    announced: set[str] = set()
    for source in SERVICES:
        query = "SELECT event_id::text, type FROM outbox WHERE type = ANY (%s)"
        announced |= {event_id for event_id, _ in _rows(server, source, query, types)}
    applied = _rows(server, listener, "SELECT event_id::text, state FROM inbox WHERE state = 'applied'")
    return announced - {event_id for event_id, _ in applied}


def _states(server: PostgreSQL, listener: str) -> Counter[str]:
    return Counter(state for state, _ in _rows(server, listener, "SELECT state, event_id::text FROM inbox"))


def _count(server: PostgreSQL, service: str, query: str) -> int:
    with _connected(server, service) as connection:
        row = connection.execute(query.encode()).fetchone()
        return int(str(row[0])) if row else 0


def _rows(server: PostgreSQL, service: str, query: str, *values: object) -> list[tuple[str, str]]:
    with _connected(server, service) as connection:
        return [(str(first), str(second)) for first, second in connection.execute(query.encode(), values or None)]


def _connected(server: PostgreSQL, service: str) -> psycopg.Connection[tuple[object, ...]]:
    return server.connect(f"zhengfeng_{service}")
