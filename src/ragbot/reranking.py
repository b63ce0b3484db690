"""A second opinion on the best passages: any sentence-transformers CrossEncoder, off unless a setting names one."""

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np

from ragbot.embeddings import load_model, quieten

_REMEDY = "give the folder of a downloaded CrossEncoder, or leave RAGBOT_RERANKER unset"


class CrossEncoderReranker:
    """Scores passages against a question, read together. Raises ModelNotFound when the model cannot be had."""

    def __init__(self, name: str) -> None:
        quieten()
        from sentence_transformers import CrossEncoder

        def make(offline: bool) -> Any:
            return CrossEncoder(name, device="cpu", local_files_only=offline)

        self._model = load_model(f"reranker '{name}'", name, make, _REMEDY)
        self._lock = threading.Lock()

    def __call__(self, question: str, passages: Sequence[str]) -> np.ndarray:
        """One score a passage, higher is better."""
        with self._lock:
            scores = self._model.predict([(question, text) for text in passages], show_progress_bar=False)
        return np.asarray(scores, dtype=np.float32)
