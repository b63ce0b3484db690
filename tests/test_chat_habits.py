"""What people do in a chat besides asking: stop, ask again, copy, judge, come back to it."""

import pytest
from asking import PATIENCE, QUESTION, answered, ask, ask_and_wait, last_answer
from playwright.sync_api import expect
from servers import chat_model, serving

from ragbot import Assistant, Settings
from ragbot.feedback import Feedback


@pytest.fixture(scope="module")
def slow(host, index):
    """The address of a page whose model reads for long before it writes."""
    with serving(chat_model("谷歌云的季度收入为95.7亿美元。", silent=2.5)) as at:
        yield host(Assistant(index, Settings(llm_base_url=f"{at}/v1")))


def test_stop_ends_the_answer_and_the_question_can_be_tried_again(slow, open_page):
    page = open_page(slow)
    expect(page.locator("#model [data-stage=ready]")).to_be_visible(timeout=PATIENCE)
    ask(page, "谷歌云的季度收入是多少？")
    page.wait_for_selector("#sources article", timeout=PATIENCE)
    page.click("#stop")
    expect(page.locator("#transcript .note")).to_contain_text("已停止", timeout=10_000)
    expect(page.locator("#send")).to_be_visible()
    page.get_by_text("重新回答").click()
    expect(page.locator("#transcript .text")).to_contain_text("95.7亿美元", timeout=PATIENCE)
    expect(page.locator("#transcript .turn")).to_have_count(1)


def test_a_new_chat_begun_during_an_answer_stays_empty_and_can_be_asked(slow, open_page):
    page = open_page(slow)
    expect(page.locator("#model [data-stage=ready]")).to_be_visible(timeout=PATIENCE)
    ask(page, "谷歌云的季度收入是多少？")
    page.wait_for_selector("#sources article", timeout=PATIENCE)
    page.click("#new")
    expect(page.locator("#live .turn")).to_have_count(0)
    page.wait_for_timeout(1000)
    expect(page.locator("#transcript .turn")).to_have_count(0)
    ask_and_wait(page, "谷歌云的季度收入是多少？")


def test_what_is_typed_while_an_answer_is_written_stays_in_the_box(slow, open_page):
    page = open_page(slow)
    expect(page.locator("#model [data-stage=ready]")).to_be_visible(timeout=PATIENCE)
    ask(page, "谷歌云的季度收入是多少？")
    page.wait_for_selector("#live .turn")
    page.fill("#question textarea", "然后呢")
    answered(page, 1)
    assert page.input_value("#question textarea") == "然后呢"


def test_a_question_is_edited_and_sent_in_its_own_place(extracting, open_page):
    page = open_page(extracting)
    ask_and_wait(page, QUESTION)
    ask_and_wait(page, "谷歌云的季度收入是多少？")
    page.locator("#transcript .turn").first.get_by_text("修改问题").click()
    expect(page.locator("#editing")).to_contain_text("第 1 个问题")
    expect(page.locator("#question textarea")).to_have_value(QUESTION)
    expect(page.locator("#transcript .turn")).to_have_count(2)
    ask(page, "AWS的季度收入是多少？")
    expect(page.locator("#transcript .turn")).to_have_count(1, timeout=PATIENCE)
    expect(page.locator("#transcript .text")).to_contain_text("250亿美元")


def test_an_edit_can_be_given_up(extracting, open_page):
    page = open_page(extracting)
    ask_and_wait(page, QUESTION)
    page.get_by_text("修改问题").click()
    page.locator("#editing").get_by_text("取消").click()
    expect(page.locator("#question textarea")).to_have_value("")
    ask_and_wait(page, "谷歌云的季度收入是多少？")


def test_an_answer_is_copied_with_and_without_its_citations(extracting, open_page):
    page = open_page(extracting, permissions=["clipboard-read", "clipboard-write"])
    ask_and_wait(page, QUESTION)
    page.get_by_text("复制", exact=True).click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.endswith("同比增长112%。") and "<" not in copied
    page.get_by_text("连同出处复制").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "[1]。\n[1] ai-value-chain.zh.md · 硬件: “NVIDIA" in copied


def test_a_follow_up_is_understood_from_the_conversation(extracting, open_page):
    page = open_page(extracting)
    ask_and_wait(page, "谷歌云的季度收入是多少？")
    ask_and_wait(page, "那AWS呢？")
    assert "250亿美元" in last_answer(page)


