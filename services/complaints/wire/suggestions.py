"""Look-alikes, suggestions, models and topics as messages."""

from __future__ import annotations

from zhengfeng.complaints.v1 import similar_pb2, suggestions_pb2

from services.complaints.domain.similar import SimilarDraft
from services.complaints.domain.suggesting import Checklist, ModelScore, Source, Suggested, Suggestion, SuggestionModel
from services.complaints.wire.complaints import complaint
from services.complaints.wire.words import Pairs, stamp

SOURCE = Pairs(Source, suggestions_pb2.SuggestionSource)


def similar(found: SimilarDraft) -> similar_pb2.SimilarDraft:
    """One that looks like a draft."""
    return similar_pb2.SimilarDraft(
        complaint=complaint(found.seen),
        score=found.score,
        words_percent=found.words_percent,
        same_place=found.same_place,
        same_unit=found.same_unit,
    )


def suggested(found: Suggested) -> suggestions_pb2.SuggestRoutingResponse:
    """Everything suggested for a draft."""
    return suggestions_pb2.SuggestRoutingResponse(
        categories=[_suggestion(one) for one in found.categories],
        units=[_suggestion(one) for one in found.units],
        checklists=[_checklist(one) for one in found.checklists],
        model_number=found.model_number,
    )


def _suggestion(one: Suggestion) -> suggestions_pb2.Suggestion:
    source = SOURCE.number(one.source)
    return suggestions_pb2.Suggestion(value=one.value, score=one.score, source=source, why=one.why)


def _checklist(one: Checklist) -> suggestions_pb2.Checklist:
    items = [suggestions_pb2.ChecklistItem(zh=item.zh, en=item.en) for item in one.items]
    return suggestions_pb2.Checklist(zh=one.zh, en=one.en, items=items, source=one.source)


def model(found: SuggestionModel, in_use: bool) -> suggestions_pb2.SuggestionModel:
    """A trained model."""
    return suggestions_pb2.SuggestionModel(
        model_id=found.id,
        number=found.number,
        jurisdiction_path=found.jurisdiction_path,
        trained_at=stamp(found.trained_at),
        trained_by=found.trained_by,
        rows=found.rows,
        scores=[_score(one) for one in found.scores],
        digest=found.digest,
        in_use=in_use,
    )


def _score(one: ModelScore) -> suggestions_pb2.ModelScore:
    return suggestions_pb2.ModelScore(
        target=one.target,
        classes=one.classes,
        rows=one.rows,
        macro_f1=_percent(one.macro_f1),
        baseline_macro_f1=_percent(one.baseline),
    )


def _percent(per_mille: int) -> str:
    return f"{per_mille // 10}.{per_mille % 10}"
