"""What a program may ask by GeoReport v2, read strictly: a field that is missing, alien, twice there or malformed is refused
by its name, so that nobody believes something was kept that was not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

FORMATS = ("xml", "json")
COMMON = frozenset({"jurisdiction_id", "api_key", "lang"})
OF_REQUESTS = COMMON | {"service_request_id", "service_code", "start_date", "end_date", "status"}
POSTED = COMMON | frozenset(
    "service_code lat long address_string address_id email device_id account_id first_name last_name phone description "
    "media_url".split()
)
DESCRIPTION_LONGEST, FIELD_LONGEST, FIELDS_MOST = 4000, 300, 60
_ATTRIBUTE = re.compile(r"attribute\[([A-Za-z0-9_-]{1,40})\](\[\])?")
_PATH = re.compile(r"/?[a-z0-9][a-z0-9-]*(/[a-z0-9][a-z0-9-]*)*")
_W3C = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d))?")
_DEGREES = re.compile(r"-?\d{1,3}(\.\d{1,15})?")
_EMAIL = re.compile(r"[^@\s<>]{1,64}@[^@\s<>]{1,200}")


class Fault(Exception):
    """A refusal in the standard's form: a code, which is the HTTP status, and a sentence."""

    def __init__(self, code: int, word: str, /, **params: object) -> None:
        super().__init__(word)
        self.code = code
        self.word = word
        self.params = params


class Told(Fault):
    """A refusal whose sentence is there already, in the language asked for."""

    def __init__(self, code: int, sentence: str) -> None:
        super().__init__(code, "open311.told", sentence=sentence)


Fields = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Posting:
    """A complaint as it was posted: the fields of the standard, and the attributes of its service."""

    fields: Fields
    attributes: Mapping[str, Sequence[str]]


def once(pairs: Iterable[tuple[str, str]], known: frozenset[str]) -> dict[str, str]:
    """Each field once. Refused by name: one nobody knows, one given twice."""
    found: dict[str, str] = {}
    for name, value in pairs:
        if name not in known:
            raise Fault(400, "open311.alien", field=name[:60])
        if name in found:
            raise Fault(400, "open311.twice", field=name)
        found[name] = value.strip()
    return found


def posting(body: bytes) -> Posting:
    """The form that was posted. Refused for what is no form and for fields beyond all measure."""
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=bool(body), max_num_fields=FIELDS_MOST)
    except ValueError:
        raise Fault(400, "open311.no_form") from None
    attributes: dict[str, list[str]] = {}
    plain: list[tuple[str, str]] = []
    for name, value in pairs:
        matched = _ATTRIBUTE.fullmatch(name)
        if matched is None:
            plain.append((name, value))
        else:
            attributes.setdefault(matched[1], []).append(short(f"attribute[{matched[1]}]", value.strip()))
    return Posting(once(plain, POSTED), attributes)


def checked(fields: Fields) -> Fields:
    """The posted fields without empty ones. Refused where one the standard needs is missing or one is malformed."""
    given = {name: value for name, value in fields.items() if value}
    for name in ("jurisdiction_id", "service_code", "description"):
        if name not in given:
            raise Fault(400, "open311.missing", field=name)
    if ("lat" in given) != ("long" in given):
        raise Fault(400, "open311.missing", field="long" if "lat" in given else "lat")
    if not given.keys() & {"lat", "address_string", "address_id"}:
        raise Fault(400, "open311.no_place")
    if len(given["description"]) > DESCRIPTION_LONGEST:
        raise Fault(400, "open311.long", field="description", most=DESCRIPTION_LONGEST)
    for name in given.keys() - {"description", "media_url"}:
        short(name, given[name])
    _degrees(given, "lat", 90)
    _degrees(given, "long", 180)
    if "email" in given and not _EMAIL.fullmatch(given["email"]):
        raise Fault(400, "open311.malformed", field="email")
    if "media_url" in given and not _is_web_address(given["media_url"]):
        raise Fault(400, "open311.malformed", field="media_url")
    return given


def short(name: str, value: str) -> str:
    """The value, refused where it is longer than any such field or holds what nobody can type."""
    if len(value) > FIELD_LONGEST:
        raise Fault(400, "open311.long", field=name, most=FIELD_LONGEST)
    if "\0" in value:
        raise Fault(400, "open311.malformed", field=name)
    return value


def place(fields: Fields) -> str:
    """The jurisdiction as a path: `qinghe/donghe` is /qinghe/donghe; empty where none was named."""
    named = fields.get("jurisdiction_id", "")
    if named and not _PATH.fullmatch(short("jurisdiction_id", named)):
        raise Fault(404, "open311.no_jurisdiction", id=named[:60])
    return f"/{named.lstrip('/')}" if named else ""


def moment(fields: Fields, name: str) -> datetime | None:
    """A W3C date and time; a day alone begins at midnight UTC."""
    text = fields.get(name, "")
    if not text:
        return None
    try:
        if not _W3C.fullmatch(text):
            raise ValueError
        read = datetime.fromisoformat(text)
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Fault(400, "open311.malformed", field=name) from None


def several(fields: Fields, name: str) -> list[str]:
    """The values of a field that takes several, parted by commas."""
    values = [value.strip() for value in fields.get(name, "").split(",")]
    return [value for value in values if value]


def status(fields: Fields) -> str:
    """open, closed, or empty for both."""
    wanted = set(several(fields, "status"))
    if wanted - {"open", "closed"}:
        raise Fault(400, "open311.malformed", field="status")
    return wanted.pop() if len(wanted) == 1 else ""


def _degrees(fields: Fields, name: str, most: int) -> None:
    if name in fields and not (_DEGREES.fullmatch(fields[name]) and abs(float(fields[name])) <= most):
        raise Fault(400, "open311.malformed", field=name)


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return len(text) <= FIELD_LONGEST * 4 and parts.scheme in ("http", "https") and bool(parts.hostname)
