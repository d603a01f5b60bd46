"""Nobody types a hash: the file is picked, and its hash goes along."""

from __future__ import annotations

import hashlib
import re

from starlette.testclient import TestClient

from tests.unit.gateway.answering import AnySuite, token


def test_files_of_evidence_become_their_hashes(browser: TestClient, any_suite: AnySuite) -> None:
    browser.cookies.set("session", f"secret|{token('investigator')}")
    page = browser.get("/cases/abc/acts/RecordFact").text
    assert re.search(r'<input type="file"[^>]* name="evidence_sha256" multiple', page)
    typed = {
        "csrf": re.findall(r'name="csrf" value="([^"]*)"', page)[0],
        "party_id": "abc",
        "conduct": "slow_handling",
        "conduct_day": "2026-11-10",
        "severity": "SEVERITY_ORDINARY",
        "consequence": "CONSEQUENCE_SLIGHT",
        "statement": "超过承诺时限",
    }
    files = [("evidence_sha256", (f"{text}.pdf", text.encode(), "application/pdf")) for text in ("record", "log")]
    answer = browser.post("/cases/abc/acts/RecordFact", data=typed, files=files)
    assert answer.headers["location"] == "/cases/abc?done=RecordFact"
    hashes = [hashlib.sha256(text.encode()).hexdigest() for text in ("record", "log")]
    assert list(any_suite.sent["accountability.RecordFact"].evidence_sha256) == hashes


def test_a_proof_that_must_be_there_is_one_file(browser: TestClient, any_suite: AnySuite) -> None:
    browser.cookies.set("session", f"secret|{token('office')}")
    page = browser.get("/cases/abc/acts/Serve").text
    assert re.search(r'<input type="file"[^>]* name="proof_sha256" required', page)
    typed = {
        "csrf": re.findall(r'name="csrf" value="([^"]*)"', page)[0],
        "party_id": "abc",
        "way": "DELIVERY_WAY_IN_PERSON",
    }
    answer = browser.post("/cases/abc/acts/Serve", data=typed, files={"proof_sha256": ("receipt.pdf", b"signed")})
    assert answer.headers["location"] == "/cases/abc?done=Serve"
    assert any_suite.sent["accountability.Serve"].proof_sha256 == hashlib.sha256(b"signed").hexdigest()
