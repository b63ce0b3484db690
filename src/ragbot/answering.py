"""Evidence to draft: the prompt for a model, or the best sentences themselves when there is none."""

import re
from collections.abc import Sequence
from itertools import groupby

from ragbot import figures, matching
from ragbot.breadth import is_broad
from ragbot.language import detect, sentences, words
from ragbot.matching import CAUSE, WHY, Supporting, following, names
from ragbot.schema import Evidence, Language
from ragbot.segments import without_sources
from ragbot.texts import MATERIAL, SYSTEM

SHOWN = 7  # sentences that the writer sees: a 2-core machine reads about 60 tokens a second
QUOTED = 2  # sentences that extraction shows
SEVERAL = 5  # the same, for a question about several things
_MARK = re.compile(r"\s*[\[【]\s*(?:\d+|[^\]】]{0,40}=[^\]】]{0,40})(?:\s*[,，]\s*\d+)*\s*[\]】]")
_BULLET = re.compile(r"^\s*(?:[-*•]|\d+[.)、])\s+")
PLAIN = 10_000  # counts below this read alike in both languages


def pick(evidence: Sequence[Evidence], count: int = SHOWN) -> list[Supporting]:
    """The sentences that bear most on the question, over all passages, best first."""
    pool = [(sentence.score + item.score, item.passage, sentence) for item in evidence for sentence in item.sentences]
    pool.sort(key=lambda row: (-row[0], row[1].id, row[2].start))
    return [(passage, sentence) for _, passage, sentence in pool[:count]]


def prompt(question: str, support: Sequence[Supporting], language: Language) -> list[tuple[str, str]]:
    """Chat messages (role, text): the sentences in document order under their segments, then the question."""
    in_order = sorted(support, key=lambda row: (row[0].document, row[1].start))
    blocks = []
    for (_, segment), rows in groupby(in_order, key=lambda row: (row[0].title, row[0].segment)):
        lines = " ".join(_readable(row, language) for row in rows)
        blocks.append(f"[{segment}] {lines}")
    user = MATERIAL[language].format(material="\n".join(blocks), question=question)
    return [("system", SYSTEM[language]), ("user", user)]


def extract(question: str, accepted: Sequence[Supporting]) -> list[Supporting]:
    """The sentences that answer best by themselves, when no model writes: those of the question's language first.

    One, or a few where the question asks about several things.
    """
    language = detect(question)
    own = [row for row in accepted if row[0].language == language]
    rows = own if own else list(accepted)
    if WHY.search(question):
        return _with_cause(rows)
    return rows[: SEVERAL if is_broad(question) or len(names(question)) > 1 else QUOTED]


def _with_cause(rows: Sequence[Supporting]) -> list[Supporting]:
    """The best sentences if one gives a cause, else the first with the one after it."""
    best = list(rows[:QUOTED])
    if any(CAUSE.search(without_sources(row[1].text)) for row in best):
        return best
    after = following(best[0])
    return [best[0], after] if after else best


def material(accepted: Sequence[Supporting], evidence: Sequence[Evidence]) -> list[Supporting]:
    """What the writer sees: the sentences that answer, then the others that bear on the question."""
    chosen = list(accepted[:SHOWN])
    for row in pick(evidence):
        if len(chosen) < SHOWN and row not in chosen:
            chosen.append(row)
    return chosen


def _readable(row: Supporting, language: Language) -> str:
    """The sentence as the writer should see it.

    No source titles, each cell of a table under its heading, foreign figures beside their own-language form.
    """
    passage, sentence = row
    text = without_sources(sentence.text)
    if " | " in text:
        text = matching.spelt_out(passage, text)
    return beside(text, language)


def beside(text: str, language: Language) -> str:
    """A text of the other language with each figure's own-language form beside it; one of the language as it is."""
    if detect(text) == language:
        return text
    for figure in reversed(figures.read(text)):
        own = figures.write(figure, language)
        plain = figure.unit == "year" or (figure.unit == "count" and figure.value < PLAIN)
        if not plain and own != figure.text:
            text = f"{text[: figure.span[1]]} [= {own}]{text[figure.span[1] :]}"
    return text


def first_sentence(draft: str) -> str:
    return "".join(draft[start:end] for start, end in sentences(draft)[:1])


def statements(draft: str) -> list[str]:
    """The sentences of a draft, without its own marks and bullets."""
    clean = _MARK.sub("", draft.replace("**", ""))
    lines = [_BULLET.sub("", line).strip() for line in clean.splitlines()]
    found = [line[start:end] for line in lines for start, end in sentences(line)]
    return list(dict.fromkeys(text for text in found if words(text)))
