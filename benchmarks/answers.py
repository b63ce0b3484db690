"""Answers over the test sets, by ragbot and by others with the same model and encoder; all measured in one run.

    python benchmarks/answers.py --engines extraction
    python benchmarks/answers.py --engines ragbot-1.5b llamaindex-1.5b --sets zh --limit 20 --out runs/a

A table goes to stderr, JSON to stdout. With --out every answer is kept as a JSONL row as soon as it is there, and a
second run asks only what is missing: give a changed ragbot a new folder. Questions of a conversation are asked after
the earlier ones, and timed alone.

Sets:     zh, en, both    ai-value-chain.jsonl over the Chinese report, the English one, or both
          other           other.jsonl over the documents of tests/testsets/other
          heldout         heldout.jsonl over those of tests/testsets/heldout, written by somebody who did not
                          know the code; of its documents, games, airlines and insurance were never looked into
          unseen          unseen.jsonl over those of tests/testsets/unseen, likewise; no weight was fitted to it,
                          but the second look's bars were chosen on its drafts
          blind           blind.jsonl over those of tests/testsets/blind, likewise; its failures led to changes after
                          it was first measured, so it is blind no more
          fresh           fresh.jsonl over those of tests/testsets/fresh, likewise; no bar was chosen on it, two of its
                          failures led to changes
          sealed          sealed.jsonl over those of tests/testsets/sealed, likewise; measured before and after a
                          round of changes, then its failures led to others
          veiled          veiled.jsonl over those of tests/testsets/veiled, likewise; first measured after all that the
                          sets above led to, then its failures led to others
          covert          covert.jsonl over those of tests/testsets/covert, likewise; measured last, never looked at
Engines:  extraction      ragbot without a model
          ragbot-1.5b     ragbot with the embedded model (ragbot-0.5b: the smaller one), default settings otherwise
          llamaindex-1.5b LlamaIndex's CitationQueryEngine as its documentation sets it up (3 passages, citations of
                          512 tokens), with the same model and encoder; CondenseQuestionChatEngine for conversations
"""

import argparse
import json
import re
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from ragbot import Assistant, Settings
from ragbot.evaluation.cases import Case, read_cases
from ragbot.evaluation.runner import answered, failed_row, selected
from ragbot.evaluation.runs import read_rows
from ragbot.evaluation.scoring import Row, faults, judge
from ragbot.evaluation.summary import Summary, summarise
from ragbot.evaluation.wording import is_refusal

ROOT = Path(__file__).resolve().parents[1]
TESTSETS = ROOT / "tests" / "testsets"
REPORT = ROOT / "corpus"
SETS = {
    "zh": ("ai-value-chain.jsonl", [REPORT / "ai-value-chain.zh.md"]),
    "en": ("ai-value-chain.jsonl", [REPORT / "ai-value-chain.en.md"]),
    "both": ("ai-value-chain.jsonl", [REPORT / "ai-value-chain.zh.md", REPORT / "ai-value-chain.en.md"]),
    "other": ("other.jsonl", [TESTSETS / "other"]),
    "heldout": ("heldout.jsonl", [TESTSETS / "heldout"]),
    "unseen": ("unseen.jsonl", [TESTSETS / "unseen"]),
    "blind": ("blind.jsonl", [TESTSETS / "blind"]),
    "fresh": ("fresh.jsonl", [TESTSETS / "fresh"]),
    "sealed": ("sealed.jsonl", [TESTSETS / "sealed"]),
    "veiled": ("veiled.jsonl", [TESTSETS / "veiled"]),
    "covert": ("covert.jsonl", [TESTSETS / "covert"]),
}
MODELS = {
    "extraction": "none",
    "ragbot-1.5b": "qwen2.5-coder-1.5b",
    "ragbot-0.5b": "qwen2.5-coder-0.5b",
    "llamaindex-1.5b": "qwen2.5-coder-1.5b",
    "llamaindex-0.5b": "qwen2.5-coder-0.5b",
}


SHOWN = ("right", "refused", "answerable_refused", "citation_precision", "statements_cited", "language_right")


class Engine(Protocol):
    """Answers a test-set row with an answer row; 'passages' are the texts that its citations stand in."""

    def answer(self, case: Case) -> Row: ...


class Ragbot:
    """ragbot itself."""

    def __init__(self, bot: Assistant) -> None:
        self.bot = bot

    def answer(self, case: Case) -> Row:
        return answered(self.bot, case)


class LlamaIndex:
    """CitationQueryEngine over the same documents. It refuses only in words: ragbot.evaluation.wording.REFUSALS."""

    def __init__(self, bot: Assistant) -> None:
        from llama_index.core import Document, VectorStoreIndex
        from llama_index.core.query_engine import CitationQueryEngine

        if bot.model is None:
            raise SystemExit("llamaindex needs a model")
        self.llm = bot.model._connected()  # the same server; the class keeps its client to itself
        self.llm.max_tokens = bot.settings.answer_tokens
        self.llm.context_window = bot.settings.llm_context
        documents = [Document(text=bot.text(d.name), metadata={"document": d.name}) for d in bot.documents()]
        index = VectorStoreIndex.from_documents(documents, embed_model=_embedding(bot))
        self.engine = CitationQueryEngine.from_args(index, llm=self.llm, similarity_top_k=3, citation_chunk_size=512)

    def answer(self, case: Case) -> Row:
        from llama_index.core.chat_engine import CondenseQuestionChatEngine

        if case.history:
            chat = CondenseQuestionChatEngine.from_defaults(self.engine, llm=self.llm)
            for earlier in case.history:
                chat.chat(earlier)
        start = time.perf_counter()
        response = chat.chat(case.question) if case.history else self.engine.query(case.question)
        milliseconds = round(1000 * (time.perf_counter() - start))
        text = re.sub(r"\[source (\d+)\]", r"[\1]", str(response), flags=re.IGNORECASE)
        nodes = [re.sub(r"^Source \d+:\n", "", node.node.get_content()) for node in response.source_nodes]
        cited = {int(number) for number in re.findall(r"\[(\d+)\]", text)}
        citations = [
            {"number": number, "document": None, "quote": content}
            for number, content in enumerate(nodes, 1)
            if number in cited
        ]
        return {
            "id": case.id,
            "question": case.question,
            "answer": text,
            "refused": is_refusal(text),
            "citations": citations,
            # without a citation it is judged by all that it was given, to its advantage
            "passages": [citation["quote"] for citation in citations] or nodes,
            "retrieved": [],
            "timings": {"total_ms": milliseconds},
        }


