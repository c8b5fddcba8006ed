"""Which commitments an editor may change: those of their themes and parties, or all where nothing is set.

The one place of this rule. The desk, the workflow and imports ask it before they write, for a commitment and for all
that hangs on it: judgements with their evidence, replies, corrections and retractions. Reading and publishing are not
narrowed.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from commitments.models import Commitment, Party, Retraction


@dataclass(frozen=True)
class Scope:
    """The ids of the themes and parties that one person is limited to; an empty set limits nothing."""

    themes: frozenset = frozenset()
    parties: frozenset = frozenset()

    @property
    def is_limited(self):
        return bool(self.themes or self.parties)

    def problem(self, commitment):
        """Why a stored Commitment lies outside, as a sentence, or None."""
        if not self.is_limited:
            return None
        named = [*commitment.pledged_by.all(), *commitment.beneficiaries.all()] if self.parties else []
        return self.problem_with(commitment.theme, named, commitment.made_on)

    def problem_with(self, theme, named, made_on):
        """The same for what a form says: a Theme, the Parties on either side, and the day of the promise.

        Where the organisation itself is named, every state counts that was a member on that day.
        """
        if self.themes and (theme is None or theme.pk not in self.themes):
            sentence = _("The theme “%(theme)s” is outside what you edit; an administrator says which are yours.")
            return sentence % {"theme": theme or "—"}
        if self.parties and not self.parties & self._involved(named, made_on):
            return _(
                "None of the parties that you edit made this commitment or was to gain from it; an administrator says "
                "which parties are yours."
            )
        return None

    @staticmethod
    def _involved(named, made_on):
        found = {party.pk for party in named}
        if made_on and any(party.stands_for_members for party in named):
            found |= {member.pk for member in Party.objects.members_on(made_on)}
        return found


def of(person):
    """The Scope of a Person; that of nobody (an import without a person) limits nothing."""
    if person is None or person.pk is None:
        return Scope()
    return Scope(
        frozenset(person.themes.values_list("pk", flat=True)), frozenset(person.parties.values_list("pk", flat=True))
    )


def problem(person, commitment):
    """Why ``person`` may not change ``commitment`` and what hangs on it, as a sentence, or None where they may."""
    return of(person).problem(commitment)


def subject_of(record):
    """The Commitment that a Commitment, Assessment, Reply or Retraction is about; None where none is named yet."""
    if isinstance(record, Commitment):
        return record
    if isinstance(record, Retraction):
        return record.subject
    if hasattr(record, "commitment_id"):
        return record.commitment if record.commitment_id else None
    return record.assessment.commitment if record.assessment_id else None
