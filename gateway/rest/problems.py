"""A refusal as application/problem+json (RFC 9457): reason, sentence in the caller's language, fields at fault."""

from __future__ import annotations

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse

from gateway.refusals import Refused
from gateway.words import Words

_TITLES = {status.value: status.phrase for status in HTTPStatus}


def problem(refusal: Refused, words: Words, language: str) -> JSONResponse:
    """`type` is a name, not an address: the reasons are listed in the OpenAPI document."""
    status = refusal.status
    body: dict[str, object] = {
        "type": f"urn:zhengfeng:problem:{refusal.reason}",
        "title": _TITLES.get(status, "Client Closed Request"),
        "status": status,
        "reason": refusal.reason,
        "detail": refusal.sentence or words.refusal(refusal.reason, status, language),
    }
    if refusal.violations:
        body["violations"] = [
            {"field": v.field, "detail": v.detail, **({"reason": v.reason} if v.reason else {})} for v in refusal.violations
        ]
    headers = {"content-language": language, "cache-control": "no-store"}
    if status == 401:
        headers["www-authenticate"] = "Bearer"
    if status in (429, 503):
        headers["retry-after"] = "5"
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def language_of(request: Request) -> str:
    """zh unless the switch (?lang=, cookie) or, failing both, Accept-Language asks for English first."""
    chosen = request.query_params.get("lang") or request.cookies.get("lang")
    if chosen in ("zh", "en"):
        return chosen
    for part in request.headers.get("accept-language", "").lower().split(","):
        tag = part.split(";")[0].strip()
        if tag.startswith("zh"):
            return "zh"
        if tag.startswith("en"):
            return "en"
    return "zh"
