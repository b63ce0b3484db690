"""Question to evidence: meaning and words, at every grain, in either language.

A passage's score is the mean of three similarities (the passage, its best sentence, its best sentence or clause), each
less what passages of its language have on average, plus a share for the question's words that it holds. Words of the
other language count by the dictionary. Constants are in units of cosine; docs/retrieval.md says what each part brings
and how far each constant can move.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import log
from operator import mul

import numpy as np

from ragbot.breadth import is_broad, spread
from ragbot.dictionary import translations
from ragbot.embeddings import Encoder
from ragbot.language import detect, searchable, words
from ragbot.schema import Evidence, Language, Passage, Sentence
from ragbot.store import GRAINS, Indexed, LocalStore, Scope, Vectors

CANDIDATES = 40  # by each grain and language, and by words
WORD_WEIGHT = 0.06  # for a passage that holds all words of the question
TRANSLATION_LOSS = 0.012  # a match in the other language scores about this much lower than it would in the same
WORTH_TRANSLATING = 0.03  # a question is translated if a passage of the other language lies so little behind the best
PARALLEL = 0.5  # mean cosine of one passage's sentences with their counterparts above which it says the same
RARE = 10000  # passages: words that stand in more, taken together, are left to scoring; BM25 over them is slow
SMALL = 200  # passages: a scope that small is scored as a whole
MOST_SOUGHT = 48  # words that one such search may name
SAME_WORDS = 0.8  # share of words in common above which passages of one language say the same
EQUIVALENT = 0.5  # translations at least this strong look for passages; weaker ones only score them

Translate = Callable[[str], str | None]
"""A question in the other language, or None."""
Rerank = Callable[[str, Sequence[str]], np.ndarray]
"""A question and passages to one score a passage, higher is better."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The words of a question as passages may hold them.

    `weights`: rarity of each word. `forms`: what passages hold, and which words it renders how fully: (number of the
    word, (0, 1]). `counts`: how many passages hold each form.
    """

    weights: tuple[float, ...]
    forms: Mapping[str, list[tuple[int, float]]]
    counts: Mapping[str, int]

    def share(self, held: AbstractSet[str]) -> float:
        """The share of the words, by weight, that are among those held: 0 to 1."""
        met = [0.0] * len(self.weights)
        for form in self.forms.keys() & held:
            for number, strength in self.forms[form]:
                met[number] = max(met[number], strength)
        total = sum(self.weights)
        return sum(map(mul, self.weights, met)) / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Level:
    """What passages of a language have in common for a question: subtract `mean`, then multiply by `scale`."""

    mean: float
    scale: float


@dataclass(frozen=True, slots=True)
class Query:
    """A question as search sees it.

    `vectors`: the one to hold against passages of each language. `levels`: by grain and language. `readings`: its
    words, and those of its translation if there is one; a passage counts by the reading that it meets better.
    """

    language: Language
    vectors: Mapping[str, np.ndarray]
    levels: Mapping[tuple[str, str], Level]
    readings: tuple[Reading, ...]

    def coverage(self, held: AbstractSet[str]) -> float:
        """The share of the question's words that are among those held: 0 to 1."""
        return max((reading.share(held) for reading in self.readings), default=0.0)


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate, its score, and the similarity of each of its sentences to the question."""

    id: int
    indexed: Indexed
    score: float
    sentences: np.ndarray


class HybridRetriever:
    """Finds passages, and in each the sentences that bear on the question."""

    def __init__(
        self,
        store: LocalStore,
        encoder: Encoder,
        translate: Translate | None = None,
        rerank: Rerank | None = None,
    ) -> None:
        self.store = store
        self.encoder = encoder
        self.translate = translate
        self.rerank = rerank

    def retrieve(
        self, question: str, k: int, documents: Sequence[str] | None = None, segments: Sequence[str] | None = None
    ) -> tuple[Evidence, ...]:
        """The k best passages, best first, of the named documents and segments (heading paths) if any are named.

        A passage that says what a better one says comes after all others; where one is in the question's language,
        that one goes first. For a broad question, segments not heard yet go before further passages of the same. The
        question is translated only when a passage in the other language is the best or near it.
        """
        vectors = self.store.vectors()
        scope = Scope(tuple(documents or ()), tuple(segments or ()))
        allowed = self.store.allowed(scope) if scope else None
        if not vectors.parts or (allowed is not None and not len(allowed)):
            return ()
        query = self._understand(question, vectors)
        candidates = self.store.indexed(self._candidates(query, vectors, scope, allowed))
        ranked, echoes = _distinct(query, candidates, vectors, 2 * k + 6)
        if self.translate and _may_be_foreign(query, ranked) and (translation := self.translate(question)):
            query = self._with_translation(query, translation, vectors)
            more = self._candidates(query, vectors, scope, allowed) - candidates.keys()
            ranked, echoes = _distinct(query, candidates | self.store.indexed(more), vectors, 2 * k + 6)
        passages = self.store.passages(scored.id for scored in ranked + echoes)
        ranked, echoes = ([each for each in found if each.id in passages] for found in (ranked, echoes))
        broad = is_broad(question)
        if broad:
            ranked = _spread(ranked, passages)
        ranked += echoes
        if self.rerank:
            ranked = ranked[:k] if broad else ranked  # it knows nothing of breadth: it orders what covers all
            ranked = _reranked(ranked, self.rerank(question, [passages[scored.id].text for scored in ranked]))
        return tuple(_evidence(query, scored, passages[scored.id]) for scored in ranked[:k])

    def _understand(self, question: str, vectors: Vectors) -> Query:
        language = detect(question)
        by_language = dict.fromkeys(vectors.languages, self.encoder.queries([question])[0])
        foreign = any(other != language for other in vectors.languages)
        return Query(language, by_language, _levels(vectors, by_language), (self._reading(question, foreign),))

    def _with_translation(self, query: Query, translation: str, vectors: Vectors) -> Query:
        """The same question, which meets passages of the other language half way, and by its translation's words."""
        other = self.encoder.queries([translation])[0]
        by_language = {
            language: own if language == query.language else (own + other) / np.linalg.norm(own + other)
            for language, own in query.vectors.items()
        }
        readings = (*query.readings, self._reading(translation, False))
        return Query(query.language, by_language, _levels(vectors, by_language), readings)

    def _reading(self, text: str, foreign: bool) -> Reading:
        """The words of a text, with their translations if passages of the other language are to be met."""
        forms = [{**(translations(word) if foreign else {}), word: 1.0} for word in dict.fromkeys(words(text))]
        return _read(forms, self.store.frequencies(form for each in forms for form in each), self.store.size())

    def _candidates(self, query: Query, vectors: Vectors, scope: Scope, allowed: np.ndarray | None) -> set[int]:
        if allowed is not None and len(allowed) <= SMALL:
            return {int(id_) for id_ in allowed}
        with ThreadPoolExecutor(1) as beside:  # FAISS and SQLite both let other threads run
            near = beside.submit(vectors.nearest, query.vectors, CANDIDATES, allowed)
            found = {id_ for sought in _sought(query.readings) for id_ in self.store.lexical(sought, CANDIDATES, scope)}
            return found | near.result()


