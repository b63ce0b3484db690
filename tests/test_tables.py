"""Tables: read as rows under their headings, kept whole, and ranked by the column that a question means."""

import pytest
from servers import reading_model, serving

from ragbot import Assistant, Settings, matching
from ragbot.documents import read
from ragbot.figure_table import table
from ragbot.reckoning import under_heading
from ragbot.schema import Passage
from ragbot.segments import split

ROCKETS = """# Four rockets

| Company | Rocket | Payload to low orbit | Flights in 2024 | List price |
|---|---|---|---|---|
| Ardane | Colossa | 9,400 kg | 9 | $58m |
| Varrow | Tern | 1,150 kg | 6 | $21m |
| Kestrane | Shrike | 320 kg | 22 | $8.2m |

## Makers

The Shrike of Kestrane is the rocket that flies most: it flew 22 times.
"""
HEAVIEST = "Of the three rockets, which can lift the heaviest load?"


def passage(text: str) -> Passage:
    return Passage(1, "d", "t", "s", text, 0, len(text), "en")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("t.txt", "Makers\n\nMaker | Share | Staff\nOrla | 31% | 900\nKesa | | 40\nThat is all for this year."),
        ("t.txt", "Makers\n\n| Maker | Share | Staff |\n|---|:--:|---|\n| Orla | 31% | 900 |\n| Kesa | | 40 |\n"),
        ("t.txt", "Makers\n\nMaker\tShare\tStaff\nOrla\t31%\t900\nKesa\t\t40\n"),
        ("t.md", "# Makers\n\n| Maker | Share | Staff |\n|---|---|---|\n| Orla | 31% | 900 |\n| Kesa | | 40 |\n"),
        (
            "t.html",
            "<h1>Makers</h1><table><tr><th>Maker</th><th>Share</th><th>Staff</th></tr>"
            "<tr><td>Orla</td><td>31%</td><td>900</td></tr><tr><td>Kesa</td><td></td><td>40</td></tr></table>",
        ),
    ],
)
def test_a_table_is_read_row_by_row_and_an_empty_cell_keeps_its_place(tmp_path, name, data):
    (tmp_path / name).write_text(data, encoding="utf-8")
    lines = read(tmp_path / name, tmp_path).text.split("\n\n")
    assert [line for line in lines if " | " in line] == ["Maker | Share | Staff", "Orla | 31% | 900", "Kesa | – | 40"]


def test_bars_and_tabs_in_running_text_make_no_table(tmp_path):
    text = "Choose a | b as you like it, and go on with the next line of\nthe paragraph, which has no bar."
    (tmp_path / "t.txt").write_text(text, encoding="utf-8")
    assert read(tmp_path / "t.txt", tmp_path).text == text.replace("\n", " ")


def test_a_table_is_not_cut_where_it_fits_into_a_passage(tmp_path):
    lead = "The makers of small rockets had a year of many words and few flights. " * 6
    (tmp_path / "t.md").write_text(ROCKETS.replace("| Company", f"{lead}\n\n| Company", 1), encoding="utf-8")
    cut = [chunk.passage.text for chunk in split(read(tmp_path / "t.md", tmp_path), 150)]
    [whole] = [text for text in cut if " | " in text]
    assert whole.startswith("Company | ") and whole.count("kg") == 3


@pytest.mark.parametrize(
    ("text", "row", "header"),
    [
        ("Maker | Share\n\nOrla | 31%\n\nText.\n\nCity | Rent\n\nOslo | $9", "Oslo | $9", "City | Rent"),
        ("Maker | Share\n\nOrla | 31%", "Orla | 31%", "Maker | Share"),
        ("Maker | 2023 | 2024\n\nOrla | 31% | 33%", "Orla | 31% | 33%", "Maker | 2023 | 2024"),
        ("Kesa | 25% | 40\n\nOrla | 31% | 900", "Orla | 31% | 900", ""),  # the rest of a table that was cut
        ("Maker: Orla | Share: 31%\n\nMaker: Kesa | Share: 25%", "Maker: Kesa | Share: 25%", "Maker | Share"),
    ],
)
def test_the_header_of_a_row_is_that_of_its_own_table(text, row, header):
    assert matching.table_header(passage(text), row) == header


