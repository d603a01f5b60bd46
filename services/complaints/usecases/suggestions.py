"""Suggestions of category and unit, the models they come from, and their training on the office's own complaints."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.clock import new_id
from chassis.errors import Conflict
from chassis.logs import log
from chassis.store import Tx, under
from services.complaints.domain import suggesting
from services.complaints.domain.similar import Typed
from services.complaints.domain.stages import Origin, Stage
from services.complaints.domain.suggesting import (
    CATEGORY,
    TARGETS,
    UNIT,
    ModelScore,
    Rule,
    Source,
    Suggested,
    Suggestion,
    SuggestionModel,
    UnitKnown,
)
from services.complaints.learning.features import Buckets, Text
from services.complaints.learning.training import Progress, Rules, Trained, train
from services.complaints.learning.weights import Weights
from services.complaints.storage import COMPLAINTS, models
from services.complaints.usecases.desk import Desk

BATCH = 500
BITS = 24  # 16 million buckets: words of one city's complaints hardly ever share one
_TRAINED_ON = (Stage.CLOSED, Stage.ARCHIVED)


@dataclass(frozen=True)
class Settled:
    """A complaint to learn from: what its redacted copy said and what it turned out to be."""

    id: str
    labels: Mapping[str, str]


class SuggestionCases:
    """Suggesting, and training what suggests."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._buckets = Buckets(desk.keys.key("complaints.words_of_models"), BITS)
        self._lock = threading.Lock()
        self._loaded: tuple[str, Mapping[str, Weights]] = ("", {})

    def suggest(self, caller: Caller, typed: Typed) -> Suggested:
        """What the rules and the model, if there is one, say of a draft. The draft is not kept."""
        said = Text(typed.title, typed.text)
        whole = f"{typed.title}\n{typed.text}"
        with self._desk.store.read(caller) as tx:
            self._desk.neighbours.check_jurisdiction(tx, typed.jurisdiction_path, "jurisdiction_path")
            shown = tx.setting("suggest", typed.jurisdiction_path)
            if len(whole.strip()) < shown["least_characters"]:
                return Suggested()
            rules = [Rule.of(row) for row in tx.setting("suggest.rules", typed.jurisdiction_path)]
            lists = suggesting.checklists(tx.setting("tell_once", typed.jurisdiction_path), whole, shown["checklists"])
            units = self._units(tx, typed.jurisdiction_path)
            model = models.in_use(tx, typed.jurisdiction_path)
            weights = self._weights(tx, model) if model else {}
        most, why = shown["shown"], shown["why"]
        by_model = {target: self._asked(weights.get(target), said, most, why) for target in TARGETS}
        known = {unit.path for unit in units}
        named = suggesting.units_named(whole, units, shown["named_score"])
        of_unit = [one for one in by_model[UNIT] if one.value in known]
        return Suggested(
            suggesting.ranked((), by_model[CATEGORY], suggesting.by_rules(rules, whole), most),
            suggesting.ranked(named, of_unit, suggesting.units_by_rules(rules, whole, units), most),
            lists,
            model.number if model and weights else 0,
        )

    def models(self, caller: Caller, size: int, token: str) -> tuple[list[tuple[SuggestionModel, bool]], str]:
        """The models trained for the caller's places, newest first, and whether each is asked."""
        table = models.MODELS.table
        with self._desk.store.read(caller) as tx:
            found = tx.page(sa.select(table).where(tx.visible(table)), (table.c.number,), size, token)
            newest = models.newest(tx)
        read = [models.MODELS.value(row) for row in found.rows]
        return [(model, model.id in newest) for model in read], found.next_token

    def train(self, caller: Caller, jurisdiction_path: str, tell: Progress) -> SuggestionModel:
        """Trains a model on the settled complaints of a place and puts it in use. Refused with TOO_FEW_CLOSED."""
        with self._desk.store.read(caller) as tx:
            self._desk.neighbours.check_jurisdiction(tx, jurisdiction_path, "jurisdiction_path")
            row = tx.setting("suggest.training", jurisdiction_path)
            settled = _settled(tx, jurisdiction_path, int(row["newest"]))
        rules = _rules(row)
        kept, said = self._said(caller, settled)
        trained: dict[str, Trained] = {}
        for target in TARGETS:
            labels = [one.labels[target] for one in kept]
            if (found := train(said, labels, self._buckets, rules, tell)) is not None:
                trained[target] = found
        if not trained:
            raise Conflict("TOO_FEW_CLOSED", rows=len(kept), least=rules.least_rows)
        return self._keep(caller, jurisdiction_path, len(kept), trained)

    def _keep(self, caller: Caller, jurisdiction_path: str, rows: int, trained: Mapping[str, Trained]) -> SuggestionModel:
        id = new_id(self._desk.store.clock)
        packed = {target: found.weights.packed() for target, found in trained.items()}
        with self._desk.store.begin(caller) as tx:
            model = SuggestionModel(
                id=id,
                version=1,
                jurisdiction_path=jurisdiction_path,
                unit_path="",
                number=tx.number("complaints.suggestion_models"),
                trained_at=tx.now,
                trained_by=caller.subject,
                rows=rows,
                scores=tuple(_score(target, found) for target, found in trained.items()),
                digest=sha256(b"".join(packed[target] for target in sorted(packed))).hexdigest(),
            )
            kept = [self._row(id, target, trained[target].weights.labels, packed[target]) for target in trained]
            models.write(tx, model, kept)
        return model

    def _row(self, id: str, target: str, labels: tuple[str, ...], packed: bytes) -> dict[str, object]:
        mac = self._mac(id, target, labels, packed)
        return {"model_id": id, "target": target, "labels": labels, "weights": packed, "mac": mac}

    def _mac(self, id: str, target: str, labels: Sequence[str], packed: bytes) -> bytes:
        return self._desk.keys.mac("complaints.suggestion_models", id, target, *labels, packed)

    def _said(self, caller: Caller, settled: Sequence[Settled]) -> tuple[list[Settled], list[Text]]:
        """What the redacted copies say; a complaint that says nothing any more is not learned from."""
        kept: list[Settled] = []
        said: list[Text] = []
        for first in range(0, len(settled), BATCH):
            batch = settled[first : first + BATCH]
            with self._desk.store.read(caller) as tx:
                contents = self._desk.contents.open(tx, [one.id for one in batch])
            for one in batch:
                content = contents.get(one.id)
                if content is not None and content.unit_text.strip():
                    kept.append(one)
                    said.append(Text(content.unit_title, content.unit_text))
        return kept, said

    def _weights(self, tx: Tx, model: SuggestionModel) -> Mapping[str, Weights]:
        """The model's weights, kept in memory until another is in use. A row nobody here wrote is not asked."""
        with self._lock:
            if self._loaded[0] == model.id:
                return self._loaded[1]
            found: dict[str, Weights] = {}
            for row in models.weights(tx, model.id):
                if self._mac(model.id, row.target, row.labels, row.weights) != row.mac:
                    log().error("model.forged", number=model.number, target=row.target)
                    continue
                found[row.target] = Weights.unpacked(row.labels, row.weights)
            self._loaded = (model.id, found)
            return found

    def _asked(self, weights: Weights | None, said: Text, most: int, why: int) -> list[Suggestion]:
        if weights is None:
            return []
        likely = weights.probabilities(weights.margins(self._buckets.counts(said)))
        best = sorted(range(len(weights.labels)), key=lambda label: -likely[label])[:most]
        return [
            Suggestion(
                weights.labels[label],
                max(1, round(100 * float(likely[label]))),
                Source.MODEL,
                weights.why(said, self._buckets, label, why),
            )
            for label in best
        ]

    def _units(self, tx: Tx, jurisdiction_path: str) -> list[UnitKnown]:
        columns = tx.store.schema["copies"].c
        copies = tx.copies("unit", under(columns.unit_path, jurisdiction_path))
        return [UnitKnown(copy.unit_path, copy.name) for copy in copies if copy.known]


def _settled(tx: Tx, jurisdiction_path: str, newest: int) -> list[Settled]:
    """The newest settled complaints of a place: closed here, or loaded from an earlier system."""
    column = COMPLAINTS.table.c
    settled = sa.or_(column.stage.in_(_TRAINED_ON), column.origin == Origin.IMPORT)
    query = sa.select(column.id, column.category, column.unit_path).where(under(column.jurisdiction_path, jurisdiction_path))
    rows = tx.rows(query.where(settled).order_by(column.received_at.desc(), column.id).limit(newest))
    return [Settled(row.id, {CATEGORY: row.category, UNIT: row.unit_path}) for row in rows]


def _rules(row: Mapping[str, object]) -> Rules:
    whole = {name: int(str(row[name])) for name in ("least_rows", "least_of_a_label", "least_documents", "folds")}
    return Rules(**whole, c=float(str(row["c"])))


def _score(target: str, found: Trained) -> ModelScore:
    labels = len(found.weights.labels)
    return ModelScore(target, labels, found.rows, round(1000 * found.macro_f1), round(1000 * found.baseline))
