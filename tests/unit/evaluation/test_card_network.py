"""The network that looks at boxes: its slopes are right, it is shown the box, and it can be taught."""

from __future__ import annotations

import numpy as np
import pytest

from services.evaluation.cards.bench_set import learning
from services.evaluation.cards.reading import network
from services.evaluation.cards.reading.network import ACROSS, EMPTY, MARK, Network
from tests.unit.evaluation.drawn_cards import clean_card, geometry, seen

FACTS = 3
STEP = 1e-3


def off(of: Network, views: np.ndarray, facts: np.ndarray, labels: np.ndarray) -> float:
    """The mean cross entropy, in double precision."""
    logits = of.forward(views, facts).logits.astype(np.float64)
    logits -= logits.max(1, keepdims=True)
    likely = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    return float(-np.log(likely[np.arange(len(labels)), labels]).mean())


def fresh(seed: int = 1) -> tuple[Network, np.random.Generator]:
    random = np.random.default_rng(seed)
    return learning._fresh(random, FACTS), random


@pytest.mark.parametrize("layer", range(5))
def test_slopes_are_those_that_small_steps_show(layer: int) -> None:
    made, random = fresh()
    views = random.normal(0.3, 0.3, (4, ACROSS, ACROSS)).astype(np.float32)
    facts, labels = random.normal(0, 1, (4, FACTS)).astype(np.float32), np.array([0, 1, 2, 1])
    passed = made.forward(views, facts)
    likely = np.exp(passed.logits - passed.logits.max(1, keepdims=True))
    likely /= likely.sum(1, keepdims=True)
    likely[np.arange(4), labels] -= 1
    weights, told = made.layers[layer][0], learning._slopes(made, passed, likely / 4)[layer][0]

    steepest = np.argsort(np.abs(told).ravel())[-5:]
    for place in steepest:
        at = np.unravel_index(place, weights.shape)
        before = weights[at]
        weights[at] = before + STEP
        above = off(made, views, facts, labels)
        weights[at] = before - STEP
        below = off(made, views, facts, labels)
        weights[at] = before
        assert told[at] == pytest.approx((above - below) / (2 * STEP), rel=0.05, abs=1e-3)


def test_a_network_learns_to_tell_a_stroke_from_nothing() -> None:
    random = np.random.default_rng(1)
    labels = np.arange(learning.AT_ONCE * 4) % 2
    views = random.normal(0, 0.02, (len(labels), ACROSS, ACROSS)).astype(np.float16)
    views[labels == MARK, 20:28, 24] = 0.8
    lesson = learning.Lesson(views, np.zeros((len(labels), FACTS), np.float32), labels.astype(np.intp))

    taught = learning.taught(lesson, 20, 1, lambda _: None)

    logits = taught.forward(views.astype(np.float32), lesson.facts).logits
    assert (logits[:, (EMPTY, MARK)].argmax(1) == labels).mean() > 0.99


def test_what_is_kept_of_a_network_is_the_network() -> None:
    made, random = fresh()
    again = network.named(network.names(made))
    views, facts = random.random((2, ACROSS, ACROSS)).astype(np.float32), np.zeros((2, FACTS), np.float32)
    assert np.allclose(made.forward(views, facts).logits, again.forward(views, facts).logits, atol=0.05)


def test_a_view_has_its_box_in_the_middle() -> None:
    card = seen(clean_card(1)[0])[0]
    boxes = geometry().sheets[0].sides[0].rows
    wanted = np.ones((len(boxes), len(boxes[0].boxes)), bool)
    view = np.median(network.views(card.flat, card.cut, card.side, wanted), 0)
    half, middle = round(boxes[0].boxes[0].width * 3 / 2), ACROSS // 2
    frame = [
        view[middle, middle - half],
        view[middle, middle + half],
        view[middle - half, middle],
        view[middle + half, middle],
    ]
    inside = view[middle - half + 3 : middle + half - 3, middle - half + 3 : middle + half - 3]
    assert min(frame) > 3 * max(float(inside.mean()), 0.05)