def test_the_first_row_of_a_csv_file_is_told_like_the_others():
    rows = table([passage("Maker: Orla | Revenue: $3bn\n\nMaker: Kesa | Revenue: $2bn")])
    assert [(row.who, row.what, row.text) for row in rows] == [("Orla", "Revenue", "$3bn"), ("Kesa", "Revenue", "$2bn")]


def test_a_row_of_a_csv_file_is_cited_as_it_stands(tmp_path):
    (tmp_path / "makers.csv").write_text("Maker,Revenue 2024,Staff\nOrla,$3bn,900\nKesa,$2bn,40\n", encoding="utf-8")
    bot = Assistant(tmp_path / "index", Settings(llm="none"))
    bot.add(tmp_path / "makers.csv")
    answer = bot.ask("What was Orla's revenue in 2024?")
    assert [each.quote for each in answer.citations] == ["Maker: Orla | Revenue 2024: $3bn | Staff: 900"]


def test_rows_of_another_table_of_as_many_columns_do_not_count():
    text = "Maker | Share\n\nOrla | 31%\n\nKesa | 25%\n\nText.\n\nCity | Rent\n\nOslo | 9%"
    assert [each.subject for each in under_heading(passage(text), "Maker | Share", 1)] == ["Orla Share", "Kesa Share"]


@pytest.fixture(scope="module")
def rockets(index_of):
    return index_of(ROCKETS)


def ask(index, question: str, belief) -> str:
    with serving(reading_model(belief)) as address:
        return Assistant(index, Settings(llm_base_url=f"{address}/v1", llm_model="m")).ask(question).text


def believes(*words: str):
    """A reader that finds an answer where a ranking by one of these columns is told, and nowhere else."""
    return lambda prompt: 0.6 if any(f"{word} " in prompt for word in words) and "highest" in prompt else 0.05


@pytest.mark.parametrize(
    ("question", "first"),
    [
        (HEAVIEST, "From highest to lowest (Payload to low orbit): Ardane 9,400 kg; "),
        (
            "Which lifts the heaviest load, Tern or Shrike?",
            "From highest to lowest (Payload to low orbit): Varrow 1,150 kg; ",
        ),
    ],
)
def test_a_ranking_is_told_by_the_column_that_the_question_means(rockets, question, first):
    answer = ask(rockets, question, believes("Payload to low orbit"))
    assert answer.startswith(first) and answer.count("[") == 1  # the rows of a table are quoted together


@pytest.mark.parametrize(
    ("question", "belief"),
    [
        (HEAVIEST, lambda prompt: 0.05),  # the model finds no answer in any ranking
        (HEAVIEST.replace("three", "five"), believes("Payload to low orbit")),  # the table has not so many rows
        ("Which lifts the heaviest load, Tern or Ozone?", believes("Payload to low orbit")),  # nor such a row
        ("Which of the three rockets flew the most in 2022?", believes("Flights in 2024")),  # nor is it of that year
        ("Why can Colossa lift the heaviest load?", believes("Payload to low orbit")),
    ],
)
def test_no_ranking_is_told_otherwise(rockets, question, belief):
    assert "From highest" not in ask(rockets, question, belief)


@pytest.mark.parametrize(
    ("question", "column", "told"),
    [
        ("What can Tern and Shrike lift together?", "Payload to low orbit", "1,470"),
        ("How much more does it cost to book a Tern than a Shrike?", "List price", "$12.8 million"),
    ],
)
def test_two_rows_are_reckoned_with_under_the_column_that_the_question_means(rockets, question, column, told):
    answer = ask(rockets, question, lambda prompt: 0.8 if f"{column} " in prompt and "(" in prompt else 0.05)
    assert told in answer and answer.count("[") == 1


def test_a_sentence_that_answers_better_goes_before_a_ranking(rockets):
    answer = ask(rockets, "Which rocket flies the most?", lambda prompt: 0.3 if "From highest" in prompt else 0.9)
    assert "it flew 22 times" in answer
