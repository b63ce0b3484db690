"""The page: a chat, and beside it the passages that the answer stands on."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import gradio as gr

from ragbot.assistant import Assistant
from ragbot.errors import ConfigurationError, RagbotError
from ragbot.language import detect
from ragbot.schema import LONGEST_QUESTION, DraftText, EvidenceFound, Exchange, Finished
from ragbot.web import render
from ragbot.web.texts import EXAMPLES, TEXTS, phrase

_FONTS = ("system-ui", "Segoe UI", "Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", "sans-serif")
_QUEUE = 32  # questions that may wait; one more is told to come back

# Two instances of the model never run at once on one machine, so two visitors are answered in turn.
_AT_ONCE = 2

Update = tuple[list[dict[str, str]], str, Any, Any]


def build(assistant: Assistant) -> gr.Blocks:
    """The page over that assistant; `launch_options` go to its launch."""
    words = _translations()
    with gr.Blocks(title="ragbot", analytics_enabled=False) as page:
        past = gr.State([])
        gr.Markdown(words("title"), elem_id="title")
        gr.Markdown(words("lead"), elem_id="lead")
        with gr.Row(elem_id="columns"):
            with gr.Column(scale=3, min_width=320):
                chat = gr.Chatbot(
                    elem_id="chat",
                    show_label=False,
                    height="58vh",
                    allow_tags=False,
                    latex_delimiters=[],
                    buttons=["copy"],
                )
                box = gr.Textbox(
                    elem_id="question",
                    label=words("ask"),
                    lines=1,
                    max_lines=4,
                    max_length=LONGEST_QUESTION,
                    autofocus=True,
                )
                with gr.Row(elem_id="buttons"):
                    send = gr.Button(words("send"), variant="primary", elem_id="send", min_width=80)
                    stop = gr.Button(words("stop"), variant="stop", elem_id="stop", min_width=80)
                    clear = gr.Button(words("clear"), elem_id="clear", min_width=80)
                gr.Examples(
                    [[text] for text in EXAMPLES],
                    box,
                    label=words("examples"),
                    elem_id="examples",
                    api_visibility="private",
                )
            with gr.Column(scale=2, min_width=320):
                gr.Markdown(words("sources"), elem_id="sources-title")
                panel = gr.HTML(elem_id="sources")

        def respond(question: str, messages: list[dict[str, str]], history: list[Exchange]) -> Iterator[Update]:
            yield from _respond(assistant, question, messages, history)

        asked = gr.on(
            [send.click, box.submit],
            respond,
            [box, chat, past],
            [chat, panel, past, box],
            concurrency_limit=_AT_ONCE,
            show_progress="hidden",
            api_visibility="private",
        )
        stop.click(_stopped, chat, chat, cancels=[asked], api_visibility="private")
        gr.on(
            [clear.click, chat.clear],
            lambda: ([], "", [], ""),
            None,
            [chat, panel, past, box],
            cancels=[asked],
            api_visibility="private",
        )
    page.queue(max_size=_QUEUE)
    return page


def launch_options() -> dict[str, Any]:
    """What `launch` needs so that the page looks right, and asks nothing of the outside world."""
    return {
        "theme": gr.themes.Soft(
            primary_hue="blue", font=list(_FONTS), font_mono=["ui-monospace", "Consolas", "monospace"]
        ),
        "css": (Path(__file__).parent / "style.css").read_text(encoding="utf-8"),
        "i18n": _translations(),
        "footer_links": [],
        "enable_monitoring": False,
        "show_error": False,
        "max_file_size": "1mb",
    }


def launch(assistant: Assistant, host: str = "127.0.0.1", port: int = 7860, open_browser: bool = False) -> None:
    """Serve the page until Ctrl-C. Raises ConfigurationError when the port is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise ConfigurationError(
                f"cannot listen on {host}:{port} ({error.strerror}): choose another with --port"
            ) from error
    page = build(assistant)
    page.launch(
        server_name=host,
        server_port=port,
        inbrowser=open_browser,
        quiet=True,
        prevent_thread_lock=True,
        **launch_options(),
    )
    print(f"ragbot listens on http://{host}:{port} (Ctrl-C stops it)", flush=True)
    # Only now: Gradio gives up when its own page does not answer at once, and loading a model takes both cores.
    threading.Thread(target=_warm_up, args=[assistant], daemon=True).start()
    page.block_thread()


def _warm_up(assistant: Assistant) -> None:
    with suppress(RagbotError):  # the first question will say what is wrong
        assistant.warm_up()


def _translations() -> gr.I18n:
    chinese = {name: zh for name, (zh, _) in TEXTS.items()}
    english = {name: en for name, (_, en) in TEXTS.items()}
    return gr.I18n(en=english, zh=chinese, **{"zh-CN": chinese, "zh-TW": chinese, "zh-HK": chinese})


def _respond(
    assistant: Assistant, question: str, messages: list[dict[str, str]], history: list[Exchange]
) -> Iterator[Update]:
    """The chat after each event: evidence, then the draft, then the checked answer."""
    question = question.strip()
    if not question:
        yield messages, gr.skip(), history, ""
        return
    language = detect(question)
    before = [*messages, {"role": "user", "content": render.plain(question)}]

    def showing(text: str) -> list[dict[str, str]]:
        return [*before, {"role": "assistant", "content": text}]

    draft = ""
    yield showing(render.draft(phrase("searching", language))), "", history, ""
    try:
        for event in assistant.stream(question, history):
            if isinstance(event, EvidenceFound):
                panel = render.evidence_panel(event.evidence, language)
                yield showing(render.draft(phrase("reading", language))), panel, history, gr.skip()
            elif isinstance(event, DraftText):
                draft += event.text
                yield showing(render.draft(draft)), gr.skip(), history, gr.skip()
            elif isinstance(event, Finished):
                answer = event.answer
                history = [*history, Exchange(answer.standalone_question, answer.text)]
                yield showing(render.answer_text(answer)), render.citation_panel(answer), history, gr.skip()
    except RagbotError as error:
        yield showing(f"⚠ {phrase('failed', language)}: {render.plain(str(error))}"), "", history, gr.skip()


def _stopped(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The chat after Stop: what was not checked goes, and the page says so."""
    if not messages or not render.is_draft(_text(messages[-1])):
        return messages
    language = detect(" ".join(_text(message) for message in messages[-2:-1]))
    return [*messages[:-1], {"role": "assistant", "content": phrase("stopped", language)}]


def _text(message: dict[str, Any]) -> str:
    """What a message says: Gradio hands content back as a list of parts."""
    content = message["content"]
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)
