"""`zhengfeng cards`: a set is made, read and scored by anybody, and the same seed makes the same set."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from suite.commands import app


def run(*words: str) -> tuple[int, str]:
    ended = CliRunner().invoke(app, ["cards", *words])
    return ended.exit_code, ended.output


def test_a_set_is_made_read_and_scored(tmp_path: Path) -> None:
    first, again = tmp_path / "first", tmp_path / "again"
    for folder in (first, again):
        code, told = run("bench-set", str(folder), "--cards", "1", "--level", "2", "--seed", "4", "--form", "A5")
        assert code == 0, told
    assert {path.name: path.read_bytes() for path in first.iterdir()} == {
        path.name: path.read_bytes() for path in again.iterdir()
    }
    assert run("read", str(first))[0] == 0
    code, told = run("score", str(first / "truth.csv"), str(first / "result.csv"))
    assert code == 0, told


def test_a_row_silently_wrong_fails_the_score(tmp_path: Path) -> None:
    truth, result = tmp_path / "truth.csv", tmp_path / "result.csv"
    head = "picture,level,serial,sheet,side,row,answer,kind,manner\n"
    truth.write_text(head + "a.jpg,1,S,1,1,0,2,plain,tick\na.jpg,1,S,1,1,1,untold,double,tick\n", encoding="utf-8")
    said = "picture,serial,sheet,side,row,verdict,answer\n"
    result.write_text(said + "a.jpg,S,1,1,0,sure,2\na.jpg,S,1,1,1,ask,1\n", encoding="utf-8")
    assert run("score", str(truth), str(result))[0] == 0
    result.write_text(said + "a.jpg,S,1,1,0,sure,3\na.jpg,S,1,1,1,sure,1\n", encoding="utf-8")
    assert run("score", str(truth), str(result))[0] == 1


def test_a_level_that_is_none_is_refused(tmp_path: Path) -> None:
    assert run("bench-set", str(tmp_path), "--level", "7")[0] == 2
