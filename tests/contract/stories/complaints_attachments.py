"""Pictures handed in with a complaint, by the complainant and by a clerk; one of their originals read."""

from __future__ import annotations

from typing import Any

from tests.contract.world import District, World
from tests.unit.complaints.files import picture


def tell(world: World, district: District) -> None:
    """What is given with one more complaint of a district."""
    clerk = district.people[f"clerk@{district.slug}"]
    keeper = district.people[f"keeper@{district.slug}"]
    world.do("complaints.ShowUploadLimits", district, None, jurisdiction_path=district.path)
    receipt = _filed(world, district)
    own = world.do("complaints.BeginOwnUpload", district, None, receipt_code=receipt.receipt_code, size=1)
    taken = world.do("complaints.UploadAttachment", district, None, ticket=own.ticket, content=picture())
    asked = {"complaint_id": receipt.complaint_id, "size": 1}
    ticket = world.do("complaints.BeginUpload", district, clerk, **asked).ticket
    world.do("complaints.UploadAttachment", district, None, ticket=ticket, content=picture("PNG"))
    one = {"attachment_id": taken.attachment.attachment_id}
    world.do("complaints.ShowToUnit", district, clerk, expected_version=1, **one)
    world.do("complaints.DownloadOriginal", district, keeper, purpose=district.mark, **one)


def _filed(world: World, district: District) -> Any:
    about = {"jurisdiction_path": district.path, "accused_unit_path": district.unit, "manner": 3}
    return world.do("complaints.FileComplaint", district, None, title=district.mark, text=district.mark, **about)
