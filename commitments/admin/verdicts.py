"""What stands against an assessment as it is entered: the verdict that an editor reads before submitting it."""

from dataclasses import dataclass
from decimal import Decimal

from django.contrib.admin.utils import label_for_field
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from commitments import quality, readiness
from commitments.choices import Status
from commitments.models import Assessment, Evidence, SearchLogEntry

from .forms import SENTENCES

# The conditions of the database that readiness tells in words of its own.
TOLD_BY_READINESS = ("assessment_confidence_by_status", "assessment_closure_reason_by_status")


@dataclass(frozen=True)
class Measure:
    """The unit of a target and how much of it is reached; ``percent`` is None where no amount is entered."""

    unit: str
    target: Decimal | None
    percent: Decimal | None


@dataclass(frozen=True)
class Verdict:
    """What the evidence rule of the chosen status says, and all else that stands against submitting.

    ``rule`` is the sentence of the rule, '' before a status is chosen. ``met`` is None while commitment, day or status
    are not known. ``declared`` is the flag "below the evidence rule", where it takes the place of the rule. ``missing``
    are fields to fill in or to mend, ``problems`` what readiness says apart from the rule.
    """

    rule: str = ""
    met: bool | None = None
    declared: str = ""
    missing: tuple = ()
    problems: tuple = ()
    measure: Measure | None = None

    @property
    def reasons(self):
        return (*self.missing, *self.problems)

    @property
    def is_ready(self):
        """Whether it could be submitted as it stands."""
        return not self.reasons and bool(self.met or self.declared)


def measure_of(commitment, progress):
    """The Measure for a commitment's public wording (its working copy before there is one); None without commitment."""
    if commitment is None:
        return None
    wording = readiness.newest_revision(commitment) or commitment
    return Measure(wording.target_unit, wording.target_quantity, wording.percent_of_target(progress))


def of_saved(assessment):
    """The Verdict on a draft as it is stored."""
    draft = readiness.to_check(Assessment).get(pk=assessment.pk)
    return _judge(draft, list(draft.evidence.all()), list(draft.search_log.all()))


def of_form(form, formsets):
    """The Verdict on what a validated AssessmentForm and the formsets of its rows say; nothing is saved."""
    entered, judged = form.cleaned_data, form.instance
    missing = list(_to_mend(form, formsets))
    commitment = entered.get("commitment") if "commitment" in form.fields else judged.commitment
    status = entered.get("status", "")
    measure = measure_of(commitment, entered.get("progress"))
    if not (commitment and status and entered.get("as_of")):
        rule = Status(status).rule if status else ""
        return Verdict(rule=rule, missing=tuple(sentence for sentence, _said in missing), measure=measure)
    rows = {formset.model: formset for formset in formsets}
    evidence = list(_evidence(rows[Evidence])) if Evidence in rows else []
    searches = list(_searches(rows[SearchLogEntry])) if SearchLogEntry in rows else []
    return _judge(judged, evidence, searches, missing)


def _judge(assessment, evidence, searches, missing=()):
    together = readiness.waiting_wordings()
    problems = readiness.judgement_problems(assessment, evidence=evidence, searches=searches, together_with=together)
    wording = readiness.judged_wording(assessment.commitment, together) or assessment.commitment
    breach = quality.breach_by(assessment, wording.due, evidence, searches)
    told = {str(SENTENCES[name][1]) for name in TOLD_BY_READINESS}
    return Verdict(
        rule=Status(assessment.status).rule,
        met=breach is None,
        declared=assessment.below_rule if breach and str(breach) not in problems else "",
        missing=tuple(sentence for sentence, said in missing if str(said) not in told),
        problems=tuple(problem for problem in problems if problem != str(breach)),
        measure=measure_of(assessment.commitment, assessment.progress),
    )


def _kept(formset):
    """The forms of the rows that would be saved."""
    for form in formset.forms:
        entered = getattr(form, "cleaned_data", {})
        if (form.instance.pk or form.has_changed()) and not entered.get("DELETE"):
            yield form, entered


def _evidence(formset):
    """The rows as far as they are entered: a source and its bearing are enough to be counted."""
    for form, entered in _kept(formset):
        source = form.named_source()
        if source is not None and entered.get("bearing"):
            told = {name: entered.get(name, "") for name in ("bearing", "shows", "locator")}
            yield Evidence(source=source, **told)


def _searches(formset):
    for form, _entered in _kept(formset):
        if not form.errors:
            yield form.instance


def _to_mend(form, formsets):
    yield from _told(form, "")
    for formset in formsets:
        yield from ((said, said) for said in formset.non_form_errors())
        for number, (row, _entered) in enumerate(_kept(formset), 1):
            where = f"{capfirst(formset.model._meta.verbose_name)} {number}, "
            told = _told(row, where)
            if getattr(row, "names_new_source", False) and row.new_source.errors:
                # The fields of the new source say it themselves.
                told = (pair for pair in told if pair[1] not in row.errors.get("source", ()))
                yield from _told(row.new_source, _("%(row)snew source, ") % {"row": where})
            yield from told


def _told(form, where):
    """(sentence with the name of the field, what was said at the field) of every error of a form."""
    for name, errors in form.errors.items():
        if name == NON_FIELD_ERRORS:
            yield from ((said, said) for said in errors)
            continue
        label = where + str(form.fields[name].label or label_for_field(name, form._meta.model))
        for error, said in zip(errors.as_data(), errors, strict=True):
            if error.code == "required":
                yield _("Fill in “%(field)s”.") % {"field": label}, said
            else:
                yield format_html("{}: {}", label, said), said
