"""The small parts of the server: leases, waiting after failures, settings, news, reasons."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator

import pytest

from autoscreen.protocol import Reason
from autoscreen.pubmed import Settings
from autoscreen.records import Record
from autoscreen.web.accounts.sign_in_limit import SignInLimit
from autoscreen.web.event_stream import Hub
from autoscreen.web.pubmed_lookup import ask_pubmed
from autoscreen.web.reader_settings import CHOICES, read_settings, write_settings
from autoscreen.web.reason_buttons import reason_buttons
from autoscreen.web.record_leases import Leases


class _Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_record_is_with_one_reviewer_only() -> None:
    """What one has before them is not given to another, until it is decided."""
    leases = Leases(clock=_Clock())
    leases.take("r1", "A")
    leases.take("r2", "B")
    assert leases.with_others("A") == {"r2"}
    leases.free(["r2", "r9"])
    assert leases.with_others("A") == set()


def test_a_record_that_nobody_decides_is_free_again() -> None:
    """A reviewer who goes home does not keep a record from the others; looking again keeps it."""
    clock = _Clock()
    leases = Leases(seconds=60, clock=clock)
    leases.take("r1", "A")
    leases.take("r2", "A")
    clock.now = 50
    leases.take("r2", "A")
    clock.now = 61
    assert leases.with_others("B") == {"r2"}


def test_five_failures_are_free_and_then_the_pause_doubles() -> None:
    """Typing errors cost nothing; guessing soon costs minutes, and a quarter of an hour at most."""
    clock = _Clock()
    attempts = SignInLimit(clock=clock)
    pauses = []
    for _ in range(20):
        pauses.append(attempts.start("a", "x"))
        if pauses[-1]:
            clock.now += pauses[-1]
            assert attempts.start("A ", "x") == 0
    assert pauses[:8] == [0, 0, 0, 0, 0, 2, 4, 8]
    assert max(pauses) == 900
    assert attempts.start("a", "y") > 0
    assert attempts.start("b", "x") == 0
    attempts.succeeded("a", "x")
    assert attempts.start("a", "x") == 0


def test_an_office_shares_an_address_but_a_guesser_of_names_waits() -> None:
    """One address may fail for many names before it waits."""
    attempts = SignInLimit(clock=_Clock())
    for number in range(30):
        assert attempts.start(f"name {number}", "x") == 0
    assert attempts.start("somebody else", "x") > 0
    assert attempts.start("somebody else", "y") == 0


def test_failures_without_end_have_a_pause() -> None:
    """After thousands of failures the pause is still a quarter of an hour, and no error."""
    clock = _Clock()
    attempts = SignInLimit(clock=clock)
    for _ in range(2_000):
        clock.now += 900
        assert attempts.start("a", "x") == 0
    assert attempts.start("a", "x") == 900


def test_a_household_has_many_addresses_of_ipv6() -> None:
    """Guesses from the addresses of one network count together; a name is cut like in the log."""
    attempts = SignInLimit(clock=_Clock())
    for number in range(30):
        assert attempts.start(f"{number}", f"2001:db8:1:2::{number:x}") == 0
    assert attempts.start("b", "2001:db8:1:2:ffff::1") > 0
    assert attempts.start("b", "2001:db8:1:3::1") == 0
    for _ in range(30):
        attempts.start("", "::ffff:192.0.2.1")
    assert attempts.start("c", "192.0.2.1") == 0
    assert max(len(key) for _, key in attempts._failed) < 100


def test_settings_survive_their_cookie_and_nonsense_is_as_usual() -> None:
    """What a reader has set comes back; what the cookie makes up does not."""
    usual = {name: values[0] for name, values in CHOICES.items()}
    assert read_settings("") == usual
    assert read_settings("theme=pink&face=serif&x=1&&=") == usual | {"face": "serif"}
    chosen = {name: values[-1] for name, values in CHOICES.items()}
    assert read_settings(write_settings(chosen)) == chosen


def test_news_reach_every_page_from_any_thread(run_async) -> None:
    """Two open pages hear what a working thread tells, and closing ends their lines."""

    async def listen() -> list[list[str]]:
        hub = Hub()
        heard: list[list[str]] = [[], []]

        async def page(at: int) -> None:
            async for line in hub.subscribe():
                heard[at].append(line)

        pages = [asyncio.create_task(page(at)) for at in (0, 1)]
        await asyncio.sleep(0)
        await asyncio.to_thread(hub.publish, "label", record="r1")
        await asyncio.sleep(0.05)
        hub.close()
        await asyncio.wait_for(asyncio.gather(*pages), 5)
        hub.publish("label")  # nobody is there any more, and nothing breaks
        return heard

    first, second = run_async(listen())
    assert first == second
    assert first[0] == "retry: 2000\n\n"
    assert re.fullmatch(r'id: \d+\nevent: label\ndata: {"record": "r1"}\n\n', first[1])


def _heard(run_async: Callable[..., list[str]], hub: Hub, after: int) -> list[str]:
    """Return the kinds of event that a page receives which was made at event `after`."""

    async def listen() -> list[str]:
        line = hub.subscribe(after)
        await anext(line)
        hub.publish("last")
        asyncio.get_running_loop().call_later(0.05, hub.close)
        return [one async for one in line]

    return [found[1] for one in run_async(listen()) if (found := re.search("event: (.+)", one))]


def test_a_page_receives_what_happened_before_it_subscribed(run_async) -> None:
    """An event between the making of a page and its subscription is not lost."""
    hub = Hub()
    hub.publish("order")
    seen = hub.newest
    hub.publish("job")
    assert _heard(run_async, hub, seen) == ["job", "last"]


@pytest.mark.parametrize("after", [0, 10**18], ids=["earlier run", "later run"])
def test_a_page_asks_again_where_events_are_no_longer_kept(run_async, after) -> None:
    """After a restart of the server, or a long absence, the page learns that it missed some."""
    hub = Hub()
    hub.publish("job")
    assert _heard(run_async, hub, after) == ["missed", "last"]


def test_a_page_that_is_up_to_date_receives_nothing_twice(run_async) -> None:
    """The newest event was there already when the page was made."""
    hub = Hub()
    hub.publish("job")
    assert _heard(run_async, hub, hub.newest) == ["last"]


def test_a_page_that_does_not_keep_up_loses_old_news_and_stops_nobody(run_async) -> None:
    """A sleeping page cannot fill the memory of the server."""

    async def flood() -> int:
        hub = Hub()
        line = hub.subscribe()
        await anext(line)
        for number in range(1000):
            hub.publish("label", number=number)
        await asyncio.sleep(0.05)
        hub.close()
        await asyncio.sleep(0.05)
        return len([one async for one in line])

    assert run_async(flood()) < 150


@pytest.mark.parametrize(
    ("text", "short", "label"),
    [
        ("Population: no pain of the nerve", "Population", "exclude"),
        ("Animals", "Animals", "exclude"),
        ("Unsure: mixed causes", "mixed causes", "unsure"),
    ],
)
def test_a_reason_says_which_label_it_goes_with(text: str, short: str, label: str) -> None:
    """Reasons exclude unless their text begins with ``Unsure:``."""
    (button,) = reason_buttons([Reason(code="X", key="1", text=text)])
    assert (button.short, button.label) == (short, label)


def test_a_reason_never_takes_the_key_of_a_decision() -> None:
    """A protocol may give a reason the key i or e; on the page these include and exclude."""
    keys = ["e", "1", "I", "x", *"zsntacmu?"]
    reasons = [Reason(code=f"R{key}", key=key, text="Text") for key in keys]
    given = [button.key for button in reason_buttons(reasons)]
    assert given[:5] == ["2", "1", "3", "x", "4"]
    assert given[-4:] == ["9", "", "", ""]
    assert len({key for key in given if key}) == 10


def test_pubmed_is_asked_for_the_one_record(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client of PubMed gets the PMID and nothing else; what it does not have is None."""
    asked: list[list[str]] = []

    class Eutils:
        def __init__(self, settings: Settings) -> None:
            self.settings = settings

        def records(self, pmids: list[str]) -> Iterator[Record]:
            asked.append([self.settings.email, *pmids])
            yield from (Record(title="Found", pmid=one) for one in pmids if one != "404")

    monkeypatch.setattr("autoscreen.web.pubmed_lookup.Eutils", Eutils)
    ann = Settings(email="ann@example.org")
    assert ask_pubmed("17", ann) == Record(title="Found", pmid="17")
    assert ask_pubmed("404", ann) is None
    assert asked == [["ann@example.org", "17"], ["ann@example.org", "404"]]
