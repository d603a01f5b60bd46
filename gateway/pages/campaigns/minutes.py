"""The minutes of a campaign as PDF and Word, and the page where anybody checks the statement printed under them.

The service gives the facts and signs them; here they are put on paper.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from typing import Any
from urllib.parse import quote

from starlette.responses import Response
from starlette.routing import Route

from chassis.errors import Unavailable
from gateway.pages.campaigns.minutes_paper import in_lines, minutes_paper
from gateway.pages.frame.site import Site
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused
from papers.documents_fonts import Fonts
from papers.documents_pdf import pdf
from papers.documents_word import word

FONTS = Fonts()
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def routes(site: Site) -> list[Route]:
    """The minutes of a campaign, and the check of a printed statement."""
    return [
        site.route("/campaigns/{ref}/minutes", minutes),
        site.route("/minutes/check", check, signed_in=False, post=True),
    ]


async def minutes(visit: Visit) -> Response:
    """The minutes as they would be printed, to be looked at first; with `as=pdf` or `as=word` as a file."""
    asked = visit.request.query_params
    place = asked.get("place", "")
    found = (await visit.ask("evaluation.BuildMinutes", campaign_id=visit.ref("ref"), place=place))["minutes"]
    await visit.learn(found, {"by": [*found["release_approved_by"]]})
    paper = minutes_paper(visit, found)
    if asked.get("as") not in ("pdf", "word"):
        signature = in_lines(found["signature"])
        return visit.site.page(
            visit, "campaigns/minutes.html", minutes=found, place=place, ref=visit.ref("ref"), signature=signature
        )
    try:
        content = (
            await asyncio.to_thread(word, paper) if asked["as"] == "word" else await asyncio.to_thread(pdf, paper, FONTS)
        )
    except Unavailable as wrong:
        raise Refused(503, wrong.reason, visit.t(f"cell.{wrong.reason}", **wrong.params)) from None
    name = f"{found['number']}-{visit.t('minutes')}.{'docx' if asked['as'] == 'word' else 'pdf'}"
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
    return Response(content, media_type=WORD if asked["as"] == "word" else "application/pdf", headers=headers)


async def check(visit: Visit) -> Response:
    """Whether a statement typed off or copied from minutes was signed by this box."""
    statement, signature = (str(visit.form.get(name, "")) for name in ("statement", "signature"))
    shown: dict[str, Any] = {"statement": statement, "signature": signature, "checked": None, "fault": ""}
    if visit.request.method == "POST":
        try:
            asked = {"statement": statement, "signature": as_bytes(signature)}
            shown["checked"] = (await visit.ask("evaluation.CheckMinutes", **asked))["checked"]
        except Refused as refusal:
            shown["fault"] = refusal.sentence or visit.t("minutes_unreadable")
    return visit.site.page(visit, "campaigns/minutes_check.html", 400 if shown["fault"] else 200, **shown)


def as_bytes(printed: str) -> str:
    """A printed signature as the contract takes it; what is no hexadecimal is nobody's signature."""
    try:
        return base64.b64encode(bytes.fromhex("".join(printed.split())) or b"\0").decode()
    except (ValueError, binascii.Error):
        return base64.b64encode(b"\0").decode()
