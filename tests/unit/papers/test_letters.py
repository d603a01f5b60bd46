"""Letters with codes: each on its page or half page, whole, and the code in the picture only after the #."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pypdfium2

from papers.documents_fonts import Fonts
from papers.letters import Letter, Pile, pdf

MADE = datetime(2026, 11, 22, tzinfo=UTC)
FONTS = Fonts()
LONG = "清河市关于进一步加强和改进机关工作作风建设提高行政效能领导小组办公室综合协调督查督办处"


def pile(letters: int, per_page: int = 1, **changes: object) -> Pile:
    codes = [f"7KQ2M-8XW4P-3RTVN-{number:05d}" for number in range(letters)]
    written = [Letter(f"演示评议人{code[-5:]}：", code, f"https://rate.test/rate#code={code}") for code in codes]
    made = Pile(
        "评议通知", ("诚请参加。",), "评议码", "https://rate.test/rate", "扫一扫", ("咨询：效能办",), written, per_page
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def pages(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    return [page.get_textpage().get_text_range() for page in document]


def test_each_letter_has_its_page_and_its_code() -> None:
    written = pages(pdf(pile(3), FONTS, MADE))
    assert [f"3RTVN-{number:05d}" in page for number, page in enumerate(written)] == [True] * 3


def test_two_letters_share_a_page_to_be_cut() -> None:
    written = pages(pdf(pile(5, per_page=2), FONTS, MADE))
    assert len(written) == 3
    assert "3RTVN-00000" in written[0] and "3RTVN-00001" in written[0]


def test_a_long_letter_on_half_a_page_is_set_smaller_and_nothing_is_cut_off() -> None:
    long = pile(2, per_page=2, opening=(LONG * 6,), closing=(LONG * 4, "咨询到此为止"))
    [page] = pages(pdf(long, FONTS, MADE))
    assert page.replace("\r\n", "").count("咨询到此为止") == 2


def test_the_same_pile_gives_the_same_bytes() -> None:
    assert pdf(pile(2), FONTS, MADE) == pdf(pile(2), FONTS, MADE)
