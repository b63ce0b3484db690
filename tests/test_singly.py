"""Several that a question names are asked about one by one, where no sentence speaks of them all."""

import pytest

from ragbot import Assistant, Settings

REPORT = """# Bricks and glass in 2024

## Orrisdale Kilns

Orrisdale Kilns of Harrogate makes bricks for the north. It has 3,600 employees in five towns. Revenue in 2024 was £412
million, up 4%, and net profit fell to £31 million.

## Veldt Glass

Veldt Glass melts bottles and jars near Leeds. The board wants no new furnace before 2028. Revenue in 2024 was £388
million, up 9%, and net profit rose to £44 million.

The gross margin of Veldt Glass was 28% in 2024.

## Tarn Glass

Tarn Glass draws tubes for laboratories. The gross margin of Tarn Glass was 31% in 2019.

## 青砚砖业（Qingyan Brick）

公司总部在洛阳，主要做烧结砖。2024年收入31亿元，增长6.2%；净利润2.4亿元，上年为1.9亿元。

## 北岫玻璃（Beixiu Glass）

公司有四座窑炉。2024年收入27亿元，增长11.5%；净利润3.1亿元，上年为2.6亿元。
"""


@pytest.fixture(scope="module")
def makers(index_of):
    return Assistant(index_of(REPORT), Settings(llm="none"))


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (
            "Between Orrisdale Kilns and Veldt Glass, who earned the larger net profit in 2024?",
            "From highest to lowest (net profit in 2024): Veldt Glass £44 million; Orrisdale Kilns £31 million",
        ),
        (
            "Which grew its sales faster in 2024, Qingyan Brick or Beixiu Glass?",
            "From highest to lowest (growth of sales in 2024): Beixiu Glass 11.5%; Qingyan Brick 6.2%",
        ),
        ("青砚砖业和北岫玻璃，2024年哪家净利润更高？", "从高到低（2024年净利润）：北岫玻璃3.1亿元；青砚砖业2.4亿元"),
        (
            "What were the combined 2024 revenues of Qingyan Brick and Beixiu Glass?",
            "Together RMB 5.8 billion (RMB 3.1 billion + RMB 2.7 billion)",
        ),
        ("Orrisdale Kilns和Veldt Glass的净利润相差多少？", "相差1300万英镑（4400万英镑－3100万英镑）"),
    ],
)
def test_the_figures_of_each_are_set_together(makers, question, said):
    answer = makers.ask(question)
    assert said in answer.text, answer.text
    assert len(answer.citations) == 2


def test_one_that_the_documents_do_not_know_is_not_made_up_for(makers):
    answer = makers.ask("Between Orrisdale Kilns and Corvane Tiles, who earned the larger net profit in 2024?")
    assert "highest" not in answer.text and "Corvane" not in answer.text.partition("nothing found")[0]


def test_figures_of_different_times_are_not_set_together(makers):
    answer = makers.ask("Between Veldt Glass and Tarn Glass, who has the larger gross margin?")
    assert "highest" not in answer.text


def test_a_firm_s_figure_is_not_that_of_the_firm_of_another_heading(makers):
    assert makers.ask("洛河瓷业2024年净利润是多少？").refused
