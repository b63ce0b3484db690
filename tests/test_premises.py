"""A question that takes the opposite for granted is told so; one whose answer is not there is not."""

import pytest

from ragbot.answerability import demand
from ragbot.assistant import Assistant
from ragbot.premises import against
from ragbot.settings import Settings

MAKERS = """# Farm robots 2024

## Fenwold

Fenwold was the only one of the three to grow: revenue in 2024 was 1.9 billion euros, up 8%. Its gross profit was 410
million euros, and in September 2024 it closed 210 repair shops. It has raised its fees from 3.1% to 3.6%.

## 泽农机械

泽农机械2024年毛利率最高，却亏损1.6亿元，因为研发花掉了将近一半的营收。研发人员增加了260人，达到5,900人。
"""


@pytest.fixture(scope="module")
def makers(index_of):
    return Assistant(index_of(MAKERS), Settings(llm="none"))


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("How steep was the fall in Fenwold's revenue in 2024?", "up 8%"),
        ("How steep was the fall in Fenwold's revenue in 2019?", None),
        ("How steep was the fall in Brandvik's revenue in 2024?", None),
        ("How did Fenwold pay for the 210 repair shops that it opened?", "closed 210"),
        ("How did Fenwold pay for the 55 repair shops that it opened?", None),
        ("Why did Fenwold's revenue rise in 2024?", None),
        ("Why did Fenwold lower its fees?", "raised its fees"),
        ("Why did Fenwold raise its fees?", None),
        ("How large was Fenwold's loss in 2024?", None),
        ("泽农机械2024年那1.6亿元净利润来自哪块业务？", "亏损1.6亿元"),
        ("泽农机械裁掉了多少研发人员？", "增加了260人"),
        ("泽农机械2024年亏损多少？", None),
    ],
)
def test_the_opposite_of_what_a_question_takes_for_granted(makers, question, said):
    evidence = makers.retriever.retrieve(question, 8)
    found = against(demand(question, [item.passage for item in evidence], makers.encoder), evidence)
    assert (found is not None and said in found[1].text) if said else found is None


def test_the_answer_begins_by_saying_so(makers):
    answer = makers.ask("泽农机械2024年那1.6亿元净利润来自哪块业务？")
    assert answer.text.startswith("文档所说与问题的前提相反：") and "亏损1.6亿元" in answer.citations[0].quote
