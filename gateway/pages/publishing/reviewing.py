"""A reviewer grades the complaint that was dealt to them: one grade for each question."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from chassis.clock import new_id
from gateway.pages.frame.visit import Visit
from gateway.pages.publishing.kinds import ITEM
from gateway.refusals import Refused
from gateway.transcode import Malformed


async def review(visit: Visit) -> Response:
    """The complaint beside the questions; what was picked stays when it is refused."""
    ref, item = visit.ref("ref"), await ITEM.read(visit)
    await visit.learn(item)
    picked = {one["question"]: str(visit.form.get(f"grade.{one['question']}", "")) for one in item["questions"]}
    remark, sentence, status = str(visit.form.get("remark", "")), "", 200
    if visit.request.method == "POST":
        grades = [{"question": name, "grade": int(grade)} for name, grade in picked.items() if grade.isdigit()]
        command = {
            "review_item_id": ref,
            "expected_version": str(visit.form.get("expected_version") or item["version"]),
            "request_id": str(visit.form.get("request_id") or new_id(visit.site.clock)),
        }
        try:
            await visit.ask("complaints.ReviewHandling", **command, grades=grades, remark=remark)
            return RedirectResponse(f"{ITEM.path}/{ref}?done=ReviewHandling", 303)
        except (Refused, Malformed) as wrong:
            told = wrong.sentence if isinstance(wrong, Refused) else ""
            sentence, status = told or visit.t("grades_incomplete"), 400
    values = {"picked": picked, "remark": remark, "sentence": sentence, "request_id": str(new_id(visit.site.clock))}
    return visit.site.page(visit, "publishing/grade.html", status, record=item, ref=ref, **values)
