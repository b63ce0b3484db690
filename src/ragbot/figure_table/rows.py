"""The figures of passages as rows: who, what, how much, when, and where it stands."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from typing import Literal

from ragbot import figures, matching, parties, quantities
from ragbot.figures.vocabulary import CURRENCY_CODES
from ragbot.language import detect, sentences
from ragbot.schema import Figure, Language, Passage
from ragbot.segments import outside_sources

_PERIODS = ("year", "period")
_KEPT = 500  # documents whose rows are kept, so that a change of one has the others not read anew
SAME_PERIOD = re.compile(
    r"同一?(?:季度|财季|年|期间)|同期|当[年季]|\b(?:the|that|this) (?:same )?(?:quarter|year|period)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What else the documents say: `here` in the row, `there` in `place`.

    `kind`: period (the title of the row's own outside source names another), value (another sentence gives another),
    or translation (the same place in the other language does). `place`: that title, or the document's name.
    """

    kind: Literal["period", "value", "translation"]
    here: str
    there: str
    place: str


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure of one sentence.

    `who` and `what` are in the sentence's words, '' where it names none; `measure` is a key of `quantities.NAMES` or
    ''. `change`: it says by how much something changed. `text`: as written, at document offsets `at`; `value` in units.
    `quote` is the document's text[start:end], the sentence. `party`: equal for all names of one company. `fact`: equal
    for rows that say one thing, here and in another language. `disagrees`: what contradicts it.
    """

    who: str
    what: str
    measure: str
    change: bool
    text: str
    value: Decimal
    unit: str
    period: str | None
    qualifier: str | None
    per: str | None
    segment: str
    document: str
    language: Language
    passage: int
    start: int
    end: int
    quote: str
    at: tuple[int, int]
    page: int | None = None
    sources: tuple[str, ...] = ()
    party: str = ""
    fact: int = 0
    disagrees: tuple[Disagreement, ...] = ()


@dataclass(slots=True)
class _Context:
    """What a sentence leaves to those after it, within a paragraph and a segment."""

    segment: tuple[str, str]
    known: parties.Known
    subject: str = ""
    period: str | None = None


def rows(passages: Iterable[Passage]) -> Iterator[FigureRow]:
    """The figures of passages that are in order of document and place. Periods and ranks are no rows of their own."""
    for _, group in groupby(passages, key=lambda passage: passage.document):
        yield from _of_document(tuple(group))


@lru_cache(maxsize=_KEPT)
def _of_document(passages: tuple[Passage, ...]) -> tuple[FigureRow, ...]:
    return tuple(_of_passages(passages))


def _of_passages(passages: Sequence[Passage]) -> Iterator[FigureRow]:
    known = parties.known_names(
        "\n\n".join(_without_sources(passage.text) for passage in passages), {passage.segment for passage in passages}
    )
    context = _Context(("", ""), known)
    for passage in passages:
        if context.segment != (passage.document, passage.segment):
            context = _Context((passage.document, passage.segment), known)
        masked = _without_sources(passage.text)
        for start, end in sentences(passage.text):
            if "\n\n" in passage.text[max(0, start - 2) : start]:
                context.subject = ""
            said = masked[start:end]
            if " | " in said:
                yield from _of_table(passage, said, start)
            else:
                yield from _of_sentence(passage, said, start, context)


def _without_sources(text: str) -> str:
    """The text with its outside sources' titles blanked, so that offsets stay."""
    for start, end, _ in outside_sources(text):
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _of_sentence(passage: Passage, said: str, offset: int, context: _Context) -> Iterator[FigureRow]:
    read, language = figures.read(said), detect(said)
    dated = [figure.period for figure in read if figure.unit in _PERIODS]
    same_period = bool(SAME_PERIOD.search(said)) and not dated
    inherited = context.subject if parties.goes_on(said) else ""
    heading = parties.subject(passage.segment.split(" > ")[-1], context.known)
    shown = _bare(said, read, context.known)
    floor, earlier = 0, None
    for number, figure in enumerate(read):
        if figure.unit in (*_PERIODS, "rank") or _old_year(figure, said):
            continue
        ceiling = read[number + 1].span[0] if number + 1 < len(read) else len(said)
        found = _What.of(shown, figure, (floor, ceiling), earlier, language)
        earlier, floor = (figure, found), figure.span[1]
        if not _wording(figure):
            who = parties.party(said, figure.span[0], context.known) or inherited or heading
            period = figure.period or (context.period if same_period else None)
            yield _row(passage, said, offset, figure, who, found, period)
    context.subject = parties.subject(said, context.known) or context.subject
    if len(dated) == 1 or (dated and earlier and not _wording(earlier[0])):
        context.period = dated[-1]


