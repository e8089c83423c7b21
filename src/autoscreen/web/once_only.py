"""Makes links that work once and, if a mail server is set, mails them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from autoscreen.errors import AutoscreenError
from autoscreen.web.account_settings import server_for_mail
from autoscreen.web.accounts.accounts import Accounts
from autoscreen.web.accounts.members import Role
from autoscreen.web.link_mail import mail_text
from autoscreen.web.visit import SiteVisit


@dataclass(frozen=True, slots=True, kw_only=True)
class SentLink:
    """A link that was just made; it is shown once."""

    link: str
    person: str
    until: str = ""
    mailed: str = ""  # The address that it was mailed to
    problem: str = ""  # Why it was not


async def send_invitation(visit: SiteVisit, access: Accounts, role: Role) -> SentLink:
    """Create an invitation from a form with person and e-mail address."""
    person, email = await visit.field("person", ""), await visit.field("email", "")
    made, token = access.links.invite(role, by=visit.visitor.name, person=person, email=email)
    link = f"{visit.site}/invitation/{token}"
    about = f"{role.word}, invitation {made.id} {made.person}".rstrip()
    access.note(visit.visitor.name, "invited", about=about, address=visit.address)
    subject = f"Invitation from {visit.visitor.name} to autoscreen"
    text = (
        f"{visit.visitor.name} invites you {visit.state.invited_to(made)} on autoscreen, which "
        f"helps to screen abstracts for systematic reviews.\n\n{link}\n\n"
        f"The link works once, until {made.ends[:10]}.\n"
    )
    person = made.person or f"the new {role.word}"
    sent = SentLink(link=link, person=person, until=made.ends)
    return await _mailed(visit, sent, made.email, subject, text)


async def send_reset(visit: SiteVisit, name: str) -> SentLink:
    """Create a link with which a member sets a new password."""
    access = visit.state.access
    link = f"{visit.site}/reset/{access.links.make_reset(name, by=visit.visitor.name)}"
    visit.note("made a link for a new password", name)
    email = next((one.email for one in access.accounts() if one.name == name), "")
    text = (
        f"With this link you set a new password for the account {name} on autoscreen:\n\n{link}\n\n"
        "It works once, within two days. If you did not ask for it, ignore this message.\n"
    )
    sent = SentLink(link=link, person=name)
    return await _mailed(visit, sent, email, "New password for autoscreen", text)


async def _mailed(
    visit: SiteVisit, sent: SentLink, address: str, subject: str, text: str
) -> SentLink:
    """Mail a link if there are an address and a server; a failure is shown beside the link."""
    values = {"link": sent.link, "person": sent.person, "until": sent.until}
    try:
        server = server_for_mail(visit.state.access)
        if not address or server is None:
            return sent
        await asyncio.to_thread(mail_text, server, address, subject, text)
    except AutoscreenError as error:
        return SentLink(**values, problem=visit.message(error))
    return SentLink(**values, mailed=address)
