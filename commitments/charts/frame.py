"""The frame of a drawing: legend, and for a picture by itself its title, ground and where it comes from."""

import textwrap

from django.conf import settings
from django.utils.html import escape, format_html
from django.utils.translation import gettext as _

from commitments.choices import Status
from commitments.exports.markup import xml_text

from . import palette
from .spec import LETTER, WIDTHS

# The rough width of a letter of a title.
TITLE_LETTER = 9.6
SWATCH, GAP, LINE = 14, 18, 22
EDGE = 12


def inline(drawn, picture, *, shape, identity):
    """The SVG element for a page: painted by the page's sheet, named by its caption and its finding."""
    legend, top = _legend(picture, WIDTHS[shape], identity)
    parts = f'{legend}<g transform="translate(0,{top})">{_placed(drawn, identity)}</g>'
    return (
        f'<svg class="drawing {shape}" role="group" aria-labelledby="{_caption(identity)}" '
        f'viewBox="0 0 {drawn.width:.0f} {drawn.height + top:.0f}" width="{drawn.width:.0f}" '
        f'height="{drawn.height + top:.0f}" font-size="13">{_definitions(drawn, picture, identity)}{parts}</svg>'
    )


def _caption(identity):
    # Two drawings of one picture share its caption.
    return f"{identity.rpartition('-')[0]}-title"


def standalone(drawn, picture, *, shape, moment, fixed=False):
    """The SVG document of a picture by itself; ``fixed`` for a bitmap, which has one look and no links."""
    identity, width = "chart", WIDTHS[shape]
    heading, top = _heading(picture, width)
    legend, high = _legend(picture, width, identity)
    bottom = top + high + drawn.height + 26
    parts = (
        f'{heading}<g transform="translate(0,{top})">{legend}</g>'
        f'<g transform="translate(0,{top + high})">{_placed(drawn, identity)}</g>'
        f'<text class="faint" y="{bottom - 8:.0f}">{escape(_origin(moment))}</text>'
    )
    full, tall = width + 2 * EDGE, f"{bottom + 2 * EDGE:.0f}"
    return xml_text(
        '<svg xmlns="http://www.w3.org/2000/svg" role="group" aria-labelledby="chart-title" '
        f'aria-describedby="chart-finding" viewBox="0 0 {full} {tall}" width="{full}" height="{tall}" '
        'font-family="system-ui, sans-serif" font-size="13">'
        f'<title id="chart-title">{escape(picture.title)}</title>'
        f'<desc id="chart-finding">{escape(picture.finding)}</desc>'
        f"<style>{palette.stylesheet(fixed=fixed)}</style>{_definitions(drawn, picture, identity)}"
        f'<rect class="ground" width="{full}" height="{tall}"/>'
        f'<g transform="translate({EDGE},{EDGE})">{parts}</g></svg>'
    )


def _origin(moment):
    parts = {"site": settings.SITE_NAME, "day": moment.as_of.isoformat(), "edition": moment.edition}
    return _("%(site)s, as of %(day)s, edition %(edition)s") % parts


def _heading(picture, width):
    lines = textwrap.wrap(picture.title, int(width / TITLE_LETTER))
    lines = "".join(
        f'<text class="ink" font-size="18" font-weight="bold" y="{18 + 23 * place}">{escape(line)}</text>'
        for place, line in enumerate(lines)
    )
    return lines, 23 * lines.count("<text") + 14


def _placed(drawn, identity):
    return drawn.markup.replace("{id}", identity)


def _definitions(drawn, picture, identity):
    areas = [status for status in palette.PATTERNS if status in drawn.areas or status in picture.areas]
    shapes = [status for status in Status.values if status in drawn.shapes or status in picture.shapes]
    made = [palette.pattern(status, f"{identity}-p-{status}") for status in areas]
    made += [palette.symbol(status, f"{identity}-s-{status}") for status in shapes]
    return f"<defs>{''.join(made)}</defs>" if made else ""


def _legend(picture, width, identity):
    """(markup, height): what each area or shape means, in lines that fit the width."""
    entries = [(status, _area(status, identity)) for status in picture.areas]
    entries += [(status, _shape(status, identity)) for status in picture.shapes]
    x, y, parts = 0, 0, []
    for status, swatch in entries:
        label = str(Status(status).label)
        wide = SWATCH + 6 + len(label) * LETTER
        if x and x + wide > width:
            x, y = 0, y + LINE
        text = format_html('<text class="ink" x="{}" y="12">{}</text>', SWATCH + 6, label)
        parts.append(f'<g transform="translate({x:.0f},{y})">{swatch}{text}</g>')
        x += wide + GAP
    return "".join(parts), (y + LINE + 8 if parts else 0)


def _area(status, identity):
    paint = f'fill="url(#{identity}-p-{status})"' if status in palette.PATTERNS else f'class="tone-{status}"'
    return f'<rect width="{SWATCH}" height="{SWATCH}" {paint}/>'


def _shape(status, identity):
    return f'<use href="#{identity}-s-{status}" class="status-{status}" width="{SWATCH}" height="{SWATCH}"/>'
