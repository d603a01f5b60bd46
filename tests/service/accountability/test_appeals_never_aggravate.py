"""An appeal leaves nobody worse off: not in the weight of a measure, and not in how long it bars.

政务处分法 article 8: a period counts from the day of the first decision. Articles 55 to 60: an appeal makes nothing heavier.
"""

from __future__ import annotations

from datetime import timedelta

from zhengfeng.accountability.v1 import aftermath_pb2, effects_pb2

from tests.doors import caller
from tests.service.accountability import scene as s
from tests.service.accountability.appealing import door_of, lodged, outcome, recorded, sanction_on_record
from tests.service.accountability.scene import ANOTHER_DECIDER, OFFICE, Scene
from tests.service.accountability.test_second_instance import decision, organ_decision

CHANGED = aftermath_pb2.APPEAL_STATE_CHANGED


def periods(scene: Scene) -> dict[str, tuple[str, str]]:
    """From when to when the clerk's measures hold that were not revoked."""
    asked = effects_pb2.EffectsOfRequest(official_id=s.CLERK)
    found = scene.door.call(scene.effects.EffectsOf, asked, OFFICE).effects
    revoked = effects_pb2.EFFECT_STATE_REVOKED
    return {one.measure: (one.starts_on, one.ends_on) for one in found if one.state != revoked}


def later(scene: Scene, days: int) -> str:
    """So many days later; says which day that is."""
    scene.door.clock.advance(timedelta(days=days))  # type: ignore[attr-defined]
    return scene.door.clock.today().isoformat()


def test_a_measure_changed_months_later_counts_from_the_first_decision(scene: Scene) -> None:
    case, against = sanction_on_record(scene)
    filed = lodged(scene, case, against)
    assert periods(scene) == {"demerit": ("2026-11-16", "2027-11-16")}
    recorded(scene, filed, CHANGED, measures=["warning"], decided_on=later(scene, 240))
    assert periods(scene) == {"warning": ("2026-11-16", "2027-05-16")}


def test_a_lighter_measure_never_lasts_longer_than_the_one_it_replaces(scene: Scene) -> None:
    """An efficiency caution bars for six months; the circulated criticism put in its place would bar for twelve."""
    filed = lodged(scene, scene.served(scene.decided("efficiency_caution")))
    later(scene, 20)
    request = decision(filed, outcome=CHANGED, measures=["circulated_criticism"])
    scene.door.call(scene.aftermath.DecideAppeal, request, ANOTHER_DECIDER)
    assert periods(scene) == {"circulated_criticism": ("2026-11-16", "2027-05-16")}


def test_what_replaces_a_measure_without_a_period_runs_from_the_appeals_decision(scene: Scene) -> None:
    case, against = organ_decision(scene)
    filed = lodged(scene, case, against)
    recorded(scene, filed, CHANGED, measures=["admonition_talk"], decided_on=later(scene, 20), decided_by="清河市住房局")
    assert periods(scene) == {"admonition_talk": ("2026-12-06", "2027-06-06")}


def test_an_outcome_before_the_decision_was_received_is_refused(scene: Scene) -> None:
    case, against = sanction_on_record(scene)
    day = later(scene, 10)
    filed = lodged(scene, case, against, received_on=day)
    early = outcome(filed, aftermath_pb2.APPEAL_STATE_UPHELD, decided_on="2026-11-25")
    refused = scene.door.refused(door_of(scene).RecordAppealOutcome, early, OFFICE)
    assert (refused.reason, refused.field) == ("DECIDED_BEFORE_APPEAL", "decided_on")
    assert day in refused.sentence
    assert recorded(scene, filed, aftermath_pb2.APPEAL_STATE_UPHELD, decided_on=day).decided_by


def test_a_party_does_not_record_what_became_of_an_appeal(scene: Scene) -> None:
    case, against = sanction_on_record(scene)
    filed = lodged(scene, case, against)
    party = caller("office", jurisdiction=s.CITY, subject="office-clerk", official_id=s.CLERK)
    request = outcome(filed, aftermath_pb2.APPEAL_STATE_REVOKED)
    assert scene.door.refused(door_of(scene).RecordAppealOutcome, request, party).reason == "RECUSED"
