"""A file that is no whole box, or lies under its own seal, is refused or faulted in words."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from services.evaluation.domain.ballot import BallotClass
from suite.recount import opening
from suite.recount.heads import Amendment, ruled
from suite.recount.opening import PublishedBox
from suite.recount.receipts import Head
from tests.service.evaluation.published import edited, recounted, zfbox
from tests.unit.suite.boxes import BALLOTS, PLAIN, Cast, lying, made

BEFORE_THE_COUNT = ("box.json", "rules.json", "amendments.json", "heads.json", "seal.json", "ballots.bin")


def lies() -> Sequence[tuple[str, bytes, str]]:
    """Files that are no published box, and what is said of them."""
    files = made(PLAIN, BALLOTS).files
    whole = zfbox(files)
    tie = {"question": "fewer_lowest", "dimension": ""}
    deep = b"[" * 100_000 + b"]" * 100_000
    return (
        ("nothing", b"", "is no published box"),
        ("no zip", b"%PDF-1.7 a circular", "is no published box"),
        ("truncated", whole[: len(whole) // 2], "is no published box"),
        ("bomb", zfbox(files | {"ballots.bin": bytes(50_000_000)}, compressed=True), "is compressed"),
        ("stranger", zfbox(files | {"../../etc/passwd": b"x"}), "does not belong there"),
        ("missing", zfbox({name: files[name] for name in files if name != "heads.json"}), "heads.json is missing"),
        ("short", zfbox(files | {"ballots.bin": files["ballots.bin"][:-1]}), "ballots.bin has the wrong length"),
        ("long", zfbox(files | {"ballots.bin": files["ballots.bin"] + bytes(46)}), "ballots.bin has the wrong length"),
        ("deep", lying(files | {"rules.json": deep}), "rules.json is no readable JSON"),
        ("no json", lying(files | {"heads.json": b"\xff\xfe"}), "heads.json is no readable JSON"),
        ("no heads", lying(files | {"heads.json": b"[]"}), "heads.json is no readable JSON"),
        ("format", zfbox(edited(files, "box.json", format="zhengfeng-box/9")), "is not of the format"),
        ("huge", lying(edited(files, "rules.json", trim="1e999999999")), "is no number"),
        ("no scale", lying(edited(files, "rules.json", scale=[])), "can be counted by these rules"),
        ("no dimension", lying(edited(files, "rules.json", dimensions=[])), "can be counted by these rules"),
        ("question", lying(edited(files, "rules.json", tie_chain=[tie | {"question": "luck"}])), "by these rules"),
        ("dimension", lying(edited(files, "rules.json", tie_chain=[tie | {"question": "dimension"}])), "by these rules"),
        ("revote", lying(edited(files, "rules.json", revote="best_counts")), "by these rules"),
        ("empty group", lying(edited(files, "rules.json", empty_group="nobody")), "by these rules"),
        ("changed", zfbox(edited(files, "rules.json", title="another")), "rules.json is not what was sealed"),
        ("box changed", zfbox(edited(files, "box.json", opened_at=None)), "box.json is not what was sealed"),
        ("result gone", zfbox({name: files[name] for name in files if name != "result.json"}), "not what was sealed"),
        ("unsealed", zfbox(edited(files, "seal.json", signature="00" * 64)), "is not signed"),
        ("suite", zfbox(edited(files, "seal.json", suite="MD5/none")), "does not have the suite"),
        ("negative", lying(edited(files, "box.json", tree_size=-1)), "tree_size in box.json"),
    )


@pytest.mark.parametrize(("content", "said"), [lie[1:] for lie in lies()], ids=[lie[0] for lie in lies()])
def test_a_file_that_lies_about_itself_is_refused_in_words(tmp_path: Path, content: bytes, said: str) -> None:
    code, words = recounted(tmp_path, content)
    assert (code, said in words) == (1, True), words


def test_a_file_that_is_not_there_is_refused_in_words(tmp_path: Path) -> None:
    lines: list[str] = []
    from suite.recount.telling import recount

    assert recount(tmp_path / "none.zfbox", [], "", "zh", lines.append) == 1
    assert "不是公布的票箱" in lines[0]
    with zipfile.ZipFile(tmp_path / "box.zfbox", "w"):
        pass
    assert recount(tmp_path / "box.zfbox", ["no receipt"], "", "zh", lines.append) == 1


def test_a_box_that_was_cut_back_to_an_earlier_head_is_told(tmp_path: Path) -> None:
    """The last ballots and heads are taken out and the rest is sealed anew: nobody can add that it was closed there."""
    files = made(PLAIN, BALLOTS).files
    heads, box = json.loads(files["heads.json"])[:-1], json.loads(files["box.json"])
    size = heads[-1]["tree_size"]
    cut = {"heads.json": json.dumps(heads).encode(), "ballots.bin": files["ballots.bin"][: size * box["record_length"]]}
    rest = {name: text for name, text in edited(files, "box.json", tree_size=size).items() if name in BEFORE_THE_COUNT}
    code, said = recounted(tmp_path, lying(rest | cut))
    assert (code, "cut back or was never closed" in said) == (1, True), said
    assert said.count("✗") == 1, said


def test_heads_that_do_not_follow_one_another_are_told(tmp_path: Path) -> None:
    files = made(PLAIN, BALLOTS).files
    heads = json.loads(files["heads.json"])
    swapped = {"heads.json": json.dumps([*heads[1:], heads[0]]).encode()}
    code, said = recounted(tmp_path, lying(files | swapped))
    assert (code, "do not follow one another" in said) == (1, True)
    assert "cut back" in said, "nothing comes after the closing head"


@pytest.mark.parametrize(
    ("ratings", "found"),
    [
        (bytes(8), BallotClass.VALID),
        (bytes(8), BallotClass.STRAIGHT_LINED),
        (bytes(8), BallotClass.TOO_FEW),
        (bytes([1] * 7 + [2]), BallotClass.STRAIGHT_LINED),
        (bytes([255] * 8), BallotClass.STRAIGHT_LINED),
        (bytes([1, 2, 255, 1, 1, 1, 1, 1]), BallotClass.TOO_FEW),
    ],
)
def test_a_class_that_contradicts_the_ballot_is_named(tmp_path: Path, ratings: bytes, found: BallotClass) -> None:
    code, said = recounted(tmp_path, zfbox(made(PLAIN, [*BALLOTS, Cast(0, ratings, found)]).files))
    assert (code, "place 11 (from 0) cannot be of the class" in said) == (1, True), said


@pytest.mark.parametrize(("rules", "agrees"), [("aab", True), ("aba", False), ("abb", True), ("aac", False)])
def test_heads_go_along_the_amendments(rules: str, agrees: bool) -> None:
    hashes = {name: name.encode() * 32 for name in "abc"}
    kept = [Head("", "", "", 0, b"", hashes[name], at, b"", b"") for at, name in enumerate(rules)]
    changes = [Amendment(0, "重新规定", hashes["a"], hashes["b"], ("trim",))]
    found = list(ruled(kept, kept[-1].rules, changes))
    assert (not any(not one.good for one in found)) == agrees
    assert found[0].details["fields"] == "trim"


def test_long_ballots_are_read_in_portions_of_bounded_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "box.zfbox"
    path.write_bytes(zfbox(made(PLAIN, BALLOTS).files))
    box = PublishedBox(path)
    whole = b"".join(record for portion in box.portions(4_096) for record in portion)
    monkeypatch.setattr(opening, "LONGEST_PORTION", 3 * box.record_length + 1)
    portions = list(box.portions(4_096))
    assert max(map(len, portions)) == 3
    assert b"".join(record for portion in portions for record in portion) == whole
