"""Who is who: units as a tree, officials, who held what when, service items; accounts for the administrators."""

from __future__ import annotations

from starlette.routing import Route

from gateway.pages.directory import accounts, import_export, who
from gateway.pages.directory.acts import ACCOUNT
from gateway.pages.frame.acts import act_routes
from gateway.pages.frame.ledger import Column, Ledger, ledger_routes
from gateway.pages.frame.menu import Entry
from gateway.pages.frame.site import Site

MENU = (
    Entry("/units", "title.units", "directory.ListOfficials", "group.directory"),
    Entry("/officials", "title.officials", "directory.ListOfficials", "group.directory"),
    Entry("/service-items", "title.service-items", "directory.ListOfficials", "group.directory"),
    Entry("/accounts", "title.accounts", "directory.ListAccounts", "group.directory"),
    Entry("/operations", "menu.operations", "directory.LoadCalendarYear", "group.directory"),
)
UNITS = Ledger(
    key="units",
    path="/units",
    rpc="directory.ListUnits",
    rows="units",
    id="unit_id",
    record="/units/{}",
    columns=(
        Column("name", wide=True),
        Column("kind", "UnitKind"),
        Column("jurisdiction_path", "name"),
        Column("management_line"),
        Column("phone"),
        Column("valid_from", "day"),
        Column("valid_to", "day"),
    ),
    filters=("text", "kinds", "under", "on"),
    template="directory/units.html",
)
OFFICIALS = Ledger(
    key="officials",
    path="/officials",
    rpc="directory.ListOfficials",
    rows="officials",
    id="official_id",
    record="/officials/{}",
    columns=(
        Column("name", word="person_name"),
        Column("staff_number"),
        Column("unit_path", "name"),
        Column("kind", "OfficialKind"),
        Column("rank", word="grade_rank"),
        Column("management_line"),
    ),
    filters=("text", "kinds", "under", "on"),
)
ITEMS = Ledger(
    key="service-items",
    path="/service-items",
    rpc="directory.ListServiceItems",
    rows="service_items",
    id="service_item_id",
    record="",
    columns=(
        Column("code"),
        Column("name", wide=True),
        Column("unit_path", "name", wide=True),
        Column("kind", "ServiceItemKind"),
        Column("legal_days", "number"),
        Column("promised_days", "number"),
        Column("tacit_approval", "truth"),
    ),
    filters=("text", "kinds", "under"),
)
ACCOUNTS = Ledger(
    key="accounts",
    path="/accounts",
    rpc="directory.ListAccounts",
    rows="accounts",
    id="account_id",
    record="/accounts/{}",
    columns=(
        Column("user_name"),
        Column("display_name"),
        Column("unit_path", "name"),
        Column("jurisdiction_path", "name"),
        Column("locked_until", "moment"),
        Column("closed_at", "day"),
    ),
    filters=("text", "role", "locked_only"),
    new="/accounts/new",
    new_rpc="directory.CreateAccount",
)


def routes(site: Site) -> list[Route]:
    return [
        site.route("/accounts/new", accounts.create, post=True),
        site.route("/accounts/{ref}/acts/ReissueCredentials", accounts.reissue, post=True),
        *(route for one in (UNITS, OFFICIALS, ITEMS, ACCOUNTS) for route in ledger_routes(site, one)),
        *act_routes(site, ACCOUNT),
        site.route("/accounts/{ref}", accounts.account),
        site.route("/units/{ref}", who.unit),
        site.route("/officials/{ref}", who.official),
        site.route("/directory/import", import_export.import_workbook, post=True),
        site.route("/directory/export", import_export.export_workbook),
    ]
