"""Records as the standard's XML and JSON. The fields are the same; XML names each row, JSON is a list."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from starlette.responses import Response

Record = Mapping[str, Any]
HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
# What XML 1.0 cannot hold in any form.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# How the rows of a list inside a record are called.
_ROWS = {"attributes": "attribute", "values": "value"}


def rows(kind: str, name: str, found: Sequence[Record], form: str, status: int = 200) -> Response:
    """A list: `<services><service>…</service></services>`, or `[{…}]`."""
    if form == "json":
        return _json(list(found), status)
    inside = "".join(_element(name, record) for record in found)
    return _xml(f"<{kind}>{inside}</{kind}>", status)


def record(kind: str, found: Record, form: str) -> Response:
    """One record that is no list: a service definition."""
    return _json(dict(found), 200) if form == "json" else _xml(_element(kind, found), 200)


def faults(found: Sequence[Record], form: str) -> Response:
    """Refusals; the status is the code of the first."""
    return rows("errors", "error", found, form, int(found[0]["code"]))


def _element(name: str, value: Any) -> str:
    if isinstance(value, Mapping):
        inside = "".join(_element(field, content) for field, content in value.items())
    elif isinstance(value, list):
        inside = "".join(_element(_ROWS[name], row) for row in value)
    elif isinstance(value, bool):
        inside = "true" if value else "false"
    else:
        inside = escape(_NOT_XML.sub("", str(value)))
    return f"<{name}>{inside}</{name}>"


def _xml(body: str, status: int) -> Response:
    return Response(HEAD + body, status, media_type="text/xml", headers=_HEADERS)


def _json(body: Any, status: int) -> Response:
    return Response(json.dumps(body, ensure_ascii=False), status, media_type="application/json", headers=_HEADERS)


_HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
