"""How well passages are found, within a language and across, ours beside the usual stack in the same run.

    python benchmarks/retrieval.py ZH.json EN.json [--out RESULT.json] [--every N] [--no-peers] [--ablation]
                                   [--translate] [--speed] [--synthetic 100000]

ZH.json and EN.json are SQuAD v1.1 files that run in parallel: paragraph k and question k of one are translations of
paragraph k and question k of the other. Each paragraph is a document; a document's rank is that of its best passage.
Peers need `pip install llama-index-retrievers-bm25`.
"""

import argparse
import json
import logging
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

import ragbot
from ragbot import retrieval
from ragbot.embeddings import BuiltinEncoder, Encoder, LanguageNeutral
from ragbot.language import words
from ragbot.llm import connect
from ragbot.retrieval import HybridRetriever
from ragbot.schema import Document, Evidence, Section
from ragbot.segments import split
from ragbot.settings import Settings
from ragbot.store import LocalStore, Scope, embed
from ragbot.translation import Translator

DEPTH = 10
PASSAGE_TOKENS = 320
Key = tuple[str, int]
"""A paragraph: its language and its number."""
Search = Callable[[str], list[Key]]
"""A question to paragraphs, best first."""


@dataclass(frozen=True)
class Question:
    """A question of a language and where its answer stands: paragraph number, offset in the paragraph by language."""

    text: str
    language: str
    paragraph: int
    answer_at: dict[str, int]


@dataclass(frozen=True)
class Task:
    """A pool of paragraphs, the questions put to it, and which paragraphs are right."""

    name: str
    pool: tuple[Key, ...]
    questions: tuple[Question, ...]
    right: Callable[[Question], set[Key]]


class Remembering:
    """An encoder that embeds each text once."""

    def __init__(self, encoder: Encoder) -> None:
        self.name = encoder.name
        self._encoder = encoder
        self._known: dict[tuple[str, str], np.ndarray] = {}

    def queries(self, texts: Sequence[str]) -> np.ndarray:
        return self._embed("queries", texts)

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        return self._embed("passages", texts)

    def _embed(self, kind: str, texts: Sequence[str]) -> np.ndarray:
        new = [text for text in dict.fromkeys(texts) if (kind, text) not in self._known]
        if new:
            self._known |= {(kind, text): v for text, v in zip(new, getattr(self._encoder, kind)(new), strict=True)}
        return np.array([self._known[kind, text] for text in texts], dtype=np.float32)


# the data


def read(zh: Path, en: Path, every: int) -> tuple[dict[Key, str], list[Question]]:
    """Paragraphs by key, and every n-th question in both languages."""
    files = {"zh": json.loads(zh.read_text(encoding="utf-8")), "en": json.loads(en.read_text(encoding="utf-8"))}
    paragraphs = {lang: [p for a in data["data"] for p in a["paragraphs"]] for lang, data in files.items()}
    texts = {(lang, n): p["context"] for lang, found in paragraphs.items() for n, p in enumerate(found)}
    questions = []
    for number, both in enumerate(zip(paragraphs["zh"], paragraphs["en"], strict=True)):
        for pair in zip(both[0]["qas"], both[1]["qas"], strict=True):
            at = {lang: qa["answers"][0]["answer_start"] for lang, qa in zip(("zh", "en"), pair, strict=True)}
            questions.append([Question(qa["question"], lang, number, at) for lang, qa in zip(at, pair, strict=True)])
    return texts, [question for pair in questions[::every] for question in pair]


def tasks(texts: dict[Key, str], questions: list[Question]) -> Iterator[Task]:
    """Each direction; one pool of everything; and pools of half the paragraphs in each language, without parallels."""
    numbers = range(1 + max(number for _, number in texts))
    for asked in ("zh", "en"):
        mine = tuple(q for q in questions if q.language == asked)
        for held in ("zh", "en"):
            pool = tuple((held, n) for n in numbers)
            yield Task(f"{asked}→{held}", pool, mine, lambda q, held=held: {(held, q.paragraph)})
    yield Task("either copy", tuple(texts), tuple(questions), lambda q: {("zh", q.paragraph), ("en", q.paragraph)})
    for parity in (0, 1):
        pool = tuple(("zh" if n % 2 == parity else "en", n) for n in numbers)
        where = dict((n, lang) for lang, n in pool)
        own = tuple(q for q in questions if where[q.paragraph] == q.language)
        other = tuple(q for q in questions if where[q.paragraph] != q.language)
        yield Task("own language", pool, own, lambda q, where=where: {(where[q.paragraph], q.paragraph)})
        yield Task("other language", pool, other, lambda q, where=where: {(where[q.paragraph], q.paragraph)})


