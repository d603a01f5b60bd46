"""Open311 as programs meet it: recorded answers of another city, the published shapes, a public client, bad input."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
from georeport import GeoReport
from zhengfeng.complaints.v1 import complaint_pb2

from gateway.open311 import writing
from suite.page_server import PageServer
from tests.service.complaints.city import CLERK, OFFICE, City
from tests.service.complaints.georeport import SHAPES, parsed
from tests.service.complaints.test_open311 import SECURITY, issued

RECORDED = Path(__file__).parents[2] / "data" / "open311"
LISTS = {
    "services": ("services", "service"),
    "service_requests": ("service_requests", "request"),
    "service_requests_empty": ("service_requests", "request"),
    "get_service_request": ("service_requests", "request"),
    "post_service_request": ("service_requests", "request"),
    "request_id_from_token": ("service_requests", "request"),
}
GOOD = {
    "jurisdiction_id": "qinghe",
    "service_code": "absent",
    "description": "上周三下午两点，房产窗口没有人，等了两个小时。",
    "address_string": "柳巷9号",
    "last_name": "欧阳",
    "first_name": "若水",
    "phone": "13912345678",
}


class Program:
    """Somebody else's program in front of the gateway."""

    def __init__(self, city: City, port: int) -> None:
        self.city = city
        self.root = f"http://127.0.0.1:{port}/open311/v2"
        self._http = httpx.Client(base_url=self.root, headers={"accept-language": "en"}, timeout=30)

    def get(self, path: str, **query: str) -> httpx.Response:
        """Asks."""
        return self._http.get(path, params=query)

    def post(self, path: str = "/requests.json", headers: dict[str, str] | None = None, **fields: Any) -> httpx.Response:
        """Posts a form; a field given as None is left out."""
        form = {name: value for name, value in {**GOOD, **fields}.items() if value is not None}
        return self._http.post(path, data=form, headers=headers)

    def send(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Sends anything."""
        return self._http.request(method, path, **more)

    def filed(self) -> int:
        """How many complaints there are."""
        return len(self.city.do("ListComplaints", OFFICE).complaints)


@pytest.fixture
def program(city: City) -> Iterator[Program]:
    """The gateway in front of complaints."""
    pages = PageServer({"complaints": f"127.0.0.1:{city.door.port}"}, 0, city.clock)
    pages.start()
    yield Program(city, pages.port)
    pages.stop()


def fault(answer: httpx.Response) -> tuple[int, str]:
    """The fault an answer is, in the standard's shape."""
    jsonschema.validate(answer.json(), SHAPES["errors"])
    [one] = answer.json()
    assert one["code"] == answer.status_code
    return one["code"], one["description"]


@pytest.mark.parametrize("name", sorted(LISTS))
def test_recorded_answers_of_another_city_parse_alike_when_we_write_them(name: str) -> None:
    recorded = parsed((RECORDED / f"{name}.xml").read_bytes())

    again = bytes(writing.rows(*LISTS[name], recorded, "xml").body)

    assert parsed(again) == recorded
    assert recorded or name.endswith("empty")


def test_a_recorded_definition_parses_alike_when_we_write_it() -> None:
    [recorded] = parsed((RECORDED / "service_definition.xml").read_bytes())

    assert parsed(bytes(writing.record("service_definition", recorded, "xml").body)) == [recorded]
    assert [value["name"] for value in recorded["attributes"][0]["values"]] == ["Ford", "Chrysler"]


def test_our_answers_have_the_fields_of_the_recorded_ones(program: Program) -> None:
    key = issued(program.city).api_key
    posted = program.post("/requests.xml", api_key=key)
    token = program.post("/requests.json", api_key=issued_by_token(program.city), description="另一件").json()[0]["token"]
    ours = {
        "services": program.get("/services.xml"),
        "service_requests": program.get("/requests.xml"),
        "get_service_request": program.get("/requests/2026-1.xml"),
        "post_service_request": posted,
        "request_id_from_token": program.get(f"/tokens/{token}.xml"),
        "service_definition": program.get("/services/absent.xml"),
    }

    for name, answer in ours.items():
        theirs = parsed((RECORDED / f"{name}.xml").read_bytes())
        assert {*parsed(answer.content)[0]} == {*theirs[0]}, name
    values = parsed(ours["service_definition"].content)[0]["attributes"]
    recorded = parsed((RECORDED / "service_definition.xml").read_bytes())[0]["attributes"]
    assert {*values[-1]} == {*recorded[0]}


@pytest.mark.parametrize("name", ["403", "get_service_request_not_found"])
def test_our_refusals_say_what_the_recorded_ones_say(program: Program, name: str) -> None:
    theirs = parsed((RECORDED / f"{name}.xml").read_bytes())[0]
    wrong = program.post("/requests.xml", api_key="00000-00000-00000-00000")
    ours = wrong if name == "403" else program.get("/requests/not-an-id.xml")

    assert parsed(ours.content)[0]["description"] == theirs["description"]
    assert parsed(ours.content)[0]["code"] == theirs.get("code", "403") == str(ours.status_code)


def test_every_answer_keeps_the_published_shape(program: Program) -> None:
    program.post(api_key=issued(program.city).api_key)
    by_token = program.post(api_key=issued_by_token(program.city), description="另一件")
    token = by_token.json()[0]["token"]
    answers = {
        "services": "/services.json",
        "service_definition": "/services/absent.json",
        "service_requests": "/requests.json",
        "tokens": f"/tokens/{token}.json",
        "errors": "/requests/2026-99.json",
    }

    jsonschema.validate(by_token.json(), SHAPES["posted"])
    for shape, path in answers.items():
        jsonschema.validate(program.get(path).json(), SHAPES[shape])


def test_a_public_client_walks_from_the_services_to_a_request_and_its_token(program: Program) -> None:
    client = GeoReport(program.root, jurisdiction="qinghe")
    services = client.get_service_list()
    code = next(one["service_code"] for one in services if one["metadata"])
    attributes = client.get_service_definition(code)["attributes"]
    told = program.post(api_key=issued_by_token(program.city), **{"service_code": code, "attribute[MANNER]": "confidential"})

    number = program.get(f"/tokens/{told.json()[0]['token']}.json").json()[0]["service_request_id"]

    assert [one["code"] for one in attributes] == ["UNIT", "WHEN", "MANNER"]
    found = client.get_service_request(number)
    assert (found["service_request_id"], found["service_code"], found["status"]) == (number, code, "open")
    assert [one["service_request_id"] for one in client.get_service_requests()] == [number]


def test_nothing_that_was_posted_is_shown_and_the_office_reads_all_of_it(program: Program) -> None:
    posted = program.post(api_key=issued(program.city).api_key, **{"attribute[UNIT]": "房产局"})

    shown = program.get("/requests.xml").text + program.get("/requests/2026-1.json").text
    assert not [said for said in (*GOOD.values(), "房产局") if said in shown and said not in ("qinghe", "absent")]
    [row] = program.city.do("ListComplaints", OFFICE).complaints
    seen = program.city.seen(row)
    assert all(said in seen.text for said in (GOOD["description"], "柳巷9号", "房产局"))
    assert seen.manner == complaint_pb2.MANNER_CONFIDENTIAL
    code = posted.json()[0]["service_notice"].split("Receipt code: ")[1].split(".")[0]
    assert program.city.do("FollowComplaint", None, receipt_code=code).number == row.number


BAD: list[tuple[dict[str, Any], int, str]] = [
    ({"description": None}, 400, "description was not provided"),
    ({"description": " "}, 400, "description was not provided"),
    ({"description": "x" * 4001}, 400, "4000"),
    ({"service_code": None}, 400, "service_code was not provided"),
    ({"service_code": "006"}, 404, "006"),
    ({"jurisdiction_id": None}, 400, "jurisdiction_id was not provided"),
    ({"jurisdiction_id": "atlantis"}, 404, "No such place"),
    ({"jurisdiction_id": "../xihe"}, 404, "jurisdiction_id"),
    ({"address_string": None}, 400, "A location was not provided"),
    ({"lat": "31.2"}, 400, "long was not provided"),
    ({"lat": "NaN", "long": "1"}, 400, "lat is not valid"),
    ({"lat": "91", "long": "1"}, 400, "lat is not valid"),
    ({"email": "nobody"}, 400, "email is not valid"),
    ({"media_url": "javascript:alert(1)"}, 400, "media_url is not valid"),
    ({"stage": "closed"}, 400, "no field named stage"),
    ({"attribute[COLOUR]": "red"}, 400, "attribute[COLOUR]"),
    ({"attribute[MANNER]": "loud"}, 400, "attribute[MANNER] is not valid"),
    ({"attribute[WHEN]": "last week"}, 400, "attribute[WHEN] is not valid"),
    ({"attribute[MANNER]": "anonymous"}, 400, "MANNER is anonymous"),
    ({"phone": ["1", "2"]}, 400, "phone is given more than once"),
    ({"last_name": "\0"}, 400, "last_name is not valid"),
    ({"api_key": None}, 403, "Missing api_key"),
    ({"api_key": ""}, 403, "Missing api_key"),
    ({"api_key": "00000-00000-00000-00000"}, 403, "Invalid api_key"),
    ({"api_key": "'; DROP TABLE open311_keys; --"}, 403, "Invalid api_key"),
]


def test_a_post_with_a_missing_or_alien_field_is_refused_by_its_name_and_nothing_is_kept(program: Program) -> None:
    key = issued(program.city).api_key

    for fields, code, sentence in BAD:
        status, told = fault(program.post(**{"api_key": key, **fields}))
        assert status == code and sentence in told, (fields, status, told)
    assert program.filed() == 0


def test_a_replayed_post_is_refused_and_one_with_its_key_of_repetition_answered_again(program: Program) -> None:
    key = issued(program.city).api_key
    once = {"idempotency-key": "a1"}
    first = program.post(api_key=key, headers=once)

    assert program.post(api_key=key, headers=once).json() == first.json()
    status, told = fault(program.post(api_key=key))
    assert (status, "2026-1" in told, program.filed()) == (409, True, 1)


def test_what_is_no_form_and_no_address_is_refused_in_the_standards_shape(program: Program) -> None:
    sent = {
        ("POST", "/requests.json", 400): {"content": b"\xff\xfe\x00"},
        ("POST", "/requests.xml?lang=en", 400): {"json": {"api_key": "x"}},
        ("PUT", "/requests.json", 405): {},
        ("DELETE", "/services.json", 405): {},
        ("GET", "/services/006.json", 404): {},
        ("GET", "/nothing.json", 404): {},
        ("GET", "/tokens/12345.json", 404): {},
        ("GET", "/requests.json?status=lost", 400): {},
        ("GET", "/requests.json?start_date=yesterday", 400): {},
        ("GET", "/requests.json?colour=red", 400): {},
        ("GET", "/requests.json?start_date=2026-01-01T00:00:00Z&end_date=2026-06-01T00:00:00Z", 400): {},
    }

    for (method, path, status), more in sent.items():
        answer = program.send(method, path.replace(".xml", ".json"), **more)
        assert fault(answer)[0] == status, (method, path, answer.text)
    assert parsed(program.send("GET", "/services").content)[0]["code"] == "404"


def test_requests_are_found_by_number_service_state_and_time(program: Program) -> None:
    program.post(api_key=issued(program.city).api_key)
    [row] = program.city.do("ListComplaints", OFFICE).complaints
    program.city.do("AcceptComplaint", CLERK, on=row)

    def found(**query: str) -> list[str]:
        return [one["service_request_id"] for one in program.get("/requests.json", **query).json()]

    assert found(service_request_id="2026-1,2026-2") == found(status="open,closed") == ["2026-1"]
    assert found(service_code="slow,absent", start_date="2026-11-16T00:00:00+08:00") == ["2026-1"]
    assert found(status="closed") == found(end_date="2026-11-15T00:00:00Z") == found(service_code="slow") == []
    assert program.get("/requests/2026-1.json").json()[0]["status_notes"] == "Being handled."


def issued_by_token(city: City) -> str:
    """The key of a program that is told tokens."""
    wanted = {"jurisdiction_path": "/qinghe", "holder": "城市通", "token_only": True}
    return str(city.do("IssueOpen311Key", SECURITY, request_id="k2", **wanted).api_key)
