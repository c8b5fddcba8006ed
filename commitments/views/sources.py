"""Sources: the bibliography, and what rests on each of them."""

from django.db.models import Count
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from commitments import captures, findings, record
from commitments.bibliography import cited_at, resting_on, speaking_for, uses
from commitments.choices import SourceKind, Terms
from commitments.models import LinkVisit, Party, Source
from commitments.moment import BadParameter, Moment
from commitments.record import SOURCE_MARKS
from commitments.search import names
from commitments.search.query import parse
from commitments.snapshot import snapshot

from .lookup import found_or_404
from .paging import page_of
from .public import bad_request, check_parameters, public

PER_PAGE = 100


def _once(parameters, name):
    values = parameters.getlist(name)
    if len(values) > 1:
        raise BadParameter(name, ", ".join(values), _("Give it once."))
    return values[0] if values else ""


def _known(name, value, known):
    """Raise BadParameter unless a value is empty or one of the known ones."""
    if value and value not in known:
        raise BadParameter(name, value, _("Use one of: %(known)s.") % {"known": ", ".join(known)})


def narrowed(sources, parameters, moment):
    """The sources that a QueryDict asks for, and what it asks: {name: value}. Raises BadParameter."""
    asked = {name: _once(parameters, name) for name in ("q", "kind", "language", "issuer")}
    asked["q"] = asked["q"].strip()
    _known("kind", asked["kind"], SourceKind.values)
    if asked["language"]:
        _known("language", asked["language"], sorted(set(sources.values_list("language", flat=True))))
    if asked["issuer"]:
        _known("issuer", asked["issuer"], list(Party.objects.values_list("code", flat=True)))
        asked["issuer"] = Party.objects.get(code=asked["issuer"])
        sources = sources.filter(pk__in=speaking_for(asked["issuer"], moment).values("pk"))
    sources = sources.filter(**{name: asked[name] for name in ("kind", "language") if asked[name]})
    return (names.matching(sources, parse(asked["q"])) if asked["q"] else sources), asked


def _kept(request):
    """{"archived" or "checked": "yes" or "no"} as the address asks; raises BadParameter."""
    asked = {name: _once(request.GET, name) for name in SOURCE_MARKS if name in request.GET}
    for name, value in asked.items():
        if value not in ("yes", "no"):
            raise BadParameter(name, value, _("Use one of: yes, no."))
        if not request.moment.is_now:
            mend = _("Sources are kept as they are now; leave out “as_of” and “edition”.")
            raise BadParameter(name, value, mend)
    return asked


@public(parameters=("q", "kind", "language", "issuer", "page", *SOURCE_MARKS))
def source_list(request):
    """Every source that something public rests on, narrowed by words, kind, language, for whom it speaks, or upkeep."""
    cited = cited_at(request.moment)
    sources, asked = narrowed(cited, request.GET, request.moment)
    kept = _kept(request)
    sources = record.kept(sources, kept)
    said = [str(SOURCE_MARKS[name].phrases[value]) for name, value in kept.items()]
    heading = "; ".join([asked["q"], *said] if asked["q"] else said)
    page = page_of(sources, request.GET, PER_PAGE)
    counts = uses(page.object_list, request.moment)
    kinds = dict(cited.order_by().values_list("kind").annotate(Count("pk")))
    context = {
        "finding": findings.of_sources(page.paginator.count, asked["q"], said),
        "heading": _("Sources: %(words)s") % {"words": heading} if heading else _("Sources"),
        "page": page,
        # Kept as they are now: no moment to choose where that is asked.
        "clocks": not kept,
        "rows": [(source, counts[source.pk]) for source in page.object_list],
        "asked": asked,
        "kinds": [(kind, kinds[kind]) for kind in SourceKind if kind in kinds],
        "languages": cited.order_by("language").values_list("language").annotate(Count("pk")),
    }
    return TemplateResponse(request, "commitments/source_list.html", context)


@public
def source_detail(request, key):
    """One source and everything public that rests on it."""
    source = found_or_404(Source.objects.exclude(terms=Terms.NO_CITATION).select_related("issuer"), key=key)
    resting = resting_on(source, request.moment)
    if not resting.counts:
        raise Http404(_("Nothing that is public at this moment rests on the source “%(key)s”.") % {"key": key})
    finding = findings.of_source(source, sum(number for _use, number in resting.counts))
    visit = LinkVisit.objects.shown_at(source, request.moment)
    kept = source.captures.known_at(request.moment)
    context = {"finding": finding, "source": source, "resting": resting, "visit": visit, "captures": kept}
    return TemplateResponse(request, "commitments/source_detail.html", context)


@require_safe
def capture(request, key, sha256):
    """Our own copy of a source, as a file to save; only where an editor has said that it may be published."""
    try:
        check_parameters(request.GET, ())
    except BadParameter as error:
        return bad_request(request, error)
    with snapshot():
        source = found_or_404(Source.objects.exclude(terms=Terms.NO_CITATION), key=key)
        copy = found_or_404(source.captures.public().select_related("source"), sha256=sha256)
        shown = resting_on(source, Moment.now()).counts
    missing = _("There is no copy of the source “%(key)s” here.") % {"key": key}
    if not shown:
        raise Http404(missing)
    try:
        return captures.download(copy)
    except captures.NotKept as error:
        raise Http404(missing) from error
