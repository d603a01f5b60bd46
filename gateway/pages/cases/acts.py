"""What can be done with a case, a rule version, a recommendation, an appeal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from gateway.pages.cases.documents import with_names
from gateway.pages.cases.investigators import recusal_options, with_official
from gateway.pages.cases.watch import RAISE
from gateway.pages.frame.acts import Act, Record, RecordKind
from gateway.pages.frame.choices import Choices
from gateway.pages.frame.forms import Option
from gateway.pages.frame.told import organ
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


def pending(record: Record) -> bool:
    """While a filed case is undecided duties may be suspended."""
    return bool(record["filed_at"]) and bool({"CASE_STATE_TOLERATED", "CASE_STATE_DECIDED"} & set(record["next_states"]))


def filed_and_not_dropped(record: Record) -> bool:
    ended = {f"CASE_STATE_{name}" for name in ("DROPPED", "TOLERATED", "CLEARED", "JOINED")}
    return bool(record["filed_at"]) and record["state"] not in ended


def may_be_appealed(record: Record) -> bool:
    """Something is decided about somebody: here, and served, or by another organ."""
    return any(one["served_at"] or one["outside_measures"] for one in record["parties"] if not one["released"])


async def parties(visit: Visit, record: Record) -> Mapping[str, Sequence[Option]]:
    """The parties that still answer, by name; a refusal that speaks of one says the name too."""
    answering = [one for one in record["parties"] if not one["released"]]
    visit.names |= {one["id"]: visit.name(one["official_id"] or one["unit_path"]) for one in record["parties"]}
    options = [Option(one["id"], visit.names[one["id"]]) for one in answering]
    return {"party_id": options, "choice__party_id": options, "wanted__party_id": options}


TRACKS = ("party", "organisational", "sanction")
AT_WORK = ("CLUE", "VERIFYING", "FILED", "INVESTIGATING")


async def endings(visit: Visit, record: Record) -> Mapping[str, Sequence[Option]]:
    """What is tolerated is ended on a page of its own, check by check."""
    kept = ("ENDING_DROPPED", "ENDING_CLEARED")
    return {"ending": [Option(one, visit.label("Ending", one)) for one in kept]}


async def other_cases(visit: Visit, record: Record) -> Mapping[str, Sequence[Option]]:
    """The cases of the jurisdiction that are still looked into, those of the same unit first."""
    states = [f"CASE_STATE_{name}" for name in AT_WORK]
    calls = {one: ("accountability.ListCases", {"state": one, "page_size": 500}) for one in states}
    found = [case for answer in (await visit.parts(**calls)).values() if answer for case in answer["cases"]]
    await visit.learn(found)
    others = [one for one in found if one["id"] != record["id"] and one["jurisdiction_path"] == record["jurisdiction_path"]]
    others.sort(key=lambda one: one["unit_path"] != record["unit_path"])
    return {"into_case_id": [Option(one["id"], _told(visit, one)) for one in others]}


def _told(visit: Visit, case: Record) -> str:
    conduct = visit.label("choice.conduct", case["suspected_conduct"]) if case["suspected_conduct"] else ""
    return " · ".join(filter(None, (case["number"], conduct, visit.name(case["unit_path"]))))


async def on_tracks(visit: Visit, record: Record) -> Mapping[str, Sequence[Option]]:
    """The persons, the tracks that are not the office's, and the organs with the lines of those managed from above."""
    words = Choices(visit)
    tracks = [one for one in words.words("track") if one.value in TRACKS]
    return {**await persons(visit, record), "track": tracks, "organ": _organs(visit, record, words)}


async def suspending(visit: Visit, record: Record) -> Mapping[str, Sequence[Option]]:
    return {**await persons(visit, record), "organ": _organs(visit, record, Choices(visit))}


