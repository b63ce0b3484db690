"""Rows in the shapes that others read: a table, ragas, DeepEval."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from ragbot.evaluation.cases import Case
from ragbot.evaluation.scoring import REASONS, Row, Verdict, reasons
from ragbot.rows import dump

CSV_COLUMNS = (
    "id", "kind", "language", "segment", "question", "answer", "refused", "right", "why", "citations", "gold_answer",
    "facts", "missing", "total_ms",
)  # fmt: skip


def as_csv(rows: Iterable[tuple[Case, Row, Verdict]]) -> str:
    """A line a question, with a mark at the start by which spreadsheets know the text for UTF-8."""
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(CSV_COLUMNS)
    for case, row, verdict in rows:
        why = [REASONS[name][1].format(what=what) for name, what in reasons(verdict, row.get("error", ""))]
        cited = [f"[{item['number']}] {item['document']}: {item['quote']}" for item in row["citations"]]
        table.writerow(
            map(
                _harmless,
                (
                    case.id, case.kind, case.language, case.segment, case.question, row["answer"], verdict.refused,
                    verdict.right, "; ".join(why), "\n".join(cited), case.answer, "\n".join(case.facts),
                    "\n".join(verdict.missing), verdict.milliseconds,
                ),
            )
        )  # fmt: skip
    return "\ufeff" + out.getvalue()


def _harmless(cell: Any) -> Any:
    """Text that a spreadsheet would run as a formula gets an apostrophe before it."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in tuple("=+-@\t\r") else cell


def for_ragas(cases: Sequence[Case], rows: Sequence[Row]) -> list[Row]:
    """Samples under the names of ragas' SingleTurnSample."""
    return [
        {
            "user_input": case.question,
            "retrieved_contexts": _contexts(row),
            "response": row["answer"],
            "reference": case.answer,
            "reference_contexts": [item[0] for item in case.evidence],
        }
        for case, row in zip(cases, rows, strict=True)
    ]


def for_deepeval(cases: Sequence[Case], rows: Sequence[Row]) -> list[Row]:
    """Test cases under the names of DeepEval's LLMTestCase."""
    return [
        {
            "name": str(case.id),
            "input": case.question,
            "actual_output": row["answer"],
            "expected_output": case.answer,
            "context": [item[0] for item in case.evidence],
            "retrieval_context": _contexts(row),
        }
        for case, row in zip(cases, rows, strict=True)
    ]


def lines(rows: Iterable[Row]) -> str:
    """JSONL."""
    return "".join(f"{dump(row)}\n" for row in rows)


def _contexts(row: Row) -> list[str]:
    return [passage["text"] for passage in row["retrieved"]]
