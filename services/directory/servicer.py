"""The gRPC door: translate, call one use case, translate back."""

from __future__ import annotations

from typing import Any

from grpc import ServicerContext
from zhengfeng.directory.v1 import (
    accounts_pb2,
    accounts_pb2_grpc,
    calendar_pb2,
    calendar_pb2_grpc,
    items_pb2,
    items_pb2_grpc,
    officials_pb2,
    officials_pb2_grpc,
    sessions_pb2,
    sessions_pb2_grpc,
    units_pb2,
    units_pb2_grpc,
    workbook_pb2,
    workbook_pb2_grpc,
)

from chassis.i18n import Catalogue
from chassis.rpc import caller_of
from services.directory import wire
from services.directory.domain.items import DutyListKind, ServiceItemKind
from services.directory.domain.people import OfficialKind, PostKind
from services.directory.domain.tree import UnitKind
from services.directory.storage import DUTY_LISTS, JURISDICTIONS, OFFICIALS, POSTS, SERVICE_ITEMS, UNITS
from services.directory.usecases import UseCases
from services.directory.usecases.accounts import NewAccount


class UnitServicer(units_pb2_grpc.UnitServiceServicer):
    """Jurisdictions, units, names."""

    def __init__(self, usecases: UseCases) -> None:
        self.lookups = usecases.lookups

    def ListJurisdictions(self, request: Any, context: ServicerContext) -> units_pb2.ListJurisdictionsResponse:
        page = request.page_size, request.page_token, request.under
        on = wire.day(request.on, "on")
        found, token = self.lookups.page(caller_of(context), JURISDICTIONS, *page, on=on)
        return units_pb2.ListJurisdictionsResponse(jurisdictions=wire.messages(found), next_page_token=token)

    def GetJurisdiction(self, request: Any, context: ServicerContext) -> units_pb2.GetJurisdictionResponse:
        on = wire.day(request.on, "on")
        found = self.lookups.get(caller_of(context), JURISDICTIONS, request.jurisdiction_id, on)
        return units_pb2.GetJurisdictionResponse(jurisdiction=wire.message(found))

    def ListUnits(self, request: Any, context: ServicerContext) -> units_pb2.ListUnitsResponse:
        page = request.page_size, request.page_token, request.under
        kinds = wire.choices(UnitKind, request.kinds, units_pb2.UnitKind)
        on = wire.day(request.on, "on")
        found, token = self.lookups.page(caller_of(context), UNITS, *page, kinds, request.text, on)
        return units_pb2.ListUnitsResponse(units=wire.messages(found), next_page_token=token)

    def GetUnit(self, request: Any, context: ServicerContext) -> units_pb2.GetUnitResponse:
        found = self.lookups.get(caller_of(context), UNITS, request.unit_id, wire.day(request.on, "on"))
        return units_pb2.GetUnitResponse(unit=wire.message(found))

    def GetNames(self, request: Any, context: ServicerContext) -> units_pb2.GetNamesResponse:
        ids = request.official_ids, request.account_ids, request.service_item_ids
        return units_pb2.GetNamesResponse(names=self.lookups.names(caller_of(context), request.paths, *ids))


