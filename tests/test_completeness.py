"""A statement may be true of its sentence and yet no answer: without the cause, the person, the figure asked for."""

import pytest
from servers import chat_model, reading_model, serving

from ragbot import Assistant, Settings
from ragbot.answerability import demand
from ragbot.degrees import stated, turned_over
from ragbot.grounding import is_clean
from ragbot.matching import straightened
from ragbot.mending import as_expected, qualified
from ragbot.sole import sole_answer, sole_figure

NOTE = """# 眼镜零售简报

岚屏视光2024年收入6.9亿元，同比下降17%，低于7.5亿元的目标，因为学校筛查被禁止。

Pellworth, a maker of rockets, has no licence yet, since its pad at Brackwater lies beneath a flight path.

Clairmere spent $90 million in 2024, while it expects revenue of about $310 million in 2025.

霁川2024年营收大增74%，净利润却下降9%，只有4.1亿元。

Quarrow has nearly all of its shops in the north. Its margin is higher than that of Clairmere.
"""


@pytest.fixture(scope="module")
def note(index_of):
    return index_of(NOTE)


@pytest.mark.parametrize(
    ("question", "draft", "shown"),
    [
        ("岚屏视光的收入为什么低于目标？", "岚屏视光2024年收入6.9亿元，低于7.5亿元的目标。", False),
        ("岚屏视光的收入为什么低于目标？", "学校筛查被禁止，岚屏视光的收入因此低于7.5亿元的目标。", True),
        ("Where is the pad of Pellworth?", "The pad of Pellworth lies beneath a flight path.", False),
        ("Where is the pad of Pellworth?", "Pellworth's pad at Brackwater lies beneath a flight path.", True),
    ],
)
def test_what_leaves_out_the_answer_is_not_shown_as_one(note, question, draft, shown):
    with serving(chat_model(draft)) as at:
        answer = Assistant(note, Settings(llm_base_url=f"{at}/v1")).ask(question)
    assert (draft.rstrip("。.") in answer.text.replace(" [1]", "")) is shown and not answer.refused


def test_a_draft_that_mixes_the_languages_is_not_shown(note):
    with serving(chat_model("Pellworth没有licence。Pellworth还没有许可。")) as at:
        answer = Assistant(note, Settings(llm_base_url=f"{at}/v1")).ask("Pellworth有许可吗？")
    assert "没有licence" not in answer.text


@pytest.mark.parametrize(
    ("question", "sentence", "figure"),
    [
        ("What revenue did 岚屏视光 have in 2024?", "6.9亿元", "RMB 690 million."),
        ("By how much did the revenue of 岚屏视光 fall?", "6.9亿元", "Down 17%."),
        ("Clairmere在2025年的收入预期是多少？", "$310 million", "据预计，约3.1亿美元。"),
        ("Clairmere在2024年花了多少钱？", "$310 million", "9000万美元。"),
        ("岚屏视光为什么没有达标？", "6.9亿元", ""),  # no figure is asked for
        ("Clairmere 2025 收入", "$310 million", "据预计，约3.1亿美元。"),  # a few words, one of them a measure
        ("Does 岚屏视光 take a lot each year? Give me the amount of its revenue.", "6.9亿元", "RMB 690 million."),
        ("What was the net profit of 霁川 in 2024?", "霁川", "RMB 410 million."),  # money, though a share is nearer
        ("霁川2024年的毛利是多少？", "霁川", ""),  # that it does not give
        ("Clairmere每年花9亿美元，是不是太多了？", "$310 million", ""),  # two of the kind, neither per year
        ("Clairmere花9亿美元是不是太多了？", "shops in the north", ""),
        ("What revenue and what target did 岚屏视光 have?", "6.9亿元", ""),  # nor one alone
    ],
)
def test_the_figure_that_is_asked_for_is_told_from_the_others(note, question, sentence, figure):
    bot = Assistant(note, Settings(llm="none"))
    evidence = bot.retriever.retrieve(question, 8)
    rows = [(item.passage, each) for item in evidence for each in item.sentences]
    asked = demand(question, [item.passage for item in evidence], bot.encoder)
    row = next(row for row in rows if sentence in row[1].text)
    assert sole_figure(asked, row) == figure


@pytest.mark.parametrize(
    ("question", "belief", "shown"),
    [
        ("What revenue did 岚屏视光 have in 2024?", 0.0, "RMB 690 million."),
        ("What revenue did 岚屏视光 have from lenses in 2024?", 0.0, ""),  # of what, the figure alone would not show
        ("What revenue did 岚屏视光 have from lenses in 2024?", 0.9, "RMB 690 million."),
    ],
)
def test_a_figure_stands_alone_where_the_sentence_holds_each_word_or_a_model_believes_it(note, question, belief, shown):
    with serving(reading_model(lambda prompt: belief)) as at:
        bot = Assistant(note, Settings(llm_base_url=f"{at}/v1", llm_model="m"))
        bot.model.taught = True
        evidence = bot.retriever.retrieve(question, 8)
        asked = demand(question, [item.passage for item in evidence], bot.encoder)
        rows = [(item.passage, each) for item in evidence for each in item.sentences]
        assert sole_answer(asked, next(row for row in rows if "6.9亿元" in row[1].text), bot.model) == shown


