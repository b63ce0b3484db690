"""The judge of answers, on rows made by hand: each fault costs the number it should cost, and no other."""

from dataclasses import replace
from decimal import Decimal

import pytest

from ragbot.evaluation.answer_metrics import fact_found
from ragbot.evaluation.cases import Case
from ragbot.evaluation.citation_metrics import contradicts, statements, supports
from ragbot.evaluation.numbers import agree, numbers, unsupported
from ragbot.evaluation.scoring import faults, judge
from ragbot.evaluation.summary import summarise
from ragbot.evaluation.wording import is_refusal, language_of

ACME = "Acme had revenue of $30.8 billion, up 112% year on year."
BOLT = "Bolt had revenue of $9.57 billion, up 28% year on year."


def case(**changes):
    row = {
        "id": "1",
        "question": "What did Acme and Bolt take in?",
        "facts": ["308亿美元", "$9.57 billion"],
        "evidence": [[ACME], [BOLT]],
        "answerable": True,
        "history": [],
        "kind": "figure",
        "language": "en",
    }
    return Case.model_validate(row | changes)


def answer(text, quotes=(ACME, BOLT), refused=False):
    citations = [{"number": number, "quote": quote} for number, quote in enumerate(quotes, 1)]
    return {"id": "1", "answer": text, "refused": refused, "citations": citations, "timings": {"total_ms": 5}}


RIGHT = answer("Acme took in $30.8 billion [1]. Bolt took in $9.57 billion [2].")


def test_a_right_answer_loses_nothing():
    verdict = judge(case(), RIGHT)
    assert verdict.right and verdict.language_right and not verdict.unsupported
    assert (verdict.citations, verdict.citations_right) == (2, 2)
    assert (verdict.statements, verdict.statements_cited) == (2, 2)
    assert faults([verdict]) == []


def test_a_figure_ten_times_too_large_is_wrong_and_unsupported():
    verdict = judge(case(), answer("Acme took in $308 billion [1]. Bolt took in $9.57 billion [2]."))
    assert not verdict.right and verdict.citations_right == 2
    assert verdict.unsupported == ("$308 billion",)
    assert verdict.language_right and verdict.statements_cited == 2


def test_shuffled_citations_cost_citations_alone():
    verdict = judge(case(), answer("Acme took in $30.8 billion [2]. Bolt took in $9.57 billion [1]."))
    assert verdict.right and not verdict.unsupported and verdict.statements_cited == 2
    assert (verdict.citations, verdict.citations_right) == (2, 0)


def test_the_wrong_language_costs_the_language_alone():
    verdict = judge(case(), answer("Acme的营收为308亿美元 [1]。Bolt的营收为95.7亿美元 [2]。"))
    assert verdict.right and verdict.citations_right == 2 and not verdict.unsupported
    assert not verdict.language_right


def test_a_statement_without_citation_is_counted():
    verdict = judge(case(), answer("Acme took in $30.8 billion [1]. Bolt took in $9.57 billion."))
    assert (verdict.statements, verdict.statements_cited) == (2, 1)


def test_refusals_are_right_only_where_there_is_no_answer():
    refusal = answer("The documents do not say.", (), refused=True)
    assert not judge(case(), refusal).right
    assert judge(case(answerable=False, facts=[], evidence=[]), refusal).right
    assert not judge(case(answerable=False, facts=[], evidence=[]), RIGHT).right


def test_a_failure_is_neither_an_answer_nor_a_refusal():
    verdict = judge(case(answerable=False, facts=[]), answer("", ()) | {"error": "ModelTimeout()"})
    assert not verdict.right and not verdict.refused


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("308亿美元", "30800000000", "USD"),
        ("US$30.8bn", "30800000000", "USD"),
        ("30,800 million dollars", "30800000000", "USD"),
        ("70万美元/天", "700000", "USD"),
        ("£412.5 million", "412500000", "GBP"),
        ("新臺幣18.6億元", "1860000000", "TWD"),
        ("112%", "1.12", "share"),
        ("百分之八十", "0.8", "share"),
        ("八成二", "0.82", "share"),
        ("one in four", "0.25", "share"),
        ("3/5", "0.6", "share"),
        ("11个百分点", "0.11", "share"),
        ("六倍", "6", "times"),
        ("sixfold", "6", "times"),
        ("two and a half times", "2.5", "times"),
        ("2024财年", "2024", "year"),
        ("3,060万标准箱", "30600000", ""),
    ],
)
def test_figures_are_read_in_both_languages(text, value, unit):
    (number,) = numbers(text)
    assert (number.value, number.unit) == (Decimal(value), unit)


def test_names_markers_and_list_numbers_are_no_figures():
    assert numbers("1. GPT-4, MI300 and Q3 rose [12].\n2. H100") == []


def test_both_ends_of_a_range_have_its_unit():
    assert [n.value for n in numbers("20–25%")] == [Decimal("0.20"), Decimal("0.25")]


