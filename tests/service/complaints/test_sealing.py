"""Keys rotate: what is stored comes under the new key and to the present keepers; work stopped is gone on with."""

from __future__ import annotations

import os

import pytest
from nacl.public import PrivateKey

from chassis.auth import Caller
from chassis.errors import Unavailable
from chassis.keys import Keyring
from chassis.store import Tx
from services.complaints.domain.intake import Content
from services.complaints.storage import resealing
from services.complaints.storage.contents import Contents
from services.complaints.storage.recipients import key_id
from services.complaints.storage.roads import withdraw_key
from tests.service.complaints.city import KEEPER, LEADER, OFFICE, SECRET_NAME, City
from tests.service.complaints.test_identity_log import PURPOSE


def opened(city: City, receipt: object) -> str:
    """The name, as its granted reader is told it."""
    one = {"complaint_id": receipt.complaint_id, "purpose": PURPOSE}  # type: ignore[attr-defined]
    request = city.do("RequestIdentity", OFFICE, **one).identity_request
    which = {"identity_request_id": request.identity_request_id}
    city.do("GrantIdentity", KEEPER, **which, expected_version=1, granted=True, hours=1)
    return str(city.do("OpenIdentity", OFFICE, **which).identity.name)


def anew(city: City) -> Contents:
    """The sealed side as a process started now sees it."""
    return Contents(Keyring(city.door.config.keys_dir, create=False))


def renew(city: City) -> Keyring:
    """The door goes on with the keys as a process started now reads them."""
    desk = city.door.usecases.sealing._desk
    desk.contents = anew(city)
    desk.keys = desk.contents._keys
    return desk.keys  # type: ignore[no-any-return]


def reseal(city: City, batch: int = 2) -> list[int]:
    """What each batch changed."""
    renew(city)
    return [done.changed for done in city.door.usecases.sealing.reseal(batch=batch)]


def test_after_rotation_old_and_new_complaints_open_and_the_old_key_can_go(city: City) -> None:
    keys = city.door.config.keys_dir
    before = [city.filed() for _ in range(3)]
    (keys / "records.1").write_bytes(os.urandom(32))
    assert reseal(city) == [2, 1]
    assert reseal(city) == [0, 0]
    (keys / "records.2").write_bytes(os.urandom(32))
    after = city.filed()
    reseal(city)
    (keys / "records.1").unlink()
    assert [opened(city, one) for one in (*before, after)] == [SECRET_NAME] * 4
    assert all(city.seen(one).text for one in before)


def test_work_that_was_stopped_goes_on_where_it_was(city: City) -> None:
    for _ in range(5):
        city.filed()
    (city.door.config.keys_dir / "records.1").write_bytes(os.urandom(32))
    sealing = city.door.usecases.sealing
    renew(city)
    stopped = sealing.reseal(batch=2)
    assert next(stopped).changed == 2
    stopped.close()
    assert sum(reseal(city)) == 3


def test_an_identity_erased_while_its_row_is_sealed_anew_does_not_come_back(city: City) -> None:
    first = city.seen(city.filed())
    (city.door.config.keys_dir / "records.1").write_bytes(os.urandom(32))
    contents = anew(city)
    with city.door.store.begin(Caller.service("complaints")) as tx:
        rewrapped = contents._keys.rewrapped

        def meanwhile(key: bytes) -> bytes:
            contents.anonymise(tx, first.complaint_id, city.clock.now(), ())
            return rewrapped(key)

        contents._keys.rewrapped = meanwhile  # type: ignore[method-assign]
        assert resealing.reseal(tx, contents._keys, contents.keepers, "", 10).changed == 0
        assert not contents.named(tx, first.complaint_id)


