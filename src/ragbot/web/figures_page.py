"""The page of figures: filters, a plot, a table, and the passage of the figure that was opened."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from ragbot.assistant import Assistant
from ragbot.errors import RagbotError
from ragbot.figure_table import FigureRow, csv, in_language
from ragbot.language import fold
from ragbot.schema import Language
from ragbot.web import figures_chart as chart
from ragbot.web import figures_view as view
from ragbot.web.figures_texts import phrase
from ragbot.web.gate import language_of

CSS = Path(__file__).with_name("figures.css")
Sorting = tuple[str, bool]
"""A column, '' for the order of the documents, and whether from high to low."""
_UNSORTED: Sorting = ("", False)

# A click, or Enter on a bar, tells which row or column it was; the opened row is marked.
_CLICKS = """
element.addEventListener('click', event => {
  const column = event.target.closest('[data-sort]'), row = event.target.closest('[data-row]');
  if (column) return trigger('select', {sort: column.dataset.sort});
  if (!row) return;
  document.querySelectorAll('[data-row].open').forEach(each => each.classList.remove('open'));
  document.querySelectorAll(`[data-row="${row.dataset.row}"]`).forEach(each => each.classList.add('open'));
  trigger('click', {row: row.dataset.row});
});
"""
_CLOSE = """
element.addEventListener('click', event => {
  if (event.target.closest('[data-close]')) element.querySelector('.figure-passage').hidden = true;
});
"""
_SAVE = """text => {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob(['\\ufeff', text], {type: 'text/csv'}));
  link.download = 'figures.csv';
  link.click();
  URL.revokeObjectURL(link.href);
}"""


def build(assistant: Assistant, words: gr.I18n, tab: gr.Tab) -> None:
    """Draw the page inside `tab`, anew whenever that is opened.

    `words` translates `figures_texts.TEXTS`.
    """
    gr.Markdown(words("figures_lead"), elem_id="figures-lead")
    with gr.Row(elem_id="figures-filters"):
        search = gr.Textbox(label=words("figures_search"), elem_id="figures-search", min_width=200, scale=2)
        segment, who, unit, currency = (
            gr.Dropdown([("", "")], value="", label=words(f"figures_{name}"), elem_id=f"figures-{name}", min_width=130)
            for name in ("segment", "who", "unit", "currency")
        )
    with gr.Row(elem_id="figures-choices"):
        doubtful = gr.Checkbox(label=words("figures_doubtful"), elem_id="figures-doubtful", min_width=200)
        save = gr.Button(words("figures_csv"), elem_id="figures-csv", size="sm", min_width=120, scale=0)
    with gr.Row(elem_id="figures-columns"):
        with gr.Column(scale=3, min_width=320):
            plot = gr.HTML(elem_id="figures-chart", js_on_load=_CLICKS, apply_default_css=False)
            table = gr.HTML(elem_id="figures-table", js_on_load=_CLICKS, apply_default_css=False)
        with gr.Column(scale=2, min_width=320, elem_id="figures-side"):
            passage = gr.HTML(elem_id="figures-passage", js_on_load=_CLOSE, apply_default_css=False)
    sheet = gr.Textbox(visible="hidden", elem_id="figures-sheet")
    sorting = gr.State(_UNSORTED)
    filters = [search, segment, who, unit, doubtful]

    shown = _Shown(assistant)
    private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    whole = [*filters, currency, sorting, plot, table, passage]
    tab.select(shown.anew, None, whole, api_visibility="private", show_progress="minimal")  # figures may be many
    redraw = (shown.narrowed, [sorting, currency, *filters], [plot, table])
    # Not `input`: Gradio's text boxes do not send it.
    changed = [search.change, *(each.input for each in (segment, who, unit, currency, doubtful))]
    gr.on(changed, *redraw, trigger_mode="always_last", **private)
    table.select(_resorted, sorting, sorting, **private).then(*redraw, **private)
    for each in (plot, table):
        each.click(shown.passage, None, passage, **private)
    save.click(shown.sheet, [sorting, *filters], sheet, **private).then(None, sheet, js=_SAVE, **private)


class _Shown:
    """What the page shows of an assistant's figures."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant

    def anew(self, request: gr.Request) -> tuple[Any, ...]:
        """Filters as they are at first, with what can be chosen now; the plot, the table, and no passage."""
        language = language_of(request)
        rows = self._rows(language)
        money = chart.currencies(rows)
        chosen = money[0] if money else ""
        return (
            "",
            *_choices(rows, language),
            False,
            gr.Dropdown([(view.unit(code, language), code) for code in money or [""]], value=chosen),
            _UNSORTED,
            chart.chart(rows, chosen, language),
            view.table(rows, language, *_UNSORTED),
            view.unopened(language),
        )

    def narrowed(self, request: gr.Request, order: Sorting, currency: str, *asked: Any) -> tuple[str, str]:
        """The plot and the table of what the filters let through."""
        language = language_of(request)
        rows = _filtered(self._rows(language), *asked)
        return chart.chart(rows, currency, language), view.table(_sorted(rows, order), language, *order)

    def passage(self, event: gr.EventData, request: gr.Request) -> str:
        """The passage of the row that was clicked."""
        wanted = event._data["row"] if event._data else ""
        rows = _figures(self.assistant)
        row = next((row for row in rows if view.key(row) == wanted), None)
        if row is None:  # its document is gone meanwhile
            return view.unopened(language_of(request))
        same = [other for other in rows if other.fact == row.fact and other is not row]
        texts = {name: self.assistant.text(name) for name in {each.document for each in (row, *same)}}
        return view.passage(row, same, texts, language_of(request))

    def sheet(self, request: gr.Request, order: Sorting, *asked: Any) -> str:
        """What the table shows, as CSV."""
        return csv(_sorted(_filtered(self._rows(language_of(request)), *asked), order))

    def _rows(self, language: Language) -> list[FigureRow]:
        return in_language(_figures(self.assistant), language)


