"""An official document as data: its levels are numbered as GB/T 9704-2012 has them, and its fonts must have every sign."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date

import pypdfium2
import pytest

from chassis.errors import Unavailable
from papers.documents import (
    FREE_FACES,
    Block,
    Document,
    Faces,
    Form,
    Numbered,
    Table,
    chinese_number,
    from_json,
    numbered,
    to_json,
)
from papers.documents_fonts import Fonts
from papers.documents_pdf import pdf
from papers.documents_word import word

PAPER = Document(
    title="关于一件事的通知",
    issuer="某某市某某办公室",
    blocks=(
        Block("第一", 1),
        Block("甲", 2),
        Block("说明"),
        Block("子", 3),
        Block("丑", 4),
        Block("乙", 2),
        Block("第二", 1),
    ),
    head="某某市某某办公室文件",
    number="某办〔2026〕3号",
    secrecy="秘密★1年",
    urgency="特急",
    addressee="各有关单位",
    day=date(2026, 11, 2),
    attachments=("清单", "说明"),
    remark="此件公开发布",
    copies=("某某部", "某某委"),
    printed_by="某某市某某办公室",
)
FONTS = Fonts()


def test_levels_are_numbered_and_begin_anew_below_each_heading() -> None:
    marks = [one.mark for one in numbered(PAPER.blocks) if isinstance(one, Numbered)]
    assert marks == ["一、", "（一）", "", "1.", "（1）", "（二）", "二、"]
    assert [chinese_number(count) for count in (0, 9, 10, 11, 20, 35, 99)] == "〇 九 十 十一 二十 三十五 九十九".split()


def test_what_is_kept_of_a_document_is_the_document() -> None:
    with_form = replace(PAPER, blocks=(Form((("问", "答"), ("空", ""))),))
    for paper in (PAPER, with_form, replace(PAPER, day=None)):
        assert from_json(to_json(paper)) == paper
    assert PAPER.sha256 != replace(PAPER, number="某办〔2026〕4号").sha256


def test_a_pdf_holds_every_part_on_a4_in_the_type_area_and_is_the_same_twice() -> None:
    content = pdf(PAPER, FONTS)
    page = pypdfium2.PdfDocument(content)[0]
    width, height = page.get_size()
    assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == (210, 297)
    text = "".join(one.get_textpage().get_text_range() for one in pypdfium2.PdfDocument(content))
    parts = [
        "各有关单位：",
        "（一）甲",
        "附件：1.清单",
        "2026年11月2日",
        "（此件公开发布）",
        "抄送：某某部，某某委。",
        "— 1 —",
    ]
    for part in (PAPER.head, PAPER.number, PAPER.secrecy, PAPER.urgency, PAPER.title, "2026年11月2日印发", *parts):
        assert part in text, part
    found = [one for one in page.get_objects() if one.type == 1]
    left, right = min(one.get_bounds()[0] for one in found), max(one.get_bounds()[2] for one in found)
    assert left > 27.5 / 25.4 * 72 and right < (210 - 25.5) / 25.4 * 72
    assert content == pdf(PAPER, FONTS)


def test_a_word_file_has_the_margins_the_faces_and_the_page_number_as_a_field() -> None:
    faces = Faces(("小标宋",), ("仿宋",), ("黑体",), ("楷体",))
    parts = zipfile.ZipFile(io.BytesIO(word(PAPER, faces)))
    body = parts.read("word/document.xml").decode()
    footers = [parts.read(name).decode() for name in parts.namelist() if name.startswith("word/footer")]
    for face in ("小标宋", "仿宋", "黑体", "楷体"):
        assert f'w:eastAsia="{face}"' in body
    assert 'w:top="2098"' in body and 'w:left="1587"' in body
    assert len(footers) == 2 and all(">PAGE<" in footer for footer in footers)


def test_what_somebody_wrote_is_text_and_never_markup() -> None:
    sly = '#read("/etc/passwd") *粗* $x$ \\ <w:b/> =1+1'
    paper = replace(PAPER, title=sly, blocks=(Block(sly),), addressee=sly)
    pages = pypdfium2.PdfDocument(pdf(paper, FONTS))
    assert "#read(" in pages[0].get_textpage().get_text_range()
    assert "&lt;w:b/&gt;" in zipfile.ZipFile(io.BytesIO(word(paper))).read("word/document.xml").decode()


def test_a_family_that_is_not_here_refuses_the_paper_and_names_the_package() -> None:
    with pytest.raises(Unavailable) as refused:
        pdf(PAPER, FONTS, replace(FREE_FACES, second=("缺席楷体",)))
    assert refused.value.reason == "FONT_MISSING"
    assert refused.value.params == {"families": "缺席楷体", "package": "fonts-noto-cjk"}
    with pytest.raises(Unavailable) as bare:
        pdf(PAPER, Fonts(system=False))
    assert bare.value.reason == "FONT_MISSING"


def test_a_sign_without_a_shape_refuses_the_paper_and_shows_it() -> None:
    with pytest.raises(Unavailable) as refused:
        pdf(replace(PAPER, title="关于\U0001f600的通知"), FONTS)
    assert refused.value.reason == "FONT_LACKS_CHARACTERS" and refused.value.params["characters"] == "\U0001f600"


def test_a_table_stands_whole_in_pdf_and_word_with_its_heads_on_every_page() -> None:
    lines = tuple((str(place), f"单位{place}", "96.50") for place in range(1, 61))
    paper = replace(PAPER, blocks=(Block("结果", 1), Table(("名次", "单位", "得分"), lines, (1, 3, 1))))
    assert from_json(to_json(paper)) == paper
    pages = pypdfium2.PdfDocument(pdf(paper, FONTS))
    texts = [page.get_textpage().get_text_range() for page in pages]
    with_lines = [text for text in texts if "单位" in text]
    assert len(with_lines) > 1 and all("名次" in text for text in with_lines)
    assert all(any(f"单位{place}" in text for text in texts) for place in range(1, 61))
    with zipfile.ZipFile(io.BytesIO(word(paper))) as parts:
        written = parts.read("word/document.xml").decode()
    assert written.count("tblHeader") == 1 and "单位60" in written
