"""A small campaign of 清河市 behind evaluation's door, for the tests of the service."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from zhengfeng.directory.v1 import events_pb2 as directory_pb2
from zhengfeng.evaluation.v1 import (
    adjustments_pb2_grpc,
    ballots_pb2,
    ballots_pb2_grpc,
    bulletins_pb2_grpc,
    campaigns_pb2,
    campaigns_pb2_grpc,
    counting_pb2,
    counting_pb2_grpc,
    objections_pb2_grpc,
    plan_pb2,
    raters_pb2,
    raters_pb2_grpc,
    results_pb2_grpc,
    standings_pb2_grpc,
)

from chassis.clock import SHANGHAI, new_id
from tests.doors import Door, caller

CITY = "/qinghe"
ORGANISER = caller("organiser", jurisdiction=CITY)
REGISTRAR = caller("registrar", jurisdiction=CITY)
CHECKER = caller("checker", jurisdiction=CITY)
PUBLISHER = caller("publisher", jurisdiction=CITY)
OFFICE = caller("office", jurisdiction=CITY)
ELSEWHERE = caller("organiser", jurisdiction="/fenghe")
NAMES = ("housing", "tax", "schools", "roads")
BATCH = timedelta(minutes=15)  # ballots.batch_minutes
CLOSES_AT = datetime(2026, 12, 20, 18, 0, tzinfo=SHANGHAI)


class City:
    """Evaluation's door with four units it has heard of, and one campaign about them."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.campaigns = door.stub(campaigns_pb2_grpc.CampaignServiceStub)
        self.counting = door.stub(counting_pb2_grpc.CountServiceStub)
        self.raters = door.stub(raters_pb2_grpc.RaterServiceStub)
        self.ballots = door.stub(ballots_pb2_grpc.BallotServiceStub)
        self.results = door.stub(results_pb2_grpc.ResultServiceStub)
        self.standings = door.stub(standings_pb2_grpc.StandingServiceStub)
        self.bulletins = door.stub(bulletins_pb2_grpc.BulletinServiceStub)
        self.objections = door.stub(objections_pb2_grpc.ObjectionServiceStub)
        self.ledger = door.stub(adjustments_pb2_grpc.LedgerServiceStub)
        self.kept: dict[str, Any] = {}
        self.units = {name: new_id(door.clock) for name in NAMES}
        for name, unit_id in self.units.items():
            door.hear(unit_changed(unit_id, name))

    def plan(self, **changes: Any) -> plan_pb2.CampaignPlan:
        """A plan: four units in two groups, two dimensions, two rater groups; customs as the settings say."""
        closes_at = Timestamp()
        closes_at.FromDatetime(CLOSES_AT)
        plan: dict[str, Any] = {
            "title": "2026年公述民评",
            "year": 2026,
            "jurisdiction_path": CITY,
            "closes_at": closes_at,
            "object_groups": [self.group("bureaus", NAMES[:3]), self.group("trades", NAMES[3:])],
            "dimensions": [
                plan_pb2.Dimension(key="duty", name="履职", weight=60),
                plan_pb2.Dimension(key="service", name="服务", weight=40),
            ],
            "rater_groups": [
                plan_pb2.RaterGroup(key="delegates", name="评议代表", weight=70, quota=10),
                plan_pb2.RaterGroup(key="enterprises", name="企业", weight=30),
            ],
            "dont_know": True,
            "live": True,
        }
        return plan_pb2.CampaignPlan(**(plan | changes))

    def group(self, key: str, names: Sequence[str]) -> plan_pb2.ObjectGroup:
        """A group of units by name."""
        objects = [plan_pb2.RatedObject(unit_id=self.units[name]) for name in names]
        return plan_pb2.ObjectGroup(key=key, name=key, objects=objects)

    def create(self, **changes: Any) -> Any:
        """A campaign in draft."""
        request = campaigns_pb2.CreateCampaignRequest(plan=self.plan(**changes))
        return self.door.call(self.campaigns.CreateCampaign, request, ORGANISER).campaign

    def enter(self, campaign_id: str, *raters: tuple[str, str, str]) -> list[str]:
        """Enters raters (reference, group, unit name or empty) and gives them codes, in the order given."""
        new = [
            raters_pb2.NewRater(
                reference=reference, rater_group=group, name=f"人{reference}", unit_id=self.units.get(unit, "")
            )
            for reference, group, unit in raters
        ]
        request = raters_pb2.ImportRatersRequest(campaign_id=campaign_id, raters=new)
        entered = self.door.call(self.raters.ImportRaters, request, REGISTRAR).raters
        assert not [one.refused_reason for one in entered if one.refused_reason]
        codes = self.issue(campaign_id, new_id(self.door.clock))
        return [codes[one.reference] for one in new]

    def issue(self, campaign_id: str, request_id: str) -> dict[str, str]:
        """Codes by reference that this request shows."""
        request = raters_pb2.IssueCodesRequest(campaign_id=campaign_id, request_id=request_id)
        batches = self.door.call(self.raters.IssueCodes, request, REGISTRAR)
        return {one.reference: one.code for batch in batches for one in batch.codes}

    def opened(self, delegates: int = 6, enterprises: int = 6, **changes: Any) -> tuple[Any, list[str], list[str]]:
        """An open campaign with the codes of its delegates and its enterprises."""
        campaign = self.create(**changes)
        people = [(f"d{number}", "delegates", "") for number in range(delegates)]
        firms = [(f"e{number}", "enterprises", "") for number in range(enterprises)]
        codes = self.enter(campaign.campaign_id, *people, *firms)
        opened = self.move(self.campaigns.OpenCampaign, campaigns_pb2.OpenCampaignRequest, campaign)
        return opened, codes[:delegates], codes[delegates:]

    def move(self, method: Any, request: Any, campaign: Any, as_: Any = ORGANISER) -> Any:
        """Moves a campaign one step on."""
        message = request(campaign_id=campaign.campaign_id, expected_version=campaign.version)
        return self.door.call(method, message, as_).campaign

    def paper(self, code: str) -> Any:
        """The paper a code opens."""
        return self.door.call(self.ballots.GetBallotPaper, ballots_pb2.GetBallotPaperRequest(code=code)).paper

    def ballot(self, code: str, campaign: Any, grades: Sequence[int], **more: Any) -> ballots_pb2.CastBallotRequest:
        """A ballot that gives each object one grade on both dimensions; 0 leaves it out."""
        objects = [one.object_id for group in campaign.plan.object_groups for one in group.objects]
        ratings = [
            ballots_pb2.ObjectRating(object_id=object_id, grades=[grade, grade])
            for object_id, grade in zip(objects, grades, strict=True)
            if grade
        ]
        return ballots_pb2.CastBallotRequest(code=code, ratings=ratings, **more)

    def cast(self, code: str, campaign: Any, grades: Sequence[int], **more: Any) -> Any:
        """Casts such a ballot and returns its receipt, which the rater keeps."""
        receipt = self.door.call(self.ballots.CastBallot, self.ballot(code, campaign, grades, **more)).receipt
        self.kept[code] = receipt
        return receipt

    def head_signed(self) -> None:
        """Waits until the time of the batch is over and its head is signed."""
        self.door.clock.advance(BATCH)
        self.door.run_timer("heads")

    def prove(self, code: str, receipt: Any = None) -> Any:
        """The proof of a receipt's ballot, by default of the last one kept of this code."""
        return self.door.call(self.ballots.ProveBallot, proof_of(code, receipt or self.kept[code])).proof

    def counted(self, campaign: Any) -> Any:
        """Closes and counts."""
        closed = self.move(self.campaigns.CloseCampaign, campaigns_pb2.CloseCampaignRequest, campaign)
        return self.move(self.counting.CountCampaign, counting_pb2.CountCampaignRequest, closed)

    def released(self, campaign: Any) -> Any:
        """Closes, counts and releases by two people."""
        first = self.move(self.counting.ReleaseResult, counting_pb2.ReleaseResultRequest, self.counted(campaign))
        return self.move(self.counting.ReleaseResult, counting_pb2.ReleaseResultRequest, first, PUBLISHER)

    def campaign(self, campaign: Any) -> Any:
        """The campaign as it stands now."""
        request = campaigns_pb2.GetCampaignRequest(campaign_id=campaign.campaign_id)
        return self.door.call(self.campaigns.GetCampaign, request, ORGANISER).campaign

    def final(self, released: Any) -> Any:
        """Waits until nobody can object any more, and makes it final."""
        self.door.clock.advance(_days(released))
        return self.move(self.counting.FinaliseResult, counting_pb2.FinaliseResultRequest, released)


def _days(campaign: Any) -> timedelta:
    return timedelta(days=campaign.plan.publication.objection_days + 1)


def proof_of(code: str, receipt: Any) -> ballots_pb2.ProveBallotRequest:
    """What is asked with a receipt."""
    return ballots_pb2.ProveBallotRequest(code=code, leaf_hash=receipt.leaf_hash, signature=receipt.signature)


def packed(grades: Sequence[int]) -> bytes:
    """A ballot's bytes: one grade an object on both dimensions."""
    return bytes(grade for grade in grades for _ in range(2))


def unit_changed(unit_id: str, name: str) -> directory_pb2.DirectoryEvent:
    """The directory's word about a unit."""
    return directory_pb2.DirectoryEvent(
        subject_id=unit_id,
        version=1,
        unit_path=f"{CITY}/{name}",
        jurisdiction_path=CITY,
        unit_changed=directory_pb2.UnitChanged(name=name, kind="bureau"),
    )
