"""The identity log cannot be changed quietly: whoever changes, removes or adds a line is found out."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from zhengfeng.complaints.v1 import identity_pb2

from chassis.audit import first_broken, seal
from tests.doors import caller
from tests.service.complaints.city import CLERK, KEEPER, OFFICE, City

PURPOSE = "核实当日到访时间"
AUDIT = caller("audit_admin", jurisdiction="/qinghe", subject="audit-admin")
CHANGED, MISSING, ADDED = (
    identity_pb2.LOG_FAULT_KIND_CHANGED,
    identity_pb2.LOG_FAULT_KIND_MISSING,
    identity_pb2.LOG_FAULT_KIND_ADDED,
)


def looked_at(city: City) -> identity_pb2.IdentityRequest:
    """An identity asked for, granted and read."""
    receipt = city.filed()
    request = city.do("RequestIdentity", OFFICE, complaint_id=receipt.complaint_id, purpose=PURPOSE).identity_request
    one = {"identity_request_id": request.identity_request_id}
    city.do("GrantIdentity", KEEPER, **one, expected_version=1, granted=True, hours=24)
    city.do("OpenIdentity", OFFICE, **one)
    return request  # type: ignore[no-any-return]


def tamper(city: City, statement: str) -> None:
    """What somebody with the database's password would do."""
    with city.door.store.engine.connect().execution_options(writes=True) as connection, connection.begin():
        assert connection.execute(sa.text(statement)).rowcount == 1


def faults(city: City, as_: object = AUDIT) -> list[tuple[str, int]]:
    """What is found to be wrong."""
    found = city.do("VerifyIdentityLog", as_)  # type: ignore[arg-type]
    return [(fault.log, fault.kind) for fault in found.faults]


def test_a_log_nobody_touched_holds(city: City) -> None:
    looked_at(city)
    city.do("FindRepeats", CLERK, phone="13800000000")
    found = city.do("VerifyIdentityLog", KEEPER)
    assert (found.lines, list(found.faults)) == (4, [])


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("UPDATE identity_log SET reader = 'somebody-else' WHERE act = 'read'", CHANGED),
        ("UPDATE identity_log SET purpose = '' WHERE act = 'asked'", CHANGED),
        ("UPDATE identity_log SET version = 0 WHERE act = 'read'", CHANGED),
        ("DELETE FROM identity_log WHERE act = 'read'", MISSING),
    ],
)
def test_a_line_changed_or_taken_out_is_noticed(city: City, statement: str, kind: int) -> None:
    looked_at(city)
    tamper(city, statement)
    assert faults(city) == [("identity_log", kind)]


def test_a_line_put_in_is_noticed(city: City) -> None:
    looked_at(city)
    plain = city.door.store.engine.dialect.name == "sqlite"
    new_id = "0199aaaa000070008000000000000001" if plain else "0199aaaa-0000-7000-8000-000000000001"
    copied = "version, at, unit_path, jurisdiction_path, complaint_id, number, identity_request_id, act, actor, reader"
    copied += ", purpose"
    line = f"SELECT '{new_id}', {copied} FROM identity_log WHERE act = 'read'"
    tamper(city, f"INSERT INTO identity_log (id, {copied}) {line}")
    assert faults(city) == [("identity_log", ADDED)]


def test_whoever_takes_its_digest_out_too_breaks_the_chain_of_the_audit_trail(city: City) -> None:
    looked_at(city)
    seal(city.door.store)
    assert first_broken(city.door.store) is None
    subject = "SELECT subject_id FROM audit WHERE resource = 'identity_log' ORDER BY seq DESC LIMIT 1"
    tamper(city, f"DELETE FROM audit WHERE resource = 'identity_log' AND subject_id = ({subject})")
    assert first_broken(city.door.store) is not None


def test_the_log_is_found_by_who_what_whose_and_when(city: City) -> None:
    request = looked_at(city)

    def acts(**wanted: object) -> list[str]:
        return [entry.act for entry in city.do("ListIdentityLog", AUDIT, **wanted).entries]

    assert acts(act=identity_pb2.IDENTITY_ACT_READ) == ["read"]
    assert sorted(acts(by="office")) == ["asked", "read"]
    assert len(acts(number=request.number, reader="office")) == 3
    assert acts(number="投诉〔2026〕999号") == []
    assert len(acts(from_day="2026-11-16", to_day="2026-11-16")) == 3
    assert acts(to_day="2026-11-15") == []
    assert city.refused("ListIdentityLog", AUDIT, from_day="2026-02-30").reason == "DAY_INVALID"


def test_the_desks_search_for_a_number_stands_in_the_log_without_the_number(city: City) -> None:
    city.filed()
    city.do("FindRepeats", CLERK, phone="139 1234 5678")
    (line,) = city.do("ListIdentityLog", KEEPER, act=identity_pb2.IDENTITY_ACT_SEARCHED).entries
    assert (line.by, line.purpose, line.complaint_id) == ("clerk", "查得1件 / 1 found", "")
