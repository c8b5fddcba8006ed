"""“Cite this”: the text, the address that stays, and the files for reference managers."""

from html import unescape

from django import template
from django.urls import reverse
from django.utils.safestring import SafeData

from commitments.citation import DATASET, DATASETS, STYLES, cite, moved

register = template.Library()


def _root(request):
    return f"{request.scheme}://{request.get_host()}"


def _shown(citation):
    """What the partial reads: the Citation, and (label, address) of each style's file."""
    path_and_query = "/" + citation.url.split("://", 1)[1].split("/", 1)[1]
    path, _mark, query = path_and_query.partition("?")
    downloads = [
        (form.label, f"{reverse('commitments:cite', args=[style, path.removeprefix('/')])}?{query}")
        for style, form in STYLES.items()
    ]
    return {"citation": citation, "downloads": downloads}


@register.inclusion_tag("commitments/_cite.html", takes_context=True)
def cite_this(context, title, data="", fixed=None, level=2):
    """The part “Cite this” of a page: ``{% load citations %}{% cite_this heading %}`` near the end of ``<main>``.

    ``title`` is what the page is about, as its first heading says it (never the name of the site, and nothing that
    depends on the newest edition); ``data`` the name of the address of the file with the same rows, one of
    ``citation.DATASETS`` (``data="commitment-csv"``), which is then offered to be cited too. ``fixed`` is a dict of
    further parameters to pin (the first moment of a comparison), ``level`` that of the heading. One per page:
    ``/cite/<style>/<address>`` writes down what this tag says. It shows nothing before the first edition.
    """
    request = context["request"]
    fixed = fixed or {}
    given = [(name, value) for name, values in request.GET.lists() if name not in fixed for value in values]
    citation = cite(
        # What a template has put into words (blocktranslate) comes escaped for HTML.
        title=unescape(title) if isinstance(title, SafeData) else title,
        root=_root(request),
        path=request.path,
        parameters=[*given, *fixed.items()],
        moment=request.moment,
    )
    request.citation = citation
    if citation is None:
        return {}
    found = {**_shown(citation), "level": level, "part": "cite"}
    if data:
        found["data"] = _shown(moved(citation, reverse(f"commitments:{data}")))
    return found


def cite_file(request, name):
    """The Citation of the whole file whose address has that name, at the request's moment; None before any edition."""
    return cite(
        title=DATASETS[name].title,
        root=_root(request),
        path=reverse(f"commitments:{name}"),
        parameters=[],
        moment=request.moment,
        kind=DATASET,
    )


@register.inclusion_tag("commitments/_cite.html", takes_context=True)
def cite_dataset(context, name, level=3):
    """How to cite one whole file: ``{% cite_dataset "commitment-csv" %}``, for the page of downloads.

    ``name`` is the name of the file's address and a key of ``citation.DATASETS``; give a new file its line there. Any
    number of them may stand on a page, also on one that takes no clocks: the citation is of the request's moment.
    """
    citation = cite_file(context["request"], name)
    return {**_shown(citation), "level": level, "part": f"cite-{name}"} if citation else {}
