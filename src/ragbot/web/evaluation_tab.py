"""The Evaluation tab: choose or drop a test set, watch it run, read the report, open a failed row in the chat."""

import queue
import threading
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from ragbot.assistant import Assistant
from ragbot.errors import RagbotError
from ragbot.evaluation import Evaluation, evaluate
from ragbot.evaluation.report.page import in_language
from ragbot.evaluation.report.table import interval, percent
from ragbot.evaluation.report.texts import HEADLINES, MEASURES
from ragbot.evaluation.scoring import REASONS, reasons

SHIPPED = Path("tests/testsets")
"""Where a checkout keeps its test sets."""

TEXTS: dict[str, tuple[str, str]] = {
    "evaluation": ("评测", "Evaluation"),
    "evaluation_lead": (
        "用题集检验这个助手：答得对不对，该拒答时是否拒答，引用是否站得住。题集格式见 docs/evaluation.md。",
        "Try the assistant on a test set: is it right, does it refuse where it should, do its citations hold. "
        "docs/evaluation.md describes the formats.",
    ),
    "evaluation_testset": ("题集", "Test set"),
    "evaluation_own": (
        "或拖入自己的题集（JSONL、CSV、YAML、SQuAD JSON）",
        "Or drop your own (JSONL, CSV, YAML, SQuAD JSON)",
    ),
    "evaluation_limit": ("最多问几题", "Questions at most"),
    "evaluation_run": ("开始评测", "Run"),
    "evaluation_stop": ("停止", "Stop"),
    "evaluation_failed": (
        "有问题的题，点一行可在对话中重问",
        "What is not as it should be; click a row to ask it in the chat",
    ),
    "evaluation_report": ("下载完整报告", "Download the full report"),
}

# What the tab says while it works: in the browser's language, which the request tells.
PHRASES: dict[str, tuple[str, str]] = {
    "nothing": ("先选择一个题集。", "Choose a test set first."),
    "stopped": (
        "已停止。答过的题都已保存，再次开始会接着做。",
        "Stopped. What was answered is kept; Run goes on from there.",
    ),
    "question": ("问题", "Question"),
    "why": ("原因", "Why"),
    "row": ("题号", "Row"),
}

Update = tuple[Any, ...]
OpenInChat = Callable[[gr.State], None]
"""Told, while the page is built, of the state that will hold the question chosen: wire its `change` to the chat."""


class _Stop(Exception):
    """The visitor pressed Stop, or left."""


def build(assistant: Assistant, words: Callable[[str], Any], open_in_chat: OpenInChat | None = None) -> None:
    """The tab's content, inside a gr.Tab of the page. `words`: the page's translations, `TEXTS` among them."""
    chosen = gr.State("")
    gr.Markdown(words("evaluation_lead"))
    with gr.Row(equal_height=True):
        shipped = sorted(SHIPPED.glob("*.jsonl"))
        testset = gr.Dropdown(
            [(path.stem, str(path)) for path in shipped],
            value=str(shipped[0]) if shipped else None,
            label=words("evaluation_testset"),
            elem_id="evaluation-testset",
        )
        limit = gr.Number(30, minimum=1, precision=0, label=words("evaluation_limit"), elem_id="evaluation-limit")
    own = gr.File(
        label=words("evaluation_own"),
        file_types=[".jsonl", ".json", ".csv", ".tsv", ".yaml", ".yml"],
        height=140,
        elem_id="evaluation-own",
    )
    with gr.Row():
        run = gr.Button(words("evaluation_run"), variant="primary", elem_id="evaluation-run")
        stop = gr.Button(words("evaluation_stop"), variant="stop", elem_id="evaluation-stop")
    status = gr.HTML(elem_id="evaluation-status")
    download = gr.DownloadButton(words("evaluation_report"), visible=False, elem_id="evaluation-download")
    failed = gr.Dataframe(
        label=words("evaluation_failed"),
        interactive=False,
        wrap=True,
        column_widths=["16%", "42%", "42%"],
        visible=False,
        elem_id="evaluation-failed",
    )
    report = gr.HTML(elem_id="evaluation-report")

    def start(testset: str | None, own: str | None, limit: int | None, request: gr.Request) -> Iterator[Update]:
        yield from _run(assistant, own or testset, limit, _language(request))

    def stopped(request: gr.Request) -> str:
        return _note(PHRASES["stopped"][_language(request)])

    shown = [status, download, failed, report]
    running = run.click(
        start, [testset, own, limit], shown, show_progress="hidden", concurrency_limit=1, api_visibility="private"
    )
    stop.click(stopped, None, status, cancels=[running], api_visibility="private")
    failed.select(_question_of, None, chosen, api_visibility="private")
    if open_in_chat:
        open_in_chat(chosen)


