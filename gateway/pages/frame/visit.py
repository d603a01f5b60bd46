"""One request by one person: who it is, in which language, and how to ask the services on their behalf."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from starlette.datastructures import FormData
from starlette.requests import Request

from gateway.doors import Caller
from gateway.pages.frame import formats
from gateway.pages.frame.told import refusal_told
from gateway.refusals import Refused
from gateway.session import Session

if TYPE_CHECKING:
    from gateway.pages.frame.site import Site

NAMES_AT_ONCE = 500
DEVICE = "device"
"""The cookie that tells one browser behind an address from another; only the pages of filing set it."""
LONGEST_PATH, LONGEST_ID = 200, 64  # what the directory takes


@dataclass
class Visit:
    """Lives for one request. `missing` collects the services that did not answer, for the page to say so."""

    site: Site
    request: Request
    session: Session | None
    language: str
    form: FormData = field(default_factory=FormData)
    missing: set[str] = field(default_factory=set)
    names: dict[str, str] = field(default_factory=dict)
    lists: dict[str, dict[str, str]] = field(default_factory=dict)
    """Words of the place's own settings, by list and key, as a service said them: the catalogue cannot know them."""

    @property
    def roles(self) -> frozenset[str]:
        return self.session.roles if self.session else frozenset()

    @property
    def account_id(self) -> str:
        return str(self.session.claims.get("sub", "")) if self.session else ""

    @property
    def today(self) -> date:
        return self.site.clock.today()

    @property
    def caller(self) -> Caller:
        return Caller(
            token=self.session.token if self.session else "",
            language=self.language,
            address=self.request.client.host if self.request.client else "",
            device=self.request.cookies.get(DEVICE, ""),
            traceparent=self.request.headers.get("traceparent", ""),
        )

    def t(self, key: str, /, **params: object) -> str:
        """A label or sentence in the visitor's language."""
        return self.site.words.text(key, self.language, **params)

    def may(self, rpc: str) -> bool:
        """Whether the contract of an rpc opens it to the visitor's roles. The service decides again."""
        return self.site.contracts.rpc(rpc).access.open_to(self.roles)

    def ref(self, name: str) -> str:
        """A path parameter of the page's address."""
        return str(self.request.path_params[name])

    async def ask(self, rpc: str, /, **fields: Any) -> dict[str, Any]:
        """The answer of a service; raises Refused, its sentence in people's words."""
        try:
            return await self.site.doors.ask(rpc, self.caller, **fields)
        except Refused as refusal:
            raise await refusal_told(self, refusal) from None

    async def part(self, rpc: str, /, **fields: Any) -> dict[str, Any] | None:
        """The answer for one part of a page. None if the visitor may not have it or its service is down."""
        if not self.may(rpc):
            return None
        try:
            return await self.ask(rpc, **fields)
        except Refused as refusal:
            if refusal.status >= 500:
                self.missing.add(rpc.partition(".")[0])
            elif refusal.status not in (403, 404):
                raise
            return None

    async def parts(self, **calls: tuple[str, Mapping[str, Any]]) -> dict[str, dict[str, Any] | None]:
        """Several parts asked for at once."""
        answers = await asyncio.gather(*(self.part(rpc, **fields) for rpc, fields in calls.values()))
        return dict(zip(calls, answers, strict=True))

    async def learn(self, *answers: Any) -> None:
        """Finds the names behind the paths and ids in these answers, asking the directory for many at once."""
        wanted = [one for one in dict.fromkeys(references(answers)) if one not in self.names]
        if not wanted or not self.session:
            return
        paths = [one for one in wanted if one.startswith("/") and len(one) <= LONGEST_PATH]
        ids = [one for one in wanted if not one.startswith("/") and len(one) <= LONGEST_ID]  # the rest is somebody's words
        for first in range(0, max(len(paths), len(ids)), NAMES_AT_ONCE):
            some, others = paths[first : first + NAMES_AT_ONCE], ids[first : first + NAMES_AT_ONCE]
            found = await self.part("directory.GetNames", paths=some, official_ids=others, account_ids=others)
            self.names.update(found["names"] if found else {})

    def name(self, reference: str | None) -> str:
        """The name behind a path or id; what nobody knows keeps the last piece of its path."""
        if not reference:
            return ""
        if reference.startswith("service:"):
            return self.t("by.system")
        return self.names.get(reference) or (reference.rpartition("/")[2] if reference.startswith("/") else reference)

    def person(self, by: str) -> str:
        """Who did something: a name, or the word for those who have none here."""
        return self.t(f"by.{by}") if self.site.words.has(f"by.{by}") else self.name(by)

    def remaining(self, due_on: str) -> str:
        """还剩4天(11月26日止): natural days; working days stand on the record, counted by the directory."""
        left = (date.fromisoformat(due_on) - self.today).days
        key = "due_left" if left > 0 else "due_today" if left == 0 else "due_late"
        near = due_on[:4] == str(self.today.year)
        return self.t(key, days=abs(left), day=self.short_day(due_on) if near else self.day(due_on))

    def pending(self, why: str) -> str:
        """Why no end is known: `calendar 2027 not loaded` in the visitor's language."""
        known = re.fullmatch(r"calendar (\d{4}) not loaded", why)
        return self.t("due_pending", why=self.t("calendar_not_loaded", year=known.group(1)) if known else why)

    def budget(self, text: str) -> str:
        """`30 working_days` as 30个工作日."""
        count, _, unit = text.partition(" ")
        return self.t(unit, count=count) if self.site.words.has(unit) else text

    def source(self, text: str) -> str:
        """Where a row of a pack comes from: its mark, such as `(law)` or `(unverified)`, in the visitor's language."""
        mark, _, rest = text.removeprefix("(").partition(")")
        if not text.startswith("(") or not self.site.words.has(f"source.{mark}"):
            return text
        return " · ".join(part for part in (self.t(f"source.{mark}"), rest.strip()) if part)

    @property
    def missing_words(self) -> str:
        return "、".join(self.t(f"service.{name}") for name in sorted(self.missing))

    def day(self, text: str) -> str:
        return formats.day(text, self.language)

    def short_day(self, text: str) -> str:
        return formats.short_day(text, self.language)

    def moment(self, text: str) -> str:
        return formats.moment(text, self.language)

    def label(self, kind: str, value: str) -> str:
        """The word for a value of an enum or list: `label('Stage', 'STAGE_CLOSED')`. Values people made up stay."""
        key = f"{kind}.{value}"
        return self.t(key) if self.site.words.has(key) or value.isupper() else value


_REFERENCE_FIELDS = (
    "unit_path",
    "jurisdiction_path",
    "official_id",
    "official_ids",
    "by",
    "investigators",
    "reviewer",
    "decider",
    "object_path",
    "parent_path",
    "unit_paths",
    "jurisdiction_paths",
    "path",
    "inspectors",
    "author",
    "approver",
    "account_id",
    "reader",
)


def references(answer: Any, name: str = "") -> Iterator[str]:
    """Every path and id in an answer that stands for somebody or some unit."""
    if isinstance(answer, dict):
        for key, value in answer.items():
            yield from references(value, key)
    elif isinstance(answer, list | tuple):
        for value in answer:
            yield from references(value, name)
    elif isinstance(answer, str) and answer and (name in _REFERENCE_FIELDS or name.endswith(_REFERENCE_ENDS)):
        yield answer


_REFERENCE_ENDS = ("_unit_path", "_by", "_official_id", "_paths")
