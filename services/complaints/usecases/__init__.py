"""What one can do with complaints: each method is one act in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from carriage.reach import Reach
from carriage.shelving import shelf_of
from chassis.clock import Clock, SystemClock
from chassis.config import Config
from chassis.keys import Keyring
from chassis.store import Store
from chassis.telemetry import traceparent
from services.complaints.storage import SCHEMA, databases
from services.complaints.storage.attachments import HeldFiles
from services.complaints.storage.contents import Contents
from services.complaints.storage.fingerprints import Fingerprints
from services.complaints.storage.neighbours import Neighbours
from services.complaints.storage.outside import HeldAddresses
from services.complaints.storage.recusals import HeldReasons
from services.complaints.usecases.attachments import AttachmentCases
from services.complaints.usecases.bulletins import BulletinCases
from services.complaints.usecases.closing import ClosingCases
from services.complaints.usecases.deliveries import DeliveryCases
from services.complaints.usecases.desk import Desk
from services.complaints.usecases.escalation import EscalationCases
from services.complaints.usecases.feedback import FeedbackCases
from services.complaints.usecases.figures import FigureCases
from services.complaints.usecases.flood import FloodCases
from services.complaints.usecases.handing import HandingCases
from services.complaints.usecases.handling import HandlingCases
from services.complaints.usecases.handovers import HandoverCases
from services.complaints.usecases.hearing import HearingCases
from services.complaints.usecases.history import HistoryCases
from services.complaints.usecases.holds import HoldCases
from services.complaints.usecases.identity import IdentityCases
from services.complaints.usecases.incoming import IncomingCases
from services.complaints.usecases.intake import IntakeCases
from services.complaints.usecases.ledger import LedgerCases
from services.complaints.usecases.limits import LimitCases
from services.complaints.usecases.mailbox import MailboxCases
from services.complaints.usecases.matters import MatterCases
from services.complaints.usecases.media import MediaCases
from services.complaints.usecases.notices import NoticeCases
from services.complaints.usecases.open311 import Open311Cases
from services.complaints.usecases.parts import PartCases
from services.complaints.usecases.peers import PeerCases
from services.complaints.usecases.post import PostCases
from services.complaints.usecases.publishing import PublishingCases
from services.complaints.usecases.receipts import ReceiptCases
from services.complaints.usecases.recusals import RecusalCases
from services.complaints.usecases.repeats import RepeatCases
from services.complaints.usecases.retention import RetentionCases
from services.complaints.usecases.reviews import ReviewCases
from services.complaints.usecases.roads import RoadCases
from services.complaints.usecases.sealing import SealingCases
from services.complaints.usecases.second import SecondCases
from services.complaints.usecases.shelving import ShelvingCases
from services.complaints.usecases.similar import SimilarCases
from services.complaints.usecases.sorting import SortingCases
from services.complaints.usecases.staging import Staging
from services.complaints.usecases.suggestions import SuggestionCases
from services.complaints.usecases.topics import TopicCases
from services.complaints.usecases.tracks import TrackCases
from services.complaints.usecases.transfers import TransferCases
from services.complaints.usecases.triage import TriageCases
from services.complaints.usecases.unclear import UnclearCases
from services.complaints.usecases.uploads import UploadCases
from services.complaints.usecases.webhooks import WebhookCases
from services.complaints.wire.facts import encode_fact
from services.complaints.wire.outside import fact_names

_ON_THE_DESK: dict[str, Callable[[Desk], Any]] = {
    "triage": TriageCases,
    "unclear": UnclearCases,
    "parts": PartCases,
    "escalation": EscalationCases,
    "handling": HandlingCases,
    "limits": LimitCases,
    "media": MediaCases,
    "reviews": ReviewCases,
    "identity": IdentityCases,
    "recusals": RecusalCases,
    "repeats": RepeatCases,
    "retention": RetentionCases,
    "holds": HoldCases,
    "sealing": SealingCases,
    "figures": FigureCases,
    "history": HistoryCases,
    "hearing": HearingCases,
    "deliveries": DeliveryCases,
    "transfers": TransferCases,
    "sorting": SortingCases,
    "post": PostCases,
    "handing": HandingCases,
    "suggestions": SuggestionCases,
    "topics": TopicCases,
    "tracks": TrackCases,
}
"""Those that need the desk and nothing else."""


@dataclass(frozen=True)
class UseCases:
    """Everything this service does, by noun."""

    store: Store
    intake: IntakeCases
    flood: FloodCases
    receipts: ReceiptCases
    triage: TriageCases
    unclear: UnclearCases
    parts: PartCases
    escalation: EscalationCases
    matters: MatterCases
    handling: HandlingCases
    limits: LimitCases
    closing: ClosingCases
    feedback: FeedbackCases
    second: SecondCases
    publishing: PublishingCases
    media: MediaCases
    reviews: ReviewCases
    identity: IdentityCases
    recusals: RecusalCases
    repeats: RepeatCases
    retention: RetentionCases
    holds: HoldCases
    sealing: SealingCases
    ledger: LedgerCases
    figures: FigureCases
    bulletins: BulletinCases
    history: HistoryCases
    hearing: HearingCases
    roads: RoadCases
    handovers: HandoverCases
    open311: Open311Cases
    deliveries: DeliveryCases
    webhooks: WebhookCases
    notices: NoticeCases
    mailbox: MailboxCases
    transfers: TransferCases
    incoming: IncomingCases
    peers: PeerCases
    sorting: SortingCases
    post: PostCases
    handing: HandingCases
    attachments: AttachmentCases
    uploads: UploadCases
    shelving: ShelvingCases
    similar: SimilarCases
    suggestions: SuggestionCases
    topics: TopicCases
    tracks: TrackCases

    @staticmethod
    def build(config: Config, clock: Clock) -> UseCases:
        """The use cases on the configured database and keys."""
        [(_, _, engine)] = databases(config)
        store = Store(engine, SCHEMA, clock, encode_fact, traceparent)
        keys = Keyring(config.keys_dir, create=config.create_keys)
        prints = Fingerprints(keys.key("complaints.fingerprints"))
        desk = Desk(store, keys, Contents(keys, (prints, HeldFiles(), HeldAddresses(), HeldReasons())), Neighbours())
        ledger, roads = LedgerCases(desk), RoadCases(desk)
        shelf, reach = shelf_of(config, clock), Reach.of(config.outside.get("allowed", ""))
        staging = Staging(config.data_dir / "uploads", SystemClock())
        attachments = AttachmentCases(desk, shelf)
        uploads = UploadCases(desk, shelf, attachments, staging)
        flood = FloodCases(desk)
        intake = IntakeCases(desk, ledger, roads, flood)
        notices = NoticeCases(desk)
        feedback = FeedbackCases(desk)
        second = SecondCases(desk, feedback)
        return UseCases(
            **{name: cases(desk) for name, cases in _ON_THE_DESK.items()},
            store=store,
            intake=intake,
            flood=flood,
            receipts=ReceiptCases(desk, feedback, second),
            matters=MatterCases(desk, ledger),
            closing=ClosingCases(desk, feedback, second),
            feedback=feedback,
            second=second,
            publishing=PublishingCases(desk, feedback),
            ledger=ledger,
            bulletins=BulletinCases(desk, ledger),
            roads=roads,
            handovers=HandoverCases(desk, roads),
            open311=Open311Cases(desk, intake),
            webhooks=WebhookCases(desk, fact_names(), reach),
            notices=notices,
            mailbox=MailboxCases(desk, intake, notices, uploads),
            incoming=IncomingCases(desk, intake),
            peers=PeerCases(desk, reach),
            attachments=attachments,
            uploads=uploads,
            shelving=ShelvingCases(desk, shelf, attachments, staging),
            similar=SimilarCases(desk, intake, ledger, prints),
        )
