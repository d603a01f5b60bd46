"""The directory from and to a workbook: what would change is shown row by row before anything does."""

from __future__ import annotations

import base64

from starlette.datastructures import UploadFile
from starlette.responses import Response

from gateway.pages.frame.export import XLSX
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused

LARGEST = 12 * 1024 * 1024


async def import_workbook(visit: Visit) -> Response:
    answer, kept, sentence = None, str(visit.form.get("kept", "")), ""
    file = visit.form.get("workbook")
    if isinstance(file, UploadFile) and file.filename:
        kept = base64.b64encode(await file.read(LARGEST)).decode()
    if kept:
        try:
            answer = await visit.ask("directory.ImportDirectory", workbook=kept, apply=visit.form.get("apply") == "true")
        except Refused as refusal:
            sentence = refusal.sentence or visit.site.words.refusal(refusal.reason, refusal.status, visit.language)
    return visit.site.page(
        visit, "directory/import.html", 400 if sentence else 200, answer=answer, kept=kept, sentence=sentence
    )


async def export_workbook(visit: Visit) -> Response:
    answer = await visit.ask("directory.ExportDirectory", under=visit.request.query_params.get("under", ""))
    headers = {"content-disposition": 'attachment; filename="directory.xlsx"'}
    return Response(base64.b64decode(answer["workbook"]), media_type=XLSX, headers=headers)
