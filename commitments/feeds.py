"""Changes as an Atom feed (RFC 4287), in numbered pages (RFC 5005).

What is named in a feed keeps its name for good: ids are tag addresses (RFC 4151) of the domain in ``ID_DOMAIN``, the
day of the edition, and the record; neither a later edit nor the host that a reader asks changes them.
"""

import io

from django.conf import settings
from django.db.models import Q
from django.utils.feedgenerator import Atom1Feed
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from commitments.changes import REFERENCE, origin_in_words
from commitments.choices import ChangeKind, Origin
from commitments.exports import terms
from commitments.exports.markup import xml_text
from commitments.models import MemberScore, Reply, Revision, RevisionParty, Standing

GENERATOR = "scotracker"
MEDIA_TYPE = "application/atom+xml; charset=utf-8"


class ChangeFeed(Atom1Feed):
    """Django's Atom feed with what it leaves out: pages, licence, generator, labelled categories, a fixed date."""

    def latest_post_date(self):
        # Django's answers with the clock where there is no entry, and the same feed would differ on every request.
        return self.feed["updated"]

    def add_root_elements(self, handler):
        super().add_root_elements(handler)
        for rel, address in self.feed["pages"].items():
            handler.addQuickElement("link", "", {"rel": rel, "href": address})
        handler.addQuickElement("link", "", {"rel": "license", "href": terms.ADDRESS})
        handler.addQuickElement("generator", GENERATOR)

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        handler.addQuickElement("category", "", {"term": item["kind"], "label": item["kind_label"]})


def commitments_worded(moment, **wording):
    """The ids (a queryset) of the commitments that any wording published by the moment describes so.

    ``commitments_worded(moment, theme=water)``: whoever follows a theme also learns that a commitment has left it, and
    that one has been withdrawn.
    """
    return Revision.objects.filter(edition__lte=moment.edition, **wording).order_by().values("commitment")


def commitments_with(moment, party):
    """The ids (a queryset) of the commitments that a party made, gains from, was scored on or answered, by the moment.

    The states that "all members" meant on the day are among those who made it.
    """
    concerned = Q(pk__in=RevisionParty.objects.filter(party=party).values("revision"))
    scored = MemberScore.objects.filter(party=party, assessment__edition__lte=moment.edition)
    answered = Reply.objects.filter(party=party, edition__lte=moment.edition)
    for rows in (scored, answered):
        concerned |= Q(commitment__in=rows.order_by().values("assessment__commitment"))
    published = Revision.objects.filter(edition__lte=moment.edition)
    return published.filter(concerned).order_by().values("commitment")


def wording_of(slug, moment):
    """The Revision of a commitment that held by the moment's edition, withdrawn or not; None if none was public."""
    published = Revision.objects.filter(commitment__slug=slug, edition__lte=moment.edition)
    return published.select_related("commitment").order_by("-edition").first()


def tag(day, name):
    """The tag address (RFC 4151) of something named on a day: of nothing else, anywhere, ever."""
    return f"tag:{settings.ID_DOMAIN},{day.isoformat()}:{name}"


def entry_id(change):
    """The id of a Change: the same in every feed that lists it."""
    if change.edition:
        return tag(change.edition.day, f"edition/{change.edition.number}/{change.identity}")
    return tag(change.at.date(), f"register/{change.identity}")


def feed_id(path, parameters, day):
    """The id of the feed at a path with these parameters (a QueryDict), whatever their order and the page.

    ``day`` is that of the first edition: from then on there is anything to follow.
    """
    asked = sorted((name, value) for name, values in parameters.lists() if name != "page" for value in values if value)
    return tag(day, path.strip("/") + (f"?{urlencode(asked)}" if asked else ""))


def headline(change):
    """What happened, in a line: "Loan to State A: In progress → Fulfilled"."""
    if change.kind == REFERENCE:
        return f"{change.key}: {change.text}"
    if change.kind == ChangeKind.COMMITMENT:
        return _("%(title)s: new commitment") % {"title": change.title}
    return _finding(change) % {
        "title": change.title,
        "kind": change.kind_label,
        "status": _label(change, change.status),
        "day": date_format(change.as_of, "j F Y") if change.as_of else "",
        "before": _label(change, change.status_before),
        "after": _label(change, change.status_after),
    }


