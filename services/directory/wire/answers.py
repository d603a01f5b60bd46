"""Answers that are more than one thing: accounts with their locks, sessions with their tokens, the report of an import."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from zhengfeng.directory.v1 import accounts_pb2, officials_pb2, sessions_pb2, workbook_pb2

from chassis.i18n import Catalogue
from services.directory.domain.accounts import Issued, Shown
from services.directory.domain.factors import base32
from services.directory.domain.people import Official, Post
from services.directory.domain.report import ImportReport, ImportRow
from services.directory.domain.sessions import Person, SignedIn
from services.directory.wire.messages import instant, message


def held(pairs: Iterable[tuple[Post, Official]]) -> list[Any]:
    """Posts with who held them."""
    return [officials_pb2.Held(post=message(post), official=message(official)) for post, official in pairs]


def shown(account: Shown) -> Any:
    """An account as administrators see it."""
    filled = message(account.account)
    filled.must_change_password = account.must_change
    if account.locked_until is not None:
        filled.locked_until.FromDatetime(account.locked_until)
    return filled


def issued(one: Issued) -> dict[str, Any]:
    """An account and its secrets, as the fields of an answer."""
    secrets = accounts_pb2.Credentials(password=one.password, totp_secret=base32(one.totp_secret), totp_uri=one.totp_uri)
    account = message(one.account)
    account.must_change_password = True
    return {"account": account, "credentials": secrets}


def person(one: Person) -> Any:
    """Who somebody is today."""
    account = one.account
    return sessions_pb2.Person(
        account_id=account.id,
        user_name=account.user_name,
        display_name=account.display_name,
        official_id=account.official_id,
        roles=one.roles,
        unit_paths=account.unit_paths,
        jurisdiction_paths=account.jurisdiction_paths,
        unit_path=account.unit_path,
        jurisdiction_path=account.jurisdiction_path,
        must_change_password=one.must_change,
    )


def fresh(signed_in: SignedIn) -> dict[str, Any]:
    """Person and token, as the fields of an answer."""
    token = sessions_pb2.Token(token=signed_in.token, expires_at=instant(signed_in.token_expires_at))
    return {"person": person(signed_in.person), "token": token}


def report(whole: ImportReport, sentences: Catalogue) -> workbook_pb2.ImportDirectoryResponse:
    """The report of an import, its refusals in both languages."""
    return workbook_pb2.ImportDirectoryResponse(
        applied=whole.applied,
        added=whole.added,
        changed=whole.changed,
        unchanged=whole.unchanged,
        refused=whole.refused,
        rows=[_row(row, sentences) for row in whole.rows],
    )


def _row(row: ImportRow, sentences: Catalogue) -> Any:
    act = workbook_pb2.ImportAct.Value(f"IMPORT_ACT_{row.act.name}")
    filled = workbook_pb2.ImportRow(sheet=row.sheet, row=row.number, act=act, key=row.key)
    for field, before, after in row.changes:
        filled.changes.add(field=field, before=before, after=after)
    if row.refusal is not None:
        filled.field, filled.reason = row.refusal.field, row.refusal.reason
        filled.sentence_zh = sentences.text(row.refusal.reason, "zh", **row.refusal.params)
        filled.sentence_en = sentences.text(row.refusal.reason, "en", **row.refusal.params)
    return filled