def _read(forms: Sequence[Mapping[str, float]], counts: Mapping[str, int], size: int) -> Reading:
    """Words weighted as in BM25, the forms of each counted together as if they were one (Pirkola, SIGIR 1998)."""
    weights = []
    found: dict[str, list[tuple[int, float]]] = {}
    for number, each in enumerate(forms):
        held = min(size, sum(strength * counts.get(form, 0) for form, strength in each.items()))
        weights.append(log(1 + (size - held + 0.5) / (held + 0.5)))
        for form, strength in each.items():
            if form in counts:
                found.setdefault(form, []).append((number, strength))
    return Reading(tuple(weights), found, counts)


def _levels(vectors: Vectors, queries: Mapping[str, np.ndarray]) -> dict[tuple[str, str], Level]:
    """Languages made comparable: each less its mean, and its spread drawn half way to that of all."""
    spreads = {key: part.spread(queries[key[1]]) for key, part in vectors.parts.items()}
    levels = {}
    for (grain, language), part in vectors.parts.items():
        usual = np.mean([spread for (other, _), spread in spreads.items() if other == grain])
        scale = float(np.sqrt(usual / spreads[grain, language])) if spreads[grain, language] > 0 else 1.0
        levels[grain, language] = Level(float(part.mean @ queries[language]), scale)
    return levels


def _sought(readings: Iterable[Reading]) -> Iterator[list[str]]:
    """Words to look passages up by: the question's own, then strong translations, the commonest left out."""
    for reading in readings:
        strongest = {form: max(strength for _, strength in words) for form, words in reading.forms.items()}
        yield _rare({form: reading.counts[form] for form, strength in strongest.items() if strength == 1.0})
        yield _rare(
            {form: reading.counts[form] for form, strength in strongest.items() if EQUIVALENT <= strength < 1.0}
        )


