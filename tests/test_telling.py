"""What a taught model tells of a sentence in the other language: shown if the sentence bears it out, else not."""

import json
from itertools import product
from pathlib import Path

import pytest
from servers import reading_model, serving

from ragbot import Assistant, Settings
from ragbot.aliases import sounds_like, transliterates
from ragbot.answerability import demand
from ragbot.dictionary import readings, romanised
from ragbot.language import detect
from ragbot.matching import is_called
from ragbot.mending import of_one_year, once
from ragbot.telling import tell

EXERCISES = Path(__file__).parents[1] / "training" / "exercises"
NOTE = """# 电梯维保简报

## 云梯管家

云梯管家维保电梯23.5万台。董事长沈砚秋预计2026年收入达到12亿元。公司没有扩大产能，原因是订单不足。

Orla预计收入8亿元，支出20亿元。

获得一名新客户的花费升到345元，因为广告涨价。

客户流失比例升到12%，但保养费每年只涨了2%。

云服务商靠出租算力获利。支线业务2024年占收入的三成，仍高于2019年的两成。

## Haiyin Lifts

Haiyin Lifts maintains 380 lifts in Cork. Haiyin Lifts repairs about 90 lifts.
"""
LIFTS = "How many lifts does Yunti Guanjia look after?"
CHAIR = "What does its chairman expect for 2026?"
WHY = "Why did Yunti Guanjia not expand?"


@pytest.fixture(scope="module")
def note(index_of):
    return index_of(NOTE)


def taught(index, address: str) -> Assistant:
    bot = Assistant(index, Settings(llm_base_url=f"{address}/v1", llm_model="m"))
    bot.model.taught = True
    return bot


def _lifts(prompt: str) -> float:
    return 0.95 if "23.5万台" in prompt else 0.01


def shown(index, question: str, sentence: str, statement, believed: float) -> str:
    """What is shown of a statement that a model tells of a sentence, and believes so far; nothing if not borne out."""
    with serving(reading_model(lambda prompt: believed, reply=statement)) as address:
        bot = taught(index, address)
        evidence = bot.retriever.retrieve(question, 8)
        rows = [(e.passage, s) for e in evidence for s in e.sentences]
        asked = demand(question, [e.passage for e in evidence], bot.encoder)
        row = next(row for row in rows if sentence in row[1].text)
        [said] = tell(asked, [row], bot.model)
    assert said.row == row
    return said.text if said.holds else ""


@pytest.mark.parametrize(
    ("question", "sentence", "statement"),
    [
        (LIFTS, "23.5万台", "Yunti Guanjia maintains 235,000 lifts."),
        (  # named in the sentence before
            "Why did a new client of Orla cost more?",
            "345元",
            "A new client of Orla cost 345 yuan because advertisements became dearer.",
        ),
        (CHAIR, "12亿元", "Chairman Shen Yanqiu expects revenue of 1.2 billion yuan in 2026."),
        (WHY, "没有扩大", "Yunti Guanjia did not expand capacity because of a shortage of orders."),
        ("海音维保多少部电梯？", "380 lifts", "海音在Cork维保380部电梯。"),
        # the first word is a common one, as the question shows
        ("How do cloud vendors earn?", "出租算力", "Cloud vendors earn by renting out computing power."),
        # a cause that no word of the sentence puts as one, firmly believed
        ("Why did clients leave?", "客户流失", "Clients left because the fee rose by only 2% a year."),
    ],
)
def test_what_the_sentence_says_in_other_words_is_shown(note, question, sentence, statement):
    assert shown(note, question, sentence, statement, 0.95) == statement


@pytest.mark.parametrize(
    ("question", "sentence", "statement", "right"),
    [
        (LIFTS, "23.5万台", "Yunti Guanjia maintains 23,500 lifts.", "Yunti Guanjia maintains 235,000 lifts."),
        (
            LIFTS,
            "23.5万台",
            "The passage says that Yunti Guanjia maintains 235,000 lifts.",
            "Yunti Guanjia maintains 235,000 lifts.",
        ),
        (LIFTS, "23.5万台", "No, Yunti Guanjia maintains 235,000 lifts.", "Yunti Guanjia maintains 235,000 lifts."),
        (
            CHAIR,
            "12亿元",
            "The chairman told of revenue of 12 billion yuan in 2026.",
            "According to forecasts, the chairman told of revenue of RMB 1.2 billion in 2026.",
        ),
        ("海音维修多少部？", "about 90", "海音维修90部电梯。", "海音维修约90部电梯。"),
    ],
)
def test_a_scale_a_qualifier_and_what_is_only_expected_are_set_right(note, question, sentence, statement, right):
    assert shown(note, question, sentence, statement, 0.95) == right


