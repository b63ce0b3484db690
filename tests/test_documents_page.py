"""The page of documents in a real Chromium: drop files, watch their stages, index again, remove; errors in one line."""

import pytest
from playwright.sync_api import expect
from tabs import opened, tab_served

from ragbot import Assistant, Settings
from ragbot.web import documents_page
from ragbot.web.documents_texts import TEXTS

PATIENCE = 60_000
ROWS = "#documents-table tbody tr"
SALES = "# Acme's year\n\n## Sales\n\nAcme's sales in 2023 were $3.2 billion.\n"


@pytest.fixture
def bot(tmp_path) -> Assistant:
    """An extractor over one document that was indexed from elsewhere."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "costs.md").write_text("# 成本\n\n## 电费\n\n阿克米公司2023年的电费为7亿元。\n")
    assistant = Assistant(tmp_path / "index", Settings(llm="none", max_upload_mb=1))
    assistant.add(tmp_path / "docs")
    return assistant


@pytest.fixture
def address(bot):
    with tab_served(lambda words, tab: documents_page.build(bot, words, tab), TEXTS, documents_page.CSS) as at:
        yield at


@pytest.fixture
def page(chromium, address):
    with opened(chromium, address, "en-US") as visited:
        visited.wait_for_selector(ROWS, timeout=PATIENCE)
        yield visited


def drop(page, *files: tuple[str, bytes]) -> None:
    page.set_input_files(
        "#documents-add input[type=file]",
        [{"name": name, "mimeType": "application/octet-stream", "buffer": data} for name, data in files],
    )


def long_report(parts: int) -> bytes:
    plants = "\n\n".join(f"## Part {n}\n\nAcme's plant {n} made {n} million bolts in 2023." for n in range(parts))
    return f"{SALES}\n{plants}".encode()


def test_what_is_indexed_is_listed(page, bot):
    row = page.locator(ROWS)
    for said in ("成本", "costs.md", "Chinese", "1"):
        expect(row).to_contain_text(said)
    assert row.locator("time").inner_text() == bot.documents()[0].indexed_at[:16].replace("T", " ")
    row.locator("summary").click()
    expect(row).to_contain_text("电费")
    assert page.outside == []


def test_a_dropped_file_goes_through_its_stages_and_answers(page, bot, tmp_path):
    page.evaluate(
        """() => {
            window.seen = new Set();
            const note = () => document.querySelectorAll('.documents-progress .now')
                .forEach(each => window.seen.add(each.innerText.split(' ')[0]));
            new MutationObserver(note).observe(document.body, {subtree: true, childList: true, characterData: true});
        }"""
    )
    drop(page, ("sales.md", long_report(60)))
    expect(page.locator(".documents-progress li")).to_contain_text("indexed", timeout=PATIENCE)
    assert {"embedding", "saving"} <= set(page.evaluate("[...window.seen]"))
    expect(page.locator(ROWS)).to_have_count(2)
    assert "$3.2 billion" in bot.ask("What were Acme's sales?").text
    assert (tmp_path / "index-documents" / "sales.md").is_file()


def test_a_bad_file_is_one_line_and_the_others_go_on(page):
    drop(page, ("broken.pdf", b"%PDF-1.7 and then nothing"), ("tool.exe", b"MZ"), ("sales.md", SALES.encode()))
    lines = page.locator(".documents-progress li")
    expect(lines.nth(2)).to_contain_text("indexed", timeout=PATIENCE)
    expect(lines.nth(0)).to_contain_text("'broken.pdf' cannot be read: it is a damaged PDF")
    expect(lines.nth(1)).to_contain_text("files of kind '.exe' are not read")
    expect(page.locator(ROWS)).to_have_count(2)


def test_a_file_over_the_limit_is_told_so(page):
    drop(page, ("large.txt", b"word " * 300_000))
    expect(page.locator(".documents-progress li")).to_contain_text("larger than 1 MiB", timeout=PATIENCE)


def test_removing_asks_first(page, bot):
    page.locator(".act-remove").click()
    expect(page.locator(ROWS)).to_contain_text("Answers will no longer cite it")
    page.locator(".act-keep").click()
    expect(page.locator(".act-remove")).to_be_visible()
    assert len(bot.documents()) == 1
    page.locator(".act-remove").click()
    page.locator(".act-confirm").click()
    expect(page.locator("#documents-table")).to_contain_text("No documents yet")
    assert bot.documents() == []


def test_a_document_is_indexed_again_from_its_file(page, bot, tmp_path):
    (tmp_path / "docs" / "costs.md").write_text("# 成本\n\n## 电费\n\n阿克米公司2023年的电费为9亿元。\n")
    page.locator(".act-reindex").click()
    expect(page.locator(".documents-progress li")).to_contain_text("indexed", timeout=PATIENCE)
    assert "9亿元" in bot.ask("阿克米公司的电费是多少？").text
    (tmp_path / "docs" / "costs.md").unlink()
    page.locator(".act-reindex").click()
    expect(page.locator(".documents-progress li")).to_contain_text(
        "no longer where it was indexed from", timeout=PATIENCE
    )
    expect(page.locator(ROWS)).to_have_count(1)


def test_while_one_document_is_indexed_another_visitor_is_told_and_can_read(page, chromium, address):
    drop(page, ("long.md", long_report(400)))
    expect(page.locator(".documents-progress .now")).to_contain_text("embedding", timeout=PATIENCE)
    with opened(chromium, address) as other:
        other.wait_for_selector(ROWS, timeout=PATIENCE)
        drop(other, ("sales.md", SALES.encode()))
        expect(other.locator(".documents-progress li")).to_contain_text("another document is being indexed")
        other.locator("summary").first.click()
        expect(other.locator("#documents-table")).to_contain_text("电费")
    expect(page.locator(".documents-progress li")).to_contain_text("indexed", timeout=PATIENCE)


def test_the_page_speaks_chinese_and_fits_a_phone(chromium, address):
    with opened(chromium, address, "zh-CN", width=390) as page:
        page.wait_for_selector(ROWS, timeout=PATIENCE)
        expect(page.locator("#documents-add")).to_contain_text("拖入文件即可添加")
        expect(page.locator(".act-remove")).to_have_text("删除")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_names_and_titles_with_markup_stay_text(page):
    drop(
        page, ("x' onclick='window.hit=1' y='.md", b"# &lt;script&gt;window.hit=1&lt;/script&gt;\n\nAcme made bolts.\n")
    )
    expect(page.locator(".documents-progress li")).to_contain_text("indexed", timeout=PATIENCE)
    expect(page.locator("#documents-table")).to_contain_text("<script>window.hit=1</script>")
    assert (
        page.locator("#documents-table script, #documents-table [onclick], #documents-progress [onclick]").count() == 0
    )
    assert page.evaluate("window.hit") is None
