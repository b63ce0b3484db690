"""One page of tabs, served on a port that the system chooses, for tests of what a tab shows."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import gradio as gr
from playwright.sync_api import expect

from ragbot.web import page

expect.set_options(timeout=20_000)  # ms; a machine may be busy


@contextmanager
def tab_served(build: Callable[[gr.I18n, gr.Tab], None], texts: dict[str, tuple[str, str]], css: Path) -> Iterator[str]:
    """The address of a page whose second tab is drawn by `build`."""
    chinese, english = ({name: pair[number] for name, pair in texts.items()} for number in (0, 1))
    words = gr.I18n(en=english, zh=chinese, **{"zh-CN": chinese})
    with gr.Blocks(analytics_enabled=False) as blocks:
        with gr.Tab("First"):
            gr.Markdown("Another tab.")
        with gr.Tab("Tested") as tab:
            build(words, tab)
    options = page.launch_options()
    options |= {"css": options["css"] + css.read_text(encoding="utf-8"), "i18n": words, "max_file_size": "50mb"}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    blocks.queue().launch(server_port=port, quiet=True, prevent_thread_lock=True, **options)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        blocks.close(verbose=False)


@contextmanager
def opened(chromium, address: str, language: str = "zh-CN", width: int = 1280) -> Iterator:
    """The tab in a browser of its own; `outside` lists its requests that left the machine."""
    context = chromium.new_context(locale=language, viewport={"width": width, "height": 900}, accept_downloads=True)
    visited = context.new_page()
    visited.outside = []
    visited.on(
        "request",
        lambda request: (
            "//127.0.0.1" not in request.url
            and not request.url.startswith(("data:", "blob:"))
            and visited.outside.append(request.url)
        ),
    )
    visited.goto(address)
    visited.get_by_role("tab", name="Tested").click()
    yield visited
    context.close()
