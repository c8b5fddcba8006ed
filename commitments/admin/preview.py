"""A dry run as its page shows it: problems, what is new, what would change from what to what. Long lists are cut."""

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from commitments.imports.rows import text_of

MOST_PROBLEMS, MOST_NEW, MOST_CHANGED, MOST_UNCHANGED = 300, 200, 200, 100
# Of a long text the part around the first difference is shown.
CONTEXT, LONGEST = 60, 400


@dataclass(frozen=True)
class Preview:
    """The Plan of a dry run for people; ``noun`` is the model's name in the addresses of the desk."""

    plan: object
    noun: str

    @property
    def problems(self):
        return self.plan.problems[:MOST_PROBLEMS]

    @property
    def more_problems(self):
        return max(0, len(self.plan.problems) - MOST_PROBLEMS)

    @property
    def new(self):
        return self.plan.new[:MOST_NEW]

    @property
    def more_new(self):
        return max(0, len(self.plan.new) - MOST_NEW)

    @cached_property
    def changed(self):
        """(entry, its address, [(column, before, after)]) of the first ones."""
        return [
            (
                entry,
                reverse(f"admin:commitments_{self.noun}_change", args=[entry.record.pk]),
                [(name, *side_by_side(*change)) for name, change in entry.changes.items()],
            )
            for entry in self.plan.changed[:MOST_CHANGED]
        ]

    @property
    def more_changed(self):
        return max(0, len(self.plan.changed) - MOST_CHANGED)

    @property
    def unchanged(self):
        return self.plan.unchanged[:MOST_UNCHANGED]

    @property
    def more_unchanged(self):
        return max(0, len(self.plan.unchanged) - MOST_UNCHANGED)


def side_by_side(before, after):
    """Two values as texts; of long ones the part around the first difference."""
    texts = [text_of(before), text_of(after)]
    if max(map(len, texts)) > LONGEST:
        pairs = zip(*texts, strict=False)
        same = next((at for at, (one, other) in enumerate(pairs) if one != other), min(map(len, texts)))
        start = max(0, same - CONTEXT)
        texts = [_cut(text, start) for text in texts]
    return tuple(text or "—" for text in texts)


def _cut(text, start):
    end = start + LONGEST
    return ("…" if start else "") + text[start:end] + ("…" if text[end:] else "")
