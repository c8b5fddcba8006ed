"""The record as schema.org describes records, for search engines and catalogues of data: plain dictionaries.

``absolute`` everywhere is a function from a path of ours to its full address. What may not be cited is never in it.
"""

import json

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from commitments.exports import terms
from commitments.exports.tables import TABLES

# The first part of an address and what stands there.
SECTIONS = {
    "commitments": _lazy("Commitments"),
    "summits": _lazy("Summits"),
    "parties": _lazy("Parties"),
    "themes": _lazy("Themes"),
    "sources": _lazy("Sources"),
    "changes": _lazy("Changes"),
    "scores": _lazy("Scores"),
    "charts": _lazy("Pictures"),
    "between": _lazy("Between two moments"),
    "compare": _lazy("Side by side"),
    "quality": _lazy("How good the record is"),
    "methodology": _lazy("How we judge"),
    "data": _lazy("Data"),
}
# What a browser could take for the end of the script, or for markup.
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def script(nodes):
    """The nodes as one JSON-LD document that is safe inside a ``<script>``."""
    document = {"@context": "https://schema.org", "@graph": nodes}
    return mark_safe(json.dumps(document, cls=DjangoJSONEncoder, ensure_ascii=False).translate(ESCAPES))  # noqa: S308 - escaped in this line


def _filled(node):
    return {name: value for name, value in node.items() if value not in (None, "", [])}


def publisher(absolute):
    """Who publishes the tracker."""
    return {"@type": "Organization", "name": settings.ORGANISATION, "url": absolute("/")}


def website(absolute):
    """The site, and how to search it."""
    target = f"{absolute(reverse('commitments:commitment-list'))}?q={{search_term_string}}"
    return {
        "@type": "WebSite",
        "@id": f"{absolute('/')}#site",
        "name": settings.SITE_NAME,
        "url": absolute("/"),
        "inLanguage": "en",
        "publisher": publisher(absolute),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": target},
            "query-input": "required name=search_term_string",
        },
    }


def _dataset_id(absolute):
    return f"{absolute(reverse('commitments:data'))}#dataset"


def catalog(absolute):
    """The catalogue of data that the site is."""
    return {
        "@type": "DataCatalog",
        "@id": f"{absolute(reverse('commitments:data'))}#catalog",
        "name": settings.SITE_NAME,
        "description": _("What summits promised and what came of it, as open data with every earlier state."),
        "url": absolute(reverse("commitments:data")),
        "license": terms.ADDRESS,
        "isAccessibleForFree": True,
        "publisher": publisher(absolute),
        "dataset": {"@id": _dataset_id(absolute)},
    }


def dataset(absolute, *, edition, first, last, listed, themes=()):
    """The data set as of an Edition (None before anything was published).

    ``first`` and ``last`` are the days its facts reach from and to, ``listed`` how many commitments it holds,
    ``themes`` names for its keywords.
    """
    description = _(
        "%(listed)s commitments of summits with a dated, sourced and reviewed status of each: who promised what to "
        "whom, by when, what came of it, on which evidence, and how the judgement changed from edition to edition."
    ) % {"listed": listed}
    node = {
        "@type": "Dataset",
        "@id": _dataset_id(absolute),
        "name": settings.SITE_NAME,
        "description": description,
        "url": absolute(reverse("commitments:data")),
        "license": terms.ADDRESS,
        "isAccessibleForFree": True,
        "creator": publisher(absolute),
        "publisher": publisher(absolute),
        "includedInDataCatalog": {"@id": f"{absolute(reverse('commitments:data'))}#catalog"},
        "inLanguage": "en",
        "keywords": [_("summit commitments"), _("follow-through"), _("accountability"), *themes],
        "measurementTechnique": absolute(reverse("commitments:methodology")),
        "isBasedOn": absolute(reverse("commitments:source-list")),
        "temporalCoverage": f"{first.isoformat()}/{last.isoformat()}" if first else None,
        "distribution": [
            {
                "@type": "DataDownload",
                "name": str(table.label),
                "description": str(table.meaning),
                "contentUrl": absolute(reverse(f"commitments:{table.address}")),
                "encodingFormat": "text/csv",
            }
            for table in TABLES
        ],
        "variableMeasured": [
            {"@type": "PropertyValue", "name": column.name, "description": str(column.meaning)}
            for column in TABLES[0].columns
        ],
    }
    if edition is not None:
        node |= {"version": str(edition.number), "dateModified": edition.day.isoformat()}
        node["citation"] = citation(absolute, edition)
    return _filled(node)


def citation(absolute, edition):
    """How to cite the data set as it stood in an Edition, in one line."""
    said = {
        "organisation": settings.ORGANISATION,
        "site": settings.SITE_NAME,
        "number": edition.number,
        "day": edition.day.isoformat(),
        "address": f"{absolute(reverse('commitments:commitment-csv'))}?as_of={edition.day}&edition={edition.number}",
    }
    return _("%(organisation)s, %(site)s, data set, edition %(number)s of %(day)s, %(address)s") % said


def work(source):
    """A citable source as a CreativeWork."""
    return _filled({
        "@type": "CreativeWork",
        "name": source.title,
        "publisher": {"@type": "Organization", "name": source.publisher},
        "url": source.url,
        "datePublished": source.published,
        "inLanguage": source.language,
    })  # fmt: skip


def commitment_page(absolute, detail, address):
    """The page of one commitment at ``address``: what was promised, when it last changed and on what it rests.

    A page and no ClaimReview: that would ask for a rating of its author's truth, and promises are judged here, not
    states.
    """
    revision, sources = detail.revision, [detail.revision.source]
    if detail.current:
        sources += [row.source for row in detail.current.assessment.evidence.all()]
    cited = {source.pk: source for source in sources if source.is_citable}
    editions = [wording.edition.day for wording, _changed in detail.wordings]
    for entry in detail.entries:
        editions += [entry.assessment.edition.day, *(reply.edition.day for reply, _retraction in entry.replies)]
    return _filled({
        "@type": "WebPage",
        "@id": address,
        "url": address,
        "name": revision.title,
        "description": revision.summary,
        "inLanguage": "en",
        "dateModified": max(editions).isoformat(),
        "license": terms.ADDRESS,
        "isAccessibleForFree": True,
        "publisher": publisher(absolute),
        "isPartOf": {"@id": _dataset_id(absolute)},
        "about": {
            "@type": "Thing",
            "identifier": detail.standing.slug,
            "name": revision.title,
            "description": f"{detail.standing.status_label}. {detail.current.assessment.rationale}"
            if detail.current
            else detail.standing.status_label,
        },
        "mentions": [
            {"@type": "Country" if party.kind == "state" else "Organization", "name": party.name}
            for party in {row.party_id: row.party for row in revision.parties.all() if not row.as_member}.values()
        ],
        "citation": [work(source) for source in cited.values()],
    })  # fmt: skip


def breadcrumbs(absolute, path, name, address):
    """The way from the start page to the page at ``path``, which is called ``name`` and lies at ``address``."""
    crumbs = [(settings.SITE_NAME, absolute("/"))]
    parts = [part for part in path.split("/") if part]
    if len(parts) > 1 and parts[0] in SECTIONS:
        crumbs.append((str(SECTIONS[parts[0]]), absolute(f"/{parts[0]}/")))
    elif parts and parts[0] in SECTIONS:
        name = str(SECTIONS[parts[0]])
    crumbs.append((name, address))
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": crumb, "item": where}
            for place, (crumb, where) in enumerate(crumbs, 1)
        ],
    }
