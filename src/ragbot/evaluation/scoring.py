"""One answer against its test-set row: everything that is counted, and in words what is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ragbot.evaluation.answer_metrics import (
    exact_match,
    fact_found,
    figure_precision,
    figure_recall,
    plain,
    token_f1,
)
from ragbot.evaluation.cases import Case
from ragbot.evaluation.citation_metrics import evidence_cited, judge_statements
from ragbot.evaluation.numbers import numbers, unsupported
from ragbot.evaluation.retrieval_metrics import evidence_metrics, passage_metrics
from ragbot.evaluation.wording import language_of
from ragbot.language import tokens

Row = dict[str, Any]
"""An answer row as `ragbot.rows` writes it, with what `ragbot.evaluation.runner` adds."""


@dataclass(frozen=True)
class Verdict:
    """What one answer was worth. Counts come as how many and of how many; times are milliseconds.

    `exact`, `f1`: None where there is nothing to compare with. `retrieval`: empty where no gold passage is indexed.
    """

    id: str | int
    kind: str
    language: str
    segment: str
    documents: tuple[str, ...]
    answerable: bool
    refused: bool
    failed: bool
    right: bool
    facts: int = 0
    missing: tuple[str, ...] = ()
    gold_figures: tuple[int, int] = (0, 0)
    figures_right: tuple[int, int] = (0, 0)
    figures: int = 0
    unsupported: tuple[str, ...] = ()
    citations: int = 0
    citations_right: int = 0
    gold_cited: tuple[int, int] = (0, 0)
    statements: int = 0
    statements_cited: int = 0
    statements_supported: int = 0
    loose: tuple[str, ...] = ()
    language_right: bool = True
    exact: float | None = None
    f1: float | None = None
    retrieval: dict[str, float] = field(default_factory=dict)
    stages: dict[str, int] = field(default_factory=dict)
    tokens: int = 0

    @property
    def answered(self) -> bool:
        return not self.refused and not self.failed

    @property
    def milliseconds(self) -> int:
        return self.stages.get("total_ms", 0)


def judge(case: Case, row: Row) -> Verdict:
    """A row against an answer row. `row["passages"]`: what each citation stands in, else its quote."""
    text, failed = row["answer"], bool(row.get("error"))
    refused = bool(row["refused"]) and not failed
    answered = not refused and not failed
    missing = tuple(fact for fact in case.facts if not (answered and fact_found(fact, text)))
    common = {
        "id": case.id,
        "kind": case.kind,
        "language": case.language,
        "segment": case.segment,
        "documents": tuple(dict.fromkeys(place["document"] for place in row.get("gold", []))),
        "answerable": case.answerable,
        "refused": refused,
        "failed": failed,
        "right": answered and not missing if case.answerable else refused,
        "facts": len(case.facts),
        "missing": missing,
        "gold_figures": figure_recall(text if answered else "", case.facts),
        "language_right": language_of(text) in (case.language, None),
        "retrieval": _retrieval(row),
        "stages": row["timings"],
        "tokens": tokens(text),
        **_likeness(case, row, answered),
    }
    return Verdict(**common, **(_judge_text(case, row) if answered else {}))


def _likeness(case: Case, row: Row, answered: bool) -> dict[str, float]:
    """Exact match and F1 where answers are short, or are measured by short ones; a missing answer is worth 0."""
    references = case.references or ((case.answer,) if case.answer and "short" in row else ())
    if not case.answerable or not references:
        return {}
    said = plain(str(row.get("short", row["answer"]))) if answered else ""
    return {
        "exact": exact_match(said, references, case.language),
        "f1": token_f1(said, references, case.language),
    }


def _retrieval(row: Row) -> dict[str, float]:
    if not row.get("gold"):
        return {}
    ranking = [passage["id"] for passage in row["retrieved"]]
    items: dict[int, set[int]] = {}
    for place in row["gold"]:
        items.setdefault(place["item"], set()).update(place["passages"])
    return evidence_metrics(ranking, list(items.values())) | passage_metrics(ranking, set().union(*items.values()))


def _judge_text(case: Case, row: Row) -> dict[str, Any]:
    """What the text itself says and cites."""
    text, citations = row["answer"], row["citations"]
    quotes = [citation["quote"] for citation in citations]
    said = judge_statements(case, text, citations)
    gold = "\n".join([case.answer, *case.facts, *case.quotes])
    held = "\n".join(row.get("passages") or quotes)
    marks = [mark for statement in said for mark in statement.in_place]
    return {
        "figures_right": figure_precision(text, gold, case.asked) if case.facts else (0, 0),
        "figures": len(numbers(text)),
        "unsupported": tuple(number.text for number in unsupported(text, held, case.asked)),
        "citations": len(marks),
        "citations_right": sum(marks),
        "gold_cited": (evidence_cited(case, quotes), len(case.evidence)),
        "statements": len(said),
        "statements_cited": sum(bool(statement.in_place) for statement in said),
        "statements_supported": sum(statement.supported for statement in said),
        "loose": tuple(statement.text for statement in said if not statement.supported),
    }


REASONS: dict[str, tuple[str, str]] = {
    "failed": ("没有答成：{what}", "no answer: {what}"),
    "missing": ("缺少事实：{what}", "facts missing: {what}"),
    "refused": ("有答案却拒答", "refused, though the documents hold it"),
    "answered": ("本应拒答", "answered what should be refused"),
    "unsupported": ("所引段落中没有的数字：{what}", "figures that the cited passages do not hold: {what}"),
    "citation": ("引用不当：{what}", "citations out of place: {what}"),
    "uncited": ("没有引用的语句：{what}", "statements without citation: {what}"),
    "loose": ("没有依据的语句：{what}", "statements without support: {what}"),
    "language": ("语言不对", "the wrong language"),
}
"""Why a row is not as it should be, Chinese beside English."""


def reasons(verdict: Verdict, error: str = "") -> list[tuple[str, str]]:
    """Why a row is not as it should be: names of `REASONS`, each with what it is about."""
    v = verdict
    found = [
        ("failed", error) if v.failed else None,
        ("missing", ", ".join(v.missing)) if v.answerable and v.answered and v.missing else None,
        ("refused", "") if v.answerable and v.refused else None,
        ("answered", "") if not v.answerable and v.answered else None,
        ("unsupported", ", ".join(v.unsupported)) if v.unsupported else None,
        ("citation", f"{v.citations - v.citations_right}/{v.citations}") if v.citations_right < v.citations else None,
        ("uncited", str(v.statements - v.statements_cited)) if v.statements_cited < v.statements else None,
        ("loose", " ".join(v.loose)) if v.loose else None,
        ("language", "") if not v.language_right else None,
    ]
    return [reason for reason in found if reason]


def faults(verdicts: Sequence[Verdict]) -> list[dict[str, Any]]:
    """Each row that is not as it should be, and why, in English."""
    found = [(verdict.id, reasons(verdict)) for verdict in verdicts]
    return [
        {"id": id_, "why": "; ".join(REASONS[name][1].format(what=what) for name, what in why)}
        for id_, why in found
        if why
    ]
