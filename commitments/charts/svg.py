"""From the library's drawing to markup of ours: class names for colours, few digits, links that have words.

What comes out stands in a page as it is: no style attribute, no id or reference but those made here, and nothing in the
order of the tab key, since the table under each picture has the same links.
"""

import re
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from django.utils.html import escape

from .palette import CLASSES, PATTERNS, STATUS_OF_MARK, STATUS_OF_TONE
from .spec import FONT

MARK_SIZE = 14
# What a drawing may keep of its attributes; everything else is the library's own bookkeeping.
KEPT = (
    "transform", "d", "x", "y", "x1", "y1", "x2", "y2", "width", "height", "stroke-width", "stroke-dasharray",
    "text-anchor", "font-size", "font-weight", "fill-opacity",
)  # fmt: skip
DEFAULTS = {"stroke-width": "1", "font-size": f"{FONT}px", "font-weight": "normal", "text-anchor": "start"}
# What the library writes before every address that names no server.
BASE = "https://vega.github.io/vega-datasets/"
NUMBER = re.compile(r"-?\d*\.\d+(?:e-?\d+)?")
MOVED = re.compile(r"translate\((-?[\d.]+),(-?[\d.]+)\)")


@dataclass(frozen=True)
class Body:
    """A drawing without its frame: markup in which ``{id}`` stands for the picture's id, and what it refers to."""

    markup: str
    width: float
    height: float
    areas: frozenset
    shapes: frozenset


NOTHING = Body("", 0, 0, frozenset(), frozenset())


def body(text):
    """The Body of the library's SVG text."""
    root = ET.fromstring(text)  # noqa: S314 - drawn a moment ago by our own process
    found = _Reduced()
    inside = "".join(found.element(child) for child in root)
    return Body(
        markup=inside,
        width=float(root.get("width")),
        height=float(root.get("height")),
        areas=frozenset(found.areas),
        shapes=frozenset(found.shapes),
    )


class _Reduced:
    """Walks a drawing and writes it anew; remembers which patterns and shapes it will need."""

    def __init__(self):
        self.areas, self.shapes = set(), set()

    def element(self, element):
        tag = element.tag.rpartition("}")[2]
        if _is_nothing(tag, element):
            return ""
        if element.get("fill") in STATUS_OF_MARK:
            return self._mark(element)
        inside = "".join(self.element(child) for child in element)
        if tag == "a":
            return self._link(element, inside)
        if tag == "text":
            return f"<text{self._attributes(element)}>{escape(element.text or '')}</text>" if element.text else ""
        attributes = self._attributes(element)
        if tag == "g":
            if "role-axis" in element.get("class", ""):
                attributes += ' aria-hidden="true"'
            return (f"<g{attributes}>{inside}</g>" if attributes else inside) if inside else ""
        return f"<{tag}{attributes}/>"

    def _link(self, element, inside):
        address = next(value for name, value in element.attrib.items() if name.endswith("href"))
        address = address.removeprefix(BASE)
        said = next((one.get("aria-label") for one in element if one.get("aria-label")), "")
        title = f"<title>{escape(said)}</title>" if said else ""
        return f'<a href="{escape(address)}" tabindex="-1">{title}{inside}</a>'

    def _mark(self, element):
        status = STATUS_OF_MARK[element.get("fill")]
        self.shapes.add(status)
        x, y = (float(one) - MARK_SIZE / 2 for one in MOVED.search(element.get("transform")).groups())
        return (
            f'<use href="#{{id}}-s-{status}" class="status-{status}" x="{x:.4g}" y="{y:.4g}" '
            f'width="{MARK_SIZE}" height="{MARK_SIZE}"/>'
        )

    def _attributes(self, element):
        given = {name: element.get(name) for name in KEPT if element.get(name) is not None}
        moved = MOVED.fullmatch(given.get("transform", ""))
        if moved and element.tag.endswith("text"):
            del given["transform"]
            given |= {"x": moved[1], "y": moved[2]}
        elif given.get("transform") == "translate(0,0)":
            del given["transform"]
        written = {
            name: NUMBER.sub(_short, value).removesuffix("px")
            for name, value in given.items()
            if DEFAULTS.get(name) != value
        }
        return "".join(f' {name}="{value}"' for name, value in (written | self._paint(element)).items())

    def _paint(self, element):
        classes, painted = [], {}
        fill, stroke = element.get("fill"), element.get("stroke")
        status = STATUS_OF_TONE.get(fill)
        if status in PATTERNS:
            self.areas.add(status)
            painted["fill"] = f"url(#{{id}}-p-{status})"
        elif fill in CLASSES:
            classes.append(CLASSES[fill])
        elif fill == "none":
            painted["fill"] = "none"
        if stroke in CLASSES:
            classes.append(f"s-{CLASSES[stroke]}")
        if classes:
            painted["class"] = " ".join(classes)
        return painted


def _is_nothing(tag, element):
    if element.get("display") == "none":
        return True
    unseen = "background" in element.get("class", "") and not element.get("fill")
    return unseen or (tag == "path" and (element.get("d") or "") in ("", "M0,0h0v0h0Z"))


def _short(match):
    return f"{float(match[0]):.1f}".removesuffix(".0").replace("-0", "0" if match[0] == "-0.0" else "-0")
