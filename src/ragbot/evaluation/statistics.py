"""How much a number can be trusted: bootstrap intervals, and tests of two runs over the same questions."""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

CONFIDENCE = 0.95
RESAMPLES = 2000
_SEED = 1
_FEWEST = 2  # rows, to resample at all

Outcome = Literal["better", "worse", "no difference shown"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A rate with its 95% interval over `rows` rows; None where no row concerns it."""

    value: float | None
    interval: tuple[float, float] | None
    rows: int


@dataclass(frozen=True, slots=True)
class Difference:
    """After minus before over the rows of both; `p` before any correction for testing several measures at once."""

    before: float
    after: float
    interval: tuple[float, float]
    p: float
    rows: int
    gained: int
    lost: int


def estimate(parts: Sequence[tuple[float, float]]) -> Estimate:
    """The rate of parts (above, below the line) and its percentile bootstrap interval over rows (Efron 1979).

    Where every row is wholly right, or none is, or there is but one, resampling sees no doubt at all; the exact
    interval of Clopper and Pearson (1934) over the rows takes its place.
    """
    above, below = _concerned(parts)
    rows = len(below)
    if not rows:
        return Estimate(None, None, 0)
    value = float(above.sum() / below.sum())
    if rows < _FEWEST or value in (0.0, 1.0):
        return Estimate(value, _exact(round(value * rows), rows), rows)
    return Estimate(value, _bounds(_resampled(_rate, above, below)), rows)


def compare(
    before: Sequence[tuple[float, float]], after: Sequence[tuple[float, float]], yes_no: bool
) -> Difference | None:
    """Two runs row by row: the difference of their rates with its paired bootstrap interval, and a p-value.

    The p-value is McNemar's exact one (1947) for a yes-or-no measure, else the paired bootstrap's. None where a run
    has no row that the measure concerns.
    """
    pairs = [[*a, *b] for a, b in zip(before, after, strict=True) if a[1] or b[1]]
    columns = np.array(pairs, dtype=float).reshape(-1, 4).T
    above, below, above_after, below_after = columns
    if len(pairs) < _FEWEST or not below.sum() or not below_after.sum():
        return None
    resampled = _resampled(_rate_change, *columns)
    sign = above_after * below - above * below_after  # which run is better on the row
    gained, lost = int((sign > 0).sum()), int((sign < 0).sum())
    p = mcnemar(gained, lost) if yes_no else _bootstrap_p(resampled)
    rates = float(_rate(above, below)), float(_rate(above_after, below_after))
    return Difference(*rates, _bounds(resampled), p, len(pairs), gained, lost)


def mcnemar(gained: int, lost: int) -> float:
    """The exact two-sided p-value of McNemar's test: gains and losses are equally likely if nothing changed."""
    from scipy.stats import binomtest

    return float(binomtest(gained, gained + lost).pvalue) if gained + lost else 1.0


def outcome(difference: Difference, p: float, lower_is_better: bool = False) -> Outcome:
    """In words, at the 5% level: both the p-value and the interval must speak against chance."""
    low, high = difference.interval
    if p >= 1 - CONFIDENCE or low <= 0 <= high:
        return "no difference shown"
    return "better" if (low > 0) != lower_is_better else "worse"


def holm(values: Sequence[float]) -> list[float]:
    """p-values corrected for being several (Holm 1979), in the order given."""
    corrected, highest = [0.0] * len(values), 0.0
    for rank, at in enumerate(sorted(range(len(values)), key=values.__getitem__)):
        highest = max(highest, min(1.0, values[at] * (len(values) - rank)))
        corrected[at] = highest
    return corrected


def kappa(a: Sequence[bool], b: Sequence[bool]) -> float | None:
    """Cohen's kappa (1960): agreement of two judges beyond chance; None where chance alone explains all or nothing."""
    if not a:
        return None
    agreed = sum(x == y for x, y in zip(a, b, strict=True)) / len(a)
    yes_a, yes_b = sum(a) / len(a), sum(b) / len(b)
    chance = yes_a * yes_b + (1 - yes_a) * (1 - yes_b)
    return None if chance == 1 else (agreed - chance) / (1 - chance)


def percentile(values: Sequence[float], at: float) -> float | None:
    """The at-th percentile, linearly interpolated."""
    return float(np.percentile(values, at)) if values else None


def _concerned(parts: Sequence[tuple[float, float]]) -> tuple[np.ndarray, np.ndarray]:
    table = np.array([part for part in parts if part[1]], dtype=float).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def _rate(above: np.ndarray, below: np.ndarray, axis: int = -1) -> np.ndarray:
    """The rate along an axis; NaN where no row of a resample is concerned."""
    whole = np.sum(below, axis=axis)
    return np.divide(np.sum(above, axis=axis), whole, out=np.full(np.shape(whole), np.nan), where=whole > 0)


def _rate_change(
    above: np.ndarray, below: np.ndarray, above_after: np.ndarray, below_after: np.ndarray, axis: int = -1
) -> np.ndarray:
    return _rate(above_after, below_after, axis) - _rate(above, below, axis)


def _resampled(statistic: Callable[..., np.ndarray], *columns: np.ndarray) -> np.ndarray:
    """A statistic of each resample of the rows; the seed is fixed so that a report can be made again."""
    from scipy.stats import DegenerateDataWarning, bootstrap

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DegenerateDataWarning)  # resamples without a row concerned are left out below
        found = bootstrap(
            columns, statistic, n_resamples=RESAMPLES, paired=True, vectorized=True, method="percentile", rng=_SEED
        ).bootstrap_distribution
    return found[~np.isnan(found)]


def _bounds(values: np.ndarray) -> tuple[float, float]:
    tail = 100 * (1 - CONFIDENCE) / 2
    low, high = np.percentile(values, [tail, 100 - tail])
    return float(low), float(high)


def _exact(hits: int, rows: int) -> tuple[float, float]:
    from scipy.stats import binomtest

    found = binomtest(hits, rows).proportion_ci(CONFIDENCE, method="exact")
    return float(found.low), float(found.high)


def _bootstrap_p(differences: np.ndarray) -> float:
    """Twice the smaller share of resamples on either side of no difference."""
    count = len(differences) + 1
    return float(min(1.0, 2 * min((differences <= 0).sum() + 1, (differences >= 0).sum() + 1) / count))
