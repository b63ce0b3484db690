"""Who sees what, what may run, what may be read, and whether everybody can use the page."""

import threading
import time

import httpx
import pytest
from asking import PATIENCE, QUESTION, answered, ask, ask_and_wait
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from servers import chat_model, files, serving

from ragbot import Assistant, Settings
from ragbot.errors import ModelTimeout
from ragbot.web.line import Line
from ragbot.web.pulling import Stop, pulled
from ragbot.web.texts import PHRASES, TEXTS

HOSTILE = "<script>window.hit=1</script><img src='http://evil.example/x.png' onerror='window.hit=1'>"
TEMPLATE = "${window.hit=1}{{constructor.constructor('window.hit=1')()}}![x](http://evil.example/y.png)"


# languages


@pytest.mark.parametrize("table", [TEXTS, PHRASES], ids=["texts", "phrases"])
def test_every_text_stands_in_both_languages_with_the_same_places(table):
    for name, (zh, en) in table.items():
        assert zh.strip() and en.strip(), name
        assert {part.split("}")[0] for part in zh.split("{")[1:]} == {
            part.split("}")[0] for part in en.split("{")[1:]
        }, name


@pytest.mark.parametrize(("language", "send", "welcome"), [("zh-CN", "发送", "想知道"), ("en-US", "Send", "know")])
def test_the_page_speaks_the_browsers_language(extracting, open_page, language, send, welcome):
    page = open_page(extracting, language)
    expect(page.locator("#send")).to_have_text(send)
    expect(page.locator("#welcome h2")).to_contain_text(welcome)
    assert page.evaluate("document.documentElement.lang").startswith(language[:2])


def test_the_language_is_switched_on_the_page_and_stays_so(extracting, open_page):
    page = open_page(extracting, "zh-CN")
    ask_and_wait(page, QUESTION)
    page.get_by_text("English", exact=True).click()
    expect(page.locator("#send")).to_have_text("Send")
    expect(page.locator("#transcript .tick")).to_contain_text("checked against the documents")
    page.click("#options button")
    left = page.evaluate(
        """() => [...document.querySelectorAll('button, label, h1, .label, .model')]
        .filter(each => !each.closest('#next, #conversations li, #header .switches, [role=option]'))
        .map(each => each.innerText).filter(text => /[\u4e00-\u9fff]/.test(text))"""
    )
    assert left == [], "no control is left in Chinese"


# markup is text


def test_markup_in_a_question_and_in_a_models_answer_stays_text(host, index, open_page):
    said = f"英伟达在2024财年第三季度的数据中心业务收入为308亿美元{HOSTILE}{TEMPLATE}"
    with serving(chat_model(said, pause=0.02)) as at:
        page = open_page(host(Assistant(index, Settings(llm_base_url=f"{at}/v1"))))
        expect(page.locator("#model [data-stage=ready]")).to_be_visible(timeout=PATIENCE)
        ask_and_wait(page, HOSTILE + TEMPLATE)
        expect(page.locator("#transcript .question")).to_contain_text("<script>")
        ask_and_wait(page, QUESTION)
        page.reload()
        expect(page.locator("#transcript .turn")).to_have_count(2)
        assert page.locator("#talk img, #talk script, #past img").count() == 0
        assert page.evaluate("window.hit") is None and page.outside == []


def test_markup_in_a_document_stays_text(host, tmp_path, open_page):
    text = f"# 报告{HOSTILE}\n\n## 收入{TEMPLATE}\n\n蓝湖公司2024年的收入为12亿美元{HOSTILE}{TEMPLATE}。"
    (tmp_path / "blue.txt").write_text(text, encoding="utf-8")
    assistant = Assistant(tmp_path / "index", Settings(llm="none"))
    assistant.add(tmp_path / "blue.txt")
    page = open_page(host(assistant))
    ask_and_wait(page, "蓝湖公司2024年的收入是多少？")
    expect(page.locator("#source-1")).to_contain_text("<script>")
    page.hover("#transcript .cite")
    page.click("#transcript .cite")
    expect(page.locator("#here")).to_contain_text("<script>")
    assert page.locator("#talk img, #aside img, #tip img, #aside script").count() == 0
    assert page.evaluate("window.hit") is None and page.outside == []


def test_the_browser_itself_is_told_to_run_and_load_nothing_else(extracting, open_page):
    page = open_page(extracting)
    asked = []
    with serving(files({}, asked)) as elsewhere:
        page.evaluate(
            """address => {
                const box = document.createElement('div');
                box.innerHTML = `<img src='${address}/z.png' onerror='window.hit = 1'>`;
                document.body.append(box);
                document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.hit = 2'}));
                fetch(`${address}/secret`).catch(() => undefined);
            }""",
            elsewhere,
        )
        page.wait_for_timeout(500)
    assert page.evaluate("window.hit") is None and asked == []


