"""The panel beside the chat: what was found for a question, then what its answer cites."""

import re
from collections.abc import Sequence

from ragbot.schema import Citation, Evidence, Language, Passage
from ragbot.web.markup import act, element, escape, parallel_button, place
from ragbot.web.texts import phrase

_CONTEXT = 140  # characters shown on either side of a quote


def nothing_yet(language: Language) -> str:
    return _panel(phrase("sources", language), [], phrase("no_sources", language))


def found(evidence: Sequence[Evidence], language: Language) -> str:
    """The passages found, the sentence that bears most on the question marked in each."""
    cards = []
    for item in evidence:
        best, passage = item.sentences[0], item.passage
        citation = Citation(0, passage.document, passage.title, passage.segment, best.text, best.start, best.end,
                            passage.page)  # fmt: skip
        cards.append(element("article", _where(citation, language), _quote(citation, passage), class_="source"))
    return _panel(phrase("found", language), cards, phrase("nothing_found", language))


def cited(
    citations: Sequence[Citation],
    passages: Sequence[Passage],
    parallels: Sequence[Citation | None],
    turn: int,
    language: Language,
) -> str:
    """The passages cited, by number, each quote in its surroundings.

    `passages`: among them are those cited, if they are still there.
    """
    cards = []
    for citation, parallel in zip(citations, parallels, strict=True):
        home = next((passage for passage in passages if _holds(passage, citation)), None)
        opens = act("select", phrase("open", language), class_="quiet", data_turn=turn, data_number=citation.number)
        other = parallel_button(parallel, turn, language) if parallel else ""
        body = [
            _where(citation, language),
            _quote(citation, home),
            outside(citation.sources, language),
            element("p", opens, other, class_="acts"),
        ]
        cards.append(element("article", *body, class_="source", id=f"source-{citation.number}"))
    return _panel(phrase("sources", language), cards, phrase("nothing_found", language))


def outside(titles: Sequence[str], language: Language) -> str:
    """The outside sources that a passage names."""
    if not titles:
        return ""
    label = element("p", escape(phrase("outside", language)), class_="label")
    return element("div", label, element("ul", *(element("li", escape(title)) for title in titles)), class_="outside")


def _panel(heading: str, cards: list[str], nothing: str) -> str:
    body = "".join(cards) or element("p", escape(nothing), class_="nothing")
    return element("section", element("h2", escape(heading)), body, aria_label=heading)


def _holds(passage: Passage, citation: Citation) -> bool:
    return passage.document == citation.document and passage.start <= citation.start and citation.end <= passage.end


def _where(citation: Citation, language: Language) -> str:
    badge = element("b", str(citation.number), class_="number") if citation.number else ""
    return element("header", badge, element("span", escape(place(citation, language))))


def _quote(citation: Citation, home: Passage | None) -> str:
    """The quote, and what stands before and after it in its passage."""
    before = home.text[: citation.start - home.start] if home else ""
    after = home.text[citation.end - home.start :] if home else ""
    if len(before) > _CONTEXT:
        before = f"… {re.sub(r'^[A-Za-z0-9]*[^0-9A-Za-z一-鿿]*', '', before[-_CONTEXT:])}"
    if len(after) > _CONTEXT:
        after = f"{re.sub(r'[A-Za-z0-9]+$', '', after[:_CONTEXT]).rstrip()} …"
    parts = [escape(re.sub(r"\n\s*\n", "\n", part)) for part in (before, citation.quote, after)]
    return element("p", parts[0], element("mark", parts[1]), parts[2], class_="passage")
