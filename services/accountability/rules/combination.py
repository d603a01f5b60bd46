"""Several breaches of one party, and a breach inside a period: what the statutes make of them (政务处分法 arts. 13, 15, 67).

Each breach is fixed separately: its range is what the rows about it alone allow. Of different types the heaviest is carried
out, so what is lighter than the lightest any one breach demands is left out. Of the same type, up to removal from post, the
period lies between one period and the sum, under the cap. Which tracks combine, the caps and the types are the catalogue's
dated rules; on a track without one the heaviest row governs.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from services.accountability.rules.judge import Question
from services.accountability.rules.measures import Catalogue
from services.accountability.rules.periods import CombiningRule, Inside, Running, governing, in_force_on
from services.accountability.rules.ranges import TRACKS, Hit, Offer, Range, Reason, hits_of, precedence, range_of
from services.accountability.rules.versions import Judged
from services.accountability.rules.words import SubjectKind, Track


def combined_ranges(judged: Sequence[Judged], kind: SubjectKind, catalogue: Catalogue, today: date) -> tuple[Range, ...]:
    """One range for each track on which a row fired, in the order of the tracks, its breaches combined."""
    hits = hits_of(judged)
    tracks = {one.track for one in catalogue.combining}
    return tuple(
        [
            _on_track(track, hits[track], kind, catalogue, today)
            if track in tracks
            else range_of(track, hits[track], kind, catalogue)
            for track in TRACKS
            if track in hits
        ]
    )


def _on_track(track: Track, hits: Sequence[Hit], kind: SubjectKind, catalogue: Catalogue, today: date) -> Range:
    until = _still_running(hits[0].question.running, track, catalogue, today)
    last = max(hit.question.day for hit in hits)
    by_fact: dict[str, list[Hit]] = {}
    for hit in hits:
        by_fact.setdefault(hit.question.fact_id, []).append(hit)
    heaviest_first = sorted(by_fact.values(), key=lambda own: _heaviest(own, kind, catalogue), reverse=True)
    facts = [range_of(track, own, kind, catalogue) for own in heaviest_first]
    longest = sum(max([offer.effect_months for offer in one.offers], default=0) for one in facts)
    rule = governing(catalogue.combining, track, last, today, until, longest)
    if rule is None:
        return range_of(track, hits, kind, catalogue)
    whole = facts[0] if len(facts) == 1 else combine(facts, rule, catalogue)
    return whole if until is None else _beside(whole, rule, until)


def _heaviest(hits: Sequence[Hit], kind: SubjectKind, catalogue: Catalogue) -> tuple[object, ...]:
    return max(precedence(hit, kind, catalogue) for hit in hits)


def combine(facts: Sequence[Range], rule: CombiningRule, catalogue: Catalogue) -> Range:
    """The one range of several breaches, each given as the range it would have alone, the heaviest first."""
    whole = facts[0]
    offered = [one for one in facts if one.offers]
    demanding = [one for one in offered if one.at_least]
    ranks = {offer.measure: catalogue.measures[offer.measure].rank for one in offered for offer in one.offers}
    floor = max([min(ranks[offer.measure] for offer in one.offers) for one in demanding], default=0)
    kept = [key for key in catalogue.lightest_first(list(ranks)) if ranks[key] >= floor]
    offers, said = [], []
    for key in kept:
        offer, reason = _fixed_several_times(key, offered, rule, catalogue)
        offers.append(offer)
        said += [reason] if reason else []
    left_out = catalogue.lightest_first([key for key, rank in ranks.items() if rank < floor])
    if left_out:
        said.insert(0, Reason("BELOW_ANOTHER_BREACH", {"article": rule.article, **_names(left_out, catalogue)}))
    fixed = {"count": str(len(facts)), "rows": ", ".join(one.row for one in facts), "article": rule.article}
    required = {offer.measure: offer for one in facts for offer in one.required}
    return replace(
        whole,
        offers=tuple(offers),
        required=tuple(required.values()),
        at_least=min(max([one.at_least for one in facts]), len(offers)),
        at_most=min(max([one.at_most for one in facts]), len(offers)),
        struck=tuple(dict.fromkeys(key for one in facts for key in one.struck)),
        reasons=(Reason("FIXED_SEPARATELY", fixed), *said, *_own_reasons(facts)),
    )


def _fixed_several_times(
    key: str, facts: Sequence[Range], rule: CombiningRule, catalogue: Catalogue
) -> tuple[Offer, Reason | None]:
    """A measure with the period it may have when every breach that may deserve it does."""
    same = [offer for one in facts for offer in one.offers if offer.measure == key]
    period = max(offer.effect_months for offer in same)
    least, most = rule.months(key, period, len(same))
    if least == most:
        return replace(same[0], effect_months=least), None
    told = {"times": str(len(same)), "least": str(least), "most": str(most), "cap": str(rule.cap_months)}
    reason = Reason("SAME_TYPE_PERIOD", {**told, "article": rule.article, **_names([key], catalogue)})
    return replace(same[0], effect_months=least, most_months=most), reason


def _own_reasons(facts: Sequence[Range]) -> list[Reason]:
    """What was said about each breach, every sentence once."""
    said: list[Reason] = []
    for reason in [reason for one in facts for reason in one.reasons]:
        if reason not in said:
            said.append(reason)
    return said


def _names(keys: Sequence[str], catalogue: Catalogue) -> dict[str, str]:
    return {
        "zh": "、".join(catalogue.measures[key].zh for key in keys),
        "en": ", ".join(catalogue.measures[key].en for key in keys),
    }


# -- a period that still runs ---------------------------------------------------------------------------------------------


def _still_running(running: Sequence[Running], track: Track, catalogue: Catalogue, today: date) -> date | None:
    """The last end of this track's periods that run on a day."""
    own = [one.until for one in running if _of_track(one, track, catalogue) and one.holds_on(today)]
    return max(own, default=None)