# the systems


def build(pool: Sequence[Key], texts: dict[Key, str], encoder: Encoder) -> LocalStore:
    store = LocalStore(Path(tempfile.mkdtemp(prefix="ragbot-bench-")))
    neutral = LanguageNeutral(encoder)
    store.create(encoder.name, neutral.usual)
    for lang, number in pool:
        text, name = texts[lang, number], f"{lang}-{number:04d}"
        document = Document(name, name, text, (Section((name,), 0, len(text)),), lang, name)  # type: ignore[arg-type]
        store.put("benchmark", document, embed(list(split(document, PASSAGE_TOKENS)), neutral))
    return store


def ours(store: LocalStore, encoder: Encoder, translate: retrieval.Translate | None = None) -> Search:
    retriever = HybridRetriever(store, encoder, translate)
    return lambda question: [_key(item.passage.document) for item in retriever.retrieve(question, DEPTH)]


def dense_only(pool: Sequence[Key], texts: dict[Key, str], encoder: Encoder) -> Search:
    matrix = encoder.passages([texts[key] for key in pool])
    return lambda question: [pool[n] for n in np.argsort(-(matrix @ encoder.queries([question])[0]), kind="stable")]


def lexical_only(pool: Sequence[Key], texts: dict[Key, str], store: LocalStore) -> Search:
    def search(question: str) -> list[Key]:
        ids = store.lexical(words(question), DEPTH, Scope())
        found = store.passages(ids)
        return [_key(found[id_].document) for id_ in ids]

    return search


def llama_index(pool: Sequence[Key], texts: dict[Key, str], encoder: Encoder, hybrid: bool) -> Search:
    """VectorStoreIndex with our encoder; or that and BM25Retriever in a QueryFusionRetriever, as its docs show."""
    from llama_index.core import VectorStoreIndex
    from llama_index.core.schema import TextNode

    nodes = [TextNode(id_=f"{lang}-{number:04d}", text=texts[lang, number]) for lang, number in pool]
    retriever: Any = VectorStoreIndex(nodes, embed_model=_llama_embedding(encoder)).as_retriever(similarity_top_k=DEPTH)
    if hybrid:
        from llama_index.core.llms import MockLLM
        from llama_index.core.retrievers import QueryFusionRetriever
        from llama_index.retrievers.bm25 import BM25Retriever

        both = [retriever, BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=DEPTH)]
        retriever = QueryFusionRetriever(
            both, llm=MockLLM(), similarity_top_k=DEPTH, num_queries=1, mode="reciprocal_rerank", use_async=False
        )
    return lambda question: [_key(found.node.node_id) for found in retriever.retrieve(question)]


def _llama_embedding(encoder: Encoder) -> Any:
    from llama_index.core.embeddings import BaseEmbedding

    class Embedding(BaseEmbedding):
        def _get_query_embedding(self, query: str) -> list[float]:
            return encoder.queries([query])[0].tolist()  # type: ignore[no-any-return]

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

        def _get_text_embedding(self, text: str) -> list[float]:
            return encoder.passages([text])[0].tolist()  # type: ignore[no-any-return]

    return Embedding()


def _key(name: str) -> Key:
    lang, _, number = name.partition("-")
    return lang, int(number)


# the measures: one relevant document a question, or two copies of one


def reciprocal_rank(found: Sequence[Key], right: set[Key]) -> float:
    """1 over the rank of the first right one within DEPTH, else 0."""
    return next((1 / rank for rank, key in enumerate(found[:DEPTH], 1) if key in right), 0.0)


def ndcg(found: Sequence[Key], right: set[Key]) -> float:
    """nDCG at DEPTH, binary gain (Järvelin and Kekäläinen, 2002), the first right document only."""
    rank = next((rank for rank, key in enumerate(found[:DEPTH], 1) if key in right), None)
    return 1 / float(np.log2(1 + rank)) if rank else 0.0


def hit(found: Sequence[Key], right: set[Key], depth: int) -> float:
    return float(any(key in right for key in found[:depth]))


def interval(values: Sequence[float], samples: int = 2000) -> tuple[float, float]:
    """95% bootstrap interval of the mean."""
    array = np.array(values)
    means = array[np.random.default_rng(0).integers(0, len(array), (samples, len(array)))].mean(axis=1)
    return float(np.percentile(means, 2.5)), float(np.percentile(means, 97.5))


