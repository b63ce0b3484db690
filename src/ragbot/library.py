"""Documents that people hand in: kept in a folder beside the index, indexed one at a time while questions go on."""

import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from ragbot.assistant import Assistant, OnStage
from ragbot.errors import IndexBusy, StoreError, UnreadableDocument

_LONGEST_NAME = 200  # bytes; file systems take 255, and temporary names need some


class Library:
    """The documents of an assistant's index, to be added to, read again and taken from. Safe to share."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        settings = assistant.settings
        beside = settings.index.resolve()
        self.folder = settings.documents_dir or beside.with_name(f"{beside.name}-documents")
        self._turn = threading.Lock()

    def add(self, path: Path, name: str, on_stage: OnStage | None = None) -> str:
        """Keep a copy of the file under `name` and index it; the name it got.

        Raises UnreadableDocument for a file that is too large, cannot be read, or has no usable name, StoreError when
        the name belongs to a document from elsewhere, and IndexBusy while another is indexed: all is then as it was.
        """
        name = safe_name(name)
        limit = self.assistant.settings.max_upload_mb
        if path.stat().st_size > limit << 20:
            raise UnreadableDocument(f"'{name}' is larger than {limit} MiB: split it, or raise RAGBOT_MAX_UPLOAD_MB")
        with self._one_at_a_time():
            self._must_be_ours(name)
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self.folder, prefix=".incoming-") as aside:
                target, earlier = self.folder / name, Path(aside) / "earlier"
                shutil.copyfile(path, Path(aside) / "new")
                if target.exists():
                    target.replace(earlier)
                (Path(aside) / "new").replace(target)
                try:
                    self.assistant.add(target, on_stage=on_stage)
                except BaseException as error:
                    target.unlink()
                    if earlier.exists():
                        earlier.replace(target)
                    _raise_without_folder(error, self.folder)
        return name

    def reindex(self, name: str, on_stage: OnStage | None = None) -> None:
        """Read a document's file again; raises what `Assistant.reindex` raises, and IndexBusy."""
        with self._one_at_a_time():
            try:
                self.assistant.reindex(name, on_stage)
            except UnreadableDocument as error:
                _raise_without_folder(error, Path(self.assistant.store.root(name)))

    def remove(self, name: str) -> None:
        """Take a document out of the index, and delete the copy kept here; a file from elsewhere stays."""
        with self._one_at_a_time():
            kept = self.assistant.store.root(name) == str(self.folder.resolve())
            self.assistant.remove(name)
            if kept:
                (self.folder / name).unlink(missing_ok=True)

    def _must_be_ours(self, name: str) -> None:
        held = {document.name for document in self.assistant.documents()} if self.assistant.store.exists() else set()
        if name in held and self.assistant.store.root(name) != str(self.folder.resolve()):
            raise StoreError(f"'{name}' is in the index already, from another folder: give the file another name")

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        if not self._turn.acquire(blocking=False):
            raise IndexBusy("another document is being indexed: try again when it is done")
        try:
            yield
        finally:
            self._turn.release()


def _raise_without_folder(error: BaseException, folder: Path) -> NoReturn:
    """The error; what cannot be read is named without the folder, which is nobody's business on a page."""
    if isinstance(error, UnreadableDocument):
        raise UnreadableDocument(str(error).replace(f"{folder}/", "")) from error
    raise error


def safe_name(name: str) -> str:
    """The last part of a file's name, which no folder can be left by. Raises UnreadableDocument where none is left."""
    last = "".join(c for c in name.replace("\\", "/").rsplit("/", 1)[-1] if c.isprintable()).strip()
    if not last or last.startswith((".", "~$")) or len(last.encode()) > _LONGEST_NAME:
        raise UnreadableDocument(f"'{last[:60]}' cannot be a document's name: give the file another one")
    return last
