"""What wordings name and what judgements rest on, drawn: always a shape with a word, never a colour alone."""

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _

from commitments.ingredients import Named

register = template.Library()
SHAPES = {Named.YES: "●", Named.PARTLY: "◐", Named.NO: "○"}


@register.simple_tag
def named_mark(value):
    """Whether an ingredient is named: a shape, and the word."""
    value = Named(value)
    return format_html(
        '<span class="named named-{}"><span aria-hidden="true">{}</span> {}</span>', value, SHAPES[value], value.label
    )


@register.simple_tag
def conflict_mark(standing):
    """The words "sources conflict" where the judgement of a row has evidence for and against."""
    if not standing.conflicting:
        return ""
    return format_html(
        '<span class="mark conflict"><span aria-hidden="true">▲▼</span> {}</span>', _("sources conflict")
    )


@register.inclusion_tag("commitments/_share_bar.html")
def share_bar(figures, label):
    """{value of Named: Figure} as one bar; ``label`` names what it is about. The numbers stand beside it."""
    segments, start = [], 0.0
    for value, figure in figures.items():
        if figure.count:
            segments.append({"value": value, "x": f"{start:.2f}", "width": f"{max(figure.share - 0.4, 0.2):.2f}"})
            start += figure.share
    said = ", ".join(f"{figure.label} {figure.count}" for figure in figures.values())
    return {"segments": segments, "label": f"{label}: {said}"}
