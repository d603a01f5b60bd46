"""Teaching the network that looks at boxes (`reading.network`): stochastic gradient descent by Adam, in numpy alone.

It learns from drawn cards of levels 1 to 3, on several designs. Rare fillings are drawn far more often than people make
them, since a light mark, a correction, a resting pen is what there is to learn. A fax swallows light marks: it teaches none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from services.evaluation.cards import serial
from services.evaluation.cards.bench_set.damage import LEVELS, UNSEEN
from services.evaluation.cards.bench_set.filling import KINDS, SHARES, RowTruth
from services.evaluation.cards.bench_set.fitting import Example, examples
from services.evaluation.cards.bench_set.making import make
from services.evaluation.cards.bench_set.questionnaire import bench_geometry
from services.evaluation.cards.reading import network
from services.evaluation.cards.reading.flatten import Floats
from services.evaluation.cards.reading.network import ACROSS, HIDDEN, KERNELS, ODD, STRIDE, Layer, Network, Passed
from services.evaluation.cards.reading.thresholds import shipped

Labels = NDArray[np.intp]

OFTEN = dict(zip(KINDS, (0.4, 0.22, 0.15, 0.02, 0.06, 0.03, 0.02, 0.1), strict=True))
DESIGNS = (("A4", 20, 4, 0.44), ("A5", 8, 4, 0.24), ("A4", 12, 3, 0.16), ("A4-DL", 17, 4, 0.16))  # form, rows, grades, share
LOST = ("light",)  # what a fax swallows
AT_ONCE, RATE = 128, 2e-3  # boxes a step, and its size, reached in the first tenth of all steps
GOING_ON = 0.5  # of that, for a network that goes on learning
SLOW, SLOWER, TINY, SHRINK = 0.9, 0.999, 1e-7, 1e-5  # Adam's own (Kingma and Ba 2015), and the decay of weights
ODD_COUNTS = 2.0  # how much more a box counts that is struck out or blackened
FAINTER, DARKER = 0.75, 1.2  # how much views are varied in strength
ASTRAY = 1  # pixels that they are moved at most
FOREIGN, THROUGH = 0.2, 0.7  # share of views with something foreign laid over them, and of those with a stroke


@dataclass(frozen=True, slots=True)
class Lesson:
    """Boxes to learn from: their views in half precision, the facts beside them, what they truly are."""

    views: NDArray[np.float16]
    facts: Floats
    labels: Labels


def cards(number: int, seed: int) -> Iterator[Example]:
    """`number` cards of each level as they are seen, filled as people do, and twice as many with what is rare often."""
    for level in (one for one in LEVELS if one != UNSEEN):
        yield from _seen("A4", 20, 4, number, level, seed, SHARES)
        for place, (form, rows, grades, share) in enumerate(DESIGNS, 1):
            yield from _seen(form, rows, grades, round(number * share * 2), level, seed + place, tuple(OFTEN.values()))


def many(number: int) -> int:
    """How many cards these are."""
    return (len(LEVELS) - 1) * (number + sum(round(number * share * 2) for *_, share in DESIGNS))


def _seen(
    form: str, rows: int, grades: int, number: int, level: int, seed: int, shares: Sequence[float]
) -> Iterator[Example]:
    geometry = bench_geometry(form, rows, grades)
    return examples(make(geometry, number, level, seed, shares), {serial.mark(geometry.digest()): geometry}, shipped())


def lesson(learned: Iterable[Example]) -> Lesson:
    """All boxes of these cards."""
    views, facts, labels = zip(*(_boxes(example) for example in learned), strict=True)
    return Lesson(np.concatenate(views), np.concatenate(facts), np.concatenate(labels))


def _boxes(example: Example) -> tuple[NDArray[np.float16], Floats, Labels]:
    card = example.seen
    chosen = np.zeros(card.measures.darkest.shape, bool)
    chosen[[not (example.bilevel and truth.kind in LOST) for truth in example.rows]] = True
    views = network.views(card.flat, card.cut, card.side, chosen).astype(np.float16)
    return views, network.facts(card.measures)[chosen], _labels(example.rows, chosen.shape)[chosen]


def _labels(rows: Sequence[RowTruth], shape: tuple[int, ...]) -> Labels:
    labels = np.zeros(shape, np.intp)
    for number, truth in enumerate(rows):
        for box, meant in truth.inked:
            labels[number, box] = meant
    return labels


def taught(of: Lesson, rounds: int, seed: int, say: Callable[[str], None], begun: Network | None = None) -> Network:
    """A network that went through all boxes `rounds` times; says after each how far off it is (mean cross entropy).

    One that is `begun` goes on from what it knows, in smaller steps.
    """
    random = np.random.default_rng(seed)
    middle, spread = of.facts.mean(0), of.facts.std(0) + 1e-6
    facts = ((of.facts - middle) / spread).astype(np.float32)
    pupil = _Pupil(
        _to_scale(begun, middle, spread) if begun else _fresh(random, facts.shape[1]),
        rounds * (len(facts) // AT_ONCE),
        RATE * (GOING_ON if begun else 1),
    )
    for number in range(rounds):
        order, off = random.permutation(len(facts)), 0.0
        for first in range(0, len(facts) - AT_ONCE + 1, AT_ONCE):
            chosen = order[first : first + AT_ONCE]
            off += pupil.step(_varied(of.views[chosen], random), facts[chosen], of.labels[chosen])
        say(f"round {number + 1} of {rounds}: {off / len(facts):.5f}")
    return _without_scale(pupil.network, middle, spread)


def _varied(views: NDArray[np.float16], random: np.random.Generator) -> Floats:
    """Views a little moved, paler or darker; over some lies what nobody meant: a long stroke from elsewhere, or dirt."""
    down, across = random.integers(-ASTRAY, ASTRAY + 1, 2)
    moved = np.roll(views.astype(np.float32), (down, across), (1, 2))
    varied = np.asarray(moved * random.uniform(FAINTER, DARKER, (len(views), 1, 1)), np.float32)
    for number in np.nonzero(random.random(len(views)) < FOREIGN)[0]:
        lay = _stroke_through if random.random() < THROUGH else _dirt
        np.maximum(varied[number], lay(random), out=varied[number])
    return varied


def _stroke_through(random: np.random.Generator) -> Floats:
    """A stroke that comes from outside the view and leaves it again: straight or winding, a hair or a finger wide."""
    ends = random.uniform(-0.2, 1.2, (2, 2)) * ACROSS
    ends[:, random.integers(2)] = (-0.1 * ACROSS, 1.1 * ACROSS)
    along = np.linspace(0, 1, 20)[:, None]
    bent = random.normal(0, ACROSS / 8, 2) * np.sin(np.pi * along) + random.normal(0, random.uniform(0, 1.5), (20, 2))
    points = (ends[0] * (1 - along) + ends[1] * along + bent).round().astype(np.int32)
    laid = np.zeros((ACROSS, ACROSS), np.float32)
    cv2.polylines(laid, [points], False, random.uniform(0.05, 1.0), int(random.integers(1, 6)), cv2.LINE_AA)
    return np.asarray(cv2.GaussianBlur(laid, (0, 0), random.uniform(0.3, 1.5)), np.float32)


def _dirt(random: np.random.Generator) -> Floats:
    """Specks of any darkness."""
    laid = np.zeros((ACROSS, ACROSS), np.float32)
    for x, y in random.integers(0, ACROSS, (int(random.integers(1, 8)), 2)):
        cv2.circle(laid, (int(x), int(y)), int(random.integers(0, 2)), random.uniform(0.1, 1.0), -1, cv2.LINE_AA)
    return np.asarray(cv2.GaussianBlur(laid, (0, 0), random.uniform(0.3, 1.0)), np.float32)


def _fresh(random: np.random.Generator, facts: int) -> Network:
    """Weights drawn as He et al. (2015) advise for rectified units."""
    across, sizes = ACROSS, []
    for channels_in, channels, size in KERNELS:
        across = (across - size) // STRIDE + 1
        sizes.append((channels_in * size * size, channels))
    sizes += [(across * across * KERNELS[-1][1] + facts, HIDDEN), (HIDDEN, ODD + 1)]
    drawn = (random.normal(0, np.sqrt(2 / many), (many, to)).astype(np.float32) for many, to in sizes)
    return Network(tuple((weights, np.zeros(weights.shape[1], np.float32)) for weights in drawn))


class _Pupil:
    """A network while it learns: its weights, and what Adam remembers of their slopes."""

    def __init__(self, network: Network, steps: int, rate: float) -> None:
        self.network, self._rate = network, rate
        self._steps, self._step = steps, 0
        flat = [part for layer in network.layers for part in layer]
        self._first, self._second = [np.zeros_like(part) for part in flat], [np.zeros_like(part) for part in flat]

    def step(self, views: Floats, facts: Floats, labels: Labels) -> float:
        """Learns from some boxes; returns how far off it was, summed over them."""
        passed, places = self.network.forward(views, facts), np.arange(len(labels))
        likely = np.exp(passed.logits - passed.logits.max(1, keepdims=True))
        likely /= likely.sum(1, keepdims=True)
        counts = np.where(labels == ODD, ODD_COUNTS, 1.0)
        off = float(-(counts * np.log(likely[places, labels] + TINY)).sum())
        likely[places, labels] -= 1
        slope = (likely * (counts / len(labels))[:, None]).astype(np.float32)
        self._step += 1
        rate = self._rate * min(1.0, 10 * self._step / self._steps) * 0.5 * (1 + np.cos(np.pi * self._step / self._steps))
        slopes = [part for layer in _slopes(self.network, passed, slope) for part in layer]
        for place, part in enumerate(part for layer in self.network.layers for part in layer):
            self._move(place, part, slopes[place], rate)
        return off

    def _move(self, place: int, part: Floats, slope: Floats, rate: float) -> None:
        if part.ndim > 1:
            slope = slope + SHRINK * part
        first, second = self._first[place], self._second[place]
        first += (1 - SLOW) * (slope - first)
        second += (1 - SLOWER) * (slope * slope - second)
        ahead, beside = first / (1 - SLOW**self._step), second / (1 - SLOWER**self._step)
        part -= (rate * ahead / (np.sqrt(beside) + TINY)).astype(np.float32)


def _slopes(network: Network, passed: Passed, slope: Floats) -> list[Layer]:
    """How the error changes with every weight, from the last layer back to the first."""
    found: list[Layer] = [(passed.middle.T @ slope, slope.sum(0))]
    slope = np.asarray((slope @ network.layers[-1][0].T) * (passed.middle > 0), np.float32)
    found.insert(0, (passed.gathered.T @ slope, slope.sum(0)))
    shape = passed.sums[-1].shape
    back = np.asarray((slope @ network.layers[-2][0].T)[:, : int(np.prod(shape[1:]))], np.float32).reshape(shape)
    for place in reversed(range(len(KERNELS))):
        (channels_in, channels, size), sums = KERNELS[place], passed.sums[place]
        flat = np.asarray((back * (sums > 0)).reshape(-1, channels), np.float32)
        found.insert(0, (passed.patches[place].T @ flat, flat.sum(0)))
        if place:
            parts = (flat @ network.layers[place][0].T).reshape(*sums.shape[:3], channels_in, size, size)
            back = _laid_back(np.asarray(parts, np.float32), passed.sums[place - 1].shape)
    return found


def _laid_back(parts: Floats, shape: tuple[int, ...]) -> Floats:
    """What each window passes back, added up where windows overlap."""
    laid = np.zeros(shape, np.float32)
    down, across, size = parts.shape[1] * STRIDE, parts.shape[2] * STRIDE, parts.shape[-1]
    for y in range(size):
        for x in range(size):
            laid[:, y : y + down : STRIDE, x : x + across : STRIDE] += parts[..., y, x]
    return laid


def _without_scale(network: Network, middle: Floats, spread: Floats) -> Network:
    """The same network for facts as they are: their scale moves into the first dense layer."""
    weights, bias = network.layers[-2][0].copy(), network.layers[-2][1].copy()
    weights[-len(middle) :] /= spread[:, None]
    bias -= middle @ weights[-len(middle) :]
    return Network((*network.layers[:-2], (weights, bias), network.layers[-1]))


def _to_scale(network: Network, middle: Floats, spread: Floats) -> Network:
    """The other way round: the same network for facts that are brought to scale."""
    weights, bias = network.layers[-2][0].copy(), network.layers[-2][1].copy()
    bias += middle @ weights[-len(middle) :]
    weights[-len(middle) :] *= spread[:, None]
    return Network((*network.layers[:-2], (weights, bias), network.layers[-1]))
