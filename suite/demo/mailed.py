"""Mailed cards of the demonstration city: printed and posted, most of them back and scanned, a few rows left to checkers.

The cards are the ones the press would print; pens and scanner are drawn, and read by the reader that ships.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from zhengfeng.evaluation.v1 import (
    campaigns_pb2,
    card_forms_pb2,
    card_mail_pb2,
    card_runs_pb2,
    plan_pb2,
    raters_pb2,
    scans_pb2,
)

from suite.acting import Actor, Stage
from suite.demo.campaign import CITY, SEED, object_groups, units_of
from suite.demo.days import Days

Say = Callable[[str], None]
TITLE = "2026年涉企服务评议（邮寄评议卡）"
DIMENSIONS = (("service", "服务态度", 50), ("efficiency", "办事效率", 50))
GROUP, RATED = "enterprises", "bureaus"
POSTED, SCANNED, PHOTOGRAPHED = 12, 8, 2
RETURN_TO = ("清河市机关作风建设监督办公室", "清河市人民路1号")
GOOD_SCAN, PHOTOGRAPH = 1, 3  # levels of damage
PIECE = 1 << 20
REQUEST = "demo-cards-{}"


def mail_cards(stage: Stage, days: Days, read: Callable[[], object], settle: Callable[[], object], say: Say) -> None:
    """A campaign on paper, as far as the checkers' desks. `read` lets the reader work until no page waits."""
    organiser, registrar, clerk = stage.as_("organiser"), stage.as_("registrar"), stage.as_("scanner")
    made = organiser(campaigns_pb2.CreateCampaignRequest(plan=_plan(stage, days))).campaign
    on = {"campaign_id": made.campaign_id}
    names = [f"演示企业{number:02d}" for number in range(1, POSTED + 1)]
    raters = [raters_pb2.NewRater(reference=f"{GROUP}-card-{name[-2:]}", rater_group=GROUP, name=name) for name in names]
    registrar(raters_pb2.ImportRatersRequest(raters=raters, **on))
    wish = card_runs_pb2.DesignCardRequest(rater_group=GROUP, form="A4", sides=1, return_to=RETURN_TO, **on)
    design = organiser(wish).design
    run = registrar(card_runs_pb2.StartCardRunRequest(design_id=design.design_id, **on)).run
    printed = [
        one
        for batch in registrar.stream(card_runs_pb2.PrintCardsRequest(run_id=run.run_id, purpose="邮寄评议卡"))
        for one in batch.cards
    ]
    organiser(campaigns_pb2.OpenCampaignRequest(expected_version=made.version, **on))
    days.later(20)
    _recorded(registrar, made, card_mail_pb2.CARD_MAIL_POSTED, [one.serial for one in printed])
    days.later(48)
    _recorded(registrar, made, card_mail_pb2.CARD_MAIL_UNDELIVERED, [printed[-1].serial])
    template = organiser(card_forms_pb2.GetCardTemplateRequest(design_id=design.design_id, **on)).template
    pictures = _filled(template, design.geometry, [one.serial for one in printed[: SCANNED + PHOTOGRAPHED]], days.now())
    _handed_in(clerk, made, pictures)
    read()
    settle()
    told = clerk(scans_pb2.GetScanProgressRequest(**on)).progress
    say(f"evaluation: a campaign by mail, {told.cards_counted} cards counted, {told.rows_asked} rows for checkers")


def _plan(stage: Stage, days: Days) -> plan_pb2.CampaignPlan:
    closes_at = Timestamp()
    closes_at.FromDatetime(days.now() + timedelta(days=25))
    return plan_pb2.CampaignPlan(
        title=TITLE,
        year=days.today().year,
        jurisdiction_path=CITY,
        closes_at=closes_at,
        object_groups=object_groups({unit.unit_path: unit for unit in units_of(stage)}, RATED),
        dimensions=[plan_pb2.Dimension(key=key, name=name, weight=weight) for key, name, weight in DIMENSIONS],
        dont_know=True,
        rater_groups=[plan_pb2.RaterGroup(key=GROUP, name="企业", weight=100, quota=POSTED)],
    )


def _recorded(registrar: Actor, made: Any, mail: card_mail_pb2.CardMail.ValueType, serials: Sequence[str]) -> None:
    request = card_mail_pb2.RecordMailRequest(campaign_id=made.campaign_id, mail=mail, serials=serials)
    request.request_id = REQUEST.format(mail)
    registrar(request)


def _handed_in(clerk: Actor, made: Any, pictures: Sequence[Any]) -> None:
    """One pile through the scanner, with an empty sheet among the cards; the rest as photographs."""
    pile, empty = BytesIO(), pictures[0].copy()
    empty.paste(250, (0, 0, *empty.size))
    pictures[0].save(pile, "TIFF", save_all=True, append_images=[*pictures[1:SCANNED], empty], compression="jpeg")
    files = [("第1批.tif", pile.getvalue())]
    for number, picture in enumerate(pictures[SCANNED:], 1):
        photograph = BytesIO()
        picture.save(photograph, "JPEG", quality=80)
        files.append((f"手机照片{number}.jpg", photograph.getvalue()))
    for name, content in files:
        clerk.send(_pieces(made.campaign_id, name, content), scans_pb2.ReadScansRequest)


def _pieces(campaign_id: str, name: str, content: bytes) -> Iterator[scans_pb2.ReadScansRequest]:
    yield scans_pb2.ReadScansRequest(campaign_id=campaign_id, name=name, content=content[:PIECE])
    for start in range(PIECE, len(content), PIECE):
        yield scans_pb2.ReadScansRequest(content=content[start : start + PIECE])


def _filled(template: bytes, geometry: bytes, serials: Sequence[str], made: datetime) -> list[Any]:
    """The printed cards, each filled in by a hand of its own, as pictures."""
    import numpy as np
    import pypdfium2
    from PIL import Image

    from papers import cards, cards_apart
    from services.evaluation.cards.bench_set.damage import damaged
    from services.evaluation.cards.bench_set.filling import fill
    from services.evaluation.cards.bench_set.making import SCALE
    from services.evaluation.cards.geometry import from_json

    [(_, side)] = from_json(geometry).sides
    sheets = cards_apart.pdf(cards.without_letter(cards.from_json(template)), [cards.Card(one) for one in serials], made)
    found = []
    for number, page in enumerate(pypdfium2.PdfDocument(sheets)):
        draw = np.random.default_rng((SEED, number))
        printed = page.render(scale=SCALE * 25.4 / 72, grayscale=True).to_pil()
        dark = np.asarray(1 - np.asarray(printed, np.float32) / 255, np.float32)
        ink = np.zeros_like(dark)
        fill(ink, side, SCALE, draw)
        level = GOOD_SCAN if number < SCANNED else PHOTOGRAPH
        swallowed = np.asarray(1 - (1 - dark) * (1 - ink), np.float32)
        found.append(Image.fromarray(damaged(swallowed, None, SCALE, level, draw).grey))
    return found
