"""What a bulletin says: sentences and tables made from the results as they are published, and nothing else.

Its looks are papers'; who may have it and its number are the use case's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from chassis.clock import local_day
from papers.documents import Block, Document, Table, chinese_day
from services.evaluation.domain.bulletin import Letterhead
from services.evaluation.domain.campaign import Campaign, State
from services.evaluation.domain.formula import Publish
from services.evaluation.domain.objection import ObjectionState, objections_until
from services.evaluation.domain.plan import End
from services.evaluation.domain.result import ResultRow, ends_of, rounded
from services.evaluation.domain.shown import Kept
from services.evaluation.log import TreeHead

MARK = "草稿"
SHOWN_OF_A_ROOT = 16  # hexadecimal digits: enough to compare by eye with the head that is published in full
Part = Block | Table


@dataclass(frozen=True, slots=True)
class Told:
    """One released campaign as a bulletin draws on it."""

    campaign: Campaign
    kept: Kept
    rows: Sequence[ResultRow]
    objections: dict[ObjectionState, int]
    head: TreeHead | None
    entries: int
    """How many entries of the ledger were counted in; one counts once, however many objects it is charged to."""


def write(title: str, opening: str, told: Sequence[Told], head: Letterhead) -> Document:
    """A draft about one campaign, or about several of a year."""
    parts: list[Part] = [Block(line) for line in opening.splitlines() if line.strip()]
    for one in told:
        if len(told) > 1:
            parts.append(Block(one.campaign.title, 1))
        parts += list(_campaign(one, 2 if len(told) > 1 else 1))
    return Document(
        title=title,
        issuer=head.issuer,
        blocks=tuple(parts),
        head=f"{head.issuer}文件",
        addressee=head.to,
        mark=MARK,
        printed_by=head.issuer,
    )


def _campaign(told: Told, level: int) -> Iterable[Part]:
    campaign = told.campaign
    full = campaign.plan.publication.what is Publish.FULL
    yield Block("评议情况", level)
    yield Block(_when(told))
    if full:
        yield from map(Block, _turnout(told))
    yield Block("评议结果", level)
    for group in campaign.plan.object_groups:
        rows = [row for row in told.rows if row.object_group == group.key]
        yield Block(group.name, level + 1)
        yield _table(campaign, rows)
        yield from map(Block, _said_of(campaign, rows))
    if full:
        yield Block("扣分和加分", level)
        yield Block(_points(told.rows, told.entries))
    yield Block("异议和核验", level)
    yield Block(_objections(told))
    if told.head is not None:
        yield Block(_head(told.head))


def _when(told: Told) -> str:
    campaign = told.campaign
    groups = "、".join(f"{group.name}（权重{group.weight}）" for group in campaign.plan.rater_groups)
    asked = "、".join(dimension.name for dimension in campaign.plan.dimensions)
    objects = sum(len(group.objects) for group in campaign.plan.object_groups)
    released = f"，{chinese_day(local_day(told.kept.released_at))}发布" if told.kept.released_at else ""
    return f"{campaign.title}（{campaign.number}）评议{objects}个对象，内容为{asked}，由{groups}评议{released}。"


def _turnout(told: Told) -> Iterable[str]:
    for group, one in zip(told.campaign.plan.rater_groups, told.kept.turnout, strict=True):
        share = f"，占发出评议码的{rounded(Fraction(one.received * 100, one.issued), 1)}%" if one.issued else ""
        gone = one.received - one.counted
        yield (
            f"{group.name}：发出评议码{one.issued}个，收回评议票{one.received}张{share}；"
            f"计入{one.counted}张，未计入{gone}张（以收回的{one.received}张为分母）。"
        )


def _table(campaign: Campaign, rows: Sequence[ResultRow]) -> Table:
    """As much of the order and the figures as the plan publishes."""
    what, lines = campaign.plan.publication.what, campaign.plan.lines
    names = {grade.key: grade.name for grade in lines.grades}
    if what is Publish.FULL:
        heads, shares = ("名次", "对象", "得分", "区间", "等次"), (10, 38, 16, 22, 14)
        cells = [(_rank(row), row.name, *_figures(row, lines.decimals), names.get(row.grade, "")) for row in rows]
        return Table(heads, tuple(cells), shares)
    if what is Publish.RANKED:
        ranked = [(_rank(row), row.name, names.get(row.grade, "")) for row in rows]
        return Table(("名次", "对象", "等次"), tuple(ranked), (15, 60, 25))
    order = {one.object_id: place for place, one in enumerate(campaign.plan.objects)}
    graded = [(row.name, names.get(row.grade, "")) for row in sorted(rows, key=lambda row: order[row.object_id])]
    return Table(("对象", "等次"), tuple(graded), (70, 30))


def _rank(row: ResultRow) -> str:
    return str(row.rank) if row.rank else "—"


def _figures(row: ResultRow, decimals: int) -> tuple[str, str]:
    if row.suppressed or row.total is None:
        return ("人数过少，不显示" if row.suppressed else "没有得分", "")
    return rounded(row.total, decimals), f"{rounded(row.low, decimals)}至{rounded(row.high, decimals)}"


def _said_of(campaign: Campaign, rows: Sequence[ResultRow]) -> Iterable[str]:
    """Who is commended, who is below the line, and whose places cannot be told apart: in words, never by colour alone."""
    lines, what = campaign.plan.lines, campaign.plan.publication.what
    if what not in (Publish.FULL, Publish.RANKED):
        return
    ends, ranked = ends_of(campaign), [row for row in rows if row.total is not None]
    close = [row.name for row in ranked if row.rank_from != row.rank_to]
    if close:
        yield f"{'、'.join(close)}的估计区间与相邻对象重叠，名次前后分不出高下。"
    # Among the last of the round before nobody is commended, and among its first nobody is named as low.
    first = [row for row in ranked if row.rank == 1 and ends.get(row.object_group) is not End.LAST]
    best = [row.name for row in first if row.total is not None and row.total >= lines.commended_from]
    if best:
        yield f"{'、'.join(best)}居首，予以表扬。"
    weak = [row for row in ranked if ends.get(row.object_group) is not End.FIRST]
    low = [row.name for row in weak if row.total is not None and row.total < lines.last_below]
    if low and what is Publish.FULL:
        yield f"得分低于{rounded(lines.last_below, 0)}分的有：{'、'.join(low)}。"


def _points(rows: Sequence[ResultRow], entries: int) -> str:
    off = [row for row in rows if row.points_off]
    on = [row for row in rows if row.points_on]
    if not entries:
        return "没有扣分，也没有加分。"
    parts = [f"计入的共{entries}笔"]
    if off:
        parts.append("扣分：" + "、".join(f"{row.name}{_plain(row.points_off)}分" for row in off))
    if on:
        parts.append("加分：" + "、".join(f"{row.name}{_plain(row.points_on)}分" for row in on))
    return "；".join(parts) + "。每一笔都有来源可查。"


def _plain(points: Fraction) -> str:
    return rounded(points, 2).rstrip("0").rstrip(".")


def _objections(told: Told) -> str:
    said = told.objections
    numbers = "，".join(
        f"{word}{said.get(state, 0)}条"
        for state, word in (
            (ObjectionState.UPHELD, "成立"),
            (ObjectionState.REJECTED, "不成立"),
            (ObjectionState.FILED, "待答复"),
        )
    )
    if told.campaign.state in (State.CLOSED, State.COUNTED):
        return f"异议：{numbers}；按成立的异议正在重新计票，以上是已发布的结果，尚未定案。"
    until = objections_until(told.campaign)
    if told.campaign.state is State.FINAL or until is None:
        return f"异议：{numbers}。"
    return f"异议：{numbers}；异议期到{chinese_day(local_day(until) - timedelta(days=1))}为止，以上结果尚未定案。"


def _head(head: TreeHead) -> str:
    root = head.root_hash.hex()[:SHOWN_OF_A_ROOT]
    return f"票箱共{head.tree_size}张，签名根值以{root}开头（{head.suite}）；任何人都可以下载票箱重新计算。"
