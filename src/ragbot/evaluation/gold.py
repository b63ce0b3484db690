"""Where the gold evidence of a question stands in the index."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ragbot.evaluation.cases import Case
from ragbot.store import Scope

if TYPE_CHECKING:
    from ragbot.assistant import Assistant

_BATCH = 5000  # passages read at once


class GoldFinder:
    """Finds quotes in the indexed documents.

    Judgements hang on quotes, not on passages, so that another way of splitting does not void them.
    """

    def __init__(self, assistant: "Assistant") -> None:
        self._texts = {document.name: assistant.text(document.name) for document in assistant.documents()}
        self._passages: dict[str, list[tuple[int, int, int]]] = {name: [] for name in self._texts}
        ids = [int(id_) for id_ in assistant.store.allowed(Scope())]
        for at in range(0, len(ids), _BATCH):
            for passage in assistant.store.passages(ids[at : at + _BATCH]).values():
                self._passages[passage.document].append((passage.start, passage.end, passage.id))

    def places(self, case: Case) -> list[dict[str, Any]]:
        """For each evidence item, each document that holds it and the passages of most of the quote."""
        return [
            {"item": number, "document": name, "passages": passages}
            for number, item in enumerate(case.evidence)
            for name, passages in self._of_item(item)
        ]

    def _of_item(self, alternatives: tuple[str, ...]) -> Iterator[tuple[str, list[int]]]:
        for name, text in self._texts.items():
            ids = [id_ for quote in alternatives for id_ in self._holding(name, text, quote)]
            if ids:
                yield name, sorted(set(ids))

    def _holding(self, name: str, text: str, quote: str) -> Iterator[int]:
        """Passages that share at least half of the quote with the first place where it stands."""
        start = text.find(quote)
        if start >= 0:
            end = start + len(quote)
            for first, last, id_ in self._passages[name]:
                if 2 * (min(end, last) - max(start, first)) >= len(quote):
                    yield id_
