"""Following one's complaint by its receipt code, and what its holder may do: answer, add, rate, withdraw."""

from __future__ import annotations

from starlette.responses import Response

from chassis.clock import new_id
from gateway.pages.frame.forms import Form, message, typed
from gateway.pages.frame.ledger import maker
from gateway.pages.frame.life import line
from gateway.pages.frame.visit import Visit
from gateway.pages.public import roads
from gateway.pages.public.device import known_again
from gateway.refusals import Refused
from gateway.transcode import Malformed

ROAD = ("STAGE_RECEIVED", "STAGE_ACCEPTED", "STAGE_HANDLING", "STAGE_REPORTED", "STAGE_CLOSED")
BEHIND = {
    "STAGE_REGISTERED": "STAGE_ACCEPTED",
    "STAGE_SUBMITTED": "STAGE_ACCEPTED",
    "STAGE_BOUNCED": "STAGE_HANDLING",
    "STAGE_SENT_BACK": "STAGE_HANDLING",
    "STAGE_ARCHIVED": "STAGE_CLOSED",
}
"""Steps inside the house that somebody outside is shown as the step before."""
ACTS = ("AnswerQuestion", "RateHandling", "AskForSecondHandling", "AddEvidence", "WithdrawComplaint")


async def follow(visit: Visit) -> Response:
    code = str(visit.form.get("receipt_code", "")).strip()
    if visit.request.method == "GET":
        return await known_again(visit, visit.site.page(visit, "public/follow.html", code="", sentence=""))
    act = str(visit.form.get("act", ""))
    if act in ACTS:
        return await _act(visit, code, act)
    try:
        answer = await visit.ask("complaints.FollowComplaint", receipt_code=code)
    except (Refused, Malformed) as wrong:
        return visit.site.page(visit, "public/follow.html", 400, code=code, sentence=_sentence(visit, wrong))
    return await _followed(visit, answer["complaint"], code)


async def _act(visit: Visit, code: str, act: str) -> Response:
    form = _form(visit, act)
    values = typed(form, visit.form)
    request_id = str(visit.form.get("request_id") or new_id(visit.site.clock))
    try:
        answer = await visit.ask(f"complaints.{act}", **message(form, values), receipt_code=code, request_id=request_id)
    except (Refused, Malformed) as wrong:
        refusal = wrong if isinstance(wrong, Refused) else Refused(400, "MALFORMED_REQUEST", str(wrong))
        shown = form.with_values(values).refused(refusal, _sentence(visit, wrong))
        current = await visit.ask("complaints.FollowComplaint", receipt_code=code)
        return await _followed(visit, current["complaint"], code, faulty={act: shown}, status=400)
    return await _followed(visit, answer["complaint"], code, done=act)


def _form(visit: Visit, act: str) -> Form:
    return maker(visit).make(visit.site.contracts.rpc(f"complaints.{act}"), without=("receipt_code",))


def _sentence(visit: Visit, wrong: Refused | Malformed) -> str:
    if isinstance(wrong, Malformed):
        return visit.t("status.400")
    if wrong.status == 400:
        return visit.t("code_not_known")
    return wrong.sentence or visit.site.words.refusal(wrong.reason, wrong.status, visit.language)


async def _followed(
    visit: Visit,
    complaint: dict[str, object],
    code: str,
    faulty: dict[str, Form] | None = None,
    done: str = "",
    status: int = 200,
) -> Response:
    stage = str(complaint["stage"])
    steps: list[dict[str, str]] = complaint["steps"]  # type: ignore[assignment]
    passed = {BEHIND.get(one["stage"], one["stage"]): (one["at"], "") for one in reversed(steps)}
    may = complaint["next"]
    forms = {act: (faulty or {}).get(act) or _form(visit, act) for act in ACTS if act in may}  # type: ignore[operator]
    told = await roads.known(visit) if complaint["road"] else []
    return visit.site.page(
        visit,
        "public/followed.html",
        status,
        roads=[one for one in told if one["id"] == complaint["road"]],
        complaint=complaint,
        code=code,
        forms=forms,
        done=done,
        life=line(visit, "Stage", ROAD, BEHIND.get(stage, stage), passed),
        request_id=str(new_id(visit.site.clock)),
    )