@dataclass(frozen=True, slots=True)
class _What:
    what: str
    measure: str
    change: bool

    @classmethod
    def of(
        cls,
        said: str,
        figure: Figure,
        within: tuple[int, int],
        earlier: "tuple[Figure, _What] | None",
        language: Language,
    ) -> "_What":
        """What a figure measures, by the words before it, those after it, and what the figure before measured."""
        tail = quantities.tail(said, figure.span[1], within[1]).strip()
        before = earlier[1] if earlier else cls("", "", False)
        things = quantities.counted(tail, language)
        lead = quantities.lead(said, figure.span[0], within[0], back=not things).strip(" -–—~至到")
        change = figure.unit in _SHARES and quantities.is_change(lead or tail[:12])
        if code := quantities.measure(lead):
            what = quantities.phrase(lead, code, language)
            return cls(f"share of {things}" if what == "share" and things and _OF.match(tail) else what, code, change)
        if figure.unit == "count" and things:
            return cls(things, "", change)
        if figure.unit not in CURRENCY_CODES and not change and things and _OF.match(tail):
            return cls(things, quantities.measure(things), False)
        if earlier and (change or earlier[0].unit == figure.unit):
            return cls(before.what, before.measure, change)
        own = quantities.phrase(lead, "", language)
        if earlier and not own and figure.unit != "count":
            return cls(before.what, before.measure, change)
        return cls(own or things, "" if own else quantities.measure(tail), change)


_SHARES = ("percent", "point", "multiple", "fraction")
_OF = re.compile(r"\s*(?:of\b|的)")


def _bare(said: str, read: Sequence[Figure], known: parties.Known) -> str:
    """A sentence with its names and periods blanked, so that offsets stay."""
    for start, end in [*parties.names(said, known), *(figure.span for figure in read if figure.unit in _PERIODS)]:
        said = said[:start] + " " * (end - start) + said[end:]
    return _EMPTY_BRACKETS.sub(lambda match: " " * len(match.group()), said)


_EMPTY_BRACKETS = re.compile(r"[（(]\s*[)）]")


def _of_table(passage: Passage, said: str, offset: int) -> Iterator[FigureRow]:
    cells = said.split(" | ")
    header = matching.table_header(passage, said).split(" | ")
    header = header if len(header) == len(cells) else [""] * len(cells)
    if header == cells:
        return
    who, at = matching.cells(said)[0].strip(), 0
    for column, cell in enumerate(cells):
        for figure in figures.read(cell):
            if column and figure.unit not in (*_PERIODS, "rank"):
                period = next((f.period for f in figures.read(header[column]) if f.unit in _PERIODS), figure.period)
                what = figures.without(header[column], figures.read(header[column])).strip(" 年")
                found = _What(what, quantities.measure(what), quantities.is_change(f"{what} {cell}"))
                moved = _moved(figure, at)
                yield _row(passage, said, offset, moved, who, found, period)
        at += len(cell) + len(" | ")


def _moved(figure: Figure, by: int) -> Figure:
    return replace(figure, span=(figure.span[0] + by, figure.span[1] + by))


def _row(
    passage: Passage, said: str, offset: int, figure: Figure, who: str, found: _What, period: str | None
) -> FigureRow:
    start = passage.start + offset
    quote = passage.text[offset : offset + len(said)]
    return FigureRow(
        who=who,
        what=found.what,
        measure=found.measure,
        change=found.change,
        text=figure.text,
        value=figure.value,
        unit=figure.unit,
        period=period,
        qualifier=figure.qualifier,
        per=figure.per,
        segment=passage.segment,
        document=passage.document,
        language=passage.language,
        passage=passage.id,
        start=start,
        end=start + len(said),
        quote=quote,
        at=(start + figure.span[0], start + figure.span[1]),
        page=passage.page,
        sources=tuple(title for _, _, title in outside_sources(quote)),
    )


def _old_year(figure: Figure, said: str) -> bool:
    """Whether a figure is a year of earlier centuries, which are not read as periods: in 1635, 1756年."""
    digits = figure.text.removesuffix("年").strip()
    year = figure.unit in ("count", "years") and len(digits) == 4 and digits.isdecimal() and 1000 <= figure.value < 2100
    return year and (figure.unit == "years" or bool(_BEFORE_YEAR.search(said[: figure.span[0]])))


_BEFORE_YEAR = re.compile(
    r"(?:\b(?:in|since|after|before|by|from|between|to|until|and|early|late|year)\s|[-–—,(在于自至])\s?$", re.IGNORECASE
)


def _wording(figure: Figure) -> bool:
    """Small counts in words are a manner of speaking: 'four segments', 两家公司."""
    return figure.unit == "count" and figure.value < 10 and not any(c.isdigit() for c in figure.text)
