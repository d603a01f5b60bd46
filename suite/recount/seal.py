"""The seal: the box's signature over every document of the file, so that none of them can be changed or left out.

The ballots have no line in it: they lie under the heads, and heads.json lies under the seal.
"""

from __future__ import annotations

from suite.recount.hashing import hash_of
from suite.recount.opening import SEAL, PublishedBox, Unreadable, in_hex, member
from suite.recount.signatures import verified

FIRST_LINE = "zhengfeng-seal/1"


def sealed(box: PublishedBox) -> bytes:
    """The key the file is sealed with. Raises Unreadable where a document is not the one that was sealed."""
    found = box.document(SEAL)
    suite, campaign = member(found, "suite", str, SEAL), member(found, "campaign_id", str, SEAL)
    signature, key = in_hex(found, "signature", SEAL), in_hex(found, "public_key", SEAL)
    said = member(found, "files", dict, SEAL)
    digest = hash_of(suite)
    for name in sorted({*said, *box.documents}):
        if name not in box.documents or said.get(name) != digest(box.bytes_of(name)).hex():
            raise Unreadable("seal_broken", file=name[:80])
    lines = [FIRST_LINE, suite, campaign, *(f"{name} {said[name]}" for name in sorted(said))]
    if not verified(suite, key, "\n".join(lines).encode(), signature):
        raise Unreadable("seal_not_signed")
    return key
