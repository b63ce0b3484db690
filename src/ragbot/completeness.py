"""Whether a statement leaves out of its sentence just what the question asks for: the cause, the person, the place.

"Revenue was below its target" is true of "Revenue was below its target, because screening was banned", and no answer
to the question why.
"""

import re
from collections.abc import Iterator

from ragbot import matching
from ragbot.aliases import transliterates
from ragbot.answerability import Demand, asks_which
from ragbot.matching import CAUSE, MISSING, PRONOUN, WHOM, WHY, Supporting
from ragbot.segments import without_sources

KEPT = 0.25  # share of a cause's telling words that a statement must hold
COVERED = 0.3  # the same of each half of a sentence that is told as a whole
_SINCE = re.compile(r"\bsince (?=\d|then\b|last\b|[A-Z])", re.IGNORECASE)  # a time, no cause
_CAUSE_BEFORE = re.compile(
    r"因此|所以|使|让|导致|从而|as a result|which (?:gives|lifts|makes)|therefore|makes? it|(?<=, )so that",
    re.IGNORECASE,
)
_HALVES = re.compile(r"[;；]|,? \b(?:while|whereas|but)\b|，(?:而(?![且是])|但)")
_FEWEST = 4  # words of a half that tells something by itself


def falls_short(asked: Demand, statement: str, row: Supporting) -> bool:
    """Whether a statement that was told from a sentence lacks what the sentence has in answer to the question.

    "It has the higher margin" does not say which.
    """
    own = without_sources(row[1].text)
    if WHY.search(asked.question):
        causes = list(_causes(own))
        return bool(causes) and not any(_keeps(cause, statement, asked, KEPT) for cause in causes)
    if asks_which(asked.question) and PRONOUN.match(statement):
        return True
    if WHOM.search(asked.question):
        new = [name for name in matching.names(own) if not matching.holds_name(name, asked.question, asked.aliases)]
        return bool(new) and not any(matching.holds_name(name, statement, asked.aliases) for name in new)
    return False


def covers(asked: Demand, statement: str, row: Supporting) -> bool:
    """Whether a statement tells something of each half of its sentence."""
    halves = _HALVES.split(without_sources(row[1].text))
    return all(_keeps(half, statement, asked, COVERED, _FEWEST) for half in halves) if len(halves) > 1 else True


def _causes(sentence: str) -> Iterator[str]:
    """What a sentence gives as causes: what stands after "because", or before "therefore"."""
    bare = _SINCE.sub(" ", sentence)
    for match in CAUSE.finditer(bare):
        before, after = _HALVES.split(bare[: match.start()])[-1], _HALVES.split(bare[match.end() :])[0]
        yield before if _CAUSE_BEFORE.match(bare, match.start()) else after


def _keeps(part: str, statement: str, asked: Demand, share: float, fewest: int = 1) -> bool:
    """Whether a statement holds so much of a part of its sentence, as far as that goes beyond the question."""
    telling = [word for word in matching.units(part, "") if matching.critical(word)]
    telling = [word for word in telling if matching.known(word, asked.question, asked.aliases) < MISSING]
    met = sum(_is_in(word, statement, asked) for word in telling)
    return len(telling) < fewest or met >= share * len(telling)


def _is_in(word: str, statement: str, asked: Demand) -> bool:
    """Whether a statement holds a word, or a name as it is read: 云汐港 in Yunxigang."""
    if matching.known(word, statement, asked.aliases) >= MISSING:
        return True
    latin = (" ".join(name) for name in matching.names(statement)) if matching.strange(word) else ()
    return any(transliterates(name, word) for name in latin)
