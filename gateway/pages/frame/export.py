"""Lists as Excel workbooks, by the house's own writer: text stays text, nothing people typed is taken for a formula."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from starlette.responses import Response

from papers.sheets import Column, SheetForm
from papers.sheets_write import workbook_bytes

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 60
NAME_LENGTH = 31
FORBIDDEN = str.maketrans("", "", "[]:*?/\\")


async def workbook(
    title: str, heads: Sequence[str], lines: Sequence[Sequence[str]], name: str, made_at: datetime
) -> Response:
    """One sheet with a head; written beside the event loop, which others need meanwhile."""
    columns = tuple(
        Column(str(place), head, width=_width([head, *(line[place] for line in lines[:200])]))
        for place, head in enumerate(heads)
    )
    form = SheetForm(title.translate(FORBIDDEN)[:NAME_LENGTH], columns)
    content = await asyncio.to_thread(workbook_bytes, [(form, lines)], made_at)
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=XLSX, headers=headers)


def _width(texts: Sequence[str]) -> int:
    """Chinese characters are twice as wide as letters."""
    return min(WIDEST, 2 + max(sum(2 if ord(sign) > 0x2E80 else 1 for sign in text) for text in texts))
