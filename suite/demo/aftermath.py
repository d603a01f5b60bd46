"""What follows the demonstration's complaints: told, published, exposed by a newspaper, reviewed by third parties, reported.

Each of these is a few steps on the days on which they would be taken, beside the complaints' own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, timedelta
from typing import TYPE_CHECKING, Any

from google.protobuf.timestamp_pb2 import Timestamp
from zhengfeng.complaints.v1 import (
    bulletins_pb2,
    commitments_pb2,
    events_pb2,
    media_pb2,
    publishing_pb2,
    review_items_pb2,
    reviews_pb2,
    second_pb2,
    undertakings_pb2,
    upwards_pb2,
)
from zhengfeng.directory.v1 import officials_pb2, sessions_pb2

from suite.acting import Stage
from suite.demo.days import Days

if TYPE_CHECKING:
    from suite.demo.complaints import Told

CITY = "/qinghe"
Step = tuple[float, Callable[[], None]]


def steps(stage: Stage, days: Days, told: Mapping[str, Told]) -> list[Step]:
    """Everything that follows, each with how many days ago it is done. `told` are the complaints by their titles."""
    return [
        (40, lambda: _published(stage, told["热线反映：大厅取号机坏了半个月"])),
        (32, lambda: _drafted(stage, told["热线反映：老旧小区燃气报修三天没人来"])),
        (30, lambda: _asked_again(stage, told["夜间烧烤油烟扰民无人管"])),
        (28, lambda: _exposed(stage, days)),
        (20, lambda: _reviewed(stage, days)),
        (6, lambda: _undertaken(stage, days, told["不动产登记中心约号难，三周没有约到"])),
        (5, lambda: _beyond_power(stage, days, told["社保关系转移被来回推"])),
        (3, lambda: _just_exposed(stage, days)),
        (2, lambda: _bulletins(stage, days)),
    ]


def _draft(stage: Stage, one: Told, title: str, question: str, answer: str) -> Any:
    official = stage.as_("clerk")(officials_pb2.GetOfficialRequest(official_id=one.responsible())).official
    request = publishing_pb2.DraftAnswerRequest(
        complaint_id=one.id,
        title=title,
        question=question,
        answer=answer,
        category=one.story.category,
        names=[official.name],
    )
    return stage.as_("clerk")(request).publication


def _published(stage: Stage, one: Told) -> None:
    """Drafted, passed by another, released by a third; the hotline's answer is told by that."""
    answer = "已更换取号机并增设人工取号台，窗口负责人已作检查。今后设备停用超过半天，大厅同步公告并安排人工叫号。"
    draft = _draft(stage, one, "关于大厅取号机停用的答复", "有群众反映办事大厅取号机停用半个月。", answer)
    on: dict[str, Any] = {"publication_id": draft.publication_id, "expected_version": draft.version}
    passed = publishing_pb2.ReviewAnswerRequest(passed=True, opinion="内容属实，不涉及个人信息，同意公开。", **on)
    on["expected_version"] = stage.as_("office")(passed).publication.version
    stage.as_("publisher")(publishing_pb2.ReleaseAnswerRequest(**on))


def _drafted(stage: Stage, one: Told) -> None:
    """One more waits to be passed."""
    answer = "已完成检修并向住户致歉，值班电话改为双线。维修超过两小时未到的，由片区负责人到场。"
    _draft(stage, one, "关于燃气报修不及时的答复", "有群众反映报修三天无人上门。", answer)


def _asked_again(stage: Stage, one: Told) -> None:
    """The complainant asks for a second handling; the office has still to decide."""
    reason = "摊位只撤了一周，现在又摆出来了，油烟照旧。"
    stage.as_()(second_pb2.AskForSecondHandlingRequest(receipt_code=one.code, reason=reason))


def _undertaken(stage: Stage, days: Days, one: Told) -> None:
    """The unit cannot do it at once and says by when it will: a light of its own, yellow by now."""
    effect_by = (days.today() + timedelta(days=9)).isoformat()
    said = "增加预约号源并恢复现场取号，老年人免预约。"
    stage.as_("unit.natural-resources")(one.request(undertakings_pb2.UndertakeRequest, text=said, effect_by=effect_by))


def _beyond_power(stage: Stage, days: Days, one: Told) -> None:
    """What the city cannot solve goes to the province, whose receipt comes back the same day."""
    why = "跨省转移接续要由省级系统对接，本市无权限。"
    organ = "省人力资源和社会保障厅"
    sent = stage.as_("office")(one.request(upwards_pb2.ReportUpwardsRequest, reported_to=organ, text=why)).upward_report
    days.later(hours=1)
    receipt: dict[str, Any] = {"receipt_number": "人社收〔2026〕88号", "received_on": days.today().isoformat()}
    on: dict[str, Any] = {"upward_report_id": sent.upward_report_id, "expected_version": sent.version}
    stage.as_("clerk")(upwards_pb2.RecordUpwardReceiptRequest(**receipt, **on))


