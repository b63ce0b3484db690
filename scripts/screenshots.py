"""Draw docs/images anew: `ragbot serve` over the corpus in a real Chromium, in both languages, wide, narrow, dark."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
IMAGES = ROOT / "docs" / "images"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PATIENCE = 240_000  # ms; a model that has just been loaded, on two cores
WIDE, PHONE = (1440, 900), (390, 844)


def nothing(page: Page) -> None:
    """The page as it opens."""
    page.wait_for_selector("#welcome .ask", timeout=PATIENCE)


def asked(question: str) -> Callable[[Page], None]:
    """The page with the answer to a question."""

    def act(page: Page) -> None:
        page.fill("#question textarea", question)
        page.keyboard.press("Enter")
        page.wait_for_selector("#sources .number", timeout=PATIENCE)
        page.wait_for_selector("#next .ask", timeout=PATIENCE)

    return act


def read(question: str) -> Callable[[Page], None]:
    """The page with the document that the answer cites first, and the quote beside the citation."""

    def act(page: Page) -> None:
        asked(question)(page)
        page.click("#transcript .cite")
        page.wait_for_selector("#here")
        page.mouse.move(5, 5)
        page.hover("#transcript .cite")

    return act


def tab(number: int, wait_for: str) -> Callable[[Page], None]:
    """The page with another tab open."""

    def act(page: Page) -> None:
        page.click(f"#tabs [role=tab] >> nth={number}")
        page.wait_for_selector(wait_for, timeout=PATIENCE)

    return act


@dataclass(frozen=True)
class Shot:
    """A picture: its name, the browser's language, what is done on the page, the window, light or dark."""

    name: str
    language: str
    act: Callable[[Page], None]
    window: tuple[int, int] = WIDE
    scheme: str = "light"


SHOTS = (
    Shot("chat-zh", "zh-CN", asked("三大云厂商的季度收入加起来是多少？")),
    Shot("chat-en", "en-US", read("What was NVIDIA's data center revenue?")),
    Shot("chat-start", "zh-CN", nothing),
    Shot("chat-dark", "en-US", asked("How much did OpenAI lose?"), scheme="dark"),
    Shot("figures", "zh-CN", tab(1, "#figures-chart [data-pick], #figures-chart button")),
    Shot("figures-phone", "en-US", tab(1, "#figures-chart [data-pick], #figures-chart button"), PHONE),
    Shot("documents", "en-US", tab(2, "#documents-table tr")),
    Shot("evaluation", "zh-CN", tab(3, "#evaluation-run")),
    Shot("chat-phone", "zh-CN", asked("英伟达数据中心业务季度收入是多少？"), PHONE),
)


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        ragbot = [sys.executable, "-m", "ragbot.cli"]
        environment = {**os.environ, "RAGBOT_INDEX": f"{folder}/index", "RAGBOT_DATA_DIR": f"{folder}/data"}
        subprocess.run([*ragbot, "index", str(ROOT / "corpus")], env=environment, check=True)
        port = free_port()
        server = subprocess.Popen([*ragbot, "serve", "--port", str(port)], env=environment, stdout=subprocess.PIPE)
        assert server.stdout is not None
        server.stdout.readline()
        executable = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        for shot in SHOTS:
            draw(browser, f"http://127.0.0.1:{port}", shot)
        browser.close()
        server.terminate()
        server.wait()


def draw(browser: Browser, address: str, shot: Shot) -> None:
    """In a browser of its own, once the model is ready or known not to come."""
    width, height = shot.window
    page = browser.new_page(locale=shot.language, viewport={"width": width, "height": height}, color_scheme=shot.scheme)
    page.goto(address)
    page.wait_for_selector(":is([data-stage=ready], [data-stage=none], [data-stage=missing])", timeout=PATIENCE)
    shot.act(page)
    page.wait_for_timeout(600)
    page.screenshot(path=IMAGES / f"{shot.name}.png")
    page.close()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


if __name__ == "__main__":
    main()
