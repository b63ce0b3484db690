"""Whether the citations of an answer bear what it says. Precision and recall in the sense of ALCE (Gao et al. 2023).

A judge of words, not of meaning: an upper bound. Ranks and directions are looked at, other verbs are not.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ragbot.evaluation.cases import Case
from ragbot.evaluation.numbers import agree, numbers, unsupported
from ragbot.evaluation.wording import CITED, language_of, normal, terms

_END = re.compile(r"(?:[。！？]|(?<!\bvs)(?<!\bU\.S)[.!?](?=[\s\[]|$)|\n)(?:[”\"’)）]?)(?:\s*\[\d+\])*\s*")


def statements(text: str) -> list[tuple[str, list[int]]]:
    """The sentences of an answer and the numbers each cites; headings, list intros and crumbs are left out."""
    parts, start = [], 0
    for end in _END.finditer(text):
        parts.append(text[start : end.end()])
        start = end.end()
    parts.append(text[start:])
    found: list[tuple[str, list[int]]] = []
    for part in parts:
        words = re.sub(r"[\W_\d]", "", CITED.sub("", part))
        if len(words) < 4 and not numbers(part):
            if found and (more := [int(n) for n in CITED.findall(part)]):
                found[-1][1].extend(more)
        elif not part.rstrip().endswith((":", "：")):
            found.append((part.strip(), [int(n) for n in CITED.findall(part)]))
    return found


def overlaps(quote: str, gold: str) -> bool:
    """Whether a quote holds most of a gold quote, or lies in it."""
    a, b = terms(quote), terms(gold)
    return bool(a and b) and len(a & b) >= 0.7 * min(len(a), len(b))


def supports(quote: str, statement: str) -> bool:
    """Whether a quote holds most of a statement's words; across languages, the names, and there must be an anchor."""
    same = language_of(quote) == language_of(statement)
    said = terms(statement) if same else {word for word in terms(statement) if word.isascii()}
    anchored = bool(said) or any(agree(a, b, True) for a in numbers(statement) for b in numbers(quote, counted=True))
    return anchored and len(said & terms(quote)) >= 0.6 * len(said)


_FIRST = re.compile(r"最[高大快多低小慢少]|第一(?!季)|highest|largest|biggest|fastest|lowest|smallest|slowest|\bmost\b")
_UP = re.compile(r"增长|增加|上升|升[至到为]|涨|\b(?:up|rose|rise|grew|grow|growth|increased?)\b")
_DOWN = re.compile(r"下降|减少|下滑|降[至到为]|跌|\b(?:down|fell|fall|dropped|decreased?|declined?)\b")


def contradicts(quotes: Sequence[str], statement: str) -> bool:
    """Whether the quotes tell a rise as a fall, or the statement ranks what a single quote does not rank."""
    said, held = normal(statement), normal("\n".join(quotes))
    ranked = _FIRST.search(said) and not _FIRST.search(held) and len(quotes) < 2
    reversed_ = any(
        a.search(said) and not b.search(said) and b.search(held) and not a.search(held)
        for a, b in ((_UP, _DOWN), (_DOWN, _UP))
    )
    return bool(ranked or reversed_)


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of an answer: the quotes it cites, whether they bear it, and for each whether it is in its place."""

    text: str
    quotes: tuple[str, ...]
    supported: bool
    in_place: tuple[bool, ...]


def judge_statements(case: Case, text: str, citations: Sequence[dict[str, Any]]) -> list[Statement]:
    """The statements of an answer against what they cite and against the gold evidence."""
    quotes = {citation["number"]: citation["quote"] for citation in citations}
    return [_statement(case, said, cited, quotes) for said, cited in statements(text)]


def _statement(case: Case, said: str, cited: Sequence[int], quotes: dict[int, str]) -> Statement:
    together = [quotes[number] for number in dict.fromkeys(cited) if number in quotes]
    others = [quote for number, quote in quotes.items() if number not in cited]
    loose = unsupported(said, "\n".join(together), case.question)
    held = numbers("\n".join([*others, *case.quotes]), counted=True)
    misplaced = any(agree(figure, other, rounded=True) for figure in loose for other in held)
    in_place = tuple(
        not misplaced and _to_the_point(quotes.get(number, ""), said, case.quotes, others) for number in cited
    )
    supported = any(in_place) and not loose and not contradicts(together, said)
    return Statement(said, tuple(together), supported, in_place)


def _to_the_point(quote: str, said: str, gold: Sequence[str], others: Sequence[str]) -> bool:
    """Whether a quote bears the statement's words, or is gold while no other quote of the answer bears them better.

    A figure that no quote holds is the figure's fault, not the citation's, and is counted there.
    """
    if not quote:
        return False
    if supports(quote, said):
        return True
    return any(overlaps(quote, g) for g in gold) and not any(supports(other, said) for other in others)


def evidence_cited(case: Case, quotes: Sequence[str]) -> int:
    """How many of the gold evidence items are cited, in one of their alternatives."""
    return sum(any(overlaps(quote, gold) for quote in quotes for gold in item) for item in case.evidence)
