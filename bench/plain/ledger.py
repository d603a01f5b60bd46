"""A ledger of any size, loaded in minutes: texts sealed and hashed by the service's own keys go in by COPY, rows are made of
them inside PostgreSQL. Five years up to now, evenly spread; what is older than two months is closed."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from services.complaints.domain.intake import Content
from services.complaints.domain.weeks import begins, week_of
from services.complaints.storage import COMPLAINTS, CONTENTS

JURISDICTION = "/qinghe"
PLACES = ("/qinghe", "/qinghe/donghe", "/qinghe/xihe")
UNITS = tuple(f"{PLACES[at % 3 if at % 2 else 0]}/unit-{at:02}" for at in range(50))
CHANNELS = ("web", "hotline", "mayor_line", "letter", "visit", "email", "media", "superior", "bureau", "open311")
CATEGORIES = ("inaction", "slow", "misconduct", "door", "absent", "rude", "hard_to_get_done", "unlawful_charge", "greedy")
OPEN = ("handling", "received", "accepted", "submitted", "reported")
TEXTS, USUAL_TEXTS = 100, 10
USUAL, RARE = "排队等候", "鹳雀桥头"
YEARS = 5
_SIGNS = "办证窗口无人值守水费多收施工扰民路灯不亮答复迟缓材料反复补交态度生硬推诿拖延乱收费停车难垃圾清运楼道漏水"
_WEEK = "((received AT TIME ZONE 'Asia/Shanghai')::date - DATE '0001-01-01') / 7"


def load(usecases: Any, rows: int) -> None:
    """Fills an empty PostgreSQL ledger with so many complaints."""
    contents, now = usecases.ledger._desk.contents, usecases.store.clock.now()
    with usecases.store.engine.begin() as connection:
        raw: Any = connection.connection.driver_connection
        raw.execute("SET LOCAL statement_timeout = 0")
        raw.execute("DROP INDEX contents_words")
        raw.execute("CREATE TABLE texts (text int, week int, ciphertext bytea, wrapped_key bytea, words text[])")
        with raw.cursor() as cursor, cursor.copy("COPY texts FROM STDIN") as target:
            for row in _texts(contents, now):
                target.write_row(row)
        raw.execute("CREATE INDEX texts_key ON texts (text, week)")
        raw.execute("ANALYZE texts")
        connection.execute(sa.text(_made()), {"rows": rows, "now": now, "years": YEARS})
        raw.execute(_insert(COMPLAINTS.table, "made", _COMPLAINT))
        raw.execute(_insert(CONTENTS, f"made JOIN texts ON texts.text = made.text AND texts.week = {_WEEK}", _CONTENT))
        raw.execute(_AUDIT)
        raw.execute("DROP TABLE texts, made")
        raw.execute("SET LOCAL maintenance_work_mem = '256MB'")
        raw.execute("CREATE INDEX contents_words ON contents USING gin (words)")


def _texts(contents: Any, now: Any) -> Any:
    """Every text under every week of the period: sealed once, its words hashed for each week."""
    last = week_of(now)
    for text in range(1, TEXTS + 2):
        begin = text * 7 % len(_SIGNS)
        said = (_SIGNS + _SIGNS)[begin : begin + 24] + f"第{text}号"
        said += USUAL if text <= USUAL_TEXTS or text > TEXTS else ""
        content = Content(
            said[:12], said + (RARE if text > TEXTS else ""), "", said[:12], said + (RARE if text > TEXTS else "")
        )
        sealed = contents.row("0" * 32, now, content, None)
        for week in range(last - YEARS * 53, last + 1):
            words = contents.words.entries(content, begins(week))
            yield text, week, sealed["ciphertext"], sealed["wrapped_key"], words


def _made() -> str:
    """What differs from row to row. Three rows, far apart, hold the rare word."""

    def one_of(words: tuple[str, ...], place: str) -> str:
        listed = ", ".join(f"'{word}'" for word in words)
        return f"(ARRAY[{listed}])[1 + ({place}) % {len(words)}]"

    return f"""
    CREATE TABLE made AS
    SELECT *, received + interval '30 days' AS due,
      CASE WHEN still_open THEN {one_of(OPEN, "n")} WHEN n % 40 = 0 THEN 'merged'
           WHEN n % 20 = 1 THEN 'withdrawn' WHEN n % 20 = 2 THEN 'closed' ELSE 'archived' END AS stage
    FROM (
      SELECT n, received, (n % 3 = 0 AND received > :now - interval '60 days') AS still_open,
        {one_of(UNITS, "n * 7 + n / 211")} AS unit, {one_of(CHANNELS, "n * 3")} AS channel,
        {one_of(CATEGORIES, "n * 5")} AS category, :now AS today,
        CASE WHEN n % ((:rows + 3) / 3) = 7 THEN {TEXTS + 1} ELSE 1 + (n * 31 + n / 199) % {TEXTS} END AS text,
        (lpad(to_hex((extract(epoch FROM received) * 1000)::bigint), 12, '0') || '7' || substr(md5(n::text), 1, 3)
          || '8' || substr(md5(n::text), 4, 15))::uuid AS id
      FROM (SELECT n, :now - make_interval(secs => :years * 365.25 * 86400.0 * (:rows - n) / :rows + 60) AS received
            FROM generate_series(1, CAST(:rows AS int)) AS n) AS each
    ) AS row
    """


_ENDED = "CASE WHEN still_open THEN NULL ELSE least(received + make_interval(days => n % 35), today) END"
_COMPLAINT = {
    "id": "id",
    "version": "1",
    "unit_path": "CASE WHEN stage IN ('received', 'accepted') THEN '' ELSE unit END",
    "jurisdiction_path": "regexp_replace(unit, '/unit-[0-9]+$', '')",
    "number": "'投诉〔' || extract(year FROM received) || '〕' || n || '号'",
    "stage": "stage",
    "channel": "channel",
    "manner": "'anonymous'",
    "origin": "'filed'",
    "regime": "'efficiency'",
    "category": "category",
    "received_at": "received",
    "recorded_at": "received",
    "receipt_mac": "decode(md5(n::text), 'hex')",
    "closed_at": _ENDED,
    "light": "CASE WHEN NOT still_open THEN '' WHEN due < today THEN 'red'"
    " WHEN due < today + interval '1 day' THEN 'yellow' ELSE 'green' END",
    "due_at": "due",
    "conclusion": "CASE WHEN stage IN ('closed', 'archived')"
    " THEN (ARRAY['established', 'partly', 'not_established', 'cannot_be_verified'])[1 + n % 4] END",
    "grade": "CASE WHEN stage IN ('closed', 'archived') AND n % 3 = 0 THEN 1 + n % 5 ELSE 0 END",
    "matter_id": "CASE WHEN stage = 'merged' THEN id::text ELSE '' END",
}
_CONTENT = {
    "complaint_id": "id",
    "ciphertext": "ciphertext",
    "wrapped_key": "wrapped_key",
    "words": "words",
    "week": "week",
}
_AUDIT = """
INSERT INTO audit (at, actor, act, resource, subject_id, version, unit_path, jurisdiction_path)
SELECT received, 'citizen', 'file_complaint', 'complaints', id::text, 1, '', '/qinghe' FROM made ORDER BY n
"""


def _insert(table: sa.Table, source: str, told: dict[str, str]) -> str:
    """Rows of a table; columns nothing is said about are empty."""
    names = {column.name: told.get(column.name) or _empty(column) for column in table.columns}
    return f"INSERT INTO {table.name} ({', '.join(names)}) SELECT {', '.join(names.values())} FROM {source}"


def _empty(column: sa.Column[Any]) -> str:
    if column.nullable:
        return "NULL"
    kind = column.type.dialect_impl(postgresql.dialect())  # type: ignore[no-untyped-call]
    plain = getattr(kind, "impl", kind)
    if isinstance(plain, sa.Integer):
        return "0"
    if isinstance(plain, sa.Boolean):
        return "false"
    if isinstance(plain, sa.LargeBinary):
        return "''::bytea"
    return "'[]'" if isinstance(plain, sa.JSON) else "''"
