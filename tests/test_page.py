"""The chat in a real Chromium: ask, watch the answer come, follow its citations; nothing leaves the machine."""

import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import expect
from servers import chat_model, serving

from ragbot import weights
from ragbot.settings import Settings

QUESTION = "英伟达数据中心业务季度收入是多少？"
PATIENCE = 120_000  # ms; a cold 1.5B model on two busy cores


@pytest.fixture
def open_page(chromium):
    """Open the chat in a browser of its own; every request that leaves the machine is recorded."""
    contexts = []

    def visit(address: str, language: str = "zh-CN", width: int = 1280):
        context = chromium.new_context(locale=language, viewport={"width": width, "height": 900})
        contexts.append(context)
        page = context.new_page()
        page.outside = []
        page.on("request", lambda request: _outside(request.url) and page.outside.append(request.url))
        page.goto(address)
        page.wait_for_selector("#question textarea")
        return page

    yield visit
    for context in contexts:
        context.close()


def _outside(url: str) -> bool:
    return urlsplit(url).scheme in ("http", "https", "ws", "wss") and urlsplit(url).hostname != "127.0.0.1"


def ask(page, question: str) -> None:
    page.fill("#question textarea", question)
    page.keyboard.press("Enter")


@pytest.fixture(scope="module")
def with_model(serve) -> str:
    weights.pull(weights.DEFAULT, Settings())
    return serve(LLM=weights.DEFAULT)


@pytest.fixture(scope="module")
def extracting(serve) -> str:
    return serve(LLM="none")


def test_a_chinese_question_streams_an_answer_with_a_highlighted_citation(with_model, open_page):
    page = open_page(with_model)
    ask(page, QUESTION)
    page.wait_for_selector("#sources article", timeout=PATIENCE)
    assert not page.query_selector("#sources .number"), "the passages found are shown before the answer is written"

    drafts = set()
    while not page.query_selector("#sources .number"):
        drafts |= {span.inner_text() for span in page.query_selector_all("#chat .draft")}
        time.sleep(0.02)
    assert any("308" in draft or "英伟达" in draft for draft in drafts), "the draft is seen while it is written"

    expect(page.locator("#chat")).to_contain_text("308亿美元")
    expect(page.locator("#source-1 mark")).to_contain_text("数据中心业务收入为308亿美元")
    expect(page.locator("#source-1")).to_contain_text("硬件")
    page.click("#chat sup a")
    assert page.url.endswith("#source-1")
    assert page.outside == []


@pytest.mark.parametrize(
    ("language", "title", "send"), [("zh-CN", "行业研究问答", "发送"), ("en-US", "research", "Send")]
)
def test_the_page_speaks_the_browsers_language(extracting, open_page, language, title, send):
    page = open_page(extracting, language)
    expect(page.locator("#title")).to_contain_text(title)
    expect(page.locator("#send")).to_have_text(send)


def test_an_example_question_can_be_clicked_and_sent(extracting, open_page):
    page = open_page(extracting, "en-US")
    page.get_by_text("How much did OpenAI lose?").click()
    page.wait_for_function("document.querySelector('#question textarea').value.length > 0")
    page.click("#send")
    expect(page.locator("#source-1 mark")).to_contain_text("nearly $5 billion", timeout=PATIENCE)


def test_the_page_fits_a_phone(extracting, open_page):
    page = open_page(extracting, width=390)
    ask(page, QUESTION)
    page.wait_for_selector("#source-1", timeout=PATIENCE)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_stop_ends_a_model_that_is_still_reading_and_the_next_question_is_answered(serve, open_page):
    with serving(chat_model("太迟了。", silent=20)) as at:
        page = open_page(serve(LLM_BASE_URL=f"{at}/v1"))
        ask(page, QUESTION)
        page.wait_for_selector("#sources article", timeout=PATIENCE)
        page.click("#stop")
        expect(page.locator("#chat")).to_contain_text("已停止", timeout=10_000)


def test_a_new_chat_is_empty(extracting, open_page):
    page = open_page(extracting)
    ask(page, QUESTION)
    page.wait_for_selector("#source-1", timeout=PATIENCE)
    page.click("#clear")
    expect(page.locator("#chat .message")).to_have_count(0)
    expect(page.locator("#sources article")).to_have_count(0)


def test_markup_in_a_question_and_in_a_models_draft_stays_text(serve, open_page):
    hostile = "英伟达数据中心收入为308亿美元<img src='http://evil.example/x.png' onerror='window.hit=1'>![x](http://evil.example/y.png)"
    with serving(chat_model(hostile)) as at:
        page = open_page(serve(LLM_BASE_URL=f"{at}/v1"))
        ask(page, "<script>window.hit=1</script><img src=x onerror='window.hit=1'>")
        expect(page.locator("#chat")).to_contain_text("do not hold an answer", timeout=PATIENCE)
        expect(page.locator("#chat")).to_contain_text("<script>")
        ask(page, QUESTION)
        page.wait_for_selector("#sources .number", timeout=PATIENCE)
        assert page.locator("#chat .message img").count() == 0
        assert page.evaluate("window.hit") is None and page.outside == []


def test_a_model_server_that_went_away_is_one_line_in_the_chat(serve, open_page):
    with serving(chat_model("", status=500)) as at:
        page = open_page(serve(LLM_BASE_URL=f"{at}/v1"))
        ask(page, QUESTION)
        expect(page.locator("#chat")).to_contain_text("HTTP 500", timeout=PATIENCE)


def test_the_page_publishes_no_endpoints(extracting):
    described = httpx.get(f"{extracting}/gradio_api/info").json()
    assert described["named_endpoints"] == {} and described["unnamed_endpoints"] == {}


def test_app_py_runs_as_gradio_runs_apps(index, tmp_path):
    code = "import app; assert type(app.demo).__name__ == 'Blocks'; print('demo')"
    environment = {**os.environ, "RAGBOT_INDEX": str(index), "RAGBOT_LLM": "none"}
    root = Path(__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", code], cwd=root, env=environment, capture_output=True, text=True)
    assert done.stdout.strip() == "demo", done.stderr
