"""Home of whoever signs in: what waits for them, by role, each list with its first rows."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import Response

from gateway.pages.frame.visit import Visit

FIRST = 5


@dataclass(frozen=True, slots=True)
class Waiting:
    """One list of the home page: whose it is, how it is asked for, where all of it stands."""

    word: str
    roles: frozenset[str]
    rpc: str
    rows: str
    ask: Mapping[str, Any]
    all: str
    record: str
    title: str = "title"
    number: str = "number"


def _complaints(word: str, roles: str, query: str, **filters: Any) -> Waiting:
    return Waiting(
        word,
        frozenset(roles.split()),
        "complaints.ListComplaints",
        "complaints",
        {"filter": filters, "sort": "COMPLAINT_SORT_RECEIVED_ASC"},
        f"/complaints?{query}",
        "/complaints/{complaint_id}",
    )


def _cases(word: str, roles: str, state: str) -> Waiting:
    return Waiting(
        word,
        frozenset(roles.split()),
        "accountability.ListCases",
        "cases",
        {"state": state},
        f"/cases?state={state}",
        "/cases/{id}",
        "suspected_conduct",
    )


def _findings(word: str, roles: str, query: str, **ask: Any) -> Waiting:
    return Waiting(
        word,
        frozenset(roles.split()),
        "supervision.ListFindings",
        "findings",
        ask,
        f"/findings?{query}",
        "/findings/{finding_id}",
    )


def _campaigns(word: str, roles: str, state: str) -> Waiting:
    return Waiting(
        word,
        frozenset(roles.split()),
        "evaluation.ListCampaigns",
        "campaigns",
        {"state": state},
        f"/campaigns?state={state}",
        "/campaigns/{campaign_id}",
    )


def _stage(word: str, roles: str, *stages: str) -> Waiting:
    return _complaints(word, roles, "&".join(f"filter.stages={one}" for one in stages), stages=list(stages))


def _identity(word: str, roles: str, state: str) -> Waiting:
    return Waiting(
        word,
        frozenset(roles.split()),
        "complaints.ListIdentityRequests",
        "identity_requests",
        {"state": state},
        f"/identity-requests?state={state}",
        "/identity-requests/{identity_request_id}",
        "purpose",
    )


WAITING: Sequence[Waiting] = (
    Waiting(
        "wait.danger",
        frozenset({"leader", "office"}),
        "complaints.ListDangerAlerts",
        "danger_alerts",
        {"waiting_only": True},
        "/danger-alerts?waiting_only=true",
        "/danger-alerts/{complaint_id}",
        "kind",
    ),
    Waiting(
        "wait.handover",
        frozenset({"clerk", "office"}),
        "complaints.ListHandovers",
        "handovers",
        {"state": "HANDOVER_STATE_SUSPECTED"},
        "/handovers?state=HANDOVER_STATE_SUSPECTED",
        "/handovers/{complaint_id}",
        "kind",
    ),
    _complaints(
        "wait.red",
        "clerk office leader unit_clerk unit_head",
        "filter.lights=LIGHT_RED&filter.open_only=true",
        lights=["LIGHT_RED"],
        open_only=True,
    ),
    _stage("wait.received", "clerk", "STAGE_RECEIVED"),
    _stage("wait.accepted", "clerk", "STAGE_ACCEPTED", "STAGE_REGISTERED"),
    _stage("wait.submitted", "office leader", "STAGE_SUBMITTED"),
    _stage("wait.bounced", "office", "STAGE_BOUNCED"),
    _stage("wait.reported", "office", "STAGE_REPORTED"),
    _stage("wait.handling", "unit_clerk unit_head", "STAGE_HANDLING", "STAGE_SENT_BACK", "STAGE_REDOING"),
    _stage("wait.sign", "unit_head", "STAGE_REPORTED"),
    _identity("wait.identity_asked", "leader identity_keeper", "IDENTITY_REQUEST_STATE_ASKED"),
    _identity("wait.identity_granted", "clerk office", "IDENTITY_REQUEST_STATE_GRANTED"),
    _findings("wait.overdue", "office leader unit_clerk unit_head", "overdue=true", overdue=True),
    _findings("wait.recorded", "office", "stage=FINDING_STAGE_RECORDED", stage="FINDING_STAGE_RECORDED"),
    _findings("wait.notified", "unit_clerk unit_head", "stage=FINDING_STAGE_NOTIFIED", stage="FINDING_STAGE_NOTIFIED"),
    _findings(
        "wait.submitted_findings", "office supervisor", "stage=FINDING_STAGE_SUBMITTED", stage="FINDING_STAGE_SUBMITTED"
    ),
    _cases("wait.clue", "office", "CASE_STATE_CLUE"),
    _cases("wait.filed", "office", "CASE_STATE_FILED"),
    _cases("wait.investigating", "investigator reviewer", "CASE_STATE_INVESTIGATING"),
    _cases("wait.reviewed", "investigator", "CASE_STATE_REVIEWED"),
    _cases("wait.proposed", "decider", "CASE_STATE_PROPOSED"),
    _cases("wait.decided", "office", "CASE_STATE_DECIDED"),
    _campaigns("wait.open", "organiser registrar checker leader", "CAMPAIGN_STATE_OPEN"),
    _campaigns("wait.closed", "organiser checker", "CAMPAIGN_STATE_CLOSED"),
    _campaigns("wait.counted", "organiser checker publisher", "CAMPAIGN_STATE_COUNTED"),
    Waiting(
        "wait.reports",
        frozenset({"office"}),
        "supervision.ListPointReports",
        "point_reports",
        {"outcome": "REPORT_OUTCOME_WAITING"},
        "/point-reports?outcome=REPORT_OUTCOME_WAITING",
        "/point-reports/{point_report_id}",
    ),
    Waiting(
        "wait.rounds",
        frozenset({"point"}),
        "supervision.ListRounds",
        "rounds",
        {},
        "/rounds",
        "/point-reports/new?round={round_id}",
    ),
    Waiting(
        "wait.inspections",
        frozenset({"supervisor"}),
        "supervision.ListInspections",
        "inspections",
        {"stage": "INSPECTION_STAGE_UNDER_WAY"},
        "/inspections",
        "/inspections/{inspection_id}",
    ),
    Waiting(
        "wait.rules",
        frozenset({"reviewer", "approver", "rule_author"}),
        "accountability.ListRuleVersions",
        "rule_versions",
        {},
        "/rules",
        "/rules/{id}",
        "instrument",
        "label",
    ),
    Waiting(
        "wait.appeals",
        frozenset({"office", "decider"}),
        "accountability.ListOpenAppeals",
        "appeals",
        {},
        "/appeals",
        "/cases/{case_id}",
        "clock",
        "case_number",
    ),
    Waiting(
        "wait.held_effects",
        frozenset({"office", "decider"}),
        "accountability.ListHeldEffects",
        "effects",
        {},
        "/effects/held",
        "/officials/{official_id}/effects",
        "measure",
        "case_number",
    ),
    Waiting(
        "wait.flags",
        frozenset({"office", "leader"}),
        "accountability.ListFlags",
        "flags",
        {"state": "FLAG_STATE_OPEN"},
        "/flags?state=FLAG_STATE_OPEN",
        "/flags/{id}",
        "case_number",
    ),
    Waiting(
        "wait.own_handlings",
        frozenset({"office"}),
        "accountability.ListOwnHandlings",
        "own_handlings",
        {"state": "OWN_HANDLING_STATE_FILED"},
        "/own-handlings?state=OWN_HANDLING_STATE_FILED",
        "/own-handlings/{id}",
        "title",
        "document_number",
    ),
    Waiting(
        "wait.locked",
        frozenset({"security_admin"}),
        "directory.ListAccounts",
        "accounts",
        {"locked_only": True},
        "/accounts?locked_only=true",
        "/accounts/{account_id}",
        "display_name",
        "user_name",
    ),
)


@dataclass
class Shown:
    """A list as the page shows it; None where its service did not answer."""

    waiting: Waiting
    rows: list[dict[str, Any]] | None
    more: bool = False
    links: list[tuple[str, str, str]] = field(default_factory=list)


async def work(visit: Visit) -> Response:
    own = [one for one in WAITING if one.roles & visit.roles]
    shown = await asyncio.gather(*(_ask(visit, one) for one in own))
    person = await visit.part("directory.WhoAmI")
    await visit.learn([one.rows for one in shown], person)
    return visit.site.page(
        visit,
        "staff/work.html",
        shown=[one for one in shown if one.rows is not None],
        person=person["person"] if person else None,
    )


async def _ask(visit: Visit, waiting: Waiting) -> Shown:
    answer = await visit.part(waiting.rpc, **waiting.ask, page_size=FIRST)
    if answer is None:
        return Shown(waiting, None)
    rows = answer[waiting.rows][:FIRST]
    return Shown(waiting, rows, bool(answer.get("next_page_token")))
