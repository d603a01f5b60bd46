"""Media exposures, from the page or programme to the promise kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import cast

import sqlalchemy as sa
from zhengfeng.common.v1 import access_pb2
from zhengfeng.complaints.v1 import commitments_pb2, media_pb2

from chassis.auth import Caller
from chassis.clock import local_day
from chassis.store import Tx, under
from services.complaints.domain import media
from services.complaints.domain.media import Exposure, ExposureState, SeenExposure, Step, TakenStep, Told
from services.complaints.domain.recusal import check_place
from services.complaints.domain.stages import Conclusion
from services.complaints.storage import COMPLAINTS
from services.complaints.storage.aftermath import EXPOSURE_STEPS, EXPOSURES
from services.complaints.usecases.desk import SYSTEM, Desk
from services.complaints.usecases.publishing import number_of
from services.complaints.usecases.turning import in_chunks

SERVICE = Caller.service("complaints", "track_commitments")
_T, _S = EXPOSURES.table, EXPOSURE_STEPS


class MediaCases:
    """Recording, verifying, following, promising, settling."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def record(self, caller: Caller, told: Told) -> Exposure:
        """Enters it."""
        with self._desk.store.begin(caller) as tx:
            if tx.answered:
                return cast(Exposure, tx.answered)
            media.check_past(told.exposed_on, "exposed_on", tx.now)
            self._desk.neighbours.check_jurisdiction(tx, told.jurisdiction_path, "jurisdiction_path")
            self._desk.neighbours.check_unit(tx, told.unit_path, "unit_path")
            check_place(told.unit_path, told.jurisdiction_path)
            if told.complaint_id:
                tx.get(COMPLAINTS, told.complaint_id)
            exposure = Exposure(
                id=tx.new_id(),
                version=1,
                unit_path=told.unit_path,
                jurisdiction_path=told.jurisdiction_path,
                number=number_of(tx, "曝光", "exposures"),
                state=ExposureState.RECORDED,
                medium=told.medium,
                headline=told.headline,
                place=told.place,
                exposed_on=told.exposed_on,
                complaint_id=told.complaint_id,
                recorded_by=caller.subject,
                recorded_at=tx.now,
            )
            tx.add(EXPOSURES, exposure)
            self._enter(tx, Step(exposure, "record", told.exposed_on, ""), caller.subject)
            return tx.answer(exposure)

    def verify(self, caller: Caller, exposure_id: str, version: int, conclusion: Conclusion, text: str) -> Exposure:
        """What checking established."""
        return self._act(caller, exposure_id, version, lambda tx, one: media.verify(one, conclusion, text, tx.now))

    def follow(self, caller: Caller, exposure_id: str, version: int, day: date, text: str) -> Exposure:
        """How the media follow it."""
        return self._act(caller, exposure_id, version, lambda tx, one: media.follow(one, day, text, tx.now))

    def interview(self, caller: Caller, exposure_id: str, version: int, day: date, leader: str, text: str) -> Exposure:
        """A leader answered the media."""
        return self._act(caller, exposure_id, version, lambda tx, one: media.interview(one, day, leader, text, tx.now))

    def commit(self, caller: Caller, exposure_id: str, version: int, commitment: str, due_on: date) -> Exposure:
        """What was promised in public."""
        return self._act(caller, exposure_id, version, lambda tx, one: media.commit(one, commitment, due_on, tx.now))

    def settle(self, caller: Caller, exposure_id: str, version: int, kept: bool, proof: str, text: str) -> Exposure:
        """Kept with proof, or broken."""
        return self._act(caller, exposure_id, version, lambda tx, one: media.settle(one, kept, proof, text, tx.now))

    def close(self, caller: Caller, exposure_id: str, version: int, text: str) -> Exposure:
        """Nothing more follows."""
        return self._act(caller, exposure_id, version, lambda tx, one: media.close(one, text, tx.now))

    def get(self, caller: Caller, exposure_id: str) -> SeenExposure:
        """One with its steps."""
        with self._desk.store.read(caller) as tx:
            found = tx.get(EXPOSURES, exposure_id)
            rows = tx.rows(sa.select(_S).where(_S.c.exposure_id == found.id).order_by(_S.c.version))
        steps = tuple(TakenStep(row.at, row.act, row.actor, row.day, row.text) for row in rows)
        return SeenExposure(found, steps, next_acts(found, caller))

    def page(
        self, caller: Caller, state: ExposureState | None, unit_path: str, size: int, token: str
    ) -> tuple[list[Exposure], str]:
        """A page, the newest first."""
        with self._desk.store.read(caller) as tx:
            query = sa.select(_T).where(tx.visible(_T))
            if state is not None:
                query = query.where(_T.c.state == state)
            if unit_path:
                query = query.where(under(_T.c.unit_path, unit_path))
            page = tx.page(query, (_T.c.recorded_at, _T.c.id), size, token)
            return [EXPOSURES.value(row) for row in page.rows], page.next_token

    def track(self) -> int:
        """Commitments whose last day has passed without proof are broken from then on; says how many."""
        return in_chunks(self._overrun, self._break, "commitment.not_settled")

    def _overrun(self, most: int) -> list[str]:
        with self._desk.store.read(SERVICE) as tx:
            query = sa.select(_T.c.id).where(*_over(tx)).order_by(_T.c.id).limit(most)
            return [row.id for row in tx.rows(query)]

    def _break(self, overrun: Sequence[str]) -> int:
        with self._desk.store.begin(SERVICE) as tx:
            rows = tx.rows(sa.select(_T).where(_T.c.id.in_(overrun), *_over(tx)))
            for exposure in [EXPOSURES.value(row) for row in rows]:
                step = media.overrun(exposure, tx.now)
                tx.save(EXPOSURES, step.exposure)
                self._enter(tx, step, SYSTEM)
            return len(rows)

    def _act(self, caller: Caller, exposure_id: str, version: int, does: Callable[[Tx, Exposure], Step]) -> Exposure:
        with self._desk.store.begin(caller) as tx:
            if tx.answered:
                return cast(Exposure, tx.answered)
            step = does(tx, tx.get(EXPOSURES, exposure_id, version))
            tx.save(EXPOSURES, step.exposure)
            self._enter(tx, step, caller.subject)
            return tx.answer(step.exposure)

    def _enter(self, tx: Tx, step: Step, by: str) -> None:
        row = {"exposure_id": step.exposure.id, "version": step.exposure.version, "at": tx.now, "act": step.act}
        tx.insert(EXPOSURE_STEPS, {**row, "actor": by, "day": step.day, "text": step.text})
        if step.fact is not None:
            tx.emit(step.fact)


def _over(tx: Tx) -> tuple[sa.ColumnElement[bool], ...]:
    return _T.c.state == ExposureState.COMMITTED, _T.c.commitment_due_on < local_day(tx.now)


def next_acts(exposure: Exposure, caller: Caller) -> tuple[str, ...]:
    """What the caller may do with it now: its life and the roles of each rpc, read from where they are declared."""
    allowed = {}
    for file in (media_pb2, commitments_pb2):
        for service in file.DESCRIPTOR.services_by_name.values():
            for method in service.methods:
                access = method.GetOptions().Extensions[access_pb2.access]
                roles = [access_pb2.Role.Name(role).removeprefix("ROLE_").lower() for role in access.jurisdiction]
                allowed[method.name] = roles
    return tuple(act for act, states in media.ACTS.items() if exposure.state in states and caller.has(*allowed[act]))
