"""How long a reader waits, warm: to the evidence, to the first word, to the checked answer.

Extraction and the embedded model, over the corpus; beside them LlamaIndex's CitationQueryEngine with the same encoder
and the same model server, which shows nothing before its answer begins. Prints one JSON object; milliseconds, median
and 95th percentile over the questions below, asked in turn (the peer gets every third: its prompts are long).
"""

import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from ragbot import Assistant, Settings
from ragbot.schema import DraftText, EvidenceFound

CORPUS = Path(__file__).parent.parent / "corpus"
PEER_QUESTIONS = 3  # the peer takes a minute for each on two cores
QUESTIONS = [
    "英伟达数据中心业务季度收入是多少？",
    "为什么大模型研发难以盈利？",
    "谷歌云的季度收入是多少？",
    "高端AI芯片由谁代工？",
    "ChatGPT Pro每月收费多少？",
    "How much did OpenAI lose?",
    "What was AWS's quarterly revenue?",
    "What did Gartner predict about generative AI projects?",
    "Why do leading hardware makers have strong bargaining power?",
    "What did Nadella say about Azure deals?",
]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        writer = Assistant(folder, Settings())
        extractor = Assistant(folder, Settings(llm="none"))
        writer.add(CORPUS)
        for bot in (writer, extractor):
            bot.warm_up()
        measured = {"extraction": stages(extractor), writer.engine: stages(writer)}
        if writer.model:
            measured["peer: LlamaIndex CitationQueryEngine"] = peer(writer)
    print(json.dumps(measured, indent=2, ensure_ascii=False))


def stages(bot: Assistant) -> dict[str, dict[str, float]]:
    seen: dict[str, list[float]] = {"evidence_ms": [], "first_word_ms": [], "answer_ms": []}
    for question in QUESTIONS:
        begun, first = time.perf_counter(), None
        for event in bot.stream(question):
            now = 1000 * (time.perf_counter() - begun)
            if isinstance(event, EvidenceFound):
                seen["evidence_ms"].append(now)
            elif isinstance(event, DraftText) and first is None:
                first = now
        seen["first_word_ms"].append(first if first is not None else now)
        seen["answer_ms"].append(now)
    return {stage: summary(times) for stage, times in seen.items()}


def peer(bot: Assistant) -> dict[str, dict[str, float]]:
    """The same documents, encoder and model behind LlamaIndex's own citing engine, streaming."""
    seen: dict[str, list[float]] = {"first_word_ms": [], "answer_ms": []}
    engine = _citation_engine(bot)
    for question in QUESTIONS[:: len(QUESTIONS) // PEER_QUESTIONS]:
        begun, first = time.perf_counter(), None
        for _ in _words(engine, question):
            first = first or 1000 * (time.perf_counter() - begun)
        seen["answer_ms"].append(1000 * (time.perf_counter() - begun))
        seen["first_word_ms"].append(first or seen["answer_ms"][-1])
    return {stage: summary(times) for stage, times in seen.items()}


def _words(engine: object, question: str) -> Iterator[str]:
    response = engine.query(question)  # type: ignore[attr-defined]
    yield from response.response_gen


def _citation_engine(bot: Assistant) -> object:
    from llama_index.core import Document, VectorStoreIndex
    from llama_index.core.embeddings import BaseEmbedding
    from llama_index.core.query_engine import CitationQueryEngine

    class SameEncoder(BaseEmbedding):
        def _get_query_embedding(self, query: str) -> list[float]:
            return bot.encoder.queries([query])[0].tolist()

        def _get_text_embedding(self, text: str) -> list[float]:
            return bot.encoder.passages([text])[0].tolist()

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

    documents = [Document(text=bot.text(document.name)) for document in bot.documents()]
    index = VectorStoreIndex.from_documents(documents, embed_model=SameEncoder())
    return CitationQueryEngine.from_args(
        index, llm=bot.model._connected(), embed_model=SameEncoder(), similarity_top_k=3, streaming=True
    )


def summary(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    return {
        "p50": round(statistics.median(ordered)),
        "p95": round(ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]),
    }


if __name__ == "__main__":
    main()
