"""The page of documents: what is indexed; files dropped on it are added, each with its progress."""

import queue
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from ragbot.assistant import Assistant, OnStage
from ragbot.errors import IndexNotFound, RagbotError
from ragbot.library import Library
from ragbot.schema import IndexedDocument, Language
from ragbot.web import documents_view as view
from ragbot.web.documents_view import Step

CSS = Path(__file__).with_name("documents.css")
_AT_ONCE = 8  # visitors whose uploads are taken or told to wait; only one is indexed at a time

# Gradio names its button for uploads otherwise than it is labelled, in English alone: its words shall be its name.
_CLICKS = """
const unnamed = () => document.querySelector('#documents-add button[aria-label]')?.removeAttribute('aria-label');
const around = document.querySelector('#documents-add').parentElement;
new MutationObserver(unnamed).observe(around, {subtree: true, childList: true});
unnamed();
element.addEventListener('click', event => {
  const button = event.target.closest('[data-act]');
  if (button) trigger('click', {act: button.dataset.act, name: button.dataset.name});
});
"""

Drawn = tuple[str, str]
"""The progress and the table of documents."""


def build(assistant: Assistant, words: gr.I18n, tab: gr.Tab, language: gr.components.Component | None = None) -> None:
    """Draw the page inside `tab`, anew whenever that is opened.

    `words` translates `documents_texts.TEXTS`. `language` holds 'zh' or 'en'; without it, or where it is empty, the
    browser's language counts.
    """
    library = Library(assistant)
    language = language or gr.State("")
    gr.Markdown(words("documents_lead"), elem_id="documents-lead")
    files = gr.File(label=words("documents_add"), file_count="multiple", elem_id="documents-add", height=190)
    progress = gr.HTML(elem_id="documents-progress", apply_default_css=False)
    table = gr.HTML(elem_id="documents-table", js_on_load=_CLICKS, apply_default_css=False)

    def opened(spoken: str, request: gr.Request) -> str:
        return view.documents(_held(assistant), _tongue(spoken, request))

    def added(paths: list[str] | None, spoken: str, request: gr.Request) -> Iterator[tuple[str, str, Any]]:
        tongue = _tongue(spoken, request)
        jobs = {Path(path).name: _adding(library, Path(path)) for path in paths or []}
        for shown, held in _carried_out(assistant, jobs, tongue):
            yield shown, held, None  # the list of progress takes the place of the list of files

    def acted(spoken: str, event: gr.EventData, request: gr.Request) -> Iterator[Drawn]:
        tongue = _tongue(spoken, request)
        asked = event._data or {}
        act, name = str(asked.get("act")), str(asked.get("name"))
        if act == "reindex":
            yield from _carried_out(assistant, {name: lambda on_stage: library.reindex(name, on_stage)}, tongue)
        elif act == "confirm":
            yield _removed(library, name, tongue)
        else:
            yield gr.skip(), view.documents(_held(assistant), tongue, name if act == "remove" else "")

    private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    long: dict[str, Any] = {**private, "concurrency_limit": _AT_ONCE, "concurrency_id": "documents"}
    tab.select(opened, language, table, **private)
    if hasattr(language, "change"):
        language.change(opened, language, table, **private)
    files.upload(added, [files, language], [progress, table, files], **long)
    table.click(acted, language, [progress, table], **long)


def _tongue(spoken: str, request: gr.Request) -> Language:
    """The language of the page: as chosen, else the browser's."""
    chosen = spoken or request.headers.get("accept-language", "")
    return "zh" if chosen.lower().startswith("zh") else "en"


def _held(assistant: Assistant) -> list[IndexedDocument]:
    try:
        return assistant.documents()
    except IndexNotFound:
        return []


def _adding(library: Library, path: Path) -> Callable[[OnStage], object]:
    def add(on_stage: OnStage) -> None:
        try:
            library.add(path, path.name, on_stage)
        finally:
            path.unlink(missing_ok=True)  # the library keeps its own copy

    return add


def _carried_out(
    assistant: Assistant, jobs: dict[str, Callable[[OnStage], object]], language: Language
) -> Iterator[Drawn]:
    """The jobs one after another in a thread of their own, which ends its work though the visitor may leave."""
    steps = {name: Step("waiting") for name in jobs}
    told: queue.SimpleQueue[tuple[str, Step] | None] = queue.SimpleQueue()

    def work() -> None:
        for name, job in jobs.items():
            told.put((name, _outcome(job, lambda stage, share, name=name: told.put((name, Step(stage, share))))))  # type: ignore[misc]
        told.put(None)

    threading.Thread(target=work, daemon=True).start()
    yield view.progress(steps, language), view.documents(_held(assistant), language)
    while (news := told.get()) is not None:
        steps[news[0]] = news[1]
        ended = news[1].state not in view.STAGES
        yield view.progress(steps, language), view.documents(_held(assistant), language) if ended else gr.skip()


def _outcome(job: Callable[[OnStage], object], on_stage: OnStage) -> Step:
    try:
        job(on_stage)
    except RagbotError as error:
        return Step("failed", cause=str(error))
    except OSError as error:  # a full disk, a folder that may not be written to
        return Step("failed", cause=error.strerror or str(error))
    return Step("done")


def _removed(library: Library, name: str, language: Language) -> Drawn:
    try:
        library.remove(name)
        step = Step("removed")
    except RagbotError as error:
        step = Step("kept", cause=str(error))
    return view.progress({name: step}, language), view.documents(_held(library.assistant), language)
