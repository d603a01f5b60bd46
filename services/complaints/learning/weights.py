"""A trained model: weights of hashed words for each label. Plain arrays, so that reading one back runs nothing."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.complaints.learning.features import Buckets, Counts, Text, blocks, spoken

_ARRAYS = ("buckets", "idf", "coefficients", "bias", "temperature")


@dataclass(frozen=True, eq=False)
class Weights:
    """For each label a weight per known bucket; `temperature` turns margins into probabilities that hold on unseen texts."""

    labels: tuple[str, ...]
    buckets: NDArray[np.uint32]
    idf: NDArray[np.float32]
    coefficients: NDArray[np.float32]
    bias: NDArray[np.float32]
    temperature: float

    def packed(self) -> bytes:
        """As bytes to be stored; the labels are kept beside them."""
        packed = io.BytesIO()
        coefficients = self.coefficients.astype(np.float16)
        np.savez_compressed(
            packed,
            buckets=self.buckets,
            idf=self.idf,
            coefficients=coefficients,
            bias=self.bias,
            temperature=np.array([self.temperature]),
        )
        return packed.getvalue()

    @staticmethod
    def unpacked(labels: Sequence[str], packed: bytes) -> Weights:
        """From stored bytes. Raises ValueError for what is no model of these labels."""
        with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
            buckets, idf, coefficients, bias, temperature = (arrays[name] for name in _ARRAYS)
        if coefficients.shape != (len(labels), len(buckets)) or len(idf) != len(buckets) or len(bias) != len(labels):
            raise ValueError("no model of these labels")
        return Weights(tuple(labels), buckets, idf, coefficients.astype(np.float32), bias, float(temperature[0]))

    def row(self, counts: Counts) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """A text's known buckets, as columns, and their weights: each block of unit length."""
        columns: list[NDArray[np.int64]] = []
        values: list[NDArray[np.float32]] = []
        for met, often in counts:
            at = np.searchsorted(self.buckets, met)
            known = (at < len(self.buckets)) & (self.buckets[np.minimum(at, len(self.buckets) - 1)] == met)
            weight = (1 + np.log(often[known])) * self.idf[at[known]]
            length = float(np.sqrt((weight**2).sum()))
            columns.append(at[known])
            values.append((weight / length if length else weight).astype(np.float32))
        return np.concatenate(columns), np.concatenate(values)

    def margins(self, counts: Counts) -> NDArray[np.float32]:
        """How far a text lies on each label's side."""
        columns, values = self.row(counts)
        return self.coefficients[:, columns] @ values + self.bias

    def probabilities(self, margins: NDArray[Any]) -> NDArray[np.float64]:
        """Margins as probabilities of the labels."""
        return softmax(margins.astype(np.float64) / self.temperature)

    def why(self, said: Text, buckets: Buckets, label: int, most: int) -> tuple[str, ...]:
        """The words of the text that speak most for a label, weightiest first."""
        found: dict[str, float] = {}
        for token in filter(spoken, blocks(said)[0]):
            bucket = buckets.of(0, token)
            column = int(np.searchsorted(self.buckets, bucket))
            if column < len(self.buckets) and self.buckets[column] == bucket:
                found[token] = float(self.coefficients[label, column] * self.idf[column])
        weighty = sorted((token for token, weight in found.items() if weight > 0), key=lambda token: -found[token])
        return tuple(weighty[:most])


def softmax(margins: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probabilities that add up to one."""
    raised = np.exp(margins - margins.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True), dtype=np.float64)
