"""Pieces of Vega-Lite specifications that all pictures share."""

from .palette import GROUND, INK, LINE, QUIET

# Two drawings of each picture: pages show the one that fits the screen, so that text is readable on both.
WIDTHS = {"wide": 720, "narrow": 360}
FONT = 13
# The rough width of a letter of that size.
LETTER = 7.1


def specification(shape, height, layers):
    """A layered drawing in the width of ``shape`` ("wide" or "narrow"), the frame included in width and height."""
    return {
        "width": WIDTHS[shape],
        "height": height,
        "padding": 2,
        "background": None,
        "autosize": {"type": "fit", "contains": "padding"},
        "layer": layers,
        "config": {
            "font": "sans-serif",
            "view": {"stroke": None},
            "axis": {
                "labelColor": QUIET, "labelFontSize": FONT, "tickColor": LINE, "domainColor": LINE, "gridColor": LINE,
                "titleColor": QUIET, "titleFontSize": FONT, "titleFontWeight": "normal", "labelFlush": False,
            },
            "text": {"color": INK, "fontSize": FONT},
        },
    }  # fmt: skip


def segments(rows, **encoding):
    """Areas with a link each: ``rows`` have ``tone``, ``url`` and ``said``, and x, x2, y, y2 are encoded by name."""
    return {
        "data": {"values": rows},
        "mark": {"type": "rect", "stroke": GROUND, "strokeWidth": 1},
        "encoding": {**encoding, **_colour("tone"), **_link()},
    }


def ground(rows, **encoding):
    """The ground under translucent areas, so that no line shows through them."""
    return {"data": {"values": rows}, "mark": {"type": "rect", "color": GROUND}, "encoding": encoding}


def marks(rows, *, size=190, **encoding):
    """Shapes of a status with a link each: ``rows`` have ``mark``, ``url`` and ``said``."""
    return {
        "data": {"values": rows},
        "mark": {"type": "point", "filled": True, "size": size, "opacity": 1},
        "encoding": {**encoding, **_colour("mark"), **_link()},
    }


def words(rows, *, room=None, mark=None, linked=False, **encoding):
    """Text: ``rows`` have ``text``; with ``linked`` also ``url`` and ``said``; cut at ``room`` pixels if given.

    Cut here and not by the library, which measures each text a dozen times to find the place.
    """
    link = _link() if linked else {}
    rows = [{**row, "text": cut(row["text"], room)} for row in rows] if room else rows
    return {
        "data": {"values": rows},
        "mark": {"type": "text", "align": "left", "baseline": "middle", **(mark or {})},
        "encoding": {**encoding, "text": {"field": "text", "type": "nominal"}, **link},
    }


def cut(text, room):
    """A text that fits about ``room`` pixels, with an ellipsis where something is left out."""
    letters = int(room / LETTER)
    return text if len(text) <= letters else f"{text[: letters - 1].rstrip()}…"


def rules(rows, *, colour=QUIET, mark=None, **encoding):
    """Straight lines between x, y and x2, y2."""
    return {
        "data": {"values": rows},
        "mark": {"type": "rule", "color": colour, "strokeWidth": 1, **(mark or {})},
        "encoding": encoding,
    }


def number(field, domain, **more):
    """A channel on a linear scale over ``domain``, without an axis unless one is given."""
    return {
        "field": field,
        "type": "quantitative",
        "scale": {"domain": list(domain), "nice": False, "zero": False, **more.pop("scale", {})},
        "axis": more.pop("axis", None),
        **more,
    }


def downwards(field, height):
    """A y channel in pixels from the top."""
    return number(field, (0, height), scale={"reverse": True})


def year_axis(first, last, *, step):
    """An axis of calendar years for days written as fractions of a year."""
    # A year's name stands under its middle.
    values = [year + 0.5 for year in range(first, last + 1) if year % step == 0]
    return {
        "values": values, "labelExpr": "floor(datum.value)", "grid": False, "title": None, "orient": "bottom",
        "ticks": False, "labelPadding": 5,
    }  # fmt: skip


def year_of(day):
    """A day as a number of years: 1 July 2006 is 2006.5 or so."""
    return round(day.year + (day.timetuple().tm_yday - 1) / 366, 4)


def _colour(field):
    return {"color": {"field": field, "type": "nominal", "scale": None, "legend": None}}


def _link():
    return {
        "href": {"field": "url", "type": "nominal"},
        "description": {"field": "said", "type": "nominal"},
    }
