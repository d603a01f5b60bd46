"""Lists as Excel workbooks. Text stays text: nothing that people typed is ever taken for a formula."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from io import BytesIO

import xlsxwriter
from starlette.responses import Response

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 60


async def workbook(title: str, heads: Sequence[str], lines: Sequence[Sequence[str]], name: str) -> Response:
    """One sheet with a frozen head and filters; written beside the event loop, which others need meanwhile."""
    content = await asyncio.to_thread(_write, title, heads, lines)
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=XLSX, headers=headers)


def _write(title: str, heads: Sequence[str], lines: Sequence[Sequence[str]]) -> bytes:
    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet(title[:31].translate(str.maketrans("", "", "[]:*?/\\")) or "1")
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        for column, text in enumerate(heads):
            sheet.write_string(0, column, text, head)
            longest = max([len(text), *(len(line[column]) for line in lines[:200])])
            sheet.set_column(column, column, min(WIDEST, 2 * longest + 2))
        for row, line in enumerate(lines, 1):
            for column, text in enumerate(line):
                sheet.write_string(row, column, text[:32_000])
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, len(lines), max(0, len(heads) - 1))
    return out.getvalue()
