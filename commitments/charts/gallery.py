"""Every picture by name, kept by edition: what a name draws, what it may be asked, and one memory for all of them."""

from dataclasses import dataclass, field
from hashlib import sha256

from django.core.cache import cache
from django.db.models import Subquery
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from commitments import filters
from commitments.models import Edition, Party, Summit, Theme
from commitments.moment import BadParameter

from . import draw, frame, genealogy, progress, scores, status_by, status_over_time, svg, timeline
from .picture import Question

FILTERS = tuple(name for name in filters.PARAMETERS if name != "page")
# The values of a parameter that takes any key, and nothing by default.
ANY = ("",)
# Half a day: a drawing of a moment that is gone is never asked for again.
SECONDS = 12 * 60 * 60


@dataclass(frozen=True)
class Chart:
    """A picture by name: its label, what it shows in a sentence, and the function from a Question to a Picture.

    ``own`` are its parameters beyond the list's filters, each with the values it takes, the default first; ANY takes
    every key. ``short`` are values of them for a look at it among others.
    """

    name: str
    label: str
    about: str
    picture: object
    own: dict = field(default_factory=dict)
    short: dict = field(default_factory=dict)

    @property
    def parameters(self):
        return (*FILTERS, *self.own)

    def question(self, parameters, moment):
        """The Question that a QueryDict asks of this chart; raises BadParameter for its own parameters."""
        own = {}
        for name, values in self.own.items():
            given = parameters.getlist(name)
            if len(given) > 1:
                raise BadParameter(name, ", ".join(given), _("Give it once."))
            if given and given[0] not in values and values is not ANY:
                mend = _("Use one of: %(known)s.") % {"known": ", ".join(values)}
                raise BadParameter(name, given[0], mend)
            own[name] = given[0] if given else values[0]
        kept = parameters.copy()
        for name in (*self.own, *(one for one in kept if one not in FILTERS)):
            kept.pop(name, None)
        return Question(kept, moment, own)


CHARTS = {
    chart.name: chart
    for chart in (
        Chart(
            "status-over-time",
            _lazy("Status over time"),
            _lazy("How many commitments there were at the end of each year or month, and where they stood then."),
            status_over_time.picture,
            {"by": ("year", "month")},
        ),
        Chart(
            "status-by-theme",
            _lazy("Status by theme"),
            _lazy("Where the commitments of each field of policy stand."),
            status_by.by_theme,
        ),
        Chart(
            "status-by-summit",
            _lazy("Status by summit"),
            _lazy("What has come of what each summit promised, newest summit first."),
            status_by.by_summit,
        ),
        Chart(
            "progress",
            _lazy("Progress against targets"),
            _lazy("Every amount that a source measures, against the amount that was promised."),
            progress.picture,
            {"commitment": ANY},
        ),
        Chart(
            "timeline",
            _lazy("From promise to deadline"),
            _lazy("Each commitment from the day it was made to its deadline, with the judgements that followed."),
            timeline.picture,
            {"commitment": ANY, "rows": timeline.ROWS},
            {"rows": "12"},
        ),
        Chart(
            "genealogy",
            _lazy("Genealogy"),
            _lazy("Which commitments repeat, raise or take the place of earlier ones."),
            genealogy.picture,
            {"commitment": ANY},
        ),
        Chart(
            "scores",
            _lazy("Scores of single members"),
            _lazy("Commitments that bind members one by one: +1 did it, 0 did part, −1 stayed out, ? not assessed."),
            scores.picture,
        ),
    )
}


class Drawn:
    """One chart, asked one thing at one moment. Whatever has been computed before comes from the cache."""

    def __init__(self, chart, parameters, moment):
        self.chart, self.moment = chart, moment
        self.question = chart.question(parameters, moment)
        self._key = self._make_key(parameters)

    def _make_key(self, parameters):
        """Chart, question, moment and language; and the state of the names that a picture shows as they are now."""
        asked = sorted((name, values) for name, values in parameters.lists())
        told = (self.chart.name, asked, self.moment.pinned, self.moment.parameters, get_language(), _state(self.moment))
        return f"chart-{sha256(repr(told).encode()).hexdigest()}"

    def _remembered(self, part, make):
        return cache.get_or_set(f"{self._key}-{part}", make, SECONDS)

    @property
    def picture(self):
        """The Picture; raises BadParameter."""
        return self._remembered("picture", lambda: self.chart.picture(self.question))

    def inline(self, shape):
        """The markup for a page, '' where there is nothing to draw."""
        return self._remembered(f"inline-{shape}", lambda: self._inline(shape))

    def _inline(self, shape):
        picture = self.picture
        if not picture.specs:
            return ""
        drawn = svg.body(draw.drawing(picture.specs[shape]))
        return frame.inline(drawn, picture, shape=shape, identity=f"{self.chart.name}-{shape}")

    def standalone(self, shape):
        """The text of an SVG document."""
        return self._remembered(f"svg-{shape}", lambda: self._standalone(shape, fixed=False))

    def _standalone(self, shape, *, fixed):
        picture = self.picture
        drawn = svg.body(draw.drawing(picture.specs[shape])) if picture.specs else svg.NOTHING
        return frame.standalone(drawn, picture, shape=shape, moment=self.moment, fixed=fixed)

    def bitmap(self, shape):
        """The bytes of a PNG on white."""
        return self._remembered(f"png-{shape}", lambda: draw.bitmap(self._standalone(shape, fixed=True)))


def _state(moment):
    """What else a picture depends on: when the edition was published, and the newest change of any name. One query."""
    names = {f"h{place}": _newest(model) for place, model in enumerate((Theme, Summit, Party))}
    return Edition.objects.filter(number=moment.edition).values_list("published_at").annotate(**names).first()


def _newest(model):
    return Subquery(model.history.order_by("-history_id").values("history_id")[:1])
