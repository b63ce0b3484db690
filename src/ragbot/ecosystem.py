"""ragbot as a part of the LlamaIndex ecosystem: its retriever and its query engine."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.response.schema import Response
from llama_index.core.query_engine import CustomQueryEngine
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from ragbot.schema import Evidence

if TYPE_CHECKING:
    from ragbot.assistant import Assistant


def retriever(
    assistant: "Assistant", k: int, documents: Sequence[str] | None = None, segments: Sequence[str] | None = None
) -> BaseRetriever:
    """A retriever of the k best passages, of the named documents and segments if any are named."""
    return _Retriever(assistant, k, documents, segments)


def query_engine(assistant: "Assistant") -> BaseQueryEngine:
    """An engine whose response is ragbot's checked answer."""
    return _QueryEngine(assistant=assistant)


def node(evidence: Evidence) -> NodeWithScore:
    """A passage as a LlamaIndex node with its score."""
    passage = evidence.passage
    metadata = {name: getattr(passage, name) for name in ("document", "segment", "start", "end", "page")}
    return NodeWithScore(node=TextNode(id_=str(passage.id), text=passage.text, metadata=metadata), score=evidence.score)


class _Retriever(BaseRetriever):
    def __init__(
        self, assistant: "Assistant", k: int, documents: Sequence[str] | None, segments: Sequence[str] | None
    ) -> None:
        super().__init__()
        self._assistant = assistant
        self._k = k
        self._within = (documents, segments)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return [
            node(item) for item in self._assistant.retriever.retrieve(query_bundle.query_str, self._k, *self._within)
        ]


class _QueryEngine(CustomQueryEngine):
    assistant: Any

    def custom_query(self, query_str: str) -> Response:
        answer = self.assistant.ask(query_str)
        return Response(
            response=answer.text,
            source_nodes=[node(item) for item in answer.evidence],
            metadata={"refused": answer.refused, "citations": answer.citations, "figures": answer.figures},
        )