class OfficialServicer(officials_pb2_grpc.OfficialServiceServicer):
    """Officials and their posts."""

    def __init__(self, usecases: UseCases) -> None:
        self.lookups = usecases.lookups

    def ListOfficials(self, request: Any, context: ServicerContext) -> officials_pb2.ListOfficialsResponse:
        page = request.page_size, request.page_token, request.under
        kinds = wire.choices(OfficialKind, request.kinds, officials_pb2.OfficialKind)
        on = wire.day(request.on, "on")
        found, token = self.lookups.page(caller_of(context), OFFICIALS, *page, kinds, request.text, on)
        return officials_pb2.ListOfficialsResponse(officials=wire.messages(found), next_page_token=token)

    def GetOfficial(self, request: Any, context: ServicerContext) -> officials_pb2.GetOfficialResponse:
        found = self.lookups.get(caller_of(context), OFFICIALS, request.official_id, wire.day(request.on, "on"))
        return officials_pb2.GetOfficialResponse(official=wire.message(found))

    def ListPosts(self, request: Any, context: ServicerContext) -> officials_pb2.ListPostsResponse:
        page = request.page_size, request.page_token, request.under
        kinds = wire.choices(PostKind, request.kinds, officials_pb2.PostKind)
        on = wire.day(request.on, "on")
        found, token = self.lookups.page(caller_of(context), POSTS, *page, kinds, on=on, official_id=request.official_id)
        return officials_pb2.ListPostsResponse(posts=wire.messages(found), next_page_token=token)

    def GetPost(self, request: Any, context: ServicerContext) -> officials_pb2.GetPostResponse:
        found = self.lookups.get(caller_of(context), POSTS, request.post_id)
        return officials_pb2.GetPostResponse(post=wire.message(found))

    def WhoHeld(self, request: Any, context: ServicerContext) -> officials_pb2.WhoHeldResponse:
        kinds = wire.choices(PostKind, request.kinds, officials_pb2.PostKind)
        on = wire.some_day(request.on, "on")
        held = self.lookups.who_held(caller_of(context), request.unit_path, kinds, on)
        return officials_pb2.WhoHeldResponse(held=wire.held(held))

    def LeadersOf(self, request: Any, context: ServicerContext) -> officials_pb2.LeadersOfResponse:
        on = wire.some_day(request.on, "on")
        held = self.lookups.leaders_of(caller_of(context), request.official_id, on)
        return officials_pb2.LeadersOfResponse(leaders=wire.held(held))


class ItemServicer(items_pb2_grpc.ItemServiceServicer):
    """Service items and duty lists."""

    def __init__(self, usecases: UseCases) -> None:
        self.lookups = usecases.lookups

    def ListServiceItems(self, request: Any, context: ServicerContext) -> items_pb2.ListServiceItemsResponse:
        page = request.page_size, request.page_token, request.under
        kinds = wire.choices(ServiceItemKind, request.kinds, items_pb2.ServiceItemKind)
        on = wire.day(request.on, "on")
        found, token = self.lookups.page(caller_of(context), SERVICE_ITEMS, *page, kinds, request.text, on)
        return items_pb2.ListServiceItemsResponse(service_items=wire.messages(found), next_page_token=token)

    def GetServiceItem(self, request: Any, context: ServicerContext) -> items_pb2.GetServiceItemResponse:
        on = wire.day(request.on, "on")
        found = self.lookups.get(caller_of(context), SERVICE_ITEMS, request.service_item_id, on)
        return items_pb2.GetServiceItemResponse(service_item=wire.message(found))

    def ListDutyLists(self, request: Any, context: ServicerContext) -> items_pb2.ListDutyListsResponse:
        page = request.page_size, request.page_token, request.under
        kinds = wire.choices(DutyListKind, request.kinds, items_pb2.DutyListKind)
        on = wire.day(request.on, "on")
        found, token = self.lookups.page(caller_of(context), DUTY_LISTS, *page, kinds, on=on)
        return items_pb2.ListDutyListsResponse(duty_lists=wire.messages(found), next_page_token=token)

    def GetDutyList(self, request: Any, context: ServicerContext) -> items_pb2.GetDutyListResponse:
        on = wire.day(request.on, "on")
        found, items = self.lookups.duty_list(caller_of(context), request.duty_list_id, on)
        return items_pb2.GetDutyListResponse(duty_list=wire.message(found), items=wire.messages(items))


class CalendarServicer(calendar_pb2_grpc.CalendarServiceServicer):
    """The working calendar."""

    def __init__(self, usecases: UseCases) -> None:
        self.calendars = usecases.calendars

    def LoadCalendarYear(self, request: Any, context: ServicerContext) -> calendar_pb2.LoadCalendarYearResponse:
        off = wire.days(request.off_days, "off_days")
        make_up = wire.days(request.make_up_days, "make_up_days")
        known = request.source, request.expected_version
        loaded = self.calendars.load(caller_of(context), request.year, off, make_up, *known)
        return calendar_pb2.LoadCalendarYearResponse(calendar_year=wire.message(loaded))

    def GetCalendarYear(self, request: Any, context: ServicerContext) -> calendar_pb2.GetCalendarYearResponse:
        found = self.calendars.get(caller_of(context), request.year)
        return calendar_pb2.GetCalendarYearResponse(calendar_year=wire.message(found))

    def ListCalendarYears(self, request: Any, context: ServicerContext) -> calendar_pb2.ListCalendarYearsResponse:
        found, token = self.calendars.page(caller_of(context), request.page_size, request.page_token)
        return calendar_pb2.ListCalendarYearsResponse(calendar_years=wire.messages(found), next_page_token=token)

    def WorkingDaysBetween(self, request: Any, context: ServicerContext) -> calendar_pb2.WorkingDaysBetweenResponse:
        start, end = wire.some_day(request.start, "start"), wire.some_day(request.end, "end")
        count = self.calendars.working_days_between(caller_of(context), start, end)
        return calendar_pb2.WorkingDaysBetweenResponse(working_days=count)


