"""Mail by SMTP: one message to one receiver, always under the same Message-ID.

The server is an address of the form `smtp://user:password@host:port?from=office@city.example`; `smtps` speaks TLS from
the first byte, `smtp` upgrades by STARTTLS and refuses a server that cannot, unless `&tls=no` says that there is none.
"""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import parse_qs, unquote, urlsplit

from carriage.letter import SECONDS, Letter, NotDelivered
from chassis.clock import SHANGHAI, Clock

_PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server as configured."""

    host: str
    port: int
    sender: str
    user: str
    password: str
    wrapped: bool
    upgrades: bool

    @staticmethod
    def of(url: str) -> Server:
        """Reads the address. Raises ValueError naming what is missing."""
        parts = urlsplit(url)
        asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        if parts.scheme not in _PORTS or not parts.hostname or not asked.get("from"):
            raise ValueError("mail: smtp://host?from=address")
        return Server(
            host=parts.hostname,
            port=parts.port or _PORTS[parts.scheme],
            sender=asked["from"],
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            wrapped=parts.scheme == "smtps",
            upgrades=parts.scheme == "smtp" and asked.get("tls") != "no",
        )


class Mail:
    """Sends by one server. A connection is made for each letter: notices are few, and a kept one goes stale unnoticed."""

    def __init__(self, server: Server, clock: Clock) -> None:
        self._server = server
        self._clock = clock

    def send(self, letter: Letter) -> str:
        """Sends it. A refusal of the 500s is for good, anything else may pass."""
        try:
            connection = self._connect()
            try:
                connection.send_message(self._message(letter), self._server.sender, [letter.address])
            finally:
                _leave(connection)
        except smtplib.SMTPRecipientsRefused as fault:
            code = next(iter(fault.recipients.values()))[0]
            raise NotDelivered(f"SMTP {code}", final=_final(code)) from fault
        except smtplib.SMTPResponseException as fault:
            raise NotDelivered(f"SMTP {fault.smtp_code}", final=_final(fault.smtp_code)) from fault
        except (smtplib.SMTPException, OSError) as fault:
            away = not isinstance(fault, smtplib.SMTPException) or isinstance(fault, smtplib.SMTPServerDisconnected)
            raise NotDelivered(type(fault).__name__, away=away) from fault
        return f"SMTP 250 {message_id(letter, self._server.sender)}"

    def close(self) -> None:
        """Nothing is kept open."""

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        if server.wrapped:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=SECONDS, context=ssl.create_default_context()
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
        try:
            if server.upgrades:
                connection.starttls(context=ssl.create_default_context())
            if server.user:
                connection.login(server.user, server.password)
        except BaseException:
            connection.close()
            raise
        return connection

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage(policy=SMTP)
        message["From"] = self._server.sender
        message["To"] = letter.address
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(self._clock.now().astimezone(SHANGHAI))
        message["Message-ID"] = message_id(letter, self._server.sender)
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence answers it, and our own mailbox knows it
        message["Content-Language"] = letter.language
        message.set_content(letter.body.decode(), cte="base64")
        return message


def message_id(letter: Letter, sender: str) -> str:
    """The Message-ID of a letter: the same at every try."""
    return f"<{letter.message_id}@{sender.rpartition('@')[2]}>"


def _leave(connection: smtplib.SMTP) -> None:
    """Says goodbye. A letter the server has taken stays taken, whatever it answers now."""
    with suppress(smtplib.SMTPException, OSError):
        connection.quit()
    connection.close()


def _final(code: int) -> bool:
    return 500 <= code < 600
