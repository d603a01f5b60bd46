"""Files people hand in, made here byte by byte, each with something in it that tells of its maker."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Any

import pikepdf
from PIL import Image

SECRET = "柳巷9号欧阳若水".encode()
LATIN = b"OUYANG-9-WILLOW-LANE"


def picture(form: str = "JPEG", size: tuple[int, int] = (320, 240), **save: Any) -> bytes:
    """A picture whose EXIF names its author and place, held sideways."""
    drawn = Image.new("RGB", size, (200, 30, 30))
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x013B] = LATIN.decode()
    exif[0x010F] = "CameraMaker"
    exif.get_ifd(0x8825)[2] = (30.0, 35.0, 12.0)
    out = io.BytesIO()
    drawn.save(out, form, exif=exif, **save)
    return out.getvalue()


def document() -> bytes:
    """A PDF with an author, XMP, a script, an action, an embedded file, and a photograph with EXIF."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(300, 300))
    photo = pdf.make_stream(picture(), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=320, Height=240)
    photo.ColorSpace, photo.BitsPerComponent = pikepdf.Name.DeviceRGB, 8
    photo.Filter = pikepdf.Name.DCTDecode
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=photo))
    page.obj.Contents = pdf.make_stream(b"q 300 0 0 300 0 0 cm /P Do Q")
    pdf.docinfo["/Author"] = LATIN.decode()
    with pdf.open_metadata() as metadata:
        metadata["dc:creator"] = [LATIN.decode()]
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert('x')"))
    pdf.Root.OpenAction = pdf.make_indirect(script)
    pdf.attachments["diary.txt"] = LATIN
    link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=script)
    page.obj.Annots = pikepdf.Array([pdf.make_indirect(link)])
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def archive() -> bytes:
    """A ZIP archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("hidden.txt", SECRET)
    return out.getvalue()


def box(kind: bytes, *parts: bytes) -> bytes:
    """A box of a film."""
    content = b"".join(parts)
    return (8 + len(content)).to_bytes(4, "big") + kind + content


def words(*numbers: int) -> bytes:
    """Numbers of four bytes."""
    return b"".join(number.to_bytes(4, "big") for number in numbers)


def _track(handler: bytes, offset: int, size: int) -> bytes:
    hdlr = box(b"hdlr", words(0, 0), handler, words(0, 0, 0), LATIN + b"\0")
    stbl = box(
        b"stbl",
        box(b"stsd", words(0, 0)),
        box(b"stsc", words(0, 1, 1, 1, 1)),
        box(b"stsz", words(0, 0, 1, size)),
        box(b"stco", words(0, 1, offset)),
    )
    dinf = box(b"dinf", box(b"dref", words(0, 1), box(b"url ", words(1))))
    mdia = box(b"mdia", box(b"mdhd", words(0, 77777777, 77777777, 1000, 1000, 0)), hdlr, box(b"minf", dinf, stbl))
    return box(b"trak", box(b"tkhd", words(0, 77777777, 77777777, 1), bytes(68)), mdia)


def film(brand: bytes = b"isom", handlers: tuple[bytes, ...] = (b"vide", b"soun", b"meta"), hidden: bytes = SECRET) -> bytes:
    """A film with a picture, a sound and a track of places; a place also in `udta`, and something hidden in the media."""
    head = box(b"ftyp", brand, words(0), b"isom")
    media = {b"vide": b"V" * 50, b"soun": b"S" * 30, b"meta": LATIN}
    at, tracks, content = len(head) + 8, b"", b""
    for handler in handlers:
        tracks += _track(handler, at + len(content), len(media[handler]))
        content += media[handler]
    moov = box(b"moov", box(b"mvhd", words(0, 77777777, 77777777, 1000, 1000), bytes(80)), tracks, box(b"udta", LATIN))
    return head + box(b"mdat", content, hidden) + moov + box(b"free", LATIN)


def element(kind: int, content: bytes) -> bytes:
    """An element of WebM."""
    length = (kind.bit_length() + 7) // 8
    return kind.to_bytes(length, "big") + (len(content) | 1 << 28).to_bytes(4, "big") + content


def webm() -> bytes:
    """A film with a title and tags."""
    track = element(0xAE, element(0x83, b"\x01") + element(0x536E, LATIN))
    info = element(0x1549A966, element(0x2AD7B1, b"\x0f\x42\x40") + element(0x7BA9, LATIN))
    cluster = element(0x1F43B675, element(0xE7, b"\0") + element(0xA3, b"\x81\0\0\x80" + b"V" * 20))
    inside = info + element(0x1654AE6B, track) + element(0x1254C367, LATIN) + cluster
    return element(0x1A45DFA3, element(0x4282, b"webm")) + element(0x18538067, inside)


def mp3(frames: int = 5) -> bytes:
    """Sound with tags before and after it."""
    tag = b"ID3\x03\0\0" + bytes([0, 0, 0, 30]) + LATIN.ljust(30, b"\0")
    frame = b"\xff\xfb\x90\x00".ljust(417, b"x")
    return tag + frame * frames + b"TAG" + LATIN.ljust(125, b"\0")


def wav() -> bytes:
    """Sound with a note beside it."""
    form = b"fmt " + (16).to_bytes(4, "little") + bytes([1, 0, 1, 0]) + bytes(12)
    note = b"LIST" + (20).to_bytes(4, "little") + LATIN
    sound = b"data" + (8).to_bytes(4, "little") + b"S" * 8
    inside = b"WAVE" + form + note + sound
    return b"RIFF" + len(inside).to_bytes(4, "little") + inside


def amr() -> bytes:
    """A recording of a telephone."""
    return b"#!AMR\n" + b"".join(b"\x3c" + b"a" * 31 for _ in range(4))


def bomb() -> bytes:
    """A PDF of a few kilobytes whose index unpacks to hundreds of megabytes."""
    packed = zlib.compress(bytes(256 * 1024 * 1024), 9)
    stream = b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n" % len(packed) + packed + b"\nendstream"
    body = b"%PDF-1.7\n1 0 obj\n" + stream + b"\nendobj\n"
    at = len(body)
    rows = b"".join([b"\0\0\0\0\xff", b"\1" + b"\0\0\x09\0", b"\2\0\0\1\0", b"\1" + at.to_bytes(3, "big") + b"\0"])
    index = b"<</Type/XRef/Size 4/W[1 3 1]/Root 2 0 R/Length %d>>stream\n" % len(rows) + rows + b"\nendstream"
    return body + b"3 0 obj\n" + index + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % at


def huge_picture() -> bytes:
    """A PNG of a few kilobytes that unpacks to gigabytes."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")

    head = words(60_000, 60_000) + bytes([8, 2, 0, 0, 0])
    rows = zlib.compress(bytes(1_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
