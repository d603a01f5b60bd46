"""What travels tells nothing of who made it; what is no picture, sound, film or document through and through is refused."""

from __future__ import annotations

import io
from types import ModuleType

import pikepdf
import pytest
from PIL import Image

from services.complaints.evidence import (
    Bounds,
    Lies,
    media_type_of,
    movies,
    pictures,
    samples,
    sounds,
    travelling,
    travelling_copy,
)
from services.complaints.evidence.documents import without_segments
from tests.unit.complaints import files

BOUNDS = Bounds(pixels=10_000_000, longest_edge=200, unpacked=16 * 1024 * 1024)
GIVEN = {
    "image/jpeg": files.picture(),
    "image/png": files.picture("PNG"),
    "image/webp": files.picture("WEBP"),
    "application/pdf": files.document(),
    "video/mp4": files.film(),
    "video/quicktime": files.film(b"qt  "),
    "video/webm": files.webm(),
    "audio/mpeg": files.mp3(),
    "audio/wav": files.wav(),
    "audio/amr": files.amr(),
}


def travelled(content: bytes) -> tuple[str, bytes]:
    """The media type of the copy and the copy."""
    out = io.BytesIO()
    return travelling_copy(io.BytesIO(content), out, media_type_of(content[:64]), BOUNDS), out.getvalue()


@pytest.mark.parametrize("media_type", GIVEN)
def test_a_file_is_known_by_its_content_and_its_copy_tells_nothing_of_its_maker(media_type: str) -> None:
    assert media_type_of(GIVEN[media_type][:64]) == media_type

    _, copy = travelled(GIVEN[media_type])

    assert files.LATIN not in copy
    assert files.SECRET not in copy
    assert b"CameraMaker" not in copy


def test_a_picture_stands_upright_and_no_larger_than_it_need_be() -> None:
    with Image.open(io.BytesIO(travelled(GIVEN["image/jpeg"])[1])) as copy:
        assert copy.size == (150, 200)
        assert dict(copy.getexif()) == {}
        assert "icc_profile" not in copy.info


def test_a_document_keeps_its_page_and_loses_author_scripts_and_embedded_files() -> None:
    _, copy = travelled(GIVEN["application/pdf"])

    with pikepdf.open(io.BytesIO(copy)) as pdf:
        assert len(pdf.pages) == 1
        assert len(pdf.pages[0].get_images()) == 1
        assert not pdf.attachments
        assert "/Info" not in pdf.trailer
        assert not {"/OpenAction", "/Names", "/Metadata"} & set(pdf.Root.keys())
    assert b"JavaScript" not in copy


def test_a_film_keeps_its_length_and_samples_and_loses_its_track_of_places() -> None:
    given = files.film()

    media_type, copy = travelled(given)

    assert media_type == "video/mp4"
    assert len(copy) == len(given)
    assert copy.count(b"V" * 50) == copy.count(b"S" * 30) == 1
    assert (77777777).to_bytes(4, "big") not in copy
    assert copy.count(b"trak") == 2


def test_a_film_without_a_picture_is_sound() -> None:
    assert travelled(files.film(handlers=(b"soun",)))[0] == "audio/mp4"


def test_sound_keeps_its_frames() -> None:
    assert travelled(files.mp3(5))[1] == b"\xff\xfb\x90\x00".ljust(417, b"x") * 5
    assert b"S" * 8 in travelled(files.wav())[1]
    assert travelled(files.amr())[1] == files.amr()


def test_a_photograph_keeps_its_scans_to_the_byte_when_segments_are_cut_out() -> None:
    given = files.picture()

    cut = without_segments(given)

    with Image.open(io.BytesIO(given)) as before, Image.open(io.BytesIO(cut)) as after:
        assert before.tobytes() == after.tobytes()
    assert files.LATIN not in cut


def test_nothing_else_is_known() -> None:
    others = [
        b"MZ" + bytes(62),
        b"<html>" + bytes(58),
        files.archive()[:64],
        b"\0\0\0\x18ftypheic" + bytes(52),
        b"x" * 64,
        b"",
    ]
    assert [media_type_of(one) for one in others] == [""] * len(others)


