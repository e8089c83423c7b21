"""The ASGI application: all routes with their access checks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Mount
from starlette.routing import Route as StarletteRoute
from starlette.staticfiles import StaticFiles
from starlette.types import Message, Scope

from autoscreen.review import Review
from autoscreen.web.accounts.accounts import Visitor
from autoscreen.web.accounts.members import Role
from autoscreen.web.error_pages import error_response
from autoscreen.web.network.proxy import ProxyHeaders, SubPath, trusted_networks
from autoscreen.web.network.request_checks import LOOPBACK, KnownHosts, SafeHeaders, SameOrigin
from autoscreen.web.pages import ALL_ROUTES
from autoscreen.web.routes import Route
from autoscreen.web.templates import STATIC, static_version
from autoscreen.web.visit import ServerState, Visit


def make_app(
    state: ServerState, *, hosts: Iterable[str] = LOOPBACK, proxies: Iterable[str] = ()
) -> Starlette:
    """Return the application for a server state."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        state.hub.close()

    files = Mount(f"/static/{static_version()}", _Files(directory=STATIC))
    return Starlette(
        routes=[files, *(_starlette_route(route, state) for route in ALL_ROUTES)],
        middleware=[
            *_behind_proxies(proxies),
            Middleware(SafeHeaders),
            Middleware(KnownHosts, hosts=hosts),
            Middleware(SameOrigin),
        ],
        exception_handlers={HTTPException: _handler(state)},
        lifespan=lifespan,
    )


def _behind_proxies(proxies: Iterable[str]) -> list[Middleware]:
    if not (trusted := trusted_networks(proxies)):
        return []
    return [Middleware(ProxyHeaders, trusted=trusted), Middleware(SubPath)]


class _Files(StaticFiles):
    """Static files, which a browser may keep: their address changes with their content."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def _starlette_route(route: Route, state: ServerState) -> StarletteRoute:
    async def endpoint(request: Request) -> Response:
        request = Request(request.scope, _limited(request.receive, route.max_body))
        visit = Visit(request, state, _visitor(request, state))
        try:
            if refusal := _refusal(route, visit):
                return refusal
            if route.method == "GET" and not visit.part and visit.visitor.role:
                visit.to_do = await visit.executor.read(_to_do)
            return await route.handler(visit)
        except Exception as error:
            return error_response(error, visit)

    return StarletteRoute(route.path, endpoint, methods=[route.method], name=route.name)


def _to_do(review: Review) -> tuple[tuple[str, str], ...]:
    """Return address and name of what waits for a decision, for the head of the page."""
    conflicts, pairs = review.progress().conflicts, len(review.duplicates.pending())
    found = (("/team/conflicts", "Conflicts", conflicts), ("/duplicates", "Duplicates", pairs))
    return tuple((path, f"{name} ({number:,})") for path, name, number in found if number)


def _visitor(request: Request, state: ServerState) -> Visitor:
    token = request.cookies.get(state.cookie)
    return state.access.visitor(token) if token else Visitor()


def _refusal(route: Route, visit: Visit) -> Response | None:
    """Return a redirect to sign-in or raise 403 if the role is insufficient."""
    if visit.visitor.role >= route.role:
        return None
    if visit.visitor.role is not Role.ANYONE:
        raise HTTPException(403)
    if visit.part or route.method != "GET":
        return JSONResponse({"error": "You are no longer signed in.", "sign_in": True}, 401)
    return RedirectResponse("/sign-in", status_code=303)


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


def _handler(state: ServerState) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Return the handler for requests without a route."""

    async def handle(request: Request, error: Exception) -> Response:
        return error_response(error, Visit(request, state, _visitor(request, state)))

    return handle
