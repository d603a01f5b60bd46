"""Forms of cards and previews as messages."""

from __future__ import annotations

from zhengfeng.evaluation.v1 import card_forms_pb2 as pb

from services.evaluation.cards.design import Wish
from services.evaluation.cards.forms import Form
from services.evaluation.wire.statements import day


def wish(request: pb.PreviewCardRequest) -> Wish:
    """What an organiser asks for. Raises Invalid DAY_INVALID."""
    by = day(request.return_by, "return_by") if request.return_by else None
    return Wish(request.form, request.rater_group, request.sides, tuple(request.return_to), by)


def form_message(one: Form) -> pb.CardForm:
    """One form as an organiser chooses it."""
    lying = one.width > one.height
    return pb.CardForm(name=one.name, paper=one.paper, window=one.window, letter=one.letter, lying=lying, sheets=one.sheets)
