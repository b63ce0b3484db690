"""The page: a header, and a tab each for the chat and what stands beside it."""

import socket
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import gradio as gr

from ragbot.assistant import Assistant
from ragbot.errors import ConfigurationError, RagbotError
from ragbot.history import History
from ragbot.web import documents_page, documents_texts, evaluation_tab, figures_page, figures_texts, texts
from ragbot.web.chat import Chat
from ragbot.web.gate import Gate, language_of, scripts
from ragbot.web.header import header

# Each tab brings its texts and its style.
_TEXTS = (texts.TEXTS, figures_texts.TEXTS, documents_texts.TEXTS, evaluation_tab.TEXTS)
_STYLES = ("style.css", "figures.css", "documents.css", "evaluation.css")
_FONTS = ("system-ui", "Segoe UI", "Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", "sans-serif")
_QUEUE = 64  # events that may wait; questions have a line of their own
_THREADS = 80  # a question that waits in it holds one


def build(assistant: Assistant) -> gr.Blocks:
    """The page over that assistant; `launch_options` go to its launch."""
    words = _translations()
    with gr.Blocks(title="ragbot", analytics_enabled=False) as page:
        top = gr.HTML(elem_id="header", apply_default_css=False)
        with gr.Tabs(elem_id="tabs") as tabs:
            with gr.Tab(words("chat"), id="chat"):
                chat = Chat(assistant, words)
            with gr.Tab(words("figures_tab"), id="figures") as tab:
                figures_page.build(assistant, words, tab)
            with gr.Tab(words("documents_tab"), id="documents") as tab:
                documents_page.build(assistant, words, tab)
            with gr.Tab(words("evaluation"), id="evaluation"):
                evaluation_tab.build(assistant, words, lambda question: chat.ask_from(question, tabs))
        page.load(_header, None, top, show_progress="hidden", api_visibility="private")
        chat.greet(page)
    page.queue(max_size=_QUEUE, default_concurrency_limit=8)
    return page


def launch_options(megabytes: int = 50) -> dict[str, Any]:
    """What `launch` needs so that the page looks right, keeps readers apart, and asks nothing of the outside world.

    `megabytes`: the largest file that can be sent to it.
    """
    from starlette.middleware import Middleware

    return {
        "theme": _theme(),
        "css": "\n".join((Path(__file__).parent / name).read_text(encoding="utf-8") for name in _STYLES),
        "i18n": _translations(),
        "footer_links": [],
        "enable_monitoring": False,
        "show_error": False,
        "max_file_size": f"{megabytes}mb",
        "max_threads": _THREADS,
        "app_kwargs": {"middleware": [Middleware(Gate)], "routes": scripts()},
    }


def _theme() -> gr.themes.Base:
    """Soft, with enough contrast for everybody (WCAG 2.2, 1.4.3)."""
    soft = gr.themes.Soft(
        primary_hue="blue", neutral_hue="slate", font=list(_FONTS), font_mono=["ui-monospace", "Consolas", "monospace"]
    )
    return soft.set(
        color_accent="*primary_700",
        button_primary_background_fill="*primary_700",
        button_primary_background_fill_hover="*primary_800",
        checkbox_label_background_fill_selected="*primary_700",
        checkbox_background_color_selected="*primary_700",
        block_title_text_color="*neutral_600",
        block_title_text_color_dark="*neutral_200",
        block_title_background_fill="transparent",
        block_title_background_fill_dark="transparent",
        block_title_padding="0",
        input_placeholder_color="*neutral_500",
        input_placeholder_color_dark="*neutral_300",
    )


def launch(assistant: Assistant, host: str = "127.0.0.1", port: int = 7860, open_browser: bool = False) -> None:
    """Serve the page until Ctrl-C.

    Raises ConfigurationError when the port is taken, StoreError when conversations cannot be kept.
    """
    History(assistant.settings.data_dir).headlines("")  # told now, and not to every reader
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
        **launch_options(assistant.settings.max_upload_mb + 1),  # our own line about the limit comes first
    )
    print(f"ragbot listens on http://{host}:{port} (Ctrl-C stops it)", flush=True)
    # Only now: Gradio gives up when its own page does not answer at once, and loading a model takes both cores.
    threading.Thread(target=_warm_up, args=[assistant], daemon=True).start()
    page.block_thread()


def _warm_up(assistant: Assistant) -> None:
    with suppress(RagbotError):  # the first question will say what is wrong
        assistant.keep_model_ready()
        assistant.warm_up()


def _header(request: gr.Request) -> str:
    return header(language_of(request))


def _translations() -> gr.I18n:
    every = {name: pair for table in _TEXTS for name, pair in table.items()}
    chinese = {name: zh for name, (zh, _) in every.items()}
    english = {name: en for name, (_, en) in every.items()}
    return gr.I18n(en=english, zh=chinese, **{"zh-CN": chinese, "zh-TW": chinese, "zh-HK": chinese})
