"""Whether a sentence answers a question, as a model reads it.

"How many shops has it?" and "It will close 40 shops" share every word. A small model is a poor writer but a fair
reader: asked for yes or no, its probability of yes parts sentences that answer from those that only look alike.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from math import exp, log

from ragbot import matching
from ragbot.answerability import Candidate, Verdict
from ragbot.errors import ModelUnreachable
from ragbot.language import sentences
from ragbot.llm import Message, Model
from ragbot.matching import CAUSE, WHY, Supporting, following
from ragbot.segments import without_sources
from ragbot.texts import NO, READ, READING, READING_EXAMPLES, YES

LEAST = 0.03  # fit below which a sentence is not worth reading
READ_AT_MOST = 4  # sentences a question: each takes a 2-core machine about a second
_LEAST_ODDS = 1e-4  # no probability is taken for nought or one
WORDS = 0.4  # what the likelihood by words counts beside the reading, in log-odds
BELIEVED = 0.25  # belief from which a sentence answers
BELIEVED_IN_PART = 0.12  # the same, for one of several sentences that answer together
BELIEVED_DOUBTFUL = 0.55  # the same, for a sentence that lacks a name or a period of the question
BELIEVED_NEXT = 0.3  # reading from which the sentence after one that is asked about gives its cause
_LOOKED_BEYOND = 2  # sentences, for the one that comes next
CERTAIN = 0.75  # no further sentence is read


def read(question: str, verdict: Verdict, model: Model) -> Verdict:
    """The verdict, once a model has read the best candidates: it accepts what words miss, and refuses what they do not.

    What a question presumes is left to the words: a sentence that contradicts it does not answer it, but corrects it.
    """
    accepted: list[tuple[float, Candidate]] = []
    rejected: list[Candidate] = []
    readings: list[tuple[float, Supporting]] = []
    worth_reading = [candidate for candidate in verdict.candidates[:READ_AT_MOST] if candidate.fit >= LEAST]
    for candidate in worth_reading:
        likely = likelihood(question, candidate.row, model)
        if likely is None:
            return verdict
        readings.append((likely, candidate.row))
        belief = _belief(likely, candidate.fit)
        if belief >= _enough(candidate, verdict):
            accepted.append((belief, candidate))
        else:
            rejected.append(candidate)
        if belief >= CERTAIN and not candidate.doubtful and not verdict.several:
            break
    accepted.sort(key=lambda pair: -pair[0])
    rows = [candidate.row for _, candidate in accepted]
    if WHY.search(question) and not any(CAUSE.search(row[1].text) for row in rows):
        rows = [*(cause for cause in _causes(question, readings, model) if cause not in rows), *rows]
    if not rows:
        return verdict if verdict.presumed else replace(verdict, accepted=())
    refused = [candidate.row for candidate in rejected]
    rest = [row for row in verdict.accepted if row not in rows and row not in refused]
    return replace(verdict, accepted=(*rows, *rest), missing=())


def _causes(question: str, readings: Sequence[tuple[float, Supporting]], model: Model) -> Iterator[Supporting]:
    """The first sentence that comes next to one of the two best read, and reads better as the answer to a why.

    "Sales missed the budget. A ban on screening in schools had cost it half its customers": what is asked about stands
    in the one, and the cause in the other.
    """
    for likely, row in sorted(readings, key=lambda pair: -pair[0])[:_LOOKED_BEYOND]:
        after = following(row)
        if after and (likelihood(question, after, model) or 0.0) >= max(BELIEVED_NEXT, likely):
            yield after
            return


def _belief(read: float, fit: float) -> float:
    """What the reading and the words make of a sentence together: [0, 1]."""
    return 1 / (1 + exp(-_log_odds(read) - WORDS * _log_odds(fit)))


def _log_odds(probability: float) -> float:
    bounded = min(max(probability, _LEAST_ODDS), 1 - _LEAST_ODDS)
    return log(bounded / (1 - bounded))


def _enough(candidate: Candidate, verdict: Verdict) -> float:
    if candidate.doubtful:
        return BELIEVED_DOUBTFUL
    return BELIEVED_IN_PART if verdict.several else BELIEVED


def likelihood(question: str, row: Supporting, model: Model) -> float | None:
    """How probable the model finds it that a sentence answers: [0, 1]; None where it will not say."""
    return answers(question, in_context(row), model)


def answers(question: str, text: str, model: Model) -> float | None:
    """The same of any text."""
    try:
        return model.probability(_messages(question, text), YES, NO)
    except ModelUnreachable:
        return None  # it may write all the same, and what it writes is checked


def prepare(model: Model) -> None:
    """Have the model read the examples, so that the first question need not wait for it."""
    with suppress(ModelUnreachable):
        model.probability(_messages("-", "-"), YES, NO)


def in_context(row: Supporting) -> str:
    """A sentence under its title and heading, after the one before it or the header of its table."""
    passage, sentence = row
    own = without_sources(sentence.text)
    if " | " in own:
        return f"[{passage.title} > {passage.segment}] {matching.spelt_out(passage, own)}"
    before = without_sources(passage.text[: sentence.start - passage.start]).rstrip()
    lead = next((before[start:end] for start, end in reversed(list(sentences(before)))), "")
    return f"[{passage.title} > {passage.segment}] {lead} {own}"


def _messages(question: str, passage: str) -> Sequence[Message]:
    shown = [("system", READING)]
    for example, asked, reply in READING_EXAMPLES:
        shown += [("user", READ.format(passage=example, question=asked)), ("assistant", reply)]
    return [*shown, ("user", READ.format(passage=passage, question=question))]
