"""Colours of a picture by itself are those of the pages, and no area rests on its colour alone."""

import re
from pathlib import Path

import pytest

from commitments.charts.palette import CLASSES, COLOURS, OPACITIES, PATTERNS, stylesheet
from commitments.choices import Status

SHEET = Path("commitments/static/commitments/tracker.css").read_text(encoding="utf-8")


@pytest.mark.parametrize("place", [0, 1], ids=["light", "dark"])
def test_colours_are_those_of_the_site(place):
    block = re.findall(r":root \{(.*?)\}", SHEET, re.DOTALL)[place]
    declared = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))

    assert {name: pair[place] for name, pair in COLOURS.items()} == {name: declared[name] for name in COLOURS}


def test_areas_are_as_strong_as_on_the_site():
    for status in Status.values:
        rule = re.search(rf"\.tone-{status} {{ fill: var\(--(\w+)\);(?: fill-opacity: ([\d.]+);)? }}", SHEET)
        assert float(rule[2] or 1) == OPACITIES.get(status, 1), status
        assert rule[1] == ("line" if status == "not_assessed" else status)


def test_all_areas_but_two_have_a_pattern_of_their_own():
    assert set(Status.values) - set(PATTERNS) == {"fulfilled", "in_progress"}
    assert len(set(PATTERNS.values())) == len(PATTERNS)


def test_every_class_of_a_drawing_has_a_rule_on_pages_and_by_itself():
    charts = Path("commitments/static/commitments/charts.css").read_text(encoding="utf-8")
    alone = stylesheet()
    for name in CLASSES.values():
        if name != "rule":
            assert f".{name}{{" in alone, name
            assert f".{name} {{" in charts + SHEET, name


def test_picture_by_itself_is_painted_for_light_dark_and_paper():
    assert "@media(prefers-color-scheme:dark)" in stylesheet()
    assert "@media print" in stylesheet()
    assert "@media" not in stylesheet(fixed=True)
    assert ".ground{fill:#ffffff}" in stylesheet(fixed=True)
