"""The desk's own page, hot topics for leaders, and the models suggestions come from."""

from __future__ import annotations

from starlette.routing import Route

from gateway.pages.desk import entry, topics
from gateway.pages.frame.ledger import Column, Ledger, ledger_routes
from gateway.pages.frame.menu import Entry
from gateway.pages.frame.site import Site

MENU = (
    Entry("/desk", "title.desk-entry", "complaints.SimilarDrafts", "group.complaints"),
    Entry("/topics", "title.topics", "complaints.HotTopics", "group.complaints"),
    Entry("/models", "title.models", "complaints.ListModels", "group.complaints"),
)
MODELS = Ledger(
    key="models",
    path="/models",
    rpc="complaints.ListModels",
    rows="models",
    id="model_id",
    record="",
    columns=(
        Column("number"),
        Column("in_use", "truth"),
        Column("jurisdiction_path", "name"),
        Column("trained_at", "moment"),
        Column("trained_by", "name"),
        Column("rows", "quantity"),
        Column("macro_f1", wide=True),
    ),
    template="desk/models.html",
)


def routes(site: Site) -> list[Route]:
    return [
        site.route("/desk", entry.desk, post=True),
        site.route("/topics", topics.topics),
        *ledger_routes(site, MODELS),
    ]
