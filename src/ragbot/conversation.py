"""A question in the light of the conversation: what it would say if it stood alone."""

import re
from collections.abc import Callable, Sequence

from ragbot.errors import ModelError
from ragbot.language import detect, words
from ragbot.llm import Model
from ragbot.schema import Exchange
from ragbot.texts import REWRITE

_LEANS_ZH = re.compile(
    r"^(?:那|那么|那麼|然后|还有|另外|为什么|为何|原因|具体)|呢[？?]?$|[它他她其](?:们|們)?|这[个些家一]|那[个些家]|该|上述|前者|后者"
)
_LEANS_EN = re.compile(
    r"^(?:and|but|so|then|what about|how about|why|also)\b"
    r"|\b(?:it|its|they|their|them|that|those|this|these|he|she|one|the same|former|latter)\b",
    re.IGNORECASE,
)
_LONG = 14  # words: a question that long says what it is about


def resolve(question: str, history: Sequence[Exchange], writer: Callable[[], Model | None]) -> str:
    """The question made whole: as it is when it stands alone, else rewritten by the model or joined to the last one."""
    if not history or not leans(question):
        return question
    previous = history[-1].question
    model = writer()
    rewritten = _rewrite(question, previous, model) if model else None
    return rewritten or f"{previous} {question}"


def leans(question: str) -> bool:
    """Whether the question needs an earlier one to be understood."""
    pattern = _LEANS_ZH if detect(question) == "zh" else _LEANS_EN
    return len(words(question)) < _LONG and bool(pattern.search(question.strip()))


def _rewrite(question: str, previous: str, model: Model) -> str | None:
    """The model's wording, unless it lost what the follow-up asks for or ran on."""
    language = detect(question)
    try:
        text = model.complete([("user", REWRITE[language].format(previous=previous, question=question))], max_tokens=60)
    except ModelError:
        return None
    line = text.strip().splitlines()[0].strip(' "“”') if text.strip() else ""
    known = set(words(previous + " " + question))
    kept = set(words(line))
    own = set(words(question))
    faithful = bool(kept) and len(kept & known) >= 0.7 * len(kept) and len(own & kept) >= 0.5 * len(own)
    return line if faithful and detect(line) == language else None