def measure(task: Task, search: Search) -> dict[str, list[float]]:
    rows: dict[str, list[float]] = {"hit@1": [], "hit@5": [], "mrr@10": [], "ndcg@10": []}
    for question in task.questions:
        found, right = list(dict.fromkeys(search(question.text))), task.right(question)
        values = (hit(found, right, 1), hit(found, right, 5), reciprocal_rank(found, right), ndcg(found, right))
        for name, value in zip(rows, values, strict=True):
            rows[name].append(value)
    return rows


def sentence_hits(task: Task, retriever: HybridRetriever) -> list[float]:
    """Whether the sentence with the answer is among the first three of the right passage's Evidence; 0 if not found."""
    hits = []
    for question in task.questions:
        evidence = retriever.retrieve(question.text, DEPTH)
        right = [item for item in evidence if _key(item.passage.document) in task.right(question)]
        hits.append(float(any(_holds(item, question) for item in right)))
    return hits


def _holds(item: Evidence, question: Question) -> bool:
    at = question.answer_at[_key(item.passage.document)[0]]
    return any(sentence.start <= at < sentence.end for sentence in item.sentences[:3])


# speed


def speed(store: LocalStore, encoder: Encoder, questions: Sequence[str]) -> dict[str, float]:
    """Milliseconds: the encoder's own time for a question, and what retrieval takes beside it."""
    remembered = Remembering(encoder)
    retriever = HybridRetriever(store, remembered)
    for question in questions[:5]:
        retriever.retrieve(question, 5)
    alone = [_milliseconds(lambda q=question: encoder.queries([q])) for question in questions]  # type: ignore[misc]
    remembered.queries(questions)
    beside = [_milliseconds(lambda q=question: retriever.retrieve(q, 5)) for question in questions]  # type: ignore[misc]
    figures = {"encoder": alone, "beside": beside}
    return {f"{name} p{p}": float(np.percentile(ms, p)) for name, ms in figures.items() for p in (50, 95)}


def _milliseconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return 1000 * (time.perf_counter() - start)


class Synthetic:
    """Neighbours of real vectors: each text gets the vector of a real one, moved at random."""

    def __init__(self, base: np.ndarray, noise: float = 0.03) -> None:
        self._base = base
        self._noise = noise
        self._random = np.random.default_rng(0)

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        rows = self._base[self._random.integers(0, len(self._base), len(texts))]
        moved = rows + self._noise * self._random.standard_normal(rows.shape, dtype=np.float32)
        return moved / np.linalg.norm(moved, axis=1, keepdims=True)  # type: ignore[no-any-return]


def synthetic(texts: dict[Key, str], encoder: Encoder, passages: int) -> LocalStore:
    """An index of about that many passages: real paragraphs over and over, with synthetic vectors."""
    store = LocalStore(Path(tempfile.mkdtemp(prefix="ragbot-bench-")))
    neutral = LanguageNeutral(encoder)
    store.create(encoder.name, neutral.usual)
    source = Synthetic(neutral.passages(list(texts.values())))
    made = number = 0
    while made < passages:
        for lang in ("zh", "en"):
            document = _joined(f"{lang}-{number:04d}", lang, [text for key, text in texts.items() if key[0] == lang])
            embedded = embed(list(split(document, PASSAGE_TOKENS)), source)
            store.put("benchmark", document, embedded)
            made += len(embedded)
        number += 1
    return store


def _joined(name: str, lang: str, texts: Sequence[str]) -> Document:
    """One document of many texts, a section each."""
    sections, at = [], 0
    for number, text in enumerate(texts):
        sections.append(Section((str(number),), at, at + len(text)))
        at += len(text) + 2
    return Document(name, "synthetic", "\n\n".join(texts), tuple(sections), lang, name)  # type: ignore[arg-type]


# ablation


@contextmanager
def changed(**values: Any) -> Iterator[None]:
    """Constants of the retrieval module at other values for a while."""
    kept = {name: getattr(retrieval, name) for name in values}
    for name, value in values.items():
        setattr(retrieval, name, value)
    try:
        yield
    finally:
        for name, value in kept.items():
            setattr(retrieval, name, value)


def _no_translations(word: str) -> dict[str, float]:
    return {}


