"""
Takes from a trusted proxy how the visitor asked: address, scheme, host and sub-path.

`ProxyHeaders` reads ``X-Forwarded-*`` or ``Forwarded`` (RFC 7239), only if the connection comes
from a trusted address; `SubPath` writes the addresses in answers for visitors outside. Several
reviews on one server use it too: each has a path of its own below that of the server.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from autoscreen.errors import ConfigError

FORWARDED = "autoscreen.forwarded"
"""Set in the scope of a request that a trusted proxy has passed on."""
PREFIX = "autoscreen.prefix"
"""The sub-path under which visitors find the server, such as ``/screening``."""
MOUNT = "autoscreen.mount"
"""The path of one review below that of its server, such as ``/r/headache``."""

_HOST = re.compile(r"[\w.-]+(?::\d{1,5})?|\[[0-9a-f:.]+\](?::\d{1,5})?", re.IGNORECASE | re.ASCII)
_PREFIX = re.compile(r"(?:/[\w.~-]+)+", re.ASCII)
_DIGITS = 5
"""Of a port."""
_DEFAULT_PORT = {"http": ":80", "https": ":443"}
_PAIR = re.compile(r'(\w+)=(?:"([^"]*)"|([^\s;,"]*))', re.ASCII)
_ADDRESS_IN_MARKUP = re.compile(
    rb'(\s(?:href|action|formaction|src|data-src|data-load)=\\?")/(?!/)', re.ASCII
)

Networks = tuple[IPv4Network | IPv6Network, ...]


def trusted_networks(proxies: Iterable[str]) -> Networks:
    """Return the networks of addresses such as ``127.0.0.1`` or ``10.0.0.0/8``."""
    found = []
    for one in proxies:
        try:
            found.append(ip_network(one.strip(), strict=False))
        except ValueError:
            raise ConfigError(
                f"{one!r} is not an IP address",
                hint="give the address of the proxy, such as 127.0.0.1, or a network, 10.0.0.0/8",
            ) from None
    return tuple(found)


class ProxyHeaders:
    """Replaces client, scheme, host and path by those that a trusted proxy names."""

    def __init__(self, app: ASGIApp, trusted: Networks) -> None:
        self.app = app
        self.trusted = trusted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        if scope["type"] == "http" and scope.get("client") and self._trusts(scope["client"][0]):
            self._rewrite(scope)
        await self.app(scope, receive, send)

    def _trusts(self, address: str) -> bool:
        plain = _address_in(address)
        return bool(plain) and any(ip_address(plain) in network for network in self.trusted)

    def _rewrite(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        clients, schemes, hosts = _forwarded(headers)
        if not (clients or schemes or hosts):
            return
        scope[FORWARDED] = True
        # From the nearest on: what is farther away than the first untrusted one may be made up.
        hops = 0
        for one in reversed(clients):
            if address := _address_in(one):
                scope["client"] = (address, 0)
            if not address or not self._trusts(address):
                break
            hops += 1
        scheme = _nth_from_end(schemes, hops).lower()
        if scheme in _DEFAULT_PORT:
            scope["scheme"] = scheme
        outer, host = _nth_from_end(hosts, hops), headers.get("host", "")
        port = headers.get("x-forwarded-port", "")
        if _HOST.fullmatch(outer):
            named = port.isdecimal() and len(port) <= _DIGITS and not re.search(r":\d+$", outer)
            host = f"{outer}:{port}" if named else outer
        _set_host(scope, host.removesuffix(_DEFAULT_PORT[scope["scheme"]]))
        _take_prefix(scope, headers.get("x-forwarded-prefix", "").rstrip("/"))


class SubPath:
    """Puts the sub-path before each address of a response: redirects, cookies, links and forms.

    Cookies are valid for the whole server, the other addresses for the review of the request.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        site = scope.get(PREFIX, "")
        prefix = site + scope.get(MOUNT, "")
        if not prefix:
            await self.app(scope, receive, send)
            return
        start: Message = {}
        body = bytearray()

        async def send_outside(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                headers = _outer_headers(message, prefix, site)
                if headers.get("content-type", "").startswith(("text/html", "application/json")):
                    start = message
                    return
            elif start:
                body.extend(message.get("body", b""))
                if message.get("more_body"):
                    return
                text = _ADDRESS_IN_MARKUP.sub(rb"\g<1>" + prefix.encode() + b"/", body)
                if scope["method"] != "HEAD":
                    MutableHeaders(scope=start)["content-length"] = str(len(text))
                await send(start)
                message = {**message, "body": text}
            await send(message)

        await self.app(scope, receive, send_outside)


def _outer_headers(message: Message, prefix: str, site: str) -> MutableHeaders:
    headers = MutableHeaders(scope=message)
    location = headers.get("location", "")
    if location.startswith("/") and not location.startswith("//"):
        headers["location"] = prefix + location
    message["headers"] = [
        (name, value.replace(b"Path=/", b"Path=" + (site or "/").encode()))
        if name.lower() == b"set-cookie"
        else (name, value)
        for name, value in message["headers"]
    ]
    return MutableHeaders(scope=message)


def _forwarded(headers: Headers) -> tuple[list[str], list[str], list[str]]:
    """Return clients, schemes and hosts, the nearest last."""
    lists = [
        [part.strip() for one in headers.getlist(name) for part in one.split(",") if part.strip()]
        for name in ("x-forwarded-for", "x-forwarded-proto", "x-forwarded-host")
    ]
    if any(lists):
        return lists[0], lists[1], lists[2]
    elements = [part for one in headers.getlist("forwarded") for part in one.split(",")]
    pairs = [{m[1].lower(): m[2] or m[3] for m in _PAIR.finditer(part)} for part in elements]
    clients, schemes, hosts = (
        [one.get(name, "") for one in pairs] for name in ("for", "proto", "host")
    )
    return clients, schemes, hosts


def _nth_from_end(values: list[str], hops: int) -> str:
    """Return what the outermost trusted proxy has said; fewer values than proxies are its own."""
    return values[max(0, len(values) - 1 - hops)] if values else ""


def _address_in(text: str) -> str:
    """Return the IP address of ``1.2.3.4:567``, ``[::1]:567`` or a plain one; empty if none."""
    text = text.strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text)
    except ValueError:
        return ""
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return str(mapped or found)


def _set_host(scope: Scope, host: str) -> None:
    others = [(name, value) for name, value in scope["headers"] if name != b"host"]
    scope["headers"] = [(b"host", host.encode("latin-1")), *others]


def _take_prefix(scope: Scope, prefix: str) -> None:
    """Keep the sub-path, and take it off the path if the proxy has left it there."""
    if not _PREFIX.fullmatch(prefix) or "/.." in prefix:
        return
    scope[PREFIX] = prefix
    if scope["path"] == prefix or scope["path"].startswith(f"{prefix}/"):
        scope["path"] = scope["path"][len(prefix) :] or "/"
        scope["raw_path"] = scope["path"].encode()
