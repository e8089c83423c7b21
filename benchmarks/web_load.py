"""How fast the next record comes while ten reviewers screen, and whether a label is lost.

    python benchmarks/web_load.py
    python benchmarks/web_load.py --seconds 600 --records 50000 --reviewers 10

A real server process on a pool of made-up records; each reviewer is a thread with its own session
that sends what the page sends: a decision, with the next record in the answer. After each answer a
reviewer reads for `--pause` seconds. Some decisions are submitted twice, like a page that got no
answer, and some are undone.

Then the review file is checked: it holds each confirmed decision once, and no other.
"""

from __future__ import annotations

import argparse
import re
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from random import Random
from urllib.parse import urlencode

from _common import table
from _pools import is_relevant, made_up_records
from autoscreen.formats import write
from autoscreen.review import Review
from autoscreen.web.accounts.accounts import Accounts, accounts_path
from autoscreen.web.accounts.members import Role

_CARD = re.compile(r'data-id=\\?"(r\d+)\\?" data-seen=\\?"(\d+)\\?" data-key=\\?"([\w-]+)\\?"')
_FORM = {
    "Content-Type": "application/x-www-form-urlencoded",
    "Sec-Fetch-Site": "same-origin",
}
_PASSWORD = "three small words"
_TWICE, _UNDONE = 0.05, 0.05
_WARM = 10
"""First answers of each reviewer, not counted: the server has just started."""


