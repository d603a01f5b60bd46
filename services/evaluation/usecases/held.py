"""The pictures that held screens repeat, each read once per version of its hall."""

from __future__ import annotations

from chassis.store import Tx
from services.evaluation.domain.campaign import Campaign
from services.evaluation.domain.hall import Hall
from services.evaluation.domain.result import Frame
from services.evaluation.storage import hall as halls

REMEMBERED = 32


class HeldPictures:
    """What a held screen shows. Safe among threads: a hall is replaced as a whole."""

    def __init__(self) -> None:
        self._halls: dict[str, Hall] = {}

    def picture(self, tx: Tx, campaign: Campaign) -> Frame | None:
        """The picture to repeat as of now; None while nothing is held."""
        version = halls.version(tx, campaign.id)
        if not version:
            return None
        hall = self._halls.get(campaign.id)
        if hall is None or hall.version != version:
            hall = halls.hall(tx, campaign)
            self._halls = dict(list(self._halls.items())[-REMEMBERED:]) | {campaign.id: hall}
        return hall.picture.frame(campaign, tx.now) if hall.picture else None