def test_a_fact_is_met_by_value_or_by_a_word_and_not_by_a_likeness():
    assert fact_found("308亿美元", "It was $30.8 billion.")
    assert fact_found("广告|advertising", "It lives on ADVERTISING.")
    assert fact_found("疗效", "療效未達標準")
    assert not fact_found("308亿美元", "It was $308 billion, or 308亿欧元.")
    assert not fact_found("ads", "It leads.")


def test_results_are_held_only_beside_what_they_come_from():
    held = "Total $35.1 billion, data center $30.8 billion."
    assert not unsupported("$35.1 billion less $30.8 billion leaves $4.3 billion, 88% of it.", held)
    assert not unsupported("$4.3 billion (35.1 - 30.8).", held)
    assert [n.text for n in unsupported("$4.3 billion.", held)] == ["$4.3 billion"]


def test_a_cell_has_the_unit_of_its_column():
    quote = "Company | Sales 2024 (million tonnes) | Sales 2023 (million tonnes)\n\nHongyan | 61.8 | 70.5"
    assert not unsupported("相差870万吨（7050万吨－6180万吨）。", quote)
    assert unsupported("相差870亿吨。", quote)


def test_a_year_is_no_end_of_a_range():
    quote = "单店日均销售额从2023年的3400元降到2024年的2600元。"
    assert not unsupported("Sales fell from 3,400 yuan in 2023 to 2,600 yuan in 2024.", quote)


def test_a_denied_figure_of_the_question_is_no_claim():
    assert not unsupported("不是308万美元，而是308亿美元", "收入308亿美元", "收入308万美元吗？")
    assert unsupported("是的，308万美元", "收入308亿美元", "收入308万美元吗？")


def test_a_rounded_figure_agrees_one_way():
    (exact,), (round_,) = numbers("$30.8 billion"), numbers("$31 billion")
    assert agree(round_, exact, rounded=True) and not agree(exact, round_, rounded=True) and not agree(round_, exact)


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("The sources do not provide AMD's revenue.", True),
        ("提供的来源没有提到AMD的营收。", True),
        ("", True),
        ("AMD had revenue of $5 billion.", False),
        ("AMD的营收是50亿美元。", False),
    ],
)
def test_refusals_are_told_by_their_phrases(text, refused):
    assert is_refusal(text) is refused


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Intel收购了Habana [1]。", "zh"),
        ("The port 云汐港 handled 23.4 million boxes [1].", "en"),
        ("每月200美元（来源：OpenAI loses money on expensive ChatGPT Pro subscription - Techzine Global）。", "zh"),
        ("112%", None),
    ],
)
def test_the_language_of_an_answer(text, language):
    assert language_of(text) == language


def test_statements_keep_the_citations_that_follow_them():
    assert statements("Three vendors grew:\n- A rose to $3.7 billion [1].\n- B fell. [2][3]") == [
        ("- A rose to $3.7 billion [1].", [1]),
        ("- B fell. [2][3]", [2, 3]),
    ]


def test_support_across_languages_needs_the_names():
    assert supports("Intel（英特尔）收购Habana来开发AI专用芯片。", "英特尔收购了Habana。")
    assert supports("The firm Intel acquired Habana.", "Intel收购了Habana。")
    assert not supports("The firm AMD invests in the MI300.", "Intel收购了Habana。")


@pytest.mark.parametrize(
    ("quotes", "statement", "against"),
    [
        (["AWS的季度收入为250亿美元。"], "AWS的季度收入最高，为250亿美元。", True),
        (["AWS的季度收入为250亿美元。", "谷歌云的季度收入为95.7亿美元。"], "AWS的季度收入最高。", False),
        (["Revenue was up 17%."], "Revenue fell by 17%.", True),
        (["Revenue was up 17%."], "Revenue did not fall, it grew by 17%.", False),
    ],
)
def test_a_rank_out_of_nowhere_and_a_reversed_direction_are_not_supported(quotes, statement, against):
    assert contradicts(quotes, statement) is against


def test_the_summary_gives_rates_intervals_and_the_confusion():
    good = judge(case(), RIGHT)
    bad = replace(good, right=False, unsupported=("$1",))
    result = summarise([good] * 3 + [bad])
    low, high = result.measures["right"].interval
    assert result.measures["right"].value == 0.75 and low < 0.75 < high
    assert result.figures_unsupported == 1
    assert result.confusion["figure"]["right"] == 3 and result.confusion["figure"]["wrong"] == 1


@pytest.mark.parametrize(
    ("said", "passage", "held"),
    [
        ("相差0.067美元（0.165美元－0.098美元）。", "It sold for 9.8 US cents, against 16.5 cents.", True),
        ("At 11.2 euro cents, against 7.9.", "Orla | 11.2 euro cents\n\nTamar | 7.9 euro cents", True),
        ("At 11.2 euro.", "Orla | 11.2 euro cents", False),
        ("It paid out 96.4 pence.", "It paid out £0.964.", True),
        ("The phase 3 trial runs.", "目前處於第三期臨床試驗。", True),
    ],
)
def test_the_judge_reads_hundredths_of_money_and_ordinals(said, passage, held):
    assert (unsupported(said, passage) == []) is held
