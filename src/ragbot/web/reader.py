"""A document to read, opened where it is cited: its text under its headings, the cited sentence marked."""

import re
from collections.abc import Iterator, Sequence

from ragbot.language import detect
from ragbot.schema import Citation, Language, Passage
from ragbot.web.markup import act, element, escape, parallel_button, place
from ragbot.web.sources import outside
from ragbot.web.texts import phrase

WHOLE = 120_000  # characters; of a longer document the part around the citation is shown
_BLOCK = re.compile(r"[^\n]+(?:\n(?!\n)[^\n]+)*")


def document(
    text: str,
    passages: Sequence[Passage],
    citation: Citation,
    other: Citation | None,
    turn: int,
    across: bool,
    language: Language,
) -> str:
    """The document's text around a citation.

    `other` is the same statement in the other language, if there is one; `across`: whether that is the one cited.
    """
    if text[citation.start : citation.end] != citation.quote:
        body = [
            element("p", escape(phrase("gone", language)), class_="nothing"),
            element("blockquote", _marked(citation)),
        ]
    else:
        body = list(_body(text, passages, citation, language))
    return element(
        "section",
        element(
            "header",
            element("h2", escape(citation.title), tabindex="-1"),
            act("clear", "×", class_="close", aria_label=phrase("close", language)),
            element("p", escape(place(citation, language)), class_="where"),
            outside(citation.sources, language),
            element("p", parallel_button(other, turn, language, back=across), class_="acts") if other else "",
        ),
        element("div", *body, class_="body", tabindex="0", lang="zh-CN" if detect(citation.quote) == "zh" else "en"),
        class_="document",
        aria_label=citation.title,
    )


def _body(text: str, passages: Sequence[Passage], citation: Citation, language: Language) -> Iterator[str]:
    first, last = 0, len(text)
    if len(text) > WHOLE:
        first, last = citation.start - WHOLE // 2, citation.end + WHOLE // 2
        yield element("p", escape(phrase("excerpt", language)), class_="nothing")
    page = None
    for block in _BLOCK.finditer(text):
        start, end = block.span()
        if end < first or start > last:
            continue
        home = next((p for p in passages if p.start < end and start < p.end), None)
        if home and home.page and home.page != page:
            page = home.page
            yield element("p", escape(phrase("page", language, page=page)), class_="page")
        yield _block(text, start, end, citation, home)


def _block(text: str, start: int, end: int, citation: Citation, home: Passage | None) -> str:
    """A paragraph, a row of a table, or, where no passage holds it, a heading."""
    if home is None:
        return element("h3", escape(text[start:end]))
    low, high = max(start, citation.start), min(end, citation.end)
    if low >= high:
        return element("p", escape(text[start:end]))
    # A quote may run over several rows of a table; the page scrolls to the last, which is the one cited.
    here = "here" if citation.end <= end else None
    mark = element("mark", escape(text[low:high]), id=here)
    return element("p", escape(text[start:low]), mark, escape(text[high:end]))


def _marked(citation: Citation) -> str:
    return element("mark", escape(citation.quote), id="here")
