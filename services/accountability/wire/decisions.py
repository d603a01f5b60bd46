"""Proposals, recommendations, appeals and effects as messages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from zhengfeng.accountability.v1 import decisions_pb2, effects_pb2
from zhengfeng.accountability.v1 import proposal_pb2 as pb

from chassis.errors import Invalid
from chassis.i18n import Catalogue as Sentences
from services.accountability.domain.bars import Bar
from services.accountability.domain.decision import Choice, OutsideDecision
from services.accountability.domain.effects import Held, MeasureCount
from services.accountability.domain.proposal import Recommendation
from services.accountability.domain.tracks import TrackDecision
from services.accountability.domain.views import Explained, Figures
from services.accountability.rules.judge import Cell
from services.accountability.rules.propose import PartyAnswer, RowSaid, VersionUsed
from services.accountability.rules.ranges import Offer, Range, Reason
from services.accountability.rules.words import Track
from services.accountability.wire.parts import day, moment, number, read_day


class ProposalMessages:
    """Writes proposals with their reasons in both languages."""

    def __init__(self, sentences: Sentences) -> None:
        self._sentences = sentences

    def proposal(self, found: Explained) -> pb.Proposal:
        """A proposal in full."""
        frozen = found.proposal
        return pb.Proposal(
            id=frozen.id,
            case_id=frozen.case_id,
            case_version=frozen.case_version,
            proposed_at=moment(frozen.proposed_at),
            proposed_by=frozen.proposed_by,
            parties=[self._party(one, found) for one in frozen.parties],
            sha256=frozen.sha256,
        )

    def _party(self, answer: PartyAnswer, found: Explained) -> pb.PartyProposal:
        return pb.PartyProposal(
            party_id=answer.party_id,
            ranges=[self._range(one, found) for one in answer.ranges],
            fired=[_fired(one) for one in answer.fired],
            near_misses=[self._near_miss(one) for one in answer.near_misses],
            versions=[self._version(one) for one in answer.versions],
            who_else=answer.who_else,
            reasons=self._reasons(answer.reasons),
        )

    def _range(self, one: Range, found: Explained) -> pb.MeasureRange:
        measures = found.catalogue.measures
        return pb.MeasureRange(
            track=one.track,
            offers=_offers(one.offers),
            required=_offers(one.required),
            at_least=one.at_least,
            at_most=one.at_most,
            struck=[pb.Struck(measure=key, because=measures[key].source) for key in one.struck],
            row=one.row,
            appeal=one.appeal,
            reasons=self._reasons(one.reasons),
        )

    def _version(self, used: VersionUsed) -> pb.VersionUsed:
        return pb.VersionUsed(
            instrument_key=used.instrument_key,
            fact_id=used.fact_id,
            rule_version_id=used.version_id,
            label=used.label,
            sha256=used.sha256,
            then_id=used.then_id,
            now_id=used.now_id,
            reason=self._reasons([used.reason])[0],
        )

    def _near_miss(self, said: RowSaid) -> pb.NearMiss:
        row = said.row
        off = self._reasons([Reason("ROW_OFF", {"row": row.id, "why": row.off})])[0] if row.off else None
        return pb.NearMiss(
            rule_version_id=said.version_id,
            row=row.id,
            article=row.article,
            title_zh=row.title_zh,
            title_en=row.title_en,
            fact_id=said.fact_id,
            missed=_cells(said.cells),
            off=off,
        )

    def _reasons(self, reasons: Iterable[Reason]) -> list[pb.Reason]:
        return [
            pb.Reason(
                word=one.word,
                params=one.params,
                text_zh=self._sentences.text(one.word, "zh", **one.params),
                text_en=self._sentences.text(one.word, "en", **one.params),
            )
            for one in reasons
        ]


def _offers(offers: Iterable[Offer]) -> list[pb.Offer]:
    return [
        pb.Offer(
            measure=one.measure,
            way=number(pb.Way, "WAY", one.way),
            organ=one.organ,
            effect_months=one.effect_months,
            most_months=one.longest,
            added_to=day(one.added_to),
        )
        for one in offers
    ]


def _cells(cells: Iterable[Cell]) -> list[pb.CellResult]:
    return [pb.CellResult(column=one.column, demanded=one.demanded, given=one.given, met=one.met) for one in cells]


def _fired(said: RowSaid) -> pb.FiredRow:
    return pb.FiredRow(
        rule_version_id=said.version_id,
        row=said.row.id,
        article=said.row.article,
        title_zh=said.row.title_zh,
        title_en=said.row.title_en,
        source=said.row.source,
        fact_id=said.fact_id,
        cells=_cells(said.cells),
    )


def recommendation(found: Recommendation) -> pb.Recommendation:
    """A recommendation and what became of it."""
    return pb.Recommendation(
        id=found.id,
        version=found.version,
        case_id=found.case_id,
        party_id=found.party_id,
        way=number(pb.Way, "WAY", found.way),
        organ=found.organ,
        measures=found.measures,
        reason=found.reason,
        sent_at=moment(found.sent_at),
        answered=found.decided_on is not None,
        decided_measures=found.decided_measures,
        decided_on=day(found.decided_on),
        document_number=found.document_number,
    )


def read_choice(message: decisions_pb2.Choice) -> Choice:
    """What is chosen for one party."""
    return Choice(message.party_id, tuple(message.measures), message.reason, _months(message.periods))


def read_outside(request: decisions_pb2.RecordOutsideDecisionRequest) -> OutsideDecision:
    """What another organ decided."""
    on, months = read_day(request.decided_on, "decided_on"), _months(request.periods)
    return OutsideDecision(tuple(request.measures), months, on, request.document_number)


def _months(periods: Sequence[decisions_pb2.ChosenPeriod]) -> dict[str, int]:
    """The chosen periods by measure. Raises Invalid PERIOD_TWICE."""
    months = {one.measure: one.months for one in periods}
    if len(months) < len(periods):
        raise Invalid("PERIOD_TWICE", "periods")
    return months


def effect(held: Held) -> effects_pb2.Effect:
    """An effect, with what its lifting did not give back."""
    found = held.effect
    return effects_pb2.Effect(
        id=found.id,
        case_id=found.case_id,
        case_number=found.case_number,
        official_id=found.official_id,
        unit_path=found.unit_path,
        measure=found.measure,
        starts_on=day(found.starts_on),
        ends_on=day(found.ends_on),
        state=number(effects_pb2.EffectState, "EFFECT_STATE", found.state),
        bars=found.bars,
        organ=found.organ,
        not_restored=held.not_restored,
        held_because=found.held_because,
        lifting_asked=held.lifting_asked,
        version=found.version,
    )


def bar(found: Bar) -> effects_pb2.Bar:
    """One thing barred."""
    return effects_pb2.Bar(
        bar=found.bar,
        effect_id=found.effect_id,
        measure=found.measure,
        case_number=found.case_number,
        since=day(found.since),
        until=day(found.until),
        source=found.source,
        because=found.because,
    )


def track_decision(found: TrackDecision) -> decisions_pb2.TrackDecision:
    """What an organ decided on its own track."""
    return decisions_pb2.TrackDecision(
        id=found.id,
        version=found.version,
        case_id=found.case_id,
        party_id=found.party_id,
        track=found.track,
        organ=found.organ,
        measures=found.measures,
        decided_on=day(found.decided_on),
        document_number=found.document_number,
    )


def read_track(request: decisions_pb2.RecordTrackDecisionRequest) -> tuple[Track, str, OutsideDecision]:
    """The track, the organ and what it decided."""
    on, months = read_day(request.decided_on, "decided_on"), _months(request.periods)
    told = OutsideDecision(tuple(request.measures), months, on, request.document_number)
    return Track(request.track), request.organ, told


def figures(found: Figures) -> effects_pb2.StatisticsResponse:
    """The figures of a period."""
    return effects_pb2.StatisticsResponse(
        cases_opened=found.opened,
        cases_decided=found.decided,
        cases_ended_without_measure=found.without,
        persons=found.persons,
        units=found.units,
        recommendations_sent=found.sent,
        recommendations_answered=found.answered,
        measures=[_count(one) for one in found.measures],
    )


def _count(one: MeasureCount) -> effects_pb2.MeasureCount:
    return effects_pb2.MeasureCount(
        measure=one.measure, persons=one.persons, units=one.units, applied=one.applied, case_ids=one.case_ids
    )
