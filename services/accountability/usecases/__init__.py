"""What one can do in accountability, split by noun; each method is one transaction."""

from __future__ import annotations

from chassis.clock import Clock
from chassis.config import Config
from chassis.db import open_engine
from chassis.keys import Keyring
from chassis.store import Store
from chassis.telemetry import traceparent
from services.accountability import wire
from services.accountability.storage import SCHEMA
from services.accountability.usecases.aftermath import Aftermath
from services.accountability.usecases.appeals import Appeals
from services.accountability.usecases.backtest import BackTests
from services.accountability.usecases.cases import Cases
from services.accountability.usecases.circulars import Circulars
from services.accountability.usecases.clearings import Clearings
from services.accountability.usecases.decisions import Decisions
from services.accountability.usecases.desk import Desk
from services.accountability.usecases.documents import Documents
from services.accountability.usecases.effects import Effects
from services.accountability.usecases.endings import Endings
from services.accountability.usecases.figures import Figures
from services.accountability.usecases.flags import Flags
from services.accountability.usecases.intake import Intake
from services.accountability.usecases.investigations import Investigations
from services.accountability.usecases.lifting import Lifting
from services.accountability.usecases.own_handlings import OwnHandlings
from services.accountability.usecases.rules import Rules
from services.accountability.usecases.suspensions import Suspensions
from services.accountability.usecases.tracks import Tracks
from services.accountability.usecases.watchers import Watchers


class UseCases:
    """The use cases of accountability over one store."""

    def __init__(self, store: Store, clock: Clock, keys: Keyring) -> None:
        desk = Desk(store, clock, keys)
        self.store = store
        self.rules = Rules(desk)
        self.backtests = BackTests(desk)
        self.intake = Intake(desk)
        self.cases = Cases(desk)
        self.investigations = Investigations(desk)
        self.decisions = Decisions(desk)
        self.tracks = Tracks(desk)
        self.suspensions = Suspensions(desk)
        self.endings = Endings(desk)
        self.aftermath = Aftermath(desk)
        self.appeals = Appeals(desk)
        self.lifting = Lifting(desk)
        self.effects = Effects(desk)
        self.watchers = Watchers(desk)
        self.flags = Flags(desk, self.intake)
        self.own_handlings = OwnHandlings(desk)
        self.figures = Figures(desk)
        self.documents = Documents(desk)
        self.circulars = Circulars(desk, self.documents)
        self.clearings = Clearings(desk)

    @staticmethod
    def build(config: Config, clock: Clock) -> UseCases:
        """The use cases on the configured database and keys."""
        engine = open_engine(config.database_url, config.pool_size)
        store = Store(engine, SCHEMA, clock, wire.encode_fact, traceparent)
        return UseCases(store, clock, Keyring(config.keys_dir, config.create_keys))