ABLATIONS: dict[str, dict[str, Any]] = {
    "all parts": {},
    "no words": {"WORD_WEIGHT": 0.0},
    "no dictionary": {"translations": _no_translations},
    "no allowance for translation": {"TRANSLATION_LOSS": 0.0},
    "echoes kept": {"PARALLEL": 2.0, "SAME_WORDS": 2.0},
    "WORD_WEIGHT 0.045": {"WORD_WEIGHT": 0.045},
    "WORD_WEIGHT 0.075": {"WORD_WEIGHT": 0.075},
    "TRANSLATION_LOSS 0.009": {"TRANSLATION_LOSS": 0.009},
    "TRANSLATION_LOSS 0.015": {"TRANSLATION_LOSS": 0.015},
    "PARALLEL 0.375": {"PARALLEL": 0.375},
    "PARALLEL 0.625": {"PARALLEL": 0.625},
    "CANDIDATES 30": {"CANDIDATES": 30},
    "CANDIDATES 50": {"CANDIDATES": 50},
}


# the report


def report(name: str, rows: dict[str, dict[str, list[float]]]) -> dict[str, Any]:
    """Print a system's line, and give its figures: by task, measure: value, low, high (percent)."""
    figures: dict[str, Any] = {}
    for task, measures in rows.items():
        figures[task] = {
            measure: [round(100 * value, 1) for value in (float(np.mean(values)), *interval(values))]
            for measure, values in measures.items()
        }
    cells = "  ".join(f"{task} {found['mrr@10'][0]:5.1f}" for task, found in figures.items())
    print(f"{name:32} {cells}", flush=True)
    return figures


def merged(measured: Iterator[tuple[str, dict[str, list[float]]]]) -> dict[str, dict[str, list[float]]]:
    """Tasks of the same name as one."""
    rows: dict[str, dict[str, list[float]]] = {}
    for task, measures in measured:
        into = rows.setdefault(task, {})
        for name, values in measures.items():
            into.setdefault(name, []).extend(values)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("zh", type=Path)
    parser.add_argument("en", type=Path)
    parser.add_argument("--out", type=Path, help="write the figures as JSON")
    parser.add_argument("--every", type=int, default=1, help="of the questions, every N-th")
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--ablation", action="store_true")
    parser.add_argument("--translate", action="store_true", help="let the embedded model translate questions, too")
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("--synthetic", type=int, default=0, metavar="N", help="speed at N synthetic passages")
    options = parser.parse_args()
    logging.disable(logging.WARNING)

    texts, questions = read(options.zh, options.en, options.every)
    engine = BuiltinEncoder()
    encoder = Remembering(engine)
    everything = list(tasks(texts, questions))
    stores = {task.pool: build(task.pool, texts, encoder) for task in {t.pool: t for t in everything}.values()}
    encoder.queries([question.text for question in questions])
    result: dict[str, Any] = {"ragbot": ragbot.__version__, "questions": len(questions), "systems": {}}

    def run(name: str, make: Callable[[Task], Search]) -> None:
        rows = merged((task.name, measure(task, make(task))) for task in everything)
        result["systems"][name] = report(name, rows)

    run("ragbot", lambda task: ours(stores[task.pool], encoder))
    if options.translate:
        translate = cache(Translator(lambda: connect(Settings()), seconds=60))
        run("ragbot, questions translated", lambda task: ours(stores[task.pool], encoder, translate))
    hits = merged(
        (task.name, {"sentence@3": sentence_hits(task, HybridRetriever(stores[task.pool], encoder))})
        for task in everything[:4]
    )
    result["answer sentence among three"] = {
        name: 100 * float(np.mean(row["sentence@3"])) for name, row in hits.items()
    }
    print("answer sentence among three     ", result["answer sentence among three"])
    if not options.no_peers:
        run("dense only", lambda task: dense_only(task.pool, texts, encoder))
        run("lexical only", lambda task: lexical_only(task.pool, texts, stores[task.pool]))
        run("LlamaIndex VectorStoreIndex", lambda task: llama_index(task.pool, texts, encoder, hybrid=False))
        run("LlamaIndex QueryFusion + BM25", lambda task: llama_index(task.pool, texts, encoder, hybrid=True))
    if options.ablation:
        for name, values in ABLATIONS.items():
            with changed(**values):
                run(name, lambda task: ours(stores[task.pool], encoder))
    asked = [question.text for question in questions][:200]
    if options.speed:
        result["milliseconds"] = speed(stores[tuple(texts)], engine, asked)
        print("milliseconds", result["milliseconds"])
    if options.synthetic:
        store = synthetic(texts, encoder, options.synthetic)
        result[f"milliseconds at {store.size()} passages"] = speed(store, engine, asked)
        print(f"milliseconds at {store.size()} passages", result[f"milliseconds at {store.size()} passages"])
    if options.out:
        options.out.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
