"""What a user does on the page, for its tests."""

import re

from playwright.sync_api import Page, expect

QUESTION = "英伟达数据中心业务季度收入是多少？"
PATIENCE = 60_000  # ms; two busy cores


def ask(page: Page, question: str) -> None:
    page.fill("#question textarea", question)
    page.keyboard.press("Enter")


def ask_and_wait(page: Page, question: str) -> None:
    """Until the checked answer stands there and the page has done with it."""
    before = page.locator("#transcript .turn").count()
    ask(page, question)
    answered(page, before + 1)


def answered(page: Page, turns: int) -> None:
    expect(page.locator("#transcript .turn")).to_have_count(turns, timeout=PATIENCE)
    expect(page.locator("#live .turn")).to_have_count(0)


def last_answer(page: Page) -> str:
    """The text of the last answer, as it is read."""
    text = page.locator("#transcript .turn .text").last.inner_text()
    return re.sub(r"\s+", " ", text)
