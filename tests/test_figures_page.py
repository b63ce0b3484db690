"""The page of figures in a real Chromium: the table, the plot, the passage behind each figure, the download."""

import csv
from io import StringIO

import pytest
from playwright.sync_api import expect
from tabs import opened, tab_served

from ragbot import Assistant, Settings
from ragbot.web import figures_page
from ragbot.web.figures_texts import TEXTS

PATIENCE = 30_000
ROWS = "#figures-table tbody tr"


@pytest.fixture(scope="module")
def address(extractor):
    with tab_served(lambda words, tab: figures_page.build(extractor, words, tab), TEXTS, figures_page.CSS) as at:
        yield at


@pytest.fixture
def visit(chromium, address):
    """Open the page and wait for its table."""
    visits = []

    def open_(language: str = "zh-CN", width: int = 1280):
        visits.append(opened(chromium, address, language, width))
        page = visits[-1].__enter__()
        page.wait_for_selector(ROWS, timeout=PATIENCE)
        return page

    yield open_
    for each in visits:
        each.__exit__(None, None, None)


def choose(page, which: str, label: str) -> None:
    page.click(f"#figures-{which} input")
    page.get_by_role("option", name=label, exact=True).click()


def test_every_figure_is_a_row_in_the_language_of_the_browser(visit):
    chinese, english = visit("zh-CN"), visit("en-US")
    row = chinese.locator(ROWS, has_text="308亿美元")
    expect(row).to_contain_text("NVIDIA")
    expect(row).to_contain_text("数据中心业务收入")
    expect(row).to_contain_text("2024财年第三季度")
    expect(row).to_contain_text("硬件")
    expect(english.locator(ROWS, has_text="$30.8 billion")).to_contain_text("data center revenue")
    assert chinese.locator(ROWS).count() == english.locator(ROWS).count() == 19, "a fact told twice is one row"
    assert chinese.outside == english.outside == []


def test_a_row_opens_its_passage_with_the_figure_highlighted(visit):
    page = visit()
    page.locator(ROWS, has_text="95.7亿美元").click()
    expect(page.locator("#figures-passage mark").first).to_contain_text("谷歌云的季度收入为95.7亿美元")
    expect(page.locator("#figures-passage mark strong").first).to_have_text("95.7亿美元")
    expect(page.locator("#figures-passage")).to_contain_text("$9.57 billion")
    expect(page.locator("#figures-passage")).to_contain_text("AWS, Microsoft, Google Continue to Invest in Cloud")


def test_a_bar_opens_its_passage_by_keyboard_too(visit):
    page = visit("en-US")
    page.locator("#figures-chart .bar", has_text="AWS").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#figures-passage mark strong").first).to_have_text("$25 billion")


def test_bars_stand_by_segment_and_company_on_one_scale(visit):
    page = visit("en-US")
    expect(page.locator("#figures-chart h4")).to_have_text(["Model development", "Hardware", "Cloud and channels"])
    names = page.locator("#figures-chart .bar b").all_inner_texts()
    assert names[-3:] == ["Microsoft's Intelligent Cloud", "AWS", "Google Cloud"], "the largest first"
    lengths = [bar.bounding_box()["width"] for bar in page.locator("#figures-chart .bar-length").all()]
    assert lengths[-3] > lengths[-2] > lengths[-1] > 0
    expect(page.locator("#figures-chart")).to_contain_text("Logarithmic scale")


def test_filters_narrow_the_table_and_the_plot(visit):
    page = visit()
    choose(page, "segment", "云与渠道服务")
    expect(page.locator(ROWS)).to_have_count(8)
    expect(page.locator("#figures-chart h4")).to_have_text(["云与渠道服务"])
    choose(page, "unit", "%")
    expect(page.locator(ROWS)).to_have_count(4)
    page.fill("#figures-search textarea, #figures-search input", "谷歌")
    expect(page.locator(ROWS)).to_have_count(1)
    expect(page.locator(ROWS)).to_contain_text("28%")
    page.fill("#figures-search textarea, #figures-search input", "没有这样的公司")
    expect(page.locator("#figures-table")).to_contain_text("没有符合条件的数字")


def test_coming_back_to_the_page_shows_all_again(visit):
    page = visit()
    page.fill("#figures-search textarea, #figures-search input", "谷歌")
    expect(page.locator(ROWS)).to_have_count(2)
    page.get_by_role("tab", name="First").click()
    page.get_by_role("tab", name="Tested").click()
    expect(page.locator(ROWS)).to_have_count(19)
    expect(page.locator("#figures-search textarea, #figures-search input")).to_have_value("")


