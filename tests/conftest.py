"""Real parts, made once for the whole run: an index of the corpus, an assistant without a model, one with it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from ragbot import Assistant, Settings

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "corpus"


@pytest.fixture(scope="session", autouse=True)
def _environment_of_our_own(tmp_path_factory):
    """The settings of whoever runs the tests must not decide what is tested."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("LLM_BASE_URL", "LLM_MODEL", "LLM_API_KEY", "LLM", "ENCODER", "INDEX"):
            patch.delenv(f"RAGBOT_{name}", raising=False)
        patch.setenv("RAGBOT_DATA_DIR", str(tmp_path_factory.mktemp("data")))
        yield


@pytest.fixture(scope="session")
def index(tmp_path_factory) -> Path:
    """An index of the corpus in both languages; not to be written to."""
    folder = tmp_path_factory.mktemp("corpus") / "index"
    Assistant(folder, Settings(llm="none")).add(CORPUS)
    return folder


@pytest.fixture(scope="session")
def index_of(tmp_path_factory):
    """Makes an index of one Markdown text; not to be written to."""

    def make(text: str) -> Path:
        folder = tmp_path_factory.mktemp("note")
        (folder / "note.md").write_text(text, encoding="utf-8")
        Assistant(folder / "index", Settings(llm="none")).add(folder / "note.md")
        return folder / "index"

    return make


@pytest.fixture(scope="session")
def extractor(index) -> Assistant:
    """Answers by extraction, over the corpus."""
    return Assistant(index, Settings(llm="none"))


@pytest.fixture(scope="session")
def writer(index) -> Assistant:
    """The embedded model, over the corpus; its weights are fetched when they are not here."""
    from ragbot import weights

    settings = Settings(llm=weights.DEFAULT)
    weights.pull(weights.DEFAULT, settings)
    return Assistant(index, settings)


@pytest.fixture(scope="session")
def chromium():
    """A real Chromium under Playwright; `make test` installs one where there is none."""
    from playwright.sync_api import sync_playwright

    names = ("chromium", "chromium-browser", "google-chrome")
    executable = next((path for name in names if (path := shutil.which(name))), None)
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium):
    """Open the chat in a browser of its own; every request that leaves the machine is recorded in `outside`."""
    contexts = []

    def visit(address: str, language: str = "zh-CN", width: int = 1280, **options):
        context = chromium.new_context(locale=language, viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.outside = []
        page.on("request", lambda request: _outside(request.url) and page.outside.append(request.url))
        page.goto(address)
        page.wait_for_selector("#transcript [data-conversation]", state="attached")
        return page

    yield visit
    for context in contexts:
        context.close()


def _outside(url: str) -> bool:
    return urlsplit(url).scheme in ("http", "https", "ws", "wss") and urlsplit(url).hostname != "127.0.0.1"


@pytest.fixture(scope="session")
def host():
    """Serve the page of an assistant, as `ragbot serve` does, and give its address."""
    from ragbot.web import build
    from ragbot.web.page import launch_options

    pages = []

    def start(assistant: Assistant) -> str:
        page = build(assistant)
        pages.append(page)
        assistant.keep_model_ready()
        return page.launch(server_port=_free_port(), prevent_thread_lock=True, quiet=True, **launch_options())[
            1
        ].rstrip("/")

    yield start
    for page in pages:
        page.close(verbose=False)


@pytest.fixture(scope="session")
def extracting(host, extractor) -> str:
    """The address of a page that answers by extraction."""
    return host(extractor)


@pytest.fixture(scope="session")
def serve(index):
    """Start `ragbot serve` in a process of its own and give its address once the page answers."""
    running = []

    def start(**settings: str) -> str:
        port = _free_port()
        environment = {**os.environ} | {f"RAGBOT_{name}": value for name, value in settings.items()}
        command = [sys.executable, "-m", "ragbot.cli", "serve", "--port", str(port), "--index", str(index)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        running.append(process)
        assert process.stdout is not None
        assert "ragbot listens on" in process.stdout.readline(), "ragbot serve ended without a page"
        return f"http://127.0.0.1:{port}"

    yield start
    for process in running:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
