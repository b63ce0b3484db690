"""A run: every question asked once, every answer saved as soon as it is there, then judged and written up."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ragbot.errors import FaultyTestSet, ModelTimeout, QuestionError
from ragbot.evaluation.cases import Case, read_cases
from ragbot.evaluation.comparison import Comparison, compare_runs
from ragbot.evaluation.formats import contexts
from ragbot.evaluation.gold import GoldFinder
from ragbot.evaluation.judges import Agreement, StatementJudge, agreement
from ragbot.evaluation.runs import RunFolder, open_run, read_run, run_key
from ragbot.evaluation.scoring import Row, Verdict, judge
from ragbot.evaluation.summary import Summary, summarise
from ragbot.rows import answer_row

if TYPE_CHECKING:
    from ragbot.assistant import Assistant
    from ragbot.schema import Answer
    from ragbot.settings import Settings

RUNS = Path("evaluations")
"""Where runs are kept unless told otherwise."""

_DEPTH = 10  # passages ranked for the measures of retrieval

Progress = Callable[[int, int], None]
"""Called with how many questions are answered, and how many there are."""


class Shorten(Protocol):
    """Makes the short answer out of the whole one, for exact match and F1."""

    def __call__(self, question: str, answer: "Answer") -> str: ...


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A run that is done. `cases`, `rows` and `verdicts` go together, one a question; `report` is an HTML file."""

    folder: Path
    cases: tuple[Case, ...]
    rows: tuple[Row, ...]
    verdicts: tuple[Verdict, ...]
    summary: Summary
    comparison: Comparison | None
    agreement: Agreement | None
    resumed: int
    report: Path


def evaluate(
    testset: str | Path,
    assistant: "Assistant",
    *,
    out: Path | None = None,
    compare: Path | None = None,
    shorten: Shorten | None = None,
    second_judge: StatementJudge | None = None,
    limit: int | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """Ask every question of the test set, judge the answers and write the report.

    `out`: the run's folder; a new one under `evaluations` unless told. A run that was cut short goes on where it
    stopped if questions, documents, engine and settings are the same. `compare`: folder of an earlier run.
    `limit`: ask only that many, of every kind and language in turn. Raises FaultyTestSet, RunMismatch, RunNotSaved,
    and what `Assistant.ask` raises; what was answered until then is kept.
    """
    from ragbot.evaluation.report import write_report

    path = Path(testset)
    cases = selected(read_cases(path), limit)
    earlier = _verdicts(cases, read_run(compare)) if compare else None
    run = open_run(out, RUNS, run_key(path, cases, assistant, shorten is not None))
    resumed = len(run.rows)
    _ask_missing(run, cases, assistant, shorten, progress)
    rows = [run.rows[str(case.id)] for case in cases]
    verdicts = [judge(case, row) for case, row in zip(cases, rows, strict=True)]
    evaluation = Evaluation(
        folder=run.folder,
        cases=tuple(cases),
        rows=tuple(rows),
        verdicts=tuple(verdicts),
        summary=summarise(verdicts),
        comparison=compare_runs(earlier, verdicts) if earlier is not None else None,
        agreement=agreement(second_judge, cases, rows) if second_judge else None,
        resumed=resumed,
        report=run.folder / "report.html",
    )
    write_report(evaluation, run)
    run.finish()
    return evaluation


@contextmanager
def indexed(documents: Path, settings: "Settings") -> Iterator["Assistant"]:
    """An assistant over those documents alone, in an index that goes when the block ends.

    A SQuAD, CMRC 2018 or RGB file stands for the paragraphs that it brings along.
    """
    from ragbot.assistant import Assistant

    with tempfile.TemporaryDirectory(prefix="ragbot-evaluation-") as scratch:
        assistant = Assistant(Path(scratch) / "index", settings)
        assistant.add(_paragraph_files(documents, Path(scratch) / "documents"))
        yield assistant


def _paragraph_files(documents: Path, folder: Path) -> Path:
    if documents.suffix.lower() not in (".json", ".jsonl"):
        return documents
    paragraphs = contexts(documents)
    if not paragraphs:
        raise FaultyTestSet(f"'{documents}' brings no paragraphs along: give --documents the folder of the documents")
    folder.mkdir()
    for number, paragraph in enumerate(paragraphs, 1):
        (folder / f"paragraph-{number:05}.txt").write_text(paragraph, encoding="utf-8")
    return folder


def selected(cases: Sequence[Case], limit: int | None) -> list[Case]:
    """The first rows of every kind and language in turn, so that a limit leaves none of them out."""
    seen: dict[tuple[str, str], int] = {}
    turns = []
    for case in cases:
        group = (case.kind, case.language)
        seen[group] = seen.get(group, 0) + 1
        turns.append(seen[group])
    order = sorted(range(len(cases)), key=turns.__getitem__)
    return [cases[number] for number in order[:limit]]


def _verdicts(cases: Sequence[Case], rows: dict[str, Row]) -> list[Verdict]:
    """What an earlier run's answers to these questions were worth."""
    return [
        judge(case, row)
        for case in cases
        if (row := rows.get(str(case.id))) is not None and row["question"] == case.question
    ]


def _ask_missing(
    run: RunFolder, cases: Sequence[Case], assistant: "Assistant", shorten: Shorten | None, progress: Progress | None
) -> None:
    missing = [case for case in cases if str(case.id) not in run.rows]
    if not missing:
        return
    assistant.warm_up()
    gold = GoldFinder(assistant)
    for case in missing:
        if progress:
            progress(len(run.rows), len(cases))
        run.save(answered(assistant, case, shorten) | {"gold": gold.places(case)})


def answered(assistant: "Assistant", case: Case, shorten: Shorten | None = None) -> Row:
    """The answer row with what judges need; a question that cannot be answered is a row too, and counts as wrong."""
    chat = assistant.chat()
    try:
        for earlier in case.history:
            chat.ask(earlier)
        answer = chat.ask(case.question)
    except (QuestionError, ModelTimeout) as error:
        return failed_row(case, str(error))
    row = answer_row(replace(answer, question=case.question), case.id) | {
        "standalone": answer.standalone_question,
        "passages": [
            f"{paragraph(assistant.text(cited.document), cited.start)} {cited.quote}" for cited in answer.citations
        ],
        "retrieved": _retrieved(assistant, answer),
    }
    return row | {"short": shorten(case.question, answer)} if shorten else row


def failed_row(case: Case, error: str) -> Row:
    """The row of a question to which no answer came."""
    nothing = {"answer": "", "refused": False, "engine": "", "citations": [], "retrieved": [], "timings": {}}
    return {"id": case.id, "question": case.question, **nothing, "error": error}


def paragraph(text: str, at: int) -> str:
    """The paragraph, list item or table row of a document around an offset."""
    start = text.rfind("\n\n", 0, at)
    end = text.find("\n\n", at)
    return text[start + 2 if start >= 0 else 0 : end if end >= 0 else len(text)]


def _retrieved(assistant: "Assistant", answer: "Answer") -> list[Row]:
    """The passages found for the question, best first; as many as the measures look at, whatever the writer saw."""
    if not answer.evidence:
        return []
    found = assistant.retriever.retrieve(answer.standalone_question, _DEPTH)
    return [{"id": item.passage.id, "document": item.passage.document, "text": item.passage.text} for item in found]
