"""What a sentence of the documents says in answer to a question, told by a model that was taught to, and checked.

Each statement is told from one sentence, so that its source is known before it is checked. It is shown if its figures,
days, names and direction are those of that sentence, and the model, asked afresh, finds that the sentence says so.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ragbot import figures, measures, parties
from ragbot.aliases import bracketed
from ragbot.answerability import Demand, clashes
from ragbot.answering import beside, first_sentence
from ragbot.completeness import covers, falls_short
from ragbot.dictionary import glosses, romanised
from ragbot.grounding import bears_out, is_clean, lacks_cause, left_over, shown
from ragbot.language import HAN, detect, sentences
from ragbot.llm import Model
from ragbot.matching import MISSING, WHY, Supporting, amounts, critical, holds_name, known, names
from ragbot.mending import as_expected, in_scale, of_one_year, once, plain, qualified, without_because
from ragbot.rankings import Reckoned, retold
from ragbot.reader import holds, in_context
from ragbot.schema import Figure, Language
from ragbot.segments import without_sources
from ragbot.texts import READ_TAUGHT, TELLING, WHOLE

BELIEVED = 0.5  # probability that the sentence says it, from which a statement is shown
FIRMLY = 0.75
"""The same in its context and by itself, for the cause that is asked for, where no word of the sentence says so."""
_TOKENS = 96
_CLAUSES = re.compile(r"[，；]|[,;](?=\s)")
_MOST_OF_IT = 0.4  # share of a statement that it must keep without its last clause
_CONDITION = re.compile(
    r"^(?:如果|若|虽然|尽管|除非|由于|因为|随着)|(?:后|时|前|以来|之际|情况下)$"
    r"|^(?:if|although|though|while|unless|because|when|after|before|since)\b",
    re.IGNORECASE,
)


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

    A figure, or the one sentence that answers, is told in answer to the question: first in its context, then by itself.
    What does not hold, and all else, is told as a whole: a model that is asked for an answer finds one in any sentence.
    Raises as `llm.Model.stream` does.
    """
    for row in rows if model.taught else ():
        to_the_point = asked.units or len(rows) == 1 or WHY.search(asked.question)
        yield _first_that_holds(asked, row, (in_context(row), _bare(row)) if to_the_point else (), model)


def tell_ranked(asked: Demand, found: Reckoned, model: Model) -> Reckoned:
    """A ranking with its sentences told in the question's language, if all of them can be; else as it is."""
    said: list[str] = []
    for operand in found.operands if model.taught else ():
        shown = (_bare(operand.row), in_context(operand.row))
        tries = (_as_a_whole(asked, operand.row, [operand.figure], model, text) for text in shown)
        told = next((told for told in tries if told.holds), None)
        if not told:
            return found
        said.append(told.text)
    return retold(found, said, asked.language) if said else found


def _first_that_holds(asked: Demand, row: Supporting, texts: Sequence[str], model: Model) -> Told:
    """What a sentence, shown in each of these ways, answers to the question; at last what it says as a whole."""
    spelt = _with_names_spelt(row) if asked.language == "en" else ""
    for text in (*texts, *([spelt] if texts and spelt else ())):
        told = _told(asked.question, text, row, asked, model)
        for said in (told.text,) if asked.compared else _beginnings(told.text, asked):
            if not falls_short(asked, said, row) and _holds(asked, said, row, model):
                return replace(told, text=said, holds=True)
    return _as_a_whole(asked, row, amounts(without_sources(row[1].text)), model, _bare(row))


def _beginnings(said: str, asked: Demand) -> Iterator[str]:
    """A statement, and it without its last clause: a model that has answered may go on, and go wrong.

    Not where that names somebody whom the rest does not, nor where the rest is no statement by itself.
    """
    yield said
    *clauses, last = _CLAUSES.split(said)
    begun = said[: len(said) - len(last)].rstrip("，,； ;")
    named = any(not holds_name(name, f"{begun} {asked.question}") for name in names(last))
    if clauses and len(begun) >= _MOST_OF_IT * len(said) and not named and not _CONDITION.search(begun):
        yield f"{begun}{'。' if detect(begun) == 'zh' else '.'}"


def _with_names_spelt(row: Supporting) -> str:
    """A Chinese sentence with how its names are read beside them, 云汐港 [= Yunxigang]; '' where it has none."""
    text, said = without_sources(row[0].text), _bare(row)
    parts = [text[start:end] for start, end in sentences(text)]
    named = {part[slice(*span)] for part in parts for span in parties.names(part)} - bracketed(text).keys()
    found = [name for name in named if HAN.match(name) and name in row[1].text and not glosses(name)]
    for name in found:
        said = said.replace(name, f"{name} [= {romanised(name)}]")
    return said if found else ""