@dataclass
class Reviewer:
    """One reviewer, and the decisions that the server has confirmed."""

    name: str
    cookie: str
    port: int
    pause: float
    dice: Random
    confirmed: list[tuple[str, str]] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    asked_again: int = 0
    failed: list[str] = field(default_factory=list)

    def work(self, until: float) -> None:
        """Decide about one record after another until the time is up."""
        line = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            card = _CARD.search(self._ask(line, "GET", "/screen")[1])
            while card is not None and time.monotonic() < until:
                card = self._decide(line, *card.groups())
                time.sleep(self.pause * self.dice.uniform(0.5, 1.5))
        except Exception as error:  # printed at the end: a thread cannot raise
            self.failed.append(f"{self.name}: {error!r}")
        finally:
            line.close()

    def _decide(self, line: HTTPConnection, ident: str, seen: str, key: str) -> re.Match | None:
        label = "include" if is_relevant(int(ident[1:])) else "exclude"
        form = {"record": ident, "seen": seen, "key": key, "choice": label, "held": ""}
        start = time.perf_counter()
        status, text = self._ask(line, "POST", "/screen/decide", form)
        self.waits.append(time.perf_counter() - start)
        if status == 409:
            self.asked_again += 1
            return _CARD.search(self._ask(line, "GET", "/screen")[1])
        if status != 200:
            raise RuntimeError(f"{status} {text[:200]}")
        self.confirmed.append((ident, label))
        if self.dice.random() < _TWICE:
            self._ask(line, "POST", "/screen/decide", form)
        if self.dice.random() < _UNDONE:
            form = {"key": f"undo-{key}", "of": key, "held": ""}
            status, text = self._ask(line, "POST", "/screen/undo", form)
            self.withdrawn.append(ident)
            again = _CARD.search(text)
            if status != 200 or again is None or again[1] != ident:
                raise RuntimeError(f"undo of {ident}: {status} {text[:200]}")
            return again
        return _CARD.search(text)

    def _ask(
        self, line: HTTPConnection, method: str, path: str, form: dict[str, str] | None = None
    ) -> tuple[int, str]:
        headers = {"Cookie": self.cookie, "X-Autoscreen-Part": "1"}
        if method == "GET":
            headers.pop("X-Autoscreen-Part")
        body = None
        if form is not None:
            body = urlencode(form)
            headers |= _FORM
        line.request(method, path, body=body, headers=headers)
        answer = line.getresponse()
        return answer.status, answer.read().decode()


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        path = _prepare(Path(folder), options.records)
        names = _team(path, options.reviewers)
        server, port = _serve(path)
        try:
            reviewers = [
                Reviewer(name, _sign_in(port, name), port, options.pause, Random(name))
                for name in names
            ]
            _wait_until_ready(reviewers[0])
            _work(reviewers, options.seconds)
        finally:
            server.terminate()
            code = server.wait(30)
        print(f"the server ended with code {code}")
        passed = _tell(reviewers, options.seconds) and _compare(path, reviewers)
    sys.exit(not passed or any(reviewer.failed for reviewer in reviewers))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=50_000)
    parser.add_argument("--reviewers", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--pause", type=float, default=1.0, help="mean seconds of reading")
    return parser.parse_args()


def _prepare(folder: Path, count: int) -> Path:
    start = time.perf_counter()
    write(made_up_records(count), folder / "pool.ris")
    with Review.create(folder / "load", protocol="rms-pnp") as review:
        review.import_files([folder / "pool.ris"])
        review.rank(top=1)
        review.table.index(enough=lambda: False)
        path = review.path
    print(f"{count:,} records prepared in {time.perf_counter() - start:.0f} s", flush=True)
    return path


def _team(path: Path, count: int) -> list[str]:
    names = [f"Reviewer {number}" for number in range(1, count + 1)]
    access = Accounts(accounts_path(path), team=True)
    for name in names:
        access.add_account(name, _PASSWORD, Role.REVIEWER)
    access.close()
    return names


def _sign_in(port: int, name: str) -> str:
    line = HTTPConnection("127.0.0.1", port, timeout=60)
    form = urlencode({"name": name, "password": _PASSWORD})
    line.request("POST", "/sign-in", body=form, headers=_FORM)
    answer = line.getresponse()
    cookie = answer.headers["Set-Cookie"].partition(";")[0]
    line.close()
    return cookie


def _serve(path: Path) -> tuple[subprocess.Popen[str], int]:
    command = [sys.executable, "-m", "autoscreen.cli", "screen", str(path)]
    server = subprocess.Popen(
        [*command, "--no-browser", "--host", "0.0.0.0"], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    for line in server.stdout:
        if found := re.search(r"http://[^/]*:(\d+)", line):
            return server, int(found[1])
    raise SystemExit("the server did not start")


def _wait_until_ready(reviewer: Reviewer) -> None:
    line = HTTPConnection("127.0.0.1", reviewer.port, timeout=300)
    while not _CARD.search(reviewer._ask(line, "GET", "/screen")[1]):
        time.sleep(0.5)
    line.close()


def _work(reviewers: list[Reviewer], seconds: float) -> None:
    until = time.monotonic() + seconds
    threads = [threading.Thread(target=one.work, args=[until]) for one in reviewers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds + 120)


def _tell(reviewers: list[Reviewer], seconds: float) -> bool:
    waits = sorted(1000 * wait for one in reviewers for wait in one.waits[_WARM:])
    for one in reviewers:
        for problem in one.failed:
            print(problem)
    if not waits:
        print("no reviewer got beyond the first records")
        return False

    def share(of: float) -> str:
        return f"{waits[min(len(waits) - 1, int(of * len(waits)))]:.0f}"

    head = ["decisions", "per second", "p50 ms", "p95 ms", "p99 ms", "max ms"]
    rate = sum(len(one.confirmed) for one in reviewers) / seconds
    table(head, [[f"{len(waits):,}", f"{rate:.1f}", *map(share, (0.5, 0.95, 0.99, 1))]])
    return True


def _compare(path: Path, reviewers: list[Reviewer]) -> bool:
    """Compare the decisions in the file with those that were confirmed."""
    submitted = Counter(
        (one.name, ident, label) for one in reviewers for ident, label in one.confirmed
    )
    with closing(sqlite3.connect(path)) as file:
        rows = file.execute("SELECT reviewer, 'r' || record_id, label FROM decision").fetchall()
    kept = Counter(row for row in rows if row[2] is not None)
    withdrawn = sum(row[2] is None for row in rows)
    readers: dict[str, set[str]] = {}
    for name, ident, _ in rows:
        readers.setdefault(ident, set()).add(name)
    by_two = sum(len(names) > 1 for names in readers.values())
    lost, doubled = submitted - kept, kept - submitted
    undone = sum(len(one.withdrawn) for one in reviewers)
    table(
        ["confirmed", "in the file", "lost", "doubled", "undone", "withdrawn", "read by two"],
        [
            [
                f"{submitted.total():,}",
                f"{kept.total():,}",
                f"{lost.total():,}",
                f"{doubled.total():,}",
                f"{undone:,}",
                f"{withdrawn:,}",
                f"{by_two:,}",
            ]
        ],
    )
    return not lost and not doubled and undone == withdrawn and not by_two


if __name__ == "__main__":
    main()
