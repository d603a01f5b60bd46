"""What is printed on a designed card: the template for the typesetter, and what each card brings to it.

No name of a rater stands on a card. Whoever comes by a filled-in card and whoever keeps the mailing list would only need to
meet; so the addressee stands on the cover letter, which stays with the addressee.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from chassis.errors import Invalid
from papers.cards import ADDRESSEE, LETTER, SERIAL, TAIL, Block, Code, Field, Frame, Page, Rule, Template, Words
from papers.cards_fit import evened, height_of, width_of
from papers.documents import chinese_day
from services.evaluation.cards import serial as serials
from services.evaluation.cards.design import SMALL, Design, fiducials
from services.evaluation.cards.flow import Drawn, Kind, Line
from services.evaluation.cards.forms import LetterForm, Said
from services.evaluation.cards.geometry import Box, Geometry

_HAIR, _GREY, _BAND = 0.18, 150, 232
# A tick as a hand makes it, in shares of the box.
_TICK = ((0.2, 0.55), (0.42, 0.82), (0.85, 0.12))
_FOLD_MARK, _INDENT = 3.0, 1.5


def template(card: Design, said: Said, letter: LetterForm | None = None) -> Template:
    """Everything printed on each side, behind a cover letter if one is given. Where a sheet that is printed on both sides
    has an empty back, that is a page too.

    Raises Invalid CARD_WORDS_TOO_LONG where a jurisdiction's own words are too long for their place.
    """
    geometry = card.geometry()
    pages = [_page(card, drawn, said, geometry, number) for number, drawn in enumerate(card.sides)]
    before = [_letter(card, said, letter)] if letter else []
    if card.wish.sides == 2:
        pages += [Page(card.form.width, card.form.height)] * (len(pages) % 2)
        before += [Page(one.width, one.height) for one in before]
    made = Template(card.title, said.serial, (*before, *pages))
    long = next((one.text for page in made.pages for one in page.words if not _fits(one)), None)
    if long is not None:
        raise Invalid("CARD_WORDS_TOO_LONG", "form", name=long)
    return made


def _fits(one: Words) -> bool:
    return height_of(one.text, one.size, one.width) <= one.height + 0.01


def _letter(card: Design, said: Said, letter: LetterForm) -> Page:
    """The cover letter: its text is merged for each rater; the end of the serial says which card belongs in the envelope."""
    least = card.form.text - 3
    fields = (
        Field(ADDRESSEE, *_at(letter.addressee), card.form.text, least, middle=True),
        Field(LETTER, *_at(letter.body), card.form.text, card.form.text - 1.5),
        Field(TAIL, *_at(letter.foot), SMALL, SMALL, align="right"),
    )
    words = (Words(*_at(letter.heading), card.title, card.form.title, bold=True, align="center", middle=True),)
    marks = tuple(Rule(5.0, fold, 8.0, fold, _HAIR, _GREY) for fold in letter.folds)
    return Page(letter.width, letter.height, words, fields, rules=marks)


def _page(card: Design, drawn: Drawn, said: Said, geometry: Geometry, number: int) -> Page:
    form = card.form
    place = form.next if number else form.first
    blocks = [_block(one.box, 0) for one in fiducials(form)]
    near = form.edge + (form.fiducial - form.hole) / 2
    blocks.append(_block(Box(near, near, form.hole, form.hole), 255))
    blocks += [_block(_whole(card, line), _BAND) for line in drawn.lines if line.kind is Kind.SECTION]
    words, frames = [*_around(card, drawn, said, number)], [*_boxes(card, drawn)]
    if not number:
        struck, example_frames, example_words = _example(card, said)
        blocks.append(struck)
        frames += example_frames
        words += [*_first(card, said), *example_words]
    least = SMALL - 2
    align = "right" if place.serial.x > place.group.x or not number else "left"
    fields = (Field(SERIAL, *_at(place.serial), SMALL, least, align=align),)
    code = Code(*place.qr, form.qr, serials.text(serials.ANY, geometry.digest(), drawn.sheet, drawn.side))
    return Page(
        form.width, form.height, tuple(words), fields, tuple(frames), tuple(blocks), tuple(_rules(card, drawn)), code
    )


def _around(card: Design, drawn: Drawn, said: Said, number: int) -> Iterator[Words]:
    """The title, the heads of the columns, what is asked, and the foot."""
    form, place = card.form, card.form.next if number else card.form.first
    size = form.text if number else form.title
    centred = not number and place.title.width > form.room.width * 0.9
    yield Words(
        *_at(place.title), text=card.title, size=size, bold=True, align="center" if centred else "left", middle=centred
    )
    yield Words(*_at(place.group), text=card.group, size=form.text, bold=True, align="left" if number else "right")
    head = Box(form.room.x, drawn.table, card.label_width, card.head_height)
    yield Words(*_at(head), text=card.question, size=form.text, bold=True, middle=True)
    for column, name in enumerate(card.heads):
        x = form.room.right - (len(card.heads) - column) * card.column + 0.5
        box = Box(round(x, 2), drawn.table, round(card.column - 1, 2), card.head_height)
        yield Words(*_at(box), text=name, size=form.text, bold=True, align="center", middle=True)
    for line in drawn.lines:
        yield _asked(card, line)
    yield Words(*_at(form.foot), text=_foot(card, drawn, said, number), size=form.text, align="center", middle=True)


def _asked(card: Design, line: Line) -> Words:
    box = card.label(line) if line.kind is Kind.ROW else _whole(card, line)
    x = box.x + (_INDENT if line.kind is Kind.SECTION else 0)
    width = evened(line.text, card.text, box.width - (x - box.x))
    return Words(x, box.y, width, box.height, line.text, card.text, bold=line.kind is not Kind.ROW, middle=True)


def _foot(card: Design, drawn: Drawn, said: Said, number: int) -> str:
    sheets = card.sides[-1].sheet
    parts = [said.sheet.format(sheet=drawn.sheet, sheets=sheets)] if sheets > 1 else []
    if card.wish.sides == 2:
        parts.append(said.front if drawn.side == 1 else said.back)
    if number + 1 < len(card.sides):
        parts.append(said.turn if card.sides[number + 1].sheet == drawn.sheet else said.more)
    return "　".join(parts)


def _first(card: Design, said: Said) -> Iterator[Words]:
    """What only the first side says: how to fill it in, by when and whereto it goes back."""
    form, place = card.form, card.form.first
    lines = [said.fill, said.correct, said.fold if form.window else said.post]
    text = "\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1))
    yield Words(*_at(place.instructions), text=text, size=form.text)
    if card.wish.return_by:
        note = said.note.format(day=chinese_day(card.wish.return_by))
        yield Words(*_at(place.note), text=note, size=form.text, bold=True)
    if card.wish.return_to:
        yield Words(*_at(place.address), text="\n".join(card.wish.return_to), size=form.text, middle=bool(form.window))


def _example(card: Design, said: Said) -> tuple[Block, list[Frame], list[Words]]:
    """A ticked box, and one struck out in full, as people should do it."""
    form = card.form
    x, y = form.first.example
    size, gap = form.box, 1.2
    first = round(width_of(said.chosen, form.text) + 0.5, 2)
    second = round(x + size + gap + first + 4, 2)
    frames = [Frame(x, y, size, size, form.line), Frame(second, y, size, size, form.line)]
    words = [
        Words(round(x + size + gap, 2), y, first, size, said.chosen, form.text, middle=True),
        Words(
            round(second + size + gap, 2),
            y,
            round(width_of(said.struck, form.text) + 0.5, 2),
            size,
            said.struck,
            form.text,
            middle=True,
        ),
    ]
    return Block(second, y, size, size), frames, words


def _boxes(card: Design, drawn: Drawn) -> Iterator[Frame]:
    for line in drawn.lines:
        if line.kind is Kind.ROW:
            for number in range(len(card.heads)):
                yield Frame(*_at(card.box(line, number)), line=card.form.line)


def _rules(card: Design, drawn: Drawn) -> Iterator[Rule]:
    """Thick lines around the table, hair lines under the rows, and short marks where the sheet is folded."""
    room = card.form.room
    low = round(drawn.table + card.head_height, 2)
    if (drawn.sheet, drawn.side) == (1, 1):
        x, y = card.form.first.example
        points = [(round(x + across * card.form.box, 2), round(y + down * card.form.box, 2)) for across, down in _TICK]
        yield from (Rule(*start, *end, 0.7) for start, end in pairwise(points))
    yield Rule(room.x, drawn.table, room.right, drawn.table, 0.5)
    yield Rule(room.x, low, room.right, low, 0.3)
    for line in drawn.lines:
        y = round(line.y + line.height, 2)
        if line.kind is not Kind.SECTION:
            yield Rule(room.x, y, room.right, y, _HAIR, _GREY)
    last = drawn.lines[-1]
    yield Rule(room.x, round(last.y + last.height, 2), room.right, round(last.y + last.height, 2), 0.5)
    for fold in card.form.folds:
        yield Rule(card.form.edge - _FOLD_MARK, fold, card.form.edge, fold, _HAIR, _GREY)


def _whole(card: Design, line: Line) -> Box:
    return Box(card.form.room.x, line.y, card.form.room.width, line.height)


def _block(box: Box, ink: int) -> Block:
    return Block(*_at(box), ink=ink)


def _at(box: Box) -> tuple[float, float, float, float]:
    return box.x, box.y, box.width, box.height
