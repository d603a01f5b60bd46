"""REST: paths find their rpcs, JSON becomes messages, refusals become problems."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from gateway.contracts import Contracts
from gateway.rest.entry import from_query
from gateway.rest.routing import Routes
from gateway.transcode import Malformed, Transcoder
from tests.unit.gateway.answering import AnySuite, token


@pytest.fixture(scope="module")
def routes(contracts: Contracts) -> Routes:
    return Routes(contracts.rpcs.values())


def test_every_unary_rpc_has_a_path_of_its_own(contracts: Contracts, routes: Routes) -> None:
    shapes = [(route.method, route.literals, route.verb) for route in routes.all]

    assert len(set(shapes)) == len(shapes)
    assert [rpc.key for rpc in contracts.rpcs.values() if not rpc.path and not rpc.server_streaming] == []


def test_a_verb_after_the_colon_names_the_operation(routes: Routes) -> None:
    found = routes.find("POST", "/v1/complaints/abc:accept")

    assert found is not None
    assert (found[0].key, found[1]) == ("complaints.AcceptComplaint", {"complaint_id": "abc"})


def test_a_path_knows_its_methods(routes: Routes) -> None:
    assert routes.find("DELETE", "/v1/complaints/abc:accept") is None
    assert routes.methods("/v1/complaints/abc:accept") == ["POST"]
    assert routes.methods("/v1/no/such/thing") == []


def test_an_id_in_a_path_is_unquoted_once(routes: Routes) -> None:
    found = routes.find("GET", "/v1/complaints/a%252Fb")

    assert found is not None
    assert found[1] == {"complaint_id": "a%2Fb"}


def test_a_query_reaches_into_the_filter(contracts: Contracts) -> None:
    rpc = contracts.rpc("complaints.ListComplaints")

    asked = from_query(
        contracts, rpc, [("filter.stages", "A"), ("filter.stages", "B"), ("filter.open_only", "true"), ("lang", "en")]
    )

    assert asked == {"filter": {"stages": ["A", "B"], "open_only": True}}


@pytest.mark.parametrize(
    "pairs", [[("nothing", "1")], [("page_size", "1"), ("page_size", "2")], [("filter.open_only", "yes")]]
)
def test_a_query_that_means_nothing_is_refused(contracts: Contracts, pairs: list[tuple[str, str]]) -> None:
    with pytest.raises(Malformed):
        from_query(contracts, contracts.rpc("complaints.ListComplaints"), pairs)


@pytest.mark.parametrize(
    "body",
    ["{", "[]", '{"nothing": 1}', '{"draft": {"title": 5}}', '{"draft": {"manner": "NOBODY"}}', '"\\ud800"', "[" * 500],
)
def test_json_that_is_not_the_message_is_refused(contracts: Contracts, body: str) -> None:
    with pytest.raises(Malformed):
        Transcoder(contracts.image).to_wire("zhengfeng.complaints.v1.FileComplaintRequest", body)


def test_the_path_wins_over_the_body(contracts: Contracts) -> None:
    transcoder = Transcoder(contracts.image)
    name = "zhengfeng.complaints.v1.AcceptComplaintRequest"

    wire = transcoder.to_wire(name, '{"complaint_id": "other"}', {"complaint_id": "mine"})

    assert transcoder.unpack(name, wire)["complaint_id"] == "mine"


def test_an_unset_message_is_none_for_the_pages(contracts: Contracts) -> None:
    assert Transcoder(contracts.image).unpack("zhengfeng.complaints.v1.Complaint", b"")["report"] is None


def test_a_refusal_is_a_problem_in_the_language_asked_for(browser: TestClient, any_suite: AnySuite) -> None:
    any_suite.silent = {"complaints"}

    answer = browser.get("/api/v1/complaints/abc", headers={"accept-language": "en", "authorization": "Bearer x"})

    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["reason"] == "UNAVAILABLE"
    assert answer.json()["detail"] == "The service does not answer now. Please try later."


def test_an_unknown_path_and_method_are_told_apart(browser: TestClient) -> None:
    assert browser.get("/api/v1/nothing/at/all").json()["reason"] == "NO_SUCH_ROUTE"
    wrong = browser.delete("/api/v1/complaints/abc:accept")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "POST")


def test_a_cookie_alone_changes_nothing(browser: TestClient, any_suite: AnySuite) -> None:
    browser.cookies.set("session", f"secret|{token('clerk')}")

    answer = browser.post("/api/v1/complaints/abc:accept", json={"expected_version": "1"})

    assert (answer.status_code, answer.json()["reason"]) == (403, "CSRF_TOKEN_MISSING")
    assert any_suite.asked == []


def test_a_server_stream_is_sent_as_events(browser: TestClient) -> None:
    answer = browser.get("/api/v1/campaigns/abc/live")

    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.text.startswith('data: {"frame"')


def test_a_body_that_is_too_large_is_refused(browser: TestClient) -> None:
    answer = browser.post(
        "/api/v1/complaints", content=b"x" * (5 * 1024 * 1024), headers={"content-type": "application/json"}
    )

    assert answer.status_code == 413
