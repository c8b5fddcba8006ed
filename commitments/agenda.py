"""Lines that say what waits: of a person's drafts and of the queues, each a number, the list behind it and the oldest.

The desk's first page and the reminders are made of them.
"""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.http import urlencode

from commitments import attention, drafts


@dataclass(frozen=True)
class Line:
    """What waits in one place.

    ``address`` is the list behind the number, '' where there are several ``lists`` instead: (label, number, address)
    of each kind of draft. ``items`` are (name, address, how old it is in words, a remark), oldest first.
    """

    name: str
    label: str
    meaning: str
    number: int
    address: str = ""
    lists: list = field(default_factory=list)
    items: list = field(default_factory=list)


def list_of(model, **query):
    """The address of the desk's list of ``model``, filtered by ``query``."""
    name = model._meta.model_name
    return f"{reverse(f'admin:commitments_{name}_changelist')}?{urlencode(query)}"


def page_of(model, pk):
    """The address of the desk's page of one record."""
    return reverse(f"admin:commitments_{model._meta.model_name}_change", args=[pk])


def own_work(person, today, *, records=None, shown=5, left_before=None):
    """A Line for each Pile of drafts; arguments as of ``drafts.in_hand``."""
    found = drafts.in_hand(person, records=records, shown=shown, left_before=left_before)
    return [_pile_line(pile, *found[pile.name], today) for pile in drafts.PILES]


def _pile_line(pile, counts, oldest, today):
    by = "me" if pile.own else "others"
    lists = [
        (model._meta.verbose_name_plural, number, list_of(model, state=pile.state, by=by))
        for model, number in counts.items()
    ]
    if pile.state == "submitted":
        address = f"{reverse('admin:commitments_queue')}?by={by}"
    else:
        address = "" if len(lists) > 1 else list_of(next(iter(counts), drafts.Assessment), state=pile.state, by=by)
    items = [
        (
            str(record),
            page_of(type(record), record.pk),
            attention.on_day(pile.told, since, today),
            record.return_reason if pile.state == "returned" else "",
        )
        for record, since in oldest
    ]
    return Line(pile.name, pile.label, pile.meaning, sum(counts.values()), address, lists, items)


def queue_line(queue, moment, *, visible=None, shown=1):
    """The Line of a Queue; arguments as of ``Queue.look``. One query."""
    found = queue.look(moment, visible=visible, shown=shown)
    items = [
        (item.name, page_of(queue.about, item.pk), attention.on_day(queue.told, item.since, moment.today), "")
        for item in found.items
    ]
    address = list_of(queue.about, attention=queue.name)
    return Line(queue.name, queue.label, queue.meaning, found.number, address, [], items)
