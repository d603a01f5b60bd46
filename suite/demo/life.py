"""Life in the demonstration city: complaints in every stage, a finding, a point's report, a campaign that runs.

Everybody acts through the doors under an account of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chassis.auth import Caller
from suite.acting import Stage
from suite.demo.campaign import run_campaign
from suite.demo.campaigns import run_campaigns
from suite.demo.cases import hold_to_account
from suite.demo.complaints import complain
from suite.demo.days import Days
from suite.demo.mailed import mail_cards
from suite.demo.outside import reach_out
from suite.demo.rules import approve_rules
from suite.demo.watch import watch
from suite.demo.watchers import watch_the_watchers
from suite.members import Opened

Say = Callable[[str], None]
WEEKS_AGO = 9
ASKED_FOR = "垃圾分类站点夜里堆满异味"
"""The complaint the hotline was to have and did not get."""


def tokens_of(directory: Any) -> Callable[[str], str]:
    """Tokens made by the directory itself for its demonstration accounts, so that nobody's second factor is used up."""
    from services.directory.storage import ACCOUNTS

    def token(user: str) -> str:
        with directory.store.begin(Caller.service("directory", "Demonstration")) as tx:
            account = tx.find(ACCOUNTS, ACCOUNTS.table.c.user_name == user)
            text, _ = directory.sessions.token(tx, directory.sessions.person(tx, account.id))
        return str(text)

    return token


def stage_of(services: Mapping[str, Opened], port: int) -> Stage:
    """The embedded suite as a stage for its demonstration accounts."""
    return Stage.at(dict.fromkeys(services, f"127.0.0.1:{port}"), tokens_of(services["directory"].usecases))


def _reading(evaluation: Opened) -> Callable[[], object]:
    """Reads scanned cards until none waits."""
    from services.evaluation import reader

    cards = reader.build(evaluation.usecases)

    def read() -> None:
        while cards.look():
            pass

    return read


def bring_to_life(services: Mapping[str, Opened], port: int, days: Days, settle: Callable[[], object], say: Say) -> None:
    """Lets the people of the city act. `settle` carries every announced fact to those who hear it and runs the timers."""
    stage = stage_of(services, port)
    settle()
    approve_rules(stage, say)
    settle()
    watch(stage, days, settle, say)  # first, so that its limits have run out when the city is ready to be looked at
    told = complain(stage, days, settle, say)
    reach_out(stage, told[ASKED_FOR], say)
    hold_to_account(stage, days, settle, say)
    watch_the_watchers(stage, days, settle, say)
    run_campaigns(stage, days, settle, say)
    mail_cards(stage, days, _reading(services["evaluation"]), settle, say)
    run_campaign(stage, days, settle, say)  # last: its codes are the ones visitors are given
    stage.close()
