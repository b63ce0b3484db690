"""A look at the machine: each part that ragbot leans on, tried once."""

import platform
import sys
from dataclasses import dataclass

from ragbot.assistant import Assistant
from ragbot.errors import RagbotError


@dataclass(frozen=True, slots=True)
class Finding:
    """One part, whether it works, and what to know or do."""

    what: str
    works: bool
    detail: str


def examine(bot: Assistant) -> list[Finding]:
    """Try the encoder, the index and the writer; each failure carries its remedy."""
    return [
        Finding("Python", sys.version_info >= (3, 11), f"{platform.python_version()} on {platform.platform()}"),
        _tried("encoder", lambda: bot.encoder.name),
        _tried("index", lambda: _index(bot)),
        _tried("writer", lambda: _writer(bot)),
    ]


def _tried(what: str, attempt) -> Finding:  # type: ignore[no-untyped-def]
    try:
        return Finding(what, True, attempt())
    except RagbotError as error:
        return Finding(what, False, str(error))


def _index(bot: Assistant) -> str:
    documents = bot.documents()
    names = ", ".join(document.name for document in documents[:5]) + (" …" if len(documents) > 5 else "")
    return (
        f"{len(documents)} documents, {sum(d.passages for d in documents)} passages in '{bot.settings.index}': {names}"
    )


def _writer(bot: Assistant) -> str:
    if bot.model:
        return bot.engine
    return "extraction: answers are quotes; 'ragbot models pull' fetches a model that writes"
