"""Proposals for a test set: what the indexed documents say is a known answer, and a person decides what is asked.

Each sentence with a figure, and each that names something, becomes a row. A model phrases the question where there is
one; else a template asks for what was left out of the sentence.
"""

import errno
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from ragbot import figures
from ragbot.evaluation.answer_metrics import fact_found
from ragbot.evaluation.cases import Case
from ragbot.evaluation.exports import lines
from ragbot.evaluation.runs import saving, write_whole
from ragbot.language import detect, sentences
from ragbot.schema import LONGEST_QUESTION, Language, Passage
from ragbot.segments import without_sources
from ragbot.store import Scope

if TYPE_CHECKING:
    from ragbot.assistant import Assistant
    from ragbot.llm import Model

BLANK = "____"
TEMPLATES: dict[str, dict[Language, str]] = {
    "figure": {
        "zh": "“{sentence}”中空缺的数字是多少？",
        "en": "Which figure is missing from “{sentence}”?",
    },
    "claim": {
        "zh": "“{sentence}”中空缺的名称是什么？",
        "en": "Which name is missing from “{sentence}”?",
    },
}
ASK: dict[Language, str] = {
    "zh": "根据这句话写一个问题，答案正好是“{fact}”。写明公司、对象和时期，不要透露答案，只写问题。\n"
    "句子：{sentence}\n问题：",
    "en": "Write one question about this sentence whose answer is exactly “{fact}”. Name the company, the thing and "
    "the period, do not give the answer away, and write only the question.\nSentence: {sentence}\nQuestion:",
}
_SHORTEST = 12  # characters; less is a heading or a crumb
_LONGEST = 400
_PLAIN = frozenset({"year", "period", "rank", "months", "years"})
_SMALL = 20  # a bare count below this is rarely what somebody asks for
_NAME = re.compile(r"(?<![A-Za-z0-9-])[A-Z][A-Za-z0-9&.-]+[A-Za-z0-9](?: [A-Z][A-Za-z0-9&.-]*[A-Za-z0-9])*|《[^》]+》")


@dataclass(frozen=True, slots=True)
class _Found:
    """A sentence and what of it can be asked for: text[start:end]."""

    passage: Passage
    text: str
    start: int
    end: int
    kind: str

    @property
    def fact(self) -> str:
        return self.text[self.start : self.end]


def draft_testset(assistant: "Assistant", count: int, progress: Callable[[int], None] | None = None) -> list[Case]:
    """At most `count` proposals, taken from the documents' segments in turn. Raises as `Assistant.documents` does."""
    cases: list[Case] = []
    asked: set[str] = set()
    for found in _in_turn(_segments(assistant)):
        case = _case(found, len(cases) + 1, assistant.model)
        if case.question in asked or len(case.question) > LONGEST_QUESTION:
            continue
        asked.add(case.question)
        cases.append(case)
        if progress:
            progress(len(cases))
        if len(cases) == count:
            break
    return cases


def save_draft(path: Path, cases: Sequence[Case]) -> None:
    """Write the proposals as JSONL, whole or not at all. Raises RunNotSaved; a file that is there stays."""
    rows = [
        case.model_dump(mode="json", exclude_defaults=True) | {"language": case.language, "accepted": case.accepted}
        for case in cases
    ]
    with saving(path, "nothing was changed"):
        if path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
        write_whole(path, lines(rows))


def _segments(assistant: "Assistant") -> list[list[_Found]]:
    """What can be asked, by document and segment."""
    assistant.documents()  # an index that is missing is told here
    by_segment: dict[tuple[str, str], list[_Found]] = {}
    for passage in assistant.store.passages(int(id_) for id_ in assistant.store.allowed(Scope())).values():
        by_segment.setdefault((passage.document, passage.segment), []).extend(_askable(passage))
    return list(by_segment.values())


def _in_turn(segments: Sequence[Sequence[_Found]]) -> Iterator[_Found]:
    for turn in zip_longest(*segments):
        yield from (found for found in turn if found)


def _askable(passage: Passage) -> Iterator[_Found]:
    for start, end in sentences(passage.text):
        text = without_sources(passage.text[start:end])
        if not _SHORTEST <= len(text) <= _LONGEST or "\n" in text:
            continue
        telling = [figure for figure in figures.read(text) if figure.unit not in _PLAIN
                   and not (figure.unit == "count" and figure.value < _SMALL)]  # fmt: skip
        if telling:
            yield _Found(passage, text, *telling[0].span, "figure")
            continue
        # the first word of an English sentence is capital whatever it is; a name that stands twice gives itself away
        names = [match.span() for match in _NAME.finditer(text) if match.start() and text.count(match.group()) == 1]
        if names:
            yield _Found(passage, text, *max(names, key=lambda span: span[1] - span[0]), "claim")


def _case(found: _Found, number: int, model: "Model | None") -> Case:
    language = detect(found.text)
    return Case(
        id=f"draft-{number:03}",
        question=(_phrased(found, language, model) if model else "") or _from_template(found, language),
        answer=found.text,
        facts=(found.fact,),
        segment=found.passage.segment,
        evidence=((found.text,),) if found.text in found.passage.text else (),
        kind=found.kind,
        language=language,
        accepted=False,
    )


def _from_template(found: _Found, language: Language) -> str:
    blanked = f"{found.text[: found.start]}{BLANK}{found.text[found.end :]}".rstrip("。.")
    return TEMPLATES[found.kind][language].format(sentence=blanked)


def _phrased(found: _Found, language: Language, model: "Model") -> str:
    """The model's question, if it is one, in the right language, and keeps the answer to itself."""
    asked = ASK[language].format(fact=found.fact, sentence=found.text)
    question = model.complete([("user", asked)], max_tokens=80).strip().split("\n")[0].strip("“”\"' ")
    usable = question.endswith(("?", "？")) and detect(question) == language and not fact_found(found.fact, question)
    return question if usable else ""
