"""What a page has found, in one line and in two sentences: for the browser's tab, search engines and shared links.

Plain data in (Scorecards, Standings, records), a Finding out. No number is rounded, every one stands beside its
denominator, and nothing is said that the page itself does not say.
"""

import textwrap
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments.choices import Status

# What search engines and link previews show of each.
TITLE_LENGTH = 140
DESCRIPTION_LENGTH = 160


@dataclass(frozen=True)
class Finding:
    """The title of a page without the name of the site, and its description, both of a length that is shown whole.

    ``name`` is what the page's subject is called, where it has one.
    """

    title: str
    description: str
    name: str = ""


def clip(text, length=DESCRIPTION_LENGTH):
    """The text with single spaces, cut between two words where it is longer than ``length``, an ellipsis after it."""
    text = " ".join(text.split())
    if len(text) <= length:
        return text
    cut = textwrap.shorten(text, length, placeholder="…")
    # Chinese has no spaces to cut at.
    return f"{text[: length - 1]}…" if len(cut) < length // 2 else f"{cut[:-1].rstrip(',;:–-')}…"


def finding(title, *sentences, name=""):
    """A Finding of a title and the sentences of its description, as many of them as have room."""
    return Finding(clip(title, TITLE_LENGTH), clip(" ".join(one for one in sentences if one)), name)


def _day(date):
    return date_format(date, "j F Y")


def tally(card, *, everything=False):
    """A Scorecard in a line: “29 of 100 counted promises fulfilled, 27 partly, 14 without evidence”.

    ``everything`` says that they are the promises of all summits.
    """
    if not card.counted:
        return _("no promise that counts")
    numbers = {"number": card.by_status.get(Status.FULFILLED, 0), "counted": card.counted}
    if everything:
        first = ngettext(
            "%(number)s of %(counted)s counted summit promise fulfilled",
            "%(number)s of %(counted)s counted summit promises fulfilled",
            card.counted,
        )
    else:
        first = ngettext(
            "%(number)s of %(counted)s counted promise fulfilled",
            "%(number)s of %(counted)s counted promises fulfilled",
            card.counted,
        )
    parts = [first % numbers]
    said = (
        (Status.PARTLY_FULFILLED, _("%(number)s partly")),
        (Status.NOT_FULFILLED, _("%(number)s not")),
        (Status.NO_EVIDENCE, _("%(number)s without evidence")),
        (Status.NOT_ASSESSED, _("%(number)s not assessed")),
    )
    parts += [words % {"number": card.by_status[status]} for status, words in said if card.by_status.get(status)]
    return ", ".join(parts)


def _listed(card):
    return ngettext("%(number)s commitment is on record", "%(number)s commitments are on record", card.listed) % {
        "number": card.listed
    }


def _balance(card):
    """What is on record, what of it counts, and what is late, in two sentences."""
    if not card.listed:
        return _("No commitment is on record here.")
    numbers = {
        "listed": _listed(card),
        "counted": card.counted,
        "assessed": card.assessed,
        "overdue": card.overdue,
        "self_reported": card.self_reported,
    }
    return (
        _(
            "%(listed)s, %(counted)s of them in the totals; of these %(assessed)s are assessed, %(overdue)s overdue, "
            "%(self_reported)s self-reported."
        )
        % numbers
    )


def of_home(card):
    """The Finding of everything, by its Scorecard."""
    if not card.listed:
        return finding(_("What summits promised, and what came of it"), _balance(card), _judged())
    return finding(tally(card, everything=True), _balance(card), _judged())


def _judged():
    return _("Each judgement is dated, sourced and reviewed.")


def of_group(name, card, *, where="", title=""):
    """The Finding of a summit, party or theme by its name and Scorecard; ``where`` says what the reader looks at."""
    return finding(f"{title or name}: {tally(card)}", where, _balance(card), _judged(), name=name)


def of_summit(summit, card):
    """The Finding of a summit: where and when it met, and what came of what it promised."""
    where = {"body": summit.get_body_display(), "place": summit.place, "day": _day(summit.date)}
    return of_group(summit.name, card, where=_("%(body)s, %(place)s, %(day)s.") % where)


def of_party(party, card):
    """The Finding of a party: it is the promises that are judged, not the state."""
    title = _("What %(party)s promised") % {"party": party.short_name}
    return of_group(party.short_name, card, where=_("Alone and with others."), title=title)


def of_theme(theme, card):
    """The Finding of a field of policy."""
    return of_group(theme.name, card)


def of_commitment(standing):
    """The Finding of one commitment: what came of it, as of which day, and why (the judgement's rationale)."""
    revision, said = standing.revision, {"title": standing.revision.title, "status": standing.status_label.lower()}
    made = _("Promised on %(day)s.") % {"day": _day(revision.made_on)}
    if standing.summit:
        made = _("Promised on %(day)s at %(summit)s.") % {"day": _day(revision.made_on), "summit": standing.summit.name}
    if standing.assessment is None:
        return finding(_("%(title)s — %(status)s") % said, revision.summary, made, name=revision.title)
    title = _("%(title)s — %(status)s as of %(day)s") % {**said, "day": _day(standing.as_of)}
    return finding(title, standing.assessment.rationale, made, revision.summary, name=revision.title)


