"""The test sets that ship: well formed, balanced, and true to their documents."""

import json
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from ragbot.documents.files import find_files, read
from ragbot.evaluation.answer_metrics import fact_found, is_figure
from ragbot.evaluation.cases import Case, check
from ragbot.evaluation.scoring import faults, judge
from ragbot.evaluation.wording import language_of

ROOT = Path(__file__).parents[1]
TESTSETS = Path(__file__).parent / "testsets"
DOCUMENTS = {
    "ai-value-chain": ROOT / "corpus",
    "other": TESTSETS / "other",
    "heldout": TESTSETS / "heldout",
    "unseen": TESTSETS / "unseen",
    "blind": TESTSETS / "blind",
    "fresh": TESTSETS / "fresh",
    "sealed": TESTSETS / "sealed",
    "veiled": TESTSETS / "veiled",
    "covert": TESTSETS / "covert",
}
KINDS = {
    "ai-value-chain": {"figure": 20, "why": 15, "fact": 20, "compare": 10, "derived": 15, "variant": 20, "alias": 15,
                       "false_premise": 15, "unanswerable": 45, "off_topic": 15, "follow_up": 20},
    "other": {"figure": 20, "why": 5, "fact": 8, "compare": 5, "derived": 5, "variant": 5, "false_premise": 4,
              "unanswerable": 20, "off_topic": 5, "follow_up": 6, "contradiction": 2},
    "heldout": {"figure": 30, "why": 15, "fact": 15, "compare": 12, "derived": 12, "variant": 12, "alias": 8,
                "false_premise": 12, "unanswerable": 50, "off_topic": 10, "follow_up": 15, "contradiction": 4},
    "unseen": {"figure": 20, "why": 8, "fact": 10, "compare": 6, "derived": 5, "variant": 5, "alias": 3,
               "false_premise": 4, "unanswerable": 12, "off_topic": 3, "follow_up": 3, "contradiction": 1},
    "blind": {"figure": 20, "why": 8, "fact": 10, "compare": 6, "derived": 5, "variant": 5, "alias": 3,
              "false_premise": 4, "unanswerable": 12, "off_topic": 3, "follow_up": 3, "contradiction": 1},
    "fresh": {"figure": 20, "why": 8, "fact": 10, "compare": 6, "derived": 5, "variant": 5, "alias": 3,
              "false_premise": 4, "unanswerable": 12, "off_topic": 3, "follow_up": 3, "contradiction": 1},
    "sealed": {"figure": 12, "why": 8, "fact": 10, "compare": 6, "derived": 6, "variant": 6, "alias": 4,
               "false_premise": 4, "unanswerable": 12, "off_topic": 3, "follow_up": 4, "contradiction": 1},
    "veiled": {"figure": 11, "why": 6, "fact": 7, "compare": 4, "derived": 4, "variant": 4, "alias": 4,
               "false_premise": 4, "unanswerable": 10, "off_topic": 2, "follow_up": 4},
    "covert": {"figure": 16, "why": 8, "fact": 6, "compare": 4, "derived": 4, "variant": 4, "alias": 2,
               "false_premise": 4, "unanswerable": 9, "off_topic": 1, "follow_up": 2},
}  # fmt: skip
COMPUTED = {"derived", "compare"}


@cache
def rows(name):
    return [json.loads(line) for line in (TESTSETS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


@cache
def texts(name):
    root, files = find_files(DOCUMENTS[name])
    return [read(file, root).text for file in files]


sets = pytest.mark.parametrize("name", DOCUMENTS)


@sets
def test_every_row_has_the_same_fields_and_an_id_of_its_own(name):
    fields = "id question answer facts segment evidence answerable history kind language".split()
    assert all(list(row) == fields for row in rows(name))
    assert len({row["id"] for row in rows(name)}) == len(rows(name))
    assert len({(row["question"], *row["history"]) for row in rows(name)}) == len(rows(name))


@sets
def test_both_languages_are_about_half(name):
    chinese = sum(row["language"] == "zh" for row in rows(name))
    assert 0.45 <= chinese / len(rows(name)) <= 0.55


@sets
def test_every_kind_is_there_in_number(name):
    counts = Counter(row["kind"] for row in rows(name))
    assert counts.keys() == KINDS[name].keys()
    assert all(counts[kind] >= least for kind, least in KINDS[name].items())


@sets
def test_every_quote_stands_in_a_document(name):
    quotes = [quote for row in rows(name) for item in row["evidence"] for quote in item]
    assert [quote for quote in quotes if not any(quote in text for text in texts(name))] == []


@sets
def test_every_figure_stands_in_its_evidence(name):
    astray = [
        (row["id"], fact)
        for row in rows(name)
        for fact in row["facts"]
        if row["kind"] not in COMPUTED
        and is_figure(fact)
        and not any(fact_found(fact, quote) for item in row["evidence"] for quote in item)
    ]
    assert astray == []


@sets
def test_the_model_answer_holds_every_fact(name):
    assert [
        (row["id"], fact) for row in rows(name) for fact in row["facts"] if not fact_found(fact, row["answer"])
    ] == []


@sets
def test_the_judge_finds_no_fault_with_the_model_answers(name):
    assert faults([judge(Case.model_validate(row), _model_answer(row)) for row in rows(name)]) == []


@sets
def test_the_check_has_nothing_to_remark(name):
    assert check(TESTSETS / f"{name}.jsonl", texts(name))[1] == []


def _model_answer(row):
    """The row's own answer, citing its evidence in the row's language where there is a choice."""
    chosen = [min(item, key=lambda quote: language_of(quote) != row["language"]) for item in row["evidence"]]
    marks = "".join(f" [{number}]" for number, _ in enumerate(chosen, 1))
    return {
        "answer": row["answer"].rstrip("。.") + marks + "。",
        "refused": not row["answerable"],
        "citations": [{"number": number, "quote": quote} for number, quote in enumerate(chosen, 1)],
        "timings": {"total_ms": 0},
    }


@sets
def test_only_answerable_rows_have_facts_and_evidence(name):
    for row in rows(name):
        assert bool(row["facts"]) == bool(row["evidence"]) == row["answerable"], row["id"]
        assert row["kind"] not in ("unanswerable", "off_topic") or not row["answerable"], row["id"]