def _question_of(event: gr.SelectData) -> str:
    return str(event.row_value[1])


def _language(request: gr.Request) -> int:
    """Which of a pair of texts the browser wants: 0 for Chinese, 1 for English."""
    return int(not request.headers.get("accept-language", "").startswith("zh"))


def _run(assistant: Assistant, testset: str | None, limit: int | None, language: int) -> Iterator[Update]:
    """What the tab shows while the run goes on and when it is done."""
    nothing = (gr.DownloadButton(visible=False), gr.Dataframe(visible=False), "")
    if not testset:
        yield (_note(PHRASES["nothing"][language]), *nothing)
        return
    yield (_bar(0, 1), *nothing)
    try:
        for event in _events(assistant, testset, limit):
            yield _finished(event, language) if isinstance(event, Evaluation) else (_bar(*event), *nothing)
    except RagbotError as error:
        yield (_note(f"⚠ {error}"), *nothing)


def _events(assistant: Assistant, testset: str, limit: int | None) -> Iterator[tuple[int, int] | Evaluation]:
    """How far the run is, again and again, then the run itself; leaving the loop stops it after its question."""
    events: queue.Queue[tuple[int, int] | Evaluation | Exception] = queue.Queue()
    left = threading.Event()

    def tell(done: int, total: int) -> None:
        if left.is_set():
            raise _Stop
        events.put((done, total))

    def work() -> None:
        try:
            events.put(evaluate(testset, assistant, limit=limit, progress=tell))
        except Exception as error:
            events.put(error)

    threading.Thread(target=work, daemon=True).start()
    try:
        while True:
            event = events.get()
            if isinstance(event, Exception):
                raise event
            yield event
            if isinstance(event, Evaluation):
                return
    finally:
        left.set()


def _finished(evaluation: Evaluation, language: int) -> Update:
    page = in_language(evaluation.report.read_text(encoding="utf-8"), ("zh", "en")[language])
    frame = f'<iframe srcdoc="{escape(page)}" sandbox="allow-scripts" title="report"></iframe>'
    rows = [
        [str(case.id), case.question, "; ".join(REASONS[name][language].format(what=what) for name, what in found)]
        for case, row, verdict in zip(evaluation.cases, evaluation.rows, evaluation.verdicts, strict=True)
        if (found := reasons(verdict, row.get("error", "")))
    ]
    return (
        _headlines(evaluation, language),
        gr.DownloadButton(value=str(evaluation.report), visible=True),
        gr.Dataframe(
            rows, headers=[PHRASES[name][language] for name in ("row", "question", "why")], visible=bool(rows)
        ),
        frame,
    )


def _headlines(evaluation: Evaluation, language: int) -> str:
    cells = []
    for name in HEADLINES:
        found = evaluation.summary.measures[name]
        if found.value is not None:
            cells.append(
                f"<div><small>{escape(MEASURES[name][language])}</small><b>{percent(found.value)} %</b>"
                f"<small>{interval(found)} · n = {found.rows}</small></div>"
            )
    return f'<div class="evaluation-headlines">{"".join(cells)}</div>'


def _bar(done: int, total: int) -> str:
    return f'<progress max="{total}" value="{done}"></progress> <small>{done} / {total if done else "…"}</small>'


def _note(text: str) -> str:
    return f"<p>{escape(text)}</p>"
