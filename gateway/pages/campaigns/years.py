"""年度综合得分: the office scores and releases a year; a unit and everybody read it, down to the last record."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from gateway.pages.frame.acts import Act, Record, RecordKind, act_routes, offered
from gateway.pages.frame.ledger import Column, Ledger, ledger_routes
from gateway.pages.frame.menu import Entry
from gateway.pages.frame.single import single
from gateway.pages.frame.site import Site
from gateway.pages.frame.visit import Visit

MENU = (
    Entry("/years", "title.scored_years", "evaluation.ListYearTables", "group.campaigns"),
    Entry("/year-scores", "title.year_scores", "evaluation.ListYearScores", "group.campaigns"),
    Entry("/year-scores/public", "title.public_year_scores", "", "group.campaigns"),
)
SCORES = (
    Column("year", "number"),
    Column("jurisdiction_path", "name"),
    Column("group", "choice.unit_kind", word="year_group"),
    Column("rank", "number"),
    Column("unit_name", wide=True),
    Column("score", "score"),
)
YEARS = Ledger(
    key="scored_years",
    path="/years",
    rpc="evaluation.ListYearTables",
    rows="tables",
    id="year_table_id",
    record="/years/{}",
    columns=(
        Column("year", "number"),
        Column("jurisdiction_path", "name"),
        Column("edition", "number", word="year_edition"),
        Column("scored", "number"),
        Column("unscored", "number"),
        Column("scored_at", "moment"),
        Column("released", "truth"),
    ),
    new="/years/new",
    new_rpc="evaluation.ScoreYear",
)
YEAR_SCORES = Ledger(
    key="year_scores",
    path="/year-scores",
    rpc="evaluation.ListYearScores",
    rows="scores",
    id="year_score_id",
    record="/year-scores/{}",
    columns=(*SCORES, Column("released", "truth")),
    filters=("year", "jurisdiction_path"),
)
PUBLIC = Ledger(
    key="public_year_scores",
    path="/year-scores/public",
    rpc="evaluation.ListPublicYearScores",
    rows="scores",
    id="year_score_id",
    record="",
    columns=SCORES,
    filters=("year", "jurisdiction_path"),
    signed_in=False,
)


def running(record: Record) -> bool:
    return not record["released"]


YEAR = RecordKind(
    key="scored_years",
    path="/years",
    rpc="evaluation.GetYearTable",
    field="table",
    id="year_table_id",
    acts=(Act("evaluation.ReleaseYear", running),),
    label=lambda record: str(record["year"]),
)


async def record(visit: Visit) -> Response:
    """One year: its weights with their source, who approved, and the way to its scores."""
    table = await YEAR.read(visit)
    await visit.learn(table)
    ref = visit.ref("ref")
    return visit.site.page(
        visit,
        "campaigns/year.html",
        table=table,
        ref=ref,
        beside=bool(visit.request.query_params.get("beside")),
        offers=offered(visit, YEAR, table, ref),
    )


async def score(visit: Visit) -> Response:
    """One unit's score: each part with its weight, its share and every record behind it."""
    found = (await visit.ask("evaluation.GetYearScore", year_score_id=visit.ref("ref")))["score"]
    await visit.learn(found)
    beside = bool(visit.request.query_params.get("beside"))
    return visit.site.page(visit, "campaigns/year_score.html", score=found, ref=visit.ref("ref"), beside=beside)


async def new(visit: Visit) -> Response:
    back = (visit.t("title.scored_years"), "/years")

    def done(answer: dict[str, dict[str, str]]) -> str:
        return f"/years/{answer['table']['year_table_id']}?done=ScoreYear"

    return await single(
        visit, "evaluation.ScoreYear", visit.t("new.scored_years"), back, done, values={"year": visit.today.year}
    )


async def review(visit: Visit) -> Response:
    back = (visit.t("title.scored_years"), "/years")
    values = {"year": visit.today.year, "day": visit.today.isoformat()}
    title = visit.t("act.evaluation.RecordReview")
    return await single(
        visit, "evaluation.RecordReview", title, back, lambda answer: "/years?done=RecordReview", values=values
    )


def routes(site: Site) -> list[Route]:
    return [
        site.route("/years/new", new, post=True),
        site.route("/years/review", review, post=True),
        *ledger_routes(site, YEARS),
        *act_routes(site, YEAR),
        site.route("/years/{ref}", record),
        *ledger_routes(site, PUBLIC),
        *ledger_routes(site, YEAR_SCORES),
        site.route("/year-scores/{ref}", score),
    ]
