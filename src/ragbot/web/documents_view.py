"""What is indexed, and how far the files being added are, as HTML. All text from outside is escaped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import get_args

from ragbot.assistant import Stage
from ragbot.schema import IndexedDocument, Language
from ragbot.web.documents_texts import phrase

STAGES: tuple[Stage, ...] = get_args(Stage)


@dataclass(frozen=True, slots=True)
class Step:
    """How far a document is: a stage and the share of it that is done, or how it ended, with the cause if it failed."""

    state: str
    share: float = 0.0
    cause: str = ""


def documents(held: Sequence[IndexedDocument], language: Language, asking: str = "") -> str:
    """The table of documents; the one named `asking` asks whether it is to be removed."""
    if not held:
        return f"<p class='documents-none'>{escape(phrase('empty', language))}</p>"
    count = phrase("held", language, count=len(held), passages=f"{sum(document.passages for document in held):,}")
    columns = ("title", "language", "passages", "segments", "when", "actions")
    head = "".join(f"<th scope='col'>{escape(phrase(column, language))}</th>" for column in columns)
    body = "".join(_line(document, language, document.name == asking) for document in held)
    return (
        f"<p class='documents-none' role='status'>{escape(count)}</p>"
        f"<table class='documents-table'><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def progress(steps: Mapping[str, Step], language: Language) -> str:
    """One line a document: its stage and how much of it is done, or how it ended."""
    lines = "".join(_step(name, step, language) for name, step in steps.items())
    return f"<ul class='documents-progress' aria-live='polite'>{lines}</ul>" if lines else ""


def _line(document: IndexedDocument, language: Language, asking: bool) -> str:
    segments = "".join(f"<li>{escape(segment)}</li>" for segment in document.segments)
    cells = {
        "title": f"<b>{escape(document.title)}</b><br><small>{escape(document.name)}</small>",
        "language": escape(phrase(document.language, language)),
        "passages": f"{document.passages:,}",
        "segments": f"<details><summary>{len(document.segments)}</summary><ul>{segments}</ul></details>",
        "when": f"<time datetime='{document.indexed_at}'>{document.indexed_at[:16].replace('T', ' ')}</time>",
        "actions": _question(document, language) if asking else _buttons(document, language, "reindex", "remove"),
    }
    said = "".join(
        f"<td class='of-{name}' data-label='{escape(phrase(name, language))}'>{cell}</td>"
        for name, cell in cells.items()
    )
    return f"<tr>{said}</tr>"


def _question(document: IndexedDocument, language: Language) -> str:
    buttons = _buttons(document, language, "confirm", "keep")
    return f"<div role='alert' class='documents-sure'>{escape(phrase('sure', language))}<br>{buttons}</div>"


def _buttons(document: IndexedDocument, language: Language, *acts: str) -> str:
    buttons = ""
    for act in acts:
        word, name = escape(phrase(act, language)), escape(document.name)
        label = f"{word}: {name}"
        buttons += f"<button class='act-{act}' data-act='{act}' data-name='{name}' aria-label='{label}'>{word}</button>"
    return buttons


def _step(name: str, step: Step, language: Language) -> str:
    if step.state not in STAGES:
        said = phrase(step.state, language) + (f": {step.cause}" if step.cause else "")
        return f"<li class='is-{step.state}'><b>{escape(name)}</b> <span>{escape(said)}</span></li>"
    at = STAGES.index(step.state)
    stages = ""
    for number, stage in enumerate(STAGES):
        when = "past" if number < at else "now" if number == at else "next"
        share = f" {step.share:.0%}" if number == at and step.share else ""
        stages += f"<span class='{when}'>{escape(phrase(stage, language))}{share}</span>"
    done = round(100 * (at + step.share) / len(STAGES))
    track = (
        f"<span class='track' role='progressbar' aria-label='{escape(name)}' aria-valuenow='{done}'>"
        f"<span style='width:{done}%'></span></span>"
    )
    return f"<li class='is-going'><b>{escape(name)}</b> {stages}{track}</li>"
