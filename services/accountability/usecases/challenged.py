"""What an appeal is against, and the route it runs on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from chassis.clock import local_day
from chassis.db import Resource
from chassis.errors import Conflict, Invalid
from chassis.store import Tx
from chassis.tx import is_id
from services.accountability.domain.appeals import Appeal, Challenged
from services.accountability.domain.case import Case, Party
from services.accountability.domain.effects import Effect
from services.accountability.domain.routes import Route, route_of
from services.accountability.rules.measures import OFFICE
from services.accountability.storage.beside import TRACK_DECISIONS
from services.accountability.storage.tables import PROPOSALS, RECOMMENDATIONS

T = TypeVar("T")


def is_of(one: Effect, party: Party, filed: Appeal) -> bool:
    """Whether an effect is one of the decision an appeal is against."""
    whose = (one.official_id, one.unit_path, one.organ)
    return whose == (party.official_id, party.unit_path, filed.organ) and one.measure in filed.measures


def _row(tx: Tx, resource: Resource[T], id: str) -> T | None:
    return tx.find(resource, resource.table.c.id == id) if is_id(id) else None


def challenged_by(tx: Tx, case: Case, party: Party, against_id: str, received_on: date | None) -> Challenged:
    """What an appeal is against: the office's decision, or what an organ decided and is on record."""
    if not against_id:
        if party.served_at is None:
            raise Conflict("NOT_SERVED", "party_id")
        served = local_day(party.served_at)
        return Challenged(party.id, "", OFFICE, party.measures, served, served)
    sent, told = _row(tx, RECOMMENDATIONS, against_id), _row(tx, TRACK_DECISIONS, against_id)
    if sent is not None and sent.decided_on is not None:
        organ, measures, on, where = sent.organ, sent.decided_measures, sent.decided_on, (sent.case_id, sent.party_id)
    elif told is not None:
        organ, measures, on, where = told.organ, told.measures, told.decided_on, (told.case_id, told.party_id)
    else:
        raise Conflict("AGAINST_NOTHING", "against_id")
    if where != (case.id, party.id) or not measures:
        raise Conflict("AGAINST_NOTHING", "against_id")
    if received_on is None:
        raise Invalid("RECEIVED_ON_MISSING", "received_on")
    return Challenged(party.id, against_id, organ, measures, on, received_on)


def route_against(tx: Tx, case: Case, party: Party, organ: str, measures: Sequence[str]) -> Route:
    """The route against a decision: the one the row that governed names, if it is open against that organ."""
    named = party.appeal_route
    if organ != OFFICE and case.proposal_id:
        said = tx.get(PROPOSALS, case.proposal_id).said_of(party.id)
        offered = said.ranges if said is not None else ()
        named = next((one.appeal for one in offered if {offer.measure for offer in one.offers} & set(measures)), "")
    found = route_of(tx.setting("appeal_routes", case.jurisdiction_path), named, organ, party.subject_kind)
    if found is None:
        raise Conflict("NO_APPEAL_ROUTE", "party_id")
    return found


def route_named(tx: Tx, case: Case, one: Appeal, known: Mapping[str, Any] | None = None) -> Route:
    """The route an appeal runs on; one from before routes were kept has the one its party would get.

    `known` are the routes of the case's jurisdiction, where they were read already.
    """
    routes = tx.setting("appeal_routes", case.jurisdiction_path) if known is None else known
    if one.route in routes:
        return Route.of(one.route, routes[one.route])
    return route_against(tx, case, case.party(one.party_id), one.organ, one.measures)