def _finding(change):
    if change.status and change.status != change.status_after:
        # It tells of an earlier day than the judgement that holds, and must not borrow that one's status.
        return _("%(title)s: %(kind)s, %(status)s as of %(day)s")
    if not change.status_after:
        return _("%(title)s: withdrawn")
    if change.status_before == change.status_after:
        return _("%(title)s: %(kind)s, standing unchanged (%(after)s)")
    if not change.status_before:
        return _("%(title)s: %(after)s")
    if change.kind == ChangeKind.ASSESSMENT:
        return _("%(title)s: %(before)s → %(after)s")
    # A correction or a retraction is no news of the world, and says so.
    return _("%(title)s: %(kind)s, %(before)s → %(after)s")


def _label(change, status):
    return Standing(status=status, obligation=change.obligation).status_label if status else ""


def text_of(change):
    """The reason of a Change and where it comes from, as HTML."""
    if not change.edition:
        return format_html("<p>{}</p>", change.text)
    origin = origin_in_words(change.edition)
    if change.edition.origin != Origin.IMPORT:
        # The words for an import name the edition already.
        origin = _("edition %(number)s, %(origin)s") % {"number": change.edition.number, "origin": origin}
    facts = capfirst(_("%(origin)s.") % {"origin": origin})
    if change.as_of:
        facts = f"{_('As of %(day)s.') % {'day': date_format(change.as_of, 'j F Y')}} {facts}"
    # The note of an import is about its files.
    parts = [change.text, facts, "" if change.edition.origin == Origin.IMPORT else change.edition.note]
    return format_html_join("", "<p>{}</p>", ((part,) for part in parts if part))


def page_entries(lines, renamed, *, before=None, is_last=True):
    """The Changes of one page of a feed, newest first.

    ``lines`` are the Changes of the ledger on this page. Of ``renamed``, all changes of names and addresses, those join
    them that fall between ``before``, the instant of the last line on the page before, and the next page.
    """
    if before:
        renamed = [change for change in renamed if change.at < before]
    if lines and not is_last:
        renamed = [change for change in renamed if change.at >= lines[-1].at]
    return sorted([*lines, *renamed], key=lambda change: change.at, reverse=True)


def atom(*, title, entries, identity, addresses, absolute, updated):
    """The text of a feed.

    ``entries`` are Changes, ``identity`` the feed's id, ``addresses`` {rel: absolute address} with "self" and
    "alternate" and those of further pages, ``absolute`` makes a path absolute, ``updated`` is for a feed that is empty.
    """
    pages = {rel: address for rel, address in addresses.items() if rel not in ("self", "alternate")}
    feed = ChangeFeed(
        title=xml_text(f"{title} · {settings.SITE_NAME}"),
        link=addresses["alternate"],
        description=None,
        language="en",
        author_name=settings.ORGANISATION,
        subtitle=_("What was promised at summits, and what came of it: every change, with its reason."),
        feed_url=addresses["self"],
        feed_copyright=f"{settings.ORGANISATION}, {terms.NAME}: {terms.ADDRESS}",
        feed_guid=identity,
        pages=pages,
        updated=max((change.at for change in entries), default=updated),
    )
    for change in entries:
        feed.add_item(
            title=xml_text(headline(change)),
            link=absolute(_address(change)),
            description=xml_text(text_of(change)),
            pubdate=change.at,
            updateddate=change.at,
            unique_id=entry_id(change),
            kind=str(change.kind),
            kind_label=str(change.kind_label),
        )
    text = io.StringIO()
    feed.write(text, "utf-8")
    return text.getvalue()


def _address(change):
    """Where a reader sees the change: the commitment by that edition, or the record whose name changed."""
    return f"{change.url}?edition={change.edition.number}" if change.edition else change.url
