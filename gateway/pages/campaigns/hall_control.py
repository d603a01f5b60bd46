"""What those who run the hall do: hold the live count, let it go on by two, print sheets, enter paper, write the minutes."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from gateway.pages.frame.acts import Act, Record, RecordKind, act_routes, offered
from gateway.pages.frame.site import Site
from gateway.pages.frame.visit import Visit

FORM = "campaigns/hall_act.html"


def is_held(record: Record) -> bool:
    """Whether the live count is held."""
    return bool(record["held"])


def is_live(record: Record) -> bool:
    """Whether it may be held."""
    return not record["held"]


HALL = RecordKind(
    key="halls",
    path="/halls",
    rpc="evaluation.GetHall",
    field="hall",
    id="campaign_id",
    acts=(Act("evaluation.HoldLive", is_live, template=FORM), Act("evaluation.ReleaseLive", is_held, template=FORM)),
)


def routes(site: Site) -> list[Route]:
    """The page of a hall and its acts."""
    return [*act_routes(site, HALL), site.route("/halls/{ref}", hall)]


async def hall(visit: Visit) -> Response:
    """Whether it is held and by whom, what can be done now, and everything that was done."""
    ref = visit.ref("ref")
    record = await HALL.read(visit)
    campaign = (await visit.ask("evaluation.GetCampaign", campaign_id=ref))["campaign"]
    await visit.learn(record, {"by": record["approved_by"]})
    stands = campaign["state"] == "CAMPAIGN_STATE_OPEN" and campaign["plan"]["live"]
    return visit.site.page(
        visit,
        "campaigns/hall_control.html",
        hall=record,
        campaign=campaign,
        ref=ref,
        offers=offered(visit, HALL, record, ref) if stands else [],
        counted=campaign["counted_at"] is not None,
    )
