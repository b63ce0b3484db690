"""Document to passages, by segment: whole sentences, never across a heading, exact offsets."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from ragbot.language import HAN, brackets, detect, sentences, tokens
from ragbot.schema import Document, Passage, Section

_LABEL = re.compile(
    r"^\s*(?:资料来源|數據來源|数据来源|来源|來源|出处|引自|sources?|source\s+title|via|according to)\s*[:：]\s*", re.I
)
_SITE = re.compile(r"\s[-–—|｜]\s|[|｜]|——")
_CLAUSE = re.compile(r"[，,；;、：:]\s*|\s+")
_CLAUSE_END = re.compile(r"[，；：]|[,;:](?=\s)")
_LONGEST_TABLE = 100  # rows; a longer one is cut
_CLAUSE_TOKENS = 10  # a shorter clause is joined to the next


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage and the spans of its sentences, as offsets in the document."""

    passage: Passage
    sentences: tuple[tuple[int, int], ...]

    def sentence_texts(self) -> list[str]:
        return [
            self.passage.text[start - self.passage.start : end - self.passage.start] for start, end in self.sentences
        ]


def split(document: Document, limit: int) -> Iterator[Chunk]:
    """The passages of a document, each at most `limit` estimated encoder tokens long."""
    for section in document.sections:
        body = document.text[section.start : section.end]
        spans = [
            (section.start + start + a, section.start + start + b)
            for start, end in sentences(body)
            for a, b in _fitting(body[start:end], limit)
        ]
        for group in _groups(document.text, spans, limit):
            yield Chunk(_passage(document, section, group), tuple(group))


def clauses(sentence: str) -> list[str]:
    """The clauses of a sentence, none very short; empty when it has only one."""
    found, start = [], 0
    for match in _CLAUSE_END.finditer(sentence):
        if tokens(sentence[start : match.end()]) >= _CLAUSE_TOKENS:
            found.append(sentence[start : match.end()].strip())
            start = match.end()
    if start and sentence[start:].strip():
        found.append(sentence[start:].strip())
    return found


def in_context(passage: Passage) -> str:
    """A passage's text under its title and headings, less its source titles: what search should see of it."""
    heading = " > ".join(dict.fromkeys(part for part in (passage.title, passage.segment) if part))
    if passage.title and passage.segment.startswith(passage.title):
        heading = passage.segment
    return f"{heading}\n{without_sources(passage.text)}".strip()


def _groups(text: str, spans: list[tuple[int, int]], limit: int) -> Iterator[list[tuple[int, int]]]:
    """As many spans together as fit; a table that fits is not cut, as its rows say little without their header."""
    group: list[tuple[int, int]] = []
    table_end = 0
    for at, span in enumerate(spans):
        end = span[1]
        if span[0] >= table_end and (table := _table(text, spans, at)) and tokens(text[span[0] : table]) <= limit:
            end = table_end = table
        if group and tokens(text[group[0][0] : end]) > limit:
            yield group
            group = []
        group.append(span)
    if group:
        yield group


def _table(text: str, spans: list[tuple[int, int]], first: int) -> int:
    """Where the table ends that a span is the first row of; 0 if it is none."""
    columns = text[slice(*spans[first])].count(" | ")
    if not columns:
        return 0
    here = spans[first : first + _LONGEST_TABLE]
    rows = list(takewhile(lambda span: text[slice(*span)].count(" | ") == columns, here))
    return rows[-1][1] if len(rows) > 1 else 0


def _fitting(sentence: str, limit: int) -> list[tuple[int, int]]:
    """Pieces of a sentence that fit: cut at clauses or spaces, and through the text where there is neither."""
    pieces, start = [], 0
    while tokens(sentence[start:]) > limit:
        reach = start + limit
        cuts = [match.end() for match in _CLAUSE.finditer(sentence, start + 1, reach)]
        end = cuts[-1] if cuts else reach
        pieces.append((start, end))
        start = end
    if sentence[start:].strip():
        pieces.append((start, len(sentence)))
    return [
        (a + len(sentence[a:b]) - len(sentence[a:b].lstrip()), b - len(sentence[a:b]) + len(sentence[a:b].rstrip()))
        for a, b in pieces
        if sentence[a:b].strip()
    ]


def _passage(document: Document, section: Section, group: list[tuple[int, int]]) -> Passage:
    start, end = group[0][0], group[-1][1]
    text = document.text[start:end]
    return Passage(
        id=0,
        document=document.name,
        title=document.title,
        segment=" > ".join(section.path),
        text=text,
        start=start,
        end=end,
        language=detect(text),
        sources=tuple(dict.fromkeys(title for _, _, title in outside_sources(text))),
        page=bisect_right(document.pages, start) or None,
    )


def outside_sources(text: str) -> list[tuple[int, int, str]]:
    """Bracketed titles of outside sources: (start, end, title), the span with its brackets.

    A bracket names a source when it carries a label ("source:", "来源："), joins a title and a site ("… - Quartz",
    "… | McKinsey"), or is an English title of five words or more that stands in a Chinese sentence or in title case.
    """
    found = []
    for start, end in brackets(text):
        inner = text[start + 1 : end - 1].strip()
        title = _LABEL.sub("", inner)
        if title and (title != inner or _looks_like_title(title, text, start)):
            found.append((start, end, title))
    return found


def without_sources(text: str) -> str:
    """The text less its bracketed source titles: what is said, without by whom."""
    for start, end, _ in reversed(outside_sources(text)):
        text = text[:start].rstrip() + text[end:]
    return text


def _looks_like_title(title: str, text: str, start: int) -> bool:
    if _SITE.search(title):
        return len(title) >= 12
    if HAN.search(title):
        return False
    parts = title.split()
    capital = sum(part[:1].isupper() for part in parts)
    in_chinese = bool(HAN.search(text[max(0, start - 20) : start]))
    return len(parts) >= 5 and (in_chinese or capital >= 0.6 * len(parts))