@pytest.mark.parametrize(
    ("statement", "sentence", "held"),
    [
        ("最大的一项是算力。", "Computing power is the largest item.", True),
        ("最大的一项是算力。", "Computing power is the lowest item.", False),
        ("It grew fastest.", "它增长最快。", True),
        ("It is the only one.", "它是国内唯一的一家。", True),
        ("It is the largest.", "它的规模很大。", False),
        ("Its margin is higher.", "它的利润率高于同行。", True),
        ("It had revenue of only $800 million.", "收入8亿美元。", True),
        ("It opened in the first quarter.", "2024年1月开业。", True),
    ],
)
def test_a_comparison_must_be_the_sentence_s_own(statement, sentence, held):
    assert all(degree.held.search(sentence) for degree in stated(statement)) is held


def test_what_stands_above_does_not_stand_below():
    assert turned_over("costs are lower than revenue", "costs are still higher than revenue")
    assert not turned_over("costs are higher than revenue", "costs are still higher than revenue")


@pytest.mark.parametrize(
    ("statement", "sentence", "right"),
    [
        (
            "All accelerators are made there.",
            "几乎所有加速芯片都在那里生产。",
            "Almost all accelerators are made there.",
        ),
        ("它所有门店都在北方。", "Nearly all of its shops are in the north.", "它几乎所有门店都在北方。"),
        ("Virtually all are made there.", "几乎所有芯片都在那里生产。", "Virtually all are made there."),
    ],
)
def test_almost_all_is_not_told_as_all(statement, sentence, right):
    assert qualified(statement, sentence) == right


def test_a_plan_and_a_forecast_of_one_sentence_are_told_apart():
    sentence = "It planned to spend $2.7 billion in 2024, while it expected revenue of $800 million."
    assert as_expected("8亿美元。", sentence).startswith("据预计")
    assert as_expected("27亿美元。", sentence).startswith("按计划")


@pytest.mark.parametrize(
    ("question", "right"),
    [
        ("how mcuh did Orla pay", "how much did Orla pay"),
        ("hwo many", "hwo many"),  # how or who
        ("from which form", "from which form"),
        ("英伟达的营收是多少？", "英伟达的营收是多少？"),
    ],
)
def test_swapped_letters_of_small_words_are_put_right(question, right):
    assert straightened(question) == right


FARMS = """# 菌菇

## 雪芝菌业

雪芝菌业（Xuezhi Fungi）2024年营收8.4亿元，同比增长21%，营业利润1.5亿元。

## 森珂农业

森珂农业2024年营收12.7亿元，净亏损1.1亿元。第四季度营收3亿元，净利润0.2亿元。

## 价格

2024年的金针菇每公斤4.9元；真姬菇每公斤7.8元，基本持平。

2025年4月，雁门啤酒以6.3亿元收购拾麦18%的股权。
"""


@pytest.fixture(scope="module")
def farms(index_of):
    return index_of(FARMS)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("雪芝菌业2024年的营业利润率是多少？", "占比约17.9%（1.5亿元÷8.4亿元） [1]。"),
        (
            "What was the operating margin of Xuezhi Fungi?",
            "The share is about 17.9% (RMB 150 million ÷ RMB 840 million)",
        ),
        ("雪芝菌业2023年的营业利润率是多少？", ""),  # another year
        ("雪芝菌业2024年的净利率是多少？", ""),  # another profit
        ("森珂农业2024年的净利率是多少？", ""),  # a quarter's
    ],
)
def test_a_margin_is_reckoned_from_the_profit_and_revenue_of_one_year(farms, question, told):
    answer = Assistant(farms, Settings(llm="none")).ask(question)
    assert told in answer.text if told else not any(figure.status == "derived" for figure in answer.figures)


def test_a_name_in_letters_is_the_one_whose_characters_read_so(farms):
    answer = Assistant(farms, Settings(llm="none")).ask("What was the 2024 revenue of Senke Agriculture?")
    assert "12.7亿元" in answer.text and "8.4亿元" not in answer.text


@pytest.mark.parametrize(
    ("draft", "shown"),
    [("真姬菇每公斤比金针菇高7.8元。", False), ("真姬菇每公斤7.8元。", True), ("真姬菇每公斤为7.8元。", True)],
)
def test_a_price_is_not_shown_as_a_difference_in_price(farms, draft, shown):
    with serving(chat_model(draft)) as at:
        answer = Assistant(farms, Settings(llm_base_url=f"{at}/v1")).ask("真姬菇的价格怎么样？")
    assert (draft.rstrip("。") in answer.text) is shown


