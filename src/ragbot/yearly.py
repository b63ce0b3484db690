"""How far a figure of a table's row went from one year to another, where each year has a column of its own."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ragbot import figures, matching, measures
from ragbot.language import detect
from ragbot.matching import Supporting
from ragbot.paired import Operand, asks_how_far
from ragbot.rankings import Reckoned, in_unit
from ragbot.reckoning import calculated, operation
from ragbot.segments import without_sources

_ABOUT = 0.5  # share of the question's words from which a heading is what it asks about
_YEAR_BEFORE = re.compile(
    r"前一年|上一?年|\b(?:the|a) year (?:before|earlier)\b|\b(?:previous|prior|preceding) year\b", re.IGNORECASE
)
_ASIDE = re.compile(r"多少(?:万|亿|百万)?[\u4e00-\u9fff]?")  # in what it is to be told


def between_years(question: str, rows: Iterable[Supporting]) -> Reckoned | None:
    """The difference of the two columns of one thing that a question for a change is about, in the first such row.

    `rows`: those of whom the question names.
    """
    if operation(question) != "difference" and not asks_how_far(question):
        return None
    wanted = _years(question)
    for row in rows:
        found = [pair for pair in _pairs(row) if {year for year, _ in pair} >= wanted]
        fit = [_fit(question, row, pair[0][1]) for pair in found]
        if found and max(fit) >= _ABOUT and fit.count(max(fit)) == 1:
            operands = [operand for _, operand in found[fit.index(max(fit))]]
            return calculated("difference", operands, detect(question))
    return None


def _years(question: str) -> set[int]:
    """The years that a question names, and the one before them if it names that."""
    named = {int(figure.value) for figure in figures.read(question) if figure.unit == "year"}
    return named | ({min(named) - 1} if named and _YEAR_BEFORE.search(question) else set())


def _pairs(row: Supporting) -> Iterator[list[tuple[int, Operand]]]:
    """The figures of a row under headings that differ by their year alone, two at a time, with these years."""
    text = without_sources(row[1].text)
    cells, heads = matching.cells(text), matching.table_header(row[0], text).split(" | ") if " | " in text else []
    by_heading: dict[str, list[tuple[int, Operand]]] = {}
    for cell, head in zip(cells, heads, strict=True) if len(cells) == len(heads) else ():
        years = [figure for figure in figures.read(head) if figure.unit == "year"]
        amounts = matching.amounts(cell)
        if len(years) == len(amounts) == 1:
            operand = Operand(amounts[0], row, f"{cells[0]} {head}")
            about = figures.without(head, years)
            by_heading.setdefault(" ".join(about.split()), []).append(
                (int(years[0].value), replace(operand, figure=in_unit(operand)))
            )
    yield from (found for found in by_heading.values() if len(found) == 2)


def _fit(question: str, row: Supporting, operand: Operand) -> float:
    """Share of a question's words, but for the row's name, times and change, that a figure's heading holds."""
    called = matching.cells(without_sources(row[1].text))[0]
    heading = operand.subject.removeprefix(called)
    bare = _ASIDE.sub(" ", _YEAR_BEFORE.sub(" ", figures.without(question, figures.read(question))))
    words = matching.units(bare, "")
    asked = [word for word in words if matching.critical(word) and matching.meets(word, called) < matching.MISSING]
    given = measures.given(heading)
    if not all(meant & given for meant in measures.asked(question)):
        return 0.0
    return sum(matching.meets(word, heading) >= matching.MISSING for word in asked) / (len(asked) or 1)
