"""A card designed from a campaign's plan: which row comes on which side at which height, or the reason why it does not fit.

Here: the design as lines on sides, and the geometry that follows from it. Not here: the sizes (`cards.forms`), what else is
written around the rows (`cards.sheet`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from chassis.errors import Invalid
from papers.cards_fit import balanced, height_of, height_of_lines, lines_of, width_of
from services.evaluation.cards.flow import Drawn, Flow, Kind, Line
from services.evaluation.cards.forms import Form, Said
from services.evaluation.cards.geometry import VERSION, Box, Fiducial, Geometry, RowPlace, Sheet, Side
from services.evaluation.domain.ballot import DONT_KNOW
from services.evaluation.domain.plan import Plan, RatedObject

LINES_AT_MOST = 2
HEAD_LINES_AT_MOST = 3
SMALL = 9.0
_AIR = 2.4  # above and below what is written in a row, together
_BESIDE = 3.0  # between what is asked and its first box


@dataclass(frozen=True, slots=True)
class Wish:
    """What an organiser asks for.

    `sides` is 1 or 2 a sheet, `return_to` the lines of the return address, `only_object` the object a card is for if the
    raters of the group rate one each.
    """

    form: str
    rater_group: str
    sides: int = 1
    return_to: tuple[str, ...] = ()
    return_by: date | None = None
    only_object: str = ""


@dataclass(frozen=True, slots=True)
class Design:
    """A card as it is designed; `heads` are the words over the columns, `answers` what their boxes stand for,
    `text` the size of what is asked."""

    form: Form
    wish: Wish
    title: str
    group: str
    question: str
    heads: tuple[str, ...]
    answers: tuple[int, ...]
    head_height: float
    text: float
    sides: tuple[Drawn, ...] = field(default=())

    @property
    def column(self) -> float:
        """How far boxes of a row are apart, from middle to middle."""
        return _column(self.form, len(self.heads))

    @property
    def label_width(self) -> float:
        """How wide what is asked may be."""
        return round(self.form.room.width - len(self.heads) * self.column - _BESIDE, 2)

    def box(self, line: Line, number: int) -> Box:
        """The box of one answer."""
        room, size = self.form.room, self.form.box
        x = room.right - (len(self.heads) - number) * self.column + (self.column - size) / 2
        return Box(round(x, 2), round(line.y + (line.height - size) / 2, 2), size, size)

    def label(self, line: Line) -> Box:
        """Where what is asked is written."""
        return Box(self.form.room.x, line.y, self.label_width, line.height)

    def geometry(self) -> Geometry:
        """The places that the print, the reader and the bench go by."""
        form = self.form
        numbers = sorted({drawn.sheet for drawn in self.sides})
        sheets = tuple(
            Sheet(number, tuple(self._side(drawn) for drawn in self.sides if drawn.sheet == number)) for number in numbers
        )
        return Geometry(VERSION, form.paper, form.width, form.height, self.answers, form.line, 0, sheets)

    def _side(self, drawn: Drawn) -> Side:
        form = self.form
        first = (drawn.sheet, drawn.side) == (1, 1)
        x, y = form.first.qr if first else form.next.qr
        rows = tuple(self._row(line) for line in drawn.lines if line.kind is Kind.ROW)
        return Side(drawn.side, fiducials(form), Box(x, y, form.qr, form.qr), form.room, rows)

    def _row(self, line: Line) -> RowPlace:
        cut = Box(self.form.room.x, line.y, self.form.room.width, line.height)
        boxes = tuple(self.box(line, number) for number in range(len(self.heads)))
        return RowPlace(line.row, self.label(line), cut, boxes)


def design(plan: Plan, wish: Wish, form: Form, said: Said) -> Design:
    """The card for one group of raters.

    Raises Invalid with CARD_SIDES, CARD_NO_ROWS, CARD_TOO_MANY_GRADES, CARD_GRADE_TOO_LONG, CARD_NAME_TOO_LONG,
    CARD_TITLE_TOO_LONG, CARD_ADDRESS_MISSING, CARD_ADDRESS_TOO_LONG or CARD_TOO_MANY_SHEETS.
    """
    if wish.sides not in (1, 2):
        raise Invalid("CARD_SIDES", "sides")
    place = plan.rater_group(wish.rater_group)
    if place is None:
        raise Invalid("CARD_NO_ROWS", "rater_group")
    heads, answers = _columns(plan, form, said)
    head_height = max(height_of(head, form.text, _column(form, len(heads)) - 1) for head in heads) + _AIR
    group = said.group.format(group=plan.rater_groups[place].name)
    question = plan.dimensions[0].name if len(plan.dimensions) == 1 else said.question
    bare = Design(form, wish, plan.title, group, question, heads, answers, round(head_height, 2), form.text)
    _must_fit_around(bare)
    card = _poured(plan, place, bare, said)
    if card.sides[-1].sheet > form.sheets:
        raise Invalid("CARD_TOO_MANY_SHEETS", "form", sheets=card.sides[-1].sheet, most=form.sheets)
    roomier = (_roomier(plan, place, bare, said, height, text) for height, text in form.roomy)
    return next((one for one in roomier if one and _takes(one) <= _takes(card)), card)


def _takes(card: Design) -> tuple[int, int]:
    """How many sides a card takes, and how many names on it more than one line."""
    lines = (line for drawn in card.sides for line in drawn.lines)
    return len(card.sides), sum(lines_of(line.text, card.text, card.label_width) > 1 for line in lines)


def _poured(plan: Plan, rater_group: int, bare: Design, said: Said) -> Design:
    blocks = list(_blocks(plan, rater_group, bare))
    if not blocks:
        raise Invalid("CARD_NO_ROWS", "rater_group")
    return replace(bare, sides=Flow(bare.form, said, bare.wish.sides, bare.head_height, bare.text).poured(blocks))


def _roomier(plan: Plan, rater_group: int, bare: Design, said: Said, row: float, text: float) -> Design | None:
    """The same card with higher rows and larger letters, if they fit."""
    try:
        return _poured(plan, rater_group, replace(bare, form=replace(bare.form, row=row), text=text), said)
    except Invalid:
        return None


def _column(form: Form, columns: int) -> float:
    low, high = form.column
    return round(min(high, max(low, form.room.width * 0.5 / columns)), 2)


def _columns(plan: Plan, form: Form, said: Said) -> tuple[tuple[str, ...], tuple[int, ...]]:
    unknown = ((said.dont_know, DONT_KNOW),) if plan.dont_know else ()
    columns = (*((grade.name, number) for number, grade in enumerate(plan.scale, start=1)), *unknown)
    most = int((form.room.width - form.label - _BESIDE) // form.column[0])
    if len(columns) > most:
        raise Invalid("CARD_TOO_MANY_GRADES", "form", grades=len(columns), most=most)
    width = _column(form, len(columns)) - 1
    for name, _ in columns:
        if lines_of(name, form.text, width) > HEAD_LINES_AT_MOST:
            raise Invalid("CARD_GRADE_TOO_LONG", "plan", name=name)
    return tuple(balanced(name, form.text, width) for name, _ in columns), tuple(number for _, number in columns)


def _must_fit_around(bare: Design) -> None:
    form, wish = bare.form, bare.wish
    for text, size, box in (
        (bare.title, form.title, form.first.title),
        (bare.title, form.text, form.next.title),
    ):
        if height_of(text, size, box.width) > box.height:
            raise Invalid("CARD_TITLE_TOO_LONG", "plan", name=text)
    for box in (form.first.group, form.next.group):
        if height_of(bare.group, form.text, box.width) > box.height:
            raise Invalid("CARD_NAME_TOO_LONG", "plan", name=bare.group)
    if lines_of(bare.question, form.text, bare.label_width) > LINES_AT_MOST:
        raise Invalid("CARD_NAME_TOO_LONG", "plan", name=bare.question)
    if form.window and not any(line.strip() for line in wish.return_to):
        raise Invalid("CARD_ADDRESS_MISSING", "return_to")
    height = height_of_lines(len(wish.return_to), form.text)
    wide = max((width_of(line, form.text) for line in wish.return_to), default=0.0)
    if height > form.first.address.height or wide > form.first.address.width:
        raise Invalid("CARD_ADDRESS_TOO_LONG", "return_to")


def _blocks(plan: Plan, rater_group: int, bare: Design) -> Iterator[list[Line]]:
    """The lines of one object after another, its group's name above the first one of a group."""
    objects, width = plan.objects, len(plan.dimensions)
    mine = [
        number
        for number, raters in enumerate(plan.rated_by)
        if rater_group in raters and bare.wish.only_object in ("", objects[number].object_id)
    ]
    group_of = [group.name for group in plan.object_groups for _ in group.objects]
    named = len({group_of[number] for number in mine}) > 1
    last = ""
    for count, number in enumerate(mine, start=1):
        section = [_line(bare, Kind.SECTION, group_of[number])] if named and group_of[number] != last else []
        last = group_of[number]
        yield [*section, *_lines(bare, plan, objects[number], f"{count}. ", number * width)]


