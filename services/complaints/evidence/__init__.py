"""What a file is, by its content, and the copy of it that may travel.

Every kind on the allow-list has a module that reads the file from its first byte to its last, refuses what does not belong
there, and writes the copy without what tells of its maker. Nothing here knows a complaint, a key or a database: it is given
a file to read and a place to write to. The libraries for pictures and PDF are imported where they are used, so that a server
starts without them.
"""

from __future__ import annotations

from services.complaints.evidence.kinds import HEAD, media_type_of
from services.complaints.evidence.reading import Bounds, Lies
from services.complaints.evidence.travelling import travelling_copy

__all__ = ["HEAD", "Bounds", "Lies", "media_type_of", "travelling_copy"]
