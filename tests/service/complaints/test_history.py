"""History: an earlier system's ledger is loaded whole, tells who was on time, and nothing arises from it."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from zhengfeng.complaints.v1 import complaint_pb2 as pb
from zhengfeng.complaints.v1 import events_pb2, history_pb2, ledger_pb2

from chassis.auth import Caller
from suite.imports import Loading, Outcome, load
from tests.service.complaints.city import CLERK, OFFICE, City

FILE = Path(__file__).parents[2] / "data" / "requests_311_2015q1.csv.gz"
AS_OF = datetime(2016, 1, 13, tzinfo=ZoneInfo("America/New_York"))


@pytest.fixture
def loaded(city: City, tmp_path: Path) -> Callable[..., Outcome]:
    """Loads a file into the city."""

    def loading(path: Path, **how: object) -> Outcome:
        caller = Caller.service("complaints", "import")
        history = city.door.usecases.history

        def send(source: str, rows: object, preview: bool) -> object:
            return history.load(caller, source, rows, preview)

        return load(Loading(path, "/qinghe", send, tmp_path / "points", **how))  # type: ignore[arg-type]

    return loading


def first_rows(count: int, to: Path) -> Path:
    """The header and the first rows of the file, as a file of its own."""
    with gzip.open(FILE, "rt", encoding="utf-8", newline="") as whole:
        lines = list(csv.reader(whole))[: count + 1]
    with to.open("w", encoding="utf-8", newline="") as part:
        csv.writer(part).writerows(lines)
    return to


def on_time_by_number(city: City) -> dict[str, bool]:
    """What the ledger says of each, through the door, as of the moment of the city's labels."""
    as_of = Timestamp()
    as_of.FromDatetime(AS_OF)
    request = ledger_pb2.ExportComplaintsRequest(as_of=as_of)
    stream = city.method("ExportComplaints")(request, metadata=city.door.metadata(OFFICE), timeout=120)
    return {row.source_number: row.on_time for batch in stream for row in batch.complaints}


def right_labels(city: City, path: Path) -> tuple[int, int, int]:
    """Complaints in the ledger, labelled rows of the file, and how many of those the ledger says the same of."""
    said = on_time_by_number(city)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as whole:
        labels = {row["CASE_ENQUIRY_ID"]: row["OnTime_Status"] for row in csv.DictReader(whole)}
    labelled = {number: label == "ONTIME" for number, label in labels.items() if label}
    return len(said), len(labelled), sum(said[number] == label for number, label in labelled.items())


def test_the_ledger_says_of_every_ninth_request_what_the_citys_own_label_says(
    city: City, loaded: Callable[..., Outcome], tmp_path: Path
) -> None:
    part = tmp_path / "ninth.csv.gz"
    with gzip.open(FILE, "rt", encoding="utf-8", newline="") as whole, gzip.open(part, "wt", encoding="utf-8") as ninth:
        records = list(csv.reader(whole))
        csv.writer(ninth).writerows([records[0], *records[1::9]])
    assert loaded(part).results == Counter(added=2977)
    in_ledger, labelled, right = right_labels(city, part)
    assert (in_ledger, right) == (2977, labelled)


@pytest.mark.prove
def test_the_ledger_says_of_every_request_what_the_citys_own_label_says(city: City, loaded: Callable[..., Outcome]) -> None:
    outcome = loaded(FILE)
    assert (outcome.rows, outcome.results, outcome.finished) == (26788, Counter(added=26788), True)
    assert right_labels(city, FILE) == (26788, 26730, 26730)


def test_the_same_file_twice_changes_nothing(city: City, loaded: Callable[..., Outcome], tmp_path: Path) -> None:
    part = first_rows(700, tmp_path / "part.csv")
    assert loaded(part).results == Counter(added=700)
    announced = len(city.facts())
    assert loaded(part).results == Counter(unchanged=700)
    assert len(city.facts()) == announced


def test_a_corrected_row_is_updated_and_keeps_its_number(city: City, loaded: Callable[..., Outcome], tmp_path: Path) -> None:
    part = first_rows(3, tmp_path / "part.csv")
    loaded(part)
    before = city.do("ListComplaints", OFFICE, filter={"source_number": "101001240736"}).complaints[0]
    part.write_text(
        part.read_text(encoding="utf-8").replace("04/28/2015 08:49:50 AM", "01/10/2015 08:49:50 AM"), encoding="utf-8"
    )
    assert loaded(part).results == Counter(unchanged=2, updated=1)
    after = city.do("ListComplaints", OFFICE, filter={"source_number": "101001240736"}).complaints[0]
    assert (after.number, after.version) == (before.number, before.version + 1)
    assert on_time_by_number(city)["101001240736"]


