"""A mailbox read by IMAP: letters nobody has dealt with yet, each marked as read once it has been taken.

The mailbox is an address of the form `imaps://user:password@host/INBOX`; plain `imap` is for a server on the same machine.
"""

from __future__ import annotations

import email.policy
import hashlib
import imaplib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

from carriage.letter import SECONDS, NotDelivered
from chassis.errors import Refusal, Unavailable
from chassis.logs import log

MOST_AT_ONCE = 50
_HOPELESS = (Refusal, ValueError, AssertionError, RecursionError)
"""What a letter itself brings about, so that trying again helps nobody: the last two come from Python's parsers."""
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that came with a letter, as it was sent."""

    name: str = field(repr=False)
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A letter somebody sent. `automatic` is one no person wrote: nobody answers it, or two machines would for ever."""

    message_id: str
    sender_name: str
    sender: str
    subject: str
    text: str = field(repr=False)
    files: tuple[Enclosed, ...]
    automatic: bool


@dataclass(frozen=True, slots=True)
class Account:
    """A mailbox as configured."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str
    encrypted: bool

    @staticmethod
    def of(url: str) -> Account:
        """Reads the address. Raises ValueError naming its form."""
        parts = urlsplit(url)
        if parts.scheme not in ("imap", "imaps") or not parts.hostname or not parts.username:
            raise ValueError("mailbox: imaps://user:password@host/INBOX")
        encrypted = parts.scheme == "imaps"
        return Account(
            host=parts.hostname,
            port=parts.port or (993 if encrypted else 143),
            user=unquote(parts.username),
            password=unquote(parts.password or ""),
            folder=unquote(parts.path.lstrip("/")) or "INBOX",
            encrypted=encrypted,
        )


class Mailbox:
    """One mailbox."""

    def __init__(self, account: Account, most_bytes: int) -> None:
        self._account = account
        self._most_bytes = most_bytes

    def each(self, take: Callable[[Arrived], object]) -> int:
        """Gives every unread letter to `take`, and marks it as read once that has returned; says how many there were.

        One that is too large, or that cannot be taken for what is in it, stays unread and is flagged, for a person to look
        at. Raises NotDelivered for a server that is away.
        """
        taken = 0
        try:
            with self._opened() as connection:
                for uid in _unread(connection)[:MOST_AT_ONCE]:
                    raw = self._fetched(connection, uid)
                    flag = r"(\Flagged)" if raw is None else self._took(take, raw)
                    if flag:
                        connection.uid("STORE", uid, "+FLAGS", flag)
                    taken += flag == r"(\Seen)"
        except (imaplib.IMAP4.error, OSError) as fault:
            raise NotDelivered(type(fault).__name__) from fault
        return taken

    def _took(self, take: Callable[[Arrived], object], raw: bytes) -> str:
        """How a letter is marked; empty for one that could not be taken for a fault of ours and is tried again."""
        try:
            take(read(raw))
        except Exception as fault:
            log().error("letter.failed", exc_info=fault)
            hopeless = isinstance(fault, _HOPELESS) and not isinstance(fault, Unavailable)
            return r"(\Flagged)" if hopeless else ""
        return r"(\Seen)"

    @contextmanager
    def _opened(self) -> Iterator[imaplib.IMAP4]:
        account = self._account
        kind = imaplib.IMAP4_SSL if account.encrypted else imaplib.IMAP4
        connection = kind(account.host, account.port, timeout=SECONDS)
        try:
            connection.login(account.user, account.password)
            connection.select(account.folder)
            yield connection
        finally:
            with suppress(imaplib.IMAP4.error, OSError):
                connection.logout()

    def _fetched(self, connection: imaplib.IMAP4, uid: str) -> bytes | None:
        """A letter's bytes, unless it is larger than allowed: its size is asked for first."""
        _, told = connection.uid("FETCH", uid, "(RFC822.SIZE)")
        size = _SIZE.search(b" ".join(part if isinstance(part, bytes) else b" ".join(part) for part in told if part))
        if size is None or int(size.group(1)) > self._most_bytes:
            return None
        _, parts = connection.uid("FETCH", uid, "(BODY.PEEK[])")
        return next((bytes(part[1]) for part in parts if isinstance(part, tuple)), None)


def read(raw: bytes) -> Arrived:
    """A letter out of its bytes; what cannot be read of it is empty."""
    message = BytesParser(policy=email.policy.default).parsebytes(raw)
    name, address = parseaddr(_header(message, "From"))
    return Arrived(
        message_id=_header(message, "Message-ID") or hashlib.sha256(raw).hexdigest(),
        sender_name=name,
        sender=address,
        subject=" ".join(_header(message, "Subject").split()),
        text=_text(message),
        files=tuple(_enclosed(part) for part in message.walk() if _is_file(part)),
        automatic=_automatic(message),
    )


def _is_file(part: EmailMessage) -> bool:
    """Whether a part was enclosed, or is a picture, recording or document set into the text."""
    told = part.get_content_disposition()
    return not part.is_multipart() and (told == "attachment" or (told == "inline" and part.get_content_maintype() != "text"))


def _enclosed(part: EmailMessage) -> Enclosed:
    """What cannot be read of it is empty, and refused by whoever looks at it."""
    try:
        name = _clean(part.get_filename() or "")
    except (ValueError, IndexError, AttributeError, TypeError):
        name = ""
    try:
        content = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        content = b""
    return Enclosed(name, content if isinstance(content, bytes) else b"")


def _unread(connection: imaplib.IMAP4) -> list[str]:
    _, found = connection.uid("SEARCH", "UNSEEN", "UNFLAGGED")
    return found[0].decode().split() if found and found[0] else []


def _header(message: EmailMessage, name: str) -> str:
    try:
        return _clean(str(message.get(name, "")))
    except (ValueError, IndexError, AttributeError, TypeError):  # what email's parser raises on headers made to break it
        return ""


def _automatic(message: EmailMessage) -> bool:
    """RFC 3834: answers and reports of machines, lists, and what has nobody to answer to."""
    said = _header(message, "Auto-Submitted").lower() or "no"
    bulk = _header(message, "Precedence").lower() in ("bulk", "list", "junk", "auto_reply")
    return said != "no" or bulk or "List-Id" in message or _header(message, "Return-Path").strip() == "<>"


def _text(message: EmailMessage) -> str:
    try:
        body = message.get_body(("plain", "html"))
        content = str(body.get_content()) if body is not None else ""
        text = _Plain.of(content) if body is not None and body.get_content_subtype() == "html" else content
    except (LookupError, ValueError, AttributeError, KeyError):  # an unknown character set, a part that is none
        return ""
    return _clean(text).strip()


def _clean(text: str) -> str:
    """Without what no database and no answer can hold: NUL, and halves of characters some encodings let through."""
    return text.replace("\0", "").encode(errors="replace").decode()


class _Plain(HTMLParser):
    """The words of a letter in HTML."""

    def __init__(self) -> None:
        super().__init__()
        self._words: list[str] = []
        self._hidden = 0

    @staticmethod
    def of(html: str) -> str:
        """What a reader sees."""
        plain = _Plain()
        plain.feed(html)
        return "\n".join(line for line in (part.strip() for part in "".join(plain._words).splitlines()) if line)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Scripts and styles are not read; blocks begin a line."""
        self._hidden += tag in ("script", "style")
        if tag in ("p", "div", "br", "li", "tr"):
            self._words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """Reads on after a script or style."""
        self._hidden -= tag in ("script", "style") and self._hidden > 0

    def handle_data(self, data: str) -> None:
        """Words."""
        if not self._hidden:
            self._words.append(data)
