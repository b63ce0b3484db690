"""What a question takes for granted and a document denies: it asks about a profit, and there was a loss."""

import re
from collections.abc import Iterator, Sequence

from ragbot import figures, matching, measures
from ragbot.answerability import Demand, names_the_same, periods_met
from ragbot.language import simplify
from ragbot.matching import Supporting
from ragbot.schema import Evidence
from ragbot.segments import without_sources

# Opposites, the one and the other, each in Chinese and English. A gross profit is no opposite of a loss.
_OPPOSITES = (
    (
        r"盈利|获利|净利|营业利润|净赚|\b(?:profits?|profitabl[ey]|earned)\b(?<!gross profit)(?<!gross profits)",
        r"亏损|净亏|亏了|亏掉|\b(?:loss|losses|lost (?=(?:about |nearly |over )?(?:[$€£¥]|RMB|\d)))",
    ),
    (
        r"提价|涨价|上调|调高|提高了?"
        r"|\b(?:rais(?:ed?|es|ing)|lift(?:ed|s)?|put up)\b (?=(?:its|the|their|prices?)\b)",
        r"降价|下调|调低|降低了?"
        r"|\b(?:lower(?:ed|s|ing)?|cut(?:s|ting)?|reduc(?:ed?|es|ing))\b (?=(?:its|the|their|prices?)\b)",
    ),
    (
        r"新开|开(?:了|出|设)|\bopen(?:ed|ing)\b",
        r"关(?:了|掉|闭|停|张)|停业|\b(?:closed|closing|shut)\b",
    ),
    (
        r"招(?:了|聘|进)|增加了?|新增|\b(?:hired|added|recruited|took on)\b",
        r"裁(?:了|掉|员|减)|遣散|\b(?:laid off|dismissed|sacked|made redundant)\b",
    ),
)
_PATTERNS = tuple((re.compile(one, re.IGNORECASE), re.compile(other, re.IGNORECASE)) for one, other in _OPPOSITES)
# A part of the firm has lost it, not the firm: "the scheme lost $1.2 million".
_OF_A_PART = re.compile(
    r"\b(?:the|this|that|its|their) (?!(?:company|group|firm|business|chain|house|parent)\b)[a-z]+ lost\b"
    r"|(?:该|这[个项])(?!公司|集团|企业)[\u4e00-\u9fff]{2,6}?(?:净?亏损|亏[了掉])",
    re.IGNORECASE,
)
# The share of the question's other words that such a sentence and its setting must hold.
_ENOUGH = 0.6
_ENOUGH_WITH_AMOUNTS = 0.35  # where it holds every amount that the question tells
_ENOUGH_NAMELESS = 0.75  # where the question names nobody


def against(asked: Demand, evidence: Sequence[Evidence]) -> Supporting | None:
    """The sentence that says the opposite of what a question takes for granted, of whom and when it asks about."""
    found = [(share, item, row) for item in evidence for share, row in _contradicting(asked, item)]
    best = max(found, key=lambda each: (each[0], each[1].score + each[2][1].score), default=None)
    return best[2] if best else None


def _contradicting(asked: Demand, item: Evidence) -> Iterator[tuple[float, Supporting]]:
    told = matching.amounts(asked.question)
    enough = _ENOUGH_WITH_AMOUNTS if told else _ENOUGH if asked.all_names else _ENOUGH_NAMELESS
    for sentence in item.sentences:
        row, own = (item.passage, sentence), without_sources(sentence.text)
        plain = simplify(own)
        if not _opposed(simplify(asked.question), plain) or _OF_A_PART.search(plain):
            continue
        held = figures.read(own)
        same = all(figures.meets(amount, held) for amount in told)
        if not same or not names_the_same(asked, row) or not periods_met(asked, item.passage, own):
            continue
        share = _share(asked, f"{own} {matching.setting(*row)} {matching.carried(*row)}")
        if share >= enough:
            yield share, row


def _opposed(question: str, text: str) -> bool:
    """Whether the one holds a word and the other its opposite, neither both; or the one rises and the other falls."""
    if matching.direction(question) * matching.direction(text) < 0:
        return True
    for pattern, opposite in _PATTERNS:
        here, there = ((bool(pattern.search(each)), bool(opposite.search(each))) for each in (question, text))
        if any(here) and here == (there[1], there[0]) and here[0] != here[1]:
            return True
    return False


def _share(asked: Demand, near: str) -> float:
    """The share of the question's telling words and measures, less the opposites themselves, that a text holds."""
    telling = [word for word in asked.words if matching.critical(word) and not _is_opposite(word)]
    wanted = [meant for meant in asked.measures if not meant & {"profit", "loss"}]
    met = sum(matching.known(word, near, asked.aliases) >= matching.MISSING for word in telling)
    met += sum(bool(meant & measures.given(near)) for meant in wanted)
    return met / (len(telling) + len(wanted)) if telling or wanted else 0.0


def _is_opposite(word: str) -> bool:
    return any(one.search(word) or other.search(word) for one, other in _PATTERNS)
