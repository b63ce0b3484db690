"""Question to evidence: meaning and words, at every grain, in either language.

A passage's score is the mean of three similarities (the passage, its best sentence, its best sentence or clause), each
less what passages of its language have on average, plus a share for the question's words that it holds. Words of the
other language count by the dictionary. Constants are in units of cosine; docs/retrieval.md says what each part brings
and how far each constant can move.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np

from ragbot.dictionary import translations
from ragbot.embeddings import Encoder
from ragbot.language import detect, fold, words
from ragbot.schema import Evidence, Language, Passage, Sentence
from ragbot.store import Indexed, LocalStore, Scope, Vectors

CANDIDATES = 40  # by each grain and language, and by words
WORD_WEIGHT = 0.06  # for a passage that holds all words of the question
TRANSLATION_LOSS = 0.01  # a match in the other language scores about this much lower than it would in the same
PARALLEL = 0.5  # mean cosine of one passage's sentences with their counterparts above which it says the same
RARE = 20_000  # passages: words that stand in more, taken together, are left to scoring; BM25 over them is slow
SMALL = 200  # passages: a scope that small is scored as a whole
MOST_SOUGHT = 48  # words that one such search may name
SAME_WORDS = 0.8  # share of words in common above which passages of one language say the same
EQUIVALENT = 0.5  # translations at least this strong look for passages; weaker ones only score them

# Questions that ask about several things at once; one entry a line, as regular expressions over folded text.
BROAD = (
    r"比较|相比|对比|对照|分别|各自|各个|各有|之间|异同|区别|差异|差别|不同",
    r"(?:[二两三四五六七八九十几多]|所有|每|各)(?:大|个|家|种|类|项)?(?:环节|公司|厂商|企业|领域|部分|方面|板块|业务|行业|巨头|市场|国家|地区|阶段)",
    r"\b(?:compar(?:e|es|ed|ing|ison)|versus|vs|differ|differs|difference|differences|respectively|contrast)\b",
    r"\b(?:each|every|all|both|two|three|four|five|six|seven|several|various)\b(?: \w+){0,3}? "
    r"(?:segments?|companies|vendors|providers|areas|sectors|parts|regions|countries|products|layers|stages|players)\b",
)
_BROAD = re.compile("|".join(BROAD))
Translate = Callable[[str], str | None]
"""A question in the other language, or None."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the question.

    `forms`: under what words passages hold it, and how fully each renders it: (0, 1]. `counts`: how many passages hold
    each form. `weight`: its rarity.
    """

    forms: Mapping[str, float]
    weight: float
    counts: Mapping[str, int]


Reading = tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """A question as search sees it.

    `vectors`: the one to hold against passages of each language. `readings`: its words, and those of its translation
    if there is one; a passage counts by the reading that it meets better.
    """

    language: Language
    vectors: Mapping[str, np.ndarray]
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate, its score, and the similarity of each of its sentences to the question."""

    id: int
    indexed: Indexed
    score: float
    sentences: np.ndarray


class HybridRetriever:
    """Finds passages, and in each the sentences that bear on the question."""

    def __init__(self, store: LocalStore, encoder: Encoder, translate: Translate | None = None) -> None:
        self.store = store
        self.encoder = encoder
        self.translate = translate

    def retrieve(
        self, question: str, k: int, documents: Sequence[str] | None = None, segments: Sequence[str] | None = None
    ) -> tuple[Evidence, ...]:
        """The k best passages, best first, of the named documents and segments (heading paths) if any are named.

        A passage that says what a better one says comes after all others; where one is in the question's language,
        that one goes first. For a broad question the best passage of every segment goes before any second one.
        """
        vectors = self.store.vectors()
        scope = Scope(tuple(documents or ()), tuple(segments or ()))
        allowed = self.store.allowed(scope) if scope else None
        if not vectors.parts or (allowed is not None and not len(allowed)):
            return ()
        query = self._understand(question, vectors)
        candidates = self.store.indexed(self._candidates(query, vectors, scope, allowed))
        ranked = _echoes_last(_ranked(query, vectors, candidates), query.language, vectors, 3 * k + 10)
        passages = self.store.passages(scored.id for scored in ranked)
        ranked = [scored for scored in ranked if scored.id in passages]
        if is_broad(question):
            ranked = _by_turns(ranked, passages)
        return tuple(_evidence(query, scored, passages[scored.id]) for scored in ranked[:k])

    def _understand(self, question: str, vectors: Vectors) -> Query:
        language = detect(question)
        foreign = [other for other in vectors.languages if other != language]
        translation = self.translate(question) if self.translate and foreign else None
        own, *other = self.encoder.queries([question, translation] if translation else [question])
        by_language = dict.fromkeys(vectors.languages, own)
        if translation:
            by_language |= dict.fromkeys(foreign, (own + other[0]) / np.linalg.norm(own + other[0]))
        readings = [self._reading(question, bool(foreign))]
        if translation:
            readings.append(self._reading(translation, False))
        return Query(language, by_language, tuple(readings))

    def _reading(self, text: str, foreign: bool) -> Reading:
        """The words of a text, with their translations if passages of the other language are to be met."""
        forms = [{**(translations(word) if foreign else {}), word: 1.0} for word in dict.fromkeys(words(text))]
        counts = self.store.frequencies(form for each in forms for form in each)
        size = self.store.size()
        return tuple(_term(each, counts, size) for each in forms)

    def _candidates(self, query: Query, vectors: Vectors, scope: Scope, allowed: np.ndarray | None) -> set[int]:
        if allowed is not None and len(allowed) <= SMALL:
            return {int(id_) for id_ in allowed}
        found = vectors.nearest(query.vectors, CANDIDATES, allowed)
        for sought in _sought(query.readings):
            found.update(self.store.lexical(sought, CANDIDATES, scope))
        return found


