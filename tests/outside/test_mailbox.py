"""Letters taken from a mailbox: each becomes one complaint, its sender is sealed and told the number."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage

import pytest
from zhengfeng.complaints.v1 import complaint_pb2

from tests.outside.conftest import MakeCourier
from tests.outside.postoffice import PostOffice, post_office
from tests.outside.receivers import Postbox
from tests.service.complaints.city import OFFICE, City

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
    sent.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="单据.pdf")
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
