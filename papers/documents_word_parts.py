"""What python-docx has no name for: faces for Chinese, rules, the page number as a field, a table at the page's foot."""

from __future__ import annotations

from docx.document import Document as Word
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm
from docx.table import Table, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run


def faced(run: Run, family: str) -> None:
    """Sets the family for Chinese and for figures alike; Word keeps four names for one run."""
    run.font.name = family
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("eastAsia", "hAnsi", "cs"):
        fonts.set(qn(f"w:{script}"), family)


def ruled_below(paragraph: Paragraph, colour: str, eighths: int, distance_pt: int) -> None:
    """A rule under a paragraph, so many eighths of a point thick."""
    borders = _element("pBdr")
    borders.append(_element("bottom", val="single", sz=str(eighths), space=str(distance_pt), color=colour))
    paragraph._element.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def page_number(paragraph: Paragraph) -> list[Run]:
    """— 1 — as a field, and the runs it is made of."""
    runs = [paragraph.add_run("— "), paragraph.add_run(), paragraph.add_run(), paragraph.add_run(), paragraph.add_run(" —")]
    instruction = _element("instrText")
    instruction.text = "PAGE"
    parts = (_element("fldChar", fldCharType="begin"), instruction, _element("fldChar", fldCharType="end"))
    for run, part in zip(runs[1:4], parts, strict=True):
        run._element.append(part)
    return runs


def bordered(word: Word, rows: int, columns: int = 2) -> Table:
    """A form, or a table, with a line around each field."""
    table: Table = word.add_table(rows, columns)
    table.style = "Table Grid"
    table.autofit = False
    return table


def heading_row(row: _Row) -> None:
    """A row that is repeated at the head of each page its table runs over to."""
    row._tr.get_or_add_trPr().append(_element("tblHeader", val="true"))


def table_at_foot(word: Word, rows: int) -> Table:
    """A table of one column at the foot of the last page, ruled above, between and below."""
    table: Table = word.add_table(rows, 1)
    properties = table._element.tblPr
    place = _element("tblpPr", horzAnchor="margin", vertAnchor="margin", tblpXSpec="center", tblpYSpec="bottom")
    properties.insert_element_before(place, "w:tblOverlap", "w:tblW", "w:jc", "w:tblLayout", "w:tblLook")
    borders = _element("tblBorders")
    for side, size in (("top", 8), ("bottom", 8), ("insideH", 6)):
        borders.append(_element(side, val="single", sz=str(size), space="0", color="000000"))
    properties.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
    for row in table.rows:
        row.cells[0].width = Mm(156)
    return table


def _element(name: str, **attributes: str) -> BaseOxmlElement:
    element: BaseOxmlElement = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element
