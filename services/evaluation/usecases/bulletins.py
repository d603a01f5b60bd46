"""Bulletins drafted, issued with a number, and given as files."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

import sqlalchemy as sa

from chassis.auth import Caller
from chassis.clock import local_day
from chassis.errors import Conflict, NotAllowed, NotFound
from chassis.store import Tx, under
from papers.documents import Document, Faces, Table, from_json, to_json
from papers.documents_fonts import Fonts
from papers.documents_pdf import pdf
from papers.documents_word import word
from papers.sheets import Column, SheetForm
from papers.sheets_write import workbook_bytes
from services.evaluation.bulletin import Told, write
from services.evaluation.domain.bulletin import Bulletin, BulletinFormat, BulletinState, File, Letterhead, Wanted
from services.evaluation.domain.campaign import Campaign, State
from services.evaluation.domain.formula import Publish
from services.evaluation.storage import box as boxes
from services.evaluation.storage import counts, objections
from services.evaluation.storage.bulletins import BULLETINS, next_place
from services.evaluation.storage.schema import CAMPAIGNS
from services.evaluation.usecases.desk import Desk
from services.evaluation.usecases.planning import must_be_yours


class BulletinCases:
    """What one can do with bulletins."""

    def __init__(self, desk: Desk) -> None:
        self._store = desk.box
        self._fonts = Fonts()

    def draft(self, caller: Caller, wanted: Wanted) -> Bulletin:
        """A draft; it is written anew from the results whenever it is looked at."""
        with self._store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            year, path = wanted.year, wanted.jurisdiction_path
            if wanted.campaign_id:
                campaign = tx.get(CAMPAIGNS, wanted.campaign_id)
                year, path = campaign.year, campaign.jurisdiction_path
            must_be_yours(tx, path, "jurisdiction_path")
            known = (BulletinState.DRAFT, wanted.title, wanted.campaign_id, year, wanted.opening, caller.subject, tx.now)
            made = Bulletin(tx.new_id(), 1, path, path, *known)
            _paper(tx, made)
            return tx.answer(tx.add(BULLETINS, made))

    def issue(self, caller: Caller, bulletin_id: str, expected_version: int, paper_hash: str) -> Bulletin:
        """Gives it its number and keeps it, if it is the paper that was read. The number is drawn last: a refusal takes
        none. Raises Conflict BULLETIN_CHANGED."""
        with self._store.begin(caller) as tx:
            if tx.answered:
                return tx.answered  # type: ignore[no-any-return]
            draft = tx.get(BULLETINS, bulletin_id, expected_version)
            draft.may_be_issued(caller.subject)
            paper, head, today = _paper(tx, draft), _letterhead(tx, draft.jurisdiction_path), local_day(tx.now)
            if _hash(paper) != paper_hash:
                raise Conflict("BULLETIN_CHANGED", "paper_hash")
            number = head.number(today.year, next_place(tx, head.series, today.year))
            issued = draft.issue(caller.subject, tx.now, number, to_json(replace(paper, number=number, day=today, mark="")))
            tx.save(BULLETINS, issued)
            return tx.answer(issued)

    def get(self, caller: Caller, bulletin_id: str) -> tuple[Bulletin, str]:
        """One of them, and the hash of what it says; empty for one that is issued, or cannot be written now."""
        with self._store.read(caller) as tx:
            found = tx.get(BULLETINS, bulletin_id)
            if found.state is BulletinState.ISSUED:
                return found, ""
            try:
                return found, _hash(_paper(tx, found))
            except (Conflict, NotAllowed, NotFound):
                return found, ""

    def page(self, caller: Caller, state: BulletinState | None, size: int, token: str) -> tuple[list[Bulletin], str]:
        """A page of bulletins and drafts, latest first, and the token of the next."""
        table = BULLETINS.table
        with self._store.read(caller) as tx:
            query = sa.select(table).where(tx.visible(table))
            if state is not None:
                query = query.where(table.c.state == state)
            page = tx.page(query, by=[table.c.id], size=size, token=token)
            return [BULLETINS.value(row) for row in page.rows], page.next_token

    def build(self, caller: Caller, bulletin_id: str, format: BulletinFormat) -> File:
        """It as a file. Setting takes a while and is done outside of any transaction."""
        with self._store.read(caller) as tx:
            found = tx.get(BULLETINS, bulletin_id)
            paper = from_json(found.paper) if found.paper else _paper(tx, found)
            if format is BulletinFormat.EXCEL:
                return File(_workbook(paper, found), paper.title, paper.number, format)
            faces = Faces.of(tx.setting(f"documents.faces.{format.value}", found.jurisdiction_path))
        content = pdf(paper, self._fonts, faces) if format is BulletinFormat.PDF else word(paper, faces)
        return File(content, paper.title, paper.number, format)


def _paper(tx: Tx, bulletin: Bulletin) -> Document:
    """The draft as the results stand. Raises Conflict CAMPAIGN_NOT_RELEASED, NOTHING_TO_REPORT, NO_LETTERHEAD; NotAllowed
    NOT_FOR_A_BULLETIN."""
    head = _letterhead(tx, bulletin.jurisdiction_path)
    if bulletin.campaign_id:
        campaigns = [tx.get(CAMPAIGNS, bulletin.campaign_id)]
        if campaigns[0].state in (State.CLOSED, State.COUNTED):
            raise Conflict("CAMPAIGN_NOT_RELEASED", "campaign_id", number=campaigns[0].number)
    else:
        campaigns = _of_the_year(tx, bulletin.year, bulletin.jurisdiction_path)
    return write(bulletin.title, bulletin.opening, [_told(tx, one) for one in campaigns], head)


def _hash(paper: Document) -> str:
    return sha256(to_json(paper).encode()).hexdigest()


def _of_the_year(tx: Tx, year: int, path: str) -> list[Campaign]:
    """Every campaign of a year that has a released result which is published, first things first."""
    table = CAMPAIGNS.table
    query = sa.select(table).where(table.c.year == year, under(table.c.jurisdiction_path, path), tx.visible(table))
    found = [CAMPAIGNS.value(row) for row in tx.rows(query.order_by(table.c.id))]
    told = [one for one in found if one.public and one.plan.publication.what is not Publish.NOT_PUBLIC]
    if not told:
        raise Conflict("NOTHING_TO_REPORT", "year", year=year)
    return told


def _told(tx: Tx, campaign: Campaign) -> Told:
    """What its last released count says, also while it is counted again."""
    kept = counts.last(tx, campaign.id, released=True)
    if kept is None:
        raise Conflict("CAMPAIGN_NOT_RELEASED", "campaign_id", number=campaign.number)
    if campaign.plan.publication.what is Publish.NOT_PUBLIC:
        raise NotAllowed("NOT_FOR_A_BULLETIN", "campaign_id", number=campaign.number)
    results = counts.results(tx, campaign.id, kept.count)
    entries = len({charge.adjustment_id for one in results for charge in one.charges})
    said = dict(objections.numbers(tx, campaign.id))
    return Told(campaign, kept, [one.row for one in results], said, boxes.latest_head(tx, campaign.id), entries)


def _letterhead(tx: Tx, jurisdiction_path: str) -> Letterhead:
    """Who writes for a jurisdiction; the nearest one above where it has none of its own."""
    try:
        return Letterhead(**tx.setting("bulletin.letterhead", jurisdiction_path))
    except KeyError:
        raise Conflict("NO_LETTERHEAD", "jurisdiction_path", jurisdiction=jurisdiction_path) from None


def _workbook(paper: Document, bulletin: Bulletin) -> bytes:
    """The tables of the paper, one sheet each."""
    sheets = []
    for place, table in enumerate((one for one in paper.blocks if isinstance(one, Table)), start=1):
        columns = tuple(Column(str(at), head, width=20) for at, head in enumerate(table.heads))
        sheets.append((SheetForm(f"表{place}", columns), table.lines))
    return workbook_bytes(sheets, bulletin.issued_at or bulletin.drafted_at)
