"""What an organ outside is given: everything that came in until the handover, with its files named by their hashes."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from tests.service.complaints.city import CLERK, LEADER, OFFICE, City
from tests.service.complaints.test_attachments import files, given
from tests.service.complaints.test_roads import BRIBE, taken

ORGAN = "清河市纪委监委"


def test_the_parcel_holds_what_was_added_and_each_file_with_the_hash_of_what_was_handed_in(city: City) -> None:
    receipt = city.filed(text=BRIBE)
    picture = files.picture()
    given(city, receipt, picture, "红包.jpg")
    city.do("AddEvidence", None, receipt_code=receipt.receipt_code, text="当天还收了两条烟")
    parcel = taken(city, receipt)
    assert [one.text for one in parcel.additions] == ["当天还收了两条烟"]
    [file] = parcel.files
    told = (file.name, file.media_type, file.size, file.sha256)
    assert told == ("红包.jpg", "image/jpeg", len(picture), hashlib.sha256(picture).hexdigest())


def test_what_came_after_it_was_printed_is_not_erased_before_the_organ_has_it(city: City) -> None:
    receipt = city.filed(text=BRIBE)
    taken(city, receipt)
    city.clock.advance(timedelta(hours=1))
    city.do("AddEvidence", None, receipt_code=receipt.receipt_code, text="当天还收了两条烟")
    refused = city.refused("MoveToDiscipline", CLERK, on=city.seen(receipt), organ=ORGAN)
    assert refused.reason == "PARCEL_OUTDATED"
    city.clock.advance(timedelta(hours=1))
    assert taken(city, receipt).additions
    given(city, receipt)
    city.clock.advance(timedelta(hours=1))
    given(city, receipt, files.document(), "说明.pdf")
    assert city.refused("MoveToDiscipline", CLERK, on=city.seen(receipt), organ=ORGAN).reason == "PARCEL_OUTDATED"
    assert len(taken(city, receipt).files) == 2
    city.do("MoveToDiscipline", CLERK, on=city.seen(receipt), organ=ORGAN)


def test_an_isolated_one_is_printed_whole_and_stays_closed(city: City) -> None:
    receipt = city.filed()
    given(city, receipt, name="图纸.jpg")
    city.do("AddEvidence", None, receipt_code=receipt.receipt_code, text="附上图纸说明")
    isolated = city.do("IsolateSecret", CLERK, on=city.seen(receipt))
    parcel = city.do("TakeParcel", OFFICE, complaint_id=isolated.complaint_id).parcel
    assert [one.text for one in parcel.additions] == ["附上图纸说明"]
    assert [(one.name, len(one.sha256)) for one in parcel.files] == [("图纸.jpg", 64)]
    timeline = city.do("ListTimeline", OFFICE, complaint_id=isolated.complaint_id).entries
    assert not any(entry.text for entry in timeline)
    city.do("RuleOnSecret", LEADER, on=isolated, secret=True, organ="清河市国家保密局")
