"""What is the most so, more so, high or low: a statement may say of these only what its sentence says, in any words."""

import re
from dataclasses import dataclass

from ragbot.language import fold, stem

# By kind: the words by which a statement says it, and the further ones by which its sentence may.
_TABLE = (
    (
        r"最[高大多]|\b(?:highest|largest|biggest|greatest|(?<!at )most)\b",
        r"第一|首位|居首|龙头|最[长强重贵深]|大部分|大多|多数"
        r"|\b(?:top|first|leading|maximum|number one|mainly|mostly|majority|longest|strongest|heaviest|best)\b",
    ),
    (r"最[低小少]|\b(?:lowest|smallest|fewest|(?<!at )least)\b", r"末位|最后|垫底|至少|\b(?:last|bottom|minimum)\b"),
    (r"最快|\b(?:fastest|quickest)\b", r"增[长速]最|\bfast(?:er)? than (?:any|all)\b"),
    (r"最慢|\bslowest\b", ""),
    (
        r"第一(?![季财年次])|\bfirst\b(?! (?:quarter|half|(?:two|three|six|nine) ))",
        r"首|\b(?:top|largest|leading|earliest|number one)\b",
    ),
    (r"唯一|\bonly\b", r"只|仅|独家|单|\b(?:sole|solely|single|just|alone|exclusive(?:ly)?)\b"),
    (
        r"更[高大多]|\b(?:higher|larger|bigger|greater)\b",
        r"比|[高多大]于|超过|增|升|涨|\b(?:above|exceed\w*|more|outstrip\w*|beyond|rose|risen|up|grew|increas\w+)\b",
    ),
    (
        r"更[低小少]|\b(?:lower|smaller)\b",
        r"比|[低少小]于|不及|不到|降|跌|减"
        r"|\b(?:below|under|less|fewer|fell|fallen|down|declin\w+|decreas\w+|short of)\b",
    ),
    (r"更快|\bfaster\b", r"快于|超过|比.{1,20}快|\b(?:outpac\w+|quicker|ahead of)\b"),
    (r"更慢|\bslower\b", r"慢于|比.{1,20}慢|\b(?:behind|lag\w*)\b"),
)
_ONLY_SO_MUCH = re.compile(r"\bonly(?= (?:about |around |some |nearly |just )?(?:[$€£¥\d]|RMB|[A-Z]{2,3} ?\$?\d))")
_ORDER = re.compile(
    r"(?P<above>高于|多于|大于|\b(?:above|exceed\w*|(?:higher|more|larger|greater) than)\b)"
    r"|(?P<below>低于|少于|小于|\b(?:below|(?:lower|less|fewer|smaller) than)\b)",
    re.IGNORECASE,
)
_DEGREE = re.compile(
    r"\b(?:(?P<high>high(?:er|est)?)|low(?:er|est)?)\s(?P<what>[a-z]+(?:\s[a-z]+)?)"
    r"|(?P<what_>[\u4e00-\u9fff]{2})(?:目前|现在|仍然?|也|却)?[最很较更偏]?(?:(?P<high_>高)|低)(?!于)",
    re.IGNORECASE,
)
_NEXT_WORD = re.compile(r"\s*(?:(?:the|a|an|its|their|that of)\s)?([\u4e00-\u9fff]{2}|[A-Za-z]+)")


@dataclass(frozen=True, slots=True)
class Degree:
    """A kind of comparison: `said` in a statement, `held` by a sentence."""

    said: re.Pattern[str]
    held: re.Pattern[str]


_DEGREES = tuple(
    Degree(re.compile(said, re.IGNORECASE), re.compile(f"{said}|{more}" if more else said, re.IGNORECASE))
    for said, more in _TABLE
)


def stated(statement: str) -> tuple[Degree, ...]:
    """The comparisons that a statement makes: "the largest", "higher". "Only $800m" makes none."""
    bare = _ONLY_SO_MUCH.sub(" ", statement)
    return tuple(degree for degree in _DEGREES if degree.said.search(bare))


def turned_over(statement: str, sentence: str) -> bool:
    """Whether a statement sets below something what the sentence sets above it, or the other way round."""
    mine, theirs = _orders(statement), _orders(sentence)
    opposite = {"above": "below", "below": "above"}
    return any((opposite[order], word) in theirs for order, word in mine - theirs)


def _orders(text: str) -> set[tuple[str, str]]:
    """What a text sets things above or below, and what it calls high or low: ("below", the word)."""
    found = {
        (str(match.lastgroup), fold(after[1]))
        for match in _ORDER.finditer(text)
        if (after := _NEXT_WORD.match(text, match.end()))
    }
    for match in _DEGREE.finditer(text):
        order = "above" if match["high"] or match["high_"] else "below"
        found |= {(order, stem(fold(word))) for word in (match["what"] or match["what_"]).split()}
    return found
