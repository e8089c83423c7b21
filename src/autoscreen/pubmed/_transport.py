"""Sends one request to the E-utilities, at the permitted rate, until the response is valid."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TypeVar
from urllib.parse import quote_plus, urlencode

from autoscreen.errors import ConfigError
from autoscreen.http_client.http_client import TRIES, HttpClient, Say, Service
from autoscreen.http_client.user_settings import config_file
from autoscreen.pubmed._answers import complaint_in, judged
from autoscreen.pubmed._eutils_settings import Settings

T = TypeVar("T")

_SHOWN_OF_SECRET = 6
_LONGEST_QUERY = 1000
_MANY_IDS = 200


class Transport:
    """A connection to the E-utilities."""

    def __init__(
        self, settings: Settings, *, say: Say, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        if not settings.email and settings.is_ncbi:
            raise ConfigError(
                "no e-mail address is set, and NCBI requires one with each request",
                hint="set it once with: autoscreen search REVIEW --dry-run --email you@example.org "
                f"(kept in {config_file()}), or set NCBI_EMAIL",
            )
        if not settings.email:
            say("no e-mail address is set; NCBI itself would require one (NCBI_EMAIL)")
        self._settings = settings
        self._client = HttpClient(
            Service(
                name="PubMed",
                base=settings.base,
                variable="NCBI_EUTILS_URL",
                rate=settings.requests_per_second,
                tool=settings.tool,
                timeout=settings.timeout,
                complaint=complaint_in,
                judged=judged,
                hidden=self._hidden,
            ),
            say=say,
            sleep=sleep,
        )

    def ask(
        self,
        utility: str,
        read: Callable[[bytes], T],
        parameters: Mapping[str, str | int],
        *,
        patience: int = TRIES,
    ) -> T:
        """Repeat the request until the response is valid, at most `TRIES` times."""
        address, body = self._request(utility, parameters)
        return self._client.ask(address, read, body=body, patience=patience)

    def _request(
        self, utility: str, parameters: Mapping[str, str | int]
    ) -> tuple[str, bytes | None]:
        """
        Return the address of a GET, or with a body of a POST if it is long, as NCBI asks for.

        The public functions of Bio.Entrez take neither a time-out nor another address, and do not
        wait after HTTP 429.
        """
        who = {"tool": self._settings.tool, "email": self._settings.email}
        if self._settings.key:
            who["api_key"] = self._settings.key
        query = urlencode({**parameters, **who})
        address = f"{self._settings.base.rstrip('/')}/{utility}.fcgi"
        many = str(parameters.get("id", "")).count(",") >= _MANY_IDS - 1
        if many or len(query) > _LONGEST_QUERY:
            return address, query.encode()
        return f"{address}?{query}", None

    def _hidden(self, text: str) -> str:
        """Remove key and e-mail address from a server's response, also if they are truncated."""
        key, email = self._settings.key, self._settings.email
        parts = {key[at:end] for at in range(len(key)) for end in range(at + 1, len(key) + 1)}
        parts |= {form[:end] for form in (email, quote_plus(email)) for end in range(len(form) + 1)}
        short = {key, quote_plus(key), email} - {""}
        hidden = {part for part in parts if len(part) >= _SHOWN_OF_SECRET} | short
        for part in sorted(hidden, key=len, reverse=True):
            text = text.replace(part, "***")
        return text
