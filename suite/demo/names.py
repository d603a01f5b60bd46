"""Invented names of people: surname and given name drawn by a seed, each used once. They belong to nobody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

SURNAMES = "沈江柳岑陶骆闻施邵顾裴温纪庄祁左池苗倪宁管岳桑邬卓蒲詹甘凌滕褚卞郁费"
FIRST = "映泊竹云松砚澄溪岚霁知亦若景书怀清向以望听素行和维修方"
SECOND = "舟川墨禾原岩樵汀帆远宁安之然野樾柏歌遥青渔程言舒恒"
SEED = "清河"


def invented_names(first: Sequence[str]) -> Iterator[str]:
    """`first`, then names without end that are all different; the same at every call."""
    draw = Random(SEED)
    used = set(first)
    yield from first
    while True:
        name = draw.choice(SURNAMES) + draw.choice(FIRST) + (draw.choice(SECOND) if draw.random() < 0.85 else "")
        if name not in used:
            used.add(name)
            yield name
