"""Each tree begins with the one before it: consistency of RFC 9162, held against a library that knows nothing of ours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree, verify_consistency, verify_inclusion

from services.evaluation.log import SHA256_ED25519, SM3_SM2, Frontier, Suite, Tree, consistent, leads_to

MOST = 70
SUITES = pytest.mark.parametrize("suite", [SHA256_ED25519, SM3_SM2], ids=lambda suite: suite.name)


def leaves(number: int, suite: Suite = SHA256_ED25519) -> list[bytes]:
    """So many leaf hashes."""
    return [suite.leaf(str(at).encode()) for at in range(number)]


@SUITES
def test_every_tree_is_consistent_with_every_later_one(suite: Suite) -> None:
    hashes = leaves(20, suite)
    tree = Tree(suite, hashes)
    roots = [Frontier(suite=suite).grown(hashes[:size]).root() for size in range(21)]
    for first in range(21):
        assert tree.root(first) == roots[first]
        for second in range(first, 21):
            path = tree.consistency(first, second)
            assert consistent((first, roots[first]), (second, roots[second]), path, suite)
            assert not consistent((first, roots[first]), (second, suite.leaf(b"x")), path, suite) or not first
            assert not consistent((first, suite.leaf(b"x")), (second, roots[second]), path, suite)
            assert not consistent((second + 1, roots[first]), (second, roots[second]), path, suite)


@given(st.integers(1, MOST), st.integers(1, MOST), st.data())
def test_a_tree_from_which_anything_was_taken_out_is_not_consistent(first: int, more: int, data: st.DataObject) -> None:
    hashes = leaves(first + more)
    kept = Frontier().grown(hashes[:first]).root()
    gone = data.draw(st.integers(0, first - 1))
    forged = Tree(leaves=[*hashes[:gone], *hashes[gone + 1 :]])
    path = forged.consistency(first, forged.size) if first < forged.size else ()
    assert not consistent((first, kept), (forged.size, forged.root(forged.size)), path)


@given(st.integers(1, MOST), st.data())
def test_a_tree_grown_piece_by_piece_proves_every_leaf_at_every_size(size: int, data: st.DataObject) -> None:
    hashes = leaves(size)
    tree = Tree()
    at = 0
    while at < size:
        step = data.draw(st.integers(1, size - at))
        tree.grow(hashes[at : at + step])
        at += step
    index = data.draw(st.integers(0, size - 1))
    until = data.draw(st.integers(index + 1, size))
    path = tree.inclusion(index, until)
    assert leads_to(Frontier().grown(hashes[:until]).root(), hashes[index], index, until, path)
    assert tree.leaf(index) == hashes[index]


@given(st.integers(1, MOST), st.integers(0, MOST))
def test_another_library_grows_the_same_trees_and_proves_the_same_things(first: int, more: int) -> None:
    entries = [str(at).encode() for at in range(first + more)]
    other = InmemoryTree(algorithm="sha256")
    for entry in entries:
        other.append_entry(entry)
    tree = Tree(leaves=leaves(first + more))
    old, new = tree.root(first), tree.root(first + more)
    assert (old, new) == (other.get_root(first), other.get_root(first + more))
    verify_consistency(old, new, other.prove_consistency(first, first + more))
    assert consistent((first, old), (first + more, new), tree.consistency(first, first + more))
    for index in range(first):
        theirs = other.prove_inclusion(index + 1, first)
        verify_inclusion(tree.leaf(index), old, theirs)
        assert set(tree.inclusion(index, first)) <= set(theirs.path)
