"""Scores as shape, signed number and word, and averages that always name what they rest on."""

from django import template

from commitments.choices import SCORE_WORDS

register = template.Library()


def _signed(value, places=0):
    """A number with its sign, +0.67 or −1; nought has none."""
    return f"{value:+.{places}f}".replace("-", "−") if value else f"{0:.{places}f}"


def _per_cent(value):
    """A percentage with a decimal only where it says something: 83.3 %, 100 %."""
    return f"{value:.1f}".removesuffix(".0") + " %"


@register.filter
def score_word(value):
    """A score in a word or two."""
    return SCORE_WORDS[value]


@register.inclusion_tag("commitments/_score.html")
def score_badge(value, view="score"):
    """A score of −1, 0 or 1 as shape, number and word; ``view`` "percent" writes it as per cent."""
    number = _per_cent((value + 1) * 50) if view == "percent" else _signed(value)
    return {"shape": {1: "did", 0: "part", -1: "out"}[value], "number": number, "word": SCORE_WORDS[value]}


@register.inclusion_tag("commitments/_average.html")
def average(value, view="score"):
    """An Average with its n and how many are not assessed; ``view`` "percent" writes it as per cent."""
    number = ""
    if value.n:
        number = _per_cent(value.percent) if view == "percent" else _signed(value.mean, 2)
    return {"average": value, "number": number}