def _as_a_whole(asked: Demand, row: Supporting, wanted: Sequence[Figure], model: Model, text: str) -> Told:
    """What a sentence, shown so, says whatever was asked: with these amounts, and what it holds of the question."""
    told = _told(WHOLE[asked.language], text, row, asked, model)
    return replace(told, holds=_is_whole(asked, told.text, row, wanted) and _holds(asked, told.text, row, model))


def _is_whole(asked: Demand, text: str, row: Supporting, wanted: Sequence[Figure]) -> bool:
    own, said = without_sources(row[1].text), figures.read(text)
    if not all(figures.meets(amount, said) for amount in wanted):
        return False
    if not covers(asked, text, row):
        return False
    held = [word for word in asked.words if critical(word) and known(word, own, asked.aliases) >= MISSING]
    return 2 * sum(known(word, text, asked.aliases) >= MISSING for word in held) >= len(held)


def _bare(row: Supporting) -> str:
    return f"[{row[0].segment}] {shown(row)}"


def _told(question: str, text: str, row: Supporting, asked: Demand, model: Model) -> Told:
    """What the model says; said again where it left words in the text's language, with their meaning beside them."""
    passage = beside(text, asked.language)
    said = _written(question, passage, asked.language, model)
    if glossed := _glossed(passage, left_over(said, asked.question) if asked.language == "en" else ()):
        said = _written(question, glossed, asked.language, model)
    own = without_sources(row[1].text)
    said = once(without_because(said, own))
    said = of_one_year(said, own)
    scaled = in_scale(said, own)
    return Told(as_expected(qualified(scaled, own), own), row, mended=scaled != said)


def _written(question: str, passage: str, language: Language, model: Model) -> str:
    user = READ_TAUGHT.format(question=question, passage=passage)
    written = model.complete([("system", TELLING[language]), ("user", user)], _TOKENS, taught=True)
    return plain(" ".join(first_sentence(plain(written.strip())).split()))


def _glossed(passage: str, runs: Iterable[str]) -> str:
    """A Chinese passage with the first rendering of these words beside them; '' where the dictionary has none."""
    said = passage
    for word, gloss in {word: gloss for run in runs for word, gloss in glosses(run).items()}.items():
        said = said.replace(word, f"{word} [= {gloss}]")
    return said if said != passage else ""


def _holds(asked: Demand, text: str, row: Supporting, model: Model) -> bool:
    passage, sentence = row
    own = without_sources(sentence.text)
    if not text or not is_clean(text, asked.question) or not bears_out(text, row, asked.question, asked.brackets):
        return False
    unsaid = tuple(meant for meant in asked.measures if not meant & measures.OFFICES)  # "X hands over to Y in March"
    if clashes(replace(asked, measures=unsaid), (passage, replace(sentence, text=text))):
        return False  # the other half of a sentence: what was spent, where revenue is asked for
    if of_another_time(asked, text, own):
        return False
    found = beliefs(text, row, model)
    if lacks_cause(text, own):
        return bool(WHY.search(asked.question)) and all(belief >= FIRMLY for belief in found)
    return any(belief >= BELIEVED for belief in found)


def of_another_time(asked: Demand, text: str, own: str) -> bool:
    """Whether a statement is of one of a sentence's times, and the question of another."""
    there, said = figures.read(own), figures.read(text)

    def has_it(read: Sequence[Figure]) -> bool:
        return any(figures.meets(period, read) for period in asked.periods)

    if not has_it(there) or has_it(said):
        return False
    return any(figure.unit in ("year", "period") for figure in said) or _of_the_other_times(asked, said, there)


def _of_the_other_times(asked: Demand, said: Sequence[Figure], there: Sequence[Figure]) -> bool:
    """Whether what is stated is of none of the times asked about, and another figure of the kind is."""
    times = {period.period for period in asked.periods}
    stated = [same for figure in said if (same := figures.compare(figure, there)[1])]
    meant = [figure for figure in there if figure.period in times and figure.unit not in ("year", "period")]
    return bool(stated) and all(
        one.period not in times and any(other.unit == one.unit for other in meant) for one in stated
    )


def beliefs(statement: str, row: Supporting, model: Model) -> Iterator[float]:
    """How firmly a model believes that a sentence says this, [0, 1]: read in its context, then by itself."""
    return (holds(statement, text, model) or 0.0 for text in (in_context(row), _bare(row)))
