"""Files that hold questions, read into raw rows: JSONL, CSV, YAML, the JSON of SQuAD and CMRC 2018, RGB's JSONL."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ragbot.errors import FaultyTestSet
from ragbot.language import sentences

_LISTS = ("facts", "evidence", "history", "references")


@dataclass(frozen=True, slots=True)
class RawRow:
    """What stands at a place of the file; `fault` instead of values where no row could be read there."""

    place: str
    values: dict[str, Any] = field(default_factory=dict)
    fault: str = ""


def read_rows(path: Path) -> list[RawRow]:
    """The rows as they stand. Raises FaultyTestSet when the file is missing, is no text, or holds no row."""
    text = _text(path)
    if path.suffix.lower() in (".csv", ".tsv"):
        rows = list(_csv(text, "\t" if path.suffix.lower() == ".tsv" else ","))
    elif path.suffix.lower() in (".yaml", ".yml"):
        rows = list(_yaml(path, text))
    else:
        rows = list(_json(path, text))
    if not rows:
        raise FaultyTestSet(f"'{path}' holds no question: a row needs an id and a question")
    return rows


def contexts(path: Path) -> list[str]:
    """The paragraphs that a SQuAD, CMRC 2018 or RGB file brings along, each once; other files have none."""
    text = _text(path)
    whole = _whole(text)
    if _is_squad(whole):
        found = [context for _, context, _ in _squad_paragraphs(whole)]
    else:
        rows = [row.values for row in _jsonl(text, keep=True)]
        found = [str(item) for row in rows for name in ("positive", "negative") for item in _flat(row.get(name))]
    return list(dict.fromkeys(found))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise FaultyTestSet(f"no test set '{path}': give a JSONL, CSV, YAML or SQuAD JSON file") from error
    except UnicodeDecodeError as error:
        raise FaultyTestSet(
            f"'{path}' is no UTF-8 text: {error.reason} at byte {error.start}; save it as UTF-8"
        ) from error
    except OSError as error:
        raise FaultyTestSet(f"'{path}' cannot be read: {error.strerror}") from error


# JSON


def _json(path: Path, text: str) -> Iterator[RawRow]:
    whole = _whole(text) if path.suffix.lower() == ".json" else None
    if _is_squad(whole):
        yield from _squad(whole)
    elif isinstance(whole, list):
        for number, values in enumerate(whole, 1):
            yield _row(f"row {number}", values)
    else:
        yield from _jsonl(text)


def _whole(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return None


def _jsonl(text: str, keep: bool = False) -> Iterator[RawRow]:
    """A row a line; RGB's columns become ours unless they are to be kept."""
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        place = f"line {number}"
        try:
            row = _row(place, json.loads(line))
        except json.JSONDecodeError as error:
            yield RawRow(place, fault=f"no JSON: {error.msg} at character {error.colno}")
            continue
        yield row if keep or "positive" not in row.values else _rgb(row)


def _row(place: str, values: Any) -> RawRow:
    if not isinstance(values, dict):
        return RawRow(place, fault="no JSON object with an id and a question")
    return RawRow(place, values)


def _rgb(row: RawRow) -> RawRow:
    """RGB: each item of `answer` is needed, a nested list holds alternatives; no positive passage, no answer."""
    needed = row.values.get("answer") or []
    needed = needed if isinstance(needed, list) else [needed]
    facts = [[str(word) for word in item] if isinstance(item, list) else [str(item)] for item in needed]
    positive = [str(item) for item in _flat(row.values.get("positive"))]
    evidence = [quotes for words in facts if (quotes := [q for text in positive for q in _holding(text, words)])]
    values = {
        "id": row.values.get("id"),
        "question": row.values.get("query"),
        "answer": "; ".join(words[0] for words in facts) if positive else "",
        "references": [word for words in facts for word in words] if positive and len(facts) == 1 else [],
        "facts": ["|".join(word.replace("|", " ") for word in words) for words in facts] if positive else [],
        "evidence": evidence,
        "answerable": bool(positive),
        "kind": "rgb",
    }
    return RawRow(row.place, values)


