"""How things are ranked, and how a ranking is told: its sentences, its column, or names and figures alone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ragbot import figures, matching, measures
from ragbot.dictionary import glosses
from ragbot.language import ENGLISH_FUNCTION_WORDS, HAN, fold
from ragbot.mending import as_expected
from ragbot.paired import Operand
from ragbot.schema import Figure, Language
from ragbot.segments import without_sources

Order = Literal["highest", "lowest", "ranking"]

_LEADS = {
    "zh": {"highest": "从高到低：", "lowest": "从低到高：", "equal": "两者相同："},
    "en": {"highest": "From highest to lowest: ", "lowest": "From lowest to highest: ", "equal": "They are equal: "},
}
_UNDER = {"zh": "{lead}（{heading}）：", "en": "{lead} ({heading}): "}
_LEADING = re.compile(r"(?:[A-Z][\w&.\-]*(?:['’]s)?(?=[ ,])[ ,]?)+")
_IN_BRACKETS = re.compile(r"[（(][^（）()]*[)）]")
_CLAUSES = re.compile(r"[:：,，;；]\s*(?:(?:while|and|but|whereas)\s|[而但])?")
_OF_IT = re.compile(r"['’]s\b|的")
_RUN = re.compile(r"[\u4e00-\u9fff]+?(?=的)")
_BRACKET = re.compile(r"[（(]([^（）()]{1,24})[)）]\s*$")


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A statement whose figure was reckoned: `figure` is it, None for a ranking; `operands` are what it stands on.

    `sum`: as it was reckoned, "$25 billion + $9.57 billion"; empty for a ranking. `lead`: what a ranking begins with.
    `against`: it contradicts what the question takes for granted.
    """

    text: str
    figure: Figure | None
    operands: tuple[Operand, ...]
    sum: str = ""
    lead: str = ""
    against: bool = False


def is_said_of(word: str, operand: Operand) -> bool:
    """Whether what a figure is said of holds a word."""
    return matching.meets(word, operand.subject) >= matching.MISSING


def ranked(asked: Order, operands: Sequence[Operand], language: Language) -> Reckoned:
    """The sentences in the order of their figures."""
    ordered = sorted(operands, key=lambda operand: operand.figure.value, reverse=asked != "lowest")
    equal = len(ordered) == 2 and ordered[0].figure.value == ordered[1].figure.value
    lead = _LEADS[language]["equal" if equal else "lowest" if asked == "lowest" else "highest"]
    said = [_said(operand) for operand in ordered]
    return Reckoned(_listed(lead, said, language), None, tuple(ordered), lead=lead)


def headed(found: Reckoned, language: Language) -> Reckoned:
    """A ranking of one column with its heading said once for all rows; anything else as it is."""
    heads = {_heading(operand) for operand in found.operands}
    if found.figure or len(heads) > 1 or heads == {""}:
        return found
    lead = under(found.lead, heads.pop(), language)
    said = [f"{matching.cells(o.row[1].text)[0]} {o.figure.text}" for o in found.operands]
    return replace(found, text=_listed(lead, said, language), lead=lead)


def retold(found: Reckoned, said: Sequence[str], language: Language) -> Reckoned:
    """A ranking with other statements for its sentences, one for each."""
    return replace(found, text=_listed(found.lead, [text.rstrip("。.;； ") for text in said], language))


def by_name(found: Reckoned, names: Sequence[str], language: Language) -> Reckoned:
    """A ranking of names and figures alone, for what cannot be told; as it is where a figure is of no such name.

    `names`: those of the question, as it writes them. What a row, or else a sentence, calls it in Latin letters will
    do too.
    """
    said: list[str] = []
    whose: list[str] = []
    for operand in found.operands:
        own = without_sources(operand.row[1].text)
        called = _called(operand, own, names, language)
        if not called or called in whose:
            return found
        whose.append(called)
        gap = "" if HAN.search(called[-1]) else " "
        written = figures.write(in_unit(operand), language, qualified=True)
        said.append(as_expected(f"{called}{gap}{written}", own))
    headings = {_heading_in(language, _heading(operand)) for operand in found.operands}
    heading = headings.pop() if len(headings) == 1 else ""
    lead = under(found.lead, heading, language) if heading else found.lead
    return retold(replace(found, lead=lead), said, language)


