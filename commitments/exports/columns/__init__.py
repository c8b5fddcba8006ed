"""Every column of every table, declared once: header, documentation and tests read it here. Columns are only added."""

from .base import Column
from .between import BETWEEN
from .changes import CHANGES
from .commitments import BATCH, COMMITMENTS, Row, commitment_rows, with_rows
from .registers import ASSESSMENTS, EVIDENCE, SOURCES, assessment_key
from .scores import SCORES, ScoreRow, score_rows

__all__ = [
    "ASSESSMENTS",
    "BATCH",
    "BETWEEN",
    "CHANGES",
    "COMMITMENTS",
    "EVIDENCE",
    "SCORES",
    "SOURCES",
    "Column",
    "Row",
    "ScoreRow",
    "assessment_key",
    "commitment_rows",
    "score_rows",
    "with_rows",
]
