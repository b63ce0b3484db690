"""What a run leaves on disk: `run.json` says what was asked of what, `rows.jsonl` grows by an answer at a time."""

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import ragbot
from ragbot.errors import RunMismatch, RunNotFound, RunNotSaved
from ragbot.evaluation.cases import Case
from ragbot.evaluation.scoring import Row
from ragbot.rows import dump

if TYPE_CHECKING:
    from ragbot.assistant import Assistant

_MANIFEST = "run.json"
_ROWS = "rows.jsonl"
_NOT_PART_OF_A_RUN = {"index", "models_dir", "llm_api_key", "hub_url", "package_index_url", "llm_threads"}


@dataclass(frozen=True, slots=True)
class RunKey:
    """What makes two runs the same: digests of questions and documents, and what answers them."""

    testset: str
    questions: str
    documents: str
    engine: str
    settings: dict[str, object]
    short: bool
    ragbot: str = ragbot.__version__

    def difference(self, other: "RunKey") -> str:
        """The first thing in which they differ."""
        mine, theirs = asdict(self), asdict(other)
        return next((name for name in ("testset", *mine) if mine[name] != theirs[name]), "")


def run_key(testset: Path, cases: Sequence[Case], assistant: "Assistant", short: bool) -> RunKey:
    """The key of a run of those questions by that assistant. Reads all that is indexed."""
    rows = "\n".join(case.model_dump_json() for case in cases)
    documents = hashlib.sha256()
    for document in assistant.documents():
        documents.update(f"{document.name}\0{assistant.text(document.name)}\0".encode())
    return RunKey(
        testset=testset.name,
        questions=hashlib.sha256(rows.encode()).hexdigest(),
        documents=documents.hexdigest(),
        engine=assistant.engine,
        settings=assistant.settings.model_dump(mode="json", exclude=_NOT_PART_OF_A_RUN),
        short=short,
    )


@dataclass
class RunFolder:
    """A run on disk. `rows`: what is answered so far, by id as text."""

    folder: Path
    key: RunKey
    started: str
    rows: dict[str, Row] = field(default_factory=dict)

    def save(self, row: Row) -> None:
        """Add an answer; it is on the disk when this returns. Raises RunNotSaved, with the file as it was."""
        path = self.folder / _ROWS
        line = f"{dump(row)}\n".encode()
        # unbuffered: closing a buffered file would try again to write what the disk refused
        with saving(path, f"{len(self.rows)} answers are kept"), path.open("ab", buffering=0) as file:
            end = file.tell()
            try:
                while line:
                    line = line[file.write(line) :]
                os.fsync(file.fileno())
            except OSError:
                file.truncate(end)
                raise
        self.rows[str(row["id"])] = row

    def finish(self) -> None:
        """Mark the run as complete."""
        self._write_manifest(_now())

    def write(self, name: str, text: str) -> Path:
        """Write a file of the run whole, or not at all."""
        path = self.folder / name
        with saving(path, f"the {len(self.rows)} answers are kept"):
            write_whole(path, text)
        return path

    def _write_manifest(self, finished: str | None = None) -> None:
        manifest = {"key": asdict(self.key), "started": self.started, "finished": finished}
        self.write(_MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))


@contextmanager
def saving(path: Path, kept: str) -> Iterator[None]:
    """Turn the disk's refusal into one clear line."""
    try:
        yield
    except OSError as error:
        raise RunNotSaved(
            f"cannot write '{path}': {error.strerror}; {kept}: make room and give the same command again"
        ) from error


def write_whole(path: Path, text: str) -> None:
    """Write a text file, or leave what was there. Raises OSError."""
    partial = path.with_name(f"{path.name}.partial")
    try:
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise


def open_run(out: Path | None, parent: Path, key: RunKey) -> RunFolder:
    """The run to go on with, or a new one.

    Without `out`: the last unfinished run of that key under `parent`, else a new folder named after test set, engine
    and time. Raises RunMismatch when `out` holds another run.
    """
    folder = out or _unfinished(parent, key) or _new(parent, key)
    manifest = _manifest(folder)
    if manifest is None:
        run = RunFolder(folder, key, _now())
        with saving(folder, "nothing was asked yet"):
            folder.mkdir(parents=True, exist_ok=True)
        run._write_manifest()
        return run
    there, started, _ = manifest
    if there != key:
        raise RunMismatch(
            f"'{folder}' holds a run with another {there.difference(key)}: give --out a new folder, and this one to "
            "--compare to see what changed"
        )
    return RunFolder(folder, key, started, read_rows(folder / _ROWS, mend=True))


def read_run(folder: Path) -> dict[str, Row]:
    """The answers of a run by id. Raises RunNotFound when there are none."""
    rows = read_rows(folder / _ROWS)
    if not rows:
        raise RunNotFound(f"no run in '{folder}': give the folder that an earlier 'ragbot eval' named")
    return rows


def read_rows(path: Path, mend: bool = False) -> dict[str, Row]:
    """Answers by id. `mend`: failures are left out, and a last line that a kill cut short is cut off the file."""
    if not path.exists():
        return {}
    whole = path.read_bytes()
    end = whole.rfind(b"\n") + 1
    if mend and end < len(whole):
        os.truncate(path, end)
    rows = [json.loads(line) for line in whole[:end].decode("utf-8").split("\n") if line]
    return {str(row["id"]): row for row in rows if not (mend and row.get("error"))}


def _manifest(folder: Path) -> tuple[RunKey, str, str | None] | None:
    try:
        manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        return RunKey(**manifest["key"]), manifest["started"], manifest["finished"]
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _unfinished(parent: Path, key: RunKey) -> Path | None:
    found = [(manifest[1], path) for path in parent.glob("*/") if (manifest := _manifest(path))
             and manifest[0] == key and manifest[2] is None]  # fmt: skip
    return max(found)[1] if found else None


def _new(parent: Path, key: RunKey) -> Path:
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
    name = f"{Path(key.testset).stem}.{Path(key.engine).stem}.{stamp}"
    taken = (parent / f"{name}{'-' * bool(number)}{number or ''}" for number in range(10_000))
    return next(path for path in taken if not path.exists())


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
