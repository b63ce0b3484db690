"""A run in the terminal."""

from typing import TYPE_CHECKING

from ragbot.evaluation.measures import MEASURES
from ragbot.evaluation.report.texts import TEXTS
from ragbot.evaluation.statistics import Estimate

if TYPE_CHECKING:
    from rich.table import Table

    from ragbot.evaluation.runner import Evaluation


def percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f}"


def interval(estimate: Estimate) -> str:
    return "–".join(percent(bound) for bound in estimate.interval) if estimate.interval else ""


def headline_table(evaluation: "Evaluation") -> "Table":
    """Every measure that some row concerns, by the name that --fail-under takes; with an earlier run, what changed."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, title=f"{len(evaluation.rows)} questions", title_justify="left")
    table.add_column("percent", no_wrap=True)
    for name in ("value", "95% interval", "rows"):
        table.add_column(name, justify="right")
    changes = evaluation.comparison.changes if evaluation.comparison else {}
    if changes:
        table.add_column("before", justify="right")
        table.add_column("verdict", no_wrap=True)
    group = ""
    for name, estimate in evaluation.summary.measures.items():
        if estimate.value is None:
            continue
        if group and group != MEASURES[name].group:
            table.add_section()
        group = MEASURES[name].group
        cells = [name, percent(estimate.value), interval(estimate), str(estimate.rows)]
        if change := changes.get(name):
            cells += [percent(change.difference.before), change.outcome.removesuffix(" shown")]
        table.add_row(*cells)
    return table


def closing_lines(evaluation: "Evaluation") -> list[str]:
    """Latency, the comparison in words, the second judge, and where the report is."""
    total = evaluation.summary.latency["total_ms"]
    lines = []
    if total["p50"] is not None:
        lines.append(
            f"answer after {total['p50']:,.0f} ms at the median, {total['p95']:,.0f} ms at the 95th percentile"
        )
    if evaluation.summary.failed:
        lines.append(TEXTS["failed_rows"][1].format(count=evaluation.summary.failed))
    if found := evaluation.comparison:
        lines.append(
            TEXTS["compared"][1].format(
                rows=found.rows, outcome=found.outcome, gained=len(found.gained), lost=len(found.lost)
            )
        )
        if found.unpaired:
            lines.append(TEXTS["unpaired"][1].format(count=found.unpaired))
    if second := evaluation.agreement:
        kappa = "–" if second.kappa is None else f"{second.kappa:.2f}"
        lines.append(
            f"{second.judge}: {percent(second.supported)} % of {second.statements} statements supported, "
            f"{percent(second.supported_here)} % here; Cohen's kappa {kappa}"
        )
    return [*lines, f"report: {evaluation.report}"]
