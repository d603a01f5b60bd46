"""Answers for everybody: drafted, reviewed by another, released; sealed complaints never; nobody given away.

A draft is kept encrypted under its complaint's key; what is released stands in the clear, and leaves when it is withdrawn.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import Enum

from chassis.errors import Conflict, Invalid, NotAllowed
from services.complaints.domain.facts import AnswerPublished, AnswerWithdrawn, about
from services.complaints.domain.stages import Conclusion


class PublicationState(Enum):
    """Where a publication stands."""

    DRAFTED = "drafted"
    RETURNED = "returned"
    REVIEWED = "reviewed"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"


_S = PublicationState
NEXT: dict[PublicationState, frozenset[PublicationState]] = {
    _S.DRAFTED: frozenset({_S.DRAFTED, _S.RETURNED, _S.REVIEWED, _S.WITHDRAWN}),
    _S.RETURNED: frozenset({_S.DRAFTED, _S.WITHDRAWN}),
    _S.REVIEWED: frozenset({_S.DRAFTED, _S.RELEASED, _S.WITHDRAWN}),
    _S.RELEASED: frozenset({_S.WITHDRAWN}),
    _S.WITHDRAWN: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a publication, and those of its review."""

    title: str = ""
    question: str = ""
    answer: str = ""
    opinion: str = ""
    withdrawn_because: str = ""
    names: tuple[str, ...] = ()
    """Of the officials it concerns, kept under the complaint's key, so that whoever reviews or releases it cannot leave
    them out: facts of the directory carry no names, so this service knows them from nowhere else."""

    @property
    def published(self) -> dict[str, str]:
        """What everybody would read, field by field."""
        return {"title": self.title, "question": self.question, "answer": self.answer}

    def joined(self) -> str:
        """As one text, to be encrypted."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @staticmethod
    def split(joined: str) -> Wording:
        """The words again."""
        words = json.loads(joined) if joined else {}
        return Wording(**{**words, "names": tuple(words.get("names", ()))})

    def knowing(self, names: Iterable[str]) -> Wording:
        """The same words, with these names looked for in them as well from now on."""
        return replace(self, names=(*self.names, *(name for name in names if name not in self.names)))


@dataclass(frozen=True, slots=True)
class Publication:
    """The publication of one closing. `title`, `question` and `answer` are filled only while everybody may read them."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    number: str
    complaint_id: str
    complaint_number: str
    closed_at: datetime
    state: PublicationState
    category: str
    conclusion: Conclusion
    sealed: bytes | None
    drafted_by: str
    drafted_at: datetime
    writers: tuple[str, ...]
    title: str = ""
    question: str = ""
    answer: str = ""
    reviewed_by: str = ""
    reviewed_at: datetime | None = None
    released_by: str = ""
    released_at: datetime | None = None
    withdrawn_by: str = ""
    withdrawn_at: datetime | None = None

    def moved(self, to: PublicationState) -> Publication:
        """The next version in another state. Refused with PUBLICATION_STATE."""
        if to not in NEXT[self.state]:
            raise Conflict("PUBLICATION_STATE", state=self.state.value)
        return replace(self, version=self.version + 1, state=to)

    def revised(self, by: str, category: str, sealed: bytes | None) -> Publication:
        """Another wording; a review given before is void."""
        writers = tuple(dict.fromkeys((*self.writers, by)))
        now = self.moved(PublicationState.DRAFTED)
        changed = {"category": category or self.category, "sealed": sealed, "writers": writers}
        return replace(now, **changed, reviewed_by="", reviewed_at=None)  # type: ignore[arg-type]

    def reviewed(self, passed: bool, by: str, sealed: bytes | None, at: datetime) -> Publication:
        """Passed or returned by somebody who wrote nothing of it. Refused with PUBLICATION_STATE, SAME_PERSON."""
        if self.state is not PublicationState.DRAFTED:
            raise Conflict("PUBLICATION_STATE", state=self.state.value)
        self._check_other(by)
        now = self.moved(PublicationState.REVIEWED if passed else PublicationState.RETURNED)
        return replace(now, reviewed_by=by, reviewed_at=at, sealed=sealed)

    def released(self, wording: Wording, by: str, at: datetime) -> tuple[Publication, AnswerPublished]:
        """Everybody may read it. Refused with PUBLICATION_STATE, SAME_PERSON for who wrote it."""
        now = self.moved(PublicationState.RELEASED)
        self._check_other(by)
        now = replace(now, released_by=by, released_at=at, **wording.published)  # type: ignore[arg-type]
        return now, AnswerPublished(**about(now), complaint_id=now.complaint_id)

    def withdrawn(self, by: str, sealed: bytes | None, at: datetime) -> tuple[Publication, AnswerWithdrawn | None]:
        """Taken back: its words leave the clear at once. Announced if anybody could have read them."""
        now = replace(self.moved(PublicationState.WITHDRAWN), withdrawn_by=by, withdrawn_at=at, sealed=sealed)
        now = replace(now, title="", question="", answer="")
        told = self.state is PublicationState.RELEASED
        return now, AnswerWithdrawn(**about(now), complaint_id=now.complaint_id) if told else None

    def _check_other(self, by: str) -> None:
        if by in self.writers:
            raise NotAllowed("SAME_PERSON")


@dataclass(frozen=True, slots=True)
class SeenPublication:
    """A publication with its words, and what a page shows beside its keys."""

    publication: Publication
    wording: Wording
    unit_name: str = ""
    category: tuple[str, str] = ("", "")


def check_named(wording: Wording, names: Sequence[str], concerned: Iterable[str]) -> None:
    """Refuses words in which the names of the officials concerned cannot be looked for: Invalid with OFFICIALS_UNNAMED.

    `names` are those told now; two officials may have the same one.
    """
    if max(len(names), len(wording.names)) < len(set(concerned) - {""}):
        raise Invalid("OFFICIALS_UNNAMED", "names")


def check_redacted(wording: Wording, masked: Mapping[str, str], sealed_text: str, quote: int) -> None:
    """Refuses a text that gives somebody away: Invalid with NOT_REDACTED, which names the field.

    `masked` is what is published of it with every trace of the complainant's identity masked; the names of officials
    concerned do too, spaced out as they may be, and a run of `quote` characters of what the complainant keeps from the unit.
    """
    for field, text in wording.published.items():
        quoted = any(sealed_text[at : at + quote] in text for at in range(len(sealed_text) - quote + 1))
        named = any(_bare(name) in _bare(text) for name in wording.names if _bare(name))
        if masked[field] != text or named or quoted:
            raise Invalid("NOT_REDACTED", field)


def _bare(text: str) -> str:
    """Without what is put between the characters of a name."""
    return re.sub(r"[\s·•．.]", "", text).casefold()
