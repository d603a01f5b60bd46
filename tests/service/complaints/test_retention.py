"""Retention: after a rule's years nobody knows who raised it, after more nothing it said remains, and both are on record."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from zhengfeng.complaints.v1 import complaint_pb2, deliveries_pb2, identity_pb2, retention_pb2

from chassis.auth import Caller
from chassis.clock import SHANGHAI
from services.complaints.storage.outside import NOTICE_ADDRESSES
from tests.doors import caller
from tests.service.complaints.city import CLERK, KEEPER, OFFICE, SECRET_NAME, SECRET_PHONE, City

AUDIT = caller("audit_admin", jurisdiction="/qinghe", subject="audit-admin")
ANONYMISED, ERASED = retention_pb2.RETENTION_STEP_ANONYMISED, retention_pb2.RETENTION_STEP_ERASED


def declined(city: City) -> complaint_pb2.Complaint:
    """A complaint that was not accepted, about which its filer said more."""
    receipt = city.filed()
    city.do("AddEvidence", None, receipt_code=receipt.receipt_code, text=f"补充：请打{SECRET_PHONE}找{SECRET_NAME}")
    at = city.seen(receipt)
    return city.do("DeclineComplaint", CLERK, on=at, reason="out_of_scope", explanation="不属于受理范围")  # type: ignore[no-any-return]


def steps(city: City, **wanted: object) -> list[tuple[str, int, str]]:
    """What the record says."""
    entries = city.do("ListRetentionLog", AUDIT, **wanted).entries
    return [(entry.number, entry.step, entry.rule) for entry in entries]


def run(city: City, day: str) -> None:
    """Time passes, and the timer runs."""
    city.clock.set(at(day))
    city.door.run_timer("retention")


def at(day: str) -> datetime:
    """A morning in Shanghai."""

    return datetime.fromisoformat(f"{day} 09:00").replace(tzinfo=SHANGHAI)


def test_after_its_years_a_complaint_is_anonymised_and_after_more_erased(city: City) -> None:
    done = declined(city)
    run(city, "2028-11-15")
    assert steps(city) == []
    run(city, "2028-11-17")
    assert steps(city) == [(done.number, ANONYMISED, "not_taken_up")]
    left = city.seen(done)
    assert SECRET_NAME not in left.text + left.confidential_text and "等了两个小时" in left.text
    assert left.confidential_text == ""
    asked = city.refused("RequestIdentity", OFFICE, complaint_id=done.complaint_id, purpose="核实到访时间")
    assert asked.reason == "NO_IDENTITY"
    timeline = "".join(entry.text for entry in city.do("ListTimeline", OFFICE, complaint_id=done.complaint_id).entries)
    assert "补充" in timeline and SECRET_NAME not in timeline and SECRET_PHONE not in timeline
    assert not city.do("FindRepeats", CLERK, phone=SECRET_PHONE).named

    run(city, "2036-11-17")
    assert steps(city, retention_step=ERASED) == [(done.number, ERASED, "not_taken_up")]
    gone = city.seen(done)
    assert (gone.title, gone.text, gone.number) == ("", "", done.number)
    assert not city.do("ListComplaints", OFFICE, filter={"text": "等了"}).complaints
    assert [
        entry.text for entry in city.do("ListTimeline", OFFICE, complaint_id=done.complaint_id).entries if entry.text
    ] == []


def test_nothing_is_done_twice_and_the_record_cannot_be_changed_quietly(city: City) -> None:
    declined(city)
    for day in ("2029-01-01", "2029-01-02", "2029-01-03"):
        run(city, day)
    assert len(steps(city)) == 1
    found = city.do("VerifyIdentityLog", KEEPER)
    assert (found.lines, list(found.faults)) == (1, [])
    with city.door.store.engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.exec_driver_sql("DELETE FROM retention_log")
    (fault,) = city.do("VerifyIdentityLog", AUDIT).faults
    assert (fault.log, fault.kind) == ("retention_log", identity_pb2.LOG_FAULT_KIND_MISSING)


def test_what_was_established_is_kept_longer_and_what_is_open_stays_as_it_is(city: City) -> None:
    closed, still_open = city.closed(), city.accepted(title="还在办理")
    run(city, "2031-11-15")
    assert city.seen(closed).text and steps(city) == []
    run(city, "2031-11-17")
    assert steps(city) == [(closed.number, ANONYMISED, "proven")]
    assert SECRET_NAME in city.seen(still_open).text


def test_a_complaint_joined_to_another_shares_its_end(city: City) -> None:
    first, other = city.filed(title="又是同一件事"), city.filed(title="同一件事")
    inner = city.do("Merge", CLERK, on=city.seen(first), into_complaint_id=other.complaint_id)
    into = city.accepted()
    merged = city.do("Merge", CLERK, on=city.seen(other), into_complaint_id=into.complaint_id)
    city.do("WithdrawComplaint", None, receipt_code=city.last_receipt.receipt_code, reason="已解决")
    run(city, "2029-01-01")
    assert {number for number, _, _ in steps(city)} == {inner.number, merged.number, into.number}


def test_the_rules_in_force_are_told_in_their_order(city: City) -> None:
    rules = city.do("GetRetentionRules", KEEPER, jurisdiction_path="/qinghe").rules
    assert [rule.rule for rule in rules] == ["superior", "proven", "not_taken_up", "other"]
    assert (rules[0].anonymise_years, rules[0].erase_years) == (10, 0)


def test_the_address_for_notices_goes_with_the_identity(city: City) -> None:
    receipt = city.filed()
    address = {"means": deliveries_pb2.DELIVERY_MEANS_MAIL, "address": "ruoshui@example.cn", "consent": True}
    city.do("GiveNoticeAddress", None, receipt_code=receipt.receipt_code, **address)
    city.do("DeclineComplaint", CLERK, on=city.seen(receipt), reason="out_of_scope", explanation="不属于受理范围")
    with city.door.store.read(Caller.service("complaints")) as tx:
        assert len(tx.rows(sa.select(NOTICE_ADDRESSES))) == 1
    run(city, "2028-11-17")
    with city.door.store.read(Caller.service("complaints")) as tx:
        assert not tx.rows(sa.select(NOTICE_ADDRESSES))
