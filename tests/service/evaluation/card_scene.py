"""A campaign on paper behind evaluation's door: a design, cards for its raters, a clerk with a scanner, checkers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from PIL import Image
from zhengfeng.evaluation.v1 import (
    campaigns_pb2,
    card_audit_pb2,
    card_audit_pb2_grpc,
    card_mail_pb2,
    card_mail_pb2_grpc,
    card_runs_pb2,
    card_runs_pb2_grpc,
    keying_pb2,
    keying_pb2_grpc,
    scans_pb2,
    scans_pb2_grpc,
)

from chassis.clock import new_id
from chassis.settings import Setting
from services.evaluation.reader import Reader
from tests.doors import Door, caller
from tests.service.evaluation.campaigns import CITY, ORGANISER, REGISTRAR, City
from tests.service.evaluation.tiny_cards import Rows, Ticked, TinyReader, file, sides

CLERK = caller("checker", jurisdiction=CITY, subject="clerk")
LI, WANG, ZHAO, SUN = (
    caller("checker", jurisdiction=CITY, subject=name)
    for name in ("checker-li", "checker-wang", "checker-zhao", "checker-sun")
)
AUDITOR = caller("auditor", jurisdiction=CITY)
GOOD = (1, 2, 3, 1)
PIECE = 1000


@dataclass(frozen=True, slots=True)
class Paper:
    """A card in somebody's hand."""

    number: int
    serial: str
    reference: str


