"""Pages fit narrow screens, large text and wide spacing; they ask nobody else, and set no cookie."""

import pytest
from playwright.sync_api import Error

from tests.browser.conftest import SITE
from tests.whole_site import every_page

pytestmark = pytest.mark.django_db
FEWEST_PAGES = 30
# The spacing of WCAG 1.4.12. A sheet that a script constructs is the reader's own; the policy is about the page's.
SPACING = """
() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
    p { margin-bottom: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
}
"""
CALM = "() => { document.adoptedStyleSheets = []; }"
ENLARGE = "(size) => { document.documentElement.style.fontSize = `${size}%`; }"
# What sticks out of the page sideways, and what is cut off inside its box.
OVERFLOW = """
() => {
  const name = (one) => one.outerHTML.slice(0, 100).replace(/\\s+/g, " ");
  const found = [];
  const page = document.scrollingElement;
  if (page.scrollWidth > page.clientWidth) {
    const scrolls = (one) => one
      && (["auto", "scroll"].includes(getComputedStyle(one).overflowX) || scrolls(one.parentElement));
    const out = [...document.body.querySelectorAll("*")]
      .filter((one) => one.getBoundingClientRect().right > page.clientWidth + 1 && !scrolls(one.parentElement));
    found.push(`${page.scrollWidth} px wide: ${out.slice(-1).map(name)}`);
  }
  for (const one of document.body.querySelectorAll("*")) {
    const { overflowX, overflowY, position } = getComputedStyle(one);
    const hides = (how) => how === "hidden" || how === "clip";
    const unseen = (position === "absolute" && one.clientWidth <= 1) || one.clientHeight <= 1;
    if (one instanceof SVGElement || unseen) continue;
    const wide = hides(overflowX) && one.scrollWidth > one.clientWidth + 1;
    const high = hides(overflowY) && one.scrollHeight > one.clientHeight + 1;
    if (wide || high)
      found.push(`cut off: ${name(one)}`);
  }
  return found;
}
"""
# (what it is, width, size of text in per cent, whether the reader spaces the text)
LOOKS = (
    ("at 320 px", 320, 100, False),
    ("at 1280 px with text of 200 %", 1280, 200, False),
    ("at 390 px with text spaced", 390, 100, True),
    ("at 1280 px with text spaced", 1280, 100, True),
)


def overflow(reader, address):
    """What does not fit on a page, in each look."""
    reader.open(address)
    for look, width, size, spaced in LOOKS:
        reader.page.set_viewport_size({"width": width, "height": 800})
        reader.page.evaluate(ENLARGE, size)
        reader.page.evaluate(SPACING if spaced else CALM)
        yield from (f"{address} {look}: {one}" for one in reader.page.evaluate(OVERFLOW))


def test_every_page_fits_asks_nobody_else_and_sets_no_cookie(client, register, reader, monkeypatch):
    wrong, opened = [], 0
    for address in every_page(client, monkeypatch):
        if not address.startswith("/admin/"):
            wrong += overflow(reader, address)
            opened += 1

    assert not wrong, "\n".join(wrong)
    assert opened >= FEWEST_PAGES
    assert [one for one in reader.asked if not one.startswith(f"{SITE}/")] == []
    assert reader.context.cookies() == []


def test_what_sticks_out_and_what_is_cut_off_is_noticed(register, reader):
    reader.open("/methodology/")
    reader.page.evaluate("""() => {
      Object.assign(document.querySelector("h1").style, { width: "3000px", maxWidth: "none" });
      Object.assign(document.querySelector("main p").style, { height: "5px", overflow: "hidden" });
    }""")

    found = reader.page.evaluate(OVERFLOW)

    assert ["px wide" in found[0], "cut off" in found[1]] == [True, True]


def test_request_to_another_site_is_noticed(register, reader):
    with pytest.raises(Error, match="BLOCKED_BY_CLIENT"):
        reader.page.goto("https://example.org/")

    assert reader.asked == ["https://example.org/"]
