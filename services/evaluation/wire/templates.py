"""Templates as messages."""

from __future__ import annotations

from zhengfeng.evaluation.v1 import plan_pb2
from zhengfeng.evaluation.v1 import templates_pb2 as pb

from services.evaluation.domain.draft import Template, TemplateGroup
from services.evaluation.domain.plan import Plan
from services.evaluation.wire.plans import plan_message, taken_message
from services.evaluation.wire.words import value


def template_message(template: Template, plan: Plan) -> pb.CampaignTemplate:
    """A template with what a campaign made from it says; the end is for the organiser to name."""
    says = plan_message(plan)
    says.ClearField("closes_at")
    return pb.CampaignTemplate(
        key=template.key,
        name_zh=template.name.zh,
        name_en=template.name.en,
        about_zh=template.about.zh,
        about_en=template.about.en,
        source=template.source,
        plan=says,
        object_groups=[_group(group) for group in template.objects],
        days=template.days,
        code_per_object=template.code_per_object,
        next_round=template.next_round,
    )


def _group(group: TemplateGroup) -> pb.TemplateGroup:
    return pb.TemplateGroup(
        key=group.key,
        name=group.name,
        kind=value(plan_pb2.ObjectKind, group.kind),  # type: ignore[arg-type]
        picked_by=value(pb.PickedBy, group.picked_by),  # type: ignore[arg-type]
        unit_kinds=group.unit_kinds,
        post_kinds=group.post_kinds,
        taken=None if group.taken is None else taken_message(group.taken),
    )
