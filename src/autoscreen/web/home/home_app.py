"""The application of a folder of reviews: its own pages, and below ``/r/NAME`` those of each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from autoscreen.web.accounts.members import Role
from autoscreen.web.app import page_app, request_checks, visit_of
from autoscreen.web.error_pages import error_response
from autoscreen.web.home.home_visit import HomeState, HomeVisit, review_path
from autoscreen.web.home.pages import HOME_ROUTES
from autoscreen.web.network.proxy import MOUNT, SubPath
from autoscreen.web.network.request_checks import LOOPBACK

_REVIEW = re.compile(r"/r/([^/]+)(/.*)?", re.DOTALL)


def make_home_app(
    state: HomeState, *, hosts: Iterable[str] = LOOPBACK, proxies: Iterable[str] = ()
) -> Starlette:
    """Return the application of a server with a folder of reviews."""
    pages = page_app(HOME_ROUTES, partial(visit_of, HomeVisit, state), state)
    return Starlette(
        routes=[Mount("/", ReviewMounts(state, pages))],
        middleware=request_checks(hosts, proxies),
    )


class ReviewMounts:
    """Hands a request below ``/r/NAME`` to the pages of that review, and any other to the home."""

    def __init__(self, state: HomeState, pages: ASGIApp) -> None:
        self._state = state
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond."""
        if scope["type"] != "http" or not (found := _REVIEW.fullmatch(scope["path"])):
            await self._pages(scope, receive, send)
            return
        name, path = found[1], found[2] or "/"
        answer = await self._review(name, Request(scope))
        if answer is None:
            await self._pages(scope, receive, send)
        elif isinstance(answer, Response):
            await SubPath(answer)(scope, receive, send)
        else:
            mount = review_path(name, "")
            inner = {**scope, MOUNT: mount, "path": path, "raw_path": path.encode()}
            await answer(inner, receive, send)

    async def _review(self, name: str, request: Request) -> ASGIApp | None:
        """Return the pages of a review, or a response that says why they cannot be shown."""
        visit = visit_of(HomeVisit, self._state, request)
        if not visit.visitor.session:
            return RedirectResponse(f"{visit.site}/sign-in", status_code=303)
        review = self._state.folder.find(name)
        if not review or visit.role_in(review) is Role.ANYONE:
            return None
        try:
            return await self._state.opened.app(review, self._state.folder.file_of(review))
        except Exception as error:
            return error_response(error, visit)
