"""Settings of a person, and of the server for its owner."""

from __future__ import annotations

import asyncio

from starlette.responses import Response

from autoscreen.errors import AutoscreenError
from autoscreen.web.account_settings import (
    MAIL_FIELDS,
    NCBI_EMAIL,
    NCBI_KEY,
    server_for_mail,
    set_ncbi,
    set_server_for_mail,
)
from autoscreen.web.accounts.members import Role
from autoscreen.web.home.home_visit import HomeVisit
from autoscreen.web.link_mail import mail_text
from autoscreen.web.pages.sign_in import changed_password
from autoscreen.web.routes import Route
from autoscreen.web.visit import Flash

_SHOWN = 4
"""Last characters of a key that are shown, to distinguish it from another."""


async def page(visit: HomeVisit) -> Response:
    """Show the settings."""
    access, name = visit.state.access, visit.visitor.name
    own = next((one.email for one in access.accounts() if one.name == name), "")
    key = access.setting(name, NCBI_KEY)
    mail = {field: access.setting("", f"smtp_{field.lower()}") for field in MAIL_FIELDS}
    return visit.render(
        "home/settings.html",
        email=own,
        ncbi_email=access.setting(name, NCBI_EMAIL),
        ncbi_key=key[-_SHOWN:] if len(key) > 2 * _SHOWN else "",
        has_key=bool(key),
        mail={**mail, "PASSWORD": ""},
        has_password=bool(mail["PASSWORD"]),
        fields=MAIL_FIELDS,
        owner=visit.visitor.role is Role.OWNER,
    )


async def set_email(visit: HomeVisit) -> Response:
    """Keep the e-mail address of the visitor's account."""
    visit.state.access.set_email(visit.visitor.name, await visit.field("email"))
    return visit.redirect("/settings", Flash(text="Your e-mail address was saved."))


async def set_own_ncbi(visit: HomeVisit) -> Response:
    """Save the address and key for requests to PubMed by the visitor."""
    key: str | None = (await visit.field("key", "")).strip()
    if await visit.field("remove_key", "") == "1":
        key = ""
    elif not key:
        key = None
    try:
        set_ncbi(visit.state.access, visit.visitor.name, email=await visit.field("email"), key=key)
    except AutoscreenError as error:
        return visit.problem("/settings", error)
    return visit.redirect("/settings", Flash(text="The settings for NCBI were saved."))


async def set_mail(visit: HomeVisit) -> Response:
    """Keep the mail server of this server."""
    values = {name: (await visit.field(name.lower(), "")).strip() for name in MAIL_FIELDS}
    try:
        set_server_for_mail(visit.state.access, values)
    except AutoscreenError as error:
        return visit.problem("/settings", error)
    visit.note("changed the mail server", values["HOST"])
    return visit.redirect("/settings", Flash(text="The mail server was saved."))


async def test_mail(visit: HomeVisit) -> Response:
    """Send a test message to an address."""
    address = await visit.field("address")
    try:
        server = server_for_mail(visit.state.access)
        if server is None:
            return visit.redirect("/settings", Flash("Set a mail server first.", kind="problem"))
        text = "This message was sent from the settings of autoscreen.\n"
        await asyncio.to_thread(mail_text, server, address, "Test from autoscreen", text)
    except AutoscreenError as error:
        return visit.problem("/settings", error)
    return visit.redirect(
        "/settings", Flash(text=f"The mail server accepted a message to {address}.")
    )


async def change_password(visit: HomeVisit) -> Response:
    """Change the visitor's password and end all their sessions."""
    return await changed_password(visit, back="/settings")


ROUTES = (
    Route(path="/settings", handler=page, role=Role.OBSERVER),
    Route(path="/settings/email", handler=set_email, role=Role.OBSERVER, method="POST"),
    Route(path="/settings/ncbi", handler=set_own_ncbi, role=Role.OBSERVER, method="POST"),
    Route(path="/settings/password", handler=change_password, role=Role.OBSERVER, method="POST"),
    Route(path="/settings/mail", handler=set_mail, role=Role.OWNER, method="POST"),
    Route(path="/settings/mail/test", handler=test_mail, role=Role.OWNER, method="POST"),
)
