"""Mails a link that works once, such as an invitation, to the person it is for."""

from __future__ import annotations

from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from autoscreen.errors import SourceError
from autoscreen.monitor.mail import MailServer, recipients_from, send


def mail_text(server: MailServer, address: str, subject: str, text: str) -> None:
    """Send a short text to one address."""
    (recipient,) = recipients_from([address])
    message = EmailMessage(policy=policy.SMTP)
    message["Subject"] = " ".join(subject.split())
    message["From"] = server.sender
    message["To"] = recipient
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = make_msgid(domain="autoscreen.invalid")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text, cte="quoted-printable")
    try:
        refused = send(server, [recipient], message.as_bytes())
    except SourceError as error:
        error.hint = "send the link yourself"
        raise
    if refused:
        raise SourceError(
            f"the mail server refused the message ({'; '.join(refused.values())})",
            hint="send the link yourself",
        )
