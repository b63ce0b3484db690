"""The command line. Each command says on stderr, in one line, what went wrong, and exits with 1."""

import signal
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ragbot.errors import DocumentNotFound, RagbotError

if TYPE_CHECKING:
    from ragbot.assistant import Assistant
    from ragbot.evaluation import Evaluation
    from ragbot.schema import IndexReport

app = typer.Typer(
    help="Ask documents in Chinese or English; every statement cites the passage it stands on.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
Index = Annotated[Path | None, typer.Option("--index", help="Folder of the index (RAGBOT_INDEX; 'index').")]


class _Stopped(BaseException):
    """Ctrl-C. Not KeyboardInterrupt, which the command-line library turns into a silent end of its own."""


def _stop(*_: object) -> None:
    raise _Stopped


def main() -> None:
    """Entry point: errors of ours become one line, Ctrl-C a quiet end."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _stop)
    try:
        app()
    except RagbotError as error:
        print(f"ragbot: {error}", file=sys.stderr)
        sys.exit(1)
    except (_Stopped, KeyboardInterrupt):
        print("ragbot: stopped; what was finished is kept", file=sys.stderr)
        sys.exit(130)


@app.command()
def index(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files or folders; 'corpus' unless told.")] = None,
    index: Index = None,
) -> None:
    """Build or update the index: only what changed is embedded again."""
    bot = _assistant(index)
    for path in paths or [Path("corpus")]:
        with _progress() as bar:
            task = bar.add_task("reading", total=None)
            report = bot.add(path, lambda name, at, of: bar.update(task, description=name, completed=at - 1, total=of))  # noqa: B023
        _tell(report, bot, path)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question, in Chinese or English.")],
    index: Index = None,
    document: Annotated[
        list[str] | None, typer.Option(help="Answer from this document alone; may be repeated.")
    ] = None,
    segment: Annotated[list[str] | None, typer.Option(help="Answer from this segment alone; may be repeated.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the answer row as JSON.")] = False,
) -> None:
    """Answer one question."""
    from ragbot.rows import answer_row, dump

    answer = _assistant(index).ask(question, documents=document, segments=segment)
    if json:
        print(dump(answer_row(answer)))
        return
    print(answer.text)
    for citation in answer.citations:
        page = f", p. {citation.page}" if citation.page else ""
        print(f"\n[{citation.number}] {citation.document}, {citation.segment}{page}\n    {citation.quote}")
    for warning in answer.warnings:
        print(f"\n! {warning}")


@app.command()
def batch(
    questions: Annotated[Path, typer.Argument(help="JSONL: id, question, history.")],
    answers: Annotated[Path, typer.Argument(help="JSONL to write, one answer row a question.")],
    index: Index = None,
) -> None:
    """Answer a file of questions; the answers' file appears when all are done."""
    from ragbot.rows import answer_row, dump, read_questions

    rows = read_questions(questions)
    bot = _assistant(index)
    partial = answers.with_name(answers.name + ".partial")
    try:
        with partial.open("w", encoding="utf-8") as file, _progress() as bar:
            for row in bar.track(rows, description="answering"):
                chat = bot.chat()
                for earlier in row.history:
                    chat.ask(earlier)
                print(dump(answer_row(chat.ask(row.question), row.id)), file=file, flush=True)
        partial.replace(answers)
    except OSError as error:
        raise RagbotError(f"cannot write '{answers}': {error.strerror}") from error
    print(f"{len(rows)} answers in {answers}")


@app.command("eval")
def evaluate_(
    testset: Annotated[Path, typer.Argument(help="JSONL, CSV, YAML, or JSON of SQuAD, CMRC 2018 or RGB.")],
    documents: Annotated[
        Path | None, typer.Option(help="Answer from this file or folder alone, indexed for the run.")
    ] = None,
    engine: Annotated[
        str | None, typer.Option(help="'extraction', a name from `ragbot models`, or a GGUF file; else RAGBOT_LLM.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="The run's folder; a new one in 'evaluations' unless told.")] = None,
    compare: Annotated[Path | None, typer.Option(help="Folder of an earlier run to compare with.")] = None,
    fail_under: Annotated[
        str | None, typer.Option(help="Exit with 1 below any of these: 'right=0.9,refused=0.95'.")
    ] = None,
    judge: Annotated[
        str | None, typer.Option(help="A second judge of citations: 'nli:CROSS-ENCODER' or 'llm:MODEL'.")
    ] = None,
    short: Annotated[bool, typer.Option("--short", help="Measure exact match and F1 on short answers.")] = False,
    limit: Annotated[int | None, typer.Option(help="Ask only so many, of every kind in turn.", min=1)] = None,
    index: Index = None,
) -> None:
    """Ask a test set's questions, judge the answers, and write a report; a run cut short goes on where it stopped."""
    from ragbot.evaluation.runner import evaluate, indexed
    from ragbot.evaluation.thresholds import read_thresholds, shortfalls

    bounds = read_thresholds(fail_under or "")
    bot = _assistant(index, engine)
    with indexed(documents, bot.settings) if documents else nullcontext(bot) as assistant, _progress() as bar:
        task = bar.add_task("answering", total=None)
        evaluation = evaluate(
            testset,
            assistant,
            out=out,
            compare=compare,
            shorten=_shortener(assistant) if short else None,
            second_judge=_second_judge(judge, bot) if judge else None,
            limit=limit,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    _tell_evaluation(evaluation)
    if short_of := shortfalls(bounds, evaluation.summary):
        print(f"ragbot: {short_of}", file=sys.stderr)
        raise typer.Exit(1)


testset = typer.Typer(help="Check a test set, or draft one from the indexed documents.", no_args_is_help=True)
app.add_typer(testset, name="testset")


@testset.command()
def check(
    file: Annotated[Path, typer.Argument(help="The test set.")],
    index: Annotated[
        Path | None, typer.Option("--index", help="Look also whether the evidence stands in this index's documents.")
    ] = None,
) -> None:
    """Name every faulty row with its line and the reason; exit with 1 if there is one."""
    from ragbot.evaluation.cases import check

    bot = _assistant(index) if index else None
    cases, remarks = check(file, [bot.text(document.name) for document in bot.documents()] if bot else None)
    faulty = 0
    for remark in remarks:
        faulty += remark.weight == "fault"
        print(f"{'NO ' if remark.weight == 'fault' else '?  '} {remark}")
    print(f"{len(cases)} rows can be asked, {faulty} cannot; {len(remarks) - faulty} remarks")
    if faulty:
        raise typer.Exit(1)


@testset.command()
def draft(
    file: Annotated[Path, typer.Argument(help="JSONL to write.")],
    count: Annotated[int, typer.Option(help="How many questions.", min=1)] = 40,
    index: Index = None,
) -> None:
    """Propose questions from the indexed documents, for a person to look at: each says `"accepted": false`."""
    from ragbot.evaluation.drafting import draft_testset, save_draft

    bot = _assistant(index)
    with _progress() as bar:
        task = bar.add_task("drafting", total=count)
        cases = draft_testset(bot, count, lambda done: bar.update(task, completed=done))
    save_draft(file, cases)
    print(f"{len(cases)} proposals in {file}: look at each, then set accepted to true")


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 7860,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    index: Index = None,
) -> None:
    """Serve the chat."""
    bot = _assistant(index)
    bot.documents()  # an index that is missing is told before the page is built
    from ragbot.web import launch

    launch(bot, host, port, open_browser)


@app.command()
def feedback(
    cases: Annotated[Path, typer.Argument(help="JSONL to write, one test-set row a judged answer.")],
    index: Index = None,
) -> None:
    """Write what readers thought of answers as a test set."""
    from ragbot.feedback import Feedback
    from ragbot.rows import dump

    rows = list(Feedback(_assistant(index).settings.data_dir).cases())
    try:
        cases.write_text("".join(f"{dump(row)}\n" for row in rows), encoding="utf-8")
    except OSError as error:
        raise RagbotError(f"cannot write '{cases}': {error.strerror}") from error
    print(f"{len(rows)} judged answers in {cases}")


@app.command()
def models(
    action: Annotated[str, typer.Argument(help="'list', or 'pull' to fetch and verify.")] = "list",
    name: Annotated[str | None, typer.Argument(help="Which model to pull; the default one unless told.")] = None,
    index: Index = None,
) -> None:
    """Which models there are, where they lie; fetch and verify them."""
    from ragbot import weights
    from ragbot.errors import ConfigurationError

    settings = _assistant(index).settings
    if action == "list":
        for row in weights.status(settings):
            place = row.path or f"not here: ragbot models pull {row.name}"
            print(f"{row.name}{' (default)' if row.default else ''}, {row.size / 1e6:,.0f} MB: {place}")
    elif action == "pull":
        with _progress(transfer=True) as bar:
            task = bar.add_task("asking", total=None)
            show = lambda done, total, source: bar.update(task, completed=done, total=total, description=source)  # noqa: E731
            path = weights.pull(name or weights.DEFAULT, settings, show)
        print(path)
    else:
        raise ConfigurationError(f"no action '{action}': 'ragbot models' lists, 'ragbot models pull NAME' fetches")


@app.command()
def doctor(index: Index = None) -> None:
    """What works on this machine, what does not, and what to do about it."""
    from ragbot.doctor import examine

    bot = _assistant(index)
    findings = examine(bot)
    for finding in findings:
        print(f"{'ok ' if finding.works else 'NO '} {finding.what}: {finding.detail}")
    if not all(finding.works for finding in findings):
        raise typer.Exit(1)


def _assistant(index: Path | None, engine: str | None = None) -> "Assistant":
    from pydantic import ValidationError

    from ragbot.assistant import Assistant
    from ragbot.errors import ConfigurationError
    from ragbot.settings import Settings

    try:
        settings = Settings()
        if engine:
            chosen = {"llm": "none" if engine == "extraction" else engine, "llm_base_url": None}
            settings = settings.model_copy(update=chosen)
        return Assistant(index, settings)
    except ValidationError as error:
        first = error.errors()[0]
        name = "RAGBOT_" + "_".join(str(part) for part in first["loc"]).upper()
        raise ConfigurationError(f"{name}: {first['msg']}") from error


def _shortener(bot: "Assistant") -> Any:
    from ragbot.evaluation.short_answers import Shortener

    return Shortener(bot.model)


def _second_judge(name: str, bot: "Assistant") -> Any:
    from ragbot.evaluation.judges import second_judge

    return second_judge(name, bot.settings)


def _tell_evaluation(evaluation: "Evaluation") -> None:
    from rich.console import Console

    from ragbot.evaluation.report.table import closing_lines, headline_table

    if evaluation.resumed:
        print(f"{evaluation.resumed} of {len(evaluation.rows)} answers were there from an earlier start of this run")
    console = Console()
    console.print(headline_table(evaluation), soft_wrap=not console.is_terminal)
    print("\n".join(closing_lines(evaluation)))


def _progress(transfer: bool = False) -> Any:
    """A bar on stderr that leaves nothing behind; silent when stderr is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    amount = DownloadColumn() if transfer else MofNCompleteColumn()
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), amount, TimeRemainingColumn())
    console = Console(stderr=True)
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def _tell(report: "IndexReport", bot: "Assistant", path: Path) -> None:
    for name, reason in report.failed:
        print(f"left out: {reason if name in reason else f'{name}: {reason}'}", file=sys.stderr)
    if report.failed and not (report.added or report.updated or report.unchanged):
        raise DocumentNotFound(f"nothing in '{path}' could be read; the index is as it was")
    counts = ", ".join(
        f"{len(names)} {label}"
        for label, names in (
            ("added", report.added),
            ("updated", report.updated),
            ("unchanged", report.unchanged),
            ("removed", report.removed),
            ("left out", report.failed),
        )
        if names
    )
    print(f"{path}: {counts or 'nothing to do'}; index in {bot.settings.index}")


if __name__ == "__main__":
    main()