LYING = {
    "a picture with an archive behind it": files.picture() + files.archive(),
    "a picture with an archive inside it": files.picture("PNG")[:-12] + files.archive() + files.picture("PNG")[-12:],
    "a picture with a program behind it": files.picture() + b"MZ" + bytes(500),
    "a PNG with anything behind it": files.picture("PNG") + b"more",
    "a picture that is a page": files.picture(comment=b"<html><script>alert(1)</script>"),
    "a picture that is a PDF": files.picture(comment=b"%PDF-1.7 1 0 obj"),
    "a picture cut off": files.picture()[:-700],
    "a picture that is only a beginning": b"\xff\xd8\xff\xe0",
    "a picture of too many pixels": files.huge_picture(),
    "a picture with a bomb of text": files.picture("PNG")[:33] + files.words(3_000_000) + b"zTXt" + bytes(100),
    "a document with an archive behind it": files.document() + files.archive(),
    "a document with a page behind it": files.document() + b"<p>hello</p>",
    "a document cut off": files.document()[:-400],
    "a document that unpacks without end": files.bomb(),
    "a document that is none": b"%PDF-1.7\n" + b"x" * 500 + b"%%EOF",
    "a film with an archive behind it": files.film() + files.archive(),
    "a film with something behind it": files.film() + b"x" * 40,
    "a film cut off": files.film()[:-60],
    "a film whose samples lie elsewhere": files.film().replace(b"stco" + files.words(0, 1), b"stco" + files.words(0, 9)),
    "a film of nothing": files.film(handlers=(b"meta",)),
    "a film whose chunks are filled again and again": files.film().replace(
        files.words(0, 1, 1, 1, 1), files.words(0, 1, 1, 9, 1)
    ),
    "sound that is none": b"ID3\x03\0\0\0\0\0\0" + b"x" * 900,
    "sound with something between its frames": files.mp3(4) + b"y" * 50 + files.mp3(4),
    "a recording that is none": b"#!AMR\n" + b"\xff" * 40,
    "a wave longer than it says": files.wav() + b"more",
    "a WebM with an unknown part": files.webm() + files.element(0x1549A967, b"x"),
}


@pytest.mark.parametrize("what", LYING)
def test_a_file_that_lies_is_refused(what: str) -> None:
    with pytest.raises(Lies) as refused:
        travelled(LYING[what])
    assert refused.value.reason == "FILE_LIES"


@pytest.mark.parametrize(
    ("where", "most", "media_type"),
    [
        (movies, "_MOST_BOXES", "video/mp4"),
        (movies, "_MOST_LOOKS", "video/mp4"),
        (samples, "_MOST_CHUNKS", "video/mp4"),
        (sounds, "_MOST_KEPT", "audio/wav"),
        (travelling, "MOST_READS", "audio/amr"),
        (travelling, "MOST_READS", "video/webm"),
        (pictures, "MOST_READS", "image/jpeg"),
    ],
)
def test_a_file_of_more_parts_than_anybody_records_is_refused(
    monkeypatch: pytest.MonkeyPatch, where: ModuleType, most: str, media_type: str
) -> None:
    assert travelled(GIVEN[media_type])
    monkeypatch.setattr(where, most, 1)
    with pytest.raises(Lies, match="FILE_LIES"):
        travelled(GIVEN[media_type])


def test_a_film_of_twenty_thousand_empty_media_is_read_in_one_go() -> None:
    _, copy = travelled(files.film() + files.box(b"mdat") * 19_000)
    assert b"V" * 50 in copy and files.SECRET not in copy


def test_every_beginning_of_a_file_is_refused_or_taken_but_never_a_fault() -> None:
    for content in GIVEN.values():
        for end in range(64, len(content), max(1, len(content) // 25)):
            try:
                travelled(content[:end])
            except Lies:
                continue
