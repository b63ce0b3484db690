"""Which files are read, and by which reader; every failure as one line that names the file."""

import hashlib
from collections.abc import Callable, Iterable
from fnmatch import fnmatch
from pathlib import Path

from ragbot.documents.blocks import Block, build
from ragbot.errors import DocumentNotFound, UnreadableDocument
from ragbot.schema import Document

Reader = Callable[[bytes], tuple[str | None, Iterable[Block]]]
"""A file's bytes to its title, if it has one, and its blocks. Raises ValueError with the cause."""

IGNORE_FILE = ".ragbotignore"


def _readers() -> dict[str, Reader]:
    from ragbot.documents import html, markdown, office, pdf, text, wiki

    return {
        ".md": markdown.read,
        ".markdown": markdown.read,
        ".txt": text.read,
        ".wiki": wiki.read,
        ".mediawiki": wiki.read,
        ".html": html.read,
        ".htm": html.read,
        ".xhtml": html.read,
        ".pdf": pdf.read,
        ".docx": office.read,
        ".csv": text.read_table,
        ".tsv": text.read_table,
    }


def find_files(path: Path) -> tuple[Path, list[Path]]:
    """The folder that names are relative to, and the files to read, sorted.

    Of a folder, every file of a known kind; hidden ones are skipped, and so is what a `.ragbotignore` in the folder
    lists (one pattern a line). Raises DocumentNotFound for a path that does not exist or a folder with nothing to read.
    """
    if not path.exists():
        raise DocumentNotFound(f"no such file or folder: '{path}'")
    if path.is_file():
        return path.parent, [path]
    kinds = _readers()
    ignored = _ignored(path)
    files = [
        file
        for file in sorted(path.rglob("*"))
        if file.is_file()
        and file.suffix.lower() in kinds
        and not any(part.startswith((".", "~$")) for part in file.relative_to(path).parts)
        and not any(fnmatch(file.relative_to(path).as_posix(), pattern) for pattern in ignored)
        and file.resolve().is_relative_to(path.resolve())
    ]
    if not files:
        raise DocumentNotFound(f"nothing to read in '{path}': ragbot reads {', '.join(kinds)}")
    return path, files


def read(path: Path, root: Path, max_mb: int = 200) -> Document:
    """The file as a Document named by its path below `root`. Raises UnreadableDocument, one line with the cause."""
    name = path.relative_to(root).as_posix()
    reader = _readers().get(path.suffix.lower())
    if reader is None:
        raise UnreadableDocument(f"'{path}': files of kind '{path.suffix}' are not read: {', '.join(_readers())} are")
    try:
        if path.stat().st_size > max_mb << 20:
            raise UnreadableDocument(f"'{path}' is larger than {max_mb} MiB: split it, or raise RAGBOT_MAX_FILE_MB")
        data = path.read_bytes()
        title, blocks = reader(data) if data.strip() else (None, [])
        document = build(blocks, name, title or path.stem, hashlib.sha256(data).hexdigest())
    except OSError as error:
        raise UnreadableDocument(f"'{path}' cannot be read: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise UnreadableDocument(f"'{path}' cannot be read: {error}") from error
    if not document.sections:
        raise UnreadableDocument(f"'{path}' is empty: there is no text in it")
    return document


def _ignored(folder: Path) -> list[str]:
    file = folder / IGNORE_FILE
    if not file.is_file():
        return []
    lines = (line.strip() for line in file.read_text(encoding="utf-8", errors="replace").splitlines())
    return [line for line in lines if line and not line.startswith("#")]
