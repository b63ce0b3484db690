"""Any folder of files becomes documents: clean text under its headings, whatever the file was."""

import io

import pytest
from docx import Document as WordDocument
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from ragbot.documents import find_files, read
from ragbot.errors import DocumentNotFound, UnreadableDocument
from ragbot.segments import split

MENU = ["Jump to content", "Main menu", "move to sidebar", "Recent changes", "Log in", "Edit source", "View history"]
WIKI_PAGE = "\n".join(
    [
        *MENU,
        "Warning:",
        "You are not logged in. Your IP address will be publicly visible if you make any edits.",
        "Anti-spam check. Do",
        "== 2. 咖啡行业 == 咖啡行业分为'''种植'''、'''烘焙'''和'''门店'''三个环节: "
        "* **种植(Growing):**种植环节利润最薄,2023年均价为每磅1.8美元 (Coffee prices fall again - Bean Weekly)。 "
        "* '''烘焙(Roasting):''' 烘焙商毛利率约30%,[[南山咖啡|南山]]居首。 "
        "* '''门店(Shops):门店单杯成本下降''',净利润同比增长2倍。",
        "Summary:",
        "Please note that all contributions are released under a free licence.",
        "Cancel",
    ]
)


@pytest.fixture
def document(tmp_path):
    """Write a file and read it back as a Document."""

    def make(name: str, data: str | bytes):
        path = tmp_path / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return read(path, tmp_path)

    return make


def segments(document) -> dict[str, str]:
    return {" > ".join(s.path): document.text[s.start : s.end] for s in document.sections}


def test_markdown_loses_its_markup_and_keeps_its_headings(document):
    read_back = document(
        "r.md", "# Report\n\nLead.\n\n## Chips\n\n**Sales** rose [12%](http://x.example).\n\n- one\n- two\n"
    )
    assert read_back.title == "Report"
    assert segments(read_back) == {"Report": "Lead.", "Chips": "Sales rose 12%.\n\none\n\ntwo"}


def test_a_markdown_table_keeps_each_row_together(document):
    read_back = document("t.md", "# T\n\n| year | sales |\n|---|---|\n| 2023 | $3 million |\n")
    assert "2023 | $3 million" in read_back.text


def test_html_is_read_without_scripts_and_menus(document):
    page = (
        "<html><head><title>Report</title><script>alert(1)</script></head><body><nav>Home</nav>"
        "<main><h1>Report</h1><p>Sales rose.</p><h2>芯片</h2><p>收入为<b>3亿</b>元。</p></main>"
        "<footer>©</footer></body></html>"
    )
    read_back = document("r.html", page)
    assert segments(read_back) == {"Report": "Sales rose.", "芯片": "收入为3亿元。"}


def test_a_pdf_keeps_its_pages(document):
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    data = io.BytesIO()
    canvas = Canvas(data, A4)
    for text in ("Sales rose by 12 percent.", "营业收入为三亿元。"):
        canvas.setFont("STSong-Light", 12)
        canvas.drawString(72, 720, text)
        canvas.showPage()
    canvas.save()
    read_back = document("r.pdf", data.getvalue())
    pages = {chunk.passage.text: chunk.passage.page for chunk in split(read_back, 12)}
    assert pages == {"Sales rose by 12 percent.": 1, "营业收入为三亿元。": 2}


def test_a_word_document_keeps_headings_and_tables(document):
    word = WordDocument()
    word.add_heading("Report", 1)
    word.add_heading("芯片", 2)
    word.add_paragraph("收入为3亿元。")
    row = word.add_table(1, 2).rows[0]
    row.cells[0].text, row.cells[1].text = "2023", "$3 million"
    data = io.BytesIO()
    word.save(data)
    read_back = document("r.docx", data.getvalue())
    assert segments(read_back) == {"芯片": "收入为3亿元。\n\n2023 | $3 million"}


def test_plain_text_has_its_title_and_its_numbered_headings(document):
    read_back = document("r.txt", "班轮行业简报\n\n一、运力\n\n船队运力增长了9.7%。\n\n二、运价\n\n年末运价回落。")
    assert read_back.title == "班轮行业简报"
    assert segments(read_back) == {"一、运力": "船队运力增长了9.7%。", "二、运价": "年末运价回落。"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "big5"])
def test_chinese_text_is_read_in_every_usual_encoding(document, encoding):
    text = "數據中心業務的收入達到了三百零八億美元，這是全年最高的一個季度，管理層認為需求仍然強勁。"
    assert document("r.txt", text.encode(encoding)).text == text


def test_a_saved_wiki_page_gives_its_segments_and_nothing_of_the_site(document):
    read_back = document("page.txt", WIKI_PAGE)
    assert read_back.title == "咖啡行业"
    assert [s.path for s in read_back.sections] == [
        ("咖啡行业",),
        ("种植(Growing)",),
        ("烘焙(Roasting)",),
        ("门店(Shops)",),
    ]
    assert not any(line in read_back.text for line in (*MENU, "Summary:", "Cancel", "IP address", "'''", "**", "[["))
    assert "南山居首" in read_back.text


def test_wikitext_headings_make_a_path(document):
    read_back = document(
        "w.wiki", "= 报告 =\n引言。\n== 芯片 ==\n收入'''增长'''。\n=== 海外 ===\n* 出口下降。{{cite|x}}\n"
    )
    assert segments(read_back) == {"报告": "引言。", "芯片": "收入增长。", "芯片 > 海外": "出口下降。"}


def test_outside_sources_named_in_a_passage_are_kept_with_it(document):
    passages = [chunk.passage for chunk in split(document("page.txt", WIKI_PAGE), 320)]
    assert [p.sources for p in passages if p.segment == "种植(Growing)"] == [
        ("Coffee prices fall again - Bean Weekly",)
    ]


@pytest.mark.parametrize(
    ("name", "data", "cause"),
    [
        ("empty.md", b"", "is empty"),
        ("blank.txt", b" \n\n ", "is empty"),
        ("binary.md", bytes(range(256)) * 20, "binary"),
        ("broken.pdf", b"%PDF-1.7 and then nothing", "damaged PDF"),
        ("not.pdf", b"hello", "no PDF"),
        ("broken.docx", b"PK\x03\x04 and then nothing", "no DOCX"),
        ("half.txt", b"\xff\xfe\x00", "UTF-16"),
        ("model.gguf", b"GGUF", "are not read"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_its_cause(document, name, data, cause):
    with pytest.raises(UnreadableDocument, match=cause) as caught:
        document(name, data)
    assert name in str(caught.value) and "\n" not in str(caught.value)


def test_a_file_over_the_limit_is_refused(tmp_path):
    path = tmp_path / "big.txt"
    path.write_bytes(b"word " * 300_000)
    with pytest.raises(UnreadableDocument, match="larger than 1 MiB"):
        read(path, tmp_path, max_mb=1)


def test_a_folder_is_searched_in_depth_without_hidden_and_ignored_files(tmp_path):
    for name in ("a.md", "deep/b.txt", ".hidden/c.md", "notes.md", "picture.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("text")
    (tmp_path / ".ragbotignore").write_text("# mine\nnotes.md\n")
    _, files = find_files(tmp_path)
    assert [file.relative_to(tmp_path).as_posix() for file in files] == ["a.md", "deep/b.txt"]


def test_a_missing_path_says_so(tmp_path):
    with pytest.raises(DocumentNotFound, match="no such file"):
        find_files(tmp_path / "nowhere")
