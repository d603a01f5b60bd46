"""Letters to raters: names and contacts opened from their seal for a stated purpose, beside the codes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from chassis.auth import Caller
from chassis.errors import NotFound
from services.evaluation.domain.rater import Letter, Opening
from services.evaluation.storage import register
from services.evaluation.storage.register import OPENINGS
from services.evaluation.usecases import entering
from services.evaluation.usecases.desk import Desk
from services.evaluation.usecases.entering import BATCH


class LetterCases:
    """What is printed for raters. Codes are derived anew and names opened for one answer; nothing of a letter is kept."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def print(
        self, caller: Caller, campaign_id: str, issue: str, rater_group: str, purpose: str, after: str, at_most: int
    ) -> Iterator[list[Letter]]:
        """Letters of the codes issued under a request, in batches. Each batch is written down before it is shown, and its
        codes are in the box then. Once the box is closed a code is of no use and no name is opened for it."""
        campaign = self._desk.campaign(caller, campaign_id)
        campaign.must_take_raters()
        printed = 0
        while not at_most or printed < at_most:
            size = min(BATCH, at_most - printed) if at_most else BATCH
            with self._desk.register.begin(caller) as tx:
                rows = register.to_print(tx, campaign_id, f"{caller.subject}/{issue}", rater_group, after, size)
                if rows:
                    register.note_opening(tx, campaign_id, rater_group, purpose, len(rows))
                    places = {"unit_path": campaign.unit_path, "jurisdiction_path": campaign.jurisdiction_path}
                    tx.note("raters", campaign_id, "names_opened", **places)
            if not rows:
                break
            codes = entering.enter(self._desk, caller, campaign_id, rows)
            yield [self._letter(row, one.code) for row, one in zip(rows, codes, strict=True)]
            printed += len(rows)
            after = rows[-1].reference
        if not printed:
            raise NotFound("NO_LETTERS", "issue")

    def openings(self, caller: Caller, campaign_id: str, size: int, token: str) -> tuple[Sequence[Opening], str]:
        """When names were opened, by whom and what for, the latest first."""
        self._desk.campaign(caller, campaign_id)
        with self._desk.register.read(caller) as tx:
            page = tx.page(register.openings(campaign_id), (OPENINGS.c.opened_at, OPENINGS.c.id), size, token)
        return [
            Opening(row.id, row.opened_at, row.by, row.rater_group, row.purpose, row.names) for row in page.rows
        ], page.next_token

    def _letter(self, row: Any, code: str) -> Letter:
        personal = json.loads(self._desk.keys.open_record(row.sealed, row.sealed_key))
        whom = (row.id, row.reference, row.rater_group, personal["name"], personal["contact"])
        return Letter(*whom, code, row.object_id)
