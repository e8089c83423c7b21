"""A browser without a screen, in the web interface, for a person working alone."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
from lxml import html
from starlette.testclient import TestClient

from autoscreen.web.app import make_app
from autoscreen.web.network.request_checks import LOOPBACK
from autoscreen.web.server import Options, open_server
from autoscreen.web.visit import ServerState

SAME = {"Sec-Fetch-Site": "same-origin"}


class Browser:
    """
    Asks for pages and hands in forms; what it gets must not be an error of the server.

    Parameters
    ----------
    client
        Speaks to the application.
    state
        What the server has.
    """

    def __init__(self, client: TestClient, state: ServerState) -> None:
        self._client = client
        self.state = state

    def get(self, path: str, *, status: int = 200) -> html.HtmlElement:
        """Give a page."""
        return self.page(self._client.get(path), status)

    def post(
        self, path: str, fields: dict[str, Any] | None = None, *, status: int = 200, **more: Any
    ) -> html.HtmlElement:
        """Hand in a form, and give the page that one is sent to."""
        return self.page(self._client.post(path, data=fields, headers=SAME, **more), status)

    def file(self, path: str) -> httpx2.Response:
        """Give a file."""
        answer = self._client.get(path)
        assert answer.status_code == 200, answer.text[:500]
        return answer

    @staticmethod
    def page(answer: httpx2.Response, status: int) -> html.HtmlElement:
        """Check and read an answer."""
        assert answer.status_code == status, answer.text[:800]
        return html.fromstring(answer.text)


@contextmanager
def browser_of(review: Path) -> Iterator[Browser]:
    """Serve a review to a person working alone, who is let in already."""
    state = open_server(review, Options(reviewer="AA"))
    try:
        with TestClient(
            make_app(state, hosts=LOOPBACK), base_url="http://127.0.0.1:8400"
        ) as client:
            browser = Browser(client, state)
            browser.get(f"/start/{state.start_token}")
            yield browser
    finally:
        state.executor.close()
        state.access.close()


def text_of(page: html.HtmlElement, path: str = "//main") -> str:
    """Give what can be read in the first element of a page that the XPath names."""
    return " ".join(page.xpath(path)[0].text_content().split())


def page_of(text: str) -> Any:
    """Read a page; what lxml finds by an XPath may be of many types, which tests need not tell."""
    return html.fromstring(text)


def wait_for_task(browser: Browser, number: int, state: str = "done", seconds: float = 250) -> Any:
    """Ask for the page of a long task until it has ended in this way."""
    until = time.monotonic() + seconds
    while True:
        page = browser.get(f"/jobs/{number}")
        now = page.xpath("//*[@id='job']/@data-state")[0]
        if now == state:
            return page
        assert now == "running", text_of(page)
        assert time.monotonic() < until, text_of(page)
        time.sleep(0.1)
