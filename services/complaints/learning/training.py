"""Training: from settled complaints and what they turned out to be, to weights and the score they reach unseen.

The score is measured by leaving out a part at a time: every complaint is judged once by a model that has not seen it, and
so is a plain TF-IDF with a linear support vector machine, on the same parts. Only then all complaints are learned from.
scikit-learn is loaded here and nowhere else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.complaints.learning.features import Buckets, Counts, Text, words
from services.complaints.learning.weights import Weights, softmax

_SEED = 20261123  # so that the same complaints give the same model
_TEMPERATURES = np.geomspace(0.05, 2.0, 40)
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Rules:
    """How training is done, as the setting `suggest.training` says."""

    least_rows: int
    least_of_a_label: int
    least_documents: int
    folds: int
    c: float


@dataclass(frozen=True, eq=False)
class Trained:
    """The weights, and how they did on what they had not seen: macro-F1 of ours and of the plain baseline, 0 to 1."""

    weights: Weights
    rows: int
    macro_f1: float
    baseline: float


def train(said: Sequence[Text], labels: Sequence[str], buckets: Buckets, rules: Rules, tell: Progress) -> Trained | None:
    """A model of these labels; None where there is too little to learn or nothing to tell apart."""
    often = Counter(labels)
    known = [at for at, label in enumerate(labels) if label and often[label] >= rules.least_of_a_label]
    names = sorted({labels[at] for at in known})
    if len(known) < rules.least_rows or len(names) < 2:
        return None
    numbers = np.array([names.index(labels[at]) for at in known])
    texts = [said[at] for at in known]
    counts = []
    for at, text in enumerate(texts):
        counts.append(buckets.counts(text))
        tell("words", at + 1, len(texts))
    margins, baseline = _unseen(texts, counts, numbers, names, rules, tell)
    weights = _fitted(counts, numbers, names, rules, _temperature(margins, numbers))
    score, plain = (_macro_f1(numbers, found) for found in (margins.argmax(axis=1), baseline))
    return Trained(weights, len(texts), score, plain)


def _unseen(
    texts: Sequence[Text],
    counts: Sequence[Counts],
    numbers: NDArray[Any],
    names: Sequence[str],
    rules: Rules,
    tell: Progress,
) -> tuple[NDArray[np.float32], NDArray[Any]]:
    """What models say of parts they have not seen: our margins, and the baseline's labels."""
    from sklearn.model_selection import StratifiedKFold

    margins = np.zeros((len(texts), len(names)), dtype=np.float32)
    baseline = np.zeros(len(texts), dtype=numbers.dtype)
    parts = StratifiedKFold(rules.folds, shuffle=True, random_state=_SEED)
    for done, (seen, unseen) in enumerate(parts.split(np.zeros(len(texts)), numbers)):
        fitted = _fitted([counts[at] for at in seen], numbers[seen], names, rules, 1.0)
        for at in unseen:
            margins[at] = fitted.margins(counts[at])
        baseline[unseen] = plain([texts[at] for at in seen], numbers[seen], [texts[at] for at in unseen])
        tell("parts", done + 1, rules.folds)
    return margins, baseline


def _fitted(
    counts: Sequence[Counts], numbers: NDArray[Any], names: Sequence[str], rules: Rules, temperature: float
) -> Weights:
    from scipy.sparse import csr_matrix
    from sklearn.svm import LinearSVC

    met, documents = np.unique(np.concatenate([met for row in counts for met, _ in row]), return_counts=True)
    kept, held = met[documents >= rules.least_documents], documents[documents >= rules.least_documents]
    idf = (1 + np.log((1 + len(counts)) / (1 + held))).astype(np.float32)
    empty = np.zeros((len(names), len(kept)), dtype=np.float32)
    weights = Weights(tuple(names), kept, idf, empty, np.zeros(len(names), dtype=np.float32), temperature)
    rows = [weights.row(row) for row in counts]
    ends = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    table = csr_matrix(
        (np.concatenate([v for _, v in rows]), np.concatenate([c for c, _ in rows]), ends), shape=(len(rows), len(kept))
    )
    machine = LinearSVC(C=rules.c, class_weight="balanced", random_state=_SEED).fit(table, numbers)
    coefficients, bias = _for_each(machine, names)
    return Weights(weights.labels, kept, idf, coefficients, bias, temperature)


def _for_each(machine: Any, names: Sequence[str]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Weights per label. Of two labels the machine learns one border, and a part may lack a label altogether."""
    learned, bias = machine.coef_, machine.intercept_
    if len(machine.classes_) == 2:
        learned, bias = np.vstack([-learned, learned]), np.concatenate([-bias, bias])
    coefficients = np.zeros((len(names), learned.shape[1]), dtype=np.float32)
    full = np.full(len(names), -10.0, dtype=np.float32)
    coefficients[machine.classes_], full[machine.classes_] = learned, bias
    return coefficients, full


def _temperature(margins: NDArray[np.float32], numbers: NDArray[Any]) -> float:
    """The one under which the probabilities of what was not seen are likeliest (Guo et al. 2017)."""
    own = np.arange(len(numbers))

    def loss(temperature: float) -> float:
        return -float(np.log(softmax(margins.astype(np.float64) / temperature)[own, numbers] + 1e-12).mean())

    return float(min(_TEMPERATURES, key=loss))


def plain(seen: Sequence[Text], labels: NDArray[Any], unseen: Sequence[Text]) -> NDArray[Any]:
    """The plain baseline's labels: TF-IDF over jieba's words with a linear support vector machine, both as they come."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import LinearSVC

    vectors = TfidfVectorizer(tokenizer=words, token_pattern=None, lowercase=False)
    learned = vectors.fit_transform(f"{one.title} {one.text}" for one in seen)
    machine = LinearSVC().fit(learned, labels)
    return np.asarray(machine.predict(vectors.transform(f"{one.title} {one.text}" for one in unseen)))


def _macro_f1(numbers: NDArray[Any], found: NDArray[Any]) -> float:
    from sklearn.metrics import f1_score

    return float(f1_score(numbers, found, average="macro"))
