"""Test sets: the rows that a person writes, and everything that can be wrong with them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator, model_validator

from ragbot.errors import FaultyTestSet
from ragbot.evaluation.answer_metrics import fact_found
from ragbot.evaluation.formats import RawRow, read_rows
from ragbot.language import detect
from ragbot.rows import Text
from ragbot.schema import Language

_YES_NO = {"是": True, "否": False, "对": True, "错": False}


class Case(BaseModel):
    """A question and what is known of its answer; only `id` and `question` are required.

    `facts`: each must be in the answer, alternatives parted by '|'; a figure is met in any unit or language.
    `evidence`: each item a passage that the answer stands on, as quotes of which any one will do (say, one in each
    language). `references`: short answers for exact match and F1, `answer` where there are none.
    `language`: the question's, unless told. `accepted`: false for a proposal that nobody has looked at.
    """

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    id: str | int
    question: Text
    answer: str = ""
    references: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    segment: str = ""
    evidence: tuple[tuple[str, ...], ...] = ()
    answerable: bool = True
    history: tuple[Text, ...] = ()
    kind: str = ""
    language: Language = "en"
    accepted: bool = True

    @model_validator(mode="before")
    @classmethod
    def _nothing_is_the_default(cls, row: Any) -> Any:
        if not isinstance(row, dict):
            return row
        row = {name: value for name, value in row.items() if value is not None}
        language = detect(row["question"]) if isinstance(row.get("question"), str) else "en"
        return {"language": language} | row

    @field_validator("evidence", mode="before")
    @classmethod
    def _one_quote_is_its_own_alternative(cls, items: Any) -> Any:
        if isinstance(items, (list, tuple)):
            return [[item] if isinstance(item, str) else item for item in items]
        return items

    @field_validator("answerable", "accepted", mode="before")
    @classmethod
    def _chinese_yes_and_no(cls, value: Any) -> Any:
        return _YES_NO.get(value, value) if isinstance(value, str) else value

    @field_validator("facts")
    @classmethod
    def _no_empty_fact(cls, facts: tuple[str, ...]) -> tuple[str, ...]:
        if any(not alternative.strip() for fact in facts for alternative in fact.split("|")):
            raise ValueError("a fact, or one of its alternatives, is empty")
        return facts

    @model_validator(mode="after")
    def _silence_has_no_facts(self) -> "Case":
        if not self.answerable and self.facts:
            raise ValueError("answerable is false, yet there are facts")
        return self

    @property
    def asked(self) -> str:
        """All that was asked, earlier questions first."""
        return " ".join([*self.history, self.question])

    @property
    def quotes(self) -> list[str]:
        """Every gold quote, alternatives too."""
        return [quote for item in self.evidence for quote in item]


COLUMNS = frozenset(Case.model_fields)


@dataclass(frozen=True, slots=True)
class Remark:
    """What is wrong with a row (`fault`: it cannot be used), or what its author should look at (`doubt`)."""

    place: str
    reason: str
    weight: Literal["fault", "doubt"] = "fault"

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


def read_cases(path: Path | str) -> list[Case]:
    """The rows of a test set. Raises FaultyTestSet naming the first faulty row and how many more there are."""
    cases, remarks = check(path)
    faults = [remark for remark in remarks if remark.weight == "fault"]
    if faults:
        more = f" (and {len(faults) - 1} more: see 'ragbot testset check')" if len(faults) > 1 else ""
        raise FaultyTestSet(f"'{path}' {faults[0]}{more}")
    return cases


def check(path: Path | str, documents: Iterable[str] | None = None) -> tuple[list[Case], list[Remark]]:
    """The usable rows, and a remark on each that is not, or that its author should look at.

    `documents`: clean texts; evidence that stands in none of them is remarked on. Raises FaultyTestSet when the file
    is missing, is no text, or holds no row at all.
    """
    raw = read_rows(Path(path))
    cases: list[tuple[RawRow, Case]] = []
    remarks = []
    for row in raw:
        try:
            cases.append((row, Case.model_validate(_known(row))))
        except (ValidationError, ValueError) as error:
            remarks.append(Remark(row.place, _reason(error)))
    remarks += _repeated(cases)
    texts = list(documents) if documents is not None else None
    for row, case in cases:
        remarks += [Remark(row.place, doubt, "doubt") for doubt in _doubts(row, case, texts)]
    order = {row.place: number for number, row in enumerate(raw)}
    return [case for _, case in cases], sorted(remarks, key=lambda remark: order[remark.place])


def _known(row: RawRow) -> dict[str, Any]:
    if row.fault:
        raise ValueError(row.fault)
    return {name: value for name, value in row.values.items() if name in COLUMNS}


def _reason(error: ValidationError | ValueError) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['msg']}" if place else first["msg"].removeprefix("Value error, ")


def _repeated(cases: Sequence[tuple[RawRow, Case]]) -> list[Remark]:
    counts = Counter(str(case.id) for _, case in cases)
    seen: set[str] = set()
    remarks = []
    for row, case in cases:
        if counts[str(case.id)] > 1 and str(case.id) in seen:
            remarks.append(Remark(row.place, f"id '{case.id}' stands on an earlier row too"))
        seen.add(str(case.id))
    return remarks


def _doubts(row: RawRow, case: Case, documents: Sequence[str] | None) -> list[str]:
    doubts = [f"unknown column '{name}' is not read" for name in row.values if name not in COLUMNS]
    if not case.accepted:
        doubts.append("a proposal: look at it and set accepted to true")
    if case.answerable and not case.facts:
        doubts.append("no facts: whether the answer is right cannot be told, only how like it is to `answer`")
    if case.answer:
        doubts += [f"the answer does not hold the fact '{f}'" for f in case.facts if not fact_found(f, case.answer)]
    if documents is not None:
        doubts += [
            f"the evidence '{item[0][:60]}' stands in no indexed document"
            for item in case.evidence
            if not any(quote in text for quote in item for text in documents)
        ]
    return doubts
