"""The figure that a question asks for, by itself: the answer where a sentence of the other language cannot be told.

"95.7亿美元，同比增长28%" holds two; which of them is meant follows from the kind of figure, the measure and the time.
"""

import re
from collections.abc import Callable, Sequence

from ragbot import figures, matching, measures
from ragbot.answerability import Demand, of_kind
from ragbot.language import words
from ragbot.matching import CHANGE, Supporting
from ragbot.mending import as_expected
from ragbot.reckoning import cell
from ragbot.schema import Figure, Language
from ragbot.segments import without_sources

_SHARES = ("percent", "point", "multiple", "fraction")
_TIMES = ("year", "period")
_PARTS = re.compile(r"[,，;；、](?!\d)|\b(?:and|while|but|compared|against|from)\b|[和与而](?!且)|其中", re.IGNORECASE)
_MOVED: dict[Language, dict[int, str]] = {"zh": {1: "增长", -1: "下降"}, "en": {1: "up ", -1: "down "}}
_ENDS: dict[Language, str] = {"zh": "。", "en": "."}


def sole_figure(asked: Demand, row: Supporting) -> str:
    """The figure as the question's language writes it, a sentence of its own; '' unless just one may be meant."""
    own = without_sources(row[1].text)
    if not asked.units or asked.compared:
        return ""
    found = [o.figure for o in cell(asked.question, row, own)] if " | " in own else _meant(asked, own)
    if len({(figure.value, figure.unit, figure.per) for figure in found}) != 1:
        return ""
    figure = found[0]
    written = figures.write(figure, asked.language, qualified=True)
    moved = matching.direction(_part(own, figure)) if figure.unit in ("percent", "point") else 0
    said = f"{_MOVED[asked.language].get(moved, '')}{written}"
    return as_expected(f"{said[0].upper()}{said[1:]}{_ENDS[asked.language]}", own)


def _meant(asked: Demand, own: str) -> Sequence[Figure]:
    """The figures of a sentence that may be meant: of the kind, and as far as that tells, of the measure and time."""
    times = bool(asked.units and asked.units <= set(_TIMES))
    found = [f for f in figures.read(own) if of_kind(f, asked.units or frozenset()) and (times or f.unit not in _TIMES)]
    of_change = any(word in CHANGE for word in asked.words) or any(w in CHANGE for w in words(asked.question))
    for fits in (
        _by_change(of_change, own),
        lambda f: all(meant & measures.given(_part(own, f)) for meant in asked.measures),
        lambda f: any(_met(period, figures.read(_part(own, f))) for period in asked.periods),
        lambda f: not matching.wording(f),
    ):
        found = [figure for figure in found if fits(figure)] or found
    return found


def _by_change(wanted: bool, own: str) -> Callable[[Figure], bool]:
    """Whether a figure tells how far something rose or fell, just where that is asked."""
    return lambda figure: wanted == (figure.unit in _SHARES and bool(matching.direction(_part(own, figure))))


def _part(own: str, figure: Figure) -> str:
    return own[matching.part_of(own, figure, _PARTS)]


def _met(figure: Figure, others: Sequence[Figure]) -> bool:
    return figures.compare(figure, others)[0] != "unsupported"
