"""What a sentence of the documents says in answer to a question, told by a model that was taught to, and checked.

Each statement is told from one sentence, so that its source is known before it is checked. It is shown if its figures,
days, names and direction are those of that sentence, and the model, asked afresh, finds that the sentence says so.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ragbot.answerability import Demand, clashes
from ragbot.answering import beside, first_sentence
from ragbot.grounding import bears_out
from ragbot.language import detect
from ragbot.llm import Model
from ragbot.matching import Supporting
from ragbot.reader import holds, in_context
from ragbot.segments import without_sources
from ragbot.texts import READ_TAUGHT, TELLING

BELIEVED = 0.5  # probability that the sentence says it, from which a statement is shown
SURE = 0.9  # the same, where a cause or a denial is put in other words than those we know
_TOKENS = 96


@dataclass(frozen=True, slots=True)
class Told:
    """A statement, and the sentence that it was told from; None where that does not bear it out."""

    text: str
    row: Supporting | None


def tell(asked: Demand, rows: Sequence[Supporting], model: Model) -> Iterator[Told]:
    """Each sentence told in the question's language; nothing by a model that was not taught to.

    What does not hold is told once more, from the sentence under its heading alone. Raises as `llm.Model.stream` does.
    """
    for row in rows if model.taught else ():
        passage, sentence = row
        for text in (in_context(row), f"[{passage.segment}] {without_sources(sentence.text)}"):
            statement = _told(asked.question, text, model)
            if held := _holds(asked, statement, row, model):
                break
        yield Told(statement, row if held else None)


def _told(question: str, text: str, model: Model) -> str:
    language = detect(question)
    user = READ_TAUGHT.format(question=question, passage=beside(text, language))
    written = model.complete([("system", TELLING[language]), ("user", user)], _TOKENS, taught=True)
    return " ".join(first_sentence(written.strip()).split())


def _holds(asked: Demand, text: str, row: Supporting, model: Model) -> bool:
    passage, sentence = row
    if not text or detect(text) != detect(asked.question) or not bears_out(text, row, reasons=False):
        return False
    if clashes(asked, (passage, replace(sentence, text=text))):
        return False  # the other half of a sentence: what was spent, where revenue is asked for
    believed = holds(text, row, model) or 0.0
    return believed >= SURE or (believed >= BELIEVED and bears_out(text, row, reasons=True))
