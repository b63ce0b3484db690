"""The measures of a run. Each is a sum over rows divided by another, so that one rule resamples them all."""

from collections.abc import Callable
from dataclasses import dataclass

from ragbot.evaluation.scoring import Verdict

Part = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Measure:
    """`part`: what a row adds above and below the line; (0, 0) for a row that it does not concern.

    `group`: which fault it is meant to show. `yes_no`: each row is simply right or not, so that McNemar's test applies.
    """

    name: str
    group: str
    part: Callable[[Verdict], Part]
    yes_no: bool = False
    lower_is_better: bool = False


def _flag(applies: Callable[[Verdict], bool], flag: Callable[[Verdict], bool]) -> Callable[[Verdict], Part]:
    return lambda v: (float(flag(v)), 1.0) if applies(v) else (0.0, 0.0)


def _ratio(applies: Callable[[Verdict], bool], part: Callable[[Verdict], tuple[int, int]]) -> Callable[[Verdict], Part]:
    return lambda v: tuple(map(float, part(v))) if applies(v) else (0.0, 0.0)  # type: ignore[return-value]


def _value(value: Callable[[Verdict], float | None]) -> Callable[[Verdict], Part]:
    return lambda v: (0.0, 0.0) if (found := value(v)) is None else (float(found), 1.0)


def _refusal_f1(v: Verdict) -> Part:
    """2TP / (2TP + FP + FN), a refusal being right where the documents are silent."""
    hit = v.refused and not v.answerable
    return 2.0 * hit, 2.0 * hit + (v.refused and v.answerable) + (v.answered and not v.answerable)


def _judged(v: Verdict) -> bool:
    return v.answerable and bool(v.facts)


def _retrieved(name: str) -> Measure:
    return Measure(name, "retrieval", _value(lambda v: v.retrieval.get(name)), yes_no=name.startswith("hit@"))


_MEASURES = (
    Measure("correct", "answers", _flag(lambda v: bool(v.facts) or not v.answerable, lambda v: v.right), yes_no=True),
    Measure("right", "answers", _flag(_judged, lambda v: v.right), yes_no=True),
    Measure("facts_found", "answers", _value(lambda v: 1 - len(v.missing) / v.facts if _judged(v) else None)),
    Measure("exact_match", "answers", _value(lambda v: v.exact)),
    Measure("token_f1", "answers", _value(lambda v: v.f1)),
    Measure("refused", "refusals", _flag(lambda v: not v.answerable, lambda v: v.refused), yes_no=True),
    Measure("refusal_precision", "refusals", _flag(lambda v: v.refused, lambda v: not v.answerable)),
    Measure("refusal_f1", "refusals", _refusal_f1),
    Measure(
        "answerable_refused", "refusals", _flag(lambda v: v.answerable, lambda v: v.refused), True, lower_is_better=True
    ),
    Measure("figure_precision", "figures", _ratio(lambda v: v.answerable, lambda v: v.figures_right)),
    Measure("figure_recall", "figures", _ratio(_judged, lambda v: v.gold_figures)),
    Measure(
        "figures_supported", "figures", _ratio(lambda v: True, lambda v: (v.figures - len(v.unsupported), v.figures))
    ),
    Measure("citation_precision", "citations", _ratio(lambda v: True, lambda v: (v.citations_right, v.citations))),
    Measure("citation_recall", "citations", _ratio(lambda v: True, lambda v: v.gold_cited)),
    Measure("statements_cited", "citations", _ratio(lambda v: True, lambda v: (v.statements_cited, v.statements))),
    Measure(
        "statements_supported", "citations", _ratio(lambda v: True, lambda v: (v.statements_supported, v.statements))
    ),
    Measure("language_right", "language", _flag(lambda v: not v.failed, lambda v: v.language_right), yes_no=True),
    *map(_retrieved, ("hit@1", "hit@5", "hit@10", "recall@5", "recall@10", "MRR@10", "nDCG@10")),
    *map(_retrieved, ("passage_recall@10", "passage_nDCG@10")),
)
MEASURES = {measure.name: measure for measure in _MEASURES}
"""By name, in the order in which they are shown. `correct`: right if there is an answer, refused if there is none."""
