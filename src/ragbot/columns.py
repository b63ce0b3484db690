"""What only a table tells: which of several is the most so, or how far two are apart, by the column that is meant.

"Which rocket carries the heaviest load?" shares no word with a column "Payload to low orbit". The encoder proposes
columns by their headings; the model reads the statement that each would give, and says whether it answers.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from ragbot import figures, matching
from ragbot.answerability import Demand, Verdict, asks_which, held
from ragbot.embeddings import Encoder
from ragbot.llm import Model
from ragbot.matching import WHY
from ragbot.paired import Operand
from ragbot.rankings import Reckoned, ranked
from ragbot.reader import answers, in_context
from ragbot.reckoning import calculated, operation, order, stated_count, under_heading
from ragbot.schema import Evidence, Passage

PROPOSED = 3  # columns whose statement the model reads
BELIEVED = 0.25  # reading from which it answers
AGAINST_A_SENTENCE = 0.75  # share of the best sentence's reading that is enough: what a column tells is complete
FOUND = 0.2  # what the score of its passage counts beside the likeness of a column's heading


def by_column(verdict: Verdict, evidence: Sequence[Evidence], encoder: Encoder, model: Model) -> Reckoned | None:
    """What the column that a question means makes of it; None where it asks for nothing of the kind.

    Nor where a sentence answers better, or the model finds no answer in any.
    """
    asked = verdict.asked
    if asked is None or WHY.search(asked.question):
        return None
    read = [
        (likely, told)
        for told in _proposed(asked, evidence, encoder)
        if (likely := answers(asked.question, _in_context(told), model)) is not None
    ]
    likely, best = max(read, key=lambda pair: pair[0], default=(0.0, None))
    if likely < BELIEVED:
        return None
    said = answers(asked.question, in_context(verdict.accepted[0]), model) if verdict.accepted else 0.0
    return best if likely >= AGAINST_A_SENTENCE * (said or 0.0) else None


def _proposed(asked: Demand, evidence: Sequence[Evidence], encoder: Encoder) -> list[Reckoned]:
    """What the columns tell whose headings come nearest to the question, best first."""
    columns = [
        (heading, told, item.score)
        for item in evidence
        for heading, operands in _columns(asked, item.passage)
        if len({operand.figure.unit for operand in operands}) == 1 and (told := _told(asked, operands))
    ]
    if not columns:
        return []
    near = encoder.passages([heading for heading, *_ in columns]) @ encoder.queries([asked.question])[0]
    near += FOUND * np.array([score for *_, score in columns])
    return [columns[at][1] for at in sorted(range(len(columns)), key=lambda at: -near[at])[:PROPOSED]]


def _told(asked: Demand, operands: Sequence[Operand]) -> Reckoned | None:
    """A ranking of some rows, or the sum, the difference or the ratio of two."""
    if len(operands) < 2:
        return None
    if asks_which(asked.question):
        return ranked(order(asked.question) or "highest", operands, asked.language)
    wanted = operation(asked.question)
    if wanted in ("sum", "difference", "ratio") and len(operands) == 2:
        return calculated(wanted, operands, asked.language)
    return None


def _columns(asked: Demand, passage: Passage) -> Iterator[tuple[str, list[Operand]]]:
    """The columns of a passage's tables: each one's heading, and the figures of the rows that are meant."""
    lines = [line for line in passage.text.split("\n\n") if " | " in line]
    for header in dict.fromkeys(matching.table_header(passage, line) for line in lines):
        over = f"{passage.title} {passage.segment} {header}"
        names = [name for name in asked.all_names if not held(name, over, asked)]
        for place, heading in list(enumerate(header.split(" | ")))[1:]:
            if _of_the_time(asked, heading):
                yield heading, _meant(asked, names, under_heading(passage, header, place))


def _of_the_time(asked: Demand, heading: str) -> bool:
    """Whether a heading names no other period than the question."""
    here = [figure for figure in figures.read(heading) if figure.unit in ("year", "period")]
    return not here or all(figures.meets(period, here) for period in asked.periods)


def _meant(asked: Demand, names: Sequence[tuple[str, ...]], operands: Sequence[Operand]) -> list[Operand]:
    """The rows that the question names; all where it names none and, if it says how many there are, is right."""
    if names:
        return [operand for operand in operands if any(held(name, operand.row[1].text, asked) for name in names)]
    stated = stated_count(asked.question)
    return list(operands) if stated in (0, len(operands)) else []


def _in_context(told: Reckoned) -> str:
    """A statement under its title and heading, after the figures that it stands on."""
    passage = told.operands[0].row[0]
    stands_on = "" if not told.figure else "; ".join(f"{o.subject} {o.figure.text}" for o in told.operands) + ". "
    return f"[{passage.title} > {passage.segment}] {stands_on}{told.text}"
