"""How long a reader waits at the page: to the first evidence, the first word, the checked answer.

`ragbot serve` over the corpus, in a real Chromium, timed within the page from the Enter key on; one reader, then eight
who press it together. Prints one JSON object; milliseconds, median and 95th percentile.

    python benchmarks/web.py [--llm none] [--rounds 3]
"""

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

CORPUS = Path(__file__).parent.parent / "corpus"
PATIENCE = 600_000  # ms; eight readers and one model on two cores
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
QUESTIONS = [
    "英伟达数据中心业务季度收入是多少？",
    "为什么大模型研发难以盈利？",
    "谷歌云的季度收入是多少？",
    "高端AI芯片由谁代工？",
    "How much did OpenAI lose?",
    "What was AWS's quarterly revenue?",
    "What did Gartner predict about generative AI projects?",
    "Why do leading hardware makers have strong bargaining power?",
]
STAGES = ("evidence", "first_word", "answer")
# Sets window.took as each stage is first seen; a refusal or an extract has its first word when it has its last.
WATCH = """() => {
  const turns = document.querySelectorAll('#transcript .turn').length;
  const begun = performance.now();
  window.took = {};
  const seen = (name) => (window.took[name] ??= performance.now() - begun);
  const watch = new MutationObserver(() => {
    const fresh = document.querySelector('#live .turn');
    if (fresh && document.querySelector('#sources article')) seen('evidence');
    if (document.querySelector('#live .draft')) seen('first_word');
    if (document.querySelectorAll('#transcript .turn').length > turns) {
      for (const name of ['evidence', 'first_word', 'answer']) seen(name);
      watch.disconnect();
    }
  });
  watch.observe(document.body, {childList: true, subtree: true, characterData: true});
}"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--llm", default="auto", help="RAGBOT_LLM of the server")
    options.add_argument("--rounds", type=int, default=2, help="how often the eight ask together")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        environment = {**os.environ, "RAGBOT_INDEX": f"{folder}/index", "RAGBOT_DATA_DIR": f"{folder}/data"}
        environment |= {"RAGBOT_LLM": chosen.llm}
        server, address = serve(environment)
        executable = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        try:
            measured = {"one reader": one(browser, address), "eight readers": eight(browser, address, chosen.rounds)}
        finally:
            browser.close()
            server.terminate()
            server.wait()
    print(json.dumps({"llm": chosen.llm, **measured}, indent=2, ensure_ascii=False))


def one(browser: Browser, address: str) -> dict[str, dict[str, int]]:
    page = visit(browser, address)
    ask([page], ["云厂商的盈利为什么稳健？"])  # warm
    return summary([time for question in QUESTIONS for time in ask([page], [question])])


def eight(browser: Browser, address: str, rounds: int) -> dict[str, dict[str, int]]:
    pages = [visit(browser, address) for _ in QUESTIONS]
    times = []
    for turn in range(rounds):
        times += ask(pages, QUESTIONS[turn:] + QUESTIONS[:turn])
    return summary(times)


def visit(browser: Browser, address: str) -> Page:
    """A browser of its own, once the model is ready or known not to come."""
    page = browser.new_context(locale="zh-CN").new_page()
    page.goto(address)
    page.wait_for_selector(":is([data-stage=ready], [data-stage=none], [data-stage=missing])", timeout=PATIENCE)
    return page


def ask(pages: list[Page], questions: list[str]) -> list[dict[str, float]]:
    """What each page's reader waited for, all having pressed Enter together."""
    for page, question in zip(pages, questions, strict=True):
        page.fill("#question textarea", question)
    for page in pages:
        page.evaluate(WATCH)
        page.press("#question textarea", "Enter", no_wait_after=True)
    for page in pages:
        page.wait_for_function("() => window.took.answer", timeout=PATIENCE)
    return [page.evaluate("window.took") for page in pages]


def summary(times: list[dict[str, float]]) -> dict[str, dict[str, int]]:
    found = {}
    for stage in STAGES:
        ordered = sorted(time[stage] for time in times)
        p95 = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
        found[f"{stage}_ms"] = {"p50": round(statistics.median(ordered)), "p95": round(p95)}
    return found


def serve(environment: dict[str, str]) -> tuple[subprocess.Popen[bytes], str]:
    ragbot = [sys.executable, "-m", "ragbot.cli"]
    subprocess.run([*ragbot, "index", str(CORPUS)], env=environment, check=True, stdout=subprocess.DEVNULL)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([*ragbot, "serve", "--port", str(port)], env=environment, stdout=subprocess.PIPE)
    assert server.stdout is not None
    server.stdout.readline()
    return server, f"http://127.0.0.1:{port}"


if __name__ == "__main__":
    main()
