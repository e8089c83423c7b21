"""What holds for each page: themes, a phone, keys alone, print, no script, hostile text."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from autoscreen.review import Review
from browser._browsing import PHONE, fits

PAGES = (
    "/screen",
    "/full-text",
    "/records",
    "/overview",
    "/report",
    "/team",
    "/team/conflicts",
    "/merges",
    "/imports/1",
    "/protocol",
    "/tools",
    "/search",
    "/search/other",
    "/watch",
    "/second-look",
    "/simulate",
    "/models",
    "/backups",
)
"""Each page that can be reached by the head of the page or by a link on these."""

FURTHER = ("/records/bulks", "/tags", "/protocol/edit", "/protocol/source", "/duplicates")
WIDTHS = (390, 700, 1024, 1440)

FOCUSABLE = """() => {
  const shown = (one) => one.checkVisibility({ visibilityProperty: true });
  const all = document.querySelectorAll(
    'a[href], button:enabled, input:enabled:not([type=hidden]), select, textarea, summary,'
    + '[tabindex="0"]'
  );
  return [...all].filter(shown).filter((one) => !one.closest('dialog:not([open])')).length;
}"""
FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const box = one.getBoundingClientRect();
  const style = getComputedStyle(one);
  const next = one.nextElementSibling ? getComputedStyle(one.nextElementSibling) : style;
  return {
    name: one.outerHTML.slice(0, 120),
    seen: [style, next].some((s) => s.outlineStyle !== 'none' || s.boxShadow !== 'none'),
  };
}"""


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_in_either_theme(glance, objections, path):
    """Contrast, names, order, landmarks: as people need them who see little or nothing."""
    page = glance(path)
    for details in page.locator("main details:not([open]) > summary").all():
        if details.is_visible():
            details.click()
    assert objections(page) == []


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_shows_each_page_without_moving_aside(glance, objections, path):
    """Nothing is wider than a phone, and what is touched is large enough."""
    page = glance(path, viewport=PHONE, has_touch=True, is_mobile=True)
    assert fits(page), path
    assert objections(page, dark=False) == []


def test_nothing_is_moved_aside_at_any_width(look):
    """From a phone to a wide screen, each page fits, and its head names the review."""
    page: Page = look()
    base = page.url.removesuffix("/screen")
    for path in (*PAGES, *FURTHER):
        page.goto(f"{base}{path}")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert fits(page), (path, width)
            box = page.locator(".head__name").bounding_box()
            assert box is not None and box["width"] > 60, (path, width)


def test_the_pages_of_a_server_fit_any_width(tmp_path, serve, visitor, allowed):
    """The home page with its reviews, a new review, people, settings; and the way in."""
    folder = tmp_path / "reviews"
    folder.mkdir()
    Review.create(folder / "a review with a name that is rather long", protocol="rms-pnp").close()
    served = serve(folder, team=True)
    page: Page = visitor(served)
    page.get_by_label("Name").fill("OO")
    page.get_by_label("Password").fill("three small words")
    page.get_by_role("button", name="Create account").click()
    page.get_by_role("heading", name="Reviews").wait_for()
    fit_all(page, ["/", "/new", "/people", "/people/log", "/settings", "/manage/1"], served.base)
    page.context.clear_cookies()
    allowed.append("404")
    fit_all(page, ["/sign-in?after=password", "/invitation/used", "/reset/used"], served.base)


def fit_all(page: Page, paths: list[str], base: str) -> None:
    """Fail if one of these pages is wider than the window, at any width."""
    for path in paths:
        page.goto(f"{base}{path}")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert fits(page), (path, width)


def test_axe_finds_nothing_on_pages_one_step_further(glance, objections):
    """Forms and logs that are behind the main pages."""
    for path in FURTHER:
        assert objections(glance(path)) == [], path


def test_many_entries_leave_the_name_of_a_review_its_place(look):
    """Conflicts, duplicates and an account lengthen the head; then it takes two lines."""
    page: Page = look("/overview")
    page.evaluate(
        """() => {
          const nav = document.querySelector('.head__nav');
          for (const name of ['Conflicts (12)', 'Duplicates (130)', 'Mentions (4)']) {
            const entry = document.createElement('a');
            nav.append(Object.assign(entry, { href: '#', textContent: name }));
          }
          const who = document.querySelector('.head__end');
          who.append(Object.assign(document.createElement('span'),
            { className: 'head__who', textContent: 'Alexandra Konstantinopoulou' }));
        }"""
    )
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert fits(page), width
        box = page.locator(".head__name").bounding_box()
        assert box is not None and box["width"] > 60, width


@pytest.mark.parametrize("path", PAGES)
def test_each_page_works_by_keys_alone(glance, path):
    """The tabulator reaches something new at each step, what has the focus shows it, no trap."""
    page = glance(path)
    page.locator("body").evaluate("() => document.activeElement?.blur()")
    count = page.evaluate(FOCUSABLE)
    seen: list[str] = []
    for _ in range(min(count, 60)):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None:
            break
        assert focused["seen"], f"nothing shows the focus on {focused['name']}"
        seen.append(focused["name"])
    assert len(seen) >= min(count, 60) * 0.6, (count, len(seen))
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(FOCUSED) is not None


@pytest.mark.parametrize("path", PAGES)
def test_each_page_begins_with_a_way_to_its_content(glance, path):
    """The first step of the tabulator offers to skip the head; the title names the page."""
    page = glance(path)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    assert re.search(r"\w+ · demo", page.title())
    assert page.get_by_role("heading", level=1).count() >= 1


@pytest.mark.parametrize("path", PAGES)
def test_each_page_can_be_read_without_its_script(glance, path):
    """Where a policy or a fault keeps the script away, forms and links still work."""
    page = glance(path, java_script_enabled=False)
    expect(page.get_by_role("heading").first).to_be_visible()
    expect(page.get_by_role("navigation", name="Pages", exact=True)).to_be_visible()


def test_a_theme_that_was_chosen_stays(look):
    """It holds on the next page and is stronger than the system's."""
    page: Page = look("/team", color_scheme="light")
    bright = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_label("Display settings").click()
    page.get_by_text("dark", exact=True).click()
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark != bright
    page.goto(page.url.replace("/team", "/records"))
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark


def test_print_leaves_out_what_is_pressed(look):
    """On paper stands what is read."""
    page = look("/overview")
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="Pages", exact=True)).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
