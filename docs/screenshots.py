"""Writes docs/images/*.png: each page of the web interface, on a review of invented records.

    .venv/bin/python docs/screenshots.py

Needs Chromium (`make chromium`). The reviewers and their decisions are invented, and the same each
time, dated in the days before today.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import count
from pathlib import Path
from random import Random

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from autoscreen.protocol import Protocol
from autoscreen.resources import resource
from autoscreen.review import Review
from autoscreen.web.accounts.accounts import Accounts, accounts_path
from autoscreen.web.accounts.members import Role

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
sys.path.append(str(ROOT / "tests"))

from browser._browsing import DESK, PHONE, Launcher, Served  # noqa: E402  (it is found by the line above)
from browser.chromium import FLAGS, MISSING, find_chromium  # noqa: E402

PASSWORD = "three small words"  # noqa: S105  (of invented people on a server of this machine)
BEGUN = datetime.now(UTC).replace(hour=8, minute=0) - timedelta(days=9)
_BEFORE_BEN = 3
"""Rank of the record that the second reviewer has not read yet."""
MOST = 200_000
"""Largest image in bytes; the documentation must load on a slow connection."""


def main() -> None:
    """Write all images."""
    chromium = find_chromium()
    if chromium is None:
        raise SystemExit(MISSING)
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = _review(Path(folder) / "neuropathic-pain.autoscreen")
        launcher = Launcher(Path(folder))
        server = Served(launcher, path, team=True)
        home = Served(launcher, _reviews(Path(folder) / "reviews", path))
        browser = playwright.chromium.launch(
            executable_path=chromium, args=[*FLAGS, "--disable-lcd-text"]
        )
        try:
            _all(browser, server)
            _home(browser, home)
        finally:
            browser.close()
            server.kill()
            home.kill()
            launcher.close()
    for image in sorted(IMAGES.glob("*.png")):
        size = image.stat().st_size
        print(f"{image.relative_to(ROOT)}  {size / 1000:.0f} kB")
        if size > MOST:
            raise SystemExit(f"{image} is larger than {MOST / 1000:.0f} kB")


def _review(path: Path) -> Path:
    """Make an unfinished review: two reviewers with conflicts, and an owner who resolves them."""
    minutes = count()

    def now() -> datetime:
        at = next(minutes)
        return BEGUN + timedelta(days=at // 60, minutes=at % 60 * 7)

    dice = Random(11)  # noqa: S311  (it draws invented decisions)
    with Review.create(path, protocol="rms-pnp", now=now) as review:
        review.import_files([resource("data", "demo", "demo.nbib")])
        review.team.set_double_screening(1.0, reviewer="Olga Olsen")
        for at, one in enumerate(review.rank(top=84)):
            label = "include" if at < 15 and dice.random() < 0.85 else "exclude"
            reason = dice.choice(["WRONG_POP", "WRONG_INT", "WRONG_TYPE"])
            _read(review, one.id, label, "Amira Haddad", reason)
            if at < 76 and at != _BEFORE_BEN:
                other = {"include": "exclude", "exclude": "include"}[label]
                second = other if dice.random() < 0.09 else label
                _read(review, one.id, second, "Ben Okafor", reason)
        review.rank(top=1)
    access = Accounts(accounts_path(path), team=True)
    for name, role in (
        ("Amira Haddad", Role.REVIEWER),
        ("Ben Okafor", Role.REVIEWER),
        ("Dora Lind", Role.OBSERVER),
        ("Olga Olsen", Role.OWNER),
    ):
        access.add_account(name, PASSWORD, role)
    access.close()
    return path


def _reviews(folder: Path, made: Path) -> Path:
    """Make a folder of that review and one that was just begun."""
    folder.mkdir()
    shutil.copy(made, folder)
    title = "Aspirin for tension-type headache in adults"
    Review.create(folder / "headache", protocol=Protocol.from_title(title)).close()
    return folder


def _read(review: Review, ident: str, label: str, reviewer: str, reason: str) -> None:
    known = [one.code for one in review.protocol.reasons]
    reason = reason if reason in known and label == "exclude" else ""
    note = "The coil was over the nerve root; see the methods." if label == "include" else ""
    review.label(ident, label, reviewer=reviewer, reason=reason, note=note)


def _all(browser: Browser, server: Served) -> None:
    page = _come(browser, server, "Ben Okafor")
    # The contributions are there once this server has ranked the records.
    while not page.locator(".why__reason").count():
        page.wait_for_timeout(500)
        page.reload()
    page.keyboard.press("m")
    _shoot(page, "screen")
    _shoot(page, "reasons", part=".why")
    page.keyboard.press("a")
    page.wait_for_selector(".stopping__lead")
    page.emulate_media(color_scheme="dark")
    _shoot(page, "screen-dark")
    phone = _come(browser, server, "Amira Haddad", phone=True)
    phone.wait_for_selector("article.record")
    _shoot(phone, "screen-phone")
    owner = _come(browser, server, "Olga Olsen")
    for name in ("records", "overview", "team", "protocol"):
        owner.goto(f"{server.base}/{name}")
        _shoot(owner, name, whole=name == "team")
    owner.goto(f"{server.base}/team/conflicts")
    _shoot(owner, "conflict")
    owner.emulate_media(color_scheme="dark")
    owner.goto(f"{server.base}/overview")
    _shoot(owner, "overview-dark")


def _home(browser: Browser, server: Served) -> None:
    page = browser.new_context(viewport=DESK, locale="en-GB").new_page()
    page.goto(server.address)
    _shoot(page, "home")
    page.get_by_role("link", name="New review").click()
    page.get_by_label("Title").fill("Melatonin for delirium in older adults")
    page.get_by_label("Short name").fill("delirium")
    for heading in ("Criteria", "Concepts"):
        page.get_by_role("button", name="Continue", exact=True).last.click()
        page.get_by_role("heading", name=heading).wait_for()
    _shoot(page, "new-review")


def _come(browser: Browser, server: Served, name: str, *, phone: bool = False) -> Page:
    size = (
        {"viewport": PHONE, "is_mobile": True, "has_touch": True} if phone else {"viewport": DESK}
    )
    page = browser.new_context(**size, locale="en-GB", reduced_motion="reduce").new_page()
    page.goto(f"{server.base}/sign-in")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/screen")
    return page


def _shoot(page: Page, name: str, *, whole: bool = False, part: str = "") -> None:
    # Parts of the page are fetched after it has loaded.
    page.wait_for_timeout(400)
    if part:
        pixels = page.locator(part).screenshot(scale="css")
    else:
        pixels = page.screenshot(scale="css", full_page=whole)
    taken = Image.open(BytesIO(pixels)).convert("RGB")
    # Pages have few colours: 256 of them look the same at a third of the bytes.
    small = taken.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    small.save(IMAGES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