def of_list(sentence, card, total):
    """The Finding of a list: ``sentence`` says what narrows it, ``card`` is of its rows, ``total`` all of them."""
    if sentence:
        said = {"listed": card.listed, "total": total, "sentence": sentence}
        title = ngettext(
            "%(listed)s of %(total)s commitment: %(sentence)s",
            "%(listed)s of %(total)s commitments: %(sentence)s",
            total,
        )
        return finding(title % said, _("In these: %(tally)s.") % {"tally": tally(card)}, _balance(card))
    title = ngettext("%(number)s commitment", "%(number)s commitments", total) % {"number": total}
    return of_group(title, card)


def of_summits(held, card):
    """The Finding of all summits, ``held`` their number, ``card`` of everything."""
    title = ngettext("%(number)s summit: %(tally)s", "%(number)s summits: %(tally)s", held)
    return finding(title % {"number": held, "tally": tally(card)}, _("What each meeting promised."), _balance(card))


def of_themes(themes, card):
    """The Finding of all themes, ``themes`` their number, ``card`` of everything."""
    title = ngettext("%(number)s theme: %(tally)s", "%(number)s themes: %(tally)s", themes)
    return finding(title % {"number": themes, "tally": tally(card)}, _("Follow-through by theme."), _balance(card))


def of_parties(parties, pledging):
    """The Finding of all parties: how many there are and how many made a promise on record."""
    title = ngettext(
        "%(number)s party, %(pledging)s with a promise on record",
        "%(number)s parties, %(pledging)s with a promise on record",
        parties,
    )
    return finding(
        title % {"number": parties, "pledging": pledging},
        _("States and organisations that pledge, benefit or speak, with their role on the day and what each promised."),
        _("The order is the register's; it is no ranking."),
    )


def of_source(source, uses):
    """The Finding of a citable source; ``uses`` is how many promises, judgements and roles rest on it."""
    title = ngettext("%(title)s: %(number)s record rests on it", "%(title)s: %(number)s records rest on it", uses)
    facts = ", ".join(one for one in (source.publisher, source.published, source.get_kind_display().lower()) if one)
    return finding(
        title % {"title": clip(source.title, TITLE_LENGTH - 30), "number": uses},
        _("%(facts)s. The promises, judgements, scores and roles that rest on this document, each with what it shows.")
        % {"facts": facts},
        name=source.title,
    )


def of_quality(promises, measures):
    """The Finding of Promises and of the measures of our own record: both may be found wanting."""
    said = {"never": promises.never.count, "total": promises.total, "partly": promises.partly.count}
    judged = {"official": measures["official"].count, "single": measures["single_source"].count}
    return finding(
        _("%(never)s of %(total)s promises could never be checked, %(partly)s only in part") % said,
        _("Which of five ingredients each wording names, and where our own record is thin."),
        _("Of %(judged)s judgements %(official)s rest on an official source, %(single)s on one source only.")
        % {"judged": measures["judged"].count, **judged},
    )


def of_sources(number, words="", kept=()):
    """The Finding of the bibliography; ``words`` narrow it, ``kept`` says how those listed are kept."""
    title = ngettext(
        "%(number)s document on which the record rests", "%(number)s documents on which the record rests", number
    ) % {"number": number}
    if words:
        title = _("%(title)s, with the words “%(words)s”") % {"title": title, "words": clip(words, 60)}
    title = ", ".join([title, *kept])
    return finding(
        title,
        _("Every source of a promise, a judgement, a score, a reply or a role, with its publisher, day and address."),
        _("What may not be cited is not listed."),
    )


def of_changes(edition, lines):
    """The Finding of the changes: ``lines`` there are up to the edition of that number."""
    title = ngettext(
        "%(lines)s record published up to edition %(edition)s",
        "%(lines)s records published up to edition %(edition)s",
        lines,
    )
    if not edition:
        return finding(_("What changed"), _("Nothing has been published at this moment."), _changes())
    return finding(_("What changed: %(title)s") % {"title": title % {"lines": lines, "edition": edition}}, _changes())


def _changes():
    return _(
        "Everything that an edition made public, newest first. What is corrected or retracted stays here, "
        "with the reason."
    )


def of_data(listed, evidence):
    """The Finding of the data: ``listed`` commitments with so many pieces of ``evidence``."""
    commitments = ngettext("%(number)s commitment", "%(number)s commitments", listed) % {"number": listed}
    pieces = ngettext("%(number)s piece of evidence", "%(number)s pieces of evidence", evidence) % {"number": evidence}
    return finding(
        _("Data: %(commitments)s with %(pieces)s") % {"commitments": commitments, "pieces": pieces},
        _("Every table as CSV, now and for any earlier day or edition, with a data dictionary, licence and citation."),
        _("No account, no key."),
    )


def of_scores(whole, commitments):
    """The Finding of the members' scores: ``whole`` is their Average, ``commitments`` how many bind members singly."""
    said = {"n": whole.n, "bound": whole.bound, "commitments": commitments}
    title = ngettext(
        "Scores of single members: %(n)s of %(bound)s scored on %(commitments)s commitment",
        "Scores of single members: %(n)s of %(bound)s scored on %(commitments)s commitments",
        commitments,
    )
    return finding(
        title % said,
        _("Who did what members of the organisation are singly bound to: scores with reasons and sources."),
        _("No ranking: a score is about one promise."),
    )