def _resorted(order: Sorting, event: gr.EventData) -> Sorting:
    """The order after a click on a heading: up, then down, then as the documents have it."""
    column = event._data["sort"] if event._data else ""
    if column not in view.COLUMNS:
        return order
    return (column, False) if order[0] != column else _UNSORTED if order[1] else (column, True)


def _figures(assistant: Assistant) -> tuple[FigureRow, ...]:
    try:
        return assistant.figures()
    except RagbotError:  # no index yet: no figures; the page of documents says how to add one
        return ()


def _choices(rows: Sequence[FigureRow], language: Language) -> list[gr.Dropdown]:
    every = (phrase("all", language), "")
    segments = dict.fromkeys(row.segment for row in rows if row.segment)
    parties = {row.party: row.who for row in reversed(rows) if row.party}
    companies = sorted(((name, party) for party, name in parties.items()), key=lambda pair: fold(pair[0]))
    units = dict.fromkeys(row.unit for row in rows)
    return [
        gr.Dropdown([every, *((path.split(" > ")[-1], path) for path in segments)], value=""),
        gr.Dropdown([every, *companies], value=""),
        gr.Dropdown([every, *((view.unit(name, language), name) for name in units)], value=""),
    ]


def _filtered(
    rows: Sequence[FigureRow], search: str, segment: str, who: str, unit: str, doubtful: bool
) -> list[FigureRow]:
    wanted = fold(search or "").split()
    return [
        row
        for row in rows
        if (not segment or row.segment == segment)
        and (not who or row.party == who)
        and (not unit or row.unit == unit)
        and (not doubtful or row.disagrees)
        and all(word in fold(f"{row.who} {row.what} {row.text} {row.quote}") for word in wanted)
    ]


def _sorted(rows: Sequence[FigureRow], order: Sorting) -> list[FigureRow]:
    column, falling = order
    keys: dict[str, Callable[[FigureRow], Any]] = {
        "who": lambda row: fold(row.who),
        "what": lambda row: fold(row.what),
        "value": lambda row: (row.unit, row.value),
        "period": lambda row: row.period or "",
        "segment": lambda row: fold(row.segment),
    }
    return sorted(rows, key=keys[column], reverse=falling) if column else list(rows)