def _embedding(bot: Assistant) -> Any:
    """ragbot's encoder as LlamaIndex wants it."""
    from llama_index.core.embeddings import BaseEmbedding

    class Embedding(BaseEmbedding):
        def _get_query_embedding(self, query: str) -> list[float]:
            return bot.encoder.queries([query])[0].tolist()

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

        def _get_text_embedding(self, text: str) -> list[float]:
            return bot.encoder.passages([text])[0].tolist()

    return Embedding()


def load(name: str, kinds: Sequence[str], limit: int | None) -> list[Case]:
    """The rows of a test set, of those kinds if any are named."""
    return selected([case for case in read_cases(TESTSETS / name) if not kinds or case.kind in kinds], limit)


def answers(engine: str, documents: Iterable[Path], cases: Sequence[Case], file: Path, index: Path) -> list[Row]:
    """An answer row for each case, from `file` where it is there, else asked and added to it."""
    kept = read_rows(file, mend=True)
    missing = [case for case in cases if kept.get(str(case.id), {}).get("question") != case.question]
    if missing:
        ready = _engine(engine, documents, index)
        with file.open("a", encoding="utf-8") as out:
            for number, case in enumerate(missing, 1):
                row = _asked(ready, case)
                kept[str(case.id)] = row
                print(json.dumps(row, ensure_ascii=False), file=out, flush=True)
                if number % 25 == 0 or number == len(missing):
                    print(f"{file.stem}: {number} of {len(missing)}", file=sys.stderr, flush=True)
    return [kept[str(case.id)] for case in cases]


def _engine(name: str, documents: Iterable[Path], index: Path) -> Engine:
    # the peer does not stream, so that its whole answer has to come within the time that is allowed for a silence
    bot = Assistant(index, Settings(llm=MODELS[name], llm_timeout=900))
    for path in documents:
        bot.add(path)
    bot.warm_up()
    return LlamaIndex(bot) if name.startswith("llamaindex") else Ragbot(bot)


def _asked(engine: Engine, case: Case) -> Row:
    """The engine's row; whatever a peer raises is a row too, and counts as wrong."""
    try:
        return engine.answer(case)
    except Exception as error:
        print(f"{case.id}: {error!r}", file=sys.stderr, flush=True)
        return failed_row(case, repr(error))


def table(results: dict[str, Summary]) -> str:
    """Headline numbers of each run, and the confusion by kind."""
    lines = ["run".ljust(24) + "".join(name[:18].rjust(20) for name in (*SHOWN, "unsupported figures", "median ms"))]
    for run, result in results.items():
        cells = [
            *(_cell(result, name) for name in SHOWN),
            result.figures_unsupported,
            result.latency["total_ms"]["p50"],
        ]
        lines.append(run.ljust(24) + "".join(str(cell).rjust(20) for cell in cells))
    for run, result in results.items():
        lines += ["", f"{run:24}" + "".join(name.rjust(22) for name in next(iter(result.confusion.values()), {}))]
        lines += [
            f"  {kind:22}" + "".join(str(n or "").rjust(22) for n in row.values())
            for kind, row in result.confusion.items()
        ]
    return "\n".join(lines)


def _cell(result: Summary, name: str) -> str:
    found = result.measures[name]
    if found.value is None or found.interval is None:
        return "-"
    low, high = found.interval
    return f"{100 * found.value:.1f} ({100 * low:.0f}-{100 * high:.0f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--engines", nargs="+", choices=MODELS, default=["extraction", "ragbot-1.5b", "llamaindex-1.5b"]
    )
    parser.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS))
    parser.add_argument("--kinds", nargs="+", default=[], help="only these kinds of question")
    parser.add_argument("--limit", type=int, help="this many questions a set, of all kinds in turn")
    parser.add_argument("--out", type=Path, help="folder that keeps every answer; a second run goes on from there")
    options = parser.parse_args()
    results: dict[str, Summary] = {}
    wrong: dict[str, list[Row]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        out = options.out or Path(scratch)
        out.mkdir(parents=True, exist_ok=True)
        for name in options.sets:
            testset, documents = SETS[name]
            cases = load(testset, options.kinds, options.limit)
            for engine in options.engines:
                rows = answers(engine, documents, cases, out / f"{name}.{engine}.jsonl", Path(scratch) / name)
                verdicts = [judge(case, row) for case, row in zip(cases, rows, strict=True)]
                results[f"{name}/{engine}"] = summarise(verdicts)
                wrong[f"{name}/{engine}"] = faults(verdicts)
    print(table(results), file=sys.stderr)
    as_json = {run: asdict(found) | {"faults": wrong[run]} for run, found in results.items()}
    print(json.dumps(as_json, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
