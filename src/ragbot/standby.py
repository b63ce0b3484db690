"""The model that writes, and how far it is: found when first needed, and looked for again while it is not there."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from ragbot import weights
from ragbot.errors import RagbotError
from ragbot.llm import Model, connect
from ragbot.settings import Settings

AGAIN = 3.0  # seconds between two looks for a model that is not there

Stage = Literal["none", "missing", "fetching", "loading", "ready", "failed"]


@dataclass(frozen=True, slots=True)
class ModelState:
    """How far the model is. `share`: of its weights, while they are fetched, 0 to 1; `trouble`: why it failed.

    `none`: the settings want none. `missing`: its weights are not here, `ragbot models pull` fetches them.
    """

    stage: Stage
    name: str
    share: float = 0.0
    trouble: str = ""


class Standby:
    """Holds the model of an assistant. Safe to share between threads."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.model: Model | None = None
        self._lock = threading.RLock()
        self._watched = threading.Event()
        self._trouble = ""

    def get(self) -> Model | None:
        """The model; loads it if its weights are here, and raises as `llm.connect` does.

        Once `watch` has been called it waits for nothing: None while the model is not ready.
        """
        return self.model if self._watched.is_set() else self._connected()

    def watch(self, prepare: Callable[[Model], None]) -> None:
        """Load the model in the background, as soon as there is one; it is ready once it is prepared."""
        if not self._watched.is_set():
            self._watched.set()
            threading.Thread(target=self._keep_looking, args=[prepare], daemon=True).start()

    def state(self) -> ModelState:
        settings = self.settings
        if self.model:
            return ModelState("ready", self.model.name)
        if settings.llm == "none" and not settings.llm_base_url:
            return ModelState("none", "")
        name = settings.llm_model if settings.llm_base_url else settings.llm
        if self._trouble:
            return ModelState("failed", name, trouble=self._trouble)
        if settings.llm_base_url or name not in ("auto", *weights.MODELS):
            return ModelState("loading", name)
        return self._embedded(name)

    def _embedded(self, name: str) -> ModelState:
        names = tuple(weights.MODELS) if name == "auto" else (name,)
        here = next((each for each in names if weights.is_here(each, self.settings)), None)
        if here:
            return ModelState("loading", here)
        shares = {each: weights.arrived(each, self.settings) for each in names}
        coming = max(shares, key=lambda each: shares[each])
        return ModelState("fetching" if shares[coming] else "missing", coming, shares[coming])

    def _connected(self) -> Model | None:
        if self.model is None:
            with self._lock:
                self.model = self.model or connect(self.settings)
        return self.model

    def _keep_looking(self, prepare: Callable[[Model], None]) -> None:
        while self.model is None and self.state().stage != "none":
            try:
                if model := connect(self.settings):
                    prepare(model)
                    self.model = model
                self._trouble = ""
            except RagbotError as error:  # a file that is still being copied, a server that is not up yet
                self._trouble = str(error)
            if self.model is None:
                time.sleep(AGAIN)