def is_broad(question: str) -> bool:
    """Whether a question asks about several things at once."""
    return bool(_BROAD.search(fold(question)))


def _term(forms: Mapping[str, float], counts: Mapping[str, int], size: int) -> Term:
    """Weight as in BM25, the forms counted together as if they were one word (Pirkola, SIGIR 1998)."""
    present = {form: strength for form, strength in forms.items() if form in counts}
    held = min(size, sum(strength * counts[form] for form, strength in present.items()))
    return Term(
        present, float(np.log(1 + (size - held + 0.5) / (held + 0.5))), {form: counts[form] for form in present}
    )


def _sought(readings: Iterable[Reading]) -> Iterator[list[str]]:
    """Words to look passages up by: the question's own, then strong translations, the commonest left out."""
    for reading in readings:
        for wanted in (lambda strength: strength == 1.0, lambda strength: EQUIVALENT <= strength < 1.0):
            counts = {
                form: term.counts[form] for term in reading for form, strength in term.forms.items() if wanted(strength)
            }
            yield _rare(counts)


def _rare(counts: Mapping[str, int]) -> list[str]:
    taken: list[str] = []
    total = 0
    for form in sorted(counts, key=lambda form: (counts[form], form)):
        total += counts[form]
        if total > RARE or len(taken) == MOST_SOUGHT:
            break
        taken.append(form)
    return taken


def _ranked(query: Query, vectors: Vectors, candidates: Mapping[int, Indexed]) -> list[Scored]:
    scored = [_scored(query, vectors, id_, indexed) for id_, indexed in candidates.items()]
    return sorted(scored, key=lambda each: (-each.score, each.id))


def _scored(query: Query, vectors: Vectors, id_: int, indexed: Indexed) -> Scored:
    asked = query.vectors[indexed.language]
    near = indexed.vectors @ asked
    passage = near[0] - vectors.mean("passage", indexed.language) @ asked
    spans = near[1:] - vectors.mean("sentence", indexed.language) @ asked
    count = len(indexed.spans)
    best = np.full(count, -1.0, dtype=np.float32)
    np.maximum.at(best, indexed.owners, spans)
    score = (passage + spans[:count].max() + best.max()) / 3
    score += WORD_WEIGHT * coverage(query.readings, indexed.words)
    score += TRANSLATION_LOSS * (indexed.language != query.language)
    return Scored(id_, indexed, float(score), best)


def coverage(readings: Iterable[Reading], held: AbstractSet[str]) -> float:
    """The share of a question's words, by weight, that are among those held: 0 to 1, by the better reading."""
    return max((_share(reading, held) for reading in readings), default=0.0)


def _share(reading: Reading, held: AbstractSet[str]) -> float:
    total = sum(term.weight for term in reading)
    met = sum(
        term.weight * max((term.forms[form] for form in term.forms.keys() & held), default=0.0) for term in reading
    )
    return met / total if total else 0.0


def _echoes_last(ranked: list[Scored], language: Language, vectors: Vectors, reach: int) -> list[Scored]:
    """The first `reach`: of passages that say the same, one in the question's language stands for all."""
    kept: list[Scored] = []
    echoes: list[Scored] = []
    for scored in ranked[:reach]:
        at = next((n for n, other in enumerate(kept) if _parallel(scored.indexed, other.indexed, vectors)), None)
        if at is None:
            kept.append(scored)
        elif scored.indexed.language == language != kept[at].indexed.language:
            echoes.append(kept[at])
            kept[at] = scored
        else:
            echoes.append(scored)
    return kept + echoes


def _parallel(one: Indexed, other: Indexed, vectors: Vectors) -> bool:
    """Whether two passages say the same: in two languages sentence by sentence, in one almost word for word."""
    if one.language == other.language:
        return len(one.words & other.words) >= SAME_WORDS * len(one.words | other.words)
    likeness = _centred(one, vectors) @ _centred(other, vectors).T
    return bool(max(likeness.max(axis=0).mean(), likeness.max(axis=1).mean()) >= PARALLEL)


def _centred(indexed: Indexed, vectors: Vectors) -> np.ndarray:
    """Unit vectors of the sentences, less what all sentences of the language share."""
    sentences = indexed.vectors[1 : 1 + len(indexed.spans)] - vectors.mean("sentence", indexed.language)
    result: np.ndarray = sentences / np.maximum(np.linalg.norm(sentences, axis=1, keepdims=True), 1e-6)
    return result


def _by_turns(ranked: list[Scored], passages: Mapping[int, Passage]) -> list[Scored]:
    """The best passage of each segment, then each one's second, and so on; segments in order of their best."""
    turns: dict[tuple[str, str], int] = {}
    order = []
    for place, scored in enumerate(ranked):
        segment = (passages[scored.id].document, passages[scored.id].segment)
        turns[segment] = turns.get(segment, -1) + 1
        order.append((turns[segment], place, scored))
    return [scored for _, _, scored in sorted(order, key=lambda row: row[:2])]


def _evidence(query: Query, scored: Scored, passage: Passage) -> Evidence:
    """A passage with its sentences, by nearness of meaning and share of the question's words."""
    ranked = []
    for (start, end), similarity in zip(scored.indexed.spans.tolist(), scored.sentences, strict=True):
        text = passage.text[start - passage.start : end - passage.start]
        score = float(similarity) + WORD_WEIGHT * coverage(query.readings, set(words(text)))
        ranked.append(Sentence(text, start, end, score))
    return Evidence(passage, tuple(sorted(ranked, key=lambda each: (-each.score, each.start))), scored.score)
