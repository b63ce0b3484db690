"""Markdown: CommonMark and tables, markup removed."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from ragbot.documents.blocks import EMPTY_CELL, Block
from ragbot.documents.text import decode, join_lines

_FRONT_MATTER = re.compile(r"\A---\s*\n(.*?)\n---\s*\n", re.DOTALL)
_TITLE = re.compile(r"^title:\s*[\"']?(.*?)[\"']?\s*$", re.MULTILINE)


def read(data: bytes) -> tuple[str | None, Iterable[Block]]:
    from markdown_it import MarkdownIt

    text = decode(data)
    front = _FRONT_MATTER.match(text)
    title = _TITLE.search(front.group(1)) if front else None
    parser = MarkdownIt("commonmark").enable("table")
    tokens = parser.parse(text[front.end() :] if front else text)
    return (title.group(1) if title else None), list(_blocks(tokens))


def _blocks(tokens: list[Any]) -> Iterator[Block]:
    level = 0
    row: list[str] | None = None
    for token in tokens:
        if token.type == "heading_open":
            level = int(token.tag[1])
        elif token.type == "heading_close":
            level = 0
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            yield Block(" | ".join(cell or EMPTY_CELL for cell in row or []))
            row = None
        elif token.type == "inline":
            text = _inline(token.children or [])
            if row is None:
                yield Block(text, level)
            else:
                row.append(text)
        elif token.type in ("fence", "code_block"):
            yield Block(token.content)
        elif token.type == "html_block":
            yield from _html(token.content)


def _inline(children: list[Any]) -> str:
    """The words of a line: links and emphasis give their text, images their alternative text."""
    parts = []
    for child in children:
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif child.type == "image":
            parts.append(_inline(child.children or []))
    return join_lines("".join(parts))


def _html(source: str) -> Iterator[Block]:
    from ragbot.documents import html

    yield from html.parse(source)[1]