def under(lead: str, heading: str, language: Language) -> str:
    """What a ranking begins with, and in brackets what it is of."""
    return _UNDER[language].format(lead=lead.rstrip("：: "), heading=heading)


def _heading_in(language: Language, heading: str) -> str:
    """A column's heading in a language, as far as it is a measure and a year: "Gross margin 2024", 2024年毛利率."""
    bare = _BRACKET.sub("", heading)
    read = figures.read(bare)
    rest = measures.without(figures.without(bare, read))
    term = measures.called(bare, language)
    if not term or rest.strip() or any(figure.unit != "year" for figure in read):
        return ""
    year = figures.write(read[0], language) if read else ""
    return f"{year}{term}" if language == "zh" else f"{term} {year}".strip()


def _called(operand: Operand, own: str, names: Sequence[str], language: Language) -> str:
    """What a ranking calls whose figure it is; '' where the language has no name for it."""
    table = " | " in own
    about = matching.cells(own)[0] if table else operand.subject
    asked = [name for name in names if not measures.given(name) and _is_of(name, about)]
    if len(asked) == 1:
        return asked[0]
    if table:
        return "" if HAN.search(_IN_BRACKETS.sub("", about)) and language == "en" else about
    if led := _leads(own[: operand.figure.span[0]], asked):
        return led
    if leading := _LEADING.match(own):
        name = leading[0].rstrip(" ,")
        return "" if name.endswith(("'s", "’s")) or fold(name) in ENGLISH_FUNCTION_WORDS else name
    latin = matching.names(own[: operand.figure.span[0]]) if HAN.search(own) else []
    return " ".join(latin[0]) if latin else _in_english(own) if language == "en" else ""


def _leads(before: str, names: Sequence[str]) -> str:
    """The one of several names with which the last clause before a figure begins that begins with one; '' for none."""
    for clause in reversed(_CLAUSES.split(before)):
        found = [name for name in names if clause.startswith(name) and not _OF_IT.match(clause, len(name))]
        if found:
            return found[0]
    return ""


def _in_english(own: str) -> str:
    """What a Chinese sentence begins with, word by word, where that is a name: 谷歌云的 is Google Cloud."""
    run = _RUN.match(own)
    said = glosses(run[0], least=1) if run else {}
    parts = [word for gloss in said.values() for word in gloss.split() if word.lower() not in matching.LEGAL]
    return " ".join(part[:1].upper() + part[1:] for part in parts) if parts and parts[0][0].isupper() else ""


def in_unit(operand: Operand) -> Figure:
    """The figure in the unit that the heading of its column gives in brackets: 655, under "CO2 per tonne (kg)"."""
    unit = _BRACKET.search(_heading(operand))
    read = figures.read(f"{operand.figure.text} {unit[1]}") if unit and operand.figure.unit == "count" else []
    return read[0] if len(read) == 1 else operand.figure


def _is_of(name: str, about: str) -> bool:
    if HAN.search(name):
        return matching.meets(name, about) >= matching.MISSING
    return matching.is_called(tuple(fold(name).split()), about)


def _listed(lead: str, said: Sequence[str], language: Language) -> str:
    return f"{lead}{('；' if language == 'zh' else '; ').join(said)}{'。' if language == 'zh' else '.'}"


def _heading(operand: Operand) -> str:
    """The heading of a table's column that a figure stands under; '' where it stands in no table."""
    text = without_sources(operand.row[1].text)
    return operand.subject.removeprefix(matching.cells(text)[0]).strip() if " | " in text else ""


def _said(operand: Operand) -> str:
    text = without_sources(operand.row[1].text)
    if " | " in text:
        return f"{operand.subject} {operand.figure.text}"
    return text.rstrip("。.;； ")
