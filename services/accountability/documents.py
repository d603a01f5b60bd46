"""What each document says: sentences of ours over what the case, the proposal and the decision hold.

Here: the text of the kinds; that of briefs is in documents_brief. Not here: their looks (papers), who may have them
(usecases), their numbers (storage).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from chassis.clock import local_day
from papers.documents import Block, Document, Form, chinese_day, chinese_number
from services.accountability.documents_brief import brief
from services.accountability.documents_words import CONSEQUENCES, POSTS, ROLES, SEVERITIES, Ground, lasting, period
from services.accountability.domain.case import EstablishedFact, Party
from services.accountability.domain.documents import DocumentKind
from services.accountability.rules.words import Way

DRAFT = "草稿"
_SHOWN_OF_HASH = 16
Text = tuple[Block | Form, ...]


def write(ground: Ground) -> Document:
    """The document as a draft: without number and day."""
    title, addressee, text = _KINDS[ground.wanted.kind](ground)
    issuer, wanted = ground.letterhead.issuer, ground.wanted
    form, letter = wanted.kind is DocumentKind.RECEIPT, wanted.kind is DocumentKind.BRIEF
    return Document(
        title=title,
        issuer="" if form else issuer,
        blocks=text,
        head="" if form else f"{issuer}{_HEADS.get(wanted.kind, '文件')}",
        secrecy=wanted.secrecy,
        urgency=wanted.urgency,
        addressee=addressee,
        copies=() if form else wanted.copies_to,
        printed_by="" if form or letter else issuer,
        mark=DRAFT,
        letter=letter,
    )


def issue(draft: Document, number: str, day: date) -> Document:
    """The draft as it is issued."""
    return replace(draft, number=number, day=day, mark="")


def _notice(ground: Ground) -> tuple[str, str, Text]:
    party = ground.about
    you = "你" if party.official_id else "你单位"
    days = chinese_number(ground.letterhead.statement_days)
    return (
        "听取陈述申辩告知书",
        ground.name(party),
        (
            Block(
                f"{ground.letterhead.issuer}对{_matter(ground, party)}（{ground.case.number}）的调查已经结束。"
                f"现将查明的事实和拟作处理的依据告知{you}，并听取{you}的陈述和申辩。"
            ),
            Block("查明的事实", 1),
            *_facts(ground, party),
            Block("拟作处理的依据", 1),
            Block(f"依照{ground.basis(party)}，拟对{you}予以问责。"),
            Block("陈述和申辩", 1),
            Block(
                f"自收到本告知书之日起{days}个工作日内，{you}可以书面或者口头向本机关陈述和申辩，也可以提交证据。"
                f"所述理由和证据将予核实并记录在案，成立的予以采纳；不因陈述、申辩而加重处理。逾期未提出的，视为放弃。"
            ),
        ),
    )


def _proposal(ground: Ground) -> tuple[str, str, Text]:
    party, sent = ground.about, ground.recommendation
    if sent is None:
        raise ValueError("a proposal document is about a recommendation")
    organ = ground.catalogue.organs.get(sent.organ)
    asked = {Way.TRANSFER: "移送你单位，建议依法给予", Way.LETTER: "函告你单位，建议按管理权限给予"}
    way = asked.get(sent.way, "建议你单位按管理权限给予")
    reason = (Block(f"建议理由：{sent.reason}"),) if sent.reason else ()
    return (
        f"关于对{ground.name(party)}予以问责的建议书",
        organ.zh if organ else "该人员所属垂直管理系统的上级机关",
        (
            Block(f"经查，{_matter(ground, party)}（{ground.case.number}）属实。现提出如下问责建议。"),
            Block("被建议问责的对象", 1),
            *_who(ground, party),
            Block("事实和证据", 1),
            *_facts(ground, party),
            Block("依据和建议", 1),
            Block(f"依照{ground.basis(party)}，{way}{ground.name(party)}{ground.measures(sent.measures)}。"),
            *reason,
            Block("请将处理决定及其文号书面告知本机关。"),
        ),
    )


def _decision(ground: Ground) -> tuple[str, str, Text]:
    """Carries what 政务处分法 article 45 asks for: who, facts and evidence, kind and basis, way and time of review."""
    party = ground.about
    within, decided = (period(one) for one in ground.route or ({}, {}))
    decided_on = local_day(ground.case.decided_at) if ground.case.decided_at else None
    on = f"于{chinese_day(decided_on)}" if decided_on else ""
    talked = ground.case.discussion
    discussed = f"经{chinese_day(talked.held_on)}集体讨论，" if talked else ""
    outside = (Block("本决定在规定的幅度之外作出，理由已书面记录在案。"),) if party.outside_range else ()
    you = "你" if party.official_id else "你单位"
    return (
        f"关于对{ground.name(party)}予以问责的决定",
        ground.name(party),
        (
            Block("基本情况", 1),
            *_who(ground, party),
            Block("事实和证据", 1),
            *_facts(ground, party),
            Block(f"{you}的陈述和申辩已经听取并记录在案。"),
            Block("依据和决定", 1),
            Block(
                f"依照{ground.basis(party)}，{discussed}本机关{on}决定给予{ground.name(party)}"
                f"{ground.measures(party.measures)}。"
            ),
            *_periods(ground),
            *outside,
            Block("复核", 1),
            Block(
                f"如不服本决定，{you}可以自收到本决定之日起{within}内，以书面形式向{ground.letterhead.issuer}申请复核；"
                f"本机关自收到申请之日起{decided}内作出复核决定。复核期间不停止本决定的执行，不因申请复核而加重处理。"
            ),
        ),
    )


def _receipt(ground: Ground) -> tuple[str, str, Text]:
    party = ground.about
    delivered = f"关于对{ground.name(party)}予以问责的决定（{ground.decision_number or '文号待编'}）"
    where = ground.unit(party)
    rows = (
        ("案件编号", ground.case.number),
        ("送达文书", delivered),
        ("受送达人", ground.name(party)),
        ("单位和职务", f"{where}{ground.post(party)}" if party.official_id else where),
        ("送达机关", ground.letterhead.issuer),
        ("送达方式", "□当面送达　□留置送达　□邮寄送达　□由所在单位转交"),
        ("送达地点", ""),
        ("收到日期", "　　　　年　　月　　日　　时"),
        ("受送达人签名或者盖章", ""),
        ("代收人签名和理由", ""),
        ("见证人签名", ""),
        ("送达人签名（二人）", ""),
        ("备注", ""),
    )
    return "送达回证", "", (Form(rows),)


def _circular(ground: Ground) -> tuple[str, str, Text]:
    """Redacted by its making: only words of the rules are used, never a name, a unit or what somebody wrote."""
    parties = [party for party in ground.case.answering if party.facts]
    conducts = list(dict.fromkeys(ground.conduct(fact.conduct) for party in parties for fact in party.facts))
    matter = "、".join(conducts)
    return (
        f"关于一起{matter}典型问题的通报",
        ground.letterhead.circular_to,
        (
            Block(f"为以案示警、改进作风，现将一起{matter}典型问题通报如下。"),
            Block("基本情况", 1),
            *(Block(_redacted_facts(ground, party)) for party in parties),
            Block("处理结果", 1),
            *(Block(_redacted_outcome(ground, party)) for party in parties if party.measures or party.outside),
            Block("工作要求", 1),
            Block(
                "各单位应当引以为戒，对照检查本单位同类事项的办理，发现问题立即整改；领导班子应当落实管理责任，防止再次发生。"
            ),
        ),
    )


def _matter(ground: Ground, party: Party) -> str:
    conducts = list(dict.fromkeys(ground.conduct(fact.conduct) for fact in party.facts))
    who = ground.unit(party) if not party.official_id else f"{ground.unit(party)}{ground.name(party)}"
    return f"{who}{'、'.join(conducts)}问题"


def _who(ground: Ground, party: Party) -> tuple[Block, ...]:
    role = f"，负{ROLES[party.role]}" if party.role else ""
    if not party.official_id:
        return (Block(f"单位：{ground.unit(party)}{role}。"),)
    return (Block(f"姓名：{ground.name(party)}；单位：{ground.unit(party)}；职务：{ground.post(party)}{role}。"),)


def _facts(ground: Ground, party: Party) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for fact in party.facts:
        blocks.append(Block(f"{chinese_day(fact.day)}的{ground.conduct(fact.conduct)}行为", 2))
        statement = ground.statements.get(fact.id, "")
        blocks += [Block(line) for line in statement.splitlines() if line.strip()]
        blocks.append(Block(f"上述行为{SEVERITIES[fact.severity]}，{CONSEQUENCES[fact.consequence]}。"))
        blocks += _evidence(fact)
    return tuple(blocks)


def _evidence(fact: EstablishedFact) -> list[Block]:
    """Evidence is known by its hash: whoever holds it can be shown to hold the same."""
    if not fact.evidence_sha256:
        return []
    listed = [
        Block(f"证据{place}，校验值{one[:_SHOWN_OF_HASH]}。") for place, one in enumerate(fact.evidence_sha256, start=1)
    ]
    return [Block(f"证明上述事实的证据共{len(listed)}件："), *listed]


def _periods(ground: Ground) -> tuple[Block, ...]:
    lines = [(ground.catalogue.measures[one.measure].zh, lasting(one)) for one in ground.effects]
    told = "；".join(f"{measure}{text}" for measure, text in lines if text)
    return (Block(f"{told}。"),) if told else ()


def _redacted_facts(ground: Ground, party: Party) -> str:
    who = f"某单位1名{POSTS[party.post]}" if party.official_id else "某单位"
    told = "；".join(
        f"于{fact.day.year}年{fact.day.month}月有{ground.conduct(fact.conduct)}行为，{SEVERITIES[fact.severity]}，"
        f"{CONSEQUENCES[fact.consequence]}"
        for fact in party.facts
    )
    return f"经查，{who}{told}。"


def _redacted_outcome(ground: Ground, party: Party) -> str:
    who = f"该单位1名{POSTS[party.post]}" if party.official_id else "该单位"
    role = f"负{ROLES[party.role]}，" if party.role else ""
    return f"{who}{role}受到{ground.measures((*party.outside, *party.measures))}处理。"


_KINDS: Mapping[DocumentKind, Callable[[Ground], tuple[str, str, Text]]] = {
    DocumentKind.NOTICE: _notice,
    DocumentKind.PROPOSAL: _proposal,
    DocumentKind.DECISION: _decision,
    DocumentKind.RECEIPT: _receipt,
    DocumentKind.CIRCULAR: _circular,
    DocumentKind.BRIEF: brief,
}
_HEADS: Mapping[DocumentKind, str] = {DocumentKind.BRIEF: "快报"}
