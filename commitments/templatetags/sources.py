"""What rests on a source, in words that lead to it."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.translation import ngettext_lazy

from commitments.bibliography import USES
from commitments.templatetags import tracker

register = template.Library()

# use -> how a number of them reads.
WORDS = {
    "promises": ngettext_lazy("%(n)s promise", "%(n)s promises", "n"),
    "evidence": ngettext_lazy("%(n)s piece of evidence", "%(n)s pieces of evidence", "n"),
    "scores": ngettext_lazy("%(n)s score", "%(n)s scores", "n"),
    "replies": ngettext_lazy("%(n)s reply", "%(n)s replies", "n"),
    "roles": ngettext_lazy("%(n)s role", "%(n)s roles", "n"),
    "summits": ngettext_lazy("%(n)s summit", "%(n)s summits", "n"),
}


@register.simple_tag(takes_context=True)
def uses_in_words(context, source, counts):
    """What rests on a Source, each number a link to that part of its page; ``counts`` is {use: how many}."""
    page = tracker.link_to(context, source)
    found = [(f"{page}#{use}", WORDS[use] % {"n": counts[use]}) for use in USES if counts.get(use)]
    return format_html_join(" · ", '<a href="{}">{}</a>', found)


@register.simple_tag
def counts_on_page(counts):
    """The same on the source's own page; ``counts`` is [(use, how many)]."""
    parts = format_html_join(" · ", '<a href="#{}">{}</a>', [(use, WORDS[use] % {"n": n}) for use, n in counts])
    return format_html("{}", parts)
