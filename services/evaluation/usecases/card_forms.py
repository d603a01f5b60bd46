"""What cards can look like: the forms, and a card laid out from the questionnaire as it is now. Nothing is kept."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.auth import Caller
from chassis.errors import Invalid, NotFound
from chassis.store import Tx
from papers import cards
from services.evaluation.cards import sheet
from services.evaluation.cards.design import Design, Wish, design
from services.evaluation.cards.forms import Form, LetterForm, Said, forms
from services.evaluation.domain.campaign import Campaign
from services.evaluation.storage import card_templates
from services.evaluation.storage.cards import CARD_DESIGNS
from services.evaluation.storage.schema import CAMPAIGNS
from services.evaluation.usecases.desk import Desk


@dataclass(frozen=True, slots=True)
class CardPreview:
    """A card as it would be printed; `template` is `papers.cards.to_json`."""

    template: str
    digest: bytes
    sheets: int
    sides: int
    rows: int


class CardFormCases:
    """What is looked at before a card is designed."""

    def __init__(self, desk: Desk) -> None:
        self._store = desk.box

    def forms(self, caller: Caller, campaign_id: str) -> list[Form]:
        """The forms of the campaign's jurisdiction, by name."""
        with self._store.read(caller) as tx:
            return sorted(_forms(tx, tx.get(CAMPAIGNS, campaign_id)).values(), key=lambda form: form.name)

    def preview(self, caller: Caller, campaign_id: str, wish: Wish, letter: bool) -> CardPreview:
        """The card laid out anew, perhaps behind a cover letter."""
        with self._store.read(caller) as tx:
            campaign = tx.get(CAMPAIGNS, campaign_id)
            laid, said = laid_out(tx, campaign, wish)
            template = template_of(tx, campaign, laid, said, letter)
        geometry = laid.geometry()
        sides = sum(1 for _ in geometry.sides)
        return CardPreview(template, geometry.digest(), len(geometry.sheets), sides, len(geometry.rows))

    def template(self, caller: Caller, campaign_id: str, design_id: str) -> str:
        """What is printed for a design, with its cover letter, as it was when it was decided on.

        Raises NotFound CARD_DESIGN_NOT_FOUND.
        """
        with self._store.read(caller) as tx:
            design = tx.get(CARD_DESIGNS, design_id)
            kept = card_templates.template(tx, design_id)
        if design.campaign_id != campaign_id or kept is None:
            raise NotFound("CARD_DESIGN_NOT_FOUND", "design_id")
        return kept


def laid_out(tx: Tx, campaign: Campaign, wish: Wish) -> tuple[Design, Said]:
    """The card by the settings of the campaign's jurisdiction. Raises Invalid CARD_FORM_UNKNOWN, and as `design` does."""
    form = _forms(tx, campaign).get(wish.form)
    if form is None:
        raise Invalid("CARD_FORM_UNKNOWN", "form", form=wish.form)
    said = Said(**tx.setting("cards.words", campaign.jurisdiction_path))
    return design(campaign.plan, wish, form, said), said


def template_of(tx: Tx, campaign: Campaign, laid: Design, said: Said, letter: bool) -> str:
    """What is printed on a card, as `papers.cards.to_json` writes it, perhaps behind a cover letter."""
    letters = tx.setting("cards.letters", campaign.jurisdiction_path)
    before = LetterForm.of(letters[laid.form.letter]) if letter else None
    return cards.to_json(sheet.template(laid, said, before))


def _forms(tx: Tx, campaign: Campaign) -> dict[str, Form]:
    return forms(tx.setting("cards.forms", campaign.jurisdiction_path))
