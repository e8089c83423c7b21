"""Sends a digest by encrypted SMTP; the password is in the environment or the keyring."""

from __future__ import annotations

import ipaddress
import os
import re
import smtplib
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from importlib import import_module
from importlib.util import find_spec

from autoscreen.errors import ConfigError, SourceError
from autoscreen.monitor.digest import Digest
from autoscreen.monitor.digest_html import as_html
from autoscreen.monitor.digest_text import as_text
from autoscreen.monitor.digest_wording import headline

KEYRING = "autoscreen-smtp"
"""Name under which the password may lie in the keyring of the system."""

_ADDRESS = re.compile(r"[^@\s<>,;:\"()\[\]\\]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_SAFETY = ("starttls", "tls", "off")
_PORTS = {"starttls": 587, "tls": 465, "off": 25}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """The mail server."""

    host: str
    port: int
    safety: str
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 30.0


def recipients_from(given: Sequence[str]) -> tuple[str, ...]:
    """Check addresses; one text may hold several, with commas between them."""
    found = [part.strip() for text in given for part in text.split(",") if part.strip()]
    for address in found:
        if not _ADDRESS.fullmatch(address):
            raise ConfigError(
                f"{address!r} is not a mail address", hint="write it as name@example.org"
            )
    return tuple(dict.fromkeys(found))


def mail_server(environ: Mapping[str, str] | None = None) -> MailServer:
    """Return the server that the environment names."""
    known = os.environ if environ is None else environ
    host, user = (known.get(f"AUTOSCREEN_SMTP_{name}", "").strip() for name in ("HOST", "USER"))
    if not host:
        raise ConfigError(
            "no mail server is set, so nothing can be mailed",
            hint="set AUTOSCREEN_SMTP_HOST, and AUTOSCREEN_SMTP_USER and AUTOSCREEN_SMTP_PASSWORD "
            "if it asks for them",
        )
    safety = known.get("AUTOSCREEN_SMTP_TLS", "").strip().lower() or "starttls"
    sender = known.get("AUTOSCREEN_SMTP_FROM", "").strip() or user
    _require(safety in _SAFETY, "AUTOSCREEN_SMTP_TLS", safety, "starttls, tls or off")
    _require(
        safety != "off" or _is_here(host),
        "AUTOSCREEN_SMTP_TLS",
        safety,
        f"starttls or tls, as {host} is another machine",
    )
    _require(
        bool(_ADDRESS.fullmatch(parseaddr(sender)[1])),
        "AUTOSCREEN_SMTP_FROM",
        sender,
        "the address of the sender",
    )
    port = known.get("AUTOSCREEN_SMTP_PORT", "").strip() or str(_PORTS[safety])
    _require(port.isdecimal() and 0 < int(port) < 65536, "AUTOSCREEN_SMTP_PORT", port, "a number")
    return MailServer(
        host=host,
        port=int(port),
        safety=safety,
        sender=sender,
        user=user,
        password=known.get("AUTOSCREEN_SMTP_PASSWORD", "") or _from_keyring(user),
    )


def compose_mail(digest: Digest, *, sender: str, recipients: Sequence[str], guid: str) -> bytes:
    """Write a digest as a message of two forms, plain text and page."""
    message = EmailMessage(policy=policy.SMTP)
    message["Subject"] = _one_line(f"{digest.review}: {headline(digest)}")
    message["From"] = sender
    message["To"] = ", ".join(recipients)
    message["Date"] = format_datetime(datetime.fromisoformat(digest.at))
    message["Message-ID"] = f"<{guid.rpartition(':')[2]}@autoscreen.invalid>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_sound(as_text(digest)), cte="quoted-printable")
    message.add_alternative(_sound(as_html(digest)), subtype="html", cte="quoted-printable")
    return message.as_bytes()


def send(server: MailServer, recipients: Sequence[str], content: bytes) -> dict[str, str]:
    """Send a message to the server."""
    try:
        refused = _hand_over(server, recipients, content)
    except (OSError, smtplib.SMTPException) as error:
        raise SourceError(
            f"the mail server {server.host}:{server.port} did not accept the message "
            f"({_said(error)})",
            hint="it is kept and sent by the next run with --mail",
        ) from error
    return {address: _answer(*reply) for address, reply in refused.items()}


def _hand_over(
    server: MailServer, recipients: Sequence[str], content: bytes
) -> dict[str, tuple[int, bytes]]:
    safe = ssl.create_default_context()
    connection = (
        smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout, context=safe)
        if server.safety == "tls"
        else smtplib.SMTP(server.host, server.port, timeout=server.timeout)
    )
    with connection:
        if server.safety == "starttls":
            connection.starttls(context=safe)
        if server.user and server.password:
            connection.login(server.user, server.password)
        sender = parseaddr(server.sender)[1]
        return connection.sendmail(sender, list(recipients), content)


def _said(error: Exception) -> str:
    match error:
        case smtplib.SMTPRecipientsRefused():
            replies = (f"{who}: {_answer(*reply)}" for who, reply in error.recipients.items())
            return "; ".join(replies)
        case smtplib.SMTPResponseException():
            return _answer(error.smtp_code, error.smtp_error)
    return str(error) or type(error).__name__


def _answer(code: int, reply: bytes | str) -> str:
    text = reply.decode(errors="replace") if isinstance(reply, bytes) else reply
    return f"{code} {' '.join(text.split())}"


def _from_keyring(user: str) -> str:
    """Return the password that the system's keyring holds, if it is available."""
    if not user or find_spec("keyring") is None:
        return ""
    keyring = import_module("keyring")
    try:
        return keyring.get_password(KEYRING, user) or ""
    except keyring.errors.KeyringError as error:
        raise ConfigError(
            f"the mail password could not be read from the keyring ({error})",
            hint="set AUTOSCREEN_SMTP_PASSWORD",
        ) from error


def _require(holds: bool, name: str, given: str, expected: str) -> None:
    if not holds:
        raise ConfigError(f"{name} is {given!r}; expected {expected}")


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _one_line(text: str) -> str:
    return " ".join(_sound(text).split())


def _sound(text: str) -> str:
    """Replace incomplete Unicode characters, which no message can contain."""
    return text.encode("utf-8", "replace").decode("utf-8")
