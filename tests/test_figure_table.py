"""The table of figures: who, what and when of each; one fact in two languages; where documents contradict."""

import time
from decimal import Decimal

import pytest

from ragbot.figure_table import FigureRow, csv, in_language, table
from ragbot.schema import Passage
from ragbot.segments import outside_sources


def rows(*texts: str, segment: str = "Overview", document: str = "a.md", language: str = "en") -> tuple[FigureRow, ...]:
    """The table of passages that follow each other in one segment."""
    return table(passages(*texts, segment=segment, document=document, language=language))


def passages(*texts: str, segment: str = "Overview", document: str = "a.md", language: str = "en") -> list[Passage]:
    found, at = [], 0
    for number, text in enumerate(texts, 1):
        sources = tuple(title for _, _, title in outside_sources(text))
        found.append(Passage(number, document, document, segment, text, at, at + len(text), language, sources))  # type: ignore[arg-type]
        at += len(text) + 2
    return found


@pytest.mark.parametrize(
    ("text", "segment", "expected"),
    [
        ("Google Cloud had quarterly revenue of $9.57 billion.", "Cloud", [("Google Cloud", "quarterly revenue")]),
        ("谷歌云的季度收入为95.7亿美元，同比增长28%。", "云", [("谷歌云", "季度收入"), ("谷歌云", "季度收入")]),
        ("Tin Kettle, listed in London, had revenue of £412.5 million.", "Sales", [("Tin Kettle", "revenue")]),
        ("AWS（亚马逊云）的季度收入为250亿美元。", "云", [("AWS", "季度收入")]),
        ("Volthaven employs 2,650 people.", "Companies", [("Volthaven", "staff")]),
        ("Two plants made 12 GWh of cells.", "Companies", [("", "cells")]),
        ("Revenue grew to $640 million.", "Companies > Kestrel Cells", [("Kestrel Cells", "Revenue")]),
        ("Recyclers recover 95% of the nickel.", "Recycling", [("", "nickel")]),
        ("Gartner predicts that one third of projects will fail.", "Use", [("", "projects")]),
        ("The cost was 5% up in January 2024.", "Costs", [("", "cost")]),
    ],
)  # fmt: skip
def test_a_row_says_whose_figure_it_is_and_of_what(text, segment, expected):
    language = "zh" if "。" in text else "en"
    assert [(row.who, row.what) for row in rows(text, segment=segment, language=language)] == expected


def test_a_common_word_is_a_name_where_the_document_writes_it_as_one():
    assert rows("Hotels had revenue of $3 billion.")[0].who == ""
    found = rows("The founder of Lantern is dead. Lantern had revenue of $3 billion.")
    assert found[0].who == "Lantern"


def test_a_sentence_without_a_name_goes_on_about_the_subject_before_it():
    text = "北湾公司是最大的运维商。它2024年的收入为11.5亿欧元。"
    assert [(row.who, row.period) for row in rows(text, language="zh")] == [("北湾公司", "2024")]
    text = "Reefpoint Care is second. Its revenue was €420 million."
    assert [row.who for row in rows(text)] == ["Reefpoint Care"]


def test_a_row_of_a_table_takes_its_header():
    text = "Chain | Margin 2023 | Margin 2024\n\nTin Kettle | 6.5% | 1.8%"
    found = [(row.who, row.what, row.period, row.text) for row in rows(text)]
    assert found == [("Tin Kettle", "Margin", "2023", "6.5%"), ("Tin Kettle", "Margin", "2024", "1.8%")]


def test_years_dates_ranks_and_manners_of_speaking_are_no_rows():
    assert rows("In March 2024 two firms, the second-largest and the third-largest, agreed on it.") == ()
    assert rows("The house was founded in 1756.") == rows("这家公司成立于1756年。", language="zh") == ()


def test_the_same_quarter_is_the_quarter_before():
    text = "NVIDIA's revenue in Q3 FY2024 was $18 billion. Its net profit in the same quarter was $9 billion."
    assert [row.period for row in rows(text)] == ["FY2024Q3", "FY2024Q3"]


def test_offsets_lead_to_the_sentence_and_to_the_figure():
    first, second = "Acme is large. Acme's revenue was $3 billion.", "Bolt's revenue was $2 billion."
    document = f"{first}\n\n{second}"
    for row in rows(first, second):
        assert document[row.start : row.end] == row.quote and document[slice(*row.at)] == row.text


