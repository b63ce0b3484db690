"""Blocks to a Document: what every reader hands over, and the one place where offsets are made."""

from collections.abc import Iterable
from dataclasses import dataclass

from ragbot.language import detect
from ragbot.schema import Document, Section

EMPTY_CELL = "–"
"""Keeps the place of a table's cell without text, so that the others stay under their headings."""

_GAP = "\n\n"


@dataclass(frozen=True, slots=True)
class Block:
    """A heading (level 1 to 6) or a run of text (level 0), and the 1-based page it stands on, if there are pages."""

    text: str
    level: int = 0
    page: int | None = None


def build(blocks: Iterable[Block], name: str, title: str, digest: str) -> Document:
    """A Document of the blocks. A single level-1 heading at the top is the title and no part of heading paths."""
    kept = [block for block in blocks if block.text.strip()]
    top = [block for block in kept if block.level == 1]
    if len(top) == 1 and kept[0] is top[0]:
        title = top[0].text.strip()
    parts: list[str] = []
    sections: list[Section] = []
    pages: list[int] = []
    path: list[tuple[int, str]] = []
    at = 0
    for block in kept:
        text = block.text.strip()
        while block.page is not None and len(pages) < block.page:
            pages.append(at)
        if block.level:
            path = [step for step in path if step[0] < block.level]
            if not (block.level == 1 and text == title):
                path.append((block.level, text))
        else:
            _extend(sections, tuple(text for _, text in path) or (title,), at, at + len(text))
        parts.append(text)
        at += len(text) + len(_GAP)
    text = _GAP.join(parts)
    return Document(name, title, text, tuple(sections), detect(text), digest, tuple(pages))


def _extend(sections: list[Section], path: tuple[str, ...], start: int, end: int) -> None:
    """Add a block to the last section, or open one where the heading path changed or a heading came between."""
    if sections and sections[-1].path == path and start - sections[-1].end == len(_GAP):
        start = sections.pop().start
    sections.append(Section(path, start, end))
