"""Plans between protobuf and domain. What a message leaves out stays None in a draft's customs."""

from __future__ import annotations

from fractions import Fraction

from zhengfeng.evaluation.v1 import formula_pb2 as pb
from zhengfeng.evaluation.v1 import plan_pb2

from services.evaluation.domain.draft import Customs, Draft
from services.evaluation.domain.formula import (
    Cause,
    EmptyGroup,
    Lines,
    PointsOff,
    PointsRule,
    Publication,
    Publish,
    ResultGrade,
    Revote,
    TieBreak,
    TieQuestion,
    Validity,
)
from services.evaluation.domain.plan import (
    Before,
    Dimension,
    End,
    Grade,
    ObjectGroup,
    ObjectKind,
    Plan,
    RatedObject,
    RaterGroup,
    Taken,
)
from services.evaluation.wire.words import decimal, exact, member, moment, timestamp, value


def draft(plan: plan_pb2.CampaignPlan) -> Draft:
    """The plan an organiser wrote down."""
    return Draft(
        title=plan.title,
        year=plan.year,
        jurisdiction_path=plan.jurisdiction_path,
        closes_at=moment(plan.closes_at, "plan.closes_at"),
        object_groups=tuple(_object_group(group) for group in plan.object_groups),
        dimensions=tuple(Dimension(one.key, one.name, one.weight) for one in plan.dimensions),
        rater_groups=tuple(
            RaterGroup(one.key, one.name, one.weight, one.quota, tuple(one.rates)) for one in plan.rater_groups
        ),
        dont_know=plan.dont_know if plan.HasField("dont_know") else None,
        live=plan.live if plan.HasField("live") else None,
        customs=_customs(plan),
        template=plan.template,
        statements=plan.statements if plan.HasField("statements") else None,
        follows=plan.follows,
    )


def _customs(plan: plan_pb2.CampaignPlan) -> Customs:
    return Customs(
        scale=tuple(_grade(grade) for grade in plan.scale) or None,
        validity=_validity(plan.validity) if plan.HasField("validity") else None,
        revote=member(Revote, pb.Revote, plan.revote),
        empty_group=member(EmptyGroup, pb.EmptyGroup, plan.empty_group),
        tie_chain=tuple(_tie(tie) for tie in plan.tie_chain) or None,
        suppress_below=plan.suppress_below or None,
        points_off=_points_off(plan.points_off) if plan.HasField("points_off") else None,
        lines=_lines(plan.lines) if plan.HasField("lines") else None,
        trim=exact(plan.trim),
        suite=plan.suite or None,
        publication=_publication(plan.publication) if plan.HasField("publication") else None,
    )


def _object_group(group: plan_pb2.ObjectGroup) -> ObjectGroup:
    objects = tuple(_rated(one) for one in group.objects)
    return ObjectGroup(group.key, group.name, objects, _taken(group.taken) if group.HasField("taken") else None)


def _taken(taken: plan_pb2.Taken) -> Taken:
    end = member(End, plan_pb2.End, taken.end)
    assert end is not None, "the contract lets no unspecified end in"
    return Taken(taken.object_group, end, taken.number)


def _rated(one: plan_pb2.RatedObject) -> RatedObject:
    kind = member(ObjectKind, plan_pb2.ObjectKind, one.kind) or ObjectKind.UNIT
    return RatedObject(one.object_id, one.unit_id, one.name, one.unit_path, kind, one.official_id)


def _grade(grade: pb.Grade) -> Grade:
    return Grade(grade.key, grade.name, Fraction(grade.points), grade.satisfied)


def _validity(rules: pb.ValidityRules) -> Validity:
    least = exact(rules.min_answered) or Fraction(0)
    return Validity(least, rules.straight_line_objects, rules.straight_lined_counts)


def _tie(tie: pb.TieBreak) -> TieBreak:
    question = member(TieQuestion, pb.TieQuestion, tie.question)
    assert question is not None, "the contract lets no unspecified question in"
    return TieBreak(question, tie.dimension)


def _points_off(tariff: pb.PointsOff) -> PointsOff:
    rules = tuple(_points_rule(rule) for rule in tariff.rules)
    return PointsOff(rules, exact(tariff.cap), exact(tariff.on_cap), tariff.above_scale)


def _points_rule(rule: pb.PointsRule) -> PointsRule:
    cause = member(Cause, pb.AdjustmentCause, rule.cause)
    assert cause is not None, "the contract lets no unspecified cause in"
    return PointsRule(cause, Fraction(rule.points), rule.source, rule.measure, exact(rule.cap))


def _lines(lines: pb.Lines) -> Lines:
    return Lines(
        grades=tuple(
            ResultGrade(one.key, one.name, Fraction(getattr(one, "from")), one.unsatisfied) for one in lines.grades
        ),
        last_below=exact(lines.last_below) or Fraction(0),
        commended_from=exact(lines.commended_from) or Fraction(0),
        decimals=lines.decimals,
        deviations=exact(lines.deviations) or Fraction(0),
    )


