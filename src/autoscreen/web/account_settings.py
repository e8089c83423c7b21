"""Settings on the server besides passwords: for NCBI, and for mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from autoscreen.errors import ConfigError, InputError
from autoscreen.monitor.mail import MailServer, mail_server, recipients_from
from autoscreen.pubmed import Settings, load_settings
from autoscreen.web.accounts.accounts import Accounts

NCBI_EMAIL, NCBI_KEY = "ncbi_email", "ncbi_key"
MAIL_FIELDS = {
    "HOST": "Mail server",
    "PORT": "Port",
    "TLS": "Encryption",
    "FROM": "Sender",
    "USER": "User name",
    "PASSWORD": "Password",
}
"""The settings of the mail server, by the end of their environment variable."""

_KEY = 100


def ncbi_settings(access: Accounts, name: str) -> Settings:
    """Return the PubMed settings of a person: their own address and key if they are set."""
    known = load_settings()
    return replace(
        known,
        email=access.setting(name, NCBI_EMAIL) or known.email,
        key=access.setting(name, NCBI_KEY) or known.key,
    )


def set_ncbi(access: Accounts, name: str, *, email: str, key: str | None) -> None:
    """Keep a person's address and key for NCBI; without a key the current one stays."""
    recipients_from([email])
    access.set_setting(name, NCBI_EMAIL, email.strip())
    if key is not None:
        if not key.isascii() or not (key.isalnum() or not key) or len(key) > _KEY:
            raise InputError(
                "this is not an API key of NCBI", hint="copy it from your account at NCBI"
            )
        access.set_setting(name, NCBI_KEY, key)


def server_for_mail(access: Accounts) -> MailServer | None:
    """Return the mail server that the owner or the environment has set; None if there is none."""
    values = {name: access.setting("", f"smtp_{name.lower()}") for name in MAIL_FIELDS}
    try:
        return _server(values) if values["HOST"] else mail_server()
    except ConfigError:
        if values["HOST"]:
            raise
        return None


def set_server_for_mail(access: Accounts, values: Mapping[str, str]) -> None:
    """Keep the mail server; an empty password keeps the current one, an empty host removes all."""
    values = dict(values)
    if not values["HOST"]:
        values = dict.fromkeys(MAIL_FIELDS, "")
    else:
        values["PASSWORD"] = values["PASSWORD"] or access.setting("", "smtp_password")
        _server(values)
    for name in MAIL_FIELDS:
        access.set_setting("", f"smtp_{name.lower()}", values[name])


def _server(values: Mapping[str, str]) -> MailServer:
    try:
        return mail_server({f"AUTOSCREEN_SMTP_{name}": value for name, value in values.items()})
    except ConfigError as error:
        for name, shown in MAIL_FIELDS.items():
            error.message = error.message.replace(f"AUTOSCREEN_SMTP_{name}", shown)
        raise