def _lines(bare: Design, plan: Plan, one: RatedObject, count: str, row: int) -> list[Line]:
    if len(plan.dimensions) == 1:
        return [_line(bare, Kind.ROW, count + one.name, row)]
    questions = (_line(bare, Kind.ROW, asked.name, row + place) for place, asked in enumerate(plan.dimensions))
    return [_line(bare, Kind.OBJECT, count + one.name), *questions]


def _line(bare: Design, kind: Kind, text: str, row: int = -1) -> Line:
    form = bare.form
    width = bare.label_width if kind is Kind.ROW else form.room.width - 2
    lines = lines_of(text, bare.text, width)
    if lines > LINES_AT_MOST:
        raise Invalid("CARD_NAME_TOO_LONG", "plan", name=text)
    least = form.row if kind is Kind.ROW else 0.0
    return Line(kind, text, round(max(least, height_of_lines(lines, bare.text) + _AIR), 2), row)


def fiducials(form: Form) -> tuple[Fiducial, Fiducial, Fiducial, Fiducial]:
    """The four squares of each side of a form."""
    near = form.edge + form.fiducial / 2
    right, low = round(form.width - near, 2), round(form.height - near, 2)
    size = form.fiducial
    first = Fiducial(near, near, size, form.hole)
    return first, Fiducial(right, near, size), Fiducial(right, low, size), Fiducial(near, low, size)
