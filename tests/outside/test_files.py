"""Files outside the house: on a shelf that speaks S3, and before a virus scanner."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import grpc
import pytest

from carriage.clamd import Clamd
from carriage.letter import NotDelivered
from carriage.s3 import S3, Bucket
from carriage.shelves import Folder, NotOnShelf, Shelf, ShelfAway
from chassis.clock import SettableClock, SystemClock
from tests.doors import Door, refusal
from tests.outside.buckets import ACCESS, REGION, SECRET, bucket
from tests.outside.conftest import MakeCourier
from tests.outside.scanners import MARK, scanner, speaking
from tests.servers.programs import free_port
from tests.service.complaints.city import CLERK, KEEPER, City
from tests.service.complaints.test_attachments import fetched, given, listed
from tests.unit.complaints import files

KEPT = "0123456789abcdef"


def test_every_shelf_gives_back_what_was_put_there_until_it_is_taken_away(tmp_path: Path) -> None:
    content = os.urandom(900_001)
    (tmp_path / "file").write_bytes(content)
    with bucket() as (address, _):
        shelves: list[Shelf] = [Folder(tmp_path / "shelf"), S3(Bucket(address, REGION, ACCESS, SECRET), SystemClock())]
        for shelf in shelves:
            shelf.put(KEPT, tmp_path / "file")
            shelf.put(KEPT, tmp_path / "file")
            assert b"".join(shelf.read(KEPT)) == content
            shelf.remove(KEPT)
            shelf.remove(KEPT)
            with pytest.raises(NotOnShelf):
                list(shelf.read(KEPT))
            with pytest.raises(ValueError, match="no name"):
                list(shelf.read("../../etc/passwd"))


def test_a_bucket_takes_nothing_from_somebody_else_and_one_that_is_away_is_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    with bucket() as (address, objects):
        stranger = S3(Bucket(address, REGION, ACCESS, "another secret"), SystemClock())
        for forbidden in (lambda: stranger.put(KEPT, tmp_path / "file"), lambda: list(stranger.read(KEPT))):
            with pytest.raises(ShelfAway):
                forbidden()
        assert objects == {}
    nobody = S3(Bucket(f"http://127.0.0.1:{free_port()}/evidence", REGION, ACCESS, SECRET), SystemClock())
    with pytest.raises(ShelfAway):
        nobody.put(KEPT, tmp_path / "file")


def test_evidence_lies_sealed_in_a_bucket_and_comes_back_from_it(door: Callable[[str], Door], clock: SettableClock) -> None:
    city = City(door("complaints"), clock)
    with bucket() as (address, objects):
        outside = {"files": f"s3+{address}?region={REGION}", "files_key": f"{ACCESS}:{SECRET}"}
        there = Door(replace(city.door.config, outside=outside), clock)
        city = City(there, clock)
        picture = files.picture()

        taken = given(city, city.filed(), picture)

        assert len(objects) == 2
        assert files.LATIN not in b"".join(objects.values())
        asked = {"attachment_id": taken.attachment_id}
        assert fetched(city, "DownloadOriginal", KEEPER, purpose="核对", **asked)[1] == picture
        objects.clear()
        with pytest.raises(grpc.RpcError) as refused:
            fetched(city, "DownloadAttachment", CLERK, **asked)
        assert refusal(refused.value).reason == "FILE_UNREADABLE"
        there.close()


def test_the_courier_has_every_file_scanned_and_keeps_none_with_a_virus(city: City, courier_of: MakeCourier) -> None:
    receipt = city.filed()
    ill = given(city, receipt, files.film(hidden=MARK))
    well = given(city, receipt, files.picture(size=(2400, 1800)))

    with scanner() as address:
        courier_of(clamd=address).look()

    assert {one.attachment_id: one.scan for one in listed(city, receipt)} == {ill.attachment_id: 3, well.attachment_id: 2}
    with pytest.raises(grpc.RpcError) as refused:
        fetched(city, "DownloadAttachment", CLERK, attachment_id=ill.attachment_id)
    assert refusal(refused.value).reason == "FILE_HAS_A_VIRUS"


def test_without_a_scanner_nothing_is_called_clean(city: City, courier_of: MakeCourier) -> None:
    receipt = city.filed()
    given(city, receipt)

    courier_of(clamd=f"127.0.0.1:{free_port()}").look()

    assert [one.scan for one in listed(city, receipt)] == [1]
    with pytest.raises(NotDelivered):
        Clamd(f"127.0.0.1:{free_port()}").scan([b"x"])
    with speaking() as address:
        assert Clamd(address).scan([b"x", b"", b"y"]) == ""
        assert Clamd(address).scan([MARK]) == "Zhengfeng.Test.UNOFFICIAL"


def test_a_file_without_a_verdict_keeps_no_other_waiting_and_has_its_turn_again_later(
    city: City, courier_of: MakeCourier
) -> None:
    receipt = city.filed()
    large = given(city, receipt, files.film(hidden=b"large"))
    city.clock.advance(timedelta(seconds=1))
    small = given(city, receipt, files.picture())
    with speaking(most=1000) as address:
        with pytest.raises(NotDelivered) as fault:
            Clamd(address).scan([b"x" * 1001])
        assert not fault.value.away
    seen: list[int] = []

    def scan(pieces: Iterable[bytes]) -> str:
        seen.append(len(b"".join(pieces)))
        if len(seen) == 1:
            raise NotDelivered("no verdict")
        return ""

    shelving = city.door.usecases.shelving
    assert (shelving.scan(scan), shelving.scan(scan)) == (1, 0)
    assert {one.attachment_id: one.scan for one in listed(city, receipt)} == {large.attachment_id: 1, small.attachment_id: 2}
    city.clock.advance(timedelta(minutes=16))
    assert shelving.scan(scan) == 1
