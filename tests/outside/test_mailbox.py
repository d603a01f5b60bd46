"""Letters taken from a mailbox: each becomes one complaint, its sender is sealed and told the number."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from email.message import EmailMessage

import pytest
from zhengfeng.complaints.v1 import complaint_pb2

from chassis.settings import Setting
from tests.outside.conftest import MakeCourier
from tests.outside.postoffice import PostOffice, post_office
from tests.outside.receivers import Postbox
from tests.service.complaints.city import OFFICE, City
from tests.unit.complaints import files

SENDER = "ruoshui@example.cn"


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with post_office() as running:
        yield running


def letter(subject: str = "窗口无人值守", text: str = "上周三等了两个小时。", **headers: str) -> EmailMessage:
    """What somebody writes."""
    message = EmailMessage()
    message["From"] = f"欧阳若水 <{SENDER}>"
    message["To"] = "office@qinghe.example"
    message["Message-ID"] = "<one@example.cn>"
    if subject:
        message["Subject"] = subject
    for name, value in headers.items():
        del message[name.replace("_", "-")]
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


def ledger(city: City) -> list[complaint_pb2.Complaint]:
    return list(city.do("ListComplaints", OFFICE).complaints)


def test_a_letter_becomes_one_complaint_and_its_sender_is_told_the_number(
    city: City, office: PostOffice, mail: tuple[Postbox, int], courier_of: MakeCourier
) -> None:
    box, port = mail
    sent = letter()
    sent.add_attachment(files.document(), maintype="application", subtype="pdf", filename="单据.pdf")
    uid = office.put(sent.as_bytes())
    channels = {"imap": office.url, "imap_place": "/qinghe", "smtp": f"smtp://127.0.0.1:{port}?from=o@qinghe.example&tls=no"}
    courier = courier_of(**channels)
    courier.look()
    courier.look()

    [filed] = ledger(city)
    seen = city.seen(filed)
    assert (seen.channel, seen.manner) == (complaint_pb2.CHANNEL_EMAIL, complaint_pb2.MANNER_CONFIDENTIAL)
    assert (seen.title, "两个小时" in seen.text, "1个附件" in seen.confidential_text) == ("窗口无人值守", True, True)
    assert office.flags[uid] == {"\\Seen"}
    [(to, answer)] = box.letters
    assert to == SENDER and filed.number in answer.get_content() and "两个小时" not in answer.get_content()
    assert SENDER.encode() not in city.dump() and "若水".encode() not in city.dump()

    office.flags[uid].clear()
    city.clock.advance(timedelta(minutes=2))
    courier.look()
    assert len(ledger(city)) == 1, "the same letter found again is the same complaint"
    city.do("AcceptComplaint", OFFICE, complaint_id=filed.complaint_id, expected_version=filed.version)
    courier.look()
    assert len(box.letters) == 1, "who wrote by mail has asked for the number, not for news"


def test_what_is_enclosed_is_evidence_stripped_and_what_is_refused_is_told(
    city: City, office: PostOffice, mail: tuple[Postbox, int], courier_of: MakeCourier
) -> None:
    box, port = mail
    sent = letter()
    sent.add_attachment(files.picture(), maintype="image", subtype="jpeg", filename="欧阳若水拍摄.jpg")
    sent.add_attachment(b"MZ\x90\x00" * 100, maintype="image", subtype="png", filename="图.png")
    uid = office.put(sent.as_bytes())
    courier = courier_of(imap=office.url, imap_place="/qinghe", smtp=f"smtp://127.0.0.1:{port}?from=o@qinghe.example&tls=no")
    courier.look()
    office.flags[uid].clear()
    city.clock.advance(timedelta(minutes=2))
    courier.look()

    [filed] = ledger(city)
    [kept] = city.do("ListAttachments", OFFICE, complaint_id=filed.complaint_id).attachments
    assert (kept.file_name, kept.media_type, kept.given_by) == ("欧阳若水拍摄.jpg", "image/jpeg", "complainant")
    assert not kept.shown_to_unit and "欧阳若水拍摄".encode() not in city.dump()
    stub, asked = city.method("DownloadAttachment"), city.request("DownloadAttachment", attachment_id=kept.attachment_id)
    copy = b"".join(one.content for one in stub(asked, metadata=city.door.metadata(OFFICE), timeout=30))
    assert copy and files.LATIN not in copy
    told = [answer["Subject"] for _, answer in box.letters]
    assert len(told) == 2 and any("附件未能收下" in subject for subject in told), "each told once"


def test_a_sender_of_too_many_letters_waits_for_a_person_and_keeps_no_other_waiting(
    city: City, office: PostOffice, courier_of: MakeCourier
) -> None:
    limits = {name: {"at_once": 2, "per_hour": 1} for name in ("address", "no_device")} | {
        "not_limited": [],
        "phone": "12345",
    }
    city.door.store.settings.load([Setting("", "flood.mail", limits, date(2020, 1, 1), None, "test")])
    uids = [office.put(letter(Message_ID=f"<{number}@example.cn>").as_bytes()) for number in range(3)]
    other = office.put(letter(Message_ID="<x@example.cn>", From="wang@example.cn").as_bytes())

    courier_of(imap=office.url, imap_place="/qinghe").look()

    assert [office.flags[uid] for uid in (*uids, other)] == [{"\\Seen"}, {"\\Seen"}, {"\\Flagged"}, {"\\Seen"}]
    assert len(ledger(city)) == 3


@pytest.mark.parametrize(
    "odd",
    [
        letter(Auto_Submitted="auto-replied"),
        letter(Precedence="bulk"),
        letter(From="nobody at all"),
        letter(subject="", text=""),
    ],
    ids=["an answering machine", "a list", "nobody", "nothing"],
)
def test_what_no_person_wrote_is_no_complaint_and_is_not_answered(
    city: City, office: PostOffice, courier_of: MakeCourier, odd: EmailMessage
) -> None:
    uid = office.put(odd.as_bytes())
    courier_of(imap=office.url, imap_place="/qinghe").look()
    assert ledger(city) == [] and office.flags[uid] == {"\\Seen"}


def test_a_letter_made_to_break_it_keeps_no_other_waiting_and_one_too_large_waits_for_a_person(
    city: City, office: PostOffice, courier_of: MakeCourier
) -> None:
    office.put(b"Content-Type: text/plain; charset=no-such\r\nFrom: =?x?=\xff\xfe\r\n\r\n\x00\xff")
    large = office.put(b"From: a@b.example\r\n\r\n" + b"x" * 21_000_000)
    html = letter(Message_ID="<two@example.cn>")
    html.set_content("<p>排队<b>三小时</b></p><script>alert(1)</script>", subtype="html")
    office.put(html.as_bytes())
    courier_of(imap=office.url, imap_place="/qinghe").look()
    [filed] = ledger(city)
    assert city.seen(filed).text == "排队三小时"
    assert office.flags[large] == {"\\Flagged"}


NESTED = b"".join(
    b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (depth, depth) for depth in range(3000)
)


@pytest.mark.parametrize(
    ("raw", "flag"),
    [
        (b"From: a@b.example\r\nContent-Type: text/html\r\n\r\n<![x]]> text", "\\Flagged"),
        (b"From: a@b.example\r\nSubject: x\r\n" + NESTED, "\\Flagged"),
        (b"From: a@b.example\r\nContent-Type: text/plain; charset=utf-7\r\n\r\n+2AA- text", "\\Seen"),
        (b"From: =?utf-8?q?=E3=80=80?= <a@b.example>\r\nSubject: x\r\n\r\ntext", "\\Seen"),
    ],
    ids=["html that is none", "parts in parts", "half a character", "a name of blanks"],
)
def test_a_letter_nobody_can_take_is_flagged_for_a_person_and_not_tried_for_ever(
    city: City, office: PostOffice, courier_of: MakeCourier, raw: bytes, flag: str
) -> None:
    uid = office.put(raw)
    courier_of(imap=office.url, imap_place="/qinghe").look()
    assert office.flags[uid] == {flag}
    assert len(ledger(city)) == (flag == "\\Seen")


def test_a_mailbox_that_is_away_is_looked_into_again_later(city: City, courier_of: MakeCourier) -> None:
    courier = courier_of(imap="imap://office:word@127.0.0.1:1/INBOX", imap_place="/qinghe")
    courier.look()
    assert ledger(city) == []
