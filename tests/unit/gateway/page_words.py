"""Every key of the catalogue that the pages may ask for: those written in templates and code, and those built from
the contracts (fields of forms, values of enums, names of acts, columns of ledgers)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from gateway import pages
from gateway.contracts import Contracts
from gateway.pages.campaigns import LEDGER as CAMPAIGNS
from gateway.pages.campaigns.acts import CAMPAIGN
from gateway.pages.campaigns.bulletins import BULLETIN
from gateway.pages.campaigns.bulletins import LEDGER as BULLETINS
from gateway.pages.campaigns.commended import ENTRY
from gateway.pages.campaigns.commended import LEDGER as ADJUSTMENTS
from gateway.pages.campaigns.hall_control import HALL
from gateway.pages.campaigns.objections import LEDGER as OBJECTIONS
from gateway.pages.campaigns.objections import OBJECTION
from gateway.pages.campaigns.promises import PROMISE, PROMISES, PUBLIC
from gateway.pages.campaigns.statements import STATEMENT, STATEMENTS
from gateway.pages.campaigns.years import PUBLIC as PUBLIC_SCORES
from gateway.pages.campaigns.years import YEAR, YEAR_SCORES, YEARS
from gateway.pages.cases import LEDGER as CASES
from gateway.pages.cases import RULE_VERSIONS
from gateway.pages.cases.acts import CASE, RULES
from gateway.pages.cases.circulars import CIRCULAR
from gateway.pages.cases.circulars import DESK as CIRCULARS
from gateway.pages.cases.statistics import BEHIND
from gateway.pages.cases.watch import FLAG, FLAGS, OWN_HANDLING, OWN_HANDLINGS
from gateway.pages.complaints import LEDGER as COMPLAINTS
from gateway.pages.complaints.acts import COMPLAINT
from gateway.pages.complaints.steering import LEDGERS as STEERING
from gateway.pages.desk import MODELS
from gateway.pages.directory import ACCOUNTS, ITEMS, OFFICIALS, UNITS
from gateway.pages.directory.acts import ACCOUNT
from gateway.pages.figures.bulletins import BULLETIN as COMPLAINT_BULLETIN
from gateway.pages.figures.bulletins import COUNTED
from gateway.pages.figures.bulletins import LEDGER as COMPLAINT_BULLETINS
from gateway.pages.frame.acts import RecordKind
from gateway.pages.frame.forms import FormMaker
from gateway.pages.frame.ledger import Ledger
from gateway.pages.outside import KINDS as OUTSIDE_KINDS
from gateway.pages.outside import LEDGERS as OUTSIDE
from gateway.pages.publishing.kinds import KINDS as AFTERMATH_KINDS
from gateway.pages.publishing.kinds import LEDGERS as AFTERMATH
from gateway.pages.roads import LEDGERS as ROADS
from gateway.pages.staff.work import WAITING
from gateway.pages.supervision import KINDS, LEDGERS
from gateway.pages.tracks import KINDS as TRACK_KINDS
from gateway.pages.tracks import LEDGERS as TRACKS
from gateway.pages.vault import IDENTITY_LOG, RETENTION

ALL_LEDGERS: tuple[Ledger, ...] = (
    COMPLAINT_BULLETINS, COUNTED,
    COMPLAINTS, IDENTITY_LOG, RETENTION, CASES, RULE_VERSIONS, BEHIND, CIRCULARS, CAMPAIGNS, ADJUSTMENTS, OBJECTIONS,
    UNITS, OFFICIALS, BULLETINS, MODELS,
    ITEMS, ACCOUNTS, *LEDGERS,
    *ROADS, *OUTSIDE, *STEERING, *AFTERMATH, *TRACKS,
    FLAGS, OWN_HANDLINGS, STATEMENTS, PROMISES, PUBLIC, YEARS, YEAR_SCORES, PUBLIC_SCORES,
)  # fmt: skip
ALL_KINDS: tuple[RecordKind, ...] = (
    COMPLAINT_BULLETIN, *AFTERMATH_KINDS, *TRACK_KINDS,
    HALL, BULLETIN, *OUTSIDE_KINDS,
    COMPLAINT, CASE, RULES, CIRCULAR, CAMPAIGN, ENTRY, OBJECTION,
    STATEMENT, PROMISE, YEAR, ACCOUNT, FLAG, OWN_HANDLING, *KINDS,
)  # fmt: skip
ALONE = (
    "complaints.DraftComplaintBulletin",
    "complaints.FileComplaint", "complaints.RegisterForCaller", "complaints.AddEvidence", "complaints.AnswerQuestion",
    "complaints.SignForPart", "complaints.ReportPart", "complaints.RateHandling", "complaints.WithdrawComplaint",
    "complaints.GrantIdentity", "complaints.FindRepeats", "complaints.OpenIdentity",
    "accountability.OpenCase", "accountability.ImportRules", "accountability.RecordOutsideDecision",
    "accountability.DecideAppeal", "accountability.PublishClearing", "supervision.CreatePoint",
    "supervision.OpenRound", "supervision.ReportFromPoint",
    "supervision.AppointSupervisor", "supervision.PlanInspection", "supervision.ReportOwnFinding",
    "accountability.RaiseFlag", "accountability.FileOwnHandling", "evaluation.RecordPromise",
    "evaluation.ScoreYear", "evaluation.RecordReview",
    "evaluation.FileObjection", "evaluation.DraftBulletin", "evaluation.CommendWork",
    "complaints.AskForSecondHandling", "complaints.DraftAnswer", "complaints.RecordExposure", "complaints.PlanReview",
    "complaints.RecordOrganReceipt", "complaints.IssueOpen311Key",
    "complaints.CreateWebhook", "complaints.AddContact", "complaints.RegisterPeer", "complaints.GiveNoticeAddress",
    "directory.CreateAccount", "directory.ChangePassword", "directory.EnrolTotp", "directory.ConfirmTotp",
)  # fmt: skip
"""Rpcs whose forms stand for themselves."""
FOLDER = Path(pages.__file__).parent
IN_TEMPLATE = re.compile(r"""\bt\(\s*'([A-Za-z0-9_.-]+)'\s*[,)]""")
EITHER = re.compile(r"""\bt\('([a-z_.]+)' if [^)]*? else '([a-z_.]+)'""")
IN_CODE = re.compile(r"""\bvisit\.t\(\s*"([A-Za-z0-9_.-]+)"\s*[,)]""")
ENUM_LABEL = re.compile(r"""label\(['"]([A-Z][A-Za-z]+)['"]""")


def written() -> Iterator[str]:
    """Keys written out in templates and code."""
    for file in FOLDER.rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        yield from IN_TEMPLATE.findall(text)
        for pair in EITHER.findall(text):
            yield from pair
    for file in FOLDER.rglob("*.py"):
        yield from IN_CODE.findall(file.read_text(encoding="utf-8"))


def enums_shown(contracts: Contracts) -> Iterator[str]:
    """Values of every enum that a column, a template or a form shows."""
    names = {column.kind for ledger in ALL_LEDGERS for column in ledger.columns if column.kind[0].isupper()}
    for file in FOLDER.rglob("*.html"):
        names |= set(ENUM_LABEL.findall(file.read_text(encoding="utf-8")))
    for full in contracts.enums:
        name = full.rpartition(".")[2]
        if full.startswith("zhengfeng.") and name in names:
            yield from (f"{name}.{value}" for value in contracts.enum_values(full))


def of_forms(contracts: Contracts) -> Iterator[tuple[str, ...]]:
    """Labels of form fields: any one of the keys in a tuple will do."""
    asked: list[tuple[str, ...]] = []

    def label(message: str, name: str) -> str:
        asked.append((f"field.{message}.{name}", f"field.{name}"))
        return name

    def word(kind: str, value: str) -> str:
        asked.append((f"{kind}.{value}",))
        return value

    maker = FormMaker(contracts, label, lambda message, name: "", word)
    for kind in ALL_KINDS:
        for act in kind.acts:
            asked.append((f"act.{act.rpc}",))
            maker.make(contracts.rpc(act.rpc), only=act.only)
    for rpc in ALONE:
        maker.make(contracts.rpc(rpc))
    for ledger in ALL_LEDGERS:
        if ledger.filters:
            maker.make(contracts.rpc(ledger.rpc), only=ledger.filters)
    return iter(asked)


def of_ledgers() -> Iterator[str]:
    for ledger in ALL_LEDGERS:
        yield from (f"{part}.{ledger.key}" for part in ("title", "caption", "empty"))
        yield from (column.head for column in ledger.columns)
        if ledger.new:
            yield f"new.{ledger.key}"
    yield from (one.word for one in WAITING)
    yield from (entry.word for family in pages.FAMILIES for entry in family.MENU)


def wanted(contracts: Contracts) -> Iterator[tuple[str, ...]]:
    """All of it."""
    for key in (*written(), *enums_shown(contracts), *of_ledgers()):
        yield (key,)
    yield from of_forms(contracts)
    for role in contracts.enum_values("zhengfeng.common.v1.Role"):
        yield (f"role.{role.removeprefix('ROLE_').lower()}",)
