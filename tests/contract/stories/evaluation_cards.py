"""Cards on paper: designed, printed, posted, scanned, keyed by people, counted, drawn into a sample."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chassis.auth import Caller
from services.evaluation.reader import Reader
from tests.contract.world import District, World
from tests.service.evaluation.tiny_cards import Ticked, TinyReader, file, page, sides

POSTED, RETURNED = 2, 4


def tell(world: World, district: District, organiser: Caller, registrar: Caller, opened: Any) -> None:
    """An open campaign asks on paper too."""
    on = {"campaign_id": opened.campaign_id}
    wish = {"rater_group": "all", "form": "A4", "sides": 1, "return_to": [district.mark], "return_by": "2026-12-31"}
    design = world.do("evaluation.DesignCard", district, organiser, **on, **wish).design
    world.do("evaluation.ListCardDesigns", district, organiser, **on)
    world.do("evaluation.GetCardTemplate", district, organiser, **on, design_id=design.design_id)
    run = world.do("evaluation.StartCardRun", district, registrar, **on, design_id=design.design_id).run
    printed = world.do("evaluation.PrintCards", district, registrar, run_id=run.run_id, after=0, at_most=0, until=0).cards
    world.do("evaluation.ListCardRuns", district, registrar, **on)
    world.do("evaluation.RecordMail", district, registrar, **on, mail=POSTED, serials=[], run_id=run.run_id)
    serials = [one.serial for one in printed]
    world.do("evaluation.RecordMail", district, registrar, **on, mail=RETURNED, serials=serials, run_id="")
    on_way = world.do("evaluation.ListCardMail", district, registrar, **on, mail=0, rater_group="").cards
    world.do("evaluation.GetCardTurnout", district, registrar, **on)
    _scanned(world, district, on, design, serials[0])
    world.do("evaluation.ReissueCard", district, registrar, **on, rater_id=on_way[2].rater_id)
    _keyed(world, district, on, opened, serials[1])
    _audited(world, district, on)


def _scanned(world: World, district: District, on: dict[str, Any], design: Any, serial: str) -> None:
    clerk = district.somebody("checker", subject=f"clerk-of-cards@{district.slug}")
    pages = [*sides(design.geometry, serial, {0: Ticked(1, faint=True)}), page("CRASH"), page("no card")]
    scan = world.do("evaluation.ReadScans", district, clerk, **on, name="scan.tif", content=file(pages)).scan
    world.do("evaluation.ReadScans", district, clerk, **on, name="another.tif", content=file([page("CRASH")]))
    _read(world)
    world.do("evaluation.ListScans", district, clerk, **on)
    world.do("evaluation.GetScanProgress", district, clerk, **on)
    world.do("evaluation.ListScanFaults", district, clerk, **on)
    world.do("evaluation.ReadParked", district, clerk, scan_id=scan.scan_id)
    world.do("evaluation.ReadAllParked", district, clerk, **on)
    _read(world)


def _read(world: World) -> None:
    """The reader's work, the times at which a page that fails is tried again included."""
    reader = Reader(world.doors["evaluation"].usecases, TinyReader)
    for _ in range(8):
        while reader.look():
            pass
        world.clock.advance(timedelta(minutes=15))


def _keyed(world: World, district: District, on: dict[str, Any], opened: Any, serial: str) -> None:
    """Two checkers and a third; one row of a scanned card, and a whole one from the paper."""
    one, two, three = (district.somebody("checker", subject=f"checker-{name}@{district.slug}") for name in "abc")
    [asked] = world.do("evaluation.ListDoubtful", district, one, **on).rows
    world.do("evaluation.ShowCardPicture", district, one, picture_id=asked.strip_ids[0])
    world.do("evaluation.KeyRow", district, one, doubt_id=asked.doubt_id, grade=1)
    world.do("evaluation.KeyRow", district, two, doubt_id=asked.doubt_id, grade=2)
    world.do("evaluation.ListDisputed", district, three, **on)
    world.do("evaluation.DecideRow", district, three, doubt_id=asked.doubt_id, grade=1, again=1)
    [rated] = [each.object_id for group in opened.plan.object_groups for each in group.objects]
    whole = {"serial": serial, "ratings": [{"object_id": rated, "grades": [1]}], "paper_place": district.mark}
    world.do("evaluation.KeyCard", district, one, **on, **whole)
    world.do("evaluation.ListCardsToKey", district, one, **on)
    world.do("evaluation.KeyCard", district, two, **on, **whole)


def _audited(world: World, district: District, on: dict[str, Any]) -> None:
    auditor = district.somebody("auditor")
    card = world.do("evaluation.ListCards", district, auditor, **on, state=0).cards[0]
    world.do("evaluation.GetCard", district, auditor, card_id=card.card_id)
    world.do("evaluation.DrawCardSample", district, auditor, **on, seed=district.mark, cards=1)
    world.do("evaluation.ListCardSamples", district, auditor, **on)
    world.do("evaluation.GetEntryError", district, auditor, **on)
