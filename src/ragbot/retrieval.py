"""Question to evidence: dense search over passages and sentences, and lexical search, fused."""

from collections.abc import Sequence

import numpy as np

from ragbot.embeddings import Encoder
from ragbot.language import detect, words
from ragbot.schema import Evidence, Language, Passage, Sentence
from ragbot.store import LocalStore, StoredSentence, Vectors

CANDIDATES = 60
LEXICAL_WEIGHT = 0.06  # beside inner products whose useful spread is about 0.1
OVERLAP_WEIGHT = 0.05  # the same, for the words of one sentence
OWN_LANGUAGE = 0.01  # between parallel passages, the one in the question's language


class HybridRetriever:
    """Finds passages, and in each the sentences that bear on the question."""

    def __init__(self, store: LocalStore, encoder: Encoder) -> None:
        self.store = store
        self.encoder = encoder

    def retrieve(
        self, question: str, k: int, documents: Sequence[str] | None = None, segments: Sequence[str] | None = None
    ) -> tuple[Evidence, ...]:
        """The k best passages, best first, of the named documents and segments if any are named."""
        vectors = self.store.vectors()
        if not vectors.passages.ntotal:
            return ()
        query = self.encoder.queries([question])
        terms = words(question)
        filtered = bool(documents or segments)
        reach = vectors.passages.ntotal if filtered else CANDIDATES
        lexical = self.store.lexical(terms, reach)
        candidates = self._candidates(vectors, query, lexical, reach)
        passages = {
            id_: passage
            for id_, passage in self.store.passages(candidates).items()
            if (not documents or passage.document in documents) and (not segments or passage.segment in segments)
        }
        stored = self.store.sentences(passages)
        found = [
            self._evidence(vectors, query[0], set(terms), passage, stored.get(id_, []), lexical, detect(question))
            for id_, passage in passages.items()
        ]
        return tuple(sorted(found, key=lambda evidence: (-evidence.score, evidence.passage.id))[:k])

    def _candidates(self, vectors: Vectors, query: np.ndarray, lexical: dict[int, float], reach: int) -> list[int]:
        by_passage = vectors.passages.search(query, min(reach, vectors.passages.ntotal))[1][0]
        by_sentence = vectors.sentences.search(query, min(2 * reach, vectors.sentences.ntotal))[1][0]
        ids = {int(id_) for id_ in by_passage if id_ >= 0} | set(lexical)
        return sorted(ids | set(self.store.passages_of_sentences(int(id_) for id_ in by_sentence if id_ >= 0)))

    def _evidence(
        self,
        vectors: Vectors,
        query: np.ndarray,
        terms: set[str],
        passage: Passage,
        stored: list[StoredSentence],
        lexical: dict[int, float],
        language: Language,
    ) -> Evidence:
        dense = float(vectors.passages.reconstruct(passage.id) @ query)
        near = [float(vectors.sentences.reconstruct(sentence.id) @ query) for sentence in stored]
        score = (dense + max(near, default=dense)) / 2
        score += LEXICAL_WEIGHT * lexical.get(passage.id, 0.0) / max(lexical.values(), default=1.0)
        score += OWN_LANGUAGE * (passage.language == language)
        return Evidence(passage, _ranked(passage, stored, near, terms), score)


def _ranked(passage: Passage, stored: list[StoredSentence], near: list[float], terms: set[str]) -> tuple[Sentence, ...]:
    """The sentences of a passage, by nearness of meaning and share of the question's words."""
    ranked = []
    for sentence, similarity in zip(stored, near, strict=True):
        text = passage.text[sentence.start - passage.start : sentence.end - passage.start]
        overlap = len(terms & set(words(text))) / max(1, len(terms))
        ranked.append(Sentence(text, sentence.start, sentence.end, similarity + OVERLAP_WEIGHT * overlap))
    return tuple(sorted(ranked, key=lambda sentence: (-sentence.score, sentence.start)))