def _expose(stage: Stage, headline: str, medium: str, unit: str, day: date) -> Any:
    request = media_pb2.RecordExposureRequest(
        unit_path=f"{CITY}/{unit}",
        jurisdiction_path=CITY,
        medium=medium,
        headline=headline,
        place="第三版" if medium == "清河晚报" else "晚间新闻",
        exposed_on=day.isoformat(),
    )
    return stage.as_("clerk")(request).exposure


def _exposed(stage: Stage, days: Days) -> None:
    """A newspaper was right; the head is spoken to and promises in public what will be done by when."""
    office, today = stage.as_("office"), days.today()
    found = _expose(stage, "路灯黑了一个月，谁来管", "清河晚报", "urban-management", today - timedelta(days=2))
    on: dict[str, Any] = {"exposure_id": found.exposure_id, "expected_version": found.version}
    verified = media_pb2.VerifyExposureRequest(
        conclusion=events_pb2.CONCLUSION_ESTABLISHED, text="现场查看，七盏路灯不亮，报修登记后无人派单。", **on
    )
    on["expected_version"] = office(verified).exposure.version
    talked = commitments_pb2.RecordInterviewRequest(
        day=today.isoformat(), leader="分管副市长", text="要求限期修复并查清派单为何中断。", **on
    )
    on["expected_version"] = office(talked).exposure.version
    due = (today + timedelta(days=45)).isoformat()
    promise = "一个月内完成全部路灯普查，报修二十四小时内到场，结果在晚报公布。"
    office(commitments_pb2.RecordCommitmentRequest(commitment=promise, due_on=due, **on))


def _just_exposed(stage: Stage, days: Days) -> None:
    """One more that nobody has looked into yet."""
    _expose(stage, "窗口“午休”两小时，群众门外排队", "清河电视台", "human-resources", days.today() - timedelta(days=1))


def _reviewed(stage: Stage, days: Days) -> None:
    """A sample of what was closed, drawn by lot from a published number and graded by a supervisor; another is planned."""
    office, supervisor = stage.as_("office"), stage.as_("supervisor")
    about: dict[str, Any] = {
        "jurisdiction_path": CITY,
        "organisation": "清河市作风监督员",
        "closed_from": (days.today() - timedelta(days=60)).isoformat(),
        "closed_to": (days.today() - timedelta(days=1)).isoformat(),
        "reviewers": [supervisor(sessions_pb2.WhoAmIRequest()).person.account_id],
    }
    plan = office(reviews_pb2.PlanReviewRequest(wanted=2, **about)).review_sample
    days.later(hours=2)
    published = Timestamp()
    published.FromDatetime(days.now().astimezone(UTC))
    days.later(hours=1)
    drawn = reviews_pb2.DrawReviewSampleRequest(
        review_sample_id=plan.review_sample_id,
        expected_version=plan.version,
        seed="03 11 17 20 26 33 08",
        seed_source="当日公开开奖号码（演示）",
        seed_published_at=published,
    )
    sample = office(drawn).review_sample
    listed = review_items_pb2.ListReviewItemsRequest(review_sample_id=sample.review_sample_id)
    for item in supervisor(listed).review_items:
        _graded(supervisor, item.review_item_id)
    seen = office(reviews_pb2.GetReviewSampleRequest(review_sample_id=sample.review_sample_id)).review_sample
    on: dict[str, Any] = {"review_sample_id": seen.review_sample_id, "expected_version": seen.version}
    stage.as_("publisher")(reviews_pb2.PublishReviewRequest(**on))
    office(reviews_pb2.PlanReviewRequest(wanted=1, **about))


def _graded(supervisor: Any, item_id: str) -> None:
    item = supervisor(review_items_pb2.GetReviewItemRequest(review_item_id=item_id)).review_item
    grades = [
        review_items_pb2.ReviewGrade(question=asked.question, grade=5 - place % 2)
        for place, asked in enumerate(item.questions)
    ]
    supervisor(
        review_items_pb2.ReviewHandlingRequest(
            review_item_id=item_id, expected_version=item.version, grades=grades, remark="电话回访，群众表示问题已解决。"
        )
    )


def _bulletins(stage: Stage, days: Days) -> None:
    """The last whole month issued by the leader, the last whole week drafted."""
    today = days.today()
    month = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    week = today - timedelta(days=today.weekday() + 7)
    opening = "现将本期投诉受理、办理和群众评价情况通报如下。数字按期末统计，每个数字都注明了分母。"
    made = _bulletin(stage, bulletins_pb2.BULLETIN_PERIOD_MONTH, month, "作风投诉月报", opening)
    issued = bulletins_pb2.IssueComplaintBulletinRequest(
        complaint_bulletin_id=made.complaint_bulletin_id, expected_version=made.version
    )
    stage.as_("leader")(issued)
    _bulletin(stage, bulletins_pb2.BULLETIN_PERIOD_WEEK, week, "作风投诉周报", opening)


def _bulletin(stage: Stage, period: Any, since: date, title: str, opening: str) -> Any:
    request = bulletins_pb2.DraftComplaintBulletinRequest(
        period=period, since=since.isoformat(), jurisdiction_path=CITY, title=title, opening=opening
    )
    return stage.as_("office")(request).complaint_bulletin
