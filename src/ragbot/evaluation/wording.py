"""What the words of an answer show: its language, whether it refuses, and which of them carry content."""

import re
import unicodedata
from functools import cache
from typing import Any


def normal(text: str) -> str:
    """Lower case, half width, Simplified characters: what comparisons are made on."""
    return _simplifier().convert(unicodedata.normalize("NFKC", text).casefold())


@cache
def _simplifier() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


REFUSALS = (
    # English
    "does not provide", "do not provide", "doesn't provide", "don't provide", "did not provide", "not provided",
    "does not mention", "do not mention", "doesn't mention", "not mentioned", "no mention", "does not contain",
    "do not contain", "doesn't contain", "does not specify", "do not specify", "not specified", "does not include",
    "do not include", "not included in", "does not say", "do not say", "does not state", "not stated",
    "does not give", "do not give", "does not disclose", "not disclosed", "no information", "not enough information",
    "insufficient information", "cannot be determined", "cannot determine", "cannot answer", "can't answer",
    "unable to", "i cannot", "i can't", "i'm sorry", "i am sorry", "i do not have", "i don't have", "not available",
    "none of the sources", "not found in", "empty response", "as an ai", "unknown", "not applicable",
    # Chinese
    "没有提供", "未提供", "没有提到", "未提到", "未提及", "没有提及", "没有给出", "未给出", "没有说明",
    "未说明", "没有包含", "未包含", "不包含", "没有涉及", "未涉及", "没有信息", "没有相关", "无相关",
    "没有足够", "信息不足", "无法回答", "无法确定", "无法提供", "无法得知", "不能回答", "不能确定", "未披露",
    "没有披露", "未公布", "没有公布", "没有找到", "未找到", "不知道", "抱歉", "对不起", "没有具体",
    "未明确", "没有明确",
)  # fmt: skip
"""How models say that they do not know. An answer that holds one of these counts as a refusal."""


def is_refusal(text: str) -> bool:
    """Whether an engine that has no flag for it refused: by `REFUSALS`, or by saying nothing."""
    plain = normal(text).replace("’", "'").strip()
    return not plain or any(phrase in plain for phrase in REFUSALS)


CITED = re.compile(r"\[(?:source )?(\d+)\]", re.IGNORECASE)
_SOURCE = re.compile(r"[（(](?:source|sources|来源)[:：].*?[)）](?=[.。;；]|$|\s*\[)", re.IGNORECASE)


def language_of(text: str) -> str | None:
    """zh, en, or None where only figures and names stand. English is told by its small words, which Chinese has not."""
    text = _SOURCE.sub("", text)
    han, small = len(re.findall(r"[\u4e00-\u9fff]", text)), len(re.findall(r"\b[a-z]{2,}\b", text))
    if not han and not small:
        return None
    return "en" if 2 * small >= han else "zh"


_STOP = frozenset("the and for that with was were are has have had its from this which than but not more".split())


def terms(text: str) -> set[str]:
    """Content words: English by their first five letters, Chinese by pairs of characters."""
    plain = normal(CITED.sub(" ", _SOURCE.sub("", text)))
    english = {word[:5] for word in re.findall(r"[a-z]{3,}", plain) if word not in _STOP}
    return english | {run[i : i + 2] for run in re.findall(r"[\u4e00-\u9fff]+", plain) for i in range(len(run) - 1)}
