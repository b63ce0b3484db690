"""The measures against values worked by hand from their published definitions, and the statistics against theirs."""

import math
import random
from dataclasses import replace

import pytest

from ragbot.evaluation.answer_metrics import cmrc_pieces, exact_match, figure_precision, figure_recall, token_f1
from ragbot.evaluation.cases import Case
from ragbot.evaluation.comparison import compare_runs
from ragbot.evaluation.exports import as_csv, for_deepeval, for_ragas
from ragbot.evaluation.retrieval_metrics import evidence_metrics, passage_metrics
from ragbot.evaluation.runner import failed_row
from ragbot.evaluation.scoring import Verdict, judge
from ragbot.evaluation.statistics import estimate, holm, kappa, mcnemar
from ragbot.evaluation.summary import summarise
from ragbot.evaluation.thresholds import read_thresholds, shortfalls

SECOND, FOURTH = 1 / math.log2(3), 1 / math.log2(5)  # what a hit at rank 2 and 4 adds to a DCG


def verdict(**changes) -> Verdict:
    plain = {"kind": "figure", "language": "en", "segment": "", "documents": (), "answerable": True, "refused": False}
    return Verdict(**{"id": 1, "failed": False, "right": True, "facts": 1, **plain, **changes})


# retrieval


def test_evidence_found_at_ranks_two_and_four():
    found = evidence_metrics([7, 3, 9, 1], [{3}, {1, 2}])
    assert found["hit@1"] == 0 and found["hit@5"] == found["recall@5"] == found["recall@10"] == 1
    assert found["MRR@10"] == pytest.approx(0.5, abs=1e-6)
    assert found["nDCG@10"] == pytest.approx((SECOND + FOURTH) / (1 + SECOND), abs=1e-6)


def test_the_same_evidence_in_a_second_language_is_no_second_thing_to_find():
    assert evidence_metrics([1, 2, 5], [{1, 2}])["nDCG@10"] == 1
    assert passage_metrics([1, 5, 7], {1, 2})["passage_recall@10"] == 0.5


def test_passages_are_wanted_one_by_one():
    found = passage_metrics([7, 3, 9, 1], {1, 2, 3})
    assert found["passage_recall@10"] == pytest.approx(2 / 3, abs=1e-6)
    assert found["passage_nDCG@10"] == pytest.approx((SECOND + FOURTH) / (1 + SECOND + 1 / 2), abs=1e-6)


def test_the_tenth_place_counts_and_the_eleventh_does_not():
    assert evidence_metrics(range(1, 12), [{10}])["MRR@10"] == pytest.approx(0.1, abs=1e-6)
    assert set(evidence_metrics(range(1, 12), [{11}]).values()) == {0.0}


def test_nothing_found_is_worth_nothing_and_not_left_out():
    assert set(evidence_metrics([], [{1}]).values()) == {0.0}


# exact match and F1


@pytest.mark.parametrize(
    ("said", "references", "exact", "f1"),
    [
        ("The Norman Conquest!", ["norman conquest"], 1, 1),
        ("in the year 1066", ["1066"], 0, 2 * 1 / (3 + 1)),
        ("Denver Broncos", ["the Broncos", "Carolina"], 0, 2 / 3),
        ("to be or not to be", ["be be be"], 0, 2 * 2 / (6 + 3)),
        ("$30.8 billion", ["308 billion"], 1, 1),  # the rule takes the point out, so that it must not be trusted alone
        ("", ["1066"], 0, 0),
    ],
)
def test_english_answers_by_the_rule_of_squad(said, references, exact, f1):
    assert exact_match(said, references, "en") == exact
    assert token_f1(said, references, "en") == pytest.approx(f1, abs=1e-6)


