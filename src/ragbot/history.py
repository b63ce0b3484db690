"""Conversations that outlive the page: each reader's own, in one SQLite file."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from ragbot.records import Records
from ragbot.schema import Answer, Citation, Exchange, Language

KEPT = 200  # conversations of one reader; older ones go
_TITLE = 60  # characters
_SCHEMA = """
CREATE TABLE IF NOT EXISTS conversations (
    id TEXT PRIMARY KEY, reader TEXT NOT NULL, title TEXT NOT NULL, updated TEXT NOT NULL, turns TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS conversations_by_reader ON conversations (reader, updated);
"""


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and its answer; where there is none, `note` says why.

    `parallels`: for each citation, where the other language says the same. `liked`: None while not judged; `told`:
    whether the reader said why.
    """

    question: str
    answer: Answer | None = None
    note: str = ""
    parallels: tuple[Citation | None, ...] = ()
    liked: bool | None = None
    told: bool = False


@dataclass(frozen=True, slots=True)
class Conversation:
    id: str = field(default_factory=lambda: secrets.token_urlsafe(9))
    turns: tuple[Turn, ...] = ()

    @property
    def title(self) -> str:
        """The first question, shortened."""
        first = self.turns[0].question if self.turns else ""
        return first if len(first) <= _TITLE else f"{first[: _TITLE - 1]}…"

    def exchanges(self) -> list[Exchange]:
        """What a further question is understood from."""
        return [Exchange(turn.answer.standalone_question, turn.answer.text) for turn in self.turns if turn.answer]

    def until(self, number: int) -> "Conversation":
        """The conversation before that turn."""
        return replace(self, turns=self.turns[:number])

    def with_turn(self, turn: Turn, at: int | None = None) -> "Conversation":
        """With a further turn, or another one in the place of the one at `at`."""
        if at is None:
            return replace(self, turns=(*self.turns, turn))
        return replace(self, turns=(*self.turns[:at], turn, *self.turns[at + 1 :]))


@dataclass(frozen=True, slots=True)
class Headline:
    """A kept conversation in a list; `updated` is ISO 8601 in UTC."""

    id: str
    title: str
    updated: str


_TURNS = TypeAdapter(tuple[Turn, ...])


class History:
    """Safe to share between threads; a reader sees what was saved under the same name alone."""

    def __init__(self, folder: Path) -> None:
        self._records = Records(folder / "conversations.db", _SCHEMA, "conversations")

    def save(self, reader: str, conversation: Conversation) -> None:
        """Keep a conversation as it is now. Evidence that no citation quotes is not kept."""
        turns = tuple(replace(t, answer=t.answer and replace(t.answer, evidence=())) for t in conversation.turns)
        now = datetime.now(UTC).isoformat()
        row = (conversation.id, reader, conversation.title, now, _TURNS.dump_json(turns).decode())
        self._records.run(
            "INSERT INTO conversations VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET title = excluded.title, "
            "updated = excluded.updated, turns = excluded.turns WHERE reader = excluded.reader",
            *row,
        )
        self._records.run(
            "DELETE FROM conversations WHERE reader = ? AND id NOT IN "
            "(SELECT id FROM conversations WHERE reader = ? ORDER BY updated DESC LIMIT ?)",
            reader,
            reader,
            KEPT,
        )

    def headlines(self, reader: str) -> list[Headline]:
        """A reader's conversations, the latest first."""
        rows = self._records.run(
            "SELECT id, title, updated FROM conversations WHERE reader = ? ORDER BY updated DESC", reader
        )
        return [Headline(*row) for row in rows]

    def open(self, reader: str, id_: str) -> Conversation | None:
        """A kept conversation; None if this reader has none of that id."""
        rows = self._records.run("SELECT turns FROM conversations WHERE reader = ? AND id = ?", reader, id_)
        try:
            return Conversation(id_, _TURNS.validate_json(rows[0][0])) if rows else None
        except ValidationError:  # written by another version
            return None

    def delete(self, reader: str, id_: str) -> None:
        self._records.run("DELETE FROM conversations WHERE reader = ? AND id = ?", reader, id_)


# Words of the exported file, Chinese beside English.
_EXPORT: dict[str, tuple[str, str]] = {
    "sources": ("出处", "Sources"),
    "page": ("第 {page} 页", "page {page}"),
    "names": ("原文注明的来源：{titles}", "named there: {titles}"),
}


def markdown(turns: Sequence[Turn]) -> str:
    """A conversation as Markdown: each question a heading, its answer, and the quotes that it stands on."""
    parts = [f"# {Conversation('', tuple(turns)).title}"]
    for turn in turns:
        parts.append(f"## {turn.question}")
        if turn.answer is None:
            parts.append(turn.note)
            continue
        parts += [turn.answer.text, *(f"> ⚠ {warning}" for warning in turn.answer.warnings)]
        if turn.answer.citations:
            parts.append(f"**{_EXPORT['sources'][turn.answer.language == 'en']}**")
            parts.append("\n".join(source_line(citation, turn.answer.language) for citation in turn.answer.citations))
    return "\n\n".join(part for part in parts if part) + "\n"


def source_line(citation: Citation, language: Language) -> str:
    """A citation in one line: number, document, segment, page, quote, and the sources named there."""

    def words(name: str, **values: object) -> str:
        return _EXPORT[name][language == "en"].format(**values)

    page = [words("page", page=citation.page)] if citation.page else []
    place = " · ".join([citation.document, citation.segment, *page])
    named = [words("names", titles="; ".join(citation.sources))] if citation.sources else []
    quote = " ".join(citation.quote.split())
    return " ".join([f"[{citation.number}] {place}: “{quote}”", *(f"({each})" for each in named)])
