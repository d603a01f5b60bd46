"""What a bulletin says: sentences and tables made from its frozen figures, each with its denominator, and nothing else.

Its looks are papers'; who may have it and its number are the use case's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from chassis.clock import local_day
from papers.documents import Block, Document, Table, chinese_day
from services.complaints.domain.bulletins import ComplaintBulletin, Letterhead, Tabled
from services.complaints.domain.views import Figures

MARK = "草稿"
NONE_YET = {"unit": "尚未派发", "category": "未分类", "channel": ""}
TITLES = {"channel": "分渠道情况", "unit": "分单位情况", "category": "分类别情况"}
HEADS = {"channel": "渠道", "unit": "承办单位", "category": "类别"}
COLUMNS: tuple[tuple[str, Callable[[Figures], str], int], ...] = (
    ("收件", lambda row: str(row.received), 9),
    ("事项", lambda row: str(row.matters), 9),
    ("办结", lambda row: part(row.closed, row.received), 16),
    ("按期", lambda row: part(row.on_time, row.received), 16),
    ("超期", lambda row: part(row.overdue, row.received), 16),
    ("属实", lambda row: part(row.established, row.closed), 14),
)
MEANING = "办结含不予受理、转出、撤回和移送；按期含期限未到的在办件，超期含已过期限的在办件。"
"""What the words count, as the contract of the figures says it."""
Words = Mapping[str, Mapping[str, str]]


def write(bulletin: ComplaintBulletin, head: Letterhead, words: Words) -> Document:
    """A draft. `words` gives channels and categories their names."""
    opening = [Block(line) for line in bulletin.opening.splitlines() if line.strip()]
    return Document(
        title=bulletin.title,
        issuer=head.issuer,
        blocks=(*opening, *_parts(bulletin, words)),
        head=f"{head.issuer}文件",
        addressee=head.to,
        mark=MARK,
        printed_by=head.issuer,
    )


def _parts(bulletin: ComplaintBulletin, words: Words) -> Iterable[Block | Table]:
    frozen = bulletin.frozen
    yield Block("总体情况", 1)
    yield Block(_whole(bulletin))
    yield Block(_counted(frozen.total, "件", "收件数"))
    yield Block("按事项计（并案的只计一次）：" + _counted(frozen.matters, "个", "事项数"))
    for table in frozen.tables:
        yield Block(TITLES[table.by], 1)
        yield _table(table, {**words.get(table.by, {}), **(bulletin.names if table.by == "unit" else {})})
        yield Block(f"{MEANING}办结、按期、超期以收件为分母，属实以办结为分母。")
    at = local_day(bulletin.drafted_at)
    yield Block(f"以上数据冻结于{chinese_day(at)}，每一数字所计的件均可逐件调阅。")


def _whole(bulletin: ComplaintBulletin) -> str:
    frozen = bulletin.frozen
    period = f"{chinese_day(bulletin.since)}至{chinese_day(bulletin.until)}"
    before = f"上期收件{frozen.before.received}件，{_change(frozen.total.received, frozen.before.received)}"
    return f"{period}共收到投诉{frozen.total.received}件，合为{frozen.total.matters}个事项。{before}。"


def _change(now: int, before: int) -> str:
    if now == before:
        return "与上期持平"
    word = "增加" if now > before else "减少"
    share = f"，{word}{percent(abs(now - before), before)}" if before else ""
    return f"比上期{word}{abs(now - before)}件{share}"


def _counted(row: Figures, measure: str, whole: str) -> str:
    """The figures of a row as sentences, each with what it is a part of."""
    said = [
        f"办结{row.closed}{measure}{_share(row.closed, row.received, whole)}",
        f"按期{row.on_time}{measure}{_share(row.on_time, row.received, whole)}，"
        f"超期{row.overdue}{measure}{_share(row.overdue, row.received, whole)}",
        f"属实和部分属实{row.established}{measure}{_share(row.established, row.closed, '办结')}",
        f"有评价的{row.rated}{measure}，其中满意{row.satisfied}{measure}{_share(row.satisfied, row.rated, '有评价')}"
        "（未评价的不算满意）",
        f"仍在办理{row.open}{measure}，其中黄灯{row.yellow}{measure}、红灯{row.red}{measure}",
    ]
    return "；".join(said) + "。"


def _share(count: int, whole: int, name: str) -> str:
    """What a figure is of its denominator; nothing where there is none."""
    return f"，占{name}的{percent(count, whole)}" if whole else ""


def _table(table: Tabled, names: Mapping[str, str]) -> Table:
    heads = (HEADS[table.by], *(head for head, _, _ in COLUMNS))
    lines = tuple((named(table.by, row.key, names), *(cell(row) for _, cell, _ in COLUMNS)) for row in table.rows)
    return Table(heads, lines, (27, *(share for _, _, share in COLUMNS)))


def named(by: str, key: str, names: Mapping[str, str]) -> str:
    """A row's key as people call it."""
    return names.get(key, key) if key else NONE_YET[by]


def part(count: int, whole: int) -> str:
    """A count and its share of the whole."""
    return f"{count}（{percent(count, whole)}）" if whole else str(count)


def percent(count: int, whole: int) -> str:
    """The share of a whole in tenths of a percent, rounded half up; a dash where there is no whole."""
    if not whole:
        return "—"
    tenths = (count * 2000 + whole) // (whole * 2)
    return f"{tenths // 10}.{tenths % 10}%"
