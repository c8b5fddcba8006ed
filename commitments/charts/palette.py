"""Stand-ins for colours: a drawing names what a thing is, and whoever shows it decides how that looks.

The plotting library knows colours only, so each meaning has a colour that nobody would ever choose; svg.py puts class
names in their place. Pages paint the classes by their sheet, a picture by itself carries ``stylesheet()``.
"""

from django.template.loader import render_to_string

from commitments.choices import Status

# Areas of a status, and its shape as a mark.
TONES = {status.value: f"#0a0a{place:02x}" for place, status in enumerate(Status, 1)}
MARKS = {status.value: f"#0b0b{place:02x}" for place, status in enumerate(Status, 1)}
INK, QUIET, LINE, GROUND, TRACK, ACCENT = (f"#0c0c{place:02x}" for place in range(1, 7))
CLASSES = {
    INK: "ink", QUIET: "faint", LINE: "rule", GROUND: "ground", TRACK: "track", ACCENT: "accent",
    **{colour: f"tone-{status}" for status, colour in TONES.items()},
}  # fmt: skip
STATUS_OF_TONE = {colour: status for status, colour in TONES.items()}
STATUS_OF_MARK = {colour: status for status, colour in MARKS.items()}

# Lines over an area, so that neighbours differ without colour too. Drawn in the ground's colour on 6 by 6.
PATTERNS = {
    "partly_fulfilled": "M-1 1l2 -2M0 6l6 -6M5 7l2 -2",
    "stalled": "M1.5 0v6M4.5 0v6",
    "not_started": "M0 3h6",
    "not_fulfilled": "M0 0l6 6M0 6l6 -6",
    "superseded": "M0 1.5h6M0 4.5h6",
    "no_evidence": "M1 1.5h1M4 4.5h1",
    "not_assessed": "M-1 5l2 2M0 0l6 6M5 -1l2 2",
}

# (light, dark): the tones of tracker.css; a test holds them equal.
COLOURS = {
    "ground": ("#fbfaf7", "#14181a"),
    "ink": ("#1d2326", "#e6e4de"),
    "quiet": ("#555f64", "#a8b0b4"),
    "line": ("#d9d6cd", "#394246"),
    "link": ("#14527a", "#8cc4ea"),
    "fulfilled": ("#1d6b4f", "#6fcaa3"),
    "partly_fulfilled": ("#3f7a2a", "#9ccf80"),
    "in_progress": ("#1c6286", "#7fc1e4"),
    "stalled": ("#8a5300", "#e3b063"),
    "not_started": ("#5d6468", "#aab2b6"),
    "not_fulfilled": ("#8c3b4a", "#e49aa8"),
    "superseded": ("#5d4f86", "#b9abe6"),
    "no_evidence": ("#6b5d4d", "#cbb8a0"),
    "not_assessed": ("#5d6468", "#aab2b6"),
}
OPACITIES = {
    "partly_fulfilled": 0.65, "in_progress": 0.75, "stalled": 0.8, "not_started": 0.55, "superseded": 0.6,
    "no_evidence": 0.45,
}  # fmt: skip
# Paper, and whatever else is white.
WHITE = {"ground": "#ffffff", "ink": "#000000", "quiet": "#444444", "line": "#bbbbbb"}


def stylesheet(*, fixed=False):
    """The rules that paint a picture by itself: light, dark where the reader's system is, black on white on paper.

    With ``fixed`` for a bitmap: one set of rules, on white.
    """
    light = {name: pair[0] for name, pair in COLOURS.items()}
    if fixed:
        return _rules({**light, **WHITE})
    dark = _rules({name: pair[1] for name, pair in COLOURS.items()})
    paper = _rules({**light, **WHITE})
    return f"{_rules(light)}@media(prefers-color-scheme:dark){{{dark}}}@media print{{{paper}}}"


def _rules(tones):
    rules = {
        ".ink": f"fill:{tones['ink']}", ".faint": f"fill:{tones['quiet']}", ".ground": f"fill:{tones['ground']}",
        ".track": f"fill:{tones['line']}", ".accent": f"fill:{tones['in_progress']}",
        ".s-ink": f"stroke:{tones['ink']}", ".s-faint": f"stroke:{tones['quiet']}",
        ".s-rule": f"stroke:{tones['line']}",
        ".s-ground,.cut": f"stroke:{tones['ground']}", ".s-accent": f"stroke:{tones['in_progress']}",
    }  # fmt: skip
    for status in Status.values:
        rules[f".status-{status}"] = f"color:{tones[status]}"
        tone = tones["line"] if status == Status.NOT_ASSESSED else tones[status]
        rules[f".tone-{status}"] = f"fill:{tone};fill-opacity:{OPACITIES.get(status, 1)}"
        rules[f".s-tone-{status}"] = f"stroke:{tones[status]}"
    return "".join(f"{name}{{{rule}}}" for name, rule in rules.items())


def symbol(status, identity):
    """The shape of a status as an SVG symbol of that id: the same drawing as beside its name on every page."""
    drawn = render_to_string("commitments/_shape.html", {"status": status})
    inside = drawn[drawn.index(">", drawn.index("<svg")) + 1 : drawn.rindex("</svg>")].strip()
    return f'<symbol id="{identity}" viewBox="0 0 16 16">{inside}</symbol>'


def pattern(status, identity):
    """The area of a status as an SVG pattern of that id."""
    return (
        f'<pattern id="{identity}" width="6" height="6" patternUnits="userSpaceOnUse">'
        f'<rect width="6" height="6" class="tone-{status}"/>'
        f'<path d="{PATTERNS[status]}" fill="none" stroke-width="1" class="s-{_over(status)}"/></pattern>'
    )


def _over(status):
    # The lightest area takes dark lines; every other takes lines of the ground.
    return "faint" if status == Status.NOT_ASSESSED else "ground"
