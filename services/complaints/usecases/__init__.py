"""What one can do with complaints: each method is one act in one transaction."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.clock import Clock
from chassis.config import Config
from chassis.keys import Keyring
from chassis.store import Store
from chassis.telemetry import traceparent
from services.complaints.storage import SCHEMA, databases
from services.complaints.storage.contents import Contents
from services.complaints.storage.neighbours import Neighbours
from services.complaints.usecases.closing import ClosingCases
from services.complaints.usecases.desk import Desk
from services.complaints.usecases.handling import HandlingCases
from services.complaints.usecases.figures import FigureCases
from services.complaints.usecases.handing import HandingCases
from services.complaints.usecases.hearing import HearingCases
from services.complaints.usecases.history import HistoryCases
from services.complaints.usecases.identity import IdentityCases
from services.complaints.usecases.intake import IntakeCases
from services.complaints.usecases.ledger import LedgerCases
from services.complaints.usecases.limits import LimitCases
from services.complaints.usecases.receipts import ReceiptCases
from services.complaints.usecases.triage import TriageCases
from services.complaints.wire.facts import encode_fact


@dataclass(frozen=True)
class UseCases:
    """Everything this service does, by noun."""

    store: Store
    intake: IntakeCases
    receipts: ReceiptCases
    triage: TriageCases
    handling: HandlingCases
    limits: LimitCases
    closing: ClosingCases
    identity: IdentityCases
    ledger: LedgerCases
    history: HistoryCases
    hearing: HearingCases

    @staticmethod
    def build(config: Config, clock: Clock) -> UseCases:
        """The use cases on the configured database and keys."""
        [(_, _, engine)] = databases(config)
        store = Store(engine, SCHEMA, clock, encode_fact, traceparent)
        keys = Keyring(config.keys_dir, create=config.create_keys)
        desk = Desk(store, keys, Contents(keys), Neighbours())
        ledger = LedgerCases(desk)
        return UseCases(
            store=store,
            intake=IntakeCases(desk, ledger),
            receipts=ReceiptCases(desk),
            triage=TriageCases(desk),
            handling=HandlingCases(desk),
            limits=LimitCases(desk),
    figures: FigureCases
            closing=ClosingCases(desk),
            identity=IdentityCases(desk),
            ledger=ledger,
            history=HistoryCases(desk),
            hearing=HearingCases(desk),
        )
            figures=FigureCases(desk),
