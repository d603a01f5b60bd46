"""A document as PDF, set by typst after `documents.typ`.

Texts reach the layout as data, never as markup: nothing somebody wrote can become a command.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime, time
from pathlib import Path

import typst

from papers.documents import FREE_FACES, Document, Faces, plain
from papers.documents_fonts import Fonts

_LAYOUT = Path(__file__).with_name("documents.typ")
_UNDATED = datetime(2000, 1, 1, tzinfo=UTC)


def pdf(document: Document, fonts: Fonts, faces: Faces = FREE_FACES) -> bytes:
    """The document as PDF/A-2b, the same bytes for the same document.

    Raises Unavailable FONT_MISSING or FONT_LACKS_CHARACTERS. Raises RuntimeError if the typesetter has anything to say:
    a warning would be a document that looks otherwise than it should.
    """
    ready = plain(document)
    fonts.check(faces, ready.text)
    made = datetime.combine(document.day, time(), UTC) if document.day else _UNDATED
    compiler = typst.Compiler(
        _LAYOUT.read_bytes(),
        font_paths=fonts.installed,
        sys_inputs={"paper": json.dumps(ready.paper), "faces": json.dumps(asdict(faces))},
    )
    content, warnings = compiler.compile_with_warnings(format="pdf", pdf_standards=["a-2b"], timestamp=int(made.timestamp()))
    if warnings or not isinstance(content, bytes):
        raise RuntimeError("; ".join(warning.message for warning in warnings) or "typst gave no document")
    return content
