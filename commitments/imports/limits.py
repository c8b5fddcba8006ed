"""What an editor who is limited to themes or parties may import: the rule of scope.py, without a query for each row."""

from django.utils.functional import cached_property

from commitments import scope
from commitments.models import Commitment, Party, Theme


class Limits:
    """The Scope of one person, for many rows: whatever it needs is read once."""

    def __init__(self, person):
        self.scope = scope.of(person)
        self._members = {}

    @cached_property
    def _themes(self):
        return {theme.slug: theme for theme in Theme.objects.all()}

    @cached_property
    def _parties(self):
        return {party.code: party for party in Party.objects.all()}

    def _all(self, named, day):
        """The parties named, with every state that “all members” means on the day."""
        if not any(party.stands_for_members for party in named):
            return named
        if day not in self._members:
            self._members[day] = Party.objects.members_on(day) if day else []
        return [*named, *self._members[day]]

    def problem(self, commitment):
        """Why a Commitment, read with its theme and parties, lies outside; None where it does not."""
        if commitment is None or not self.scope.is_limited:
            return None
        named = [*commitment.pledged_by.all(), *commitment.beneficiaries.all()]
        # Without the day: the members of that day are among those named already.
        return self.scope.problem_with(commitment.theme, self._all(named, commitment.made_on), None)

    def problem_after(self, entry):
        """Why what the Entry of a commitment would become lies outside; None where it does not."""
        if not self.scope.is_limited:
            return None
        stored = entry.record
        slug = entry.changes["theme"][1] if "theme" in entry.changes else stored.theme.slug if stored else None
        named = []
        for name in ("pledged_by", "beneficiaries"):
            if name in entry.many:
                named += [self._parties[code] for code in entry.many[name]]
            elif stored:
                named += getattr(stored, name).all()
        return self.scope.problem_with(self._themes.get(slug), self._all(named, entry.instance.made_on), None)

    def outside(self, slugs):
        """{key of a commitment: why it lies outside} of those of ``slugs`` that do; three queries, or none."""
        if not self.scope.is_limited or not slugs:
            return {}
        found = Commitment.objects.filter(slug__in=slugs).select_related("theme")
        told = {one.slug: self.problem(one) for one in found.prefetch_related("pledged_by", "beneficiaries")}
        return {slug: problem for slug, problem in told.items() if problem}
