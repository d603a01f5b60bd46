"""What can be done with a case, a rule version, a recommendation, an appeal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from gateway.pages.cases.documents import with_names
from gateway.pages.cases.investigators import recusal_options, with_official
from gateway.pages.cases.watch import RAISE
from gateway.pages.frame.acts import Act, Record, RecordKind
from gateway.pages.frame.forms import Option
from gateway.pages.frame.visit import Visit

ROAD = (
    "CASE_STATE_CLUE",
    "CASE_STATE_VERIFYING",
    "CASE_STATE_FILED",
    "CASE_STATE_INVESTIGATING",
    "CASE_STATE_REVIEWED",
    "CASE_STATE_HEARD",
    "CASE_STATE_PROPOSED",
    "CASE_STATE_DECIDED",
    "CASE_STATE_SERVED",
    "CASE_STATE_EXECUTED",
    "CASE_STATE_CLOSED",
    "CASE_STATE_ARCHIVED",
)


def leads(*states: str) -> Callable[[Record], bool]:
    """The act's turn has come where the case may go to one of these states next, as its record says."""
    return lambda record: bool({f"CASE_STATE_{name}" for name in states} & set(record["next_states"]))


def during(*states: str) -> Callable[[Record], bool]:
    return lambda record: record["state"] in {f"CASE_STATE_{name}" for name in states}


def asks_about_leaders(record: Record) -> bool:
    question = record["leader_question"]
    return bool(question and question["asked"] and not question["answered"])


def awaits_decision(record: Record) -> bool:
    """The office has not decided yet, though other organs may have."""
    others_only = record["state"] == "CASE_STATE_DECIDED" and not record["decider"]
    return others_only or leads("DECIDED", "TRANSFERRED")(record)


def rules_in(state: str) -> Callable[[Record], bool]:
    return lambda record: record["state"] == f"RULE_VERSION_STATE_{state}"


async def parties(visit: Visit, record: Record) -> Mapping[str, Sequence[Option]]:
    """The parties that still answer, by name; a refusal that speaks of one says the name too."""
    answering = [one for one in record["parties"] if not one["released"]]
    visit.names |= {one["id"]: visit.name(one["official_id"] or one["unit_path"]) for one in record["parties"]}
    options = [Option(one["id"], visit.names[one["id"]]) for one in answering]
    return {"party_id": options, "choice__party_id": options, "wanted__party_id": options}


CASE = RecordKind(
    key="cases",
    path="/cases",
    rpc="accountability.GetCase",
    field="case",
    id="case_id",
    acts=(
        Act("accountability.VerifyClue", leads("VERIFYING")),
        Act("accountability.FileCase", leads("FILED")),
        Act("accountability.AssignInvestigators", during("FILED")),
        Act("accountability.RecordFact", during("INVESTIGATING"), options=parties),
        Act("accountability.AddParty", during("INVESTIGATING")),
        Act("accountability.RecordTrail", during("INVESTIGATING"), template="cases/trail.html"),
        Act("accountability.AnswerLeaderQuestion", asks_about_leaders),
        Act("accountability.ReviewCase", during("INVESTIGATING"), options=parties),
        Act("accountability.RecordHearing", during("REVIEWED"), options=parties),
        Act("accountability.Propose", leads("PROPOSED"), options=parties),
        Act("accountability.Decide", awaits_decision),
        Act("accountability.RecordDiscussion", leads("DISCUSSED"), options=parties),
        Act("accountability.Transfer", during("PROPOSED", "DISCUSSED", "DECIDED"), options=parties),
        Act("accountability.Serve", during("DECIDED", "TRANSFERRED"), options=parties),
        Act(
            "accountability.IssueDocument",
            during("REVIEWED", "TRANSFERRED", "DECIDED", "SERVED", "EXECUTED", "CLOSED"),
            only=("wanted.kind", "wanted.party_id", "wanted.secrecy", "wanted.urgency", "wanted.copies_to"),
            options=parties,
            complete=with_names,
        ),
        Act("accountability.Execute", during("SERVED"), options=parties),
        Act("accountability.FileAppeal", during("SERVED", "EXECUTED", "CLOSED"), options=parties),
        Act("accountability.CloseCase", leads("CLOSED")),
        Act("accountability.ArchiveCase", leads("ARCHIVED")),
        Act(
            "accountability.RecuseInvestigator",
            during("INVESTIGATING", "REVIEWED"),
            only=("account", "ground", "reason", "substitute.account"),
            options=recusal_options,
            complete=with_official,
        ),
        Act("accountability.ReleaseParty", during("INVESTIGATING"), options=parties),
        RAISE,
        Act("accountability.DropCase", leads("DROPPED", "TOLERATED", "CLEARED")),
    ),
)
RULES = RecordKind(
    key="rules",
    path="/rules",
    rpc="accountability.GetRuleVersion",
    field="rule_version",
    id="rule_version_id",
    label=lambda record: f"{record['instrument']['title']} {record['label']}",
    acts=(
        Act("accountability.SubmitRules", rules_in("DRAFT")),
        Act("accountability.ReviewRules", rules_in("IN_REVIEW"), template="cases/hash.html"),
        Act("accountability.ApproveRules", rules_in("IN_REVIEW"), template="cases/hash.html"),
    ),
)