def _publication(publication: pb.Publication) -> Publication:
    what = member(Publish, pb.Publish, publication.what)
    assert what is not None, "the contract lets no unspecified publication in"
    return Publication(what, publication.objection_days)


def plan_message(plan: Plan) -> plan_pb2.CampaignPlan:
    """A complete plan as a message."""
    return plan_pb2.CampaignPlan(
        title=plan.title,
        year=plan.year,
        jurisdiction_path=plan.jurisdiction_path,
        closes_at=timestamp(plan.closes_at),
        object_groups=[_object_group_message(group) for group in plan.object_groups],
        dimensions=dimension_messages(plan),
        scale=grade_messages(plan),
        dont_know=plan.dont_know,
        rater_groups=[
            plan_pb2.RaterGroup(key=one.key, name=one.name, weight=one.weight, quota=one.quota, rates=one.rates)
            for one in plan.rater_groups
        ],
        validity=pb.ValidityRules(
            min_answered=decimal(plan.validity.min_answered),
            straight_line_objects=plan.validity.straight_line_objects,
            straight_lined_counts=plan.validity.straight_lined_counts,
        ),
        revote=value(pb.Revote, plan.revote),  # type: ignore[arg-type]
        empty_group=value(pb.EmptyGroup, plan.empty_group),  # type: ignore[arg-type]
        tie_chain=[
            pb.TieBreak(question=value(pb.TieQuestion, tie.question), dimension=tie.dimension)  # type: ignore[arg-type]
            for tie in plan.tie_chain
        ],
        suppress_below=plan.suppress_below,
        points_off=_points_off_message(plan.points_off),
        lines=_lines_message(plan.lines),
        live=plan.live,
        template=plan.template,
        statements=plan.statements,
        follows=plan.follows,
        trim=decimal(plan.trim),
        suite=plan.suite,
        publication=pb.Publication(
            what=value(pb.Publish, plan.publication.what),  # type: ignore[arg-type]
            objection_days=plan.publication.objection_days,
        ),
    )


def dimension_messages(plan: Plan) -> list[plan_pb2.Dimension]:
    """What is asked about every object."""
    return [plan_pb2.Dimension(key=one.key, name=one.name, weight=one.weight) for one in plan.dimensions]


def grade_messages(plan: Plan) -> list[pb.Grade]:
    """The scale, best grade first."""
    return [pb.Grade(key=one.key, name=one.name, points=decimal(one.points), satisfied=one.satisfied) for one in plan.scale]


def _object_group_message(group: ObjectGroup) -> plan_pb2.ObjectGroup:
    objects = [_rated_message(one) for one in group.objects]
    taken = None if group.taken is None else taken_message(group.taken)
    return plan_pb2.ObjectGroup(key=group.key, name=group.name, objects=objects, taken=taken)


def taken_message(taken: Taken) -> plan_pb2.Taken:
    """Which objects of the round before."""
    end = value(plan_pb2.End, taken.end)
    return plan_pb2.Taken(object_group=taken.object_group, end=end, number=taken.number)  # type: ignore[arg-type]


def _before_message(before: Before) -> plan_pb2.Before:
    return plan_pb2.Before(
        number=before.number,
        object_group=before.object_group,
        rank=before.rank,
        of=before.of,
        score=before.score,
        grade=before.grade,
    )


def _rated_message(one: RatedObject) -> plan_pb2.RatedObject:
    return plan_pb2.RatedObject(
        object_id=one.object_id,
        unit_id=one.unit_id,
        name=one.name,
        unit_path=one.unit_path,
        kind=value(plan_pb2.ObjectKind, one.kind),  # type: ignore[arg-type]
        official_id=one.official_id,
        before=None if one.before is None else _before_message(one.before),
    )


def _points_off_message(tariff: PointsOff) -> pb.PointsOff:
    rules = [
        pb.PointsRule(
            cause=value(pb.AdjustmentCause, rule.cause),  # type: ignore[arg-type]
            measure=rule.measure,
            points=decimal(rule.points),
            cap=decimal(rule.cap),
            source=rule.source,
        )
        for rule in tariff.rules
    ]
    on_cap = decimal(tariff.on_cap)
    return pb.PointsOff(rules=rules, cap=decimal(tariff.cap), on_cap=on_cap, above_scale=tariff.above_scale)


def _lines_message(lines: Lines) -> pb.Lines:
    grades = [
        pb.ResultGrade(key=one.key, name=one.name, unsatisfied=one.unsatisfied, **{"from": decimal(one.start)})
        for one in lines.grades
    ]
    return pb.Lines(
        grades=grades,
        last_below=decimal(lines.last_below),
        commended_from=decimal(lines.commended_from),
        decimals=lines.decimals,
        deviations=decimal(lines.deviations),
    )
