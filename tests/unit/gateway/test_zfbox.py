"""The published box is one file: as long as was announced, the same each time, and read by any zip."""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator

from gateway.pages.campaigns.audit import file_name, kept_receipt, shown
from gateway.pages.campaigns.zfbox import LONGEST_PLAIN, length, zipped
from suite.recount.receipts import HEAD, RECEIPT
from tests.unit.gateway.apart import apart

FILES = {"box.json": b"{}", "ballots.bin": bytes(range(256)) * 5_000, "empty.json": b"", "result.json": b"[1]"}


def made() -> bytes:
    """The file over these files, in pieces."""

    async def pieces() -> AsyncIterator[tuple[str, bytes]]:
        for name, content in FILES.items():
            for start in range(0, len(content), 70_000):
                yield name, content[start : start + 70_000]

    async def whole() -> bytes:
        sizes = [(name, len(content)) for name, content in FILES.items()]
        return b"".join([part async for part in zipped(sizes, pieces())])

    return apart(whole())


def test_the_file_is_as_long_as_announced_and_the_same_each_time() -> None:
    content = made()
    assert len(content) == length([(name, len(content)) for name, content in FILES.items()])
    assert content == made()


def test_any_zip_reads_what_was_put_in() -> None:
    with zipfile.ZipFile(io.BytesIO(made())) as box:
        assert {name: box.read(name) for name in box.namelist()} == FILES
        assert {entry.compress_type for entry in box.infolist()} == {zipfile.ZIP_STORED}
        assert box.testzip() is None


def test_the_length_of_a_very_long_file_is_not_announced() -> None:
    assert length([("ballots.bin", LONGEST_PLAIN)]) is None


def test_a_file_is_named_by_the_number_of_its_campaign() -> None:
    assert file_name("评议〔2026〕3号") == "pingyi-2026-3.zfbox"


def test_what_pages_let_people_keep_is_what_the_recount_reads() -> None:
    campaign = "0197fd2a-0000-7000-8000-000000000001"
    assert RECEIPT.fullmatch(kept_receipt(campaign, "7", "ab" * 32, "qqqq" * 21 + "qg=="))
    head = {
        "campaign_id": campaign,
        "suite": "SM3/SM2",
        "tree_size": "12",
        "signed_at": "2026-11-16T01:00:00.000001Z",
        **dict.fromkeys(("root_hash", "rules_hash"), "qqqq" * 10 + "qqo="),
        **dict.fromkeys(("signature", "public_key"), "qqqq" * 21 + "qg=="),
    }
    kept = HEAD.fullmatch(shown(head)["kept_text"])
    assert kept is not None
    assert kept.group(6) == "1794790800000001"
    assert HEAD.fullmatch(shown(head | {"closing": True})["kept_text"]).groups()[-1] == ":closed"
