"""Plain text in whatever encoding, and tables of comma- or tab-separated values."""

import csv
import io
import re
from collections.abc import Iterable, Iterator

from ragbot.documents.blocks import EMPTY_CELL, Block
from ragbot.language import HAN

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_GLUE = re.compile(r"[ \t]*\r?\n[ \t]*")
_BULLET = re.compile(r"^\s*(?:[-*•·●▪]|\d{1,3}[.)、]|[（(]\d{1,3}[)）])\s+")
_RULE = re.compile(r":?-{2,}:?|={2,}")
_LONGEST_TITLE = 60  # characters
_NUMBERED_HEADING = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十\d]{1,3}[章节節部篇]|\d{1,2}(?:\.\d{1,2}){0,2}[.、]?\s+(?=\S))"
    r"[^。！？!?；;]{1,40}$"
)


def read(data: bytes) -> tuple[str | None, Iterable[Block]]:
    """Plain text; a saved wiki page is recognised by its markup and read as one."""
    from ragbot.documents import wiki

    text = decode(data)
    return wiki.parse(text) if wiki.looks_like_wiki(text) else (None, list(_with_headings(paragraphs(text))))


def read_table(data: bytes) -> tuple[str | None, Iterable[Block]]:
    """A table: each row a block, its cells joined as 'column: value'."""
    text = decode(data)
    try:
        dialect: type[csv.Dialect] | csv.Dialect = csv.Sniffer().sniff(text[:10_000], ",\t;|")
    except csv.Error:
        dialect = csv.excel
    rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), dialect)]
    header, *body = [row for row in rows if any(row)] or [[]]
    if not body:
        return None, [Block(" | ".join(header))]
    return None, [
        Block(" | ".join(f"{name}: {cell}" for name, cell in zip(header, row, strict=False) if cell)) for row in body
    ]


def decode(data: bytes) -> str:
    """Bytes to text: UTF-8, UTF-16 by its mark, else the likeliest encoding. Raises ValueError for binary data."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _marked(data, encoding)
    if _CONTROL.search(data[:100_000].decode("latin-1")):
        raise ValueError("it is a binary file, not text")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _guessed(data)


def join_lines(text: str) -> str:
    """A wrapped paragraph as one line: a space between words, nothing between Chinese characters."""

    def glue(match: re.Match[str]) -> str:
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        wide = any(HAN.match(side) or side in "，。；：、！？（）《》“”" for side in (before, after) if side)
        return "" if wide else " "

    text = text.strip()
    return _GLUE.sub(glue, text)


def paragraphs(text: str) -> Iterator[Block]:
    """Blocks of plain text: parted by blank lines; list items, and lines that end a sentence, stand alone.

    So do the rows of a table whose cells are parted by bars or tabs.
    """
    for chunk in re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        lines: list[str] = []
        for line, row in _rows(chunk.split("\n")):
            if lines and (row or _BULLET.match(line) or _complete(lines[-1])):
                yield Block(join_lines("\n".join(lines)))
                lines = []
            if row:
                yield Block(line)
            else:
                lines.append(line)
        yield Block(join_lines("\n".join(lines)))


def _rows(lines: list[str]) -> Iterator[tuple[str, bool]]:
    """The lines, and whether each is a table's row: those with their cells parted by ' | ', and without its rules."""
    cells = [_cells(line) for line in lines]
    for at, (line, own) in enumerate(zip(lines, cells, strict=True)):
        beside = [len(other) for other in (*cells[max(0, at - 1) : at], *cells[at + 1 : at + 2])]
        if len(own) < 2 or len(own) not in beside:
            yield line, False
        elif not all(_RULE.fullmatch(cell) for cell in own):
            yield " | ".join(cell or EMPTY_CELL for cell in own), True


def _cells(line: str) -> list[str]:
    """The cells of what may be a table's row; two spaces part none, as they may align anything."""
    line = line.strip(" ")
    parts = line.strip("|").split("|") if line.count("|") > line.startswith("|") else line.split("\t")
    return [part.strip() for part in parts]


def _with_headings(blocks: Iterable[Block]) -> Iterator[Block]:
    """A short first line is the title; a line such as '二、成本' that stands alone is a heading."""
    for number, block in enumerate(blocks):
        text = block.text.strip()
        title = number == 0 and len(text) <= _LONGEST_TITLE and not _complete_sentence(text)
        level = 1 if title else 2 if _NUMBERED_HEADING.match(text) else 0
        yield Block(block.text, level, block.page)


def _complete_sentence(text: str) -> bool:
    return text.endswith(tuple("。！？.!?…：:；;，,")) or len(text.split()) > _LONGEST_TITLE // 4


def _complete(line: str) -> bool:
    """Whether a line ends with a sentence, or is too short to have been wrapped."""
    return line.rstrip().endswith(("。", "！", "？", "：", ".", "!", "?", ":", "”")) or len(line.strip()) < 30


def _marked(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ValueError(f"it begins as {encoding.upper()} and then is not: save it as UTF-8") from error


def _guessed(data: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=["gb18030", "big5", "utf_16", "cp1252", "shift_jis", "euc_kr"]).best()
    if best is None:
        raise ValueError("its encoding cannot be told: save it as UTF-8")
    return str(best)
