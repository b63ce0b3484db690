"""A second opinion on the best passages: any sentence-transformers CrossEncoder, off unless a setting names one."""

import threading
from collections.abc import Sequence

import numpy as np

from ragbot.errors import ModelNotFound


class CrossEncoderReranker:
    """Scores passages against a question, read together. Raises ModelNotFound when the model cannot be had."""

    def __init__(self, name: str) -> None:
        from sentence_transformers import CrossEncoder

        try:
            self._model = CrossEncoder(name, device="cpu")
        except (OSError, ValueError, RuntimeError) as error:
            cause = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
            raise ModelNotFound(
                f"reranker '{name}' could not be loaded: {cause}; give the folder of a downloaded CrossEncoder, or "
                "leave RAGBOT_RERANKER unset"
            ) from error
        self._lock = threading.Lock()

    def __call__(self, question: str, passages: Sequence[str]) -> np.ndarray:
        """One score a passage, higher is better."""
        with self._lock:
            scores = self._model.predict([(question, text) for text in passages], show_progress_bar=False)
        return np.asarray(scores, dtype=np.float32)