async def persons(visit: Visit, record: Record) -> Mapping[str, Sequence[Option]]:
    """The parties that are persons and still answer, by name."""
    people = [one for one in record["parties"] if one["official_id"] and not one["released"]]
    return {"party_id": [Option(one["id"], visit.name(one["official_id"])) for one in people]}


def _organs(visit: Visit, record: Record, words: Choices) -> list[Option]:
    known = [one for one in words.words("organ") if one.value != "office"]
    lines = dict.fromkeys(one["management_line"] for one in record["parties"] if one["management_line"])
    return [*known, *(Option(f"line:{line}", organ(visit, f"line:{line}")) for line in lines)]


async def appealable(visit: Visit, record: Record) -> Mapping[str, Sequence[Option]]:
    """What an appeal may be against: the office's decision, or what an organ decided and is on record."""
    about = {"case_id": record["id"], "page_size": 500}
    found = await visit.parts(
        letters=("accountability.ListRecommendations", about), tracks=("accountability.ListTrackDecisions", about)
    )
    letters = found["letters"]["recommendations"] if found["letters"] else []
    tracks = found["tracks"]["decisions"] if found["tracks"] else []
    told = [(one, one["decided_measures"]) for one in letters] + [(one, one["measures"]) for one in tracks]
    options = await parties(visit, record)
    outside = [Option(one["id"], _decision(visit, one, measures)) for one, measures in told if measures]
    return {"party_id": options["party_id"], "against_id": outside}


def _decision(visit: Visit, one: Record, measures: Sequence[str]) -> str:
    words = visit.t("list_comma").join(visit.label("choice.measure", key) for key in measures)
    return " · ".join((visit.names.get(one["party_id"], ""), organ(visit, one["organ"]), words, one["document_number"]))


CASE = RecordKind(
    key="cases",
    path="/cases",
    rpc="accountability.GetCase",
    field="case",
    id="case_id",
    acts=(
        Act("accountability.VerifyClue", leads("VERIFYING")),
        Act("accountability.FileCase", leads("FILED")),
        Act("accountability.JoinCases", leads("JOINED"), options=other_cases),
        Act("accountability.AssignInvestigators", during("FILED")),
        Act("accountability.RecordFact", during("INVESTIGATING"), options=parties),
        Act("accountability.AddParty", during("INVESTIGATING")),
        Act("accountability.RecordTrail", during("INVESTIGATING"), template="cases/trail.html"),
        Act("accountability.AnswerLeaderQuestion", asks_about_leaders, template="cases/leader.html"),
        Act("accountability.ReviewCase", during("INVESTIGATING"), options=parties),
        Act("accountability.RecordHearing", during("REVIEWED"), options=parties),
        Act("accountability.Propose", leads("PROPOSED"), options=parties),
        Act("accountability.Decide", awaits_decision),
        Act("accountability.RecordDiscussion", leads("DISCUSSED"), options=parties),
        Act("accountability.Transfer", during("PROPOSED", "DISCUSSED", "DECIDED"), options=parties),
        Act("accountability.Serve", during("DECIDED", "TRANSFERRED"), options=parties),
        Act(
            "accountability.IssueDocument",
            lambda record: record["state"] not in ("CASE_STATE_CLUE", "CASE_STATE_JOINED", "CASE_STATE_ARCHIVED"),
            only=(
                "wanted.kind",
                "wanted.party_id",
                "wanted.secrecy",
                "wanted.urgency",
                "wanted.copies_to",
                "wanted.addressee",
                "wanted.asked",
            ),
            options=parties,
            complete=with_names,
        ),
        Act("accountability.Execute", during("SERVED"), options=parties),
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
        Act("accountability.RecordTrackDecision", filed_and_not_dropped, options=on_tracks),
        Act("accountability.Suspend", pending, options=suspending),
        Act("accountability.FileAppeal", may_be_appealed, options=appealable),
        Act("accountability.TolerateCase", leads("TOLERATED")),
        Act("accountability.DropCase", leads("DROPPED", "CLEARED"), options=endings),
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
