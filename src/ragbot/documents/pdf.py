"""PDF with a text layer: paragraphs put together again, pages kept."""

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from ragbot.documents.blocks import Block
from ragbot.documents.text import paragraphs

_HYPHEN = re.compile(r"(?<=[a-z])-\n(?=[a-z])")
_EDGE = 2  # lines at the top and the bottom of a page that may be running heads


def read(data: bytes) -> tuple[str | None, Iterable[Block]]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    if not data.lstrip().startswith(b"%PDF"):
        raise ValueError("it is no PDF file")
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ValueError("it is protected by a password: save a copy without one")
        pages = [page.extract_text() or "" for page in reader.pages]
        title = (reader.metadata.title if reader.metadata else None) or None
    except ValueError:
        raise
    except (PyPdfError, Exception) as error:  # a damaged file may break pypdf anywhere
        raise ValueError(f"it is a damaged PDF file ({type(error).__name__})") from error
    if not any(page.strip() for page in pages):
        raise ValueError("it has no text layer: run it through text recognition (OCR) first")
    return _sensible(title), list(_blocks(pages))


def _blocks(pages: list[str]) -> Iterator[Block]:
    running = _running_heads(pages)
    for number, page in enumerate(pages, 1):
        lines = [line for line in page.splitlines() if _form(line) not in running]
        for block in paragraphs(_HYPHEN.sub("", "\n".join(lines))):
            yield Block(block.text, page=number)


def _running_heads(pages: list[str]) -> set[str]:
    """Lines that open or close more than half of the pages, their numbers apart."""
    if len(pages) < 3:
        return set()
    edges: Counter[str] = Counter()
    for page in pages:
        lines = [line for line in page.splitlines() if line.strip()]
        edges.update({_form(line) for line in lines[:_EDGE] + lines[-_EDGE:]})
    return {form for form, count in edges.items() if count > len(pages) / 2}


def _form(line: str) -> str:
    return re.sub(r"\d+", "#", line.strip())


def _sensible(title: str | None) -> str | None:
    """A title, unless it is what a program left there."""
    bad = (
        title is None
        or len(title) < 4
        or re.search(r"untitled|\.(docx?|indd|tex|pdf)$|^Microsoft Word", title, re.IGNORECASE)
    )
    return None if bad else title
