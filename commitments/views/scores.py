"""The scores of single members, as a page and as CSV."""

from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from commitments import findings, scores
from commitments.choices import SCORE_WORDS, SCORES
from commitments.exports import columns
from commitments.exports.csv import stream
from commitments.moment import BadParameter

from .public import public, public_stream

# How averages are shown: as they are given, or turned into per cent.
VIEWS = {"score": _lazy("Scores from −1 to +1"), "percent": _lazy("As per cent")}


def view_of(parameters):
    """The name of the view that a QueryDict asks for; raises BadParameter."""
    values = parameters.getlist("view")
    if len(values) > 1:
        raise BadParameter("view", ", ".join(values), _("Give it once."))
    name = values[0] if values else "score"
    if name not in VIEWS:
        raise BadParameter("view", name, _("Use one of: %(known)s.") % {"known": ", ".join(VIEWS)})
    return name


@public(parameters=("view",))
def score_matrix(request):
    """Members × commitments that bind members singly, with averages that name their n."""
    matrix = scores.matrix(request.moment)
    context = {
        "finding": findings.of_scores(matrix.whole, len(matrix.rows)),
        "matrix": matrix,
        "view": view_of(request.GET),
        "views": VIEWS.items(),
        "words": [SCORE_WORDS[score] for score in sorted(SCORE_WORDS, reverse=True)],
        "nought": SCORES[0],
    }
    return TemplateResponse(request, "commitments/score_matrix.html", context)


def _file_name(moment):
    return f"scores-{moment.as_of.isoformat()}-edition-{moment.edition}.csv"


@public_stream(filename=_file_name)
def score_csv(request):
    """One row per member and commitment of the matrix."""
    yield from stream(columns.SCORES, columns.score_rows(scores.matrix(request.moment)))
