"""A margin that no sentence states, from the profit and the revenue that one gives: 2.9亿元 of 31.6亿元 are 9.2%."""

import re
from collections.abc import Iterable
from decimal import Decimal

from ragbot import figures, matching, measures
from ragbot.answerability import of_kind
from ragbot.language import detect
from ragbot.matching import Supporting
from ragbot.paired import Operand
from ragbot.rankings import Reckoned
from ragbot.reckoning import calculated
from ragbot.schema import Figure
from ragbot.segments import without_sources

_OF = {
    "net margin": "net profit",
    "operating margin": "operating profit",
    "gross margin": "gross profit",
}
"""Which profit a margin is the share of in the revenue."""

_MONEY = frozenset({"money"})
_PARTS = re.compile(r"[,;，、；]|\band\b|\bwhile\b|[和与而]", re.IGNORECASE)


def margin(question: str, rows: Iterable[Supporting]) -> Reckoned | None:
    """The margin that is asked for, in the first sentence that gives its profit and the revenue once each, of its year.

    `rows`: those of whom the question names.
    """
    wanted = [name for meant in measures.asked(question) for name in meant if name in _OF]
    years = {figure.value for figure in figures.read(question) if figure.unit == "year"}
    for row in rows if len(wanted) == 1 else ():
        text = without_sources(row[1].text)
        profit, revenue = _given(text, _OF[wanted[0]]), _given(text, "revenue")
        if profit and revenue and profit.unit == revenue.unit and _of_year(row, years) and not _states_one(text):
            return calculated("share", [Operand(profit, row, text), Operand(revenue, row, text)], detect(question))
    return None


def _of_year(row: Supporting, years: set[Decimal]) -> bool:
    """Whether all that a sentence gives is of one whole year, and of the one that is asked for if one is.

    A sentence that names none is of the last that was named before it, or of its title's.
    """
    passage, sentence = row
    own = [f for f in figures.read(without_sources(sentence.text)) if f.unit in ("year", "period")]
    before = figures.read(f"{passage.title} {without_sources(passage.text[: sentence.start - passage.start])}")
    dated = own or [f for f in before if f.unit in ("year", "period")][-1:]
    named = {figure.value for figure in dated}
    return len(named) <= 1 and all(figure.unit == "year" for figure in dated) and (not years or named == years)


def _given(text: str, measure: str) -> Figure | None:
    """The one amount of money in whose part of a sentence a measure is given."""
    money = [f for f in matching.amounts(text) if of_kind(f, _MONEY) and not matching.is_base(f, text)]
    found = [f for f in money if measure in measures.given(text[matching.part_of(text, f, _PARTS)])]
    return found[0] if len(found) == 1 else None


def _states_one(text: str) -> bool:
    return bool(measures.given(text) & (set(_OF) | {"margin"}))
