"""Why somebody wanted to read or had to stay out is nobody's to read once the complaint it is about is erased."""

from __future__ import annotations

import pytest
from zhengfeng.complaints.v1 import complaint_pb2

from tests.service.complaints.city import CLERK, KEEPER, LEADER, OFFICE, City
from tests.service.complaints.test_identity_log import AUDIT, tamper
from tests.service.complaints.test_retention import run
from tests.service.complaints.test_roads import BRIBE, taken

WHY = ("核实柳巷九号的到访时间", "与投诉人是亲属", "理由不足，先问投诉人本人")


def written(city: City, text: str = "窗口没有人") -> complaint_pb2.Complaint:
    """A complaint whose identity somebody asked for and was refused, and from which somebody was taken off."""
    found = city.seen(city.filed(text=text))
    asked = city.do("RequestIdentity", OFFICE, complaint_id=found.complaint_id, purpose=WHY[0], request_id="asks")
    one = {"identity_request_id": asked.identity_request.identity_request_id, "expected_version": 1}
    city.do("GrantIdentity", KEEPER, **one, granted=False, reason=WHY[2])
    return city.do("RecuseFromComplaint", OFFICE, on=found, account_id="housing-clerk", reason=WHY[1])  # type: ignore[no-any-return]


def told(city: City, complaint_id: str) -> list[str]:
    """Every purpose and reason the door tells of a complaint."""
    log = [entry.purpose for entry in city.do("ListIdentityLog", KEEPER, complaint_id=complaint_id).entries]
    asked = city.do("ListIdentityRequests", KEEPER, complaint_id=complaint_id).identity_requests
    kept_out = city.do("ListRecusals", LEADER, complaint_id=complaint_id).recusals
    return sorted({*log, *(one.purpose for one in asked), *(one.reason for one in kept_out)})


def clear(city: City) -> list[str]:
    """What of it stands readable in the database."""
    dump = city.dump()
    return [why for why in WHY if why.encode() in dump]


def test_purposes_and_reasons_are_read_at_the_door_and_nowhere_else(city: City) -> None:
    found = written(city)
    assert told(city, found.complaint_id) == sorted(WHY)
    again = city.do("RequestIdentity", OFFICE, complaint_id=found.complaint_id, purpose=WHY[0], request_id="asks")
    assert again.identity_request.purpose == WHY[0]
    assert clear(city) == []


@pytest.mark.parametrize("road", ["retention", "discipline"])
def test_they_go_with_the_complaint_and_the_log_still_holds(city: City, road: str) -> None:
    found = written(city, BRIBE)
    if road == "discipline":
        taken(city, found)
        city.do("MoveToDiscipline", CLERK, on=found, organ="清河市纪委监委")
    else:
        city.do("DeclineComplaint", CLERK, on=found, reason="out_of_scope", explanation="不属于受理范围")
        for day in ("2028-11-17", "2036-11-17"):
            run(city, day)
    assert told(city, found.complaint_id) == [""]
    assert clear(city) == []
    assert list(city.do("VerifyIdentityLog", AUDIT).faults) == []


def test_a_line_that_was_tampered_with_is_shown_empty_and_found_out(city: City) -> None:
    written(city)
    tamper(city, "UPDATE identity_log SET purpose = 'sealed:AAAA' WHERE act = 'asked'")
    assert {entry.purpose for entry in city.do("ListIdentityLog", KEEPER).entries} == {"", WHY[2]}
    assert len(city.do("VerifyIdentityLog", AUDIT).faults) == 1


def test_what_an_earlier_release_wrote_in_the_clear_goes_too_where_it_may_be_changed(city: City) -> None:
    found = written(city, BRIBE)
    tamper(city, f"UPDATE recusals SET reason = '{WHY[1]}'")
    tamper(city, f"UPDATE identity_requests SET purpose = '{WHY[0]}'")
    assert told(city, found.complaint_id) == sorted(WHY)
    taken(city, found)
    city.do("MoveToDiscipline", CLERK, on=found, organ="清河市纪委监委")
    assert clear(city) == []