def _of_track(one: Running, track: Track, catalogue: Catalogue) -> bool:
    return one.measure in catalogue.measures and catalogue.measures[one.measure].track is track


def _beside(whole: Range, rule: CombiningRule, until: date) -> Range:
    """Says what the rule makes of a period that still runs, and under the additive rule lets the new one follow it."""
    told = {"until": until.isoformat(), "cap": str(rule.cap_months), "article": rule.article}
    if rule.inside is Inside.OWN:
        return replace(whole, reasons=(*whole.reasons, Reason("PERIOD_OF_ITS_OWN", told)))

    def follows(offer: Offer) -> Offer:
        return replace(offer, added_to=until, cap_months=rule.cap_months) if offer.measure in rule.same_type else offer

    return replace(
        whole,
        offers=tuple(map(follows, whole.offers)),
        required=tuple(map(follows, whole.required)),
        reasons=(*whole.reasons, Reason("ADDED_TO_PERIOD", told)),
    )


def from_the_ledger(
    question: Question, catalogue: Catalogue, today: date, known: Collection[str]
) -> tuple[Question, tuple[Reason, ...]]:
    """The question with what the ledger itself answers: whether the conduct lies inside a period (article 13).

    Conduct that cannot be but on purpose then carries the aggravating circumstance; for any other the intent is a finding of
    the investigators. A circumstance they found of which the ledger knows nothing stands, and is said.
    """
    rules = {one.track: in_force_on(catalogue.combining, one.track, today) for one in catalogue.combining}
    said: list[Reason] = []
    for track, rule in rules.items():
        if rule is None or not rule.again or rule.again not in known:
            continue
        inside = [one for one in question.running if _of_track(one, track, catalogue) and one.holds_on(question.day)]
        found = rule.again in (question.aggravating or ())
        if not inside:
            said += [Reason("PERIOD_NOT_IN_LEDGER", {"day": question.day.isoformat()})] if found else []
            continue
        on_purpose = question.conduct in rule.on_purpose
        word = "AGAIN_IN_PERIOD" if found or on_purpose else "INTENT_IN_PERIOD"
        said.append(Reason(word, _told(question, inside[-1], catalogue)))
        if on_purpose and question.aggravating is not None:
            question = replace(question, aggravating=question.aggravating | {rule.again})
    return question, tuple(said)


def _told(question: Question, one: Running, catalogue: Catalogue) -> dict[str, str]:
    days = {"day": question.day.isoformat(), "since": one.since.isoformat(), "until": one.until.isoformat()}
    return {**days, "number": one.case_number, **_names([one.measure], catalogue)}