class CardCity(City):
    """A city that asks on paper."""

    def __init__(self, door: Door) -> None:
        super().__init__(door)
        self.runs = door.stub(card_runs_pb2_grpc.CardRunServiceStub)
        self.mail = door.stub(card_mail_pb2_grpc.CardMailServiceStub)
        self.scans = door.stub(scans_pb2_grpc.ScanServiceStub)
        self.keying = door.stub(keying_pb2_grpc.KeyingServiceStub)
        self.audit = door.stub(card_audit_pb2_grpc.CardAuditServiceStub)
        self.reader = Reader(door.usecases, TinyReader)

    def designed(self, campaign: Any, group: str = "delegates", **more: Any) -> Any:
        """A design for a rater group."""
        wish: dict[str, Any] = {"rater_group": group, "form": "A4", "sides": 1, "return_to": ["清河市评议办"]} | more
        request = card_runs_pb2.DesignCardRequest(campaign_id=campaign.campaign_id, **wish)
        return self.door.call(self.runs.DesignCard, request, ORGANISER).design

    def run_of(self, campaign: Any, design: Any) -> Any:
        """Cards for every rater of the design's group."""
        request = card_runs_pb2.StartCardRunRequest(campaign_id=campaign.campaign_id, design_id=design.design_id)
        return self.door.call(self.runs.StartCardRun, request, REGISTRAR).run

    def printed(self, run: Any, **more: Any) -> list[Paper]:
        """The cards of a run, off the press."""
        request = card_runs_pb2.PrintCardsRequest(run_id=run.run_id, purpose="邮寄评议卡", **more)
        batches = self.door.call(self.runs.PrintCards, request, REGISTRAR)
        return [Paper(one.number, one.serial, one.reference) for batch in batches for one in batch.cards]

    def on_paper(self, raters: int = 3, **changes: Any) -> tuple[Any, Any, list[Paper]]:
        """An open campaign, the design of its card, and a card for each of its delegates."""
        draft = self.create(**changes)
        for first in range(0, raters, 400):
            people = [(f"d{number:05}", "delegates", "") for number in range(first, min(first + 400, raters))]
            self.imported(draft, people)
        design = self.designed(draft)
        papers = self.printed(self.run_of(draft, design))
        opened = self.move(self.campaigns.OpenCampaign, campaigns_pb2.OpenCampaignRequest, draft)
        return opened, design, papers

    def imported(self, campaign: Any, people: Sequence[tuple[str, str, str]]) -> None:
        """Enters raters without giving anybody a code."""
        from zhengfeng.evaluation.v1 import raters_pb2

        new = [
            raters_pb2.NewRater(
                reference=reference, rater_group=group, name=f"人{reference}", unit_id=self.units.get(unit, "")
            )
            for reference, group, unit in people
        ]
        request = raters_pb2.ImportRatersRequest(campaign_id=campaign.campaign_id, raters=new)
        self.door.call(self.raters.ImportRaters, request, REGISTRAR)

    def scan(self, campaign: Any, *pages: Image.Image, name: str = "batch.tif", read: bool = True) -> Any:
        """Pages through the scanner; read to the end unless told otherwise."""
        return self.send(campaign, file(pages), name, read)

    def send(self, campaign: Any, content: bytes, name: str = "batch.tif", read: bool = True) -> Any:
        """A file as it is."""

        def messages() -> Iterator[scans_pb2.ReadScansRequest]:
            yield scans_pb2.ReadScansRequest(campaign_id=campaign.campaign_id, name=name, content=content[:PIECE])
            for start in range(PIECE, len(content), 1 << 20):
                yield scans_pb2.ReadScansRequest(content=content[start : start + (1 << 20)])

        answer = self.scans.ReadScans(messages(), metadata=tuple(self.door.metadata(CLERK)), timeout=60)
        if read:
            self.read()
        return answer.scan

    def set_to(self, key: str, value: int) -> None:
        """A setting as the office would have it."""
        self.door.store.settings.load([Setting("", key, value, date(2000, 1, 1), None, "(test)")])

    def read(self) -> None:
        """The reader's work, until nothing waits."""
        while self.reader.look():
            pass

    def cards(self, campaign: Any, **more: Any) -> list[Any]:
        """The cards that came in."""
        request = card_audit_pb2.ListCardsRequest(campaign_id=campaign.campaign_id, page_size=500, **more)
        return list(self.door.call(self.audit.ListCards, request, AUDITOR).cards)

    def card(self, campaign: Any) -> Any:
        """The only card."""
        [one] = self.cards(campaign)
        return one

    def record(self, card: Any) -> Any:
        """Everything a card rests on."""
        request = card_audit_pb2.GetCardRequest(card_id=card.card_id)
        return self.door.call(self.audit.GetCard, request, AUDITOR).record

    def progress(self, campaign: Any) -> Any:
        """How far reading has come."""
        request = scans_pb2.GetScanProgressRequest(campaign_id=campaign.campaign_id)
        return self.door.call(self.scans.GetScanProgress, request, CLERK).progress

    def faults(self, campaign: Any) -> list[str]:
        """Why what was refused, sorted."""
        request = scans_pb2.ListScanFaultsRequest(campaign_id=campaign.campaign_id)
        return sorted(one.reason for one in self.door.call(self.scans.ListScanFaults, request, CLERK).faults)

    def asked(self, campaign: Any, who: Any) -> list[Any]:
        """Rows that wait for a checker."""
        request = keying_pb2.ListDoubtfulRequest(campaign_id=campaign.campaign_id, page_size=500)
        return list(self.door.call(self.keying.ListDoubtful, request, who).rows)

    def disputed(self, campaign: Any, who: Any) -> list[Any]:
        """Rows that wait for a third."""
        request = keying_pb2.ListDisputedRequest(campaign_id=campaign.campaign_id, page_size=500)
        return list(self.door.call(self.keying.ListDisputed, request, who).rows)

    def key(self, row: Any, grade: int, who: Any) -> Any:
        """One row keyed."""
        return self.door.call(self.keying.KeyRow, keying_pb2.KeyRowRequest(doubt_id=row.doubt_id, grade=grade), who).keyed

    def decide(self, row: Any, grade: int, who: Any) -> Any:
        """One row decided."""
        request = keying_pb2.DecideRowRequest(doubt_id=row.row.doubt_id, grade=grade, again=grade)
        return self.door.call(self.keying.DecideRow, request, who).keyed

    def key_card(self, campaign: Any, paper: Paper, grades: Sequence[int]) -> keying_pb2.KeyCardRequest:
        """A whole card keyed from the paper."""
        ratings = self.ballot("x" * 20, campaign, grades).ratings
        on = {"campaign_id": campaign.campaign_id, "serial": paper.serial}
        return keying_pb2.KeyCardRequest(**on, ratings=ratings, paper_place="甲盒第1叠")

    def told(self, campaign: Any, mail: Any, *serials: str, run_id: str = "") -> Any:
        """What the mail room writes down."""
        request = card_mail_pb2.RecordMailRequest(
            campaign_id=campaign.campaign_id,
            mail=mail,
            serials=serials,
            run_id=run_id,
            request_id=new_id(self.door.clock),
        )
        return self.door.call(self.mail.RecordMail, request, REGISTRAR)


def ticked(grades: Sequence[int] = GOOD, faint: Sequence[int] = ()) -> Rows:
    """A filled-in card: one grade an object on both dimensions; these rows too light to be sure of."""
    return {row: Ticked(grades[row // 2], row in faint) for row in range(2 * len(grades))}


def filled(design: Any, paper: Paper, grades: Sequence[int] = GOOD, faint: Sequence[int] = ()) -> list[Image.Image]:
    """The sides of a filled-in card."""
    return sides(design.geometry, paper.serial, ticked(grades, faint))
