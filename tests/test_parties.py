"""Whose a figure is: names that the documents show, and sentences that are about somebody else."""

import pytest

from ragbot import Assistant, Settings
from ragbot.answerability import judge
from ragbot.parties import shared
from ragbot.schema import Passage

NOTE = """# 隐形眼镜简报

## 厂商

国产品牌曜汐（Suntide）2024年卖出2.6亿片，收入7.7亿元，增长19%。

镜片厂商弘光光学（Hongguang Optics）占国内37%的份额，2024年毛利率47%。弘光在无锡的新厂推迟到2026年4月投产。

## Makers abroad

Orla Vision sold 90 million lenses in 2024. It employs 2,650 people.

Pellworth Lens made a net profit of $118 million in 2024.

Its plan for opticians, Tamar Pro, costs $200 a month. Tamar CEO Ines Vogt has a staff of 46.
"""


@pytest.fixture(scope="module")
def bot(tmp_path_factory) -> Assistant:
    folder = tmp_path_factory.mktemp("lenses")
    (folder / "note.md").write_text(NOTE, encoding="utf-8")
    assistant = Assistant(folder / "index", Settings(llm="none"))
    assistant.add(folder / "note.md")
    return assistant


def passage(text: str) -> Passage:
    return Passage(1, "note.md", "简报", "厂商", text, 0, len(text), "zh")


@pytest.mark.parametrize(
    ("question", "text", "names"),
    [
        ("曜汐2024年的毛利率是多少？", "国产品牌曜汐（Suntide）2024年收入7.7亿元。", ("曜汐",)),
        ("微软和谷歌云谁更大？", "谷歌云（Google Cloud）增长28%。", ("谷歌云",)),
        ("青鲤互动的员工有多少？", "公司 | 收入 | 员工\n\n青鲤互动 | 31亿元 | 5,900人", ("青鲤互动",)),
        ("微軟智慧雲的收入？", "微软智慧云的收入为351亿美元。", ("微软智慧云",)),
        ("2024年净赚多少？", "公司净赚3亿元，账上现金2亿元。", ()),  # a word that no dictionary has is no name yet
        ("How large is Orla Vision?", "Orla Vision sold 90 million lenses.", ()),  # in Latin letters
    ],
)
def test_names_in_han_characters_are_those_that_the_documents_show(question, text, names):
    assert shared(question, [passage(text)]) == names


@pytest.mark.parametrize(
    ("question", "sentence", "doubtful"),
    [
        ("曜汐2024年的毛利率是多少？", "占国内37%的份额", True),  # in the paragraph of another
        ("弘光光学2024年的毛利率是多少？", "占国内37%的份额", False),
        ("弘光光学的新厂什么时候投产？", "推迟到2026年4月投产", False),  # by the name that it is cut to
        ("When will the new plant of Hongguang open?", "推迟到2026年4月投产", False),  # by the bracket's first word
        ("How many people does Orla Vision employ?", "It employs 2,650 people", False),  # what it goes on about
        ("What net profit did Orla Vision make in 2024?", "a net profit of $118 million", True),
    ],
)
def test_a_sentence_in_the_paragraph_of_another_is_doubtful(bot, question, sentence, doubtful):
    verdict = judge(question, bot.retriever.retrieve(question, 8), bot.encoder)
    [found] = [each for each in verdict.candidates if sentence in each.row[1].text]
    assert found.doubtful is doubtful


@pytest.mark.parametrize(
    "question",
    [
        "曜汐2024年的毛利率是多少？",
        "What net profit did Orla Vision make in 2024?",
        "What does Tamar Plus cost a month?",
        "Tamar Plus每月收费多少？",
    ],
)
def test_a_near_miss_is_refused(bot, question):
    assert bot.ask(question).refused


def test_a_post_or_a_measure_makes_no_namesake(bot):
    assert "46" in bot.ask("How large is the staff of Tamar Lens?").text
    assert "$200" in bot.ask("What does Tamar Pro cost a month?").text


def test_another_party_s_figure_is_no_other_figure(extractor):
    answer = extractor.ask("What was Google Cloud's quarterly revenue?")
    assert "$9.57 billion" in answer.text and "$35.1 billion" not in answer.text and not answer.warnings


def test_each_name_that_is_compared_is_answered_for(extractor):
    answer = extractor.ask("What do AMD and Intel each do to compete in AI chips?")
    assert "AMD" in answer.text and "Intel" in answer.text