def test_one_fact_in_two_languages_is_one_fact():
    english = "Google Cloud had revenue of $9.57 billion. AWS had revenue of $25 billion, up 17%."
    chinese = "谷歌云的收入为95.7亿美元。AWS的收入为250亿美元，增长17%。"
    both = table([*passages(english), *passages(chinese, segment="云", document="b.md", language="zh")])
    assert len(both) == 6 and len({row.fact for row in both}) == 3
    assert len({row.party for row in both}) == 2, "谷歌云 and Google Cloud are one company"
    assert [row.text for row in in_language(both, "zh")] == ["95.7亿美元", "250亿美元", "17%"]
    assert not any(row.disagrees for row in both)


def test_equal_amounts_of_two_companies_are_two_facts():
    text = "Acme had revenue of $35 billion in 2024. Later in the text, Bolt had revenue of $35 billion in 2024."
    assert len({row.fact for row in rows(text)}) == 2


def test_two_values_of_one_thing_contradict_each_other():
    one = passages("Volthaven's revenue in 2023 was $3.2 billion.")
    other = passages("Volthaven's revenue in 2023 was $4.5 billion.", document="b.md")
    a, b = table([*one, *other])
    assert [(d.kind, d.there, d.place) for d in a.disagrees] == [("value", "$4.5 billion", "b.md")]
    assert [d.there for d in b.disagrees] == ["$3.2 billion"]


def test_a_rounded_value_or_another_year_is_no_contradiction():
    one = passages("Volthaven's revenue in 2023 was $3.21 billion.")
    rounded = passages("Volthaven's revenue in 2023 was about $3.2 billion.", document="b.md")
    later = passages("Volthaven's revenue in 2024 was $4.5 billion.", document="c.md")
    assert not any(row.disagrees for row in table([*one, *rounded, *later]))


def test_a_translation_with_another_figure_is_found():
    english = "Google Cloud had revenue of $9.57 billion. AWS had revenue of $25 billion, up 17%. AWS lost $3 billion."
    chinese = "谷歌云的收入为95.7亿美元。AWS的收入为250亿美元，增长17%。AWS亏损40亿美元。"
    found = table([*passages(english), *passages(chinese, document="b.md", language="zh")])
    assert {(row.text, row.disagrees[0].there) for row in found if row.disagrees} == {
        ("$3 billion", "40亿美元"),
        ("40亿美元", "$3 billion"),
    }


def test_a_source_whose_title_names_another_period_is_told():
    text = "NVIDIA's revenue in Q3 FY2024 was $30.8 billion (source: NVIDIA Results for Third Quarter Fiscal 2025)."
    (row,) = rows(text)
    assert [(d.kind, d.there) for d in row.disagrees] == [("period", "Third Quarter Fiscal 2025")]


def test_the_report_is_read_alike_in_both_languages(extractor):
    found = extractor.figures()
    assert len(found) == 38 and len({row.fact for row in found}) == 19
    amounts = {(row.party, row.measure, row.value) for row in found if row.unit == "USD"}
    assert len({row.value for row in found if row.unit == "USD"}) == len({value for _, _, value in amounts})
    nvidia = next(row for row in found if row.text == "308亿美元")
    assert (nvidia.value, nvidia.unit, nvidia.period) == (Decimal(30_800_000_000), "USD", "FY2024Q3")
    assert extractor.text(nvidia.document)[nvidia.start : nvidia.end] == nvidia.quote


def test_the_table_follows_the_index(tmp_path):
    from ragbot import Assistant, Settings

    bot = Assistant(tmp_path / "index", Settings(llm="none"))
    (tmp_path / "a.md").write_text("# Acme\n\nAcme's revenue was $3 billion.\n")
    bot.add(tmp_path / "a.md")
    assert [row.text for row in bot.figures()] == ["$3 billion"]
    bot.remove("a.md")
    assert bot.figures() == ()


@pytest.mark.parametrize("text", ["只有" * 2000 + "3亿元", ", the a" * 2000 + " $3 billion", "（" * 3000 + "3亿元"])
def test_a_hostile_sentence_does_not_take_long(text):
    began = time.perf_counter()
    rows(text)
    assert time.perf_counter() - began < 10


def test_a_spreadsheet_runs_no_formula_from_a_document():
    sheet = csv(rows("=SUM(A1) was said of Acme, whose revenue was $3 billion.", segment="=1+1"))
    assert "'=1+1" in sheet and "'=SUM(A1)" in sheet and ",3000000000," in sheet
