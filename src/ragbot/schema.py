"""The values that travel through ragbot. All are frozen; offsets are characters of a document's clean text."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Language = Literal["zh", "en"]
LONGEST_QUESTION = 2000
"""Characters; beyond that it is a document, not a question."""

Status = Literal["cited", "converted", "rounded", "derived", "unsupported"]


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of a document under one heading: text[start:end], `path` from the outermost heading inwards."""

    path: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """A file as clean text. Blocks (paragraph, list item, table row) are parted by a blank line.

    `name`: path relative to the indexed folder. `sections` are in order, do not overlap, and hold all text that is
    not a heading. `pages`: offset at which each page begins (PDF), else empty. `digest`: SHA-256 of the file, hex.
    """

    name: str
    title: str
    text: str
    sections: tuple[Section, ...]
    language: Language
    digest: str
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one segment; `text` is the document's text[start:end], exactly.

    `segment`: heading path joined by ' > '. `sources`: titles of the outside sources that the passage names.
    `page`: 1-based page of a PDF. `id`: key in the store, 0 before it is stored.
    """

    id: int
    document: str
    title: str
    segment: str
    text: str
    start: int
    end: int
    language: Language
    sources: tuple[str, ...] = ()
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage and how well it bears on the question (higher is better)."""

    text: str
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage that was found, its sentences that bear on the question (best first), and its score."""

    passage: Passage
    sentences: tuple[Sentence, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as written: value in units (308亿美元: 30800000000 USD), `span` in the text it was read from.

    `period`: when it holds, in a normal form (2024, FY2024Q3; ragbot.figures.periods lists them). `qualifier`: about,
    nearly, over, under, at-least, at-most or up-to. `per`: what a rate is counted by ($200 a month: month).
    """

    text: str
    value: Decimal
    unit: str
    span: tuple[int, int]
    period: str | None = None
    qualifier: str | None = None
    per: str | None = None


@dataclass(frozen=True, slots=True)
class FigureCheck:
    """A figure of an answer held against the passage it cites; `citation` is that citation's number.

    `stated`: the figure as the passage has it, None where it has none; `sum`: how a derived figure was reckoned.
    """

    figure: Figure
    status: Status
    citation: int | None
    stated: Figure | None = None
    sum: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a statement stands: `quote` is the document's text[start:end], verbatim; `number` is its [n]."""

    number: int
    document: str
    title: str
    segment: str
    quote: str
    start: int
    end: int
    page: int | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds from the question to the evidence, to the first word, and to the checked answer."""

    retrieve_ms: int
    first_token_ms: int
    total_ms: int


@dataclass(frozen=True, slots=True)
class Answer:
    """A checked answer: every statement in `text` carries [n], each n a citation. `str(answer)` is the text."""

    question: str
    standalone_question: str
    text: str
    language: Language
    refused: bool
    engine: str
    citations: tuple[Citation, ...] = ()
    figures: tuple[FigureCheck, ...] = ()
    warnings: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = field(default=(), repr=False)
    timings: Timings = Timings(0, 0, 0)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class EvidenceFound:
    """First event of a stream: what the answer will be written from."""

    standalone_question: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class DraftText:
    """A piece of the draft as the model writes it: not yet checked."""

    text: str


@dataclass(frozen=True, slots=True)
class Finished:
    """Last event of a stream: the checked answer, which replaces the draft."""

    answer: Answer


Event = EvidenceFound | DraftText | Finished


@dataclass(frozen=True, slots=True)
class Exchange:
    """An earlier question of a conversation, as resolved, and its answer's text."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class IndexedDocument:
    """A document as the index knows it; `segments` are heading paths, `indexed_at` is ISO 8601 in UTC."""

    name: str
    title: str
    language: Language
    passages: int
    segments: tuple[str, ...]
    indexed_at: str


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What an indexing run did, by document name; `failed` pairs each bad file with its reason."""

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()
