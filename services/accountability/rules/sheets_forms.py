"""The sheets of a rule workbook: their columns in order, how wide, what may be picked, and what the help sheet says.

A column is named like the key of the pack it holds, so that a fault of the pack finds its cell.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from papers.sheets import CellKind, Column, SheetForm
from services.accountability.rules.sheets_cells import FORMS
from services.accountability.rules.sheets_words import Words
from services.accountability.rules.words import COUNT, ORDERED, SETS

INSTRUMENT, CONDUCT, CIRCUMSTANCE, ROW, GOLDEN, HELP = "制度", "行为", "情节", "规则", "示例", "说明"
LONGEST_TEXT = 2_000
LONGEST_LIST = 8_000
_WORD = "[a-z][a-z_]{0,39}", "slow_handling"
_ID = "[A-Za-z0-9][A-Za-z0-9._-]{0,39}", "QH-06-1"
_WHOLE, _DAY = CellKind.WHOLE, CellKind.DAY


@dataclass(frozen=True, slots=True)
class Told:
    """A column with what the help sheet says of it."""

    column: Column
    help: str


def _text(name: str, header: str, width: int, help: str, required: bool = True) -> Told:
    return Told(Column(name, header, width=width, required=required, longest=LONGEST_TEXT, wrap=True), help)


def _key(name: str, header: str, width: int, help: str, pattern: str, form: str) -> Told:
    return Told(Column(name, header, width=width, longest=40, pattern=pattern, form=form, wrap=True), help)


def _list(name: str, header: str, help: str, required: bool = False, width: int = 24) -> Told:
    return Told(Column(name, header, width=width, required=required, longest=LONGEST_LIST, wrap=True, hint=help), help)


def _count(name: str, header: str, help: str, most: int = 50) -> Told:
    return Told(Column(name, header, _WHOLE, width=8, most=most, hint=help), help)


_SOURCE = (
    _text("source_mark", "依据类别", 12, "依据属于哪一类，从列表中选。没有依据的行不能导入。"),
    _text("source_text", "依据出处", 36, "依据的名称和条款。"),
)
_MANY = "多个用“、”隔开。"
_ANY = f"空白表示不限。{_MANY}"
_CONDITIONS = (
    _list("severity", "情节轻重", f"空白表示不限。写法：{FORMS['severity']}。"),
    _list("consequence", "后果", "空白表示不限。写法同“情节轻重”，如：不良影响以上。"),
    _list("role", "责任", _ANY),
    _list("post", "岗位", _ANY),
    _list("subject_kind", "人员类别", _ANY),
    _list("mitigating", "从轻情形", f"空白表示不看。写法：{FORMS['trigger']}。"),
    _list("aggravating", "从重情形", f"空白表示不看。写法：{FORMS['trigger']}。"),
    _list("trigger", "触发情形", f"空白表示不看。写法：{FORMS['trigger']}。"),
    _list("repeats", "重复次数", f"含本次。空白表示不限。写法：{FORMS['repeats']}。"),
)
SHEETS: dict[str, tuple[Told, ...]] = {
    INSTRUMENT: (
        _text("key", "代码", 18, "制度的固定代码，各版本相同。"),
        _text("title", "名称", 40, "制度全称。"),
        _text("issuer", "制定机关", 24, "发文机关全称。"),
        _text("number", "文号", 24, "如：清政办发〔2024〕6号。"),
        _text("jurisdiction", "适用地区", 18, "地区路径，如 /qinghe；空白表示不限地区（国家法律）。", required=False),
        _text("label", "版本", 14, "版本名称，如：2024。"),
        Told(Column("valid_from", "施行日期", _DAY, width=14), "自这一天起施行。"),
        Told(Column("valid_to", "废止日期", _DAY, width=14, required=False), "自这一天起不再施行；空白表示长期。"),
    ),
    CONDUCT: (
        _key("word", "代码", 24, "固定代码：小写字母和下划线。", *_WORD),
        _text("zh", "中文", 40, "规则表里使用的说法，不得重复。"),
        _text("en", "英文", 40, "英文说法。"),
        _list("no_rule", "不设规则的情节", f"本制度有意不规定的情节轻重，检查时不再提示空白。{_MANY}"),
    ),
    CIRCUMSTANCE: (
        _key("word", "代码", 24, "固定代码：小写字母和下划线。", *_WORD),
        _text("column", "类别", 12, "从轻情形或者从重情形，从列表中选。"),
        _text("effect", "作用", 20, "从列表中选；从重情形只能“应当从重”。"),
        _text("article", "条款", 20, "制度的条款。"),
        _text("zh", "中文", 36, "规则表里使用的说法，不得重复。"),
        _text("en", "英文", 36, "英文说法。"),
        *_SOURCE,
    ),
    ROW: (
        _key("id", "编号", 14, "固定编号，各版本相同，不得重复。", *_ID),
        _text("article", "条款", 18, "制度的条款。"),
        _text("zh", "中文", 32, "这一行说的是什么。"),
        _text("en", "英文", 32, "英文说法。"),
        _list("conduct", "行为", f"“行为”表中的中文。{_MANY}", required=True),
        *_CONDITIONS,
        _text("track", "问责类别", 12, "从列表中选。"),
        _list("choose", "可选方式", f"可以从中选择的问责方式。{_MANY}", required=True, width=36),
        _count("at_least", "最少", "至少选几项。"),
        _count("at_most", "最多", "至多选几项，不超过可选方式的数目。"),
        _list("always", "一并给予", f"无论怎样选择都一并给予的方式。{_MANY}"),
        _list("effect_months", "影响期", f"与通常不同的影响期。写法：{FORMS['effect_months']}。"),
        _list("who_else", "一并问责", f"还应当承担责任的岗位。{_MANY}"),
        _text("competent", "决定机关", 20, "不由本机关决定时由谁决定，从列表中选；空白按管理权限。", required=False),
        _text("appeal", "救济途径", 22, "从列表中选。"),
        *_SOURCE,
        _text("off", "停用原因", 30, "填写原因的行停用：照常检查、显示，但不适用。空白表示启用。", required=False),
    ),
    GOLDEN: (
        _text("zh", "中文", 40, "这个例子说的是什么。规则的结论与例子不符的，不能导入。"),
        _text("en", "英文", 32, "英文说法。"),
        _text("conduct", "行为", 24, "从列表中选。"),
        _text("severity", "情节轻重", 14, "从列表中选。"),
        _text("consequence", "后果", 20, "从列表中选。"),
        _text("role", "责任", 14, "从列表中选。"),
        _text("post", "岗位", 14, "从列表中选。"),
        _text("subject_kind", "人员类别", 14, "从列表中选。"),
        _list("mitigating", "从轻情形", _MANY),
        _list("aggravating", "从重情形", _MANY),
        _list("trigger", "触发情形", _MANY),
        _list("earlier", "此前处理", "此前各次处理在多少个月以前，如：2、5。空白表示没有。", width=12),
        _list("fires", "适用规则", f"应当适用的规则编号，空白表示都不适用。{_MANY}"),
        _list("offers", "可选方式", f"应当可以选择的方式，由轻到重。{_MANY}", width=36),
        _count("at_least", "最少", "至少应当选几项。"),
        _list("off", "停用的规则", f"若未停用也会适用的规则编号。{_MANY}"),
    ),
}
# Columns that hold one word of a vocabulary: these can be picked from a list.
PICKED = {
    CIRCUMSTANCE: {"column", "effect", "source_mark"},
    ROW: {"track", "competent", "appeal", "source_mark"},
    GOLDEN: {"conduct", "severity", "consequence", "role", "post", "subject_kind"},
}
# Columns that hold a list of words, those whose words the table declares itself, and the cells of other shapes.
LISTS = frozenset(
    ("conduct", "role", "post", "subject_kind", "choose", "always", "who_else", "offers", "fires", "earlier", *SETS)
)
DECLARED = frozenset(("conduct", "mitigating", "aggravating", "fires", "earlier"))
_SHAPES = {
    **dict.fromkeys(ORDERED, "ordered"),
    **dict.fromkeys(SETS, "sets"),
    COUNT: "repeats",
    "effect_months": "months",
}
_HELP = SheetForm(
    HELP,
    (
        Column("sheet", "工作表", width=10),
        Column("column", "列", width=14),
        Column("needed", "必填", CellKind.YES_NO, width=8),
        Column("help", "怎么填", width=60, wrap=True),
        Column("words", "可以填的词", width=80, longest=LONGEST_LIST, wrap=True),
    ),
    still=2,
)


def forms_read() -> tuple[SheetForm, ...]:
    """The sheets as they are read: every cell as its text, the words are looked up afterwards."""
    return tuple(SheetForm(name, tuple(told.column for told in columns), still=1) for name, columns in SHEETS.items())


def forms_written(words: Words) -> tuple[SheetForm, ...]:
    """The sheets as they are written, with lists to pick from."""
    return tuple(
        SheetForm(name, tuple(_with_list(name, told.column, words) for told in columns), still=1)
        for name, columns in SHEETS.items()
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """A column as a page asks for it: how it is filled in, the shape of its cells, the words it takes.

    Words the table declares itself (conduct, circumstances, the ids of rows) are left out: they change as one writes.
    """

    name: str
    head: str
    help: str
    required: bool
    shape: str
    words: tuple[str, ...]


def asked_columns(words: Words) -> dict[str, tuple[Asked, ...]]:
    """The columns of each sheet as a page asks for them."""
    return {sheet: tuple(_asked(sheet, told, words) for told in columns) for sheet, columns in SHEETS.items()}


def _asked(sheet: str, told: Told, words: Words) -> Asked:
    one = told.column
    known = words.of.get(one.name) if sheet not in (CONDUCT, INSTRUMENT) and one.name not in DECLARED else None
    said = tuple(known.keys) if known else ()
    return Asked(one.name, one.header, told.help, one.required, _shape(sheet, one), said)


def _shape(sheet: str, column: Column) -> str:
    if column.kind is not CellKind.TEXT:
        return str(column.kind.value)
    if column.name in PICKED.get(sheet, ()):
        return "word"
    if sheet == ROW and column.name in _SHAPES:
        return _SHAPES[column.name]
    return "words" if sheet in (ROW, GOLDEN) and column.name in LISTS else "text"


def help_sheet(words: Words) -> tuple[SheetForm, list[tuple[str, str, bool, str, str]]]:
    """A sheet that explains each column and lists its words."""
    lines = []
    for sheet, columns in SHEETS.items():
        for told in columns:
            one = told.column
            known = words.of.get(one.name) if sheet != CONDUCT else None
            lines.append((sheet, one.header, one.required, told.help, "、".join(known.keys) if known else ""))
    return _HELP, lines


def _with_list(sheet: str, column: Column, words: Words) -> Column:
    if column.name not in PICKED.get(sheet, ()):
        return column
    if column.name == "conduct":
        return replace(column, pick_from=f"'{CONDUCT}'!$B$2:$B$500")
    return replace(column, words={word: word for word in words.of[column.name].keys})
