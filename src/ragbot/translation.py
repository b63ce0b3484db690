"""A question in the other language, by the model that writes: short, remembered, and never waited for long."""

import re
import threading
from collections import OrderedDict
from collections.abc import Callable

from ragbot.errors import ModelError
from ragbot.language import HAN, detect, fold, tokens
from ragbot.llm import Message, Model
from ragbot.schema import Language

SECONDS = 6.0  # a 2-core machine needs about one
REMEMBERED = 512  # questions
LONGEST = 200  # estimated tokens: a longer question says enough by itself
_GROWTH = 2.5  # a translation that is so many times longer than its question is an answer, or a loop

# Examples keep a small model at its task: without them its Chinese answers the question or repeats itself.
_PROMPTS: dict[Language, list[Message]] = {
    "en": [
        ("system", "Translate the question into English. Write only the translation."),
        ("user", "哪家公司最先推出电动卡车？"),
        ("assistant", "Which company was the first to launch an electric truck?"),
        ("user", "2019年该港口的吞吐量为什么下降？"),
        ("assistant", "Why did the throughput of the port fall in 2019?"),
    ],
    "zh": [
        ("system", "把问题翻译成简体中文。只写译文，不要回答。"),
        ("user", "Which company was the first to launch an electric truck?"),
        ("assistant", "哪家公司最先推出电动卡车？"),
        ("user", "Why did the throughput of the port fall in 2019?"),
        ("assistant", "2019年该港口的吞吐量为什么下降？"),
    ],
}
_NUMBER = re.compile(r"\d+")
_YEAR = re.compile(r"\d{4}")


class Translator:
    """Translates questions between Chinese and English; a question that cannot be translated in time stays as it is."""

    def __init__(self, model: Callable[[], Model | None], seconds: float = SECONDS) -> None:
        self._model = model
        self._seconds = seconds
        self._known: OrderedDict[str, str | None] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, question: str) -> str | None:
        """The question in the other language; None without a model, in case of doubt, and when time runs out."""
        with self._lock:
            if question in self._known:
                self._known.move_to_end(question)
                return self._known[question]
        model = self._model()
        if model is None or tokens(question) > LONGEST:
            return None
        translation = self._in_time(model, question)
        with self._lock:
            self._known[question] = translation
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return translation

    def _in_time(self, model: Model, question: str) -> str | None:
        found: list[str | None] = []
        worker = threading.Thread(target=lambda: found.append(translate(model, question)), daemon=True)
        worker.start()
        worker.join(self._seconds)
        return found[0] if found else None


def translate(model: Model, question: str) -> str | None:
    """The model's translation of a question, unless it wandered off or the model failed."""
    target: Language = "en" if detect(question) == "zh" else "zh"
    limit = int(_GROWTH * tokens(question)) + 16
    try:
        text = model.complete([*_PROMPTS[target], ("user", question)], max_tokens=limit)
    except ModelError:
        return None
    line = text.strip().splitlines()[0].strip(' "“”') if text.strip() else ""
    return line if _faithful(question, line, target) else None


def _faithful(question: str, translation: str, target: Language) -> bool:
    """Whether it is in the language asked for, of a question's length, with the question's figures and no loop."""
    if not translation or detect(translation) != target or tokens(translation) > _GROWTH * tokens(question) + 8:
        return False
    if target == "en" and HAN.search(translation):
        return False
    asked, written = (set(_NUMBER.findall(fold(text))) for text in (question, translation))
    invented = {number for number in written - asked if _YEAR.fullmatch(number)}
    if invented or not asked <= written:
        return False
    return not re.search(r"(.{4,}?)\1\1", translation)
