"""The two forms that need more than the fields of their rpc: who investigates, and what is decided for each party."""

from __future__ import annotations

from typing import Any

from starlette.responses import RedirectResponse, Response

from chassis.clock import new_id
from gateway.pages.cases.acts import CASE
from gateway.pages.cases.investigators import Investigators
from gateway.pages.cases.record import conducts, proposal_by_party
from gateway.pages.frame.visit import Visit
from gateway.refusals import Refused
from gateway.transcode import Malformed

INVESTIGATORS = 2


async def decide(visit: Visit) -> Response:
    """A choice for each party from the range the rules propose; anything else needs a written reason."""
    case = await CASE.read(visit)
    if not case["proposal_id"]:
        raise Refused(409, "NO_PROPOSAL", "")
    answer = await visit.ask("accountability.ExplainProposal", proposal_id=case["proposal_id"])
    await visit.learn(case, answer)
    visit.names |= {one["id"]: visit.name(one["official_id"] or one["unit_path"]) for one in case["parties"]}
    proposal = proposal_by_party(answer)
    choices = [_choice(visit, ref) for ref in proposal]
    made = [one for one in choices if one["measures"] or one["reason"]]
    return await case_form(
        visit,
        case,
        "accountability.Decide",
        "cases/decide.html",
        proposal=proposal,
        conduct_of=conducts(case),
        parties={one["id"]: one for one in case["parties"]},
        typed={one["party_id"]: one for one in choices},
        command={"proposal_id": case["proposal_id"], "choices": made},
    )


def _choice(visit: Visit, party: str) -> dict[str, Any]:
    measures = [str(one) for one in visit.form.getlist(f"measures.{party}")]
    asked = {one: str(visit.form.get(f"months.{party}.{one}", "")).strip() for one in measures}
    periods = [{"measure": one, "months": int(text)} for one, text in asked.items() if text.isdecimal()]
    reason = str(visit.form.get(f"reason.{party}", "")).strip()
    return {"party_id": party, "measures": measures, "periods": periods, "reason": reason}


async def assign(visit: Visit) -> Response:
    """Two people chosen by name; the official behind each account goes along, so that recusal can be checked."""
    case = await CASE.read(visit)
    here = await Investigators.here(visit)
    chosen = [str(visit.form.get(f"account{place}", "")) for place in range(INVESTIGATORS)]
    return await case_form(
        visit,
        case,
        "accountability.AssignInvestigators",
        "cases/assign.html",
        chosen=chosen,
        people=here.options(),
        command={"investigators": [here.person(account) for account in chosen]},
    )


async def case_form(
    visit: Visit, case: dict[str, Any], rpc: str, template: str, command: dict[str, Any], **values: Any
) -> Response:
    """Shows a form made for one act of a case, or sends its command and goes back to the case."""
    ref, sentence, status = visit.ref("ref"), "", 200
    if not visit.may(rpc):
        raise Refused(404, "NO_SUCH_PAGE", "")
    if visit.request.method == "POST":
        try:
            await visit.ask(rpc, **command, case_id=ref, **_seen(visit, case))
            return RedirectResponse(f"/cases/{ref}?done={rpc.partition('.')[2]}", 303)
        except (Refused, Malformed) as wrong:
            told = [] if isinstance(wrong, Malformed) else [violation.detail for violation in wrong.violations]
            said = "" if isinstance(wrong, Malformed) else wrong.sentence
            sentence, status = " ".join(dict.fromkeys(filter(None, [*told, said]))) or visit.t("status.400"), 400
    return visit.site.page(
        visit,
        template,
        status,
        case=case,
        version=_seen(visit, case)["expected_version"],
        ref=ref,
        rpc=rpc,
        sentence=sentence,
        request_id=str(new_id(visit.site.clock)),
        **values,
    )


def _seen(visit: Visit, case: dict[str, Any]) -> dict[str, str]:
    return {
        "expected_version": str(visit.form.get("expected_version") or case["version"]),
        "request_id": str(visit.form.get("request_id") or new_id(visit.site.clock)),
    }
