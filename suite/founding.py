"""Opening a new installation: the three administrators' accounts, whose credentials are printed once."""

from __future__ import annotations

from typing import Any

import typer
from rich.console import Console

from chassis.errors import Refusal
from services.directory.domain.factors import base32

FIRST_YEAR = 2004


def found(directory: Any, jurisdiction: str, console: Console) -> None:
    """Loads the published calendars, makes the first signing key and the accounts of the three administrators with all of
    `jurisdiction` in reach, or says why not."""
    try:
        founded = directory.accounts.found_administrators(jurisdiction)
    except Refusal as refusal:
        console.print(f"{jurisdiction}: {refusal}", markup=False)
        raise typer.Exit(1) from None
    directory.keys.found()
    years = directory.calendars.seed(FIRST_YEAR, directory.store.clock.today().year + 1)
    console.print(f"working calendar: {len(years)} years loaded, the last of them {max(years, default=0)}")
    for issued in founded:
        console.print(f"{issued.account.user_name:16} {issued.password}  TOTP {base32(issued.totp_secret)}", markup=False)
    console.print(
        "三员分立：分别交给三个人，首次登录须更改密码。 Hand them to three people; each changes the password at once."
    )
