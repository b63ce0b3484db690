"""The second look: what a model would answer, as a pointer to sentences that no word of the question leads to.

A small model writes an answer whether the documents hold one or not, so its draft is not believed. But where it is
right, some sentence holds what the draft says beyond the question (a figure, a name, a few words): that can be read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ragbot import figures, matching
from ragbot.answerability import Demand, Verdict, candidates, clashes, of_the_named, says_something, says_which
from ragbot.answering import first_sentence, material, prompt, statements
from ragbot.language import detect, fold, sentences
from ragbot.llm import Model
from ragbot.matching import MISSING, Supporting
from ragbot.reader import bars, likelihood
from ragbot.schema import Evidence, Figure
from ragbot.segments import without_sources
from ragbot.texts import NOT_FOUND

READ_AT_MOST = 2  # sentences
SHARED = 0.5  # share of what the draft says beyond its question that a sentence must hold
_TELLING = 2  # words that a figure or a name counts for
_TOKENS = 96
_PERIODS = ("year", "period")


def look_again(question: str, verdict: Verdict, evidence: Sequence[Evidence], model: Model) -> tuple[Verdict, str]:
    """The verdict with the sentence that the model's draft points to, if it reads as an answer; and that draft.

    Raises as `llm.Model.stream` does.
    """
    if verdict.asked is None or verdict.accepted or verdict.presumed:
        return verdict, ""
    draft = _drafted(question, evidence, model)
    if NOT_FOUND.lower() in draft.lower():
        return verdict, ""
    for row, doubtful in pointed(verdict.asked, draft, evidence):
        read = likelihood(question, row, model)
        if read is None:
            break
        if read >= (bars(model).doubtful if doubtful else bars(model).pointed):
            return replace(verdict, accepted=(row,), missing=()), draft
    return verdict, ""


def _drafted(question: str, evidence: Sequence[Evidence], model: Model) -> str:
    """The first sentence of what the model would answer."""
    draft = ""
    for piece in model.stream(prompt(question, material((), evidence), detect(question)), _TOKENS):
        draft += piece
        if len(sentences(draft)) > 1:
            break
    return first_sentence(draft)


@dataclass(frozen=True, slots=True)
class _New:
    """What a statement says that its question does not."""

    figures: tuple[Figure, ...]
    names: tuple[tuple[str, ...], ...]
    words: tuple[str, ...]

    @classmethod
    def of(cls, statement: str, question: str, evidence: str) -> "_New":
        read, given = figures.read(statement), figures.read(question)
        bare = figures.without(statement, read)
        return cls(
            tuple(f for f in read if not figures.meets(f, given)),
            tuple(name for name in matching.names(bare) if not matching.holds_name(name, question)),
            tuple(
                word
                for word in matching.units(bare, fold(evidence))
                if matching.critical(word) and matching.meets(word, question) < MISSING
            ),
        )

    def share(self, row: Supporting, asked: Demand) -> float:
        """How much of it a sentence holds: [0, 1]; 0 where it lacks a figure or a name."""
        passage, sentence = row
        own = without_sources(sentence.text)
        near = f"{own} {matching.setting(*row)}"
        for figure in self.figures:
            there = figures.read(matching.whole(passage) if figure.unit in _PERIODS else own)
            if not figures.meets(figure, there):
                return 0.0
        if not all(matching.holds_name(name, near, asked.aliases) for name in self.names):
            return 0.0
        met = sum(matching.known(word, near, asked.aliases) >= MISSING for word in self.words)
        certain = _TELLING * (len(self.figures) + len(self.names))
        return (certain + met) / (certain + len(self.words)) if certain or met else 0.0


def pointed(asked: Demand, draft: str, evidence: Sequence[Evidence]) -> list[tuple[Supporting, bool]]:
    """The sentences that hold what a draft says beyond its question, best first, and whether each lacks its subject."""
    text = "\n".join(item.passage.text for item in evidence)
    said = [_New.of(statement, asked.question, text) for statement in statements(draft)]

    def share(row: Supporting) -> float:
        return max((new.share(row, asked) for new in said), default=0.0)

    found = candidates(asked, evidence, lambda row: share(row) >= SHARED and _may_answer(asked, row))
    best = sorted(found, key=lambda each: -(share(each.row) + each.fit))[:READ_AT_MOST]
    return [(each.row, each.doubtful or not of_the_named(asked, each.row)) for each in best]


def _may_answer(asked: Demand, row: Supporting) -> bool:
    return says_something(row) and says_which(asked.question, row) and not clashes(asked, row)
