"""What one can do with evaluation, split by noun; each method is one act."""

from __future__ import annotations

from pathlib import Path

from carriage.shelves import Shelf
from carriage.shelving import shelf_of
from chassis.clock import Clock
from chassis.config import Config
from chassis.keys import Keyring
from chassis.store import Store
from chassis.telemetry import traceparent
from services.evaluation.codes import Codes
from services.evaluation.log import Signer
from services.evaluation.serials import Serials
from services.evaluation.storage import open_stores
from services.evaluation.usecases.ballots import BallotCases
from services.evaluation.usecases.bulletins import BulletinCases
from services.evaluation.usecases.campaigns import CampaignCases
from services.evaluation.usecases.card_audit import CardAuditCases
from services.evaluation.usecases.card_counting import CardCounting
from services.evaluation.usecases.card_forms import CardFormCases
from services.evaluation.usecases.card_keying import CardKeyingCases
from services.evaluation.usecases.card_mail import CardMailCases
from services.evaluation.usecases.card_reading import CardReadingCases
from services.evaluation.usecases.card_runs import CardRunCases
from services.evaluation.usecases.counting import CountCases
from services.evaluation.usecases.desk import Desk
from services.evaluation.usecases.hall import HallCases
from services.evaluation.usecases.hearing import HearingCases
from services.evaluation.usecases.keying import KeyingCases
from services.evaluation.usecases.ledger import LedgerCases
from services.evaluation.usecases.letters import LetterCases
from services.evaluation.usecases.objections import ObjectionCases
from services.evaluation.usecases.promises import PromiseCases
from services.evaluation.usecases.proof import ProofCases
from services.evaluation.usecases.raters import RaterCases
from services.evaluation.usecases.released import ReleasedCases
from services.evaluation.usecases.results import ResultCases
from services.evaluation.usecases.scans import ScanCases
from services.evaluation.usecases.simulating import SimulationCases
from services.evaluation.usecases.standings import StandingCases
from services.evaluation.usecases.statements import StatementCases
from services.evaluation.usecases.templates import TemplateCases
from services.evaluation.usecases.years import YearCases


class UseCases:
    """Everything this service does. `store` is the box, from which facts go out and into which they come."""

    def __init__(self, box: Store, register: Store, clock: Clock, keys: Keyring, shelf: Shelf, staging: Path) -> None:
        desk = Desk(box, register, clock, keys, Codes(keys), Signer(keys.secret("tree-heads")), Serials(keys))
        self.store = box
        self.register = register
        self.templates = TemplateCases(desk)
        self.simulations = SimulationCases(desk)
        self.raters = RaterCases(desk)
        self.letters = LetterCases(desk)
        self.ballots = BallotCases(desk)
        self.card_forms = CardFormCases(desk)
        self.card_runs = CardRunCases(desk)
        self.card_mail = CardMailCases(desk)
        self.scans = ScanCases(desk, shelf, staging)
        self.card_counting = CardCounting(desk, self.ballots)
        self.campaigns = CampaignCases(desk, self.card_counting)
        self.card_reading = CardReadingCases(desk, self.scans, self.card_counting)
        self.keying = KeyingCases(desk, self.card_counting)
        self.card_keying = CardKeyingCases(desk, self.card_counting)
        self.card_audit = CardAuditCases(desk)
        self.proof = ProofCases(desk)
        self.counting = CountCases(desk)
        self.results = ResultCases(desk)
        self.released = ReleasedCases(desk)
        self.standings = StandingCases(desk)
        self.objections = ObjectionCases(desk)
        self.ledger = LedgerCases(desk)
        self.bulletins = BulletinCases(desk)
        self.hall = HallCases(desk)
        self.statements = StatementCases(desk)
        self.promises = PromiseCases(desk)
        self.years = YearCases(desk)
        self.hearing = HearingCases()

    @staticmethod
    def build(config: Config, clock: Clock) -> UseCases:
        """The use cases on the configured databases and keys."""
        box, register = open_stores(config, clock, traceparent)
        keys = Keyring(config.keys_dir, config.create_keys)
        return UseCases(box, register, clock, keys, shelf_of(config, clock), config.data_dir / "staging")
