"""Rule versions, their rows, faults and changes as messages."""

from __future__ import annotations

from collections.abc import Sequence

from zhengfeng.accountability.v1 import rule_drafts_pb2 as drafts
from zhengfeng.accountability.v1 import rule_sheets_pb2 as typed
from zhengfeng.accountability.v1 import rule_table_pb2 as table
from zhengfeng.accountability.v1 import rules_pb2 as pb

from chassis.i18n import Catalogue as Sentences
from papers.sheets_strict import TypedSheet
from services.accountability.domain.rule_version import RuleVersion
from services.accountability.domain.views import Exported, Given, ReadVersion
from services.accountability.rules.compare import Change
from services.accountability.rules.faults import Fault
from services.accountability.rules.golden import SAID_BY
from services.accountability.rules.sheets import LaidOut
from services.accountability.rules.table import Golden, RuleRow
from services.accountability.rules.words import SETS
from services.accountability.wire.parts import day, moment, number

LISTED = 1_000


def given(request: pb.ImportRulesRequest | pb.LintRulesRequest | drafts.ReviseRulesRequest) -> Given:
    """The text of a pack, the bytes of its workbook, or its sheets as they were typed."""
    kind = request.WhichOneof("given")
    if kind == "sheets":
        return tuple(map(_typed_sheet, request.sheets.sheets))
    return request.workbook if kind == "workbook" else request.pack_text


def _typed_sheet(found: typed.GivenSheet) -> TypedSheet:
    return TypedSheet(found.name, tuple(found.heads), tuple(tuple(row.cells) for row in found.rows))


def sheets(found: Sequence[LaidOut]) -> drafts.LayOutRulesResponse:
    """Sheets to be changed on a page."""
    return drafts.LayOutRulesResponse(sheets=map(_sheet, found))


def _sheet(found: LaidOut) -> typed.RuleSheet:
    columns = [
        typed.RuleColumn(
            name=one.name, head=one.head, help=one.help, required=one.required, shape=one.shape, words=one.words
        )
        for one in found.columns
    ]
    return typed.RuleSheet(name=found.name, columns=columns, rows=[typed.RuleSheetRow(cells=row) for row in found.rows])


def linted(faults: Sequence[Fault], sentences: Sentences) -> pb.LintRulesResponse:
    """The faults with their sentences; of very many only the first."""
    return pb.LintRulesResponse(faults=[fault(one, sentences) for one in faults[:LISTED]], count=len(faults))


def exported(found: Exported) -> pb.ExportRulesResponse:
    """A version to take home."""
    return pb.ExportRulesResponse(workbook=found.workbook, file_name=found.file_name, pack_text=found.pack_text)


def version(found: RuleVersion) -> pb.RuleVersion:
    """A version without its rows."""
    return pb.RuleVersion(
        id=found.id,
        version=found.version,
        instrument=table.Instrument(
            key=found.instrument_key,
            title=found.title,
            issuer=found.issuer,
            number=found.number,
            jurisdiction_path=found.jurisdiction_path,
        ),
        label=found.label,
        state=number(pb.RuleVersionState, "RULE_VERSION_STATE", found.state),
        valid_from=day(found.valid_from),
        valid_to=day(found.valid_to),
        sha256=found.sha256,
        author=found.author,
        reviewer=found.reviewer,
        approver=found.approver,
        imported_at=moment(found.imported_at),
        approved_at=moment(found.approved_at),
        review_opinion=found.review_opinion,
    )


def version_with_rows(found: ReadVersion) -> pb.RuleVersion:
    """A version with its rows and the pack's text."""
    shown = version(found.version)
    shown.rows.extend(map(row, found.pack.rows))
    shown.pack_text = found.version.pack_text
    shown.golden_cases.extend(_golden(one, place not in found.broken) for place, one in enumerate(found.pack.goldens))
    return shown


def _golden(found: Golden, kept: bool) -> typed.GoldenCase:
    facts = {name: (getattr(found, name),) for name in ("conduct", *SAID_BY)} | {name: getattr(found, name) for name in SETS}
    return typed.GoldenCase(
        title_zh=found.zh,
        title_en=found.en,
        facts=[typed.GoldenFact(column=column, words=words) for column, words in facts.items() if words],
        earlier_months=found.earlier,
        fires=found.fires,
        offers=found.offers,
        at_least=found.at_least,
        kept=kept,
        off=found.off,
    )


def row(found: RuleRow) -> table.RuleRow:
    """A row of the table."""
    return table.RuleRow(
        id=found.id,
        article=found.article,
        conduct=found.conduct,
        conditions=[
            table.RuleCondition(column=cell.column, operator=cell.operator, operands=cell.operands, months=cell.months)
            for cell in found.conditions
        ],
        track=found.track,
        choose=found.choose,
        at_least=found.at_least,
        at_most=found.at_most,
        always=found.always,
        effect_months=found.effect_months,
        who_else=found.who_else,
        competent=found.competent,
        appeal=found.appeal,
        source=found.source,
        title_zh=found.title_zh,
        title_en=found.title_en,
        off=found.off,
    )


def change(found: Change) -> table.RuleChange:
    """A row that differs."""
    return table.RuleChange(
        row=found.row,
        change=found.change,
        cells=found.cells,
        before=row(found.before) if found.before else None,
        after=row(found.after) if found.after else None,
    )


def fault(found: Fault, sentences: Sentences) -> table.RuleFault:
    """A fault with its sentence in both languages."""
    return table.RuleFault(
        row=found.row,
        field=found.field,
        reason=found.reason,
        text_zh=sentences.text(found.reason, "zh", **found.params),
        text_en=sentences.text(found.reason, "en", **found.params),
        error=found.error,
        sheet=found.sheet,
        sheet_row=found.line,
        cell=found.cell,
        off=found.off,
    )
