"""Every figure of the documents as a table: who, what, how much, when, in which sentence; and where they contradict.

table(passages)              rows in order of document and place
in_language(rows, "en")      one row of each fact, in that language where it is said in it
csv(rows)                    the same for a spreadsheet
"""

from collections.abc import Iterable

from ragbot.figure_table.facts import connect, in_language
from ragbot.figure_table.rows import Disagreement, FigureRow, rows
from ragbot.figure_table.sheet import csv
from ragbot.schema import Passage

__all__ = ["Disagreement", "FigureRow", "csv", "in_language", "table"]


def table(passages: Iterable[Passage]) -> tuple[FigureRow, ...]:
    """The figures of the passages; rows of one fact share `fact`, names of one company `party`."""
    ordered = sorted(passages, key=lambda passage: (passage.document, passage.start))
    return connect(list(rows(ordered)), "\n".join(passage.text for passage in ordered))
