"""The Merkle log: RFC 9162 hashing, inclusion, and heads nobody can alter."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.evaluation.log import NONE_EARLIER, SHA256_ED25519, Frontier, Signer, Tree, leads_to, leaf_entry

leaf_hash, node_hash = SHA256_ED25519.leaf, SHA256_ED25519.node

# The leaves of the test vectors of Certificate Transparency, and the roots of the trees over the first n of them.
LEAVES = [bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243")]
LEAVES += [bytes.fromhex("5051525354555657"), bytes.fromhex("606162636465666768696a6b6c6d6e6f")]
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def slow_root(leaves: list[bytes]) -> bytes:
    """The root as RFC 9162 defines it, by recursion."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256(b"").digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return node_hash(slow_root(leaves[:half]), slow_root(leaves[half:]))


def hashes(number: int) -> list[bytes]:
    """So many leaf hashes."""
    return [leaf_hash(str(at).encode()) for at in range(number)]


def test_the_published_vectors_give_their_roots() -> None:
    for size, root in ROOTS.items():
        assert Frontier().grown(leaf_hash(leaf) for leaf in LEAVES[:size]).root().hex() == root
    assert Frontier().root() == hashlib.sha256(b"").digest()


@given(st.integers(0, 70), st.integers(0, 70))
def test_a_tree_grown_in_two_steps_is_the_tree_over_all(first: int, second: int) -> None:
    leaves = hashes(first + second)
    half = Frontier().grown(leaves[:first])
    whole = Frontier.from_bytes(half.size, half.to_bytes()).grown(leaves[first:])
    assert whole.root() == slow_root(leaves)
    assert whole.size == len(leaves)


@given(st.integers(1, 70), st.data())
def test_every_leaf_is_proved_and_no_other(size: int, data: st.DataObject) -> None:
    leaves = hashes(size)
    index = data.draw(st.integers(0, size - 1))
    root, path = slow_root(leaves), Tree(leaves=leaves).inclusion(index, size)
    assert leads_to(root, leaves[index], index, size, path)
    assert not leads_to(root, leaf_hash(b"another"), index, size, path)
    assert not leads_to(root, leaves[index], index, size + 1, (*path, root))
    if size > 1:
        assert not leads_to(root, leaves[index], (index + 1) % size, size, path)


@given(st.binary(min_size=1, max_size=40), st.data())
def test_one_flipped_bit_in_a_ballot_is_another_leaf(ratings: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(ratings) * 8 - 1))
    flipped = bytearray(ratings)
    flipped[at // 8] ^= 1 << (at % 8)
    salt = bytes(16)
    one, other = (leaf_hash(leaf_entry(salt, 1, 2, 3, 1, 0, NONE_EARLIER, bytes(cells))) for cells in (ratings, flipped))
    assert one != other


@pytest.mark.parametrize("changed", range(6))
def test_what_was_found_about_a_ballot_is_in_its_leaf(changed: int) -> None:
    found = [1, 2, 3, 4, 5, 6]
    other = [value + (place == changed) for place, value in enumerate(found)]
    one, another = (leaf_entry(bytes(16), *values, b"\x01") for values in (found, other))
    assert one != another
    assert one == bytes(16) + bytes.fromhex("0001 0002 0000000000000003 04 05 0000000000000006") + b"\x01"


def test_the_same_ratings_have_different_leaves_under_different_salts() -> None:
    one, other = (leaf_hash(leaf_entry(bytes([salt]) * 16, 0, 1, 1, 1, 0, 7, b"\x01\x02")) for salt in (1, 2))
    assert one != other


def test_a_head_is_genuine_until_anything_in_it_changes() -> None:
    at = datetime(2026, 11, 16, 1, 0, 0, 123456, tzinfo=UTC)
    head = Signer(bytes(32)).head("campaign", Frontier().grown(hashes(5)), b"rules", at)
    assert head.genuine()
    changes = (
        {"tree_size": 4},
        {"root_hash": hashes(1)[0]},
        {"rules_hash": b"others"},
        {"campaign_id": "another"},
        {"signed_at": at + timedelta(microseconds=1)},
        {"suite": "MD5/none"},
        {"public_key": b"short"},
    )
    for change in changes:
        assert not replace(head, **change).genuine()
