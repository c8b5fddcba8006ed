"""What a column is."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """One column: its name in the header, what it means, the type of its value and how a row gives it."""

    name: str
    type: str
    meaning: str
    value: Callable
