"""Whether a sentence answers a question, as a model reads it.

"How many shops has it?" and "It will close 40 shops" share every word. A small model is a poor writer but a fair
reader: asked for yes or no, its probability of yes parts sentences that answer from those that only look alike.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from math import exp, inf, log

from ragbot import figures, matching, parties
from ragbot.answerability import Candidate, Verdict, is_of_another, names_the_same, of_the_named
from ragbot.errors import ModelUnreachable
from ragbot.language import sentences
from ragbot.llm import Message, Model
from ragbot.matching import CAUSE, WHY, Supporting, following, place
from ragbot.otherwise import gives_otherwise
from ragbot.schema import Figure
from ragbot.segments import without_sources
from ragbot.texts import NO, READ, READ_TAUGHT, READING, READING_EXAMPLES, VERIFY, VERIFYING, YES

_LEAST_ODDS = 1e-4  # no probability is taken for nought or one
_RIVALS = 2  # sentences that contradict the one believed
_RIVAL = 0.3  # reading from which such a one answers as well
_LOOKED_BEYOND = 2  # sentences, for the one that comes next
_THIN = 0.05  # likelihood by words below which a reading must be as firm as for a strange passage
_DOUBT = 1.5  # log-odds that a doubtful sentence is put behind others
# A second opinion: a logistic regression over three log-odds, fitted to sentences of the test sets but `fresh`.
_SECOND = 2  # sentences, the best read
_PLAIN, _READ, _MET = 0.9, 0.56, 0.16
_ENOUGH_TOGETHER, _ENOUGH_DOUBTFUL = -3.0, 0.0
_STRANGE = 1.5  # more, where a word that may be a name is not in the passage


@dataclass(frozen=True, slots=True)
class Bars:
    """How many sentences a model reads, and from which belief they answer.

    `least`: fit below which a sentence is not worth reading. `words`: what the likelihood by words counts beside the
    reading, in log-odds; the two make the belief. `believed`: belief from which a sentence answers; `in_part` the same,
    for one of several that answer together; `doubtful`, for one that lacks a name or a period of the question. `next`:
    reading from which the sentence after one that is asked about gives its cause. `pointed`: reading from which one
    that a draft points to answers. `certain`: belief from which no further sentence is read. `strange`: the same as
    `believed`, at least, for a passage that lacks a word of the question that may be a name.
    """

    sentences: int
    least: float
    words: float
    believed: float
    in_part: float
    doubtful: float
    next: float
    pointed: float
    certain: float
    strange: float = 0.0


# A reading takes a 2-core machine about a second. A taught model is sparing with its yes: most exercises want a no.
_UNTAUGHT = Bars(
    sentences=4, least=0.03, words=0.4, believed=0.25, in_part=0.12, doubtful=0.55, next=0.3, pointed=0.35, certain=0.75
)
_TAUGHT = Bars(
    sentences=6,
    least=0.0,
    words=0.6,
    believed=0.01,
    in_part=0.01,
    doubtful=0.4,
    next=0.05,
    pointed=0.05,
    certain=0.5,
    strange=0.06,
)


def bars(model: Model) -> Bars:
    return _TAUGHT if model.taught else _UNTAUGHT


def read(question: str, verdict: Verdict, model: Model) -> Verdict:
    """The verdict, once a model has read the best candidates: it accepts what words miss, and refuses what they do not.

    What a question presumes is left to the words: a sentence that contradicts it does not answer it, but corrects it.
    """
    accepted: list[tuple[float, Candidate]] = []
    rejected: list[Candidate] = []
    readings: list[tuple[float, Candidate]] = []
    at = bars(model)
    for candidate in worth_reading(verdict, at):
        likely = likelihood(question, candidate.row, model)
        if likely is None:
            return verdict
        readings.append((likely, candidate))
        belief = _belief(likely, candidate.fit, at.words)
        if belief >= _enough(candidate, verdict, at):
            accepted.append((belief, candidate))
        else:
            rejected.append(candidate)
        if belief >= at.certain and not candidate.doubtful and not verdict.several:
            for belief, rival in _rivals(question, candidate, verdict, [each for _, each in readings], model):
                if belief:
                    accepted.append((belief, rival))
                else:
                    rejected.append(rival)
            break
    if not accepted and model.taught:
        accepted = _read_untaught(question, verdict, readings, model)
        rejected = [candidate for candidate in rejected if candidate not in [each for _, each in accepted]]
    accepted.sort(key=lambda pair: -pair[0])
    rows = [candidate.row for _, candidate in accepted]
    if WHY.search(question) and not any(CAUSE.search(row[1].text) for row in rows):
        causes = list(_causes(question, readings, model))
        rows = [*causes, *(row for row in rows if place(row) not in map(place, causes))]
    if not rows:
        return verdict if verdict.presumed else replace(verdict, accepted=())
    refused, told = [candidate.row for candidate in rejected], set(map(place, rows))
    rest = [row for row in verdict.accepted if row not in refused and place(row) not in told]
    return replace(verdict, accepted=(*rows, *rest), missing=())


def worth_reading(verdict: Verdict, at: Bars) -> Sequence[Candidate]:
    """The sentences to read, by how little a reading must add for them to answer; a doubtful one needs more."""

    def promise(candidate: Candidate) -> float:
        return at.words * _log_odds(candidate.fit) - _DOUBT * candidate.doubtful

    likely = [candidate for candidate in verdict.candidates if candidate.fit >= at.least]
    return sorted(likely, key=promise, reverse=True)[: at.sentences]


def read_without_its_figures(question: str, verdict: Verdict, model: Model) -> Verdict:
    """The verdict once the question is read without the amounts that it takes for granted, where it was refused.

    "Who bought 80% of it?" is not answered by who bought 18%, but is to be corrected by it: only sentences are read
    that give another amount of the kind.
    """
    asked = verdict.asked
    if asked is None or verdict.accepted or not asked.figures:
        return verdict
    others = [each for each in verdict.candidates if not each.doubtful and _gives_another(asked.figures, each.row)]
    bare = " ".join(figures.without(question, asked.figures).split())
    found = read(bare, replace(verdict, candidates=tuple(others), presumed=()), model)
    return replace(found, presumed=asked.figures) if found.accepted else verdict


def _gives_another(presumed: Sequence[Figure], row: Supporting) -> bool:
    there = figures.read(without_sources(row[1].text))
    alike = [figure for figure in there if any(figure.unit == each.unit for each in presumed)]
    return bool(alike) and not any(figures.meets(each, alike) for each in presumed)


def _read_untaught(
    question: str, verdict: Verdict, readings: Sequence[tuple[float, Candidate]], model: Model
) -> list[tuple[float, Candidate]]:
    """Of the sentences that a taught model reads best, those that it answers by all three: untaught, taught, by words.

    What it was taught makes it suspicious of a sentence that shares its words with the question; untaught it is not.
    """
    found = []
    asked = verdict.asked
    readings = [(likely, each) for likely, each in readings if not asked or not is_of_another(asked, each.row)]
    best = sorted(readings, key=lambda pair: -_belief(pair[0], pair[1].fit, _TAUGHT.words))[:_SECOND]
    for taught, candidate in best:
        plain = answers(question, in_context(candidate.row), model)
        odds = _PLAIN * _log_odds(plain or 0.0) + _READ * _log_odds(taught) + _MET * _log_odds(candidate.fit)
        enough = _ENOUGH_TOGETHER + (_STRANGE if _is_strange(candidate, verdict) else 0.0)
        if odds >= (_ENOUGH_DOUBTFUL if candidate.doubtful else enough):
            found.append((odds, candidate))
    return found


def _rivals(
    question: str, sure: Candidate, verdict: Verdict, seen: Sequence[Candidate], model: Model
) -> list[tuple[float, Candidate]]:
    """Further sentences that give another figure than one that certainly answers, and how far they do; else 0.

    Sources may disagree.
    """
    asked, unseen = verdict.asked, (each for each in verdict.candidates if each not in seen)
    named = (each for each in unseen if asked and names_the_same(asked, each.row))
    rivals = (each for each in named if not each.doubtful and gives_otherwise(sure.row, each.row))
    read = [(likelihood(question, each.row, model) or 0.0, each) for each in islice(rivals, _RIVALS)]
    words = bars(model).words
    return [(_belief(likely, each.fit, words) if likely >= _RIVAL else 0.0, each) for likely, each in read]


def _causes(question: str, readings: Sequence[tuple[float, Candidate]], model: Model) -> Iterator[Supporting]:
    """The first sentence that comes next to one of the two best read, and reads better as the answer to a why.

    "Sales missed the budget. A ban on screening in schools had cost it half its customers": what is asked about stands
    in the one, and the cause in the other.
    """
    sure = [(likely, candidate) for likely, candidate in readings if not candidate.doubtful]
    for likely, candidate in sorted(sure, key=lambda pair: -pair[0])[:_LOOKED_BEYOND]:
        after = following(candidate.row)
        if after and (likelihood(question, after, model) or 0.0) >= max(bars(model).next, likely):
            yield after
            return


def _belief(read: float, fit: float, words: float) -> float:
    """What the reading and the words make of a sentence together: [0, 1]."""
    return 1 / (1 + exp(-_log_odds(read) - words * _log_odds(fit)))


def _log_odds(probability: float) -> float:
    bounded = min(max(probability, _LEAST_ODDS), 1 - _LEAST_ODDS)
    return log(bounded / (1 - bounded))


def _enough(candidate: Candidate, verdict: Verdict, at: Bars) -> float:
    if candidate.doubtful:
        of_another = verdict.asked is not None and is_of_another(verdict.asked, candidate.row)
        return inf if of_another else at.doubtful
    if _is_strange(candidate, verdict):
        return max(at.strange, at.believed)
    return at.in_part if verdict.several else at.believed


def _is_strange(candidate: Candidate, verdict: Verdict) -> bool:
    """Whether a passage lacks a word of the question that may be a name, or a sentence nearly all of them."""
    if candidate.fit < _THIN:
        return True
    return verdict.asked is not None and not of_the_named(verdict.asked, candidate.row)


def likelihood(question: str, row: Supporting, model: Model) -> float | None:
    """How probable the model finds it that a sentence answers: [0, 1]; None where it will not say."""
    text = in_context(row)
    if not model.taught:
        return answers(question, text, model)
    return _says_yes(model, READING, READ_TAUGHT.format(question=question, passage=text))


def answers(question: str, text: str, model: Model) -> float | None:
    """The same of any text, by a model that was taught nothing but shown some examples."""
    shown = [("system", READING)]
    for example, asked, reply in READING_EXAMPLES:
        shown += [("user", READ.format(passage=example, question=asked)), ("assistant", reply)]
    return _probability(model, [*shown, ("user", READ.format(passage=text, question=question))], taught=False)


def holds(statement: str, text: str, model: Model) -> float | None:
    """How probable a taught model finds it that a text says exactly what a statement says: [0, 1]."""
    return _says_yes(model, VERIFYING, VERIFY.format(statement=statement, passage=text))


def prepare(model: Model) -> None:
    """Have the model read what is always the same, so that the first question need not wait for it."""
    answers("-", "-", model)
    if model.taught:
        _says_yes(model, READING, "-")


def _says_yes(model: Model, system: str, user: str) -> float | None:
    return _probability(model, [("system", system), ("user", user)], taught=True)


def _probability(model: Model, messages: Sequence[Message], taught: bool) -> float | None:
    try:
        return model.probability(messages, YES, NO, taught)
    except ModelUnreachable:
        return None  # it may write all the same, and what it writes is checked


def in_context(row: Supporting) -> str:
    """A sentence under its title and heading, after the one before it or the header of its table.

    Where neither names anybody, the one that tells whom the paragraph is about comes first: who is shown a net profit
    and not whose it is, is right to doubt that it is theirs.
    """
    passage, sentence = row
    own = without_sources(sentence.text)
    if " | " in own:
        return f"[{passage.title} > {passage.segment}] {matching.spelt_out(passage, own)}"
    before = without_sources(passage.text[: sentence.start - passage.start]).rstrip()
    lead = next((before[start:end] for start, end in reversed(list(sentences(before)))), "")
    told = parties.names(lead) or parties.names(own)
    opening = "" if told or (topic := parties.topic(*row)) in (lead, own) else f"{topic} "
    return f"[{passage.title} > {passage.segment}] {opening}{lead} {own}"
