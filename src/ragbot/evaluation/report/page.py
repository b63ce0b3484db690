"""The report's page from its template, and the files beside it."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ragbot.evaluation.cases import Case
from ragbot.evaluation.exports import as_csv, for_deepeval, for_ragas, lines
from ragbot.evaluation.measures import MEASURES
from ragbot.evaluation.report import charts
from ragbot.evaluation.report.table import percent
from ragbot.evaluation.report.texts import GROUPS, HEADLINES, TEXTS
from ragbot.evaluation.report.texts import MEASURES as LABELS
from ragbot.evaluation.scoring import REASONS, Row, Verdict, reasons
from ragbot.evaluation.summary import GROUPS as BREAKDOWNS
from ragbot.evaluation.summary import STAGES

if TYPE_CHECKING:
    from markupsafe import Markup

    from ragbot.evaluation.comparison import Comparison
    from ragbot.evaluation.runner import Evaluation
    from ragbot.evaluation.runs import RunFolder
    from ragbot.evaluation.statistics import Estimate

_HERE = Path(__file__).parent


def write_report(evaluation: "Evaluation", run: "RunFolder") -> None:
    """report.html, summary.json, rows.csv, and the rows as ragas and DeepEval read them. Raises RunNotSaved."""
    rows = list(zip(evaluation.cases, evaluation.rows, evaluation.verdicts, strict=True))
    run.write("rows.csv", as_csv(rows))
    run.write("ragas.jsonl", lines(for_ragas(evaluation.cases, evaluation.rows)))
    run.write(
        "deepeval.json", json.dumps(for_deepeval(evaluation.cases, evaluation.rows), ensure_ascii=False, indent=1)
    )
    run.write("summary.json", json.dumps(_as_json(evaluation), ensure_ascii=False, indent=1))
    run.write("report.html", _page(evaluation, run))


def in_language(page: str, language: str) -> str:
    """A report that opens in that language where its script may not look for the reader's."""
    return page.replace(' id="speak-en" checked', ' id="speak-en"').replace(
        f' id="speak-{language}"', f' id="speak-{language}" checked'
    )


def _as_json(evaluation: "Evaluation") -> dict[str, Any]:
    return asdict(evaluation.summary) | {
        "comparison": asdict(evaluation.comparison) if evaluation.comparison else None,
        "second_judge": asdict(evaluation.agreement) if evaluation.agreement else None,
    }


def _page(evaluation: "Evaluation", run: "RunFolder") -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals.update(say=_say, label=_label, both=_both)
    environment.filters.update(percent=percent)
    return environment.get_template("report.html.j2").render(
        run=run,
        evaluation=evaluation,
        summary=evaluation.summary,
        comparison=evaluation.comparison,
        second=evaluation.agreement,
        headlines=[(name, evaluation.summary.measures[name]) for name in HEADLINES],
        groups=_measures_by_group(evaluation),
        breakdowns=_breakdowns(evaluation),
        compared=_compared(evaluation.comparison) if evaluation.comparison else None,
        latency=charts.latency([verdict.milliseconds for verdict in evaluation.verdicts if not verdict.failed]),
        stages=STAGES,
        rows=[_row(*row) for row in zip(evaluation.cases, evaluation.rows, evaluation.verdicts, strict=True)],
        style=_read("style.css"),
        script=_read("script.js"),
    )


def _compared(found: "Comparison") -> "Markup":
    """What the comparison comes to, in a sentence."""
    counts = {"rows": found.rows, "gained": len(found.gained), "lost": len(found.lost)}
    return _say("compared", outcome=TEXTS[found.outcome], **counts)


def _measures_by_group(evaluation: "Evaluation") -> dict[str, list[tuple[str, Any]]]:
    found: dict[str, list[tuple[str, Any]]] = {}
    for name, estimate in evaluation.summary.measures.items():
        if estimate.value is not None:
            found.setdefault(MEASURES[name].group, []).append((name, estimate))
    return found


def _breakdowns(evaluation: "Evaluation") -> list[tuple[str, list[tuple[str, "Estimate"]]]]:
    """For each group of more than one member, the measure `correct` of its members."""
    groups = evaluation.summary.groups
    shown = {name: [(member, found["correct"]) for member, found in groups[name].items()] for name in BREAKDOWNS}
    rated = {name: [row for row in members if row[1].value is not None] for name, members in shown.items()}
    return [(name, members) for name, members in rated.items() if len(members) > 1]


def _row(case: Case, row: Row, verdict: Verdict) -> dict[str, Any]:
    """What the template shows of a question."""
    why = [
        tuple(text.format(what=what) for text in REASONS[name]) for name, what in reasons(verdict, row.get("error", ""))
    ]
    return {"case": case, "row": row, "why": why}


def _say(name: str, **values: object) -> "Markup":
    """A text of the report in both languages; a value may itself be a pair."""
    pair = []
    for at, text in enumerate(TEXTS[name]):
        chosen = {key: value[at] if isinstance(value, tuple) else value for key, value in values.items()}
        pair.append(text.format(**chosen))
    return _both(pair)


def _label(name: str) -> "Markup":
    return _both((LABELS | GROUPS)[name])


def _both(pair: Sequence[str]) -> "Markup":
    """Both languages, of which the page shows one."""
    from markupsafe import Markup, escape

    if pair[0] == pair[1]:
        return escape(pair[0])
    return Markup('<span lang="zh">{}</span><span lang="en">{}</span>').format(*pair)


def _read(name: str) -> "Markup":
    """A file of ours, put into the page as it is."""
    from markupsafe import Markup

    return Markup((_HERE / name).read_text(encoding="utf-8"))
