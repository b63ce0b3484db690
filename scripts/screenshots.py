"""Draw docs/images anew: `ragbot serve` over the corpus in a real Chromium, in both languages, wide and narrow."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parent.parent
IMAGES = ROOT / "docs" / "images"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
SHOTS = (
    ("chat-zh", "zh-CN", "三大云厂商的季度收入各是多少？", 1280, 900),
    ("chat-en", "en-US", "How much did OpenAI lose?", 1280, 900),
    ("chat-phone", "zh-CN", "英伟达数据中心业务季度收入是多少？", 390, 844),
)


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as index, sync_playwright() as playwright:
        ragbot = [sys.executable, "-m", "ragbot.cli"]
        environment = {**os.environ, "RAGBOT_INDEX": index}
        subprocess.run([*ragbot, "index", str(ROOT / "corpus")], env=environment, check=True)
        port = free_port()
        command = [*ragbot, "serve", "--port", str(port)]
        server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        assert server.stdout is not None
        server.stdout.readline()
        executable = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        for shot in SHOTS:
            draw(browser, f"http://127.0.0.1:{port}", *shot)
        browser.close()
        server.terminate()
        server.wait()


def draw(browser: Browser, address: str, name: str, language: str, question: str, width: int, height: int) -> None:
    page = browser.new_page(locale=language, viewport={"width": width, "height": height})
    page.goto(address)
    page.fill("#question textarea", question)
    page.keyboard.press("Enter")
    page.wait_for_selector("#sources .number", timeout=180_000)
    page.wait_for_timeout(500)
    page.screenshot(path=IMAGES / f"{name}.png")
    page.close()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


if __name__ == "__main__":
    main()
