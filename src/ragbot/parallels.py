"""The same statement in the other language: the sentence nearest in meaning that holds the same figures."""

import numpy as np

from ragbot import figures
from ragbot.schema import Citation, Passage
from ragbot.segments import without_sources
from ragbot.store import LocalStore, Vectors

ALIKE = (
    0.39  # cosine, each language's mean taken off: in the corpus all parallels reach it, elsewhere nothing else does
)
_NEAR = 12  # passages looked into


def parallel(citation: Citation, store: LocalStore) -> Citation | None:
    """Where the other language says what a citation says; None where nothing does, or the index no longer holds it."""
    home = next((p for p in store.passages_of(citation.document) if p.start < citation.end <= p.end), None)
    if home is None:
        return None
    vectors = store.vectors()
    said = _sentence_vector(home, citation.end, store, vectors)
    found = [
        each for language in vectors.languages if language != home.language for each in _near(said, language, store)
    ]
    for alike, passage, (start, end) in sorted(found, key=lambda each: -each[0]):
        text = passage.text[start - passage.start : end - passage.start]
        if alike >= ALIKE and _same_figures(citation.quote, text):
            return Citation(
                number=citation.number,
                document=passage.document,
                title=passage.title,
                segment=passage.segment,
                quote=text,
                start=start,
                end=end,
                page=passage.page,
                sources=passage.sources,
            )
    return None


def _sentence_vector(home: Passage, end: int, store: LocalStore, vectors: Vectors) -> np.ndarray:
    """Of the sentence that a citation ends with, less what sentences of its language share."""
    indexed = store.indexed([home.id])[home.id]
    at = next(n for n, (_, last) in enumerate(indexed.spans) if end <= last)
    return _unit(indexed.vectors[1 + at] - vectors.parts["sentence", home.language].mean)


def _near(said: np.ndarray, language: str, store: LocalStore) -> list[tuple[float, Passage, tuple[int, int]]]:
    """Sentences of a language, with their likeness, from the passages that hold the nearest ones."""
    part = store.vectors().parts["sentence", language]
    ids = set(part.nearest(said, _NEAR, None))
    passages = store.passages(ids)
    found = []
    for id_, indexed in store.indexed(passages).items():
        sentences = indexed.vectors[1 : 1 + len(indexed.spans)] - part.mean
        for vector, (start, end) in zip(sentences, indexed.spans.tolist(), strict=True):
            found.append((float(_unit(vector) @ said), passages[id_], (start, end)))
    return found


def _unit(vector: np.ndarray) -> np.ndarray:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9), dtype=np.float32)


def _same_figures(quote: str, other: str) -> bool:
    """Whether every amount of a quote stands in the other sentence, in whatever unit or scale."""
    amounts = [f for f in figures.read(without_sources(quote)) if f.unit not in ("count", "rank", "year", "period")]
    there = figures.read(without_sources(other))
    return all(figures.meets(figure, there) for figure in amounts)
