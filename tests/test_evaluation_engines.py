"""Engines broken on purpose, around a real assistant: each loses the measures of its fault, and no other."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

import pytest
from conftest import ROOT

from ragbot.assistant import Assistant, Chat
from ragbot.evaluation import Case, evaluate, read_cases
from ragbot.evaluation.answer_metrics import fact_found
from ragbot.evaluation.measures import MEASURES
from ragbot.evaluation.wording import language_of
from ragbot.schema import Answer, Citation

TESTSET = ROOT / "tests" / "testsets" / "ai-value-chain.jsonl"
QUESTIONS = 44  # two of each kind and language
NOISE = 0.05
FIGURE = re.compile(r"\d+(?:[.,]\d+)*(?!\])")


class Bent:
    """A real assistant whose answers are bent before anyone sees them; what it was asked before, it remembers."""

    remembered: ClassVar[dict[tuple[str, ...], Answer]] = {}

    def __init__(self, assistant: Assistant, bend: Callable[[Answer], Answer]) -> None:
        self._assistant = assistant
        self._bend = bend

    def __getattr__(self, name):
        return getattr(self._assistant, name)

    def chat(self) -> Chat:
        return Chat(self)

    def ask(self, question, history=()):
        asked = (*(exchange.question for exchange in history), question)
        if asked not in self.remembered:
            self.remembered[asked] = self._assistant.ask(question, history)
        return self._bend(self.remembered[asked])


class Shuffle:
    """Gives each statement another's passage: of the same answer if it has several, else of the answer before."""

    def __init__(self):
        self.before: Citation | None = None

    def __call__(self, answer: Answer) -> Answer:
        if not answer.citations:
            return answer
        quotes = [*answer.citations[1:], answer.citations[0]]
        if len(quotes) == 1 and self.before:
            quotes = [self.before]
        self.before = answer.citations[0]
        numbers = [citation.number for citation in answer.citations]
        shuffled = tuple(replace(quote, number=number) for quote, number in zip(quotes, numbers, strict=True))
        return replace(answer, citations=shuffled)


def figures_times_ten(answer: Answer) -> Answer:
    if answer.refused:
        return answer
    return replace(answer, text=FIGURE.sub(lambda match: f"{float(match[0].replace(',', '')) * 10:.10g}", answer.text))


def always_answers(answer: Answer) -> Answer:
    if not answer.refused or not answer.evidence:
        return answer
    passage, best = answer.evidence[0].passage, answer.evidence[0].sentences[0]
    citation = Citation(1, passage.document, passage.title, passage.segment, best.text, best.start, best.end)
    return replace(answer, refused=False, text=f"{best.text} [1]", citations=(citation,))


def always_refuses(answer: Answer) -> Answer:
    text = "文档中没有这个问题的答案。" if answer.language == "zh" else "The documents do not hold an answer to this."
    return replace(answer, refused=True, text=text, citations=(), figures=())


def in_the_other_language(answer: Answer) -> Answer:
    """Each statement as the question's gold evidence puts it in the other language, under the same citation."""
    if answer.refused:
        text = "文档中没有答案。" if answer.language == "en" else "The documents do not hold an answer."
        return replace(answer, text=text)
    case = next((case for case in read_cases(TESTSET) if case.question == answer.question), None)
    if case is None:
        return answer
    said = [_foreign(case, citation.quote) for citation in answer.citations]
    text = "\n".join(f"{side} [{cited.number}]." for side, cited in zip(said, answer.citations, strict=True))
    faithful = all(said) and all(fact_found(fact, text) for fact in case.facts if fact_found(fact, answer.text))
    return replace(answer, text=text) if text and faithful else answer


def _foreign(case: Case, quote: str) -> str:
    """The other side of the evidence that stands in the quote; empty where none does."""
    items = [item for item in case.evidence if any(side.rstrip("。.") in quote for side in item)]
    sides = [side.rstrip("。.") for item in items for side in item if language_of(side) != language_of(quote)]
    return "; ".join(sides)


@pytest.fixture(scope="module")
def rates(extractor, tmp_path_factory):
    """Measure an engine: each rate that is measured, turned so that higher is better."""
    folder = tmp_path_factory.mktemp("engines")
    known: dict[str, dict[str, float]] = {}

    def measure(bend: Callable[[Answer], Answer] | None) -> dict[str, float]:
        name = str(bend)
        if name not in known:
            engine = Bent(extractor, bend or (lambda answer: answer))
            found = evaluate(TESTSET, engine, out=folder / str(len(known)), limit=QUESTIONS).summary.measures
            signed = {key: -1 if MEASURES[key].lower_is_better else 1 for key in found}
            known[name] = {key: signed[key] * rate.value for key, rate in found.items() if rate.value is not None}
        return known[name]

    return measure


BROKEN = {
    "citations shuffled": (
        Shuffle(),
        {"citation_precision", "citation_recall", "statements_supported", "figures_supported"},
    ),
    "figures times ten": (
        figures_times_ten,
        {"correct", "right", "facts_found", "figure_precision", "figure_recall", "figures_supported",
         "statements_supported"},
    ),
    "always answers": (always_answers, {"correct", "refused", "refusal_f1"}),
    "always refuses": (
        always_refuses,
        {"correct", "right", "facts_found", "figure_recall", "refusal_precision", "refusal_f1", "answerable_refused"},
    ),
    "the wrong language": (in_the_other_language, {"language_right"}),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_engine_loses_what_it_breaks_and_nothing_else(rates, name):
    bend, expected = BROKEN[name]
    sound, broken = rates(None), rates(bend)
    lost = {key: sound[key] - broken[key] for key in sound if key in broken and sound[key] - broken[key] > NOISE}
    assert lost.keys() == expected, lost