@pytest.mark.parametrize(
    ("question", "sentence", "statement", "believed"),
    [
        (LIFTS, "23.5万台", "Yunti Guanjia maintains 234,000 lifts.", 0.99),  # the figure
        (CHAIR, "12亿元", "Meta's chairman expects revenue of 1.2 billion yuan in 2026.", 0.99),  # 元 is meta- and yuan
        (LIFTS, "23.5万台", "Pingzhi Anti maintains 235,000 lifts.", 0.99),  # a name that stands nowhere
        (LIFTS, "23.5万台", "云梯管家维保电梯23.5万台。", 0.99),  # the language
        (LIFTS, "23.5万台", "Yunti Guanjia maintains 235,000 lifts.", 0.2),  # not believed
        (LIFTS, "23.5万台", "In 2024 Yunti Guanjia maintained 235,000 lifts.", 0.99),  # a period of its own
        (CHAIR, "12亿元", "Chairman Shen Yanqing expects revenue of 1.2 billion yuan in 2026.", 0.99),  # misread
        (
            WHY,
            "没有扩大",
            "Yunti Guanjia expanded capacity for want of orders.",
            0.99,
        ),  # a denial lost
        (WHY, "没有扩大", "Yunti Guanjia has held back from expansion for want of orders.", 0.99),  # a denial unsaid
        (LIFTS, "23.5万台", "Yunti Guanjia maintains 235,000 电梯.", 0.99),  # words of the other language
        ("海音维保多少部电梯？", "380 lifts", "海音在Cork维保380部lifts。", 0.99),
        (LIFTS, "23.5万台", "Yunti Guanjia maintains the most lifts, 235,000.", 0.99),  # the most so
        (LIFTS, "23.5万台", "", 0.99),
        # a name that only the question has
        ("How many lifts does Pingzhi look after?", "23.5万台", "Pingzhi maintains 235,000 lifts.", 0.99),
        (
            "What revenue does Orla expect?",
            "收入8亿元",
            "Orla expects to spend 2 billion yuan.",
            0.99,
        ),  # the other half
        ("岭松电梯维保多少部电梯？", "380 lifts", "岭松电梯维保380部电梯。", 0.99),  # a name in characters
        (LIFTS, "23.5万台", "Yunti Guanjia maintains 23.5万台 of lifts.", 0.99),
        (
            LIFTS,
            "23.5万台",
            "Yunti Guanjia maintained 235,000 lifts before the pandemic.",
            0.99,
        ),  # a time out of the air
        ("Why did clients leave?", "客户流失", "Clients left because the fee rose by only 2% a year.", 0.7),
        ("How many clients leave?", "客户流失", "12% of clients left because the fee rose by 2% a year.", 0.99),
        # of the other of its times
        ("What share of revenue did branch lines have in 2019?", "支线业务", "Branch lines had 30% in 2024.", 0.99),
    ],
)
def test_what_it_does_not_say_is_not(note, question, sentence, statement, believed):
    assert not shown(note, question, sentence, statement, believed)


def test_a_bare_because_is_told_as_a_fact_where_the_sentence_gives_no_cause(note):
    said = shown(note, "Why did clients leave?", "客户流失", "Because the fee rose by only 2% a year.", 0.95)
    assert said == "The fee rose by only 2% a year."


def test_what_is_told_with_a_word_of_the_sentence_is_told_again_with_its_meaning(note):
    def reply(prompt: str) -> str:
        return f"The {'branch line' if '支线 [= branch line]' in prompt else '支线'} business had 30% of revenue."

    assert shown(note, "What share has the branch line business?", "支线业务", reply, 0.95) == reply(
        "支线 [= branch line]"
    )


def test_what_cannot_be_told_is_not_mixed_with_what_can(note):
    told = "The fee rose by only 2% a year."
    with serving(reading_model(lambda prompt: 0.95 if "客户流失" in prompt else 0.01, reply=told)) as address:
        answer = taught(note, address).ask("Why did clients leave?")
    assert answer.text == "The fee rose by only 2% a year [1]."
    assert [warning for warning in answer.warnings if "345元" in warning] and len(answer.citations) == 1


def test_an_answer_over_documents_of_the_other_language_is_told_in_the_question_s(note):
    statement = "Yunti Guanjia maintains 235,000 lifts."
    with serving(reading_model(_lifts, reply=statement)) as address:
        answer = taught(note, address).ask(LIFTS)
    assert answer.text == "Yunti Guanjia maintains 235,000 lifts [1]."
    assert [cited.quote for cited in answer.citations] == ["云梯管家维保电梯23.5万台。"]
    assert answer.figures[0].status != "unsupported" and not answer.warnings


def test_a_statement_that_does_not_hold_leaves_the_figure_that_is_asked_for(note):
    with serving(reading_model(_lifts, reply="Yunti Guanjia maintains 900 lifts.")) as address:
        answer = taught(note, address).ask(LIFTS)
    assert answer.text == "235,000 [1]."
    assert [cited.quote for cited in answer.citations] == ["云梯管家维保电梯23.5万台。"]