@pytest.mark.parametrize(
    ("said", "references", "exact", "f1"),
    [
        ("《战国无双3》", ["战国无双3"], 1, 1),
        ("1990年的10月3日", ["1990年10月3日"], 0, 2 * 4 / (7 + 6)),  # the longest common run: 10月3日
        ("光荣和ω-force", ["光荣"], 0, 2 * 2 / (2 + 4)),
        ("微软", ["谷歌", "微软公司"], 0, 2 * 2 / (2 + 4)),
        ("", ["微软"], 0, 0),
    ],
)
def test_chinese_answers_by_the_rule_of_cmrc_2018(said, references, exact, f1):
    assert exact_match(said, references, "zh") == exact
    assert token_f1(said, references, "zh") == pytest.approx(f1, abs=1e-6)


def test_a_word_or_figure_within_chinese_is_one_piece():
    assert cmrc_pieces("英伟达H100卖了308.5亿，GPT-4。") == [
        "英",
        "伟",
        "达",
        "h100",
        "卖",
        "了",
        "308.5",
        "亿",
        "gpt4",
    ]


# figures and refusals


def test_figures_are_right_by_value_whatever_their_unit_or_language():
    gold = "数据中心收入为308亿美元，同比增长112%。"
    assert figure_precision("It was $30.8 billion, up 112%, or 5 million.", gold, "") == (2, 3)
    assert figure_recall("It was $30.8 billion.", ["308亿美元", "112%", "英伟达"]) == (1, 2)


def test_refusals_have_precision_recall_and_f1():
    silent = [verdict(answerable=False, facts=0, refused=n < 3, right=n < 3) for n in range(4)]
    known = [verdict(refused=n < 2, right=n >= 2) for n in range(6)]
    found = {name: rate.value for name, rate in summarise(silent + known).measures.items()}
    assert found["refusal_precision"] == pytest.approx(3 / 5) and found["refused"] == pytest.approx(3 / 4)
    assert found["refusal_f1"] == pytest.approx(2 * 3 / (5 + 4)) and found["answerable_refused"] == pytest.approx(2 / 6)
    assert found["correct"] == pytest.approx(7 / 10) and found["right"] == pytest.approx(4 / 6)


def test_a_figure_that_no_quote_holds_is_not_the_citations_fault():
    case = Case(id=1, question="How much?", facts=["$3"], evidence=["Acme took in $3 million.", "Bolt took in $4."])
    row = {
        "answer": "Acme took in $30 million [1].",
        "refused": False,
        "citations": [{"number": 1, "quote": "Acme took in $3 million."}],
        "timings": {},
    }
    found = judge(case, row)
    assert found.citations_right == found.citations == 1 and found.gold_cited == (1, 2)
    assert found.statements_supported == 0 and found.unsupported == ("$30 million",)


# statistics


def test_an_interval_holds_the_rate_and_narrows_with_more_rows():
    few, many = estimate([(1, 1)] * 8 + [(0, 1)] * 2), estimate([(1, 1)] * 800 + [(0, 1)] * 200)
    assert few.value == many.value == 0.8
    assert few.interval[0] < many.interval[0] < 0.8 < many.interval[1] < few.interval[1]
    assert many.interval == pytest.approx((0.775, 0.825), abs=0.004)  # normal approximation: 0.8 ± 1.96 · 0.01265


def test_ten_of_ten_is_no_certainty():
    assert estimate([(1, 1)] * 10).interval == pytest.approx((0.025 ** (1 / 10), 1))  # Clopper and Pearson


def test_rows_that_a_measure_does_not_concern_are_left_out():
    assert estimate([(0, 0), (1, 1)]).rows == 1
    assert estimate([(0, 0)]).value is None


def test_mcnemar_counts_only_the_rows_that_changed():
    assert mcnemar(10, 2) == pytest.approx(2 * (1 + 12 + 66) / 2**12)
    assert mcnemar(0, 0) == 1


def test_several_tests_at_once_are_corrected():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])


def test_agreement_is_counted_beyond_chance():
    pairs = [(True, True)] * 20 + [(True, False)] * 5 + [(False, True)] * 10 + [(False, False)] * 15
    assert kappa(*zip(*pairs, strict=True)) == pytest.approx(0.4)
    assert kappa([True], [True]) is None


