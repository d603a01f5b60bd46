"""What is given with a complaint: what it is, how much of it there may be, who may see it when.

What it is called and the hash of its original are not here in the clear: they are sealed under the complaint's own key, as
the two copies of it are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from chassis.errors import Conflict, Invalid, Refusal
from services.complaints.domain.complaint import Complaint
from services.complaints.domain.stages import ACTS

MEGABYTE = 1024 * 1024
EVIDENCE = "AddEvidence"
WAIT = "wait"
_ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "application/pdf": "pdf",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/3gpp": "3gp",
    "video/webm": "webm",
    "audio/mp4": "m4a",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "audio/amr": "amr",
    "audio/webm": "weba",
}


class Kind(Enum):
    """What sort of thing it is."""

    PICTURE = "picture"
    AUDIO = "audio"
    VIDEO = "video"
    DOCUMENT = "document"


class Scan(Enum):
    """What the virus scan says."""

    WAITING = "waiting"
    CLEAN = "clean"
    INFECTED = "infected"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may be given, from the setting `attachments.limits`."""

    largest_megabytes: int
    files: int
    all_megabytes: int
    ticket_minutes: int
    million_pixels: int
    longest_edge: int
    unpacked_megabytes: int

    @staticmethod
    def of(row: Mapping[str, Any]) -> Limits:
        """The setting as limits; a row that lacks one fails loudly."""
        return Limits(**{name: int(row[name]) for name in Limits.__dataclass_fields__})

    @property
    def largest(self) -> int:
        """The most bytes of one file."""
        return self.largest_megabytes * MEGABYTE

    def too_large(self) -> Refusal:
        """The refusal of a file over the limit."""
        return Invalid("FILE_TOO_LARGE", "size", megabytes=self.largest_megabytes)

    def check_room(self, sizes: Sequence[int], size: int) -> None:
        """Refused with FILE_TOO_LARGE, TOO_MANY_FILES for one more file of this size beside those of these sizes."""
        if size > self.largest:
            raise self.too_large()
        if len(sizes) >= self.files or sum(sizes) + size > self.all_megabytes * MEGABYTE:
            raise Conflict("TOO_MANY_FILES", files=self.files, megabytes=self.all_megabytes)


@dataclass(frozen=True, slots=True)
class Upload:
    """A ticket for one file, and what became of it. `unit_path` is the unit that gives it, empty for everybody else."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    complaint_id: str
    ticket_mac: bytes
    given_by: str
    sealed_name: bytes | None
    good_until: datetime
    attachment_id: str = ""

    def good(self, now: datetime) -> bool:
        """Whether a file may still come under it."""
        return now <= self.good_until


@dataclass(frozen=True, slots=True)
class Attachment:
    """One thing given with a complaint. `file` names its two copies on the shelf and says nothing by itself."""

    id: str
    version: int
    unit_path: str
    jurisdiction_path: str
    complaint_id: str
    place: int
    kind: Kind
    media_type: str
    size: int
    copy_size: int
    scan: Scan
    shown_to_unit: bool
    given_by: str
    received_at: datetime
    file: str
    sealed: bytes | None

    def show(self, shown: bool) -> Attachment:
        """The next version, shown to the unit or hidden from it."""
        return replace(self, version=self.version + 1, shown_to_unit=shown)

    def scanned(self, scan: Scan) -> Attachment:
        """The next version, after the scan."""
        return replace(self, version=self.version + 1, scan=scan)

    def openable(self, unscanned: str) -> bool:
        """Whether it may be opened now, by what the setting says of those not scanned yet."""
        return self.scan is Scan.CLEAN or (self.scan is Scan.WAITING and unscanned != WAIT)

    def check_openable(self, unscanned: str) -> None:
        """Refused with FILE_HAS_A_VIRUS, FILE_NOT_SCANNED."""
        if self.scan is Scan.INFECTED:
            raise Conflict("FILE_HAS_A_VIRUS")
        if not self.openable(unscanned):
            raise Conflict("FILE_NOT_SCANNED")

    @property
    def plain_name(self) -> str:
        """A name that tells nothing of whoever made the file."""
        return f"attachment-{self.place}.{_ENDINGS.get(self.media_type, 'bin')}"


@dataclass(frozen=True, slots=True)
class Sealed:
    """What is sealed of an attachment: the name it came under and the SHA-256 of the original, in hex."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Shown:
    """An attachment as a reader is shown it."""

    attachment: Attachment
    file_name: str
    sha256: str
    openable: bool


@dataclass(frozen=True, slots=True)
class Given:
    """A page of what was given with a complaint, the most bytes of one more file, and how many more it takes."""

    attachments: tuple[Shown, ...]
    next_token: str
    largest: int
    room: int


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody's look at an original."""

    at: datetime
    complaint_id: str
    attachment_id: str
    reader: str
    purpose: str


def check_giving(complaint: Complaint, by_complainant: bool) -> None:
    """Refused with IMPORTED_COMPLAINT for history; for the complainant with COMPLAINT_ENDED once nobody works on it.

    Those who work on it may add proof after it was closed, for example of the feedback.
    """
    if complaint.runs_history:
        raise Conflict("IMPORTED_COMPLAINT", number=complaint.number)
    if by_complainant and complaint.stage not in ACTS[EVIDENCE]:
        raise Conflict("COMPLAINT_ENDED")


def shown_at_first(upload: Upload) -> bool:
    """Whether the unit sees it before the office shows it: only what came from a unit. A picture, or a letter the desk has
    scanned, may show who wrote it."""
    return upload.unit_path != ""


def ticket_until(limits: Limits, now: datetime) -> datetime:
    """How long a ticket given now is good."""
    return now + timedelta(minutes=limits.ticket_minutes)
