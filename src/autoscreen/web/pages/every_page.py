"""What every page needs: the first page, display settings and server-sent events."""

from __future__ import annotations

from collections.abc import AsyncIterator

from starlette.responses import RedirectResponse, Response, StreamingResponse

from autoscreen.web.accounts.members import Role
from autoscreen.web.reader_settings import CHOICES, COOKIE, write_settings
from autoscreen.web.routes import Route
from autoscreen.web.visit import SiteVisit, Visit

_YEAR = 365 * 24 * 3600


async def home(visit: Visit) -> Response:
    """Redirect to the screening page."""
    return RedirectResponse(visit.navigation[0][0], status_code=303)


async def change_settings(visit: SiteVisit) -> Response:
    """Save display settings without the script."""
    form = await visit.form()
    settings = visit.settings
    for name, values in CHOICES.items():
        if form.get(name) in values:
            settings[name] = str(form[name])
    back = str(form.get("back", "/"))
    safe = back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/"
    response = RedirectResponse(safe, status_code=303)
    response.set_cookie(
        COOKIE, write_settings(settings), max_age=_YEAR, secure=visit.secure, samesite="lax"
    )
    return response


async def events(visit: SiteVisit) -> Response:
    """Stream events while the session is valid."""
    token = visit.request.cookies[visit.state.cookie]
    # A browser that connects again sends the number of the last event it received.
    request = visit.request
    after = request.headers.get("last-event-id") or request.query_params.get("after", "")

    async def news() -> AsyncIterator[str]:
        async for line in visit.hub.subscribe(int(after) if after.isdecimal() else None):
            if visit.state.visitor(token, visits=False).role < Role.OBSERVER:
                break
            yield line

    return StreamingResponse(news(), media_type="text/event-stream")


SITE_ROUTES = (
    Route(path="/settings", handler=change_settings, role=Role.OBSERVER, method="POST"),
    Route(path="/events", handler=events, role=Role.OBSERVER),
)
ROUTES = (Route(path="/", handler=home, role=Role.OBSERVER), *SITE_ROUTES)
