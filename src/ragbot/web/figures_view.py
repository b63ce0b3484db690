"""The table of figures, and the passage that one stands in, as HTML. All text from outside is escaped."""

import re
from collections.abc import Sequence
from decimal import Decimal
from html import escape

from ragbot import figures
from ragbot.figure_table import Disagreement, FigureRow
from ragbot.figures.vocabulary import CURRENCIES, split
from ragbot.schema import Figure, Language
from ragbot.web.figures_texts import PHRASES, phrase

COLUMNS = ("who", "what", "value", "period", "segment")
_PART = re.compile(r"(?P<year>(?:FY)?\d{4})(?P<part>[QH].+)")
_SHOWN = 300  # rows of a table; more are not read, and make a page slow
_AROUND = 400  # characters of the document on either side of a sentence


def key(row: FigureRow) -> str:
    """What a row is called in the page."""
    return f"{row.passage}-{row.at[0]}"


def amount(row: FigureRow, language: Language) -> str:
    """The figure with its qualifier as the language writes it; as it stands where it is in that language."""
    if row.language == language and not row.qualifier:
        return row.text
    figure = Figure(row.text, row.value, row.unit, (0, 0), None, row.qualifier, row.per)
    return figures.write(figure, language, qualified=True)


def period(form: str | None, language: Language) -> str:
    """A period in words, in English as short as tables have it (Q3 FY2024); '' where there is none."""
    if language == "en" and (match := _PART.fullmatch(form or "")):
        return f"{match['part']} {match['year']}"
    if language == "en":
        return form or ""
    return figures.write(Figure("", Decimal(0), "period", (0, 0), form), language) if form else ""


def unit(name: str, language: Language) -> str:
    """What a unit is called."""
    for code, han, _, latin in CURRENCIES:
        if code == name:
            return split(han)[0] if language == "zh" else f"{split(latin)[0]} ({code})"
    known = "count_unit" if name == "count" else name
    return phrase(known, language) if known in PHRASES else name


def table(rows: Sequence[FigureRow], language: Language, by: str, falling: bool) -> str:
    """The rows in their order, its headings buttons that sort; `by` is the column that they are sorted by, or ''."""
    if not rows:
        return f"<p class='figures-none'>{escape(phrase('none', language))}</p>"
    head = "".join(_heading(column, language, by, falling) for column in COLUMNS)
    body = "".join(_line(row, language) for row in rows[:_SHOWN])
    few = len(rows) <= _SHOWN
    count = phrase("count" if few else "first", language, count=f"{len(rows):,}", shown=_SHOWN)
    return (
        f"<p class='figures-count' role='status'>{escape(count)}</p>"
        f"<table class='figures-table'><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _heading(column: str, language: Language, by: str, falling: bool) -> str:
    name = phrase(column, language)
    state = ("descending" if falling else "ascending") if column == by else "none"
    arrow = {"none": "↕", "ascending": "↑", "descending": "↓"}[state]
    return (
        f"<th scope='col' class='of-{column}' aria-sort='{state}'><button data-sort='{column}' "
        f"aria-label='{escape(phrase('sort', language, column=name))}'>{escape(name)} <i>{arrow}</i></button></th>"
    )


def _line(row: FigureRow, language: Language) -> str:
    mark = f"<span class='doubt' title='{escape(phrase('disagree', language))}'>⚠</span> " if row.disagrees else ""
    what = escape(row.what) + (f" <small>{escape(phrase('change', language))}</small>" if row.change else "")
    cells = {
        "who": escape(row.who) or "–",
        "what": what or "–",
        "value": f"{mark}<button data-row='{key(row)}'>{escape(amount(row, language))}</button>",
        "period": escape(period(row.period, language)) or "–",
        "segment": escape(row.segment.split(" > ")[-1]),
    }
    said = "".join(
        f"<td class='of-{name}' data-label='{escape(phrase(name, language))}'>{cell}</td>"
        for name, cell in cells.items()
    )
    return f"<tr data-row='{key(row)}'>{said}</tr>"


def passage(row: FigureRow, same: Sequence[FigureRow], texts: dict[str, str], language: Language) -> str:
    """The sentence of a figure in its surroundings, what contradicts it, and where else the fact stands.

    `same`: the other rows of its fact. `texts`: clean text by document name.
    """
    title = " · ".join(part for part in (row.who, row.what, period(row.period, language)) if part)
    doubts = "".join(f"<li>{escape(_doubt(doubt, language))}</li>" for doubt in row.disagrees)
    warning = (
        f"<div class='figure-doubts'><b>⚠ {escape(phrase('disagree', language))}</b><ul>{doubts}</ul></div>"
        if doubts
        else ""
    )
    others = "".join(_place(other, texts[other.document], language) for other in same)
    also = f"<h4>{escape(phrase('also', language))}</h4>{others}" if others else ""
    close = f"<button data-close aria-label='{escape(phrase('close', language))}'>✕</button>"
    return (
        f"<section class='figure-passage' aria-live='polite'>{close}<h3>{escape(amount(row, language))}</h3>"
        f"<p class='figure-of'>{escape(title)}</p>{warning}{_place(row, texts[row.document], language)}{also}</section>"
    )


def unopened(language: Language) -> str:
    """What stands in the passage's place before a row is opened."""
    return f"<p class='figures-none'>{escape(phrase('unopened', language))}</p>"


def _doubt(doubt: Disagreement, language: Language) -> str:
    return phrase(f"disagree_{doubt.kind}", language, here=doubt.here, there=doubt.there, place=doubt.place)


def _place(row: FigureRow, text: str, language: Language) -> str:
    at = [row.document, row.segment, *([phrase("page", language, page=row.page)] if row.page else [])]
    before = text[max(0, row.start - _AROUND) : row.start].rsplit("\n\n", 1)[-1]
    after = text[row.end : row.end + _AROUND].split("\n\n", 1)[0]
    first, last = row.at
    quote = (
        f"{escape(text[row.start : first])}<strong>{escape(text[first:last])}</strong>{escape(text[last : row.end])}"
    )
    named = "".join(f"<li>{escape(source)}</li>" for source in row.sources)
    outside = f"<p class='outside'>{escape(phrase('outside', language))}</p><ul>{named}</ul>" if named else ""
    return (
        f"<article lang='{row.language}'><header>{escape(' · '.join(at))}</header>"
        f"<p class='passage'>{escape(before)}<mark>{quote}</mark>{escape(after)}</p>{outside}</article>"
    )
