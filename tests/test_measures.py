"""What is measured: the words that part a revenue from a profit, in both languages."""

import pytest

from ragbot import measures
from ragbot.answerability import demand
from ragbot.measures import MEASURES


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("OpenAI 2023年的营收预计是多少？", {"revenue"}),
        ("輝達的淨利潤是多少？", {"net profit"}),
        ("北湾的营业利润率是多少？", {"operating margin"}),
        ("What is Larkspur's share price?", {"share price"}),
        ("What was the gross margin?", {"gross margin"}),
        ("How much did AMD lose?", {"loss"}),
        ("Who is the finance director of Heliant?", {"finance director"}),
        ("风电技术员的年薪是多少？", {"pay"}),
        ("How many people live there?", set()),  # people may be employees, and need not be
        ("What share of packs is recycled?", set()),
        ("The costar was earnest.", set()),  # words, not letters in them
    ],
)
def test_a_question_asks_for_its_measure(question, wanted):
    assert set().union(*measures.asked(question)) == wanted


@pytest.mark.parametrize(
    ("sentence", "question", "met"),
    [
        ("It took $2.34bn in the year.", "营收是多少？", True),
        ("It took $2.34bn in the year.", "净利润是多少？", False),
        ("净利润为3亿元。", "利润是多少？", True),  # a net profit is a profit
        ("利润为3亿元。", "净利润是多少？", False),  # a profit need not be net
        ("The room cost $182 a night.", "房价是多少？", True),
        ("Its market value is $3bn.", "What is its share price?", False),
        ("公司总裁卓曼宁说……", "Who is the president?", True),
        ("公司总裁卓曼宁说……", "首席执行官是谁？", False),
    ],
)
def test_a_sentence_gives_a_measure_or_another(sentence, question, met):
    assert all(meant & measures.given(sentence) for meant in measures.asked(question)) is met


@pytest.mark.parametrize(
    ("question", "kind", "other"),
    [
        ("castlemere stake in varow how many %", "percent", "count"),
        ("锐瓷卖耗材能赚几成毛利？", "percent", "count"),
        ("When did the first flight leave?", "year", "percent"),
        ("By when will the plant open?", "year", "percent"),
        ("When someone was stuck in a lift, how quickly did help come?", "any", "year"),
        ("年底手上還有多少訂單沒交？", "any", "counted"),
        ("公司有多少员工？", "counted", "any"),
    ],
)
def test_a_question_asks_for_a_kind_of_figure(extractor, question, kind, other):
    units = demand(question, (), extractor.encoder).units
    assert kind in units and other not in units


def test_the_part_of_sales_that_is_profit_is_a_margin(extractor):
    (meant,) = demand("锐瓷卖耗材能赚几成毛利？", (), extractor.encoder).measures
    assert meant & measures.given("耗材毛利率为72%")
    (meant,) = demand("锐瓷的毛利是多少？", (), extractor.encoder).measures
    assert not meant & measures.given("耗材毛利率为72%")


def test_a_question_without_its_measure_keeps_the_rest():
    assert measures.without("Larkspur Coffee的净利润是多少？").split() == ["larkspur", "coffee的", "是多少?"]


def test_every_kind_that_the_table_names_is_in_it():
    assert {kind for _, kind, _, _ in MEASURES if kind} <= {name for name, _, _, _ in MEASURES}