def _rare(counts: Mapping[str, int]) -> list[str]:
    taken: list[str] = []
    total = 0
    for form in sorted(counts, key=lambda form: (counts[form], form)):
        total += counts[form]
        if total > RARE or len(taken) == MOST_SOUGHT:
            break
        taken.append(form)
    return taken


def _may_be_foreign(query: Query, ranked: Sequence[Scored]) -> bool:
    """Whether a passage in the other language is the best, or near it."""
    near = (scored for scored in ranked if scored.score > ranked[0].score - WORTH_TRANSLATING)
    return any(scored.indexed.language != query.language for scored in near)


def _distinct(
    query: Query, candidates: Mapping[int, Indexed], vectors: Vectors, reach: int
) -> tuple[list[Scored], list[Scored]]:
    """The best `reach` candidates, best first: those that say something of their own, and echoes of them."""
    scored = [_scored(query, id_, indexed) for id_, indexed in candidates.items()]
    ranked = sorted(scored, key=lambda each: (-each.score, each.id))[:reach]
    return _echoes_apart(ranked, query.language, vectors)


def _scored(query: Query, id_: int, indexed: Indexed) -> Scored:
    passage, sentence = (query.levels[grain, indexed.language] for grain in GRAINS)
    near = indexed.vectors @ query.vectors[indexed.language]
    spans = (near[1:] - sentence.mean) * sentence.scale
    count = len(indexed.spans)
    best = spans[:count].copy()
    np.maximum.at(best, indexed.owners[count:], spans[count:])
    score = ((near[0] - passage.mean) * passage.scale + spans[:count].max() + best.max()) / 3
    score += WORD_WEIGHT * query.coverage(indexed.words)
    score += TRANSLATION_LOSS * (indexed.language != query.language)
    return Scored(id_, indexed, float(score), best)


def _echoes_apart(ranked: list[Scored], language: Language, vectors: Vectors) -> tuple[list[Scored], list[Scored]]:
    """Of passages that say the same, one in the question's language stands for all; the others are echoes."""
    kept: list[Scored] = []
    echoes: list[Scored] = []
    centred = {scored.id: _centred(scored.indexed, vectors) for scored in ranked}
    for scored in ranked:
        at = next((n for n, other in enumerate(kept) if _same(scored, other, centred)), None)
        if at is None:
            kept.append(scored)
        elif scored.indexed.language == language != kept[at].indexed.language:
            echoes.append(kept[at])
            kept[at] = scored
        else:
            echoes.append(scored)
    return kept, echoes


def _same(one: Scored, other: Scored, centred: Mapping[int, np.ndarray]) -> bool:
    """Whether two passages say the same: in two languages sentence by sentence, in one almost word for word."""
    if one.indexed.language == other.indexed.language:
        mine, theirs = one.indexed.words, other.indexed.words
        return len(mine & theirs) >= SAME_WORDS * max(len(mine), len(theirs))
    likeness = centred[one.id] @ centred[other.id].T
    return max(likeness.max(axis=0).mean(), likeness.max(axis=1).mean()) >= PARALLEL


def _centred(indexed: Indexed, vectors: Vectors) -> np.ndarray:
    """Unit vectors of the sentences, less what all sentences of the language share."""
    sentences = indexed.vectors[1 : 1 + len(indexed.spans)] - vectors.parts["sentence", indexed.language].mean
    result: np.ndarray = sentences / np.maximum(np.linalg.norm(sentences, axis=1, keepdims=True), 1e-6)
    return result


def _reranked(ranked: list[Scored], scores: np.ndarray) -> list[Scored]:
    return [scored for scored, _ in sorted(zip(ranked, scores, strict=True), key=lambda pair: -pair[1])]


def _spread(ranked: list[Scored], passages: Mapping[int, Passage]) -> list[Scored]:
    """Over the segments, each of a document."""
    segments = [(passages[scored.id].document, passages[scored.id].segment) for scored in ranked]
    return [ranked[n] for n in spread([scored.score for scored in ranked], segments)]


def _evidence(query: Query, scored: Scored, passage: Passage) -> Evidence:
    """A passage with its sentences, by nearness of meaning and share of the question's words."""
    ranked = []
    for (start, end), similarity in zip(scored.indexed.spans.tolist(), scored.sentences, strict=True):
        text = passage.text[start - passage.start : end - passage.start]
        score = float(similarity) + WORD_WEIGHT * query.coverage(set(searchable(text)))
        ranked.append(Sentence(text, start, end, score))
    return Evidence(passage, tuple(sorted(ranked, key=lambda each: (-each.score, each.start))), scored.score)
