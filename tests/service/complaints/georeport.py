"""GeoReport v2 as others read it: one parser for any server's XML, and the published shapes of the JSON."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

Record = dict[str, Any]
_LISTS = {"attributes": "attribute", "values": "value"}


def parsed(answer: bytes) -> list[Record]:
    """The records of an answer: of a list its rows, else the one it is. Blanks around a value are no part of it.

    A head of HTTP before the document, as a recorded answer may have, is passed over; a bare `<error>` is one fault; the
    attributes of a definition may stand in a list of their own or beside its code.
    """
    root = ElementTree.fromstring(answer[answer.index(b"<?xml") :])
    if root.tag == "error":
        return [{"description": _text(root)}]
    if root.tag == "service_definition":
        attributes = [_record(one) for one in root.iter("attribute")]
        return [{"service_code": _text(root.find("service_code")), "attributes": attributes}]
    return [_record(row) for row in root]


def _record(element: ElementTree.Element) -> Record:
    return {child.tag: _value(child) for child in element}


def _value(element: ElementTree.Element) -> Any:
    if element.tag in _LISTS:
        return [_record(row) for row in element.iter(_LISTS[element.tag])]
    return _text(element)


def _text(element: ElementTree.Element | None) -> str:
    return "" if element is None else (element.text or "").strip()


_TEXT = {"type": "string"}
_TRUTH = {"type": "boolean"}
_WHEN = {"type": "string", "pattern": r"^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d))?$"}
_DATATYPE = {"enum": ["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]}


def _object(required: Record, **optional: Any) -> Record:
    kind = {"type": "object", "properties": {**required, **optional}, "required": sorted(required)}
    return {**kind, "additionalProperties": False}


def _list(of: Record) -> Record:
    return {"type": "array", "items": of}


_NAMED_VALUE = _object({"key": {"type": ["string", "integer"]}, "name": _TEXT})
_ATTRIBUTE = _object(
    {
        "variable": _TRUTH,
        "code": _TEXT,
        "datatype": _DATATYPE,
        "required": _TRUTH,
        "datatype_description": _TEXT,
        "order": {"type": "integer", "minimum": 1},
        "description": _TEXT,
    },
    values=_list(_NAMED_VALUE),
)
_SERVICE = {
    **dict.fromkeys(("service_code", "service_name", "description", "keywords", "group"), _TEXT),
    "metadata": _TRUTH,
    "type": {"enum": ["realtime", "batch", "blackbox"]},
}
_PLAIN = (
    "status_notes service_name description agency_responsible service_notice address address_id zipcode lat long media_url"
)
_REQUEST = {
    **dict.fromkeys(_PLAIN.split(), _TEXT),
    **{name: {"type": "string", "minLength": 1} for name in ("service_request_id", "service_code")},
    **dict.fromkeys(("requested_datetime", "updated_datetime", "expected_datetime"), _WHEN),
    "status": {"enum": ["open", "closed"]},
}
_NOTICE = {"service_notice": _TEXT, "account_id": _TEXT}
SHAPES: dict[str, Record] = {
    "services": _list(_object(_SERVICE)),
    "service_definition": _object({"service_code": _TEXT, "attributes": _list(_ATTRIBUTE)}),
    "service_requests": _list(_object(_REQUEST)),
    "posted": _list({"oneOf": [_object({"service_request_id": _TEXT, **_NOTICE}), _object({"token": _TEXT, **_NOTICE})]}),
    "tokens": _list(_object({"service_request_id": _TEXT, "token": _TEXT})),
    "errors": {**_list(_object({"code": {"type": "integer"}, "description": _TEXT})), "minItems": 1},
}
"""The published shapes of GeoReport v2 as JSON schemas: its fields, all of them there, and no other."""
