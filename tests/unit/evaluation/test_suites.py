"""The suites of a box: the standards' own vectors, and heads and receipts signed under either."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import Invalid
from services.evaluation.domain.soundness import check
from services.evaluation.log import SHA256_ED25519, SM3_SM2, Frontier, Signer, Suite, available, sm2, suite_of
from tests.unit.evaluation.plans import plan

SUITES = pytest.mark.parametrize("suite", [SHA256_ED25519, SM3_SM2], ids=lambda suite: suite.name)
AT = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)
# GB/T 32918.5-2017, annex A.2: private key, public key, and the signature over "message digest" under the usual identity.
PRIVATE = 0x3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8
PUBLIC = bytes.fromhex(
    "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
)
SIGNATURE = bytes.fromhex(
    "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
)


def test_sm3_gives_the_digests_of_its_standard() -> None:
    """GB/T 32905-2016, annex A."""
    assert SM3_SM2.hash(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert SM3_SM2.hash(b"abcd" * 16).hex() == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"


def test_sm2_knows_the_key_and_the_signature_of_its_standard() -> None:
    assert sm2.public_key(PRIVATE) == PUBLIC
    assert sm2.verify(PUBLIC, b"message digest", SIGNATURE)
    assert not sm2.verify(PUBLIC, b"another message", SIGNATURE)
    assert not sm2.verify(bytes(64), b"message digest", SIGNATURE)


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200))
def test_whatever_is_signed_is_verified(seed: bytes, text: bytes) -> None:
    for suite in (SHA256_ED25519, SM3_SM2):
        signature = suite.sign(seed, text)
        assert len(signature) == 64
        assert suite.verify(suite.public_of(seed), text, signature)
        assert not suite.verify(suite.public_of(seed), text + b"x", signature)
        assert not suite.verify(suite.public_of(seed), text, bytes(64))


@SUITES
def test_a_head_is_signed_by_the_suite_of_its_tree(suite: Suite) -> None:
    signer = Signer(bytes(32))
    head = signer.head("campaign", Frontier(suite=suite).grown([suite.leaf(b"one")]), b"rules", AT)
    assert (head.suite, head.root_hash) == (suite.name, suite.leaf(b"one"))
    assert head.genuine()
    assert signer.vouches(head)
    assert not Signer(bytes([1]) * 32).vouches(head)
    assert not any(
        replace(head, suite=other).genuine() for other in ("SHA-256/Ed25519", "SM3/SM2", "") if other != suite.name
    )


@SUITES
def test_a_receipt_is_the_boxes_word_for_one_leaf_at_one_place(suite: Suite) -> None:
    signer, leaf = Signer(bytes(32)), suite.leaf(b"one")
    signature = signer.receipt(suite, "campaign", 3, leaf)
    assert signer.signed(suite, "campaign", 3, leaf, signature)
    others = (("another", 3, leaf), ("campaign", 4, leaf), ("campaign", 3, suite.leaf(b"two")))
    assert not any(signer.signed(suite, *other, signature) for other in others)


def test_a_machine_says_which_suites_it_has() -> None:
    assert available("SHA-256/Ed25519")
    assert available("SM3/SM2")
    assert not available("MD5/none")
    assert suite_of("SM3/SM2") is SM3_SM2
    with pytest.raises(KeyError):
        suite_of("MD5/none")


def test_a_plan_is_hashed_by_its_own_suite_and_never_changes_it_while_open() -> None:
    usual, other = plan(), plan(suite=SM3_SM2.name)
    assert usual.rules_hash() == SHA256_ED25519.hash(usual.canonical())
    assert other.rules_hash() == SM3_SM2.hash(other.canonical())
    assert not other.reads_ballots_like(usual)


def test_a_plan_with_a_suite_this_machine_lacks_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        check(plan(suite="MD5/none"))
    assert (refused.value.reason, refused.value.field) == ("SUITE_NOT_AVAILABLE", "plan.suite")
