"""What an instant brief tells leaders: what happened and where, how far it is, what they are asked.

It draws on what is on record as data: no statement, no origin's number, so nobody who complained stands in it.
"""

from __future__ import annotations

from collections.abc import Mapping

from chassis.clock import local_day
from papers.documents import Block, chinese_day
from services.accountability.documents_words import CONSEQUENCES, ROLES, SEVERITIES, UNNAMED, Ground
from services.accountability.domain.case import Case, Party
from services.accountability.domain.states import CaseState

_FROM: Mapping[str, str] = {
    "complaints": "群众投诉",
    "supervision": "督查检查",
    "evaluation": "群众评议",
    "media": "媒体曝光",
    "superior": "上级交办",
    "unit": "单位自报",
}
_STANDS: Mapping[CaseState, str] = {
    CaseState.VERIFYING: "目前正在初步核实",
    CaseState.FILED: "目前已经立案",
    CaseState.INVESTIGATING: "目前正在调查",
    CaseState.REVIEWED: "目前调查已经结束，事实已经审核",
    CaseState.HEARD: "目前已经听取陈述和申辩",
    CaseState.PROPOSED: "目前已经提出处理意见",
    CaseState.DISCUSSED: "目前处理意见已经集体讨论",
    CaseState.TRANSFERRED: "目前已经移送有权机关处理",
    CaseState.DECIDED: "目前已经作出处理决定",
    CaseState.SERVED: "目前处理决定已经送达",
    CaseState.EXECUTED: "目前处理决定已经执行",
    CaseState.CLOSED: "目前已经结案",
    CaseState.ARCHIVED: "目前已经归档",
    CaseState.DROPPED: "经核查不予问责",
    CaseState.TOLERATED: "经核查属于可以容错的情形，不予问责",
    CaseState.CLEARED: "经核查反映的问题不属实，予以澄清",
}


def brief(ground: Ground) -> tuple[str, str, tuple[Block, ...]]:
    """Title, addressee and text: three short paragraphs, so that it stays on one page."""
    unit = ground.unit_names.get(ground.case.unit_path) or UNNAMED
    asked = "".join(line.strip() for line in ground.wanted.asked.splitlines())
    return (
        f"关于{unit}{_matter(ground)}问题的快报",
        ground.wanted.addressee or ground.letterhead.brief_to,
        (
            Block(f"基本情况。{_happened(ground, unit)}", 3),
            Block(f"办理情况。{_done(ground)}", 3),
            Block(f"请示事项。{asked}" if asked else "以上情况，特此报告。", 3 if asked else 0),
        ),
    )


def _matter(ground: Ground) -> str:
    words = [fact.conduct for party in ground.case.answering for fact in party.facts] or [ground.case.suspected_conduct]
    return "、".join(dict.fromkeys(ground.conduct(word) for word in words))


def _happened(ground: Ground, unit: str) -> str:
    came = "、".join(dict.fromkeys(_FROM.get(origin.service, "其他渠道") for origin in ground.case.origins))
    opened = chinese_day(local_day(ground.case.opened_at))
    found = [_found(ground, party) for party in ground.case.answering if party.facts]
    if not found:
        return f"{opened}，本机关收到{came}反映，{unit}涉嫌{_matter(ground)}，有关事实尚待查明。"
    return f"{opened}，本机关收到{came}反映{unit}的问题。经查：{''.join(found)}"


def _found(ground: Ground, party: Party) -> str:
    facts = "；".join(
        f"{chinese_day(fact.day)}有{ground.conduct(fact.conduct)}行为，{SEVERITIES[fact.severity]}，"
        f"{CONSEQUENCES[fact.consequence]}"
        for fact in party.facts
    )
    role = f"，负{ROLES[party.role]}" if party.role else ""
    return f"{_who(ground, party)}{facts}{role}。"


def _done(ground: Ground) -> str:
    case = ground.case
    filed = f"{chinese_day(local_day(case.filed_at))}立案，" if case.filed_at else ""
    told = [f"{filed}{_STANDS.get(case.state, '目前正在办理')}（{case.number}）{_until(case)}。"]
    decided = [party for party in case.answering if party.measures or party.outside]
    told += [f"{_who(ground, party)}受到{ground.measures((*party.outside, *party.measures))}处理。" for party in decided]
    if not decided:
        told += _proposed(ground)
    return "".join(told)


def _proposed(ground: Ground) -> list[str]:
    """What the rules propose, before anything is decided."""
    parties = {party.id: party for party in ground.case.answering}
    lines = []
    for answer in ground.proposed:
        offered = [offer.measure for found in answer.ranges for offer in (*found.required, *found.offers)]
        if answer.party_id in parties and offered:
            measures = "、".join(ground.catalogue.measures[key].zh for key in dict.fromkeys(offered))
            lines.append(f"依照规定，拟对{_who(ground, parties[answer.party_id])}在下列方式内处理：{measures}。")
    return lines


def _until(case: Case) -> str:
    open_still = case.decide_by is not None and case.decided_at is None and case.ended_at is None
    return f"，应当于{chinese_day(case.decide_by)}前作出决定" if open_still and case.decide_by else ""


def _who(ground: Ground, party: Party) -> str:
    """The name where it was given, else the post."""
    if not party.official_id:
        return ground.unit(party)
    named = ground.name(party) if party.id in ground.wanted.names else "1名"
    return (
        f"{ground.unit(party)}{named}{ground.post(party)}"
        if named == "1名"
        else f"{ground.unit(party)}{ground.post(party)}{named}"
    )
