"""One matter, two cases: the one not yet filed joins the other, which goes on with everything both came from."""

from __future__ import annotations

from dataclasses import replace

from chassis.errors import Conflict, Invalid
from services.accountability.domain.case import Case, Party
from services.accountability.domain.states import AT_WORK, JOINABLE, CaseState, require


def join(case: Case, into: Case) -> tuple[Case, Case]:
    """The joined case, ended, and the one that goes on with its origins, triggers and people.

    Nothing established is lost: before filing nobody has established anything.
    """
    if case.id == into.id:
        raise Invalid("JOINED_INTO_ITSELF", "into_case_id")
    require(case.state, *JOINABLE)
    require(into.state, *AT_WORK)
    if case.jurisdiction_path != into.jurisdiction_path:
        raise Conflict("JOIN_ACROSS_JURISDICTIONS", "into_case_id", jurisdiction=into.jurisdiction_path)
    origins = tuple(dict.fromkeys((*into.origins, *case.origins)))
    triggers = tuple(dict.fromkeys((*into.triggers, *case.triggers)))
    known = {_who(party) for party in into.parties}
    added = tuple(party for party in case.parties if _who(party) not in known and _answers(party, into))
    question = into.leader_question
    asked = tuple(dict.fromkeys((*question.triggers, *case.leader_question.triggers)))
    still_answered = question.answered and set(asked) <= set(question.triggers)
    goes_on = into.next(
        origins=origins,
        triggers=triggers,
        parties=(*into.parties, *added),
        leader_question=replace(question, triggers=asked, answered=still_answered),
    )
    return case.next(state=CaseState.JOINED, joined_into=into.id), goes_on


def _who(party: Party) -> tuple[str, str]:
    return party.official_id, "" if party.official_id else party.unit_path


def _answers(party: Party, into: Case) -> bool:
    """A unit stands in where nobody is named: it does not join people who are."""
    return not party.released and bool(party.official_id or not any(one.official_id for one in into.answering))
