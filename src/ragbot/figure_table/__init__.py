"""Every figure of the documents as a table: who, what, how much, when, in which sentence; and where they contradict.

table(passages)              rows in order of document and place
in_language(rows, "en")      one row of each fact, in that language where it is said in it
csv(rows)                    the same for a spreadsheet
of_one_party(place, place, rows)
                             whether two sentences give figures of one company
"""

from collections.abc import Iterable, Sequence

from ragbot.figure_table.facts import connect, in_language
from ragbot.figure_table.rows import Disagreement, FigureRow, rows
from ragbot.figure_table.sheet import csv
from ragbot.schema import Passage

__all__ = ["Disagreement", "FigureRow", "Place", "csv", "in_language", "of_one_party", "table"]

Place = tuple[str, int]
"""A sentence: its document, and where it starts there."""


def table(passages: Iterable[Passage]) -> tuple[FigureRow, ...]:
    """The figures of the passages; rows of one fact share `fact`, names of one company `party`."""
    ordered = sorted(passages, key=lambda passage: (passage.document, passage.start))
    return connect(list(rows(ordered)), "\n".join(passage.text for passage in ordered))


def of_one_party(one: Place, other: Place, found: Sequence[FigureRow]) -> bool:
    """Whether two sentences give figures of one party, or one of them names none; `found`: the table they are in."""
    mine, theirs = ({row.party for row in found if row.party and _place(row) == place} for place in (one, other))
    return not mine or not theirs or bool(mine & theirs)


def _place(row: FigureRow) -> Place:
    return row.document, row.start
