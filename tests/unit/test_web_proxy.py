"""What a trusted proxy says of a visitor is believed, and nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from autoscreen.errors import ConfigError
from autoscreen.web.network.proxy import FORWARDED, PREFIX, ProxyHeaders, SubPath, trusted_networks
from autoscreen.web.network.request_checks import LOOPBACK, KnownHosts, SameOrigin
from autoscreen.web.server import Options

TRUSTED = ("127.0.0.1", "10.0.0.0/8", "2001:db8::/32")


def _seen(headers: dict[str, str], peer: str = "127.0.0.1", path: str = "/team") -> dict[str, Any]:
    """Give what the application sees of a request."""

    async def show(request: Request) -> Response:
        scope = request.scope
        return JSONResponse(
            {
                "client": scope["client"][0],
                "url": str(request.url),
                "prefix": scope.get(PREFIX, ""),
                "forwarded": scope.get(FORWARDED, False),
            }
        )

    app = Starlette(routes=[Route("/{path:path}", show)])
    trusted = trusted_networks(TRUSTED)
    client = TestClient(
        ProxyHeaders(app, trusted), base_url="http://127.0.0.1:8400", client=(peer, 5000)
    )
    found: dict[str, Any] = client.get(path, headers=headers).json()
    return found


OUTER = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "review.example.org",
}


def test_a_trusted_proxy_names_visitor_scheme_and_host() -> None:
    """So that links, cookies, limits and the log are those of the world outside."""
    seen = _seen(OUTER)
    assert seen["client"] == "203.0.113.9"
    assert seen["url"] == "https://review.example.org/team"
    assert seen["forwarded"]


@pytest.mark.parametrize("peer", ["192.0.2.7", "11.0.0.1", "2001:db9::1", "testclient"])
def test_nobody_else_is_believed(peer: str) -> None:
    """A visitor who comes directly cannot choose their address or another host."""
    seen = _seen({**OUTER, "X-Forwarded-Prefix": "/x", "Forwarded": "for=1.2.3.4"}, peer)
    assert seen == {
        "client": peer,
        "url": "http://127.0.0.1:8400/team",
        "prefix": "",
        "forwarded": False,
    }


@pytest.mark.parametrize(
    ("clients", "client"),
    [
        ("1.1.1.1, 203.0.113.9", "203.0.113.9"),
        ("1.1.1.1, 203.0.113.9, 10.1.1.1", "203.0.113.9"),
        ("203.0.113.9:4711", "203.0.113.9"),
        ("[2a00::1]:4711", "2a00::1"),
        ("2a00::1", "2a00::1"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("10.1.1.1, 10.2.2.2", "10.1.1.1"),
        ("1.1.1.1, unknown", "127.0.0.1"),
        ("203.0.113.9, rubbish<script>, 10.1.1.1", "10.1.1.1"),
        ("", "127.0.0.1"),
    ],
)
def test_what_lies_beyond_the_first_untrusted_address_may_be_made_up(
    clients: str, client: str
) -> None:
    """Visitors may send the header themselves; proxies only add to its end."""
    assert _seen({**OUTER, "X-Forwarded-For": clients})["client"] == client


def test_the_standard_header_is_read_as_well() -> None:
    """Forwarded of RFC 7239, with quotes, several proxies and IPv6."""
    said = 'for=1.1.1.1;proto=http, for="[2a00::9]:99";proto=https;host="r.example", For=10.0.0.1'
    seen = _seen({"Forwarded": said})
    assert (seen["client"], seen["url"]) == ("2a00::9", "https://r.example/team")


@pytest.mark.parametrize(
    ("more", "url"),
    [
        ({"X-Forwarded-Port": "8443"}, "https://review.example.org:8443/team"),
        ({"X-Forwarded-Port": "443"}, "https://review.example.org/team"),
        ({"X-Forwarded-Host": "review.example.org:443"}, "https://review.example.org/team"),
        ({"X-Forwarded-Host": "a.example/x?"}, "https://127.0.0.1:8400/team"),
        ({"X-Forwarded-Proto": "javascript"}, "http://review.example.org/team"),
        ({"X-Forwarded-Proto": "http, https"}, "https://review.example.org/team"),
    ],
)
def test_scheme_host_and_port_are_what_the_browser_shows(more: dict[str, str], url: str) -> None:
    """Rubbish is ignored; the usual port is left out, as browsers leave it out of Origin."""
    assert _seen({**OUTER, **more})["url"] == url


@pytest.mark.parametrize("path", ["/team", "/screening/team"])
def test_a_sub_path_is_known_whether_or_not_the_proxy_takes_it_off(path: str) -> None:
    """Both ways of writing the proxy's configuration work."""
    seen = _seen({**OUTER, "X-Forwarded-Prefix": "/screening/"}, path=path)
    assert (seen["prefix"], seen["url"]) == ("/screening", "https://review.example.org/team")