def test_where_no_figure_is_asked_for_it_leaves_the_quote(note):
    with serving(reading_model(lambda asked: "没有扩大" in asked, reply="It closed 40 works.")) as address:
        answer = taught(note, address).ask(WHY)
    assert "40" not in answer.text and "没有扩大" in answer.text and answer.warnings


@pytest.mark.parametrize(
    ("name", "text", "same"),
    [
        ("Shen Yanqiu", "董事长沈砚秋于2016年接班", True),
        ("Tan Yi'an", "創始人譚以安", True),
        ("Lvliang", "吕梁的工厂", True),
        ("Shen Yanqing", "董事长沈砚秋", False),
        ("Li", "李", False),  # a syllable is no name
        ("Microsoft", "微软", False),
        ("", "沈砚秋", False),
    ],
)
def test_a_name_is_known_by_how_its_characters_are_read(name, text, same):
    assert transliterates(name, text) is same


def test_a_character_may_be_read_in_several_ways():
    assert readings("行") >= {"xing", "hang"} and not readings("?")
    assert romanised("云汐港") == "Yunxigang"


def test_a_name_may_be_read_in_part_and_meant_in_part():
    assert is_called(("yunxi", "port"), "中转业务迁到了云汐港")
    assert not is_called(("yunnan", "port"), "中转业务迁到了云汐港")
    assert is_called(("spanish",), "集团收购了一家西班牙公司")  # who speaks it, and where


def test_a_chinese_name_may_be_typed_by_its_sound():
    assert sounds_like("玉恒维保", ["玉衡维保", "云阶股份", "维保"]) == {"玉衡维保"}


def test_a_month_is_told_once():
    assert once("该应用在3月2024年3月停用11天。") == "该应用在2024年3月停用11天。"
    assert once("2023年3月2024年4月") == "2023年3月2024年4月"


def rows(kind: str, number: str) -> list[dict]:
    text = (EXERCISES / f"{kind}-{number}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


NUMBERS = sorted(file.stem.removeprefix("reading-") for file in EXERCISES.glob("reading-*.jsonl"))


@pytest.mark.parametrize("number", NUMBERS)
def test_the_exercises_are_whole(number):
    paragraphs = rows("reading", number)
    for paragraph in paragraphs:
        asked = paragraph["questions"]
        assert len({each["q"] for each in asked}) == len(asked) == 12
        assert sum(bool(each["answers"]) for each in asked) == 6
        assert all(0 <= k < len(paragraph["sentences"]) for each in asked for k in each["answers"])
    answered = [
        (p, q) for p, q in product(range(len(paragraphs)), range(12)) if paragraphs[p]["questions"][q]["answers"]
    ]
    told = rows("answers", number)
    assert [(row["paragraph"], row["question"]) for row in told] == answered
    for row in told:
        asked = paragraphs[row["paragraph"]]["questions"][row["question"]]
        assert row["sentence"] == asked["answers"][0] and row["answer"] != row["wrong"]


def test_the_exercises_and_the_test_sets_have_no_question_in_common():
    testsets = Path(__file__).parent / "testsets"
    asked = {json.loads(line)["question"] for file in testsets.glob("*.jsonl") for line in file.open(encoding="utf-8")}
    exercised = {
        each["q"] for number in NUMBERS for paragraph in rows("reading", number) for each in paragraph["questions"]
    }
    assert len(NUMBERS) == 15 and not asked & exercised


def test_the_answers_of_the_exercises_are_in_the_language_of_their_questions():
    astray = [
        row["answer"]
        for number in NUMBERS
        for row in rows("answers", number)
        if detect(row["answer"]) != rows("reading", number)[row["paragraph"]]["questions"][row["question"]]["language"]
    ]
    assert len(astray) < 30  # Chinese full of Latin names


def test_a_model_that_goes_on_and_goes_wrong_is_cut_short(note):
    wrong = "Yunti Guanjia maintains 235,000 lifts, which is 8 million more than all of its rivals."
    with serving(reading_model(lambda asked: "more than" not in asked, reply=wrong)) as address:
        answer = taught(note, address).ask(LIFTS)
    assert answer.text == "Yunti Guanjia maintains 235,000 lifts [1]."


@pytest.mark.parametrize(
    ("statement", "sentence", "mended"),
    [
        ("It expects $800 million a year.", "公司全年收入预期约8亿美元。", "It expects $800 million for the year."),
        ("It costs $20 a year.", "每年收费20美元，全年收入8亿美元。", "It costs $20 a year."),
        ("It earns $800 million a year.", "公司收入8亿美元。", "It earns $800 million a year."),
    ],
)
def test_the_amount_of_one_year_is_no_rate(statement, sentence, mended):
    assert of_one_year(statement, sentence) == mended
