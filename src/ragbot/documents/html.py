"""HTML: the main part of a page, without its furniture."""

import re
from collections.abc import Iterable, Iterator

from bs4 import BeautifulSoup, Comment, NavigableString, Tag
from bs4.builder import ParserRejectedMarkup

from ragbot.documents.blocks import EMPTY_CELL, Block
from ragbot.documents.text import decode

_FURNITURE = (
    "script, style, noscript, template, nav, header, footer, aside, form, button, menu, iframe, svg, select, textarea, "
    "dialog, [role=navigation i], [role=banner i], [role=contentinfo i], [role=search i], "
    "[role=complementary i], [role=menu i]"
)
_BLOCKS = frozenset(
    """
    address article blockquote body caption center dd details div dl dt fieldset figcaption figure h1 h2 h3 h4 h5 h6 hr
    html li main ol p pre section summary table tbody td tfoot th thead tr ul
    """.split()
)
_CHARSET = re.compile(rb"charset=[\"']?([\w-]+)", re.IGNORECASE)


def read(data: bytes) -> tuple[str | None, Iterable[Block]]:
    declared = _CHARSET.search(data[:2048])
    try:
        text = data.decode(declared.group(1).decode()) if declared else decode(data)
    except (LookupError, UnicodeDecodeError):
        text = decode(data)
    return parse(text)


def parse(source: str) -> tuple[str | None, list[Block]]:
    """Title and blocks of a page; the `main` or the only `article` element is the page, if there is one."""
    try:
        soup = BeautifulSoup(source, "html.parser")
    except ParserRejectedMarkup as error:
        raise ValueError(f"it is no HTML that can be read: {error}") from error
    title = soup.title.get_text(" ", strip=True) if soup.title else None
    articles = soup.find_all("article")
    page = soup.select_one("main, [role=main i]") or (articles[0] if len(articles) == 1 else soup.body)
    root = page if isinstance(page, Tag) else soup
    for element in root.select(_FURNITURE):
        if not (element.name == "header" and element.find("h1")):
            element.decompose()
    return title, list(_blocks(root))


def _blocks(element: Tag) -> Iterator[Block]:
    """Text in document order: each block element, and each run of loose text between them, is a block."""
    loose: list[str] = []
    for child in element.children:
        if isinstance(child, Tag) and child.name in _BLOCKS:
            yield from _flush(loose)
            yield from _block(child)
        elif isinstance(child, Tag) and child.name not in ("title", "head") and child.find(list(_BLOCKS)):
            yield from _flush(loose)
            yield from _blocks(child)
        elif isinstance(child, Tag):
            loose.append("\n" if child.name == "br" else "" if child.name in ("title", "head") else child.get_text())
        elif isinstance(child, NavigableString) and not isinstance(child, Comment):
            loose.append(str(child))
    yield from _flush(loose)


def _block(element: Tag) -> Iterator[Block]:
    if re.fullmatch(r"h[1-6]", element.name):
        yield Block(_squeeze(element.get_text()), int(element.name[1]))
    elif element.name == "tr":
        cells = [_squeeze(cell.get_text(" ")) for cell in element.find_all(["td", "th"])]
        held = [cell for cell in cells if cell]
        yield Block(" | ".join(cell or EMPTY_CELL for cell in cells) if len(held) > 1 else "".join(held))
    else:
        yield from _blocks(element)


def _flush(loose: list[str]) -> Iterator[Block]:
    text = _squeeze("".join(loose))
    loose.clear()
    if text:
        yield Block(text)


def _squeeze(text: str) -> str:
    return re.sub(r"[ \t\r\n\f\u00a0]+", " ", text).strip()