def run_of(chance: random.Random, skill: float, rows: int = 150) -> list[Verdict]:
    """A run in which each question is right by chance, answered well or badly in every other way too."""
    found = []
    for number in range(rows):
        luck = [chance.random() < skill for _ in range(4)]
        common = {"id": number, "right": luck[0], "language_right": luck[1], "facts": 2}
        if number % 5 == 0:
            found.append(verdict(**{**common, "facts": 0}, answerable=False, refused=luck[0]))
        else:
            counts = {"figures": 2, "unsupported": () if luck[2] else ("1",), "citations": 2}
            missing = () if luck[0] else ("a fact",)
            found.append(verdict(**common, **counts, citations_right=1 + luck[3], missing=missing))
    return found


def test_two_runs_that_differ_by_chance_show_no_difference():
    headline = everything = 0
    for seed in range(100):
        chance = random.Random(seed)
        found = compare_runs(run_of(chance, 0.8), run_of(chance, 0.8))
        headline += found.outcome == "no difference shown"
        everything += all(change.outcome == "no difference shown" for change in found.changes.values())
    assert headline >= 95 and everything >= 95


def test_a_real_change_is_called_one_in_its_direction():
    chance = random.Random(1)
    bad, good = run_of(chance, 0.6), run_of(chance, 0.9)
    assert compare_runs(bad, good).outcome == "better" and compare_runs(good, bad).outcome == "worse"
    assert compare_runs(bad, good).changes["right"].outcome == "better"


def test_a_share_that_should_be_low_gets_better_by_falling():
    often = [verdict(id=n, refused=n < 60, right=False) for n in range(100)]
    rarely = [verdict(id=n, refused=n < 5, right=False) for n in range(100)]
    assert compare_runs(often, rarely).changes["answerable_refused"].outcome == "better"


def test_rows_of_one_run_only_are_counted_and_left_out():
    found = compare_runs([verdict(id=1), verdict(id=2)], [replace(verdict(id=2), right=False), verdict(id=3)])
    assert (found.rows, found.unpaired, found.lost) == (1, 2, (2,))


# bounds and exports


def test_a_run_below_its_bounds_says_by_how_much():
    found = summarise([verdict(right=n < 3) for n in range(4)])
    assert shortfalls(read_thresholds("right=0.75"), found) == ""
    assert shortfalls(read_thresholds("right=0.9, refused=0.5"), found) == (
        "right is 0.750, 0.9 was asked for; refused is not measured, 0.5 was asked for"
    )


ROW = {
    "answer": "=1+1 is 2 [1].",
    "refused": False,
    "citations": [{"number": 1, "document": "a.md", "quote": "two"}],
    "retrieved": [{"id": 1, "document": "a.md", "text": "One and one are two."}],
    "timings": {"total_ms": 3},
}


def test_rows_go_out_under_the_names_that_ragas_and_deepeval_read():
    case = Case(id="a", question="How much is 1+1?", answer="2", facts=["2"], evidence=["One and one are two."])
    (sample,), (test_case,) = for_ragas([case], [ROW]), for_deepeval([case], [ROW])
    context = ["One and one are two."]
    assert sample["user_input"] == test_case["input"] == "How much is 1+1?"
    assert sample["response"] == test_case["actual_output"] == ROW["answer"]
    assert sample["reference"] == test_case["expected_output"] == "2"
    assert sample["retrieved_contexts"] == test_case["retrieval_context"] == context


def test_a_spreadsheet_does_not_run_an_answer_as_a_formula():
    case = Case(id="a", question="?", facts=["2"])
    table = as_csv([(case, ROW, judge(case, ROW))])
    assert table.startswith("\ufeffid,") and ",'=1+1 is 2 [1].," in table


def test_a_question_without_answer_counts_as_wrong():
    case = Case(id="a", question="?", facts=["2"], answer="2", references=["2"])
    found = judge(case, failed_row(case, "the model was silent"))
    assert found.failed and not found.right and not found.refused and found.exact == 0