class AccountServicer(accounts_pb2_grpc.AccountServiceServicer):
    """Accounts, roles, signing keys."""

    def __init__(self, usecases: UseCases) -> None:
        self.accounts = usecases.accounts
        self.keys = usecases.keys

    def CreateAccount(self, request: Any, context: ServicerContext) -> accounts_pb2.CreateAccountResponse:
        names = request.user_name, request.display_name, request.official_id
        places = request.unit_path, request.jurisdiction_path
        new = NewAccount(*names, *places, tuple(request.unit_paths), tuple(request.jurisdiction_paths))
        issued = self.accounts.create(caller_of(context), new)
        return accounts_pb2.CreateAccountResponse(**wire.issued(issued))

    def GetAccount(self, request: Any, context: ServicerContext) -> accounts_pb2.GetAccountResponse:
        found = self.accounts.get(caller_of(context), request.account_id)
        return accounts_pb2.GetAccountResponse(account=wire.shown(found))

    def ListAccounts(self, request: Any, context: ServicerContext) -> accounts_pb2.ListAccountsResponse:
        page = request.page_size, request.page_token, request.role, request.locked_only, request.text
        found, token = self.accounts.page(caller_of(context), *page)
        return accounts_pb2.ListAccountsResponse(accounts=[wire.shown(one) for one in found], next_page_token=token)

    def ListColleagues(self, request: Any, context: ServicerContext) -> accounts_pb2.ListColleaguesResponse:
        page = wire.role(request.role), request.page_size, request.page_token
        found, token = self.accounts.colleagues(caller_of(context), *page)
        return accounts_pb2.ListColleaguesResponse(colleagues=wire.messages(found), next_page_token=token)

    def GrantRole(self, request: Any, context: ServicerContext) -> accounts_pb2.GrantRoleResponse:
        term = wire.day(request.valid_from, "valid_from"), wire.day(request.valid_to, "valid_to")
        known = request.account_id, request.expected_version
        granted = self.accounts.grant(caller_of(context), *known, wire.role(request.role), *term)
        return accounts_pb2.GrantRoleResponse(account=wire.message(granted))

    def RevokeRole(self, request: Any, context: ServicerContext) -> accounts_pb2.RevokeRoleResponse:
        known = request.account_id, request.expected_version
        revoked = self.accounts.revoke(caller_of(context), *known, wire.role(request.role))
        return accounts_pb2.RevokeRoleResponse(account=wire.message(revoked))

    def CloseAccount(self, request: Any, context: ServicerContext) -> accounts_pb2.CloseAccountResponse:
        closed = self.accounts.close(caller_of(context), request.account_id, request.expected_version)
        return accounts_pb2.CloseAccountResponse(account=wire.message(closed))

    def UnlockAccount(self, request: Any, context: ServicerContext) -> accounts_pb2.UnlockAccountResponse:
        unlocked = self.accounts.unlock(caller_of(context), request.account_id, request.expected_version)
        return accounts_pb2.UnlockAccountResponse(account=wire.message(unlocked))

    def ReissueCredentials(self, request: Any, context: ServicerContext) -> accounts_pb2.ReissueCredentialsResponse:
        issued = self.accounts.reissue(caller_of(context), request.account_id, request.expected_version)
        return accounts_pb2.ReissueCredentialsResponse(**wire.issued(issued))

    def RotateKeys(self, request: Any, context: ServicerContext) -> accounts_pb2.RotateKeysResponse:
        return accounts_pb2.RotateKeysResponse(signing_key=wire.message(self.keys.rotate(caller_of(context))))

    def ListKeys(self, request: Any, context: ServicerContext) -> accounts_pb2.ListKeysResponse:
        return accounts_pb2.ListKeysResponse(signing_keys=wire.messages(self.keys.believed(caller_of(context))))


