"""What one can do with supervision, split by noun; each method is one transaction."""

from __future__ import annotations

from chassis.clock import Clock
from chassis.config import Config
from chassis.store import Store
from services.supervision.storage import open_store
from services.supervision.storage.keeping import Shelf
from services.supervision.usecases.findings import Findings
from services.supervision.usecases.inspections import Inspections
from services.supervision.usecases.keylist import KeyList
from services.supervision.usecases.ledger import Ledger
from services.supervision.usecases.limits import Limits
from services.supervision.usecases.points import Points


class UseCases:
    """The use cases of supervision over one store."""

    def __init__(self, store: Store) -> None:
        shelf = Shelf()
        self.store = store
        self.points = Points(store)
        self.inspections = Inspections(store)
        self.ledger = Ledger(store, shelf)
        self.findings = Findings(store, shelf)
        self.limits = Limits(store, shelf)
        self.key_list = KeyList(store)

    @staticmethod
    def build(config: Config, clock: Clock) -> UseCases:
        """The use cases on the configured database."""
        return UseCases(open_store(config, clock))
