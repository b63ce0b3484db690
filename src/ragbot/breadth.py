"""Questions that ask about several things at once, and evidence that covers each of them."""

import re
from collections.abc import Hashable, Sequence

import numpy as np

from ragbot.language import fold

HEARD = 0.02  # cosine: how much further passages of a segment that was heard already stand back
BROAD = (  # one entry a line, as regular expressions over folded text
    r"比较|相比|对比|对照|分别|各自|各个|各有|之间|异同|区别|差异|差别|不同",
    r"(?:[二两三四五六七八九十几多]|所有|每|各)(?:大|个|家|种|类|项)?.{0,3}?(?:环节|公司|厂商|企业|领域|部分|方面|板块|业务|行业|巨头|市场|国家|地区|阶段)",
    r"\b(?:compar(?:e|es|ed|ing|ison)|versus|vs|differ|differs|difference|differences|respectively|contrast)\b",
    r"\b(?:each|every|all|both|two|three|four|five|six|seven|several|various)\b(?: \w+){0,3}? "
    r"(?:segments?|companies|vendors|providers|areas|sectors|parts|regions|countries|products|layers|stages|players)\b",
)
_BROAD = re.compile("|".join(BROAD))


def is_broad(question: str) -> bool:
    """Whether a question asks about several things at once."""
    return bool(_BROAD.search(fold(question)))


def spread(scores: Sequence[float], segments: Sequence[Hashable]) -> list[int]:
    """An order of passages, given best first, in which segments not heard yet come before further ones of the same.

    A passage that stands far above the others keeps its place, whatever its segment: what a question compares may
    stand in one.
    """
    # A passage may stand before a better one, in place of its twin in the other language: there it counts as much.
    standing = np.maximum.accumulate(np.asarray(scores)[::-1])[::-1] if len(scores) else scores
    heard: set[Hashable] = set()
    rest, order = list(range(len(scores))), []
    while rest:
        best = max(rest, key=lambda n: standing[n] - HEARD * (segments[n] in heard))
        rest.remove(best)
        order.append(best)
        heard.add(segments[best])
    return order
