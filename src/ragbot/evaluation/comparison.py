"""Two runs over the same questions: what changed, and whether chance explains it."""

from collections.abc import Sequence
from dataclasses import dataclass

from ragbot.evaluation.measures import MEASURES
from ragbot.evaluation.scoring import Verdict
from ragbot.evaluation.statistics import Difference, Outcome, compare, holm, outcome

HEADLINE = "correct"


@dataclass(frozen=True, slots=True)
class Change:
    """A measure before and after; `p` is corrected for the number of measures tested together."""

    difference: Difference
    p: float
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Comparison:
    """`outcome`: of the headline measure `correct` alone, which is not corrected. `unpaired`: rows of one run only."""

    outcome: Outcome
    changes: dict[str, Change]
    rows: int
    unpaired: int
    gained: tuple[str | int, ...]
    lost: tuple[str | int, ...]


def compare_runs(before: Sequence[Verdict], after: Sequence[Verdict]) -> Comparison:
    """The rows of both runs in pairs, by id."""
    old = {verdict.id: verdict for verdict in before}
    pairs = [(old[verdict.id], verdict) for verdict in after if verdict.id in old]
    differences = {name: found for name in MEASURES if (found := _difference(name, pairs))}
    corrected = holm([found.p for found in differences.values()])
    changes = {
        name: Change(found, p, outcome(found, p, MEASURES[name].lower_is_better))
        for (name, found), p in zip(differences.items(), corrected, strict=True)
    }
    headline = differences.get(HEADLINE)
    return Comparison(
        outcome=outcome(headline, headline.p) if headline else "no difference shown",
        changes=changes,
        rows=len(pairs),
        unpaired=len(before) + len(after) - 2 * len(pairs),
        gained=tuple(a.id for b, a in pairs if a.right and not b.right),
        lost=tuple(a.id for b, a in pairs if b.right and not a.right),
    )


def _difference(name: str, pairs: Sequence[tuple[Verdict, Verdict]]) -> Difference | None:
    measure = MEASURES[name]
    return compare([measure.part(a) for a, _ in pairs], [measure.part(b) for _, b in pairs], measure.yes_no)
