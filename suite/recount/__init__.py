"""Recounts a published box on any machine: no server, no database, no code of the service that counted it.

docs/published-box.md is all this was written from, and it is written as that document reads: slowly, with fractions. It
needs Python and, where it is there, `cryptography` for speed; nothing else.

    zhengfeng recount FILE           or, where nothing is installed: python -m suite.recount FILE

    opening.py      the file: which pieces it must have, and why one is not read
    rules.py        the rules of the campaign
    hashing.py      hashes, the tree over the leaves
    signatures.py   Ed25519 and SM2, read plainly
    ballots.py      one pass over the ballots: leaves, roots, which stand, how often each answer was given
    formula.py      from counts to exact scores
    ranking.py      from scores to the published lines
    points.py       what came off and what was added
    checking.py     everything that is checked, and what was found
    seal.py         the signature over every document of the file
    heads.py        the signed heads, and the rules they name
    finding.py      a finding
    receipts.py     what raters kept: receipts and heads
    telling.py      the command
    words.toml      the sentences, in Chinese and English
"""
