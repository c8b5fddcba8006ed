"""The source of an evidence row: one of the register, by search, or a new one that is entered within the row."""

import copy
import re
from itertools import count
from urllib.parse import urlsplit

from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.addresses import normalised
from commitments.choices import Terms
from commitments.models import Source

from .forms import OwnWordsForm, RowFormSet

# What is asked for within a row; the rest of a source's card can wait.
NEW_FIELDS = ("title", "publisher", "url", "published", "kind", "language", "issuer", "terms")
# Those that stand empty in a row without a new source.
TELLING = tuple(name for name in NEW_FIELDS if name != "terms")
# Room for the date and a number behind the name, within the length of a key.
LONGEST_NAME = 120


def described(source):
    """A source as an editor tells it from others: title, publisher, date, kind, and its terms where they bind."""
    facts = [source.publisher, source.published, source.get_kind_display()]
    if source.terms != Terms.OPEN:
        facts.append(source.get_terms_display())
    return f"{source.title} ({', '.join(str(fact) for fact in facts if fact)})"


class SourceSearch(AutocompleteJsonView):
    """Answers the search field of an evidence row: what SourceAdmin finds, with publisher, date and kind.

    An address finds its source however it is written.
    """

    def get_queryset(self):
        if self.term.strip().startswith(("http://", "https://")):
            self.term = self.term.strip()
            pasted = self.model_admin.get_queryset(self.request).at_address(self.term)
            if pasted.exists():
                return pasted
        return super().get_queryset()

    def serialize_result(self, obj, to_field_name):
        return super().serialize_result(obj, to_field_name) | {"text": described(obj)}


class SourceSelect(AutocompleteSelect):
    """The search field of an evidence row."""

    def get_url(self):
        return reverse("admin:commitments_assessment_sources")


def _words(text):
    return re.sub(r"[^a-z0-9]+", "-", slugify(text)).strip("-")


def free_key(source):
    """A readable key for ``source`` that no other has: publisher and date, and a number where both are taken.

    A publisher without a Latin letter is named by the host of the address.
    """
    host = (urlsplit(source.url).hostname or "").removeprefix("www.")
    named = _words(source.publisher) or _words(host.replace(".", "-")) or "source"
    start = "-".join(part for part in (named[:LONGEST_NAME].strip("-"), source.published) if part)
    taken = set(Source.objects.filter(key__startswith=start).values_list("key", flat=True))
    return next(key for key in _numbered(start) if key not in taken)


def _numbered(start):
    yield start
    for number in count(2):
        yield f"{start}-{number}"


class NewSource:
    """The form of sources as it stands within an evidence row; what is mixed into the form of the source's own page."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, use_required_attribute=False, **kwargs)
        for name in set(self.fields) - set(NEW_FIELDS):
            del self.fields[name]
        # One stop of the Tab key for each field.
        issuer = self.fields["issuer"].widget
        issuer.can_add_related = issuer.can_change_related = issuer.can_view_related = False

    def is_filled(self):
        """Whether somebody has begun to enter a source here."""
        return self.is_bound and any(self.data.get(self.add_prefix(name), "").strip() for name in TELLING)


def form_for(request, site):
    """The class of the form of a new source for one request; None for whoever may not add any."""
    cards = site.get_model_admin(Source)
    if not cards.has_add_permission(request):
        return None
    form = cards.get_form(request, None, fields=NEW_FIELDS)
    return type("NewSourceForm", (NewSource, form), {"refusal": None})


def carried(asked):
    """A field of the new source as one of its row, for whoever compares what was entered; its own form cleans it."""
    field = copy.copy(asked)
    field.required, field.label = False, _("new source, %(field)s") % {"field": asked.label}
    field.clean, field.has_changed = _as_sent, _never
    return field


def _as_sent(value):
    return value


def _never(*_values):
    return False


class EvidenceForm(OwnWordsForm):
    """An evidence row says in our own words what a source shows.

    ``new_source_form`` is set by the admin on the class it makes for one request; ``new_source`` is the form of the
    source to be recorded with the row, or None.
    """

    own_words = ("shows", "locator")
    new_source_form = None
    new_source = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.new_source_form is not None:
            self.new_source = self.new_source_form(self.data if self.is_bound else None, prefix=f"{self.prefix}-new")
            # The names under which a browser sends them.
            self.fields |= {f"new-{name}": carried(asked) for name, asked in self.new_source.fields.items()}
        if "source" in self.fields:
            self.fields["source"].required = False

    @property
    def names_new_source(self):
        return self.new_source is not None and self.new_source.is_filled()

    def has_changed(self):
        return super().has_changed() or self.names_new_source

    def named_source(self):
        """The chosen Source or the new one, which is not saved; None where neither can be told yet."""
        if not self.names_new_source:
            return super().named_source()
        known = getattr(self.new_source, "cleaned_data", {})
        return self.new_source.instance if known.get("kind") and known.get("publisher") else None

    def clean(self):
        # The new source is read first: its terms bind what the row says.
        whole = not self.names_new_source or self.new_source.is_valid()
        cleaned = super().clean()
        chosen = cleaned.get("source")
        if self.names_new_source and chosen:
            sentence = _("Both “%(chosen)s” and a new source are given. Empty one of the two.")
            self.add_error("source", ValidationError(sentence, params={"chosen": chosen}))
        elif not whole:
            self.add_error("source", _("The new source is not complete; its fields say what to mend."))
        elif not chosen and not self.names_new_source and "source" not in self.errors:
            self.add_error("source", _("Choose a source of the register, or enter a new one."))
        return cleaned


class EvidenceRows(RowFormSet):
    """Evidence rows; no two of them bring the same new source."""

    def clean(self):
        super().clean()
        seen = {}
        for number, form in enumerate(self.forms, 1):
            if not getattr(form, "names_new_source", False) or form.cleaned_data.get("DELETE"):
                continue
            address = getattr(form.new_source, "cleaned_data", {}).get("url")
            same = normalised(address) if address else None
            if same and same in seen:
                sentence = _("The address %(address)s is that of the new source in row %(row)s already; enter it once.")
                form.new_source.add_error(
                    "url", ValidationError(sentence, params={"address": address, "row": seen[same]})
                )
                form.add_error("source", sentence % {"address": address, "row": seen[same]})
            seen.setdefault(same, number)


class SourceInPlace(admin.options.InlineModelAdmin):
    """What the evidence rows of the desk have beyond other rows."""

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.new_source_form = form_for(request, self.admin_site)
        return formset

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name != "source":
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        asked = super().formfield_for_dbfield(
            db_field, request, widget=SourceSelect(db_field, self.admin_site), **kwargs
        )
        asked.label_from_instance = described
        asked.help_text = gettext_lazy("Search by title, publisher, address or key.")
        asked.widget.can_change_related = asked.widget.can_view_related = False
        return asked


def save_new(request, formset, site):
    """Save the new sources of evidence rows and put them into their rows, which are saved next."""
    cards = site.get_model_admin(Source)
    for form in formset.forms:
        if not form.names_new_source or form in formset.deleted_forms:
            continue
        source = form.new_source.save(commit=False)
        source.key = free_key(source)
        cards.save_model(request, source, form.new_source, change=False)
        cards.log_addition(request, source, _("Recorded with an evidence row."))
        form.instance.source = source