def test_a_keeper_who_comes_opens_everything_and_one_who_left_nothing_new(city: City) -> None:
    keys = city.door.config.keys_dir
    first = city.filed()
    private = PrivateKey.generate()
    (keys / f"identity.{key_id(bytes(private.public_key)).hex()}.public").write_bytes(bytes(private.public_key))
    reseal(city)
    own = keys / "identity.private"
    own.rename(keys / "kept-elsewhere")
    with pytest.raises(Unavailable, match="KEY_MISSING"):
        anew(city).keepers.open(sealed(city, first))
    (keys / "private").mkdir()
    (keys / "private" / "identity.second.private").write_bytes(bytes(private))
    assert SECRET_NAME.encode() in anew(city).keepers.open(sealed(city, first))

    (keys / "identity.public").rename(keys / "identity.left")
    reseal(city)
    (keys / "private" / "identity.second.private").unlink()
    (keys / "kept-elsewhere").rename(own)
    with pytest.raises(Unavailable, match="KEY_MISSING"):
        anew(city).keepers.open(sealed(city, first))


def sealed(city: City, receipt: object) -> bytes:
    """What is sealed to the keepers."""
    table = city.door.store.schema.metadata.tables["contents"]
    with city.door.store.engine.connect() as connection:
        row = connection.execute(table.select().where(table.c.complaint_id == receipt.complaint_id)).one()  # type: ignore[attr-defined]
    return Keyring(city.door.config.keys_dir).open_record(row.identity, row.wrapped_key)


def test_the_key_of_an_isolated_complaint_moves_along(city: City) -> None:
    keys = city.door.config.keys_dir
    (keys / "records.1").write_bytes(os.urandom(32))
    at = city.accepted()
    isolated = city.do("IsolateSecret", OFFICE, on=at)
    (keys / "records.2").write_bytes(os.urandom(32))
    reseal(city)
    (keys / "records.1").unlink()
    city.door.usecases.sealing._desk.keys._wrapping.clear()
    again = city.do("RuleOnSecret", LEADER, on=isolated, secret=False)
    assert city.seen(again).title == "办证窗口无人值守"


def test_an_isolated_complaints_identity_moves_to_the_present_keepers(city: City) -> None:
    keys = city.door.config.keys_dir
    isolated = city.do("IsolateSecret", OFFICE, on=city.accepted())
    private = PrivateKey.generate()
    (keys / f"identity.{key_id(bytes(private.public_key)).hex()}.public").write_bytes(bytes(private.public_key))
    (keys / "identity.public").rename(keys / "identity.left")
    assert sum(reseal(city)) == 1
    assert sum(reseal(city)) == 0
    city.do("RuleOnSecret", LEADER, on=isolated, secret=False)
    own = keys / "identity.private"
    with pytest.raises(Unavailable, match="KEY_MISSING"):
        anew(city).keepers.open(sealed(city, isolated))
    own.unlink()
    (keys / "identity.second.private").write_bytes(bytes(private))
    assert SECRET_NAME.encode() in anew(city).keepers.open(sealed(city, isolated))


def test_one_that_is_ruled_on_while_keys_rotate_is_left_under_no_old_key(city: City) -> None:
    keys = city.door.config.keys_dir
    (keys / "records.1").write_bytes(os.urandom(32))
    isolated = city.do("IsolateSecret", OFFICE, on=city.accepted())
    (keys / "records.2").write_bytes(os.urandom(32))
    wrapping = renew(city)._wrapping
    going = city.door.usecases.sealing.reseal(batch=10)
    next(going)
    again = city.do("RuleOnSecret", LEADER, on=isolated, secret=False)
    assert list(going) == []
    (keys / "records.1").unlink()
    wrapping.clear()
    assert city.seen(again).title == "办证窗口无人值守"


def test_words_hashed_anew_while_it_is_isolated_find_nothing(city: City) -> None:
    at = city.accepted()
    contents = city.door.usecases.sealing._desk.contents
    with city.door.store.begin(Caller.service("complaints")) as tx:
        open_one = contents.open_one

        def meanwhile(tx: Tx, complaint_id: str) -> Content:
            said = open_one(tx, complaint_id)
            withdraw_key(tx, contents, complaint_id)
            return said

        contents.open_one = meanwhile
        contents.hash_words(tx, at.complaint_id, city.clock.now())
        contents.open_one = open_one
    assert not city.do("ListComplaints", OFFICE, filter={"text": "办证窗口"}).complaints
