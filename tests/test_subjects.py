"""Whom a sentence is about, where it does not say so itself: whoever its paragraph is about, by whatever name."""

import pytest

from ragbot import Assistant, Settings, figures, matching
from ragbot.aliases import bracketed, renamed
from ragbot.matching import straightened

REPORT = """# Kilns and carriers

## Orrisdale Kilns

Orrisdale Kilns of Harrogate makes bricks. Its revenue was £412 million in 2024. It has 3,600 employees. Nils Aber took
over as finance director in May 2024. In the first half of 2025 revenue grew 4% to £218 million, against £209 million a
year earlier.

In March the company shut two of its five kilns. Tova Brandt, the chief executive, wants no new kiln before 2028.

## Tarn Carriers

Tarn Carriers was known as Brackett Haulage until 2019 and drives for Orrisdale Kilns. Its fleet has 740 lorries.

## 青砚砖业

青砚砖业（Qingyan Brick）总部在洛阳。全年营收31亿元，利润总额2.9亿元，净利润2.4亿元，上年为1.9亿元。
董事长罗守拙2021年上任。
"""


@pytest.fixture(scope="module")
def kilns(index_of):
    return Assistant(index_of(REPORT), Settings(llm="none"))


@pytest.mark.parametrize(
    ("question", "held"),
    [
        ("Orrisdale Kilns 2025年上半年营收多少？", "£218 million"),
        ("What was the revenue of Orrisdale Kilns in the first half of 2024?", "£209 million"),
        ("Who runs Orrisdale Kilns?", "Tova Brandt"),
        ("How many lorries has Brackett Haulage?", "740"),
        ("Who chairs the board of Qingyan Brick?", "罗守拙"),
        ("青砚砖业一整年的营收有多少？", "31亿元"),
        ("青砚磚業的稅前利潤是多少？", "2.9亿元"),
    ],
)
def test_a_sentence_is_about_whom_its_paragraph_is_about(kilns, question, held):
    answer = kilns.ask(question)
    assert held in answer.text, answer.text


@pytest.mark.parametrize(
    "question",
    ["Who is the chairman of Orrisdale Kilns?", "青砚砖业的财务总监是谁？", "Who is the chairman of Tarn Carriers?"],
)
def test_who_holds_an_office_is_not_answered_by_another_sentence_of_the_firm(kilns, question):
    assert kilns.ask(question).refused


def test_a_rate_per_month_is_none_per_query(index_of):
    bot = Assistant(index_of("# Tools\n\nThe Larkspur service costs users $200 a month.\n"), Settings(llm="none"))
    assert bot.ask("What does the Larkspur service cost per query?").refused
    assert "$200" in bot.ask("What does the Larkspur service cost per month?").text


def test_employees_are_no_revenue(kilns):
    assert "3,600" not in kilns.ask("How much revenue did Orrisdale Kilns have in 2024?").text


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        (
            "Revenue in the first quarter of 2025 was 812 million, against 874 million a year earlier.",
            ["2025Q1", "2024Q1"],
        ),
        ("2025年上半年收入17.3亿元，上年同期为15亿元。", ["2025H1", "2024H1"]),
        ("In 2024 it earned $5 million, compared with $4 million the year before.", ["2024", "2023"]),
        ("2024年毛利率比上年的46.1%低了2个百分点。", ["2023", "2024"]),
        ("2024年总运力比上年增长9.7%。", ["2024"]),
        ("In 2024 sales were 8% more than a year earlier.", ["2024"]),
        ("In 2024 it charged $30 a year before tax.", ["2024"]),
    ],
)
def test_a_figure_of_the_year_before_has_that_period(text, periods):
    assert [figure.period for figure in figures.read(text) if figure.unit not in ("year", "period")] == periods


@pytest.mark.parametrize(
    ("text", "period"), [("the opening quarter of 2024", "2024Q1"), ("the final quarter of 2023", "2023Q4")]
)
def test_quarters_by_their_place_in_the_year(text, period):
    assert [figure.period for figure in figures.read(text)] == [period]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Tarn Carriers was known as Brackett Haulage until 2019.", ("brackett haulage", "tarn carriers")),
        ("Veldt (formerly Orin Glass) sold 3 million panes.", ("orin glass", "veldt")),
        ("Orin Glass changed its name to Veldt in 2021.", ("orin glass", "veldt")),
        ("青砚砖业（Qingyan）2019年以前叫“洛河窑业”，有三座窑。", ("洛河窑业", "青砚砖业")),
        ("洛河窑业2019年更名为青砚砖业。", ("洛河窑业", "青砚砖业")),
    ],
)
def test_former_names_are_names(text, names):
    then, now = names
    assert renamed(text)[then] == {now} and renamed(text)[now] == {then}


def test_who_came_from_elsewhere_was_not_called_so():
    assert not renamed(
        "Her successor is Pascal Drummond, formerly of a truck maker. The service is called Azure OpenAI."
    )


def test_a_bracket_may_say_that_it_is_a_name():
    assert bracketed("Orin Glass (Chinese name: 奥林玻璃) of Hull")["奥林玻璃"] == {"orin glass"}


def test_common_words_with_a_sign_between_them_are_a_name():
    assert matching.names("What was Bolt & Us's net profit?") == [("Bolt", "Us")]
    assert matching.names("Has AT&T an R&D budget?") == [("AT&T",), ("R&D",)]


def test_a_common_word_at_the_end_of_a_bracketed_name_is_not_its_name():
    assert bracketed("雁门啤酒（Yanmen Brewery）在太原。")["yanmen brewery"] == {"雁门啤酒", "门啤酒"}


def test_what_follows_a_date_begins_a_word():
    assert matching.units("2024年真姬菇的出厂价", "") == ["2024", "年", "真姬菇", "出厂价"]


@pytest.mark.parametrize(
    ("question", "written"),
    [
        ("avg spend per yr, 2024?", "average spend per year, 2024?"),
        ("govt grants last yr.", "government grants last year"),
    ],
)
def test_shorthand_is_written_out(question, written):
    assert straightened(question) == written
