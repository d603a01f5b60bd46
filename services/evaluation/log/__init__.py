"""The Merkle log of a box: every accepted ballot is a leaf, and a signed head says what the whole box holds.

    leaf.py    the bytes of a ballot that its leaf is the hash of
    suite.py   the hash and the signature a box is kept with: SHA-256/Ed25519, or SM3/SM2
    sm2.py     the one step of SM2 that the library does not offer: the public key of a private one
    tree.py    the tree over the leaves (RFC 9162): growing, roots, inclusion, consistency
    head.py    signed heads, and the signature under a receipt

The leaf of a ballot begins with 16 random bytes, so that its hash says nothing about what was rated until the box is
published. A head names its suite and the hash of the rules, so that neither can be exchanged behind a head's back.

What this proves: a ballot once in a signed head cannot be changed, taken out or moved without every keeper of that head or
of a receipt being able to show it. What it does not: docs/proof-of-the-box.md.
"""

from services.evaluation.log.head import Signer, TreeHead
from services.evaluation.log.leaf import NONE_EARLIER, SALT_BYTES, leaf_entry, leaf_type
from services.evaluation.log.suite import HASH_BYTES, SHA256_ED25519, SM3_SM2, Suite, available, suite_of
from services.evaluation.log.tree import Frontier, Tree, consistent, leads_to

__all__ = [
    "HASH_BYTES",
    "NONE_EARLIER",
    "SALT_BYTES",
    "SHA256_ED25519",
    "SM3_SM2",
    "Frontier",
    "Signer",
    "Suite",
    "Tree",
    "TreeHead",
    "available",
    "consistent",
    "leads_to",
    "leaf_entry",
    "leaf_type",
    "suite_of",
]
