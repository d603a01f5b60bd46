"""People with a browser: they sign in, open pages, fill in forms by the names of their fields, press what they see."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from chassis.clock import monotonic
from suite.demo.accounts import PASSWORD
from tests.e2e.cities import Deployment, factor

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}
PATIENCE_SECONDS = 45
FIRST = object()  # whatever a field offers first


@dataclass
class Town:
    """A deployment and the browsers of its people; everybody has one of their own."""

    deployment: Deployment
    browser: Browser

    def __post_init__(self) -> None:
        self._people: dict[str, Person] = {}

    def citizen(self) -> Person:
        """Somebody with a phone who does not sign in."""
        return Person(self, self._page(PHONE))

    def person(self, user: str) -> Person:
        """Somebody at a desk, signed in; the same browser each time."""
        if user not in self._people:
            person = Person(self, self._page(DESK))
            person.sign_in(user)
            self._people[user] = person
        return self._people[user]

    def forget(self) -> None:
        """Everybody's browser is closed: after a restart they sign in again."""
        for person in self._people.values():
            person.page.context.close()
        self._people.clear()

    def _page(self, size: dict[str, int]) -> Page:
        context = self.browser.new_context(viewport=size, locale="zh-CN", base_url=self.deployment.url)  # type: ignore[arg-type]
        return context.new_page()


@dataclass
class Person:
    """One person at one page."""

    town: Town
    page: Page

    def sign_in(self, user: str) -> None:
        """With password and second factor."""
        self.page.goto("/sign-in")
        self.fill(user_name=user, password=PASSWORD, totp_code=factor(self.town.deployment.offset))
        self.page.locator("main form button").last.click()
        expect(self.page).not_to_have_url(re.compile("sign-in"))

    def open(self, path: str) -> None:
        """Goes to a page, which must be there."""
        answer = self.page.goto(path)
        assert answer is not None and answer.status == 200, f"{path}: {answer.status if answer else 'nothing'}"

    def fill(self, **values: Any) -> None:
        """Fills fields of the page's form by name; dots in names are written as two underscores."""
        for name, value in values.items():
            self._put(name.replace("__", "."), value)

    def submit(self) -> None:
        """Presses the form's main button."""
        self.page.locator("main form button.primary").last.click()

    def act(self, record: str, act: str, **values: Any) -> None:
        """Does something with a record: opens its form by the record's button, fills it in, sends it."""
        self.open(record)
        link = self.page.locator(f"main a[href$='/acts/{act}'], main form[action$='/acts/{act}'] button").first
        link.click()
        if values or self.page.url.rstrip("/").endswith(f"/acts/{act}"):
            self.fill(**values)
            self.submit()
        expect(self.page).to_have_url(re.compile(r"[?&]done="))

    def wait_for(self, path: str, text: str) -> Locator:
        """Looks at a page again and again until a text is on it: a fact needs its time to be heard."""
        deadline = monotonic() + PATIENCE_SECONDS
        while True:
            self.open(path)
            found = self.page.locator("main").get_by_text(text)
            if found.count() > 0 or monotonic() > deadline:
                expect(found.first).to_be_visible()
                return found.first
            self.page.wait_for_timeout(500)

    def row(self, path: str, text: str) -> str:
        """Waits until a list has a row with this text; where the row leads."""
        self.wait_for(path, text)
        row = self.page.locator("main tr", has=self.page.get_by_text(text))
        return str(row.first.locator("a").first.get_attribute("href"))

    def text(self) -> str:
        """What the page says."""
        return str(self.page.inner_text("main"))

    def _put(self, name: str, value: Any) -> None:
        fields = self.page.locator(f"main [name='{name}']")
        kind = fields.first.evaluate("field => field.tagName == 'SELECT' ? 'select' : field.type")
        if value is FIRST:
            self._put_first(fields.first, kind)
        elif kind == "select":
            fields.first.select_option(value)
        elif kind == "file":
            fields.first.set_input_files([{"name": "材料.pdf", "mimeType": "application/pdf", "buffer": value}])
        elif kind in ("radio", "checkbox"):
            for one in value if isinstance(value, list) else [value]:
                self.page.locator(f"main [name='{name}'][value='{one}']").check()
        else:
            fields.first.fill(str(value))

    def _put_first(self, field: Locator, kind: str) -> None:
        if kind == "select":
            field.select_option(index=1)
        else:
            field.check()
