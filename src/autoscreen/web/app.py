"""The ASGI application: all routes with their access checks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import TypeVar

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Mount
from starlette.routing import Route as StarletteRoute
from starlette.staticfiles import StaticFiles
from starlette.types import Message, Scope

from autoscreen.web.accounts.members import Visitor
from autoscreen.web.error_pages import error_response
from autoscreen.web.network.proxy import ProxyHeaders, SubPath, trusted_networks
from autoscreen.web.network.request_checks import LOOPBACK, KnownHosts, SafeHeaders, SameOrigin
from autoscreen.web.pages import ALL_ROUTES, REVIEW_ROUTES
from autoscreen.web.routes import Route
from autoscreen.web.templates import STATIC, static_version
from autoscreen.web.visit import ServerState, SiteState, SiteVisit, Visit

V = TypeVar("V", bound=SiteVisit)


def make_app(
    state: ServerState, *, hosts: Iterable[str] = LOOPBACK, proxies: Iterable[str] = ()
) -> Starlette:
    """Return the application of a server with one review."""
    return page_app(
        ALL_ROUTES, partial(visit_of, Visit, state), state, checks=request_checks(hosts, proxies)
    )


def mounted_app(state: ServerState) -> Starlette:
    """Return the pages of one of many reviews; the server checks requests and signs people in."""
    return page_app(REVIEW_ROUTES, partial(visit_of, Visit, state), state)


def page_app(
    routes: Iterable[Route[V]],
    visit: Callable[[Request], V],
    state: SiteState,
    *,
    checks: Sequence[Middleware] = (),
) -> Starlette:
    """Return an application with these routes and the static files."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        state.hub.close()

    files = Mount(f"/static/{static_version()}", _Files(directory=STATIC))
    return Starlette(
        routes=[files, *(_starlette_route(route, visit) for route in routes)],
        middleware=[*checks, Middleware(SubPath)],
        exception_handlers={HTTPException: _handler(visit)},
        lifespan=lifespan,
    )


def request_checks(hosts: Iterable[str], proxies: Iterable[str]) -> list[Middleware]:
    """Return the checks of each request before a page handles it, in this order."""
    trusted = trusted_networks(proxies)
    return [
        *([Middleware(ProxyHeaders, trusted=trusted)] if trusted else []),
        Middleware(SafeHeaders),
        Middleware(KnownHosts, hosts=hosts),
        Middleware(SameOrigin),
    ]


S = TypeVar("S", bound=SiteState)


def visit_of(kind: Callable[[Request, S, Visitor], V], state: S, request: Request) -> V:
    """Return the visit of a request."""
    token = request.cookies.get(state.cookie)
    return kind(request, state, state.visitor(token) if token else Visitor())


class _Files(StaticFiles):
    """Static files, which a browser may keep: their address changes with their content."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def _starlette_route(route: Route[V], visit: Callable[[Request], V]) -> StarletteRoute:
    async def endpoint(request: Request) -> Response:
        request = Request(request.scope, _limited(request.receive, route.max_body))
        made = visit(request)
        try:
            if refusal := _refusal(route, made):
                return refusal
            if not made.part and made.visitor.role:
                await made.prepare()
            return await route.handler(made)
        except Exception as error:
            return error_response(error, made)
        finally:
            await request.close()  # uploaded files

    return StarletteRoute(route.path, endpoint, methods=[route.method], name=route.name)


def _refusal(route: Route[V], visit: V) -> Response | None:
    """Return a redirect to sign-in or raise 403 if the role is insufficient."""
    if visit.visitor.role >= route.role:
        return None
    if visit.visitor.session:
        raise HTTPException(403)
    if "text/event-stream" in visit.request.headers.get("accept", ""):
        return Response(status_code=204)  # a browser that gets this does not connect again
    if visit.part or route.method != "GET":
        return JSONResponse({"error": "You are no longer signed in.", "sign_in": True}, 401)
    return RedirectResponse(f"{visit.server}/sign-in", status_code=303)


def _limited(
    receive: Callable[[], Awaitable[Message]], most: int
) -> Callable[[], Awaitable[Message]]:
    taken = 0

    async def receive_some() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most:
            raise HTTPException(413)
        return message

    return receive_some


def _handler(
    visit: Callable[[Request], SiteVisit],
) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Return the handler for requests without a route."""

    async def handle(request: Request, error: Exception) -> Response:
        return error_response(error, visit(request))

    return handle
