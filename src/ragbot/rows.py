"""The JSON rows that other programs read and write: questions in, answers out."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ragbot.errors import DocumentNotFound, UnreadableDocument
from ragbot.schema import LONGEST_QUESTION, Answer

Text = Annotated[str, Field(min_length=1, max_length=LONGEST_QUESTION)]


class Question(BaseModel):
    """A question row; earlier questions of its conversation in `history`, in order."""

    model_config = ConfigDict(str_strip_whitespace=True)

    id: str | int
    question: Text
    history: list[Text] = []


def read_questions(path: Path) -> list[Question]:
    """The rows of a JSONL file. Raises DocumentError naming the first faulty line."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError as error:
        raise DocumentNotFound(f"no such file: '{path}'") from error
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableDocument(f"'{path}' is no UTF-8 text file: {error}") from error
    questions = [_question(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]
    if not questions:
        raise UnreadableDocument(f"'{path}' holds no question: one JSON object a line, with id and question")
    return questions


def answer_row(answer: Answer, id_: str | int | None = None) -> dict[str, Any]:
    """An answer in the contract's shape."""
    return {
        "id": id_,
        "question": answer.question,
        "answer": answer.text,
        "language": answer.language,
        "refused": answer.refused,
        "engine": answer.engine,
        "citations": [asdict(citation) for citation in answer.citations],
        "figures": [
            {
                "text": check.figure.text,
                "value": f"{check.figure.value:f}",
                "unit": check.figure.unit,
                "status": check.status,
                "citation": check.citation,
            }
            for check in answer.figures
        ],
        "warnings": list(answer.warnings),
        "timings": asdict(answer.timings),
    }


def dump(row: dict[str, Any]) -> str:
    """One line of JSON, Chinese as it is."""
    return json.dumps(row, ensure_ascii=False)


def _question(path: Path, number: int, line: str) -> Question:
    try:
        return Question.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise UnreadableDocument(f"'{path}' line {number}: {place or 'row'}: {first['msg']}") from error
