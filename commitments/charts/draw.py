"""The one place that calls the plotting library: a Vega-Lite specification in, its drawing out."""

import json
from functools import lru_cache

VEGA_LITE = "6.4"


def drawing(spec):
    """The SVG text of a specification (a dict of plain data). The same specification always gives the same bytes."""
    return _drawn(json.dumps(spec, sort_keys=True))


# By content: editions and days that change nothing in a picture share its drawing.
@lru_cache(maxsize=128)
def _drawn(text):
    # A JavaScript engine of some hundred megabytes: only processes that draw ever load it.
    import vl_convert

    return vl_convert.vegalite_to_svg(text, vl_version=VEGA_LITE)


def bitmap(svg, *, scale=2):
    """The PNG bytes of an SVG text."""
    import vl_convert

    return vl_convert.svg_to_png(svg, scale=scale)
