"""Everything can be reached and used by keyboard, in the order of the page, and shows where the focus is."""

import pytest

from tests.browser.conftest import SITE
from tests.whole_site import addresses, every_page

pytestmark = pytest.mark.django_db
FEWEST_STOPS = 300
# A list with filters in force, beside the bare addresses; and what is walked through on a phone too.
NARROWED = "/commitments/?status=stalled&theme=water&pledger=A"
NARROW = ("/", NARROWED)
# Writes down each element that takes the focus: what it is, its outline, whether it can be seen, its place in the page.
RECORD = """
window.stops = [];
addEventListener("focusin", ({ target }) => {
  const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(target), box = target.getBoundingClientRect();
  stops.push({
    what: target.outerHTML.slice(0, 120).replace(/\\s+/g, " "),
    place: [...document.querySelectorAll("*")].indexOf(target),
    outlined: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && !/^rgba.* 0\\)$/.test(outlineColor),
    seen: box.width > 0 && box.height > 0 && box.right > 0 && box.bottom > 0 && box.left < innerWidth
      && box.top < innerHeight,
  });
});
"""
# What a keyboard should reach: everything that can be used, shown, and is not left out on purpose.
REACHABLE = """
() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
  .filter((one) => one.tabIndex >= 0 && one.type !== "hidden" && !one.disabled && one.checkVisibility()).length
"""


@pytest.fixture
def keyboard(reader):
    """A reader who uses the keyboard alone, with what took the focus written down."""
    reader.context.add_init_script(RECORD)
    return reader


def tab_through(page):
    """Press Tab until the focus has left the page; returns what took it, and how many elements should have."""
    wanted = page.evaluate(REACHABLE)
    # Inside a field for a day, Tab goes from the day to the month to the year to the calendar.
    inside = 3 * page.locator("input[type=date]:visible").count()
    for _press in range(wanted + inside + 1):
        page.keyboard.press("Tab")
    stops = page.evaluate("stops")
    page.evaluate("stops.length = 0")
    return stops, wanted


def problems(stops, wanted):
    """Sentences on a walk through a page by Tab."""
    # Behind the last element the browser's own controls follow; a page alone in a window begins again from the top.
    if len(stops) < wanted:
        yield f"only {len(stops)} of {wanted} elements were reached"
    round_trip = stops[:wanted]
    places = [stop["place"] for stop in round_trip]
    if places != sorted(places) or len(set(places)) != len(places):
        yield "the order of tabs is not that of the page"
    yield from (f"no outline on {stop['what']}" for stop in round_trip if not stop["outlined"])
    yield from (f"focused but out of sight: {stop['what']}" for stop in round_trip if not stop["seen"])


def test_tab_reaches_everything_in_order_and_shows_where_it_is(client, register, keyboard, monkeypatch):
    pages = [one for one in every_page(client, monkeypatch) if one in {*addresses().values(), NARROWED}]
    wrong, reached = [], 0
    for address, width in [*((one, 1280) for one in pages), *((one, 390) for one in NARROW)]:
        keyboard.page.set_viewport_size({"width": width, "height": 800})
        keyboard.open(address)
        stops, wanted = tab_through(keyboard.page)
        wrong += [f"{address} at {width} px: {problem}" for problem in problems(stops, wanted)]
        reached += len(stops)

    assert not wrong, "\n".join(wrong)
    assert reached >= FEWEST_STOPS
    assert NARROWED in pages


def test_trap_hidden_focus_and_wrong_order_are_noticed(register, keyboard):
    keyboard.open("/methodology/")
    keyboard.page.evaluate("""() => {
      const link = document.querySelector("main a, footer a");
      link.setAttribute("tabindex", "5");
      document.querySelectorAll("footer a")[1].style.outline = "none";
    }""")

    found = " ".join(problems(*tab_through(keyboard.page)))

    assert "order of tabs" in found
    assert "no outline on" in found


def test_first_tab_offers_to_skip_to_the_content(register, reader):
    page = reader.page
    reader.open("/commitments/")

    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert skip.inner_text() == "Skip to the content"
    box = skip.bounding_box()
    assert box["x"] >= 0
    assert box["y"] >= 0
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.tagName") == "MAIN"
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_filters_open_and_search_sends_by_enter(register, reader):
    page = reader.page
    reader.open("/commitments/")
    closed = page.locator("details:not([open]) > summary").first
    drawer = closed.evaluate_handle("one => one.parentElement")

    closed.focus()
    page.keyboard.press("Enter")
    assert drawer.evaluate("one => one.open") is True
    page.keyboard.press("Enter")
    assert drawer.evaluate("one => one.open") is False

    page.locator("main input[type=search]").first.focus()
    page.keyboard.type("wells")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.startswith(f"{SITE}/commitments/?")
    assert "q=wells" in page.url


def test_nothing_moves_for_those_who_asked_for_that(register, reader):
    """Also what somebody adds later: whatever has a transition or an animation loses it."""
    reader.open("/")
    moving = """() => {
      const link = document.querySelector("main a");
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(`main a { transition: color 2s; animation: 3s spin infinite }
        html { scroll-behavior: smooth }`);
      document.adoptedStyleSheets = [sheet];
      const { transitionDuration, animationName } = getComputedStyle(link);
      return [transitionDuration, animationName, getComputedStyle(document.documentElement).scrollBehavior];
    }"""

    assert reader.page.evaluate(moving) == ["2s", "spin", "smooth"]
    reader.page.emulate_media(reduced_motion="reduce")
    assert reader.page.evaluate(moving) == ["0s", "none", "auto"]
