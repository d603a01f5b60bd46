"""The sheets: one form for each plain resource, in the order in which they refer to one another.

A form's column is named like the field it fills. What paper says by path or staff number and the domain by id is resolved
in `plan`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from chassis.db import Resource
from papers.sheets import CellKind, Column, SheetForm
from services.directory.domain.dated import PATH
from services.directory.storage import (
    DUTY_ITEMS,
    DUTY_LISTS,
    JURISDICTIONS,
    OFFICIALS,
    POSTS,
    SERVICE_ITEMS,
    UNITS,
)


def _words(**words: str) -> Mapping[str, str]:
    return MappingProxyType(words)


def _path(name: str, header: str, required: bool = True) -> Column:
    return Column(name, header, width=34, required=required, pattern=PATH)


def _code(name: str, header: str) -> Column:
    return Column(name, header, width=20, longest=40, pattern=r"[0-9A-Za-z._-]+")


FROM = Column("valid_from", "生效日期", CellKind.DAY, 12)
TO = Column("valid_to", "失效日期", CellKind.DAY, 12, required=False)
NAME = Column("name", "名称", width=30, longest=100)
BASIS = Column("legal_basis", "法律依据", width=40, longest=300, required=False)
UNIT = _path("unit_path", "单位路径")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: whose form it is, and the columns that tell one row from another."""

    resource: Resource[Any]
    form: SheetForm
    key: tuple[str, ...]


def _sheet(resource: Resource[Any], name: str, key: tuple[str, ...], *columns: Column) -> Sheet:
    return Sheet(resource, SheetForm(name, columns), key)


SHEETS: tuple[Sheet, ...] = (
    _sheet(
        JURISDICTIONS,
        "辖区",
        ("jurisdiction_path",),
        _path("jurisdiction_path", "辖区路径"),
        NAME,
        Column("kind", "层级", words=_words(city="市", district="区县", town="镇街")),
        FROM,
        TO,
    ),
    _sheet(
        UNITS,
        "单位",
        ("unit_path",),
        UNIT,
        _path("jurisdiction_path", "辖区路径"),
        NAME,
        Column("short_name", "简称", longest=30, required=False),
        Column(
            "kind",
            "类别",
            words=_words(
                bureau="局委办",
                enterprise="公共服务企业",
                section="科室站所",
                window="服务窗口",
                headquarters="指挥部",
                office="效能办",
            ),
        ),
        Column("management_line", "垂管条线", longest=30, required=False),
        Column("phone", "电话", longest=30, required=False),
        Column("address", "地址", width=30, longest=120, required=False),
        FROM,
        TO,
    ),
    _sheet(
        OFFICIALS,
        "工作人员",
        ("staff_number",),
        _code("staff_number", "工号"),
        Column("name", "姓名", longest=60),
        Column(
            "kind",
            "人员类别",
            words=_words(
                civil_servant="公务员",
                by_reference="参公",
                institution_staff="事业编",
                soe_manager="国企管理人员",
                village="村居",
                contract="编外借调",
                retired="退休",
            ),
        ),
        UNIT,
        Column("rank", "职级", longest=30, required=False),
        FROM,
        TO,
    ),
    _sheet(
        POSTS,
        "岗位",
        ("staff_number", "unit_path", "kind", "valid_from"),
        _code("staff_number", "工号"),
        UNIT,
        Column(
            "kind",
            "岗位类别",
            words=_words(
                handler="承办",
                section_head="科室负责人",
                deputy_in_charge="分管领导",
                unit_head="主要负责人",
                leading_group="领导班子",
            ),
        ),
        Column("title", "职务", width=24, longest=60, required=False),
        Column("in_charge_of", "分管单位", width=40, longest=2000, required=False),
        FROM,
        TO,
    ),
    _sheet(
        DUTY_LISTS,
        "清单",
        ("code",),
        _code("code", "清单编码"),
        UNIT,
        NAME,
        Column("kind", "清单类别", words=_words(powers="权力清单", duties="责任清单", procedures="程序清单")),
        FROM,
        TO,
    ),
    _sheet(
        DUTY_ITEMS,
        "清单事项",
        ("code",),
        _code("code", "事项编码"),
        _code("list_code", "清单编码"),
        NAME,
        BASIS,
        FROM,
        TO,
    ),
    _sheet(
        SERVICE_ITEMS,
        "办事事项",
        ("code",),
        _code("code", "事项编码"),
        UNIT,
        NAME,
        Column("kind", "办件类型", words=_words(immediate="即办", promised="承诺", joint="联办", upward="上报")),
        Column("legal_days", "法定时限", CellKind.WHOLE, most=400),
        Column("promised_days", "承诺时限", CellKind.WHOLE, most=400),
        Column("tacit_approval", "超时默认", CellKind.YES_NO),
        BASIS,
        FROM,
        TO,
    ),
)
FORMS = tuple(sheet.form for sheet in SHEETS)
