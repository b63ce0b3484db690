"""Several that a question names, each asked about by itself, where no sentences say it of all: their figures together.

"Who earned more, Orla or Tamar?" is two questions for a net profit; a sentence about the one lacks the other's name.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from ragbot import figures, matching, measures
from ragbot.answerability import Demand, Verdict, names_the_same
from ragbot.dictionary import is_listed
from ragbot.language import HAN, simplify
from ragbot.matching import WHY, Supporting
from ragbot.paired import Operand
from ragbot.rankings import Reckoned, ranked, retold, under
from ragbot.reckoning import asks_growth, calculated, operation, order
from ragbot.schema import Figure
from ragbot.sole import figures_meant

_MOST = 4  # of them: each takes a search and some readings
_EACH = re.compile(r"各|分别|比较|相比|谁|哪|\b(?:each|respectively|compare\w*|which|who|whose|or)\b", re.IGNORECASE)
# How a question sets things beside each other, as English stems and Chinese words.
_SETTING_BESIDE = frozenset("between among earn post report record better bigger faster greater larger winner".split())
_BESIDE = ("和", "与", "跟", "及", "、", "还是", "或")  # what stands between two names in Chinese


def questions(asked: Demand) -> Mapping[str, str]:
    """For each that a question names, as it writes the name, the question for its figure alone.

    None where it names but one, or too many, or asks for nothing that a figure tells.
    """
    names = _names(asked)
    if not asked.compared or WHY.search(asked.question) or not 1 < len(names) <= _MOST:
        return {}
    if not (_EACH.search(asked.question) or operation(asked.question)):
        return {}
    what = _what(asked) if not _narrows(asked, names) else ""
    return {name: _question(asked, name, what) for name in names} if what else {}


def together(asked: Demand, found: Mapping[str, Verdict]) -> Reckoned | None:
    """What the figures of all that a question names make; None unless each has just one, all of a kind and a time.

    `found`: for each name, what the documents have for its own of the `questions`, once it is read.
    """
    operands = []
    for name, verdict in found.items():
        said = _figure(verdict)
        if not said:
            return None
        operands.append(Operand(*said, name))
    kinds = {(operand.figure.unit, operand.figure.per) for operand in operands}
    times = {operand.figure.period for operand in operands if operand.figure.period}
    if len(kinds) != 1 or len(times) > 1:
        return None
    wanted = operation(asked.question)
    if wanted in ("sum", "difference", "ratio"):
        return calculated(wanted, operands, asked.language)
    return _in_order(asked, operands)


def _in_order(asked: Demand, operands: list[Operand]) -> Reckoned:
    """Names and figures in the order that the question wants, the highest first where it does not say."""
    found = ranked(order(asked.question) or "highest", operands, asked.language)
    what = _what(asked)
    if asks_growth(asked.question):
        what = f"{what}增幅" if asked.language == "zh" else f"growth of {what}"
    lead = under(found.lead, what, asked.language)
    said = []
    for operand in found.operands:
        gap = "" if HAN.search(operand.subject[-1]) else " "
        said.append(f"{operand.subject}{gap}{figures.write(operand.figure, asked.language, qualified=True)}")
    return retold(replace(found, lead=lead), said, asked.language)


def _names(asked: Demand) -> list[str]:
    """The names of a question as it writes them; in Chinese also a strange word that is set beside one."""
    question = simplify(asked.question)
    found = []
    for name in asked.names:
        said = re.search(r"(?<![A-Za-z0-9])" + r"[\s&]+".join(map(re.escape, name)), question, re.IGNORECASE)
        found.append(said[0] if said else " ".join(name))
    found += asked.han_names
    for word in asked.words:
        beside = any(f"{a}{sign}{b}" in question for n in found for sign in _BESIDE for a, b in ((n, word), (word, n)))
        if HAN.match(word) and not is_listed(word) and beside and not any(word in name for name in found):
            found.append(word)
    return sorted(found, key=question.find)


def _narrows(asked: Demand, names: list[str]) -> bool:
    """Whether a question says more of what it asks for than the measure: data centre revenue, the export business."""
    said = {word for name in names for word in matching.units(name, "")} | _SETTING_BESIDE | matching.CHANGE
    return any(matching.critical(word) and word not in said and word not in names for word in asked.words)


def _what(asked: Demand) -> str:
    """What is asked of each of them: the one measure, and when; '' where there is not one."""
    terms = {asked.question[start:end].lower() for start, end in measures.spans(asked.question)}
    if len(terms) != 1:
        return ""
    term, when = terms.pop(), "".join(figures.write(period, asked.language) for period in asked.periods[:1])
    if asked.language == "zh":
        return f"{when}{term}"
    return f"{term} in {when}" if when else term


def _question(asked: Demand, name: str, what: str) -> str:
    grew = asks_growth(asked.question)
    if asked.language == "zh":
        return f"{name}{what}{'增长了' if grew else '是'}多少？"
    return f"By how much did {name}'s {what} grow?" if grew else f"What was {name}'s {what}?"


def _figure(verdict: Verdict) -> tuple[Figure, Supporting] | None:
    """The one figure that is meant, of the best sentence that says it of whom the question names."""
    asked = verdict.asked
    for row in verdict.accepted if asked else ():
        if asked and names_the_same(asked, row):
            meant = figures_meant(asked, row)
            return (meant[0], row) if len({(f.value, f.unit) for f in meant}) == 1 else None
    return None
