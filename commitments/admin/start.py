"""The desk's first page: what waits for the reader, and what on the record needs somebody. Every number is a list."""

from dataclasses import dataclass, field

from django.contrib import admin
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from commitments import attention, drafts
from commitments.moment import Moment

# More than this is a list of its own, one click away.
SHOWN = 5


@dataclass(frozen=True)
class Line:
    """One row of the page.

    ``address`` is the list behind the number, '' where there are ``lists`` instead: (label, number, address) of each
    kind of draft. ``items`` are (name, address, how old it is in words, a remark), oldest first.
    """

    name: str
    label: str
    meaning: str
    number: int
    address: str = ""
    lists: list = field(default_factory=list)
    items: list = field(default_factory=list)


def _list_of(model, **query):
    name = model._meta.model_name
    return f"{reverse(f'admin:commitments_{name}_changelist')}?{urlencode(query)}"


def _page_of(model, pk):
    return reverse(f"admin:commitments_{model._meta.model_name}_change", args=[pk])


def visible(request, models):
    """{model: queryset} of what the reader may see at the desk, without the models that they may not see."""
    tables = {model: admin.site.get_model_admin(model) for model in models}
    return {model: table.get_queryset(request) for model, table in tables.items() if table.has_view_permission(request)}


def _own_work(request, today):
    """A Line for each Pile of drafts."""
    found = drafts.in_hand(request.user, records=visible(request, drafts.DRAFTS), shown=SHOWN)
    for pile in drafts.PILES:
        counts, oldest = found[pile.name]
        by = "me" if pile.own else "others"
        lists = [
            (
                model._meta.verbose_name_plural,
                number,
                _list_of(model, state=pile.state, by=by),
            )
            for model, number in counts.items()
        ]
        if pile.state == "submitted":
            address = f"{reverse('admin:commitments_queue')}?by={by}"
        elif len(counts) > 1:
            address = ""
        else:
            address = _list_of(next(iter(counts), drafts.Assessment), state=pile.state, by=by)
        items = [
            (
                str(record),
                _page_of(type(record), record.pk),
                attention.on_day(pile.told, since, today),
                record.return_reason if pile.state == "returned" else "",
            )
            for record, since in oldest
        ]
        # Only what is sent back or begun is gone on with from here, one by one.
        shown = items if pile.state in ("returned", "draft") else items[:1]
        yield Line(pile.name, pile.label, pile.meaning, sum(counts.values()), address, lists, shown)


def _on_record(request, moment):
    """A Line for each Queue whose list the reader may see."""
    seen = visible(request, {queue.about for queue in attention.QUEUES})
    for queue in attention.QUEUES:
        if queue.about not in seen:
            continue
        found = queue.look(moment, visible=seen[queue.about])
        items = [
            (item.name, _page_of(queue.about, item.pk), attention.on_day(queue.told, item.since, moment.today), "")
            for item in found.items
        ]
        address = _list_of(queue.about, attention=queue.name)
        yield Line(queue.name, queue.label, queue.meaning, found.number, address, [], items)


def what_needs(request):
    """The parts of the page, [(title, [Line])], for the person who asks. The same number of queries for any number."""
    moment = Moment.now()
    return [
        (_("Your work"), list(_own_work(request, moment.today))),
        (_("What the record needs"), list(_on_record(request, moment))),
    ]
