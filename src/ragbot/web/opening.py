"""What a visit begins with: questions to try, what can be asked about, and how far the model is."""

import threading

from ragbot.assistant import Assistant
from ragbot.errors import RagbotError
from ragbot.followups import openers
from ragbot.schema import IndexedDocument, Language
from ragbot.standby import ModelState
from ragbot.web.markup import element, escape
from ragbot.web.texts import phrase


class Openers:
    """Questions that the documents answer, made once for each state of the index."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self._made: dict[tuple[Language, int], list[str]] = {}
        self._lock = threading.Lock()

    def get(self, language: Language) -> list[str]:
        """Of the documents in that language, or of the others where there are none."""
        try:
            state = (language, self.assistant.store.generation())
            with self._lock:
                if state not in self._made:
                    other: Language = "en" if language == "zh" else "zh"
                    self._made[state] = openers(self.assistant, language) or openers(self.assistant, other)
                return self._made[state]
        except RagbotError:  # the first question will say what is wrong
            return []


def documents_of(assistant: Assistant) -> list[IndexedDocument]:
    """What is indexed; nothing where there is no index that can be read."""
    try:
        return assistant.documents()
    except RagbotError:
        return []


def model_line(state: ModelState, language: Language) -> str:
    """One line: which model writes, or why none does yet."""
    share = round(100 * state.share)
    said = phrase(f"model_{state.stage}", language, name=state.name, share=share, trouble=state.trouble)
    dot = element("span", "", class_=f"dot {state.stage}", aria_hidden="true")
    return element("p", dot, element("span", escape(said)), class_="model", data_stage=state.stage)
