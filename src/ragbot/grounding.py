"""Draft to answer: each statement must stand on a sentence of the evidence, each figure in the passage it cites."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ragbot import figures
from ragbot.answering import Supporting
from ragbot.embeddings import Encoder
from ragbot.language import HAN, detect, fold, sentences, words
from ragbot.schema import Citation, FigureCheck
from ragbot.segments import outside_sources, without_sources

ALIKE = 0.84  # cosine of a statement and its sentence, across languages
SHARED = 0.45  # share of a statement's words that stand in the passage, within a language
_MARK = re.compile(r"\s*[\[【]\s*(?:\d+|[^\]】]{0,40}=[^\]】]{0,40})(?:\s*[,，]\s*\d+)*\s*[\]】]")
_NAME = re.compile(r"\b[A-Z][A-Za-z0-9&.\-]*[A-Za-z0-9]\b")
_BULLET = re.compile(r"^\s*(?:[-*•]|\d+[.)、])\s+")


@dataclass(frozen=True, slots=True)
class Grounded:
    """What of a draft may be shown, what it cites, and how many statements were left out."""

    text: str
    citations: tuple[Citation, ...]
    figures: tuple[FigureCheck, ...]
    dropped: int


def ground(draft: str, support: Sequence[Supporting], encoder: Encoder) -> Grounded:
    """Keep the statements of a draft that the supporting sentences bear out, and cite those."""
    statements = _statements(draft)
    if not statements or not support:
        return Grounded("", (), (), len(statements))
    likeness = _likeness(statements, support, encoder)
    kept = [(text, _best(text, row, support)) for text, row in zip(statements, likeness, strict=True)]
    shown = [(text, found) for text, found in kept if found is not None]
    return _assemble(shown, len(kept) - len(shown))


def quote(support: Sequence[Supporting]) -> Grounded:
    """The supporting sentences themselves as the answer, each citing itself."""
    return _assemble([(without_sources(row[1].text), row) for row in support], 0)


def _statements(draft: str) -> list[str]:
    clean = _MARK.sub("", draft.replace("**", ""))
    lines = [_BULLET.sub("", line).strip() for line in clean.splitlines()]
    found = [line[start:end] for line in lines for start, end in sentences(line)]
    return list(dict.fromkeys(text for text in found if words(text)))


def _likeness(statements: list[str], support: Sequence[Supporting], encoder: Encoder) -> np.ndarray:
    """Cosine of each statement with each supporting sentence: (statements, sentences)."""
    vectors = encoder.passages([*statements, *(without_sources(sentence.text) for _, sentence in support)])
    return vectors[: len(statements)] @ vectors[len(statements) :].T


def _best(statement: str, likeness: np.ndarray, support: Sequence[Supporting]) -> Supporting | None:
    """The sentence that bears a statement out: figures first, then meaning and words."""
    ranked = []
    for row, alike in zip(support, likeness, strict=True):
        if _bears_out(statement, float(alike), row):
            ranked.append((float(alike) + 0.2 * _shared(statement, row[1].text), row))
    return max(ranked, key=lambda pair: pair[0])[1] if ranked else None


def _bears_out(statement: str, alike: float, row: Supporting) -> bool:
    passage, sentence = row
    own = figures.read(without_sources(sentence.text))
    here = [*own, *(f for f in figures.read(without_sources(passage.text)) if f.unit in ("year", "period"))]
    if any(figures.compare(figure, here)[0] == "unsupported" for figure in figures.read(statement)):
        return False
    if detect(statement) == passage.language:
        return _names_met(statement, row) and _shared(statement, passage.text) >= SHARED
    return alike >= ALIKE and (bool(HAN.search(statement)) or _names_met(statement, row, strict=False))


def _names_met(statement: str, row: Supporting, strict: bool = True) -> bool:
    """Whether the names in Latin letters of a statement stand in the passage, its segment or its title."""
    passage = row[0]
    place = fold(f"{passage.title} {passage.segment} {passage.text}")
    names = [name for name in _NAME.findall(statement) if not statement.startswith(name) or not name.istitle()]
    met = [fold(name) in place for name in names]
    return all(met) if strict else not met or any(met)


def _shared(statement: str, text: str) -> float:
    mine = set(words(statement))
    return len(mine & set(words(text))) / max(1, len(mine))


def _assemble(shown: Sequence[tuple[str, Supporting]], dropped: int) -> Grounded:
    citations: dict[tuple[str, int], Citation] = {}
    checks: list[FigureCheck] = []
    lines = []
    for text, row in shown:
        key = (row[0].document, row[1].start)
        citation = citations.setdefault(key, _citation(len(citations) + 1, row))
        checks += _checks(text, row, citation.number)
        lines.append(_marked(text, citation.number))
    return Grounded(_join(lines), tuple(citations.values()), tuple(checks), dropped)


def _citation(number: int, row: Supporting) -> Citation:
    passage, sentence = row
    own = tuple(dict.fromkeys(title for _, _, title in outside_sources(sentence.text)))
    return Citation(
        number=number,
        document=passage.document,
        title=passage.title,
        segment=passage.segment,
        quote=sentence.text,
        start=sentence.start,
        end=sentence.end,
        page=passage.page,
        sources=own or passage.sources,
    )


def _checks(text: str, row: Supporting, number: int) -> list[FigureCheck]:
    there = figures.read(row[0].text)
    return [FigureCheck(figure, figures.compare(figure, there)[0], number) for figure in figures.read(text)]


def _marked(text: str, number: int) -> str:
    """The statement with its mark, before the final punctuation in English as in Chinese."""
    end = re.search(r"[。．.!?！？…]+[”’\"'」』）)]*$", text)
    cut = end.start() if end else len(text)
    return f"{text[:cut]} [{number}]{text[cut:]}"


def _join(lines: list[str]) -> str:
    return "".join(
        line if index == 0 or (HAN.search(line) and HAN.search(lines[index - 1])) else f" {line}"
        for index, line in enumerate(lines)
    )
