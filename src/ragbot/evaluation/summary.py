"""A run in numbers: each measure with its interval, over all rows and by kind, language, segment and document."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ragbot.evaluation.measures import MEASURES
from ragbot.evaluation.scoring import Verdict
from ragbot.evaluation.statistics import Estimate, estimate, percentile

GROUPS: dict[str, Callable[[Verdict], Iterable[str]]] = {
    "kind": lambda v: [v.kind] if v.kind else [],
    "language": lambda v: [v.language],
    "segment": lambda v: [v.segment] if v.segment else [],
    "document": lambda v: v.documents,
}
GROUPED = ("correct", "right", "refused", "citation_precision", "statements_supported", "language_right", "hit@5")
"""Measures that are also shown by group."""

STAGES = ("retrieve_ms", "first_token_ms", "total_ms")


@dataclass(frozen=True, slots=True)
class Summary:
    """`groups`: measures by group and value, such as groups["language"]["zh"]["right"].

    `latency`: milliseconds by stage, p50 and p95. `confusion`: counts of outcomes by kind.
    """

    rows: int
    failed: int
    measures: dict[str, Estimate]
    groups: dict[str, dict[str, dict[str, Estimate]]]
    latency: dict[str, dict[str, float | None]]
    tokens: float | None
    figures: int
    figures_unsupported: int
    confusion: dict[str, dict[str, int]]


def summarise(verdicts: Sequence[Verdict]) -> Summary:
    """All numbers of a run."""
    answered = [verdict for verdict in verdicts if not verdict.failed]
    kinds = dict.fromkeys(verdict.kind for verdict in verdicts)
    return Summary(
        rows=len(verdicts),
        failed=len(verdicts) - len(answered),
        measures={name: _estimate(name, verdicts) for name in MEASURES},
        groups={name: _by_group(verdicts, groups) for name, groups in GROUPS.items()},
        latency={stage: _latency(stage, answered) for stage in STAGES},
        tokens=percentile([verdict.tokens for verdict in answered], 50),
        figures=sum(verdict.figures for verdict in verdicts),
        figures_unsupported=sum(len(verdict.unsupported) for verdict in verdicts),
        confusion={kind: _confusion([v for v in verdicts if v.kind == kind]) for kind in kinds},
    )


def _estimate(name: str, verdicts: Sequence[Verdict]) -> Estimate:
    return estimate([MEASURES[name].part(verdict) for verdict in verdicts])


def _by_group(
    verdicts: Sequence[Verdict], groups: Callable[[Verdict], Iterable[str]]
) -> dict[str, dict[str, Estimate]]:
    values = dict.fromkeys(value for verdict in verdicts for value in groups(verdict))
    members = {value: [verdict for verdict in verdicts if value in groups(verdict)] for value in values}
    return {value: {name: _estimate(name, some) for name in GROUPED} for value, some in members.items()}


def _latency(stage: str, verdicts: Sequence[Verdict]) -> dict[str, float | None]:
    times = [verdict.stages[stage] for verdict in verdicts if stage in verdict.stages]
    return {"p50": percentile(times, 50), "p95": percentile(times, 95)}


def _confusion(verdicts: Sequence[Verdict]) -> dict[str, int]:
    """Answerable rows are right, wrong or refused; the others are refused or answered."""
    can = [v for v in verdicts if v.answerable]
    cannot = [v for v in verdicts if not v.answerable]
    return {
        "right": sum(v.right for v in can),
        "wrong": sum(not v.right and not v.refused for v in can),
        "refused_answerable": sum(v.refused for v in can),
        "refused_unanswerable": sum(v.refused for v in cannot),
        "answered_unanswerable": sum(not v.refused for v in cannot),
    }