def test_a_question_that_takes_another_amount_for_granted_is_corrected(farms):
    def belief(prompt: str) -> float:
        return 0.95 if "拾麦18%" in prompt and "80%" not in prompt else 0.01

    with serving(reading_model(belief)) as at:
        bot = Assistant(farms, Settings(llm_base_url=f"{at}/v1"))
        answer = bot.ask("雁门啤酒花多少钱买下了拾麦80%的股权？")
    assert answer.text.startswith("文档中的数字与问题不同") and "18%" in answer.text and "6.3亿元" in answer.text


@pytest.mark.parametrize(
    ("statement", "clean"),
    [("罐价只涨2%，因为长-term合同。", False), ("罐价只涨2%，因为有长期合同。", True), ("它卖GPU-based服务器。", True)],
)
def test_half_a_foreign_word_is_not_the_language_of_the_question(statement, clean):
    assert is_clean(statement, "罐价为什么只涨2%？") is clean


def test_whose_a_quoted_pronoun_is_stands_before_it_and_both_are_cited(index_of):
    text = "# 风电\n\n礁角运维有1250台风机。它的可利用率更高，为96.8%。\n\n北湾风电有3400台风机，可利用率为95.2%。\n"
    answer = Assistant(index_of(text), Settings(llm="none")).ask("礁角和北湾，谁的可利用率更高？")
    assert "礁角运维有1250台风机 [2]。它的可利用率更高，为96.8% [2]。" in answer.text
    assert answer.citations[1].quote == "礁角运维有1250台风机。它的可利用率更高，为96.8%。"


TABLE = """# Cement

| Company | Cement sales 2024 (million tonnes) | Cement sales 2023 (million tonnes) | EBITDA margin 2024 |
|---|---|---|---|
| Halvard Cement | 41.2 | 40.1 | 19% |
| Hongyan Building Materials (鸿岩建材) | 61.8 | 70.5 | 9.6% |

A profit of $910 million in 2023 became a net loss of $640 million at Halvard Cement.

Marit Osgood, the chief executive of Hongyan Building Materials, expects a better year. Prices may rise.
"""


@pytest.fixture(scope="module")
def cement(index_of):
    return Assistant(index_of(TABLE), Settings(llm="none"))


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("鸿岩建材2024年的水泥销量比前一年少了多少万吨？", "相差870万吨（7050万吨－6180万吨） [1]。"),
        (
            "How much did cement sales of Hongyan fall between 2023 and 2024?",
            "The difference is 8.7 million tonnes (70.5 million tonnes − 61.8 million tonnes) [1].",
        ),
        ("How far did Halvard's EBITDA margin fall in 2024?", ""),  # one year alone
        ("How much did the cement sales of Orla fall between 2023 and 2024?", ""),  # no such row
    ],
)
def test_a_row_with_a_column_for_each_year_tells_how_far_it_went(cement, question, told):
    answer = cement.ask(question)
    assert answer.text == told if told else "difference" not in answer.text


def test_the_year_before_beside_a_change_does_not_hide_the_year_asked_about(cement):
    assert "$640 million" in cement.ask("What was the net loss of Halvard Cement in 2024?").text


@pytest.mark.parametrize(
    ("draft", "shown"),
    [
        ("Halvard Cement made a net loss of $640 million in 2023.", False),
        ("Halvard Cement made a profit of $910 million in 2023.", True),
        ("A profit of $640 million in 2023 became a loss of $910 million.", False),
    ],
)
def test_an_amount_is_not_given_the_year_of_another(cement, draft, shown):
    with serving(chat_model(draft)) as at:
        bot = Assistant(cement.settings.index, Settings(llm_base_url=f"{at}/v1"))
        answer = bot.ask("What profit or loss did Halvard Cement make in 2023 and 2024?")
    assert (draft.rstrip(".") in answer.text) is shown


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (
            "两家水泥企业里，2024年EBITDA利润率谁最高？",
            "从高到低：Halvard Cement 19%；Hongyan Building Materials (鸿岩建材) 9.6% [1]。",
        ),
    ],
)
def test_a_table_in_the_other_language_is_ranked_by_the_names_of_its_rows(cement, question, told):
    assert told in cement.ask(question).text


def test_who_runs_a_firm_is_its_chief_executive(cement):
    assert "Osgood" in cement.ask("Who runs Hongyan Building Materials?").text


def test_last_year_is_the_last_that_the_documents_report_on(note):
    with serving(reading_model(lambda prompt: 0.9 if "6.9亿元" in prompt else 0.01)) as at:
        answer = Assistant(note, Settings(llm_base_url=f"{at}/v1")).ask("岚屏视光去年的收入是多少？")
    assert "6.9亿元" in answer.text
