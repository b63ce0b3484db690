"""Sentences that give a figure otherwise: the same measure of the same time, in the same unit, at another value."""

import re
from collections.abc import Sequence

from ragbot import figures, matching, measures
from ragbot.answerability import is_of_all
from ragbot.language import simplify
from ragbot.matching import Supporting
from ragbot.schema import Figure
from ragbot.segments import without_sources

_CLAUSE = re.compile(r"[，；。;]|,(?=\s)|\.(?=\s|$)")
_SAME_TIME = re.compile(r"同一?(?:年|期|季)|当年|\b(?:the same|that) (?:year|period|quarter)\b", re.IGNORECASE)
_TIMES = ("year", "period")
_SHARES = ("percent", "point", "multiple", "fraction")


def gives_otherwise(one: Supporting, other: Supporting, said: Sequence[Figure] | None = None) -> bool:
    """Whether two sentences contradict one another about a figure; `said`: about one of those, if it is given."""
    mine, theirs = without_sources(one[1].text), without_sources(other[1].text)
    if _of_other_times(mine, theirs) or is_of_all(mine) != is_of_all(theirs):
        return False
    here, there = _lone_amounts(mine), _lone_amounts(theirs)
    for unit in here.keys() & there.keys():
        a, b = here[unit], there[unit]
        meant = said is None or figures.meets(a, said)
        if meant and a.per == b.per and not figures.meets(a, [b]) and _measured(mine, a) == _measured(theirs, b):
            return True
    return False


def _lone_amounts(text: str) -> dict[str, Figure]:
    """The amounts of a text that are the only one of their unit, by unit; times, ranks, wording and changes aside."""
    found: dict[str, list[Figure]] = {}
    for figure in figures.read(text):
        change = figure.unit in _SHARES and matching.direction(text[matching.part_of(text, figure, _CLAUSE)])
        if figure.unit not in (*_TIMES, "rank") and not matching.wording(figure) and not change:
            found.setdefault(figure.unit, []).append(figure)
    return {unit: amounts[0] for unit, amounts in found.items() if len(amounts) == 1}


def _measured(text: str, figure: Figure) -> frozenset[str]:
    return measures.given(text[matching.part_of(text, figure, _CLAUSE)])


def _of_other_times(one: str, other: str) -> bool:
    mine, theirs = ([f for f in figures.read(text) if f.unit in _TIMES] for text in (one, other))
    if not mine or not theirs:
        return bool(mine or theirs) and not _SAME_TIME.search(simplify(other if mine else one))
    return not any(figures.meets(figure, theirs) for figure in mine)
