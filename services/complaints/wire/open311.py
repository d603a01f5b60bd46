"""Open311 as messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zhengfeng.complaints.v1 import open311_pb2 as pb

from services.complaints.domain.open311 import Offered, Open311Key, Posted, Shown, Wanted, short
from services.complaints.wire.words import instant, stamp


def offered(value: Offered) -> pb.ShowOpen311ServicesResponse:
    """What can be filed in a place."""
    return pb.ShowOpen311ServicesResponse(
        services=[_offer(category, value.groups.get(category["id"], {})) for category in value.categories],
        attributes=[_attribute(row) for row in value.attributes],
    )


def _offer(category: Mapping[str, str], group: Mapping[str, Any]) -> pb.Open311Offer:
    zh, en = category["zh"], category["en"]
    return pb.Open311Offer(
        code=category["id"],
        name_zh=zh,
        name_en=en,
        group_zh=group.get("zh", ""),
        group_en=group.get("en", ""),
        description_zh=f"{group['zh']}：{zh}" if group else zh,
        description_en=f"{group['en']}: {en}" if group else en,
    )


def _attribute(row: Mapping[str, Any]) -> pb.Open311Attribute:
    return pb.Open311Attribute(
        code=row["code"],
        datatype=row["datatype"],
        required=row["required"],
        description_zh=row["zh"],
        description_en=row["en"],
        values=[pb.Open311Value(key=one["key"], name_zh=one["zh"], name_en=one["en"]) for one in row.get("values", ())],
    )


def wanted(message: Any) -> Wanted:
    """Which requests are asked for."""
    return Wanted(
        jurisdiction_path=message.jurisdiction_path,
        numbers=tuple(message.numbers),
        service_codes=tuple(message.service_codes),
        since=instant(message, "received_from"),
        before=instant(message, "received_before"),
        status=message.status,
    )


def public_request(shown: Shown) -> pb.PublicRequest:
    """What is public of one complaint."""
    of = shown.request
    return pb.PublicRequest(
        number=of.number,
        closed=of.closed,
        standing=of.standing,
        service_code=of.service_code,
        service_zh=shown.service.get("zh", ""),
        service_en=shown.service.get("en", ""),
        unit_name=shown.unit_name,
        received_at=stamp(of.received_at),
        updated_at=stamp(of.updated_at),
        due_at=stamp(of.due_at),
    )


def posted(value: Posted) -> pb.FilePublicRequestResponse:
    """What a program is told of what it has filed."""
    return pb.FilePublicRequestResponse(
        number=short(value.receipt.complaint.number),
        token=value.token,
        receipt_code=value.receipt.code,
        token_only=value.token_only,
    )


def key(value: Open311Key, filed: int = 0) -> pb.Open311Key:
    """A key without its secret."""
    return pb.Open311Key(
        open311_key_id=value.id,
        version=value.version,
        jurisdiction_path=value.jurisdiction_path,
        holder=value.holder,
        token_only=value.token_only,
        issued_by=value.issued_by,
        issued_at=stamp(value.issued_at),
        withdrawn_at=stamp(value.withdrawn_at),
        filed=filed,
    )
