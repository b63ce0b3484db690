"""What a sentence of the documents says in answer to a question, told by a model that was taught to, and checked.

Each statement is told from one sentence, so that its source is known before it is checked. It is shown if its figures,
days, names and direction are those of that sentence, and the model, asked afresh, finds that the sentence says so.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ragbot import figures
from ragbot.answerability import Demand, clashes
from ragbot.answering import beside, first_sentence
from ragbot.grounding import bears_out, shown
from ragbot.language import detect
from ragbot.llm import Model
from ragbot.matching import Supporting
from ragbot.mending import as_expected, in_scale, plain, qualified
from ragbot.reader import holds, in_context
from ragbot.reckoning import Reckoned, retold
from ragbot.schema import Language
from ragbot.segments import without_sources
from ragbot.texts import READ_TAUGHT, TELLING, WHOLE

BELIEVED = 0.5  # probability that the sentence says it, from which a statement is shown
SURE = 0.9  # the same, where a cause or a denial is put in other words than those we know
_TOKENS = 96


@dataclass(frozen=True, slots=True)
class Told:
    """A statement, the sentence that it was told from, and whether that bears it out.

    `mended`: its figures were in a wrong scale.
    """

    text: str
    row: Supporting
    holds: bool = False
    mended: bool = False


def tell(asked: Demand, rows: Sequence[Supporting], model: Model) -> Iterator[Told]:
    """Each sentence told in the question's language; nothing by a model that was not taught to.

    What does not hold is told from the sentence under its heading alone, and then without the question, as a whole.
    Raises as `llm.Model.stream` does.
    """
    for row in rows if model.taught else ():
        yield _first_that_holds(asked, row, (in_context(row), _bare(row)), model)


def tell_ranked(asked: Demand, found: Reckoned, model: Model) -> Reckoned:
    """A ranking with its sentences told in the question's language, if all of them can be; else as it is."""
    if not model.taught:
        return found
    language, said = detect(asked.question), []
    for operand in found.operands:
        told = _first_that_holds(asked, operand.row, (), model)
        if not told.holds or figures.compare(operand.figure, figures.read(told.text))[0] == "unsupported":
            return found
        said.append(told.text)
    return retold(found, said, language)


def _first_that_holds(asked: Demand, row: Supporting, texts: Sequence[str], model: Model) -> Told:
    """What a sentence, shown in each of these ways, answers to the question; at last what it says as a whole."""
    ways = [(asked.question, text) for text in texts]
    for question, text in (*ways, (WHOLE[detect(asked.question)], _bare(row))):
        told = _told(question, text, row, detect(asked.question), model)
        if _holds(asked, told.text, row, model):
            return replace(told, holds=True)
    return told


def _bare(row: Supporting) -> str:
    return f"[{row[0].segment}] {shown(row)}"


def _told(question: str, text: str, row: Supporting, language: Language, model: Model) -> Told:
    user = READ_TAUGHT.format(question=question, passage=beside(text, language))
    written = model.complete([("system", TELLING[language]), ("user", user)], _TOKENS, taught=True)
    own = without_sources(row[1].text)
    said = plain(" ".join(first_sentence(plain(written.strip())).split()))
    scaled = in_scale(said, own)
    return Told(as_expected(qualified(scaled, own), own), row, mended=scaled != said)


def _holds(asked: Demand, text: str, row: Supporting, model: Model) -> bool:
    passage, sentence = row
    if not text or detect(text) != detect(asked.question) or not bears_out(text, row, reasons=False):
        return False
    if clashes(asked, (passage, replace(sentence, text=text))):
        return False  # the other half of a sentence: what was spent, where revenue is asked for
    for whole in (in_context(row), _bare(row)):  # what goes before it may be of another
        believed = holds(text, whole, model) or 0.0
        if believed >= SURE or (believed >= BELIEVED and bears_out(text, row, reasons=True)):
            return True
    return False
