"""The desk's first page: what waits for the reader, and what on the record needs somebody. Every number is a list."""

from dataclasses import replace

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from commitments import agenda, attention, drafts
from commitments.moment import Moment

# Drafts that are gone on with from here, one by one; more than so many are a list of their own, one click away.
GONE_ON_WITH = ("returned", "drafts")
SHOWN = 5


def visible(request, models):
    """{model: queryset} of what the reader may see at the desk, without the models that they may not see."""
    tables = {model: admin.site.get_model_admin(model) for model in models}
    return {model: table.get_queryset(request) for model, table in tables.items() if table.has_view_permission(request)}


def what_needs(request):
    """The parts of the page, [(title, [Line])], for the person who asks. The same number of queries for any number."""
    moment = Moment.now()
    own = agenda.own_work(request.user, moment.today, records=visible(request, drafts.DRAFTS), shown=SHOWN)
    own = [line if line.name in GONE_ON_WITH else replace(line, items=line.items[:1]) for line in own]
    seen = visible(request, {queue.about for queue in attention.QUEUES})
    record = [
        agenda.queue_line(queue, moment, visible=seen[queue.about]) for queue in attention.QUEUES if queue.about in seen
    ]
    return [(_("Your work"), own), (_("What the record needs"), record)]
