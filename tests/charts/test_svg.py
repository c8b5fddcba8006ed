"""The library's drawing becomes markup that a page may hold."""

import re

import pytest

from commitments.charts import draw, spec, svg
from commitments.charts.palette import INK, MARKS, TONES
from tests.pages import Page

ROW = {"x": 0, "x2": 3, "y": 0, "y2": 20, "url": "/commitments/?a=1&b=2", "said": "Water & roads, <one>: 3"}


def drawn(**fields):
    rows = [{**ROW, "tone": TONES["fulfilled"], "text": "Water & <roads>", **fields}]
    across, down = spec.number("x", (0, 3.3333)), spec.downwards("y", 60)
    layers = [
        spec.segments(rows, x=across, x2={"field": "x2"}, y=down, y2={"field": "y2"}),
        spec.words(rows, mark={"color": INK}, x=across, y=down),
    ]
    return svg.body(draw.drawing(spec.specification("wide", 60, layers)))


def elements(body):
    page = Page(f"<main>{body.markup}</main>")
    assert page.problems == []
    return page.one("main")


def test_colours_become_class_names():
    body = drawn()

    assert 'class="tone-fulfilled s-ground"' in body.markup
    assert 'class="ink"' in body.markup
    assert not re.search(r"#[0-9a-f]{6}", body.markup)
    assert (body.areas, body.shapes) == (frozenset(), frozenset())


def test_area_with_a_pattern_refers_to_the_picture_s_own():
    body = drawn(tone=TONES["not_assessed"])

    assert 'fill="url(#{id}-p-not_assessed)"' in body.markup
    assert body.areas == {"not_assessed"}


def test_nothing_stays_that_the_policy_or_a_validator_refuses():
    for element in elements(drawn()):
        names = set(element.attributes)
        assert not names & {"style", "aria-roledescription", "xlink:href", "role", "pointer-events"}, element
        assert not any(name.startswith(("on", "xmlns", "aria-label")) for name in names), element


def test_links_have_words_and_are_out_of_the_order_of_the_tab_key():
    link = elements(drawn()).one("a")

    assert link.get("href") == "/commitments/?a=1&b=2"
    assert link.get("tabindex") == "-1"
    assert link.one("title").text == "Water & roads, <one>: 3"


def test_text_stays_text():
    assert [one.text for one in elements(drawn()).all("text")] == ["Water & <roads>"]


def test_digits_are_few():
    assert re.findall(r"\d\.\d{2,}", drawn().markup) == []


def test_mark_is_drawn_with_the_shape_of_its_status():
    rows = [{"x": 1, "y": 30, "url": "/a/", "said": "Stalled", "mark": MARKS["stalled"]}]
    layer = spec.marks(rows, x=spec.number("x", (0, 2)), y=spec.downwards("y", 60))
    body = svg.body(draw.drawing(spec.specification("narrow", 60, [layer])))

    use = elements(body).one("use")
    assert use.get("href") == "#{id}-s-stalled"
    assert use.get("class") == "status-stalled"
    assert (float(use.get("x")), float(use.get("y"))) == (171, 21)
    assert body.shapes == {"stalled"}


@pytest.mark.parametrize("shape", spec.WIDTHS)
def test_drawing_is_exactly_as_wide_as_its_frame(shape):
    layer = spec.words([{"x": 0, "y": 5, "text": "A"}], x=spec.number("x", (0, 1)), y=spec.downwards("y", 60))

    body = svg.body(draw.drawing(spec.specification(shape, 60, [layer])))

    assert (body.width, body.height) == (spec.WIDTHS[shape], 60)


def test_same_specification_is_drawn_once():
    draw._drawn.cache_clear()
    first, second = drawn(), drawn()

    assert first == second
    assert draw._drawn.cache_info().hits == 1
