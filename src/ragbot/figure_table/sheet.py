"""The table of figures for a spreadsheet."""

import csv as standard
from collections.abc import Iterable
from io import StringIO

from ragbot.figure_table.rows import FigureRow

COLUMNS = (
    "who", "what", "value", "unit", "per", "text", "period", "qualifier", "segment", "document", "language",
    "start", "end", "quote", "disagrees",
)  # fmt: skip


def csv(rows: Iterable[FigureRow]) -> str:
    """Comma-separated values with a header, one line a row. What a spreadsheet would run as a formula stays text."""
    file = StringIO()
    writer = standard.writer(file)
    writer.writerow(COLUMNS)
    for row in rows:
        doubts = "; ".join(f"{doubt.there} ({doubt.place})" for doubt in row.disagrees)
        cells: list[object] = [
            row.who,
            row.what,
            f"{row.value:f}",
            row.unit,
            row.per,
            row.text,
            row.period,
            row.qualifier,
        ]
        cells += [row.segment, row.document, row.language, row.start, row.end, row.quote, doubts]
        writer.writerow([cell if number == 2 else _inert(cell) for number, cell in enumerate(cells)])
    return file.getvalue()


def _inert(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
