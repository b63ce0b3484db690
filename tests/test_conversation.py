"""Follow-ups are understood in the light of the conversation; what stands alone is left alone."""

import pytest

from ragbot.conversation import leans, resolve, subject
from ragbot.embeddings import load
from ragbot.schema import Exchange


@pytest.fixture(scope="module")
def understand():
    """Resolve a question after earlier ones, by rule alone."""
    encoder = load("builtin")

    def understood(*questions: str) -> str:
        history: list[Exchange] = []
        for question in questions:
            history.append(Exchange(resolve(question, history, lambda: None, encoder), ""))
        return history[-1].question

    return understood


@pytest.mark.parametrize(
    ("before", "question", "whole"),
    [
        ("谷歌云的季度收入是多少？", "那微软呢？", "微软的季度收入是多少？"),
        ("海鲸航运2024年的营收是多少？", "北岬海运呢？", "北岬海运2024年的营收是多少？"),
        ("比亚迪去年卖了多少辆车？", "那特斯拉呢？", "特斯拉去年卖了多少辆车？"),
        ("公司2023年的净利润是多少？", "2022年呢？", "公司2022年的净利润是多少？"),
        ("谷歌云的季度收入是多少？", "那它的净利润是多少？", "谷歌云的净利润是多少？"),
        ("OpenAI 2023年的营收是多少？", "它亏了多少？", "OpenAI亏了多少？"),
        ("大模型研发能盈利吗？", "原因呢？", "大模型研发能盈利吗？ 原因是什么？"),
        ("What was AWS's quarterly revenue?", "And Google Cloud?", "What was Google Cloud's quarterly revenue?"),
        ("How many stores does Larkspur have?", "What about Tin Kettle?", "How many stores does Tin Kettle have?"),
        ("What was the pack price in 2024?", "And in 2018?", "What was the pack price in 2018?"),
        ("What was OpenAI's revenue?", "How much did it lose?", "How much did OpenAI lose?"),
        ("What was Acme's data center revenue?", "What about its total revenue?", "Acme's total revenue?"),
        # a measure in the place of the measure, whether asked with "what about" or bare; a party never in its place
        ("澄江纺织2024年营收多少？", "净利润又是多少？", "澄江纺织2024年净利润多少？"),
        ("What was Acme's revenue in 2024?", "What was the net profit?", "What was Acme's net profit in 2024?"),
        ("澄芯微装的毛利率是多少？", "白鹿清洗呢？", "白鹿清洗的毛利率是多少？"),
        ("Norvane的客座率是多少？", "Castellan的呢？", "Castellan的客座率是多少？"),
        ("What is the price of copper?", "And zinc?", "What is the price of zinc?"),
        ("What was AWS's quarterly revenue?", "And Google Cloud's?", "What was Google Cloud's quarterly revenue?"),
        ("英伟达的总营收是多少？", "净利润呢？", "英伟达的净利润是多少？"),
        # years that are counted
        ("皓屿口腔2024年净赚多少？", "那再往前一年呢？", "皓屿口腔2023年净赚多少？"),
        ("What was Acme's margin in 2024?", "What was it the year before?", "What was Acme's margin in 2023?"),
        ("What was Acme's margin in 2024?", "And the following year?", "What was Acme's margin in 2025?"),
        ("2024年平均保费涨了多少？", "那2025年会怎么走？", "2025年平均保费涨了多少？"),
        # the name, without the year and the verb
        ("火柴盒网络2024年赚了多少钱？", "它的销售费用有多高？", "火柴盒网络的销售费用有多高？"),
        # a company, where the question before is about a revenue of its
        ("英伟达数据中心业务季度收入同比增长多少？", "那家公司同一季度的总营收呢？", "英伟达同一季度的总营收是多少？"),
        ("Tessaly Solar盈利了吗？", "其中储能部门挣了多少？", "Tessaly Solar的储能部门挣了多少？"),
    ],
)
def test_a_follow_up_is_made_whole(understand, before, question, whole):
    assert understand(before, question) == whole


@pytest.mark.parametrize(
    "question",
    [
        "高端AI芯片由谁代工？",
        "What does ChatGPT Pro cost a month?",
        "今天天气怎么样？",
        "哪家的净利润最高？",
        "英伟达的净利润是多少？",
    ],
)
def test_a_new_topic_is_not_dragged_into_the_old_one(understand, question):
    assert understand("谷歌云的季度收入是多少？", question) == question


def test_a_topic_that_is_announced_loses_only_its_announcement(understand):
    assert understand("AWS的收入是多少？", "换个话题，芯片由谁代工？") == "芯片由谁代工？"
    assert understand("What is AWS?", "New topic: who makes chips?") == "who makes chips?"


def test_a_chain_of_follow_ups_keeps_its_subject(understand):
    assert "谷歌云" in understand("AWS的季度收入是多少？", "那谷歌云呢？", "同比增长多少？")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("那微软呢？", True),
        ("哪家最高？", True),
        ("Why?", True),
        ("微软的收入是多少？", False),
        ("Who makes chips?", False),
    ],
)
def test_what_needs_an_earlier_question(question, expected):
    assert leans(question) is expected


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("What was Microsoft Intelligent Cloud's revenue?", "Microsoft Intelligent Cloud"),
        ("How much did the Old Customs House lose?", "Old Customs House"),
        ("谷歌云的季度收入是多少？", "谷歌云"),
        ("OpenAI 2023年的营收是多少？", "OpenAI"),
        ("why is that?", None),
    ],
)
def test_the_name_that_a_question_is_about(question, name):
    assert subject(question) == name


@pytest.mark.parametrize(
    ("before", "answer", "question", "whole"),
    [
        (
            "Who founded JetMarlin?",
            "Dario Velk founded JetMarlin in 2009 [1].",
            "Who took over from him?",
            "Who took over from Dario Velk?",
        ),
        (
            "Who runs Orrisdale?",
            "Tova Brandt, the chief executive, wants no new kiln [1].",
            "When did she take over?",
            "When did Tova Brandt take over?",
        ),
        (
            "Who founded JetMarlin?",
            "Dario Velk founded JetMarlin and gave it to Hanneke Prior [1].",  # either may be meant
            "Who took over from him?",
            "Who founded JetMarlin? Who took over from him?",
        ),
        ("JetMarlin的创始人是谁？", "JetMarlin由Dario Velk创办 [1]。", "他的继任者是谁？", "Dario Velk的继任者是谁？"),
    ],
)
def test_he_and_she_are_whom_the_answer_to_a_who_names(before, answer, question, whole):
    assert resolve(question, [Exchange(before, answer)], lambda: None, None) == whole
