"""What a circular of typical cases says: what the record gives for a case without a name, and the paper around it."""

from __future__ import annotations

from collections.abc import Sequence

from papers.documents import Block, Document, chinese_number, numbered
from services.accountability.documents_words import CONSEQUENCES, POSTS, ROLES, SEVERITIES, Ground
from services.accountability.domain.case import Party
from services.accountability.domain.documents import Letterhead
from services.accountability.rules.words import Post

DRAFT = "草稿"
_OF_A_SECTION = (Post.HANDLER, Post.SECTION_HEAD)


def entry(ground: Ground) -> str:
    """One case in words of the rules only: 某局某科某某, what was done, what became of it."""
    told = [_told(ground, party) for party in ground.case.answering if party.measures or party.outside]
    return "".join(told)


def document(title: str, texts: Sequence[str], letterhead: Letterhead) -> Document:
    """The circular as a draft: without number and day."""
    return Document(
        title=title,
        issuer=letterhead.issuer,
        blocks=(
            Block(f"为以案示警、改进作风，现将{_count(len(texts))}起典型问题通报如下。"),
            Block("典型问题", 1),
            *(block for text in texts for block in _paragraphs(text)),
            Block("工作要求", 1),
            Block(
                "各单位应当引以为戒，对照检查本单位同类事项的办理，发现问题立即整改；领导班子应当落实管理责任，防止再次发生。"
            ),
        ),
        head=f"{letterhead.issuer}文件",
        addressee=letterhead.circular_to,
        printed_by=letterhead.issuer,
        mark=DRAFT,
    )


def paragraphs(paper: Document) -> list[str]:
    """What a paper says, paragraph by paragraph with its marks, for a page."""
    return [f"{one.mark}{one.text}" for one in numbered([block for block in paper.blocks if isinstance(block, Block)])]  # type: ignore[union-attr]


def _count(cases: int) -> str:
    """Two of something are 两."""
    return "两" if cases == 2 else chinese_number(cases)


def _paragraphs(text: str) -> list[Block]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [Block(line, 0 if place else 3) for place, line in enumerate(lines)]


def _told(ground: Ground, party: Party) -> str:
    done = "；".join(
        f"于{fact.day.year}年{fact.day.month}月有{ground.conduct(fact.conduct)}行为，"
        f"{SEVERITIES[fact.severity]}，{CONSEQUENCES[fact.consequence]}"
        for fact in party.facts
    )
    role = f"负{ROLES[party.role]}" if party.role else ""
    measures = f"受到{ground.measures((*party.outside, *party.measures))}处理"
    return f"{_who(party)}{'，'.join(part for part in (done, role, measures) if part)}。"


def _who(party: Party) -> str:
    if not party.official_id:
        return "某单位"
    return f"某局某科{POSTS[party.post]}某某" if party.post in _OF_A_SECTION else f"某局{POSTS[party.post]}某某"
