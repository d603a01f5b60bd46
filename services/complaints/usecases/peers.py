"""The other systems complaints are handed to and taken from."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import sqlalchemy as sa

from carriage.reach import Reach
from chassis.auth import Caller
from chassis.errors import Conflict, Invalid
from chassis.tx import is_id
from services.complaints.domain import transfers
from services.complaints.domain.transfers import Peer, PeerKind
from services.complaints.storage.outside import PEERS
from services.complaints.usecases.desk import Desk
from services.complaints.usecases.incoming import HOLDER


class PeerCases:
    """The other systems."""

    def __init__(self, desk: Desk, reach: Reach) -> None:
        self._desk, self._reach = desk, reach

    def register(self, caller: Caller, peer: Peer) -> Peer:
        """Registers one, given without its id. Where it is, is looked up for whoever may register it, before anything is
        written."""
        with self._desk.store.read(caller) as tx:
            self._desk.neighbours.check_jurisdiction(tx, peer.jurisdiction_path, "jurisdiction_path")
        transfers.check_target(peer.target)
        if self._reach.closed(peer.target.rpartition(":")[0]):
            raise Invalid("HOST_NOT_ALLOWED", "target")
        with self._desk.store.begin(caller) as tx:
            if tx.answered:
                return cast(Peer, tx.answered)
            taken = sa.select(PEERS.table.c.id).where(PEERS.table.c.account == peer.account)
            if tx.rows(taken):
                raise Conflict("PEER_ACCOUNT_TAKEN", "machine_account")
            return tx.answer(tx.add(PEERS, replace(peer, id=tx.new_id())))

    def switch(self, caller: Caller, peer_id: str, version: int, running: bool) -> Peer:
        """Stops it, or starts it again."""
        with self._desk.store.begin(caller) as tx:
            if tx.answered:
                return cast(Peer, tx.answered)
            return tx.answer(tx.save(PEERS, tx.get(PEERS, peer_id, version).switched(running)))

    def page(
        self, caller: Caller, kind: PeerKind | None, peer_id: str, size: int, token: str
    ) -> tuple[tuple[Peer, ...], str]:
        """Peers, newest first."""
        table = PEERS.table
        if peer_id and not is_id(peer_id):
            return (), ""
        with self._desk.store.read(caller) as tx:
            query = sa.select(table).where(tx.visible(table))
            if kind is not None:
                query = query.where(table.c.kind == kind)
            if peer_id:
                query = query.where(table.c.id == peer_id)
            page = tx.page(query, (table.c.id,), size, token)
            return tuple(PEERS.value(row) for row in page.rows), page.next_token

    def transfer_key(self) -> str:
        """The public key parcels to us are sealed to, in hexadecimal."""
        public, _ = self._desk.keys.pair(HOLDER)
        return public.hex()