@pytest.mark.parametrize("prefix", ["//evil.example", "/a b", '/"><x', "/..", "x", "/a?b"])
def test_a_sub_path_that_is_none_is_ignored(prefix: str) -> None:
    """Nothing is written into pages that is no path."""
    assert _seen({**OUTER, "X-Forwarded-Prefix": prefix})["prefix"] == ""


def _outside() -> TestClient:
    async def page(request: Request) -> Response:
        answer = HTMLResponse('<a href="/team">T</a> <a href="//x">X</a> <form action="/x?/y">')
        answer.set_cookie("a", "b", path="/")
        return answer

    async def part(request: Request) -> Response:
        return JSONResponse({"html": '<div data-src="/team/news">', "n": 1})

    async def away(request: Request) -> Response:
        return RedirectResponse("https://x.example/" if "x" in request.url.query else "/team", 303)

    routes = [Route("/page", page), Route("/part", part), Route("/away", away, methods=["POST"])]
    app = SubPath(KnownHosts(SameOrigin(Starlette(routes=routes)), LOOPBACK))
    return TestClient(
        ProxyHeaders(app, trusted_networks(TRUSTED)),
        base_url="http://127.0.0.1:8400",
        client=("127.0.0.1", 1),
        follow_redirects=False,
        headers={**OUTER, "X-Forwarded-Prefix": "/screening"},
    )


def test_answers_lead_into_the_sub_path() -> None:
    """Links, forms, parts, cookies and redirects; other sites are left alone."""
    client = _outside()
    page = client.get("/page")
    assert page.text == (
        '<a href="/screening/team">T</a> <a href="//x">X</a> <form action="/screening/x?/y">'
    )
    assert int(page.headers["Content-Length"]) == len(page.content)
    assert "Path=/screening;" in page.headers["Set-Cookie"]
    assert client.get("/part").json() == {"html": '<div data-src="/screening/team/news">', "n": 1}
    same = {"Origin": "https://review.example.org"}
    assert client.post("/away", headers=same).headers["Location"] == "/screening/team"
    assert client.post("/away?x", headers=same).headers["Location"] == "https://x.example/"
    assert client.head("/page").status_code == 200


def test_a_browser_that_says_origin_alone_is_accepted_through_the_proxy() -> None:
    """The origin is compared with scheme and host outside; another site's is refused."""
    client = _outside()
    for origin, status in (
        ("https://review.example.org", 303),
        ("http://review.example.org", 403),
        ("https://evil.example", 403),
        ("http://127.0.0.1:8400", 403),
    ):
        assert client.post("/away", headers={"Origin": origin}).status_code == status


def test_a_proxy_is_an_address_and_means_a_team() -> None:
    """A name is refused with an example; who comes through a proxy needs an account."""
    with pytest.raises(ConfigError, match="'proxy' is not an IP address"):
        trusted_networks(["proxy"])
    assert Options(proxies=("127.0.0.1",)).team
