"""A document as Word file, in the same layout as far as Word's own means go; the faces are names Word looks up itself.

Nothing a person wrote is ever a field or a command: texts become runs, the only field is the page number.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime, time
from typing import Any

from docx import Document as new_word
from docx.document import Document as Word
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT as VERTICAL
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from papers.documents import FREE_FACES, Document, Faces, plain
from papers.documents_word_parts import bordered, faced, heading_row, page_number, ruled_below, table_at_foot

_SECOND, _THIRD, _FOURTH, _SMALL = Pt(22), Pt(16), Pt(14), Pt(12)
_PITCH = Mm(225 / 22)
_RED = RGBColor(0xD7, 0x00, 0x0F)
_SHORT_HEAD, _LARGEST, _WIDTH_PT = 11, 40, 440
_UNDATED = datetime(2000, 1, 1, tzinfo=UTC)


def word(document: Document, faces: Faces = FREE_FACES) -> bytes:
    """The document as .docx; only the first family of each list is named in it."""
    paper = plain(document).paper
    sheet = _Sheet(paper, faces)
    sheet.top()
    sheet.body()
    sheet.end()
    made = datetime.combine(document.day, time(), UTC) if document.day else _UNDATED
    properties = sheet.word.core_properties
    properties.title, properties.author = document.title[:255], document.issuer[:255]
    properties.created = properties.modified = made
    properties.comments = ""
    file = io.BytesIO()
    sheet.word.save(file)
    return file.getvalue()


class _Sheet:
    """One document while it is being written."""

    def __init__(self, paper: dict[str, Any], faces: Faces) -> None:
        self.paper = paper
        self.faces = faces
        self.word: Word = new_word()
        self._page()

    def top(self) -> None:
        """Secrecy and urgency, the red head with number and rule, the title, the addressee."""
        paper = self.paper
        for name in ("secrecy", "urgency"):
            if paper[name]:
                self._line(paper[name], self.faces.first[0])
        if paper["mark"]:
            self._line(paper["mark"], self.faces.first[0], align=ALIGN.RIGHT)
        if paper["head"]:
            self._head(paper["head"], paper["number"])
        elif paper["number"]:
            self._line(paper["number"], align=ALIGN.RIGHT)
        title = self._line(paper["title"], self.faces.title[0], _SECOND, ALIGN.CENTER, bold=True)
        title.paragraph_format.space_before = title.paragraph_format.space_after = _PITCH
        if paper["addressee"]:
            self._line(f"{paper['addressee']}：")

    def _head(self, head: str, number: str) -> None:
        size = Pt(max(22, min(_LARGEST, _WIDTH_PT // max(len(head), _SHORT_HEAD))))
        line = self._line(head, self.faces.title[0], size, ALIGN.CENTER, bold=True, red=True)
        line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        line.paragraph_format.space_before = Mm(15)
        line.paragraph_format.space_after = _PITCH
        below = self._line(number, align=ALIGN.CENTER)
        below.paragraph_format.space_after = _PITCH
        ruled_below(below, "D7000F", eighths=24, distance_pt=11)

    def body(self) -> None:
        """Paragraphs with their numbers, forms, and what is attached."""
        for block in self.paper["blocks"]:
            if "rows" in block:
                self._form(block["rows"])
                continue
            if "lines" in block:
                self._table(block)
                continue
            family = {1: self.faces.first, 2: self.faces.second}.get(block["level"], self.faces.body)[0]
            self._line(block["mark"] + block["text"], family, signs=2, align=ALIGN.JUSTIFY)
        attached = self.paper["attachments"]
        for place, name in enumerate(attached, start=1):
            number = f"{place}." if len(attached) > 1 else ""
            lead = "附件：" if place == 1 else "\u3000\u3000\u3000"
            line = self._line(f"{lead}{number}{name}", signs=2)
            line.paragraph_format.space_before = _PITCH if place == 1 else Pt(0)

    def end(self) -> None:
        """Issuer and day with room for the seal, the remark, and at the foot the copies and the printing line."""
        paper = self.paper
        if paper["issuer"]:
            beyond = max(0, len(paper["issuer"]) - 10) // 2
            for place, text in enumerate((paper["issuer"], paper["day"])):
                line = self._line(text, align=ALIGN.RIGHT)
                line.paragraph_format.right_indent = _THIRD * (max(1, 4 - beyond) if place == 0 else 4)
                line.paragraph_format.space_before = _PITCH * 2 if place == 0 else Pt(0)
                line.paragraph_format.keep_with_next = place == 0
        if paper["remark"]:
            self._line(f"（{paper['remark']}）", signs=2)
        foot = [one for one in (paper["copies"], "") if one]
        if paper["printed_by"]:
            foot.append(f"{paper['printed_by']}\t{paper['printed_on']}")
        if foot:
            table = table_at_foot(self.word, len(foot))
            for row, text in zip(table.rows, foot, strict=True):
                cell = row.cells[0].paragraphs[0]
                self._set(cell.add_run(text), self.faces.body[0], _FOURTH)
                cell.paragraph_format.tab_stops.add_tab_stop(Mm(150), WD_TAB_ALIGNMENT.RIGHT)

    def _form(self, rows: list[tuple[str, str]]) -> None:
        table = bordered(self.word, len(rows))
        for row, (label, entered) in zip(table.rows, rows, strict=True):
            row.height = Mm(12)
            for cell, text, width in zip(row.cells, (label, entered), (Mm(40), Mm(116)), strict=True):
                cell.width = width
                cell.vertical_alignment = VERTICAL.CENTER
                self._set(cell.paragraphs[0].add_run(text), self.faces.body[0], _FOURTH)
                cell.paragraphs[0].alignment = ALIGN.CENTER if text is label else ALIGN.LEFT

    def _table(self, block: dict[str, Any]) -> None:
        whole = sum(block["shares"])
        table = bordered(self.word, len(block["lines"]) + 1, len(block["heads"]))
        heading_row(table.rows[0])
        for row, texts in zip(table.rows, (block["heads"], *block["lines"]), strict=True):
            family = (self.faces.first if texts is block["heads"] else self.faces.body)[0]
            for cell, text, share in zip(row.cells, texts, block["shares"], strict=True):
                cell.width = Mm(156 * share / whole)
                cell.vertical_alignment = VERTICAL.CENTER
                self._set(cell.paragraphs[0].add_run(text), family, _SMALL)
                cell.paragraphs[0].alignment = ALIGN.CENTER

    def _line(
        self,
        text: str,
        family: str = "",
        size: Pt = _THIRD,
        align: ALIGN = ALIGN.LEFT,
        signs: int = 0,
        bold: bool = False,
        red: bool = False,
    ) -> Paragraph:
        paragraph = self.word.add_paragraph()
        form = paragraph.paragraph_format
        form.alignment = align
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(_PITCH.pt)
        form.space_before = form.space_after = Pt(0)
        form.widow_control = False
        if signs:
            form.first_line_indent = size * signs
        run = paragraph.add_run(text)
        self._set(run, family or self.faces.body[0], size)
        run.font.bold = bold
        if red:
            run.font.color.rgb = _RED
        return paragraph

    def _set(self, run: Run, family: str, size: Pt) -> None:
        faced(run, family)
        run.font.size = size

    def _page(self) -> None:
        section = self.word.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        section.footer_distance = Mm(23)
        self.word.settings.odd_and_even_pages_header_footer = True
        for footer, align in ((section.footer, ALIGN.RIGHT), (section.even_page_footer, ALIGN.LEFT)):
            line = footer.paragraphs[0]
            line.alignment = align
            line.paragraph_format.left_indent = line.paragraph_format.right_indent = _FOURTH
            for run in page_number(line):
                self._set(run, self.faces.body[0], _FOURTH)
        language = self.word.styles.element.find(f".//{qn('w:lang')}")
        if language is not None:
            language.set(qn("w:eastAsia"), "zh-CN")