def test_a_company_is_found_under_all_its_names(visit):
    page = visit("en-US")
    choose(page, "who", "Microsoft's Intelligent Cloud")
    expect(page.locator(ROWS)).to_have_count(2)


def test_a_heading_sorts_up_then_down_then_not_at_all(visit):
    page = visit("en-US")
    before = page.locator(f"{ROWS} .of-value").all_inner_texts()
    choose(page, "unit", "US dollars (USD)")
    heading = page.locator("th.of-value")
    heading.get_by_role("button").click()
    expect(heading).to_have_attribute("aria-sort", "ascending")
    expect(page.locator(f"{ROWS} .of-value").first).to_have_text("$200 a month")
    page.locator("th.of-value button").click()
    expect(heading).to_have_attribute("aria-sort", "descending")
    expect(page.locator(f"{ROWS} .of-value").first).to_contain_text("$35.1 billion")
    page.locator("th.of-value button").click()
    expect(heading).to_have_attribute("aria-sort", "none")
    expect(page.locator(f"{ROWS} .of-value").first).to_have_text(before[0])


def test_a_disagreement_is_marked_and_explained(visit):
    page = visit("en-US")
    page.get_by_label("Only where documents disagree").check()
    expect(page.locator(ROWS)).to_have_count(4)
    page.locator(ROWS, has_text="$30.8 billion").click()
    doubts = page.locator("#figures-passage .figure-doubts")
    expect(doubts).to_contain_text("third quarter of fiscal 2024")
    expect(doubts).to_contain_text("Third Quarter Fiscal 2025")


def test_the_download_holds_what_is_shown(visit):
    page = visit("en-US")
    choose(page, "segment", "Hardware")
    expect(page.locator(ROWS)).to_have_count(4)
    with page.expect_download(timeout=PATIENCE) as download:
        page.click("#figures-csv")
    assert download.value.suggested_filename == "figures.csv"
    text = download.value.path().read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(StringIO(text)))
    assert [row["value"] for row in rows] == ["30800000000", "112", "35100000000", "6"]
    assert rows[0]["who"] == "NVIDIA" and "2025" in rows[0]["disagrees"]


def test_the_page_fits_a_phone_and_shows_the_passage_over_the_table(visit):
    page = visit(width=390)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.locator("#figures-chart .bar").first.click()
    expect(page.locator("#figures-passage mark").first).to_be_in_viewport()
    page.locator("#figures-passage [data-close]").click()
    expect(page.locator("#figures-passage mark").first).to_be_hidden()


def test_markup_in_a_document_stays_text(chromium, tmp_path):
    hostile = "&lt;img src='http://evil.example/a.png' onerror='window.hit=1'&gt;"
    (tmp_path / "bad.md").write_text(
        f"# {hostile}\n\n## &lt;script&gt;window.hit=1&lt;/script&gt;\n\n"
        f"Bolt Ltd had revenue of $3.2 billion {hostile} in 2023.\n"
    )
    bot = Assistant(tmp_path / "index", Settings(llm="none"))
    bot.add(tmp_path / "bad.md")
    with (
        tab_served(lambda words, tab: figures_page.build(bot, words, tab), TEXTS, figures_page.CSS) as at,
        opened(chromium, at) as page,
    ):
        page.locator(ROWS, has_text="32亿美元").click()
        expect(page.locator("#figures-passage mark")).to_contain_text("<img src=")
        assert page.locator("#figures-passage img, #figures-table img, #figures-chart img").count() == 0
        assert page.evaluate("window.hit") is None and page.outside == []


def test_currencies_are_plotted_apart(chromium, tmp_path):
    (tmp_path / "sales.md").write_text(
        "# Sales\n\n## Makers\n\nAcme Corp had revenue of $3.2 billion in 2024. Acme Corp lost $1.1 billion in 2024. "
        "Bolt Ltd had revenue of €400 million in 2024.\n"
    )
    bot = Assistant(tmp_path / "index", Settings(llm="none"))
    bot.add(tmp_path / "sales.md")
    with (
        tab_served(lambda words, tab: figures_page.build(bot, words, tab), TEXTS, figures_page.CSS) as at,
        opened(chromium, at, "en-US") as page,
    ):
        expect(page.locator("#figures-chart .bar b")).to_have_text(["Acme Corp", "Acme Corp"], timeout=PATIENCE)
        choose(page, "currency", "euros (EUR)")
        expect(page.locator("#figures-chart .bar b")).to_have_text(["Bolt Ltd"])
