"""Two figures of one sentence, and what a question wants made of them: how far from one to the other, what is left.

A sentence that says so itself is left to speak; here it gives both figures and no more.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from ragbot import figures, matching
from ragbot.language import simplify
from ragbot.matching import Supporting
from ragbot.schema import Figure
from ragbot.segments import without_sources

# How far something went, where a sentence says only from where and to where.
_WENT = re.compile(
    r"(?:(?<![卖用花吃扔换])掉|降|跌|涨|升|增|减|追加|拉长|缩短|提前|推迟|多|少)了?(?:多少|几)"
    r"|\b(?:by how (?:much|many)|how (?:much|far|many))\b.{1,80}\b(?:f[ae]ll|drop\w*|ris\w+|rose|gr[oe]w|shr[aiu]nk"
    r"|lengthen\w*|shorten\w*|increas\w+|decreas\w+|declin\w+|widen\w*|narrow\w*|climb\w*|slipp?\w*|cut"
    r"|(?:go|went|come|came) (?:up|down))\b",
    re.IGNORECASE,
)
# What came in less what went out, and what was spent beyond the budget, where a sentence gives both but not that.
_NET = re.compile(
    r"净(?:增|减|多|少|开|关|流[入出])|\bnet of\b|\bnet (?:gain|loss|increase|decrease|additions?|change|openings)\b",
    re.IGNORECASE,
)
_IN = re.compile(r"开|新增|增加|招|入职|新签|\b(?:open\w*|add\w*|hire\w*|join\w*|won|gain\w*)\b", re.IGNORECASE)
_OUT = re.compile(r"关|撤|裁|离职|流失|退出|\b(?:clos\w+|shut\w*|lost|cut|laid off|quit|withdrew)\b", re.IGNORECASE)
_OVERRUN = re.compile(r"超支|超出预算|\bover (?:its |the )?budget\b|\boverr[au]n\w*|\boverspen[dt]\b", re.IGNORECASE)
_BUDGET = re.compile(r"预算|\bbudget\w*", re.IGNORECASE)
_SWING = re.compile(r"\bswing\b|\bswung\b|\bturn(?:ed)? ?around\b|由[盈亏].{0,4}[盈亏]|反差|逆转", re.IGNORECASE)
_EARNED = re.compile(r"盈利|利润|赚|\b(?:earn\w*|profits?|made)\b", re.IGNORECASE)
_LOST = re.compile(r"亏|赔|\b(?:lost|loss(?:es)?|lose|losing)\b", re.IGNORECASE)
# A figure that another is set against: where it came from, or what it is compared with.
_AGAINST = re.compile(
    r"(?:\b(?:compared (?:with|to)|against|versus)|\b(?:up|down) from)\s+(?:(?:an?|the|only|just|about) )*"
    r"(?:original |initial |planned )?(?:\w+ of )?$|(?:相比|对比|而)[^，。；]{0,8}(?:为|是)$",
    re.IGNORECASE,
)
# A part of a whole, by what stands between the two: "9 of its 34 lines", "34条窑线中有9条".
_OF_WHOLE = re.compile(
    r"\s(?:[a-z]+ )?of (?:(?:[\w.&-]+ ){0,2}[\w.&-]+['’]s? |(?:its|the|their|all|about) ){0,2}", re.IGNORECASE
)
_IN_WHOLE = re.compile(
    r"[^。；.;]{0,40}(?:其中|\bof (?:which|whom|them))\s*(?:\w+\s){0,2}"
    r"|[^，。；,.;]{0,10}(?:[中里]|当中)[^，。；,.;]{0,8}|[^，。；,.;]{0,8}(?:停|关|撤|封存)[^，。；,.;]{0,3}"
)
_SHARE = re.compile(r"百分之[几多]|几成|\bwhat (?:percentage|per ?cent|proportion|share|fraction)\b", re.IGNORECASE)
_LEFT = re.compile(r"剩|留下|还(?:在|有|开)|仍|\b(?:left|remain\w*|still)\b", re.IGNORECASE)
# How many of a whole are not of the part: 非加盟的, "how many are not franchised".
_OTHERS = re.compile(
    r"(?:非|不是|没有?)[\u4e00-\u9fff]{2,4}?的(?:有|占|共)?(?:多少|几)"
    r"|\bhow many\b.{1,60}\b(?:are|were) (?:not|n['’]t)\b",
    re.IGNORECASE,
)
_STOPPED = re.compile(
    r"停|关|撤|裁|封存|报废|退出|\b(?:idled?|stopped|shut|clos\w+|mothball\w*|scrapp\w*|retir\w+|withdr\w+|sold|lost)\b",
    re.IGNORECASE,
)
_FROM_TO = re.compile(
    r"从(?P<from_zh>[^，。？]{1,24}?)[到至](?P<to_zh>[^，。？]{1,24})"
    r"|\bfrom (?P<from_en>[^?,;]{1,60}?) to (?P<to_en>[^?,;]{1,60})",
    re.IGNORECASE,
)
_PARTS = re.compile(r"[，；、;]|,(?!\d)|\b(?:and|while|but)\b|[和与而]", re.IGNORECASE)
_TIMES = ("year", "period", "rank")
_RATIOS = ("percent", "point", "multiple", "fraction")


@dataclass(frozen=True, slots=True)
class Operand:
    """A figure of a cited sentence, and what the sentence says it of."""

    figure: Figure
    row: Supporting
    subject: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two figures of one sentence; what is to be made of them, and by the words of which operation it is told."""

    operands: tuple[Operand, ...]
    operation: Literal["sum", "difference", "share"] = "difference"
    told: Literal["difference", "share", "rest"] = "difference"