def test_the_page_itself_breaks_none_of_its_rules(extracting, chromium):
    page = chromium.new_page()
    said = []
    page.on("console", lambda message: message.type == "error" and said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(extracting)
    page.wait_for_selector("#welcome .ask")
    page.close()
    assert said == []


# files and endpoints


def test_no_file_can_be_read_through_the_page(extracting, extractor):
    asked = ["/etc/passwd", str(extractor.store.database), str(extractor.settings.data_dir / "conversations.db")]
    for path in asked:
        for way in (f"/gradio_api/file={path}", f"/file={path}", f"/gradio_api/file=..%2f..{path}"):
            assert httpx.get(extracting + way).status_code in (403, 404), way


def test_the_page_publishes_no_endpoints(extracting):
    described = httpx.get(f"{extracting}/gradio_api/info").json()
    assert described["named_endpoints"] == {} and described["unnamed_endpoints"] == {}


# readers apart


def test_two_browsers_do_not_see_each_others_conversations(extracting, open_page):
    one, other = open_page(extracting), open_page(extracting)
    ask_and_wait(one, QUESTION)
    other.reload()
    other.wait_for_selector("#transcript [data-conversation]", state="attached")
    expect(other.locator("#conversations .past")).to_have_count(0)
    id_ = one.locator("#conversations .past").get_attribute("data-id")
    other.evaluate("id => sessionStorage.setItem('ragbot-conversation', id)", id_)
    other.evaluate(
        """id => { document.querySelector('#conversations h2 button').setAttribute('data-act', 'select');
        document.querySelector('#conversations h2 button').setAttribute('data-id', id); }""",
        id_,
    )
    other.evaluate("document.querySelector('#conversations h2 button').click()")
    other.wait_for_timeout(1000)
    assert "308亿美元" not in other.locator("body").inner_text(), "nor by knowing another's conversation"
    again = one.context.new_page()
    again.goto(extracting)
    expect(again.locator("#conversations .past")).to_have_count(1)


def test_eight_at_once_are_served_in_the_order_in_which_they_came():
    line, opened, served, said = Line(at_once=1, longest=8), threading.Event(), [], []

    def come(number: int) -> None:
        with line.join() as ticket:
            said.append(ticket.ahead())
            while ticket.ahead(1.0):
                pass
            opened.wait()
            served.append(number)

    readers = [threading.Thread(target=come, args=[number]) for number in range(8)]
    for number, reader in enumerate(readers):
        reader.start()
        while len(said) <= number:
            time.sleep(0.001)
    with line.join() as ninth:
        assert ninth is None, "a full line is told"
    opened.set()
    for reader in readers:
        reader.join()
    assert served == list(range(8)) and said == list(range(8))


def test_who_stops_waiting_is_let_go_at_once_even_by_a_model_that_says_nothing():
    silent, stop = threading.Event(), Stop()
    threading.Timer(0.2, stop.wished.set).start()
    begun = time.monotonic()
    assert list(pulled(iter(silent.wait, True), stop)) == []
    assert time.monotonic() - begun < 2
    silent.set()


def test_what_goes_wrong_while_an_answer_is_awaited_is_told():
    def broken():
        yield "a"
        raise ModelTimeout("silent")

    events = pulled(broken(), Stop())
    assert next(events) == "a"
    with pytest.raises(ModelTimeout):
        next(events)


def test_who_waits_sees_the_evidence_and_the_place_in_the_line(host, index, open_page):
    with serving(chat_model("谷歌云的季度收入为95.7亿美元。", silent=2.5)) as at:
        address = host(Assistant(index, Settings(llm_base_url=f"{at}/v1")))
        pages = [open_page(address) for _ in range(4)]
        expect(pages[0].locator("#model [data-stage=ready]")).to_be_visible(timeout=PATIENCE)
        for page in pages:
            ask(page, "谷歌云的季度收入是多少？")
            page.wait_for_selector("#sources article", timeout=PATIENCE)
        expect(pages[3].locator("#live .status")).to_contain_text("前面还有")
        for page in pages:
            answered(page, 1)


# for everybody


@pytest.mark.parametrize(("language", "scheme", "width"), [("zh-CN", "light", 1280), ("en-US", "dark", 390)])
def test_axe_finds_no_serious_fault(extracting, open_page, language, scheme, width):
    page = open_page(extracting, language, width, color_scheme=scheme)
    page.wait_for_selector("#welcome .ask")
    faults = _serious(page)
    ask_and_wait(page, QUESTION if language == "zh-CN" else "What was NVIDIA's data center revenue?")
    page.wait_for_selector("#next .ask")
    page.locator("#transcript .thumb").last.click()
    page.click("#options button")
    page.wait_for_selector("#transcript .judge")
    faults += _serious(page)
    page.click("#transcript .cite")
    page.wait_for_selector("#here")
    assert faults + _serious(page) == []


def _serious(page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{fault['id']}: {node['html'][:200]} {node['any'][:1]}"
        for fault in found
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
    ]


def test_the_keyboard_goes_from_the_question_through_the_answer_in_reading_order(extracting, open_page):
    page = open_page(extracting)
    ask_and_wait(page, QUESTION)
    page.wait_for_selector("#next .ask")
    page.focus("#transcript .cite")
    seen = []
    for _ in range(12):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.closest('#transcript, #next, #composer, #aside')?.id"))
    places = [place for n, place in enumerate(seen) if place and place != (seen[n - 1] if n else None)]
    assert places[:3] == ["transcript", "next", "composer"]