class SessionServicer(sessions_pb2_grpc.SessionServiceServicer):
    """Signing in, and what people change about themselves."""

    def __init__(self, usecases: UseCases) -> None:
        self.sessions = usecases.sessions
        self.own = usecases.own

    def SignIn(self, request: Any, context: ServicerContext) -> sessions_pb2.SignInResponse:
        factors = request.user_name, request.password, request.totp_code, request.device
        signed_in = self.sessions.sign_in(caller_of(context), *factors)
        ends = wire.instant(signed_in.session.expires_at)
        return sessions_pb2.SignInResponse(**wire.fresh(signed_in), session_secret=signed_in.secret, session_expires_at=ends)

    def RefreshSession(self, request: Any, context: ServicerContext) -> sessions_pb2.RefreshSessionResponse:
        fresh = self.sessions.refresh(caller_of(context), request.session_secret)
        ends = wire.instant(fresh.session.expires_at)
        return sessions_pb2.RefreshSessionResponse(**wire.fresh(fresh), session_expires_at=ends)

    def SignOut(self, request: Any, context: ServicerContext) -> sessions_pb2.SignOutResponse:
        self.sessions.sign_out(caller_of(context), request.session_secret)
        return sessions_pb2.SignOutResponse()

    def RevokeSessions(self, request: Any, context: ServicerContext) -> sessions_pb2.RevokeSessionsResponse:
        ended = self.sessions.revoke(caller_of(context), request.account_id)
        return sessions_pb2.RevokeSessionsResponse(ended=ended)

    def ListSessions(self, request: Any, context: ServicerContext) -> sessions_pb2.ListSessionsResponse:
        found, token = self.sessions.page(caller_of(context), request.page_size, request.page_token)
        return sessions_pb2.ListSessionsResponse(sessions=wire.messages(found), next_page_token=token)

    def WhoAmI(self, request: Any, context: ServicerContext) -> sessions_pb2.WhoAmIResponse:
        return sessions_pb2.WhoAmIResponse(person=wire.person(self.sessions.who_am_i(caller_of(context))))

    def ChangePassword(self, request: Any, context: ServicerContext) -> sessions_pb2.ChangePasswordResponse:
        self.own.change_password(caller_of(context), request.old_password, request.new_password)
        return sessions_pb2.ChangePasswordResponse()

    def EnrolTotp(self, request: Any, context: ServicerContext) -> sessions_pb2.EnrolTotpResponse:
        secret, uri = self.own.enrol_totp(caller_of(context), request.password)
        return sessions_pb2.EnrolTotpResponse(totp_secret=wire.base32(secret), totp_uri=uri)

    def ConfirmTotp(self, request: Any, context: ServicerContext) -> sessions_pb2.ConfirmTotpResponse:
        self.own.confirm_totp(caller_of(context), request.totp_code)
        return sessions_pb2.ConfirmTotpResponse()

    def SaveView(self, request: Any, context: ServicerContext) -> sessions_pb2.SaveViewResponse:
        saved = self.own.save_view(caller_of(context), request.page, request.name, request.query)
        return sessions_pb2.SaveViewResponse(view=wire.message(saved))

    def ListViews(self, request: Any, context: ServicerContext) -> sessions_pb2.ListViewsResponse:
        page = request.page, request.page_size, request.page_token
        found, token = self.own.views(caller_of(context), *page)
        return sessions_pb2.ListViewsResponse(views=wire.messages(found), next_page_token=token)

    def DeleteView(self, request: Any, context: ServicerContext) -> sessions_pb2.DeleteViewResponse:
        self.own.delete_view(caller_of(context), request.view_id)
        return sessions_pb2.DeleteViewResponse()


class WorkbookServicer(workbook_pb2_grpc.WorkbookServiceServicer):
    """The directory as a workbook."""

    def __init__(self, usecases: UseCases, sentences: Catalogue) -> None:
        self.workbooks = usecases.workbooks
        self.sentences = sentences

    def ImportDirectory(self, request: Any, context: ServicerContext) -> workbook_pb2.ImportDirectoryResponse:
        report = self.workbooks.take(caller_of(context), request.workbook, request.apply)
        return wire.report(report, self.sentences)

    def ExportDirectory(self, request: Any, context: ServicerContext) -> workbook_pb2.ExportDirectoryResponse:
        content, name = self.workbooks.give(caller_of(context), request.under)
        return workbook_pb2.ExportDirectoryResponse(workbook=content, file_name=name)