def asks_how_far(question: str) -> bool:
    """Whether a question asks how far something went: "by how much did it fall"."""
    return bool(_WENT.search(question))


def pair(question: str, accepted: Sequence[Supporting], gap: bool) -> Pair | None:
    """The two figures of an accepted sentence that answer together; `gap`: a difference is asked for in so many words.

    Only the first sentence is looked at, since another may tell of something else; but from a profit to a loss any.
    """
    if not accepted:
        return None
    row = accepted[0]
    if ends := _ends(question, row, gap):
        return Pair(ends)
    if _SWING.search(question):  # from a profit to a loss it is as far as both together
        swings = (_told_apart(row, _EARNED, _LOST) for row in accepted)
        return next((Pair(swing, "sum") for swing in swings if swing), None)
    text = row[1].text
    if _OTHERS.search(simplify(question)) and (part := _part_of_whole(row)):
        return Pair(part, told="rest")
    if _LEFT.search(question) and _STOPPED.search(text) and not _LEFT.search(text) and (part := _part_of_whole(row)):
        return Pair(part, told="rest")
    said = any(figure.unit == "percent" for figure in figures.read(text))
    if _SHARE.search(question) and not said and (part := _part_of_whole(row)):
        return Pair(part, "share", "share")
    return None


def _ends(question: str, row: Supporting, gap: bool) -> tuple[Operand, ...]:
    """Two figures of a sentence whose difference is asked for, if the sentence does not say how much that is."""
    if _WENT.search(question) and (stations := _between(question, row)):
        return stations
    if (_WENT.search(question) or (gap and _names_all(question, row))) and (ends := _from_to(row)):
        return ends
    if _NET.search(question) and not _NET.search(row[1].text):
        return _told_apart(row, _IN, _OUT)
    if _OVERRUN.search(question) and not _OVERRUN.search(row[1].text) and _BUDGET.search(row[1].text):
        _, found = _read(row)
        amounts = [f for f in found if f.unit not in ("percent", "point", "multiple", "fraction")]
        return _operands(row, amounts) if len(amounts) == 2 and amounts[0].unit == amounts[1].unit else ()
    return ()


def _told_apart(row: Supporting, one: re.Pattern[str], other: re.Pattern[str]) -> tuple[Operand, ...]:
    """The figure that the one kind of word goes before and that of the other, if a sentence has one of each alone."""
    text, found = _read(row)
    came: list[Figure] = []
    went: list[Figure] = []
    since = 0
    for figure in found:
        lead = simplify(text[since : figure.span[0]])
        since = figure.span[1]
        if bool(one.search(lead)) != bool(other.search(lead)):
            (came if one.search(lead) else went).append(figure)
    alike = len(came) == len(went) == 1 and came[0].unit == went[0].unit
    return _operands(row, came + went) if alike else ()


def _names_all(question: str, row: Supporting) -> bool:
    subject = matching.subject(row[1].text, *row)
    return all(matching.holds_name(name, subject) for name in matching.names(question))


def _from_to(row: Supporting) -> tuple[Operand, ...]:
    """Where a sentence says that one thing came from and went to, or sets one figure against another."""
    text, found = _read(row)
    roles = {role: f for f in found if (role := matching.role(f, text))}
    if {"from", "to"} <= set(roles) and roles["from"].unit == roles["to"].unit:
        return _operands(row, [roles["from"], roles["to"]])
    bases = [f for f in found if _AGAINST.search(simplify(text[: f.span[0]]))]
    before = [f for f in found if bases and f.unit == bases[0].unit and f.span < bases[0].span]
    return _operands(row, [bases[0], before[-1]]) if len(bases) == 1 and before else ()


def _between(question: str, row: Supporting) -> tuple[Operand, ...]:
    """The figures of two of the times that a sentence goes through: "from its July peak to the end of the year"."""
    sides = _FROM_TO.search(question)
    text, found = _read(row)
    units = [figure.unit for figure in found if figure.unit not in _RATIOS]
    found = [figure for figure in found if units.count(figure.unit) > 1]
    if not sides or len({figure.unit for figure in found}) != 1:
        return ()
    parts = [text[matching.part_of(text, figure, _PARTS)] for figure in found]
    ends = []
    for side in ("zh", "en"):
        for end in (f"from_{side}", f"to_{side}"):
            words = [word for word in matching.units(sides[end] or "", "") if matching.critical(word)]
            held = [sum(matching.meets(word, part) >= matching.MISSING for word in words) for part in parts]
            most = max(held)
            if most and held.count(most) == 1:
                ends.append(found[held.index(most)])
    return _operands(row, ends) if len(ends) == 2 and ends[0] != ends[1] else ()


def _part_of_whole(row: Supporting) -> tuple[Operand, ...]:
    """A whole and its part, counted in one sentence that has no other such two."""
    text, found = _read(row)
    pairs = []
    for one, other in pairwise(found):
        between = text[one.span[1] : other.span[0]]
        if not one.unit == other.unit == "count" or one.value == other.value:
            continue
        if one.value < other.value and _OF_WHOLE.fullmatch(between):
            pairs.append([other, one])
        elif one.value > other.value and _IN_WHOLE.fullmatch(simplify(between)):
            pairs.append([one, other])
    return _operands(row, pairs[0]) if len(pairs) == 1 else ()


def _read(row: Supporting) -> tuple[str, list[Figure]]:
    """A sentence without its sources, and its figures that are no times or ranks."""
    text = without_sources(row[1].text)
    return text, [figure for figure in figures.read(text) if figure.unit not in _TIMES]


def _operands(row: Supporting, found: Sequence[Figure]) -> tuple[Operand, ...]:
    text = without_sources(row[1].text)
    return tuple(Operand(figure, row, text) for figure in found)
