"""The command line. Each command says on stderr, in one line, what went wrong, and exits with 1."""

import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ragbot.errors import DocumentNotFound, RagbotError

if TYPE_CHECKING:
    from ragbot.assistant import Assistant
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


def _assistant(index: Path | None) -> "Assistant":
    from pydantic import ValidationError

    from ragbot.assistant import Assistant
    from ragbot.errors import ConfigurationError

    try:
        return Assistant(index)
    except ValidationError as error:
        first = error.errors()[0]
        name = "RAGBOT_" + "_".join(str(part) for part in first["loc"]).upper()
        raise ConfigurationError(f"{name}: {first['msg']}") from error


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
