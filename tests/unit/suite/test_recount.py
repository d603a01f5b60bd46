"""A recount finds what the tally found, whatever was cast; and nothing in a box can be changed without its saying so."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.evaluation.domain.adjustment import Charge
from services.evaluation.domain.ballot import BallotClass
from services.evaluation.domain.formula import Cause, EmptyGroup, PointsOff, PointsRule, Revote, TieBreak, TieQuestion
from services.evaluation.domain.plan import Plan, RaterGroup
from services.evaluation.log import SHA256_ED25519, SM3_SM2
from suite.recount import signatures
from tests.service.evaluation.published import edited, recounted, zfbox
from tests.unit.evaluation.plans import plan
from tests.unit.suite.boxes import BALLOTS, PLAIN, SIGNER, Cast, charged, lying, made, without

AGREES = "Conclusion: everything agrees."
CHAIN = tuple(TieBreak(question, "d0" if question is TieQuestion.DIMENSION else "") for question in TieQuestion)
KEY = SHA256_ED25519.public_of(bytes(range(32))).hex()
fixed = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def fits(ballot_class: BallotClass, ratings: bytes) -> bool:
    """Whether a ballot of any rater group can be of a class."""
    grades = set(ratings) - {0, 255}
    return {
        BallotClass.VALID: any(ratings),
        BallotClass.BLANK: not grades,
        BallotClass.TOO_FEW: any(ratings) and not ratings[0] and not ratings[-1],
        BallotClass.STRAIGHT_LINED: len(grades) == 1,
    }.get(ballot_class, True)


@st.composite
def boxes(draw: st.DrawFn) -> tuple[Plan, list[Cast]]:
    """A plan of any shape, and ballots cast under it."""
    rules = plan(
        draw(st.sampled_from([(3,), (2, 2), (1, 4)])),
        draw(st.sampled_from([(1,), (60, 40), (3, 5, 7)])),
        draw(st.sampled_from([(1,), (70, 30), (2, 3, 5)])),
        suppress_below=draw(st.integers(0, 4)),
        trim=draw(st.sampled_from([Fraction(0), Fraction(1, 20), Fraction(1, 3), Fraction("0.4999")])),
        revote=draw(st.sampled_from(list(Revote))),
        empty_group=draw(st.sampled_from(list(EmptyGroup))),
        tie_chain=tuple(draw(st.permutations(CHAIN))[: draw(st.integers(0, 5))]),
    )
    if draw(st.booleans()):
        first = RaterGroup("g0", "组0", 9, rates=("c0",))
        rules = plan((2, 2), (60, 40), (1, 1), rater_groups=(first, RaterGroup("g1", "组1", 4)), tie_chain=CHAIN)
    cell = st.sampled_from([0, 1, 1, 2, 3, 255])
    ballots: list[Cast] = []
    free: list[int] = []
    for place in range(draw(st.integers(0, 14))):
        ratings = bytes(draw(st.lists(cell, min_size=rules.cells, max_size=rules.cells)))
        found = draw(st.sampled_from([one for one in BallotClass if fits(one, ratings)]))
        again = free.pop(draw(st.integers(0, len(free) - 1))) if free and draw(st.booleans()) else None
        group = draw(st.integers(0, len(rules.rater_groups) - 1)) if again is None else ballots[again].group
        ballots.append(Cast(group, ratings, found, again))
        free.append(place)
    return rules, ballots


@given(boxes())
@fixed
def test_the_recount_of_any_box_is_its_result(tmp_path: Path, box: tuple[Plan, list[Cast]]) -> None:
    code, said = recounted(tmp_path, zfbox(made(*box).files))
    assert (code, said.splitlines()[-1]) == (0, AGREES), said


@given(st.data())
@fixed
def test_one_flipped_bit_anywhere_in_the_ballots_is_detected(tmp_path: Path, data: st.DataObject) -> None:
    files = made(PLAIN, BALLOTS).files
    ballots = bytearray(files["ballots.bin"])
    at = data.draw(st.integers(0, len(ballots) * 8 - 1))
    ballots[at // 8] ^= 1 << at % 8
    code, said = recounted(tmp_path, zfbox(files | {"ballots.bin": bytes(ballots)}))
    assert (code, "a ballot was changed, taken out or moved" in said) == (1, True), said


@given(st.integers(0, 10_000))
@fixed
def test_one_flipped_bit_anywhere_in_the_file_never_passes_unnoticed(tmp_path: Path, seed: int) -> None:
    """Where a bit says nothing of what is checked, as in a time stamp of the zip, the recount may agree; it never falls."""
    content = bytearray(zfbox(made(PLAIN, BALLOTS).files))
    at = seed * 7919 % (len(content) * 8)
    content[at // 8] ^= 1 << at % 8
    code, said = recounted(tmp_path, bytes(content))
    assert code in (0, 1)
    assert said


@pytest.mark.parametrize("place", range(len(BALLOTS)))
def test_a_changed_class_is_detected(tmp_path: Path, place: int) -> None:
    files = made(PLAIN, BALLOTS).files
    ballots = bytearray(files["ballots.bin"])
    length = json.loads(files["box.json"])["record_length"]
    ballots[place * length + 28] = BallotClass.LATE.value
    code, said = recounted(tmp_path, zfbox(files | {"ballots.bin": bytes(ballots)}))
    assert (code, "changed, taken out or moved" in said) == (1, True)


@pytest.mark.parametrize("gone", range(len(BALLOTS)))
def test_a_receipt_of_a_dropped_ballot_proves_the_drop(tmp_path: Path, gone: int) -> None:
    """Everything was counted and signed anew without the ballot: the box agrees with itself, the receipt gives it away."""
    whole = made(PLAIN, BALLOTS)
    forged = zfbox(without(whole, gone, PLAIN, BALLOTS))
    assert recounted(tmp_path, forged, key=KEY)[0] == 0
    code, said = recounted(tmp_path, forged, whole.receipts[gone], key=KEY)
    assert code == 1
    assert "this ballot was dropped" in said
    assert "Proof: the box's key signed" in said


def test_a_head_that_was_kept_proves_that_the_box_was_changed_after_it(tmp_path: Path) -> None:
    whole = made(PLAIN, BALLOTS)
    forged = zfbox(without(whole, 1, PLAIN, BALLOTS))
    code, said = recounted(tmp_path, forged, whole.heads[2])
    assert (code, "it was changed after that" in said) == (1, True)
    assert recounted(tmp_path, forged, whole.heads[0])[0] == 0, "an empty box is the beginning of every box"


def test_every_receipt_and_every_head_is_found_in_an_honest_box(tmp_path: Path) -> None:
    for suite in (SHA256_ED25519, SM3_SM2):
        box = made(plan((2, 2), (60, 40), (70, 30), suite=suite.name), BALLOTS)
        folder = tmp_path / suite.name.replace("/", "-")
        folder.mkdir()
        for number, receipt in enumerate(box.receipts):
            (folder / f"{number}.txt").write_text(f"评议票收据\n{receipt}\n", "utf-8")
        (folder / "heads.txt").write_text("\n".join(box.heads), "utf-8")
        code, said = recounted(tmp_path, zfbox(box.files), str(folder))
        assert (code, said.count("The receipt is in the box")) == (0, len(BALLOTS)), said
        assert said.count("agrees with the published box") == len(box.heads)


def test_a_receipt_nobody_signed_proves_nothing(tmp_path: Path) -> None:
    whole = made(PLAIN, BALLOTS)
    invented = whole.receipts[3].replace(":3:", ":40:")
    code, said = recounted(tmp_path, zfbox(whole.files), invented)
    assert (code, "it proves nothing" in said) == (1, True)
    code, said = recounted(tmp_path, zfbox(whole.files), whole.receipts[3].replace("0197fd2a", "0197fd2b"))
    assert (code, "another campaign" in said) == (1, True)


def test_points_off_and_on_are_recounted_under_the_tariff(tmp_path: Path) -> None:
    rows = (
        PointsRule(Cause.MEASURE, Fraction(1), "(ours)", cap=Fraction(8)),
        PointsRule(Cause.MEASURE, Fraction(10), "(local)", measure="warning"),
        PointsRule(Cause.FINDING, Fraction(1), "(ours)"),
        PointsRule(Cause.COMMENDED, Fraction(5), "(ours)", measure="city"),
    )
    rules = plan((3,), (1,), (1,), points_off=PointsOff(rows, Fraction(20), Fraction(3)))
    charges = [
        Charge("measure/warning/1", Fraction(10), "(local)"),
        Charge("finding//2", Fraction(1), "(ours)"),
        Charge("commended/city/3", Fraction(5), "(ours)"),
    ]
    off = [charged(Fraction(9), *charges, on=Fraction(3)), charged(Fraction(0)), charged(Fraction(1), charges[1])]
    files = made(rules, [Cast(0, bytes((1, 2, 3))), Cast(0, bytes((2, 2, 1)))], off).files
    code, said = recounted(tmp_path, zfbox(files))
    assert code == 0, said
    cheaper = json.loads(files["adjustments.json"])
    cheaper["o0"][0]["points"] = "2"
    code, said = recounted(tmp_path, lying(files | {"adjustments.json": json.dumps(cheaper).encode()}))
    assert (code, "the tariff" in said) == (1, True)
    another_row = json.loads(files["adjustments.json"])
    another_row["o0"][0] |= {"row": 0, "points": "1"}
    code, said = recounted(tmp_path, lying(files | {"adjustments.json": json.dumps(another_row).encode()}))
    assert (code, "the tariff" in said) == (1, True), "the measure has a row of its own"
    twice = json.loads(files["adjustments.json"])
    twice["o0"].append(twice["o0"][0])
    code, said = recounted(tmp_path, lying(files | {"adjustments.json": json.dumps(twice).encode()}))
    assert (code, "charged to an object twice" in said) == (1, True)
    everybody = made(rules, [Cast(0, bytes((1, 2, 3))), Cast(0, bytes((2, 2, 1)))], off, whole=False).files
    assert recounted(tmp_path, zfbox(everybody))[0] == 0
    told = json.loads(everybody["adjustments.json"])["o0"][0]
    assert set(told) == {"adjustment_id", "cause", "points", "row", "source"}, "no measure, no day, no unit"


@pytest.mark.parametrize(
    ("name", "lie"),
    [
        ("rank", 2),
        ("total", "1/3"),
        ("raters", 99),
        ("grade", "satisfied"),
        ("suppressed", True),
        ("low", "0"),
        ("groups", []),
        ("name", "another unit"),
        ("unit_path", "/qinghe/another"),
    ],
)
def test_a_line_that_lies_is_named(tmp_path: Path, name: str, lie: object) -> None:
    files = made(PLAIN, BALLOTS).files
    rows = json.loads(files["result.json"])["rows"]
    rows[0][name] = lie if rows[0][name] != lie else "another"
    code, said = recounted(tmp_path, lying(edited(files, "result.json", rows=rows)))
    assert (code, f", {name}: published" in said) == (1, True), said


def test_another_key_is_not_the_one_that_was_given(tmp_path: Path) -> None:
    content = zfbox(made(PLAIN, BALLOTS).files)
    assert recounted(tmp_path, content, key=KEY)[0] == 0
    code, said = recounted(tmp_path, content, key="00" * 32)
    assert (code, "is not the one that was given" in said) == (1, True)
    assert recounted(tmp_path, content, key="no key")[0] == 1


@given(st.binary(max_size=60), st.binary(min_size=32, max_size=32))
@settings(max_examples=15, deadline=None)
def test_signatures_are_verified_in_plain_integers_as_by_the_libraries(text: bytes, seed: bytes) -> None:
    for suite, plainly in ((SHA256_ED25519, signatures.ed25519), (SM3_SM2, signatures.sm2)):
        public, signature = suite.public_of(seed), suite.sign(seed, text)
        assert plainly(public, text, signature)
        assert signatures.verified(suite.name, public, text, signature)
        assert not plainly(public, text + b"x", signature)
        assert not plainly(public, text, signature[:63] + bytes([signature[63] ^ 1]))
        assert not plainly(bytes([255]) * len(public), text, signature)
        assert not plainly(public, text, b"")
    assert SIGNER.receipt(SHA256_ED25519, "one", 1, b"") != SIGNER.receipt(SHA256_ED25519, "one", 2, b"")
