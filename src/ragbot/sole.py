"""The figure that a question asks for, by itself: the answer where a sentence of the other language cannot be told.

"95.7亿美元，同比增长28%" holds two; which of them is meant follows from the kind of figure, the measure and the time.
"""

import re
from collections.abc import Sequence

from ragbot import figures, matching, measures
from ragbot.answerability import Demand, of_kind
from ragbot.language import words
from ragbot.llm import Model
from ragbot.matching import CHANGE, WHOM, WHY, Supporting
from ragbot.mending import as_expected
from ragbot.reckoning import cell
from ragbot.schema import Figure, Language
from ragbot.segments import without_sources
from ragbot.telling import BELIEVED, beliefs

_SHARES = ("percent", "point", "multiple", "fraction")
_TIMES = ("year", "period")
_PARTS = re.compile(r"[,，;；、](?!\d)|\b(?:and|while|but|compared|against|from)\b|[和与而](?!且)|其中", re.IGNORECASE)
_MOVED: dict[Language, dict[int, str]] = {"zh": {1: "增长", -1: "下降"}, "en": {1: "up ", -1: "down "}}
_ENDS: dict[Language, str] = {"zh": "。", "en": "."}


def sole_answer(asked: Demand, row: Supporting, model: Model | None) -> str:
    """`sole_figure`, where it answers by itself; else ''.

    Alone it does not show what it is of: either the sentence holds each word of the question, or the model believes
    that the figure answers it. Raises as `llm.Model.probability` does.
    """
    said = sole_figure(asked, row)
    if not said or _holds_all(asked, row):
        return said
    believed = beliefs(f"{asked.question} {said}", row, model) if model and model.taught else ()
    return said if any(belief >= BELIEVED for belief in believed) else ""


def _holds_all(asked: Demand, row: Supporting) -> bool:
    about = matching.subject(without_sources(row[1].text), *row)
    telling = [word for word in asked.words if matching.critical(word)]
    return all(matching.known(word, about, asked.aliases) >= matching.MISSING for word in telling)


def sole_figure(asked: Demand, row: Supporting) -> str:
    """The figure as the question's language writes it, a sentence of its own; '' unless just one may be meant."""
    own = without_sources(row[1].text)
    if asked.compared or _asks_more(asked.question) or not (asked.units or asked.figures):
        return ""
    found = figures_meant(asked, row)
    if len({(figure.value, figure.unit, figure.per) for figure in found}) != 1:
        return ""
    figure = found[0]
    if not asked.units and figures.meets(figure, asked.figures):
        return ""  # it tells no other than the question
    written = figures.write(figure, asked.language, qualified=True)
    moved = matching.direction(_part(own, figure)) if figure.unit in ("percent", "point") else 0
    said = f"{_MOVED[asked.language].get(moved, '')}{written}"
    return as_expected(f"{said[0].upper()}{said[1:]}{_ENDS[asked.language]}", own)


def figures_meant(asked: Demand, row: Supporting) -> Sequence[Figure]:
    """The figures of a sentence, or of a table's row, that a question may mean."""
    own = without_sources(row[1].text)
    return [operand.figure for operand in cell(asked.question, row, own)] if " | " in own else _meant(asked, own)


def _asks_more(question: str) -> bool:
    """Whether a question asks for what no figure tells: why, who or where."""
    return bool(WHY.search(question) or WHOM.search(question))


def _meant(asked: Demand, own: str) -> Sequence[Figure]:
    """The figures of a sentence that may be meant: of the kind, and as far as that tells, of the measure and time."""
    times = bool(asked.units and asked.units <= set(_TIMES))
    of_change = any(word in CHANGE for word in (*asked.words, *words(asked.question)))
    found = [f for f in figures.read(own) if _is_asked(f, asked) and (times or f.unit not in _TIMES)]
    found = [f for f in found if of_kind(f, (asked.units or frozenset()) - {"any"})] or found
    found = [f for f in found if _is_change(f, own) == of_change] or found
    measured = [f for f in found if all(meant & measures.given(_part(own, f)) for meant in asked.measures)]
    if not measured and len(found) > 1:
        return []  # they are of other measures
    found = measured or found
    found = [f for f in found if any(figures.meets(p, figures.read(_part(own, f))) for p in asked.periods)] or found
    found = [f for f in found if matching.role(f, own) != "from" and not matching.is_base(f, own)] or found
    return [f for f in found if not matching.wording(f)] or found


def _is_asked(figure: Figure, asked: Demand) -> bool:
    """Whether a figure is of the kind that is asked for, else of that which the question takes for granted."""
    if asked.units:
        return of_kind(figure, asked.units)
    return any((figure.unit, figure.per) == (told.unit, told.per) for told in asked.figures)


def _is_change(figure: Figure, own: str) -> bool:
    """Whether a figure tells how far something rose or fell."""
    return figure.unit in _SHARES and bool(matching.direction(_part(own, figure)))


def _part(own: str, figure: Figure) -> str:
    return own[matching.part_of(own, figure, _PARTS)]
