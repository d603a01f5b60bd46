"""Rule versions, their rows, faults and changes as messages."""

from __future__ import annotations

from collections.abc import Sequence

from zhengfeng.accountability.v1 import rule_table_pb2 as table
from zhengfeng.accountability.v1 import rules_pb2 as pb

from chassis.i18n import Catalogue as Sentences
from services.accountability.domain.rule_version import RuleVersion
from services.accountability.domain.views import Exported, Given, ReadVersion
from services.accountability.rules.compare import Change
from services.accountability.rules.faults import Fault
from services.accountability.rules.table import RuleRow
from services.accountability.wire.parts import day, moment, number

LISTED = 1_000


def given(request: pb.ImportRulesRequest | pb.LintRulesRequest) -> Given:
    """The text of a pack, or the bytes of its workbook."""
    return request.workbook if request.WhichOneof("given") == "workbook" else request.pack_text


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
    )


def version_with_rows(found: ReadVersion) -> pb.RuleVersion:
    """A version with its rows and the pack's text."""
    shown = version(found.version)
    shown.rows.extend(map(row, found.pack.rows))
    shown.pack_text = found.version.pack_text
    return shown


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
    )
