"""How many of the things that a question asks about have a passage among the first: ours beside other orders.

    python benchmarks/breadth.py [--tokens 64]

Over the report and the documents of the other test set in one pool, in passages of that many tokens, so that each
segment has several. "segments": questions over several segments (breadth.jsonl), the share of those segments that are
among the passages. "quotes": rows of the test sets with several quotes, the share of quotes that stand in a passage.
"single": rows with one quote, which spreading must not lose.
"""

import argparse
import json
import logging
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from ragbot import Assistant, Settings, retrieval
from ragbot.retrieval import Scored
from ragbot.schema import Passage

ROOT = Path(__file__).parent.parent
DEPTHS = (4, 8)
Order = Callable[[list[Scored], dict[int, Passage]], list[Scored]]


def by_score(ranked: list[Scored], passages: dict[int, Passage]) -> list[Scored]:
    return ranked


def by_turns(ranked: list[Scored], passages: dict[int, Passage]) -> list[Scored]:
    """The best passage of each segment, then each one's second, and so on: a quota of one."""
    turns: dict[tuple[str, str], int] = {}
    order = []
    for place, scored in enumerate(ranked):
        segment = (passages[scored.id].document, passages[scored.id].segment)
        turns[segment] = turns.get(segment, -1) + 1
        order.append((turns[segment], place, scored))
    return [scored for _, _, scored in sorted(order, key=lambda row: row[:2])]


def marginal(ranked: list[Scored], passages: dict[int, Passage], weight: float = 0.02) -> list[Scored]:
    """Maximal marginal relevance (Carbonell and Goldstein, 1998), by passage vectors less their mean."""
    vectors = np.array([scored.indexed.vectors[0] for scored in ranked])
    vectors -= vectors.mean(axis=0)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    rest, order = list(range(len(ranked))), list[int]()
    while rest:
        best = max(
            rest, key=lambda n: ranked[n].score - weight * max((vectors[order] @ vectors[n]).tolist(), default=0)
        )
        rest.remove(best)
        order.append(best)
    return [ranked[n] for n in order]


ORDERS: dict[str, Order] = {
    "ragbot": retrieval._spread,
    "by score alone": by_score,
    "a quota of one": by_turns,
    "MMR 0.02": marginal,
}


@contextmanager
def ordered(order: Order) -> Iterator[None]:
    kept = retrieval._spread
    retrieval._spread = order  # type: ignore[assignment]
    try:
        yield
    finally:
        retrieval._spread = kept


def build(tokens: int) -> Assistant:
    bot = Assistant(Path(tempfile.mkdtemp(prefix="ragbot-bench-")), Settings(llm="none", passage_tokens=tokens))
    bot.add(ROOT / "corpus")
    bot.add(ROOT / "tests" / "testsets" / "other")
    return bot


def read(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (ROOT / name).read_text(encoding="utf-8").splitlines()]


def segments_found(row: dict[str, Any], passages: Sequence[Passage]) -> float:
    return len(set(row["segments"]) & {passage.segment for passage in passages}) / len(row["segments"])


def quotes_found(row: dict[str, Any], passages: Sequence[Passage]) -> float:
    """Of the quotes, each given in several wordings, how many stand in a passage; one may run over its end."""
    texts = ["".join(passage.text.split()) for passage in passages]
    wordings = [["".join(wording.split()) for wording in quote] for quote in row["evidence"]]
    return float(np.mean([any(w in text or text in w for text in texts for w in quote) for quote in wordings]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tokens", type=int, default=64)
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    bot = build(options.tokens)
    rows = [row for name in ("ai-value-chain", "other") for row in read(f"tests/testsets/{name}.jsonl")]
    rows = [row for row in rows if row["answerable"] and row["evidence"] and not row["history"]]
    kinds = {
        "segments": (read("benchmarks/breadth.jsonl"), segments_found),
        "quotes": ([row for row in rows if len(row["evidence"]) > 1], quotes_found),
        "single": ([row for row in rows if len(row["evidence"]) == 1], quotes_found),
    }
    for name, order in ORDERS.items():
        figures = {}
        with ordered(order):
            for kind, (asked, share) in kinds.items():
                for k in DEPTHS:
                    found = (bot.retriever.retrieve(row["question"], k) for row in asked)
                    values = [share(r, [e.passage for e in each]) for r, each in zip(asked, found, strict=True)]
                    figures[f"{kind}@{k}"] = round(100 * float(np.mean(values)), 1)
        print(json.dumps({"order": name, **figures}), flush=True)


if __name__ == "__main__":
    main()
