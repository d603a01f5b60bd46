"""A trained look at boxes: a small convolutional network sees a box and what lies around it, and says what was meant.

The measures of `marks` count ink; they cannot tell a stroke from a fold, a stain's rim or the tail of the next row's mark.
The network can, and knows nothing of rules: a row is sure only where measures and network agree (`verdict`). It was
taught by `zhengfeng cards learn` on drawn cards (`bench_set.learning`), and its weights lie beside this file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from threadpoolctl import ThreadpoolController

from services.evaluation.cards.geometry import Side
from services.evaluation.cards.reading.flatten import FINE, Cut, Flat, Floats, Whole
from services.evaluation.cards.reading.marks import Flags, Measures
from services.evaluation.cards.reading.pages import Grey

WEIGHTS = Path(__file__).with_name("network.npz")
COARSER = 2  # pixels of the flat card to one that the network sees
ACROSS = 48  # pixels that it sees of a box and its neighbourhood, both ways: 16 mm
KERNELS = ((2, 8, 5), (8, 16, 3), (16, 24, 3))  # channels in, channels out, size; each goes in steps of STRIDE
STRIDE = 2
HIDDEN = 32
EMPTY, MARK, ODD = range(3)  # what a box is told to be: nothing meant, a mark, or something taken back, blackened, ringed
CERTAIN = 99.0  # the opinion of a box that was not looked at
ABOVE_NOTHING = 0.005  # added before logarithms
STEEPER = 5.0  # how much the second channel enlarges faint ink
Layer = tuple[Floats, Floats]


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the network thinks of each box: logits (rows, boxes, 3) of EMPTY, MARK and ODD.

    A box that was not looked at is CERTAIN to be empty.
    """

    logits: Floats

    @property
    def inked(self) -> Floats:
        """How much more each box looks like a mark than empty."""
        return np.asarray(self.logits[..., MARK] - self.logits[..., EMPTY], np.float32)

    @property
    def meant(self) -> Floats:
        """How much more each box looks like a mark than like something odd."""
        return np.asarray(self.logits[..., MARK] - self.logits[..., ODD], np.float32)

    @property
    def empty(self) -> Floats:
        """How much more each box looks empty than anything else."""
        return self._beyond(EMPTY)

    @property
    def odd(self) -> Floats:
        """How much more each box looks odd than anything else."""
        return self._beyond(ODD)

    def _beyond(self, kind: int) -> Floats:
        others = np.delete(self.logits, kind, 2).max(2)
        return np.asarray(self.logits[..., kind] - others, np.float32)


@dataclass(frozen=True, slots=True)
class Passed:
    """What came out of every layer, for whoever teaches: patches and sums of the kernels, then the dense layers'."""

    patches: tuple[Floats, ...]
    sums: tuple[Floats, ...]
    gathered: Floats
    middle: Floats
    logits: Floats


@dataclass(frozen=True, slots=True)
class Network:
    """Weights and biases of all layers: the kernels, then two dense ones."""

    layers: tuple[Layer, ...]

    def forward(self, seen: Floats, facts: Floats) -> Passed:
        """Logits (boxes, 3) of views (boxes, ACROSS, ACROSS) of ink and of `facts` (boxes, numbers) beside them."""
        x = np.stack([seen.clip(-0.3, 1.3), np.tanh(STEEPER * seen)], 3)
        patches, sums = [], []
        for (weights, bias), (_, channels, size) in zip(self.layers, KERNELS, strict=False):
            windows = sliding_window_view(x, (size, size), (1, 2))[:, ::STRIDE, ::STRIDE]
            patch = windows.reshape(-1, weights.shape[0])
            x = np.maximum(patch @ weights + bias, 0).reshape(*windows.shape[:3], channels)
            patches.append(patch)
            sums.append(x)
        gathered = np.concatenate([x.reshape(len(x), -1), facts], 1)
        (first, first_bias), (last, last_bias) = self.layers[-2:]
        middle = np.maximum(gathered @ first + first_bias, 0)
        return Passed(tuple(patches), tuple(sums), gathered, middle, middle @ last + last_bias)


def opinion(card: Flat, boxes: Cut, measures: Measures, side: Side, wanted: Flags) -> Opinion:
    """What the shipped network thinks of the `wanted` boxes (rows, boxes)."""
    logits = np.zeros((*wanted.shape, 3), np.float32)
    logits[..., EMPTY] = CERTAIN
    if wanted.any():
        with _libraries().limit(limits=1, user_api="blas"):
            logits[wanted] = shipped().forward(views(card, boxes, side, wanted), facts(measures)[wanted]).logits
    return Opinion(logits)


def views(card: Flat, boxes: Cut, side: Side, wanted: Flags) -> Floats:
    """The ink (0 paper, 1 print) of the wanted boxes and their neighbourhood, box in the middle: (boxes, ACROSS, ACROSS)."""
    grey, paper = _coarser(card.grey), _coarser(card.paper)
    middles = np.array([[(box.x + box.width / 2, box.y + box.height / 2) for box in row.boxes] for row in side.rows])
    corners = np.rint((middles + boxes.moved)[wanted] * (FINE / COARSER)).astype(np.intp) + ACROSS // 2
    light, white = _cut_out(grey, corners), _cut_out(paper, corners)
    return np.asarray((1 - light / np.maximum(white, 1)) / np.float32(card.contrast), np.float32)


def facts(measures: Measures) -> Floats:
    """What is told of each box beside its view: its measures, how restless the card is, what its marks are usually like.

    A full box is a mark on the card of somebody who fills boxes, and one taken back on the card of somebody who ticks them.
    """
    rows, best = np.arange(len(measures.darkest)), measures.darkest.argmax(1)
    usual = [
        float(np.median(values[rows, best]))
        for values in (measures.darkest, measures.inside, measures.spread, measures.sides.mean(2))
    ]
    of_card = np.log(np.maximum([measures.noise, *usual], 0) + ABOVE_NOTHING, dtype=np.float32)
    shape = measures.darkest.shape
    return np.concatenate([measures.features[..., 1:], np.broadcast_to(of_card, (*shape, len(of_card)))], 2).astype(
        np.float32
    )


def _coarser(picture: Grey) -> Grey:
    height, width = picture.shape[0] // COARSER, picture.shape[1] // COARSER
    whole = picture[: height * COARSER, : width * COARSER]
    return np.asarray(cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _cut_out(picture: Grey, corners: Whole) -> Floats:
    wider = cv2.copyMakeBorder(picture, ACROSS, ACROSS, ACROSS, ACROSS, cv2.BORDER_REPLICATE)
    return np.asarray(sliding_window_view(wider, (ACROSS, ACROSS))[corners[:, 1], corners[:, 0]], np.float32)


@cache
def _libraries() -> ThreadpoolController:
    """What multiplies matrices: on one core, since readers run beside one another and a card is too little to share."""
    return ThreadpoolController()


@cache
def shipped() -> Network:
    """The network whose weights lie beside this file."""
    with np.load(WEIGHTS) as kept:
        return named(kept)


def named(kept: Mapping[str, np.ndarray]) -> Network:
    """A network from arrays by their names (`names`)."""
    return Network(
        tuple((kept[f"w{n}"].astype(np.float32), kept[f"b{n}"].astype(np.float32)) for n in range(len(kept) // 2))
    )


def names(network: Network) -> dict[str, np.ndarray]:
    """A network's arrays by name, in half precision: what is kept."""
    return {
        f"{letter}{n}": part.astype(np.float16)
        for n, layer in enumerate(network.layers)
        for letter, part in zip("wb", layer, strict=True)
    }
