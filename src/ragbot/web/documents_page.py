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
from ragbot.web.gate import language_of

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


def build(assistant: Assistant, words: gr.I18n, tab: gr.Tab) -> None:
    """Draw the page inside `tab`, anew whenever that is opened.

    `words` translates `documents_texts.TEXTS`.
    """
    gr.Markdown(words("documents_lead"), elem_id="documents-lead")
    files = gr.File(label=words("documents_add"), file_count="multiple", elem_id="documents-add", height=190)
    progress = gr.HTML(elem_id="documents-progress", apply_default_css=False)
    table = gr.HTML(elem_id="documents-table", js_on_load=_CLICKS, apply_default_css=False)

    shown = _Shown(assistant)
    private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    long: dict[str, Any] = {**private, "concurrency_limit": _AT_ONCE, "concurrency_id": "documents"}
    tab.select(shown.held, None, table, **private)
    files.upload(shown.added, files, [progress, table, files], **long)
    table.click(shown.acted, None, [progress, table], **long)


class _Shown:
    """What the page shows of an assistant's documents, and what it does to them."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self.library = Library(assistant)

    def held(self, request: gr.Request) -> str:
        return view.documents(_held(self.assistant), language_of(request))

    def added(self, paths: list[str] | None, request: gr.Request) -> Iterator[tuple[str, str, None]]:
        jobs = {Path(path).name: _adding(self.library, Path(path)) for path in paths or []}
        for progress, held in _carried_out(self.assistant, jobs, language_of(request)):
            yield progress, held, None  # the list of progress takes the place of the list of files

    def acted(self, event: gr.EventData, request: gr.Request) -> Iterator[Drawn]:
        """What a button of the table does; Remove asks first."""
        language = language_of(request)
        asked = event._data or {}
        act, name = str(asked.get("act")), str(asked.get("name"))
        if act == "reindex":
            jobs: dict[str, Callable[[OnStage], object]] = {name: lambda tell: self.library.reindex(name, tell)}
            yield from _carried_out(self.assistant, jobs, language)
        elif act == "confirm":
            yield _removed(self.library, name, language)
        else:
            yield gr.skip(), view.documents(_held(self.assistant), language, name if act == "remove" else "")


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
