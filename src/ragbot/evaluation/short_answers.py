"""Short answers out of whole ones: the span that the question asks for, so that exact match and F1 can be told.

With a model, it copies the span and is believed only if the span stands in the text; else a rule finds one.
"""

import re
from typing import TYPE_CHECKING

from ragbot import figures
from ragbot.evaluation.answer_metrics import plain
from ragbot.evaluation.wording import normal
from ragbot.language import ENGLISH_FUNCTION_WORDS, detect, stem
from ragbot.schema import Language

if TYPE_CHECKING:
    from ragbot.llm import Model
    from ragbot.schema import Answer

_HOW_MUCH = re.compile(
    r"多少|几|多[大高长久快远]|\bhow (?:much|many|large|big|high|long|far|old|often)\b|\bwhat (?:percent|share)", re.I
)
_WHEN = re.compile(r"何时|什么时候|哪一?年|哪年|\bwhen\b|\b(?:what|which) (?:year|decade|century|date)\b", re.I)
_PERIODS = frozenset({"year", "period"})
_TOKENS = 48

ASK: dict[Language, str] = {
    "zh": "从下面的文字中，照抄能回答问题的最短片段（一个名称、数字、日期或短语），不要写别的。\n"
    "文字：{text}\n问题：{question}\n片段：",
    "en": "Copy from the text the shortest span that answers the question (a name, a figure, a date or a phrase) and "
    "write nothing else.\nText: {text}\nQuestion: {question}\nSpan:",
}


class Shortener:
    """Shortens answers, with the help of a model where there is one."""

    def __init__(self, model: "Model | None" = None) -> None:
        self._model = model

    def __call__(self, question: str, answer: "Answer") -> str:
        """The short answer; empty for a refusal."""
        return "" if answer.refused else self.span(question, plain(answer.text))

    def span(self, question: str, text: str) -> str:
        """The span of the text that answers the question."""
        copied = self._copied(question, text) if self._model and text else ""
        return copied or span_by_rule(question, text)

    def _copied(self, question: str, text: str) -> str:
        assert self._model is not None
        asked = ASK[detect(question)].format(text=text, question=question)
        reply = self._model.complete([("user", asked)], max_tokens=_TOKENS)
        span = reply.strip().split("\n")[0].strip(" \"'“”‘’「」。.")
        return span if span and normal(span) in normal(text) else ""


def span_by_rule(question: str, text: str) -> str:
    """The figure or time asked for; else the longest stretch of the text that says what the question does not."""
    asked = {(figure.value, figure.unit) for figure in figures.read(question)}
    new = [figure for figure in figures.read(text) if (figure.value, figure.unit) not in asked]
    if _WHEN.search(question):
        times = [figure.text for figure in new if figure.unit in _PERIODS]
        if times:
            return times[0]
    if _HOW_MUCH.search(question):
        amounts = [figure.text for figure in new if figure.unit not in _PERIODS]
        if amounts:
            return amounts[0]
    return _new_in_chinese(question, text) if detect(text) == "zh" else _new_in_english(question, text)


def _new_in_english(question: str, text: str) -> str:
    """The longest run of words, none of them the question's; function words may stand inside it."""
    known = {stem(word.lower()) for word in re.findall(r"[\w'’-]+", question)}
    best = ""
    run: list[str] = []
    for token in [*re.findall(r"[\w'’$%.-]*[\w'’$%-]|[^\w\s]", text), "."]:
        if re.fullmatch(r"[^\w$%]+", token) or stem(token.lower()) in known:
            span = " ".join(_without_function_words(run))
            best, run = max(best, span, key=len), []
        else:
            run.append(token)
    return best


def _without_function_words(words: list[str]) -> list[str]:
    """The words from the first to the last that carries content."""
    telling = [at for at, word in enumerate(words) if word.lower() not in ENGLISH_FUNCTION_WORDS]
    return words[telling[0] : telling[-1] + 1] if telling else []


def _new_in_chinese(question: str, text: str) -> str:
    """The longest run between punctuation marks of which no two characters stand together in the question."""
    known = {question[at : at + 2] for at in range(len(question) - 1)}
    shared = {at + step for at in range(len(text) - 1) if text[at : at + 2] in known for step in (0, 1)}
    kept = "".join("，" if at in shared else sign for at, sign in enumerate(text))
    runs = [run.strip("的了是在于由为被 ") for run in re.split(r"[，。；：、！？（）“”\s]+", kept)]
    return max(runs, key=len)