def _holding(text: str, words: list[str]) -> list[str]:
    """The sentences of a text that hold one of the words."""
    cut = [text[start:end] for start, end in sentences(text)]
    return [sentence for sentence in cut if any(word.casefold() in sentence.casefold() for word in words)]


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        for item in value:
            yield from _flat(item)
    elif value:
        yield value


# SQuAD and CMRC 2018


def _is_squad(whole: Any) -> bool:
    rows = whole.get("data") if isinstance(whole, dict) else whole
    return isinstance(rows, list) and bool(rows) and all(
        isinstance(row, dict) and ("paragraphs" in row or "context_text" in row) for row in rows
    )  # fmt: skip


def _squad_paragraphs(whole: Any) -> Iterator[tuple[str, str, list[dict[str, Any]]]]:
    """Title, context and questions of each paragraph, in SQuAD's nesting or in CMRC 2018's flat one."""
    for article in whole["data"] if isinstance(whole, dict) else whole:
        title = str(article.get("title", ""))
        if "context_text" in article:
            yield title, article["context_text"], article.get("qas", [])
        for paragraph in article.get("paragraphs", []):
            yield title, paragraph["context"], paragraph.get("qas", [])


def _squad(whole: Any) -> Iterator[RawRow]:
    number = 0
    for title, context, questions in _squad_paragraphs(whole):
        for question in questions:
            number += 1
            yield RawRow(f"question {number}", _squad_row(title, context, question))


def _squad_row(title: str, context: str, question: dict[str, Any]) -> dict[str, Any]:
    answers = [item if isinstance(item, dict) else {"text": item} for item in question.get("answers", [])]
    spans = list(dict.fromkeys(str(item["text"]) for item in answers))
    return {
        "id": question.get("id", question.get("query_id")),
        "question": question.get("question", question.get("query_text")),
        "answer": spans[0] if spans else "",
        "references": spans,
        "facts": ["|".join(span.replace("|", " ") for span in spans)] if spans else [],
        "segment": title,
        "evidence": [[_sentence(context, item) for item in answers]] if answers else [],
        "answerable": not question.get("is_impossible", False) and bool(spans),
        "kind": "span",
    }


def _sentence(context: str, answer: dict[str, Any]) -> str:
    """The sentences that the span touches."""
    at = answer.get("answer_start", context.find(answer["text"]))
    end = at + len(answer["text"])
    touched = [span for span in sentences(context) if span[0] < end and at < span[1]]
    return context[touched[0][0] : touched[-1][1]] if touched else context


# CSV and YAML


def _csv(text: str, delimiter: str) -> Iterator[RawRow]:
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    before = reader.line_num
    for values in reader:
        place, before = f"line {max(before, 1) + 1}", reader.line_num
        if values.pop(None, None):
            yield RawRow(place, fault="more cells than the header has columns: quote cells that hold a comma")
            continue
        yield RawRow(place, {name: _cell(name, cell) for name, cell in values.items() if cell})


def _cell(name: str, cell: str) -> Any:
    """A list stands in a cell as a JSON list, or one item a line."""
    if name not in _LISTS:
        return cell
    if cell.lstrip().startswith("[") and isinstance(listed := _whole(cell), list):
        return listed
    return [line.strip() for line in cell.splitlines() if line.strip()]


def _yaml(path: Path, text: str) -> Iterator[RawRow]:
    import yaml

    try:
        tree, values = yaml.compose(text, yaml.SafeLoader), yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" line {mark.line + 1}" if mark else ""
        raise FaultyTestSet(f"'{path}'{where}: no YAML: {getattr(error, 'problem', None) or error}") from error
    if not isinstance(values, list):
        raise FaultyTestSet(f"'{path}': a list of rows is wanted, each beginning with '- id:'")
    for node, row in zip(tree.value, values, strict=True):
        yield _row(f"line {node.start_mark.line + 1}", row)
