"""What readers thought of answers, kept in SQLite, and given out as a test set."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ragbot.records import Records
from ragbot.rows import answer_row
from ragbot.schema import Answer

_SCHEMA = """
CREATE TABLE IF NOT EXISTS judgements (
    id TEXT PRIMARY KEY, question TEXT NOT NULL, history TEXT NOT NULL, answer TEXT NOT NULL,
    liked INTEGER NOT NULL, reason TEXT NOT NULL, judged TEXT NOT NULL);
"""


class Feedback:
    """Safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        self._records = Records(folder / "feedback.db", _SCHEMA, "judgements")

    def judge(self, id_: str, answer: Answer, history: Sequence[str], liked: bool, reason: str = "") -> None:
        """Keep a judgement, in place of an earlier one of the same id. `history`: the questions before, in order."""
        self._records.run(
            "INSERT OR REPLACE INTO judgements VALUES (?, ?, ?, ?, ?, ?, ?)",
            id_,
            answer.question,
            json.dumps(list(history), ensure_ascii=False),
            json.dumps(answer_row(answer), ensure_ascii=False),
            int(liked),
            reason.strip(),
            datetime.now(UTC).isoformat(),
        )

    def cases(self) -> Iterator[dict[str, Any]]:
        """Judged questions as rows of a test set, in order of judgement.

        A liked answer is the right one, its quotes the evidence, its figures the facts. Of a disliked one only the
        question is kept: what would be right is for a person to add.
        """
        rows = self._records.run(
            "SELECT id, question, history, answer, liked, reason FROM judgements ORDER BY judged, id"
        )
        for id_, question, history, answer, liked, reason in rows:
            case = {"id": id_, "question": question, "history": json.loads(history)}
            yield case | (_liked(json.loads(answer)) if liked else {"kind": f"disliked: {reason}".rstrip(": ")})


def _liked(answer: dict[str, Any]) -> dict[str, Any]:
    citations = answer["citations"]
    return {
        "answer": answer["answer"],
        "facts": list(dict.fromkeys(figure["text"] for figure in answer["figures"])),
        "segment": citations[0]["segment"] if citations else None,
        "evidence": [citation["quote"] for citation in citations],
        "answerable": not answer["refused"],
        "kind": "liked",
    }
