"""Who earns what: amounts of one currency as bars, by segment and company."""

import math
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from html import escape
from itertools import groupby

from ragbot import figures
from ragbot.figure_table import FigureRow
from ragbot.figures.vocabulary import CURRENCY_CODES
from ragbot.quantities import NAMES
from ragbot.schema import Figure, Language
from ragbot.web.figures_texts import phrase
from ragbot.web.figures_view import amount, key, period, unit

PLOTTED = ("revenue", "profit", "loss", "spending", "cost")
_LEAST = 100_000  # units of a currency; less than that is the price of one thing, not what a company earns
_SPAN = 20  # times; beyond that small bars could not be seen beside large ones, so the scale is logarithmic
_TICKS = 4


def plotted(rows: Iterable[FigureRow]) -> list[FigureRow]:
    """Those that say how much a company takes, makes, loses or spends."""
    return [
        row
        for row in rows
        if row.unit in CURRENCY_CODES
        and row.measure in PLOTTED
        and row.who
        and not (row.per or row.change)
        and row.value >= _LEAST
    ]


def currencies(rows: Iterable[FigureRow]) -> list[str]:
    """The currencies of what can be plotted, the most frequent first."""
    found = [row.unit for row in plotted(rows)]
    return sorted(set(found), key=lambda code: (-found.count(code), code))


def chart(rows: Iterable[FigureRow], currency: str, language: Language) -> str:
    """Bars of that currency's amounts; each opens its passage."""
    shown = [row for row in plotted(rows) if row.unit == currency]
    if not shown:
        return f"<p class='figures-none'>{escape(phrase('no_amounts', language))}</p>"
    scale = _Scale([float(row.value) for row in shown])
    title = phrase("plot", language, currency=unit(currency, language))
    groups = ""
    for segment, group in _by_segment(shown):
        bars = "".join(_bar(row, scale, language) for row in group)
        groups += f"<div class='bars-segment'><h4>{escape(segment)}</h4>{bars}</div>"
    note = (f"{phrase('log', language)} · " if scale.logarithmic else "") + phrase("apart", language)
    return (
        f"<figure class='bars {'dots' if scale.logarithmic else ''}'><figcaption>{escape(title)}</figcaption>"
        f"{_legend(shown, language)}{_axis(scale, currency, language)}{groups}<p class='bars-note'>{escape(note)}</p>"
        "</figure>"
    )


class _Scale:
    """Amounts to shares of the width; logarithmic where they span more than `_SPAN` times."""

    def __init__(self, values: Sequence[float]) -> None:
        low, high = min(values), max(values)
        self.logarithmic = high > _SPAN * low
        self._first = math.floor(math.log10(low)) if self.logarithmic else 0
        self._last = math.ceil(math.log10(high) - 1e-9)
        self._top = high if self.logarithmic else _round_up(high)

    def at(self, value: float) -> float:
        """Percent of the width, 0 to 100."""
        if self.logarithmic:
            return 100 * (math.log10(value) - self._first) / (self._last - self._first)
        return 100 * value / self._top

    def ticks(self) -> list[float]:
        if self.logarithmic:
            step = math.ceil((self._last - self._first) / _TICKS)
            return [10.0**power for power in range(self._first, self._last + 1, step)]
        return [self._top * part / _TICKS for part in range(_TICKS + 1)]


def _round_up(value: float) -> float:
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 4, 6, 8, 10) if step * power >= value)


def _by_segment(rows: Sequence[FigureRow]) -> Iterator[tuple[str, list[FigureRow]]]:
    """Rows by segment as the documents have them, companies together, the largest amount first."""
    for (document, segment), group in groupby(rows, key=lambda row: (row.document, row.segment)):
        members = list(group)
        largest = {row.party: max(other.value for other in members if other.party == row.party) for row in members}
        members.sort(key=lambda row: (-largest[row.party], row.party, -row.value))
        yield segment.split(" > ")[-1] or document, members


def _bar(row: FigureRow, scale: _Scale, language: Language) -> str:
    value = amount(row, language)
    about = " ".join(part for part in (row.what, period(row.period, language)) if part)
    width = f"{max(0.5, scale.at(float(row.value))):.2f}"
    doubt = " <span class='doubt'>⚠</span>" if row.disagrees else ""
    return (
        f"<button class='bar of-{row.measure}' data-row='{key(row)}'>"
        f"<span class='bar-name'><b>{escape(row.who)}</b> <small>{escape(about)}</small>{doubt}</span>"
        f"<span class='bar-track'><span class='bar-length' style='width:{width}%'></span></span>"
        f"<span class='bar-value'>{escape(value)}</span></button>"
    )


def _legend(rows: Sequence[FigureRow], language: Language) -> str:
    held = {row.measure for row in rows}
    items = "".join(
        f"<li class='of-{name}'>{escape(NAMES[name][language == 'en'])}</li>" for name in PLOTTED if name in held
    )
    return f"<ul class='bars-legend'>{items}</ul>"


def _axis(scale: _Scale, currency: str, language: Language) -> str:
    marks = "".join(
        f"<span style='left:{0 if not tick else scale.at(tick):.2f}%'>{escape(_tick(tick, currency, language))}</span>"
        for tick in scale.ticks()
    )
    return f"<div class='bars-axis' aria-hidden='true'><div>{marks}</div></div>"


def _tick(value: float, currency: str, language: Language) -> str:
    if not value:
        return "0"
    written = figures.write(Figure("", Decimal(f"{value:.0f}"), currency, (0, 0)), language)
    return written if language == "en" else written.removesuffix(unit(currency, "zh"))