def test_a_preview_says_what_would_change_and_writes_nothing(
    city: City, loaded: Callable[..., Outcome], tmp_path: Path
) -> None:
    part = first_rows(40, tmp_path / "part.csv")
    assert loaded(part, preview=True).results == Counter(added=40)
    assert not city.do("ListComplaints", OFFICE).complaints
    assert not city.facts()


def test_a_stopped_load_goes_on_where_it_stopped(city: City, loaded: Callable[..., Outcome], tmp_path: Path) -> None:
    part = first_rows(1200, tmp_path / "part.csv")
    asked: list[bool] = []

    def stop_after_one_batch() -> bool:
        asked.append(True)
        return len(asked) > 1

    stopped = loaded(part, stop=stop_after_one_batch)
    assert (stopped.rows, stopped.finished) == (500, False)
    resumed = loaded(part)
    assert (resumed.resumed_after, resumed.rows, resumed.finished) == (500, 1200, True)
    assert resumed.results == Counter(added=1200)
    assert len(on_time_by_number(city)) == 1200


def test_a_load_stopped_on_one_ledger_begins_anew_on_another(loaded: Callable[..., Outcome], tmp_path: Path) -> None:
    part = first_rows(600, tmp_path / "part.csv")
    asked: list[bool] = []

    def stop_after_one_batch() -> bool:
        asked.append(True)
        return len(asked) > 1

    assert loaded(part, ledger="sqlite:///desk.db", stop=stop_after_one_batch).rows == 500
    other = loaded(part, ledger="postgresql://server/complaints")
    assert (other.resumed_after, other.rows) == (0, 600)


def test_each_rejected_row_has_a_line_in_the_report_and_stops_no_other(
    loaded: Callable[..., Outcome], tmp_path: Path
) -> None:
    part = first_rows(4, tmp_path / "part.csv")
    lines = part.read_text(encoding="utf-8").splitlines()
    lines[1] = lines[1].replace("01/01/2015 12:20:09 AM", "the day before")
    lines[2] += ",surplus"
    lines[3] = lines[3].replace("101001240736", "=cmd()")
    part.write_text("\n".join(lines), encoding="utf-8")
    report = tmp_path / "rejected.csv"
    assert loaded(part, report=report).results == Counter(added=2, refused=2)
    with report.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            ["row", "number", "field", "reason"],
            ["1", "101001240734", "received_at", "'the day before' is no time"],
            ["2", "101001240735", "*", "1 cells too many"],
        ]


def test_nothing_but_imported_arises_from_history(city: City, loaded: Callable[..., Outcome], tmp_path: Path) -> None:
    loaded(first_rows(30, tmp_path / "part.csv"))
    city.go_to("2027-06-01 09:00")
    assert {event.WhichOneof("fact") for event in city.facts()} == {"imported"}
    old = city.do("ListComplaints", OFFICE, filter={"origin": pb.COMPLAINT_ORIGIN_IMPORT}).complaints[0]
    assert old.light == pb.LIGHT_UNSPECIFIED
    assert city.refused("AcceptComplaint", CLERK, on=old).reason == "IMPORTED_COMPLAINT"
    assert not city.seen(old).next


def test_a_batch_answers_each_row_for_itself(city: City) -> None:
    received = Timestamp(seconds=1420086009)
    good = {"source_number": "1", "jurisdiction_path": "/qinghe", "title": "路灯不亮", "channel": pb.CHANNEL_WEB}
    rows = [
        {**good, "received_at": received},
        {**good, "source_number": "2"},
        {**good, "source_number": "3", "received_at": received, "jurisdiction_path": "/nowhere"},
        {**good, "source_number": "4", "received_at": received, "title": " "},
        {**good, "source_number": "5", "received_at": received, "conclusion": events_pb2.CONCLUSION_PARTLY},
    ]
    answers = city.do("ImportComplaints", OFFICE, source="old-ledger", complaints=rows).rows
    told = [(row.source_number, history_pb2.ImportResult.Name(row.result)[14:], row.reason, row.field) for row in answers]
    assert told == [
        ("1", "ADDED", "", ""),
        ("2", "REFUSED", "IMPORT_ROW_INVALID", "received_at"),
        ("3", "REFUSED", "JURISDICTION_UNKNOWN", "jurisdiction_path"),
        ("4", "REFUSED", "IMPORT_ROW_INVALID", "title"),
        ("5", "ADDED", "", ""),
    ]
