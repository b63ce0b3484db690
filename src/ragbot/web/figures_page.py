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

CSS = Path(__file__).with_name("figures.css")
Sorting = tuple[str, bool]
"""A column, '' for the order of the documents, and whether from high to low."""

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


def build(assistant: Assistant, words: gr.I18n, tab: gr.Tab, language: gr.components.Component | None = None) -> None:
    """Draw the page inside `tab`, anew whenever that is opened.

    `words` translates `figures_texts.TEXTS`. `language` holds 'zh' or 'en'; without it, or where it is empty, the
    browser's language counts.
    """
    language = language or gr.State("")
    sorting = gr.State(("", False))
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
    filters = [search, segment, who, unit, doubtful]

    def opened(spoken: str, request: gr.Request) -> tuple[Any, ...]:
        """Everything anew: choices, plot, table; filters as they were at first."""
        tongue = _tongue(spoken, request)
        rows = _rows(assistant, tongue)
        money = chart.currencies(rows)
        chosen = money[0] if money else ""
        return (
            *_choices(rows, tongue),
            gr.Dropdown([(view.unit(code, tongue), code) for code in money], value=chosen),
            chart.chart(rows, chosen, tongue),
            view.table(rows, tongue, "", False),
            view.unopened(tongue),
        )

    def drawn(request: gr.Request, spoken: str, order: Sorting, code: str, *asked: Any) -> tuple[str, str]:
        tongue = _tongue(spoken, request)
        rows = _filtered(_rows(assistant, tongue), *asked)
        return chart.chart(rows, code, tongue), view.table(_sorted(rows, order), tongue, *order)

    def resort(order: Sorting, event: gr.EventData) -> Sorting:
        """Up, then down, then as the documents have it."""
        column = event._data["sort"] if event._data else ""
        if column not in view.COLUMNS:
            return order
        return (column, False) if order[0] != column else ("", False) if order[1] else (column, True)

    def read(spoken: str, event: gr.EventData, request: gr.Request) -> str:
        wanted = event._data["row"] if event._data else ""
        rows = _figures(assistant)
        row = next((row for row in rows if view.key(row) == wanted), None)
        if row is None:
            return view.unopened(_tongue(spoken, request))
        same = [other for other in rows if other.fact == row.fact and other is not row]
        texts = {name: assistant.text(name) for name in {row.document, *(other.document for other in same)}}
        return view.passage(row, same, texts, _tongue(spoken, request))

    def exported(request: gr.Request, spoken: str, order: Sorting, *asked: Any) -> str:
        return csv(_sorted(_filtered(_rows(assistant, _tongue(spoken, request)), *asked), order))

    private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    whole = [segment, who, unit, currency, plot, table, passage]
    tab.select(opened, language, whole, api_visibility="private", show_progress="minimal")  # figures may be many
    if hasattr(language, "change"):
        language.change(opened, language, whole, **private)
    redraw = (drawn, [language, sorting, currency, *filters], [plot, table])
    changed = [search.change, *(each.input for each in (segment, who, unit, currency, doubtful))]
    gr.on(changed, *redraw, trigger_mode="always_last", **private)
    table.select(resort, sorting, sorting, **private).then(*redraw, **private)
    for each in (plot, table):
        each.click(read, language, passage, **private)
    save.click(exported, [language, sorting, *filters], sheet, **private).then(None, sheet, js=_SAVE, **private)


def _tongue(spoken: str, request: gr.Request) -> Language:
    """The language of the page: as chosen, else the browser's."""
    chosen = spoken or request.headers.get("accept-language", "")
    return "zh" if chosen.lower().startswith("zh") else "en"


def _figures(assistant: Assistant) -> tuple[FigureRow, ...]:
    try:
        return assistant.figures()
    except RagbotError:  # no index yet: no figures; the page of documents says how to add one
        return ()


def _rows(assistant: Assistant, language: Language) -> list[FigureRow]:
    return in_language(_figures(assistant), language)


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