def test_a_suggested_question_is_asked_with_a_click(extracting, open_page):
    page = open_page(extracting)
    ask_and_wait(page, QUESTION)
    offered = page.locator("#next .ask").first
    question = offered.inner_text()
    offered.click()
    answered(page, 2)
    expect(page.locator("#transcript .question").last).to_have_text(question)
    expect(page.locator("#transcript .answer.refused")).to_have_count(0)


def test_examples_are_in_the_readers_language_and_are_answered(extracting, open_page):
    page = open_page(extracting, "en-US")
    example = page.locator("#welcome .ask").first
    assert example.inner_text().isascii()
    example.click()
    answered(page, 1)
    expect(page.locator("#transcript .answer.refused")).to_have_count(0)


def test_a_disliked_answer_with_its_reason_becomes_a_case_of_a_test_set(extracting, extractor, open_page):
    page = open_page(extracting)
    ask_and_wait(page, "谷歌云的季度收入是多少？")
    ask_and_wait(page, QUESTION)
    last = page.locator("#transcript .turn").last
    last.get_by_text("没帮助").click()
    last.get_by_text("数字不对").click()
    expect(last).to_contain_text("已记下")
    first = page.locator("#transcript .turn").first
    first.get_by_text("有帮助").click()
    expect(first).to_contain_text("已记下")
    disliked, liked = list(Feedback(extractor.settings.data_dir).cases())[-2:]
    assert (disliked["question"], disliked["kind"]) == (QUESTION, "disliked: 数字不对")
    assert disliked["history"] == ["谷歌云的季度收入是多少？"]
    assert liked["kind"] == "liked" and "95.7亿美元" in liked["facts"] and liked["answerable"]


def test_a_conversation_survives_a_reload_and_can_be_opened_later(extracting, open_page):
    page = open_page(extracting)
    ask_and_wait(page, QUESTION)
    page.reload()
    expect(page.locator("#transcript .text")).to_contain_text("308亿美元")
    expect(page.locator("#source-1 mark")).to_contain_text("308亿美元")
    page.click("#new")
    expect(page.locator("#transcript .turn")).to_have_count(0)
    expect(page.locator("#sources article")).to_have_count(0)
    page.locator("#conversations .past").first.click()
    expect(page.locator("#transcript .text")).to_contain_text("308亿美元")
    ask_and_wait(page, "净利润呢？")
    page.locator("#conversations .delete").first.click()
    expect(page.locator("#conversations .past")).to_have_count(0)
    expect(page.locator("#transcript .turn")).to_have_count(0)


def test_a_conversation_is_exported_as_markdown_with_its_sources(extracting, open_page):
    page = open_page(extracting)
    ask_and_wait(page, QUESTION)
    with page.expect_download() as download:
        page.click("#export")
    written = download.value.path().read_text(encoding="utf-8")
    assert written.startswith(f"# {QUESTION}\n\n## {QUESTION}\n\nNVIDIA（英伟达）")
    assert "**出处**\n\n[1] ai-value-chain.zh.md · 硬件: “" in written


def test_answers_come_from_the_chosen_segment_alone(extracting, open_page):
    page = open_page(extracting)
    page.click("#options button")
    page.click("#segments input")
    page.get_by_role("option", name="云与渠道服务", exact=True).click()
    ask_and_wait(page, QUESTION)
    expect(page.locator("#transcript .answer.refused")).to_have_count(1)
    ask_and_wait(page, "谷歌云的季度收入是多少？")
    assert "95.7亿美元" in last_answer(page)


def test_a_strict_answer_is_a_quote_and_a_short_one_is_shorter(slow, open_page):
    page = open_page(slow)
    expect(page.locator("#model [data-stage=ready]")).to_be_visible(timeout=PATIENCE)
    page.click("#options button")
    page.get_by_label("只摘录原文").check()
    ask_and_wait(page, "为什么大模型研发难以盈利？")
    expect(page.locator("#transcript .checked").last).to_contain_text("原文摘录")
    usual = last_answer(page)
    page.get_by_label("简短").check()
    ask_and_wait(page, "为什么大模型研发难以盈利？")
    assert len(last_answer(page)) < len(usual)
