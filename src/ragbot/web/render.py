"""Answers and evidence as HTML. All text from outside is escaped here, and nowhere else."""

import re
from collections.abc import Sequence
from html import escape

from ragbot.schema import Answer, Citation, Evidence, Language, Passage
from ragbot.web.texts import phrase

_MARK = re.compile(r"\[(\d{1,3})\]")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|~<>$-])")
_DRAFT = '<span class="draft">'
_CONTEXT = 160  # characters shown on either side of a quote


def plain(text: str) -> str:
    """Text that the chat's Markdown shows as it is: no markup, link, image or formula comes alive in it."""
    return _MARKDOWN.sub(_entity, text)


def _entity(match: re.Match[str]) -> str:
    return f"&#{ord(match.group())};"


def draft(text: str) -> str:
    """Text that is not an answer yet, and looks it."""
    return f"{_DRAFT}{plain(text)}</span>"


def is_draft(message: str) -> bool:
    return message.startswith(_DRAFT)


def answer_text(answer: Answer) -> str:
    """The answer for the chat: marks as links to the cards, figures that were not taken over as they stand labelled."""
    pieces = []
    at = 0
    for mark in _MARK.finditer(answer.text):
        number = mark.group(1)
        pieces += [
            plain(answer.text[at : mark.start()].rstrip()),
            f'<sup><a href="#source-{number}">[{number}]</a></sup>',
        ]
        at = mark.end()
    lines = ["".join([*pieces, plain(answer.text[at:])])]
    for check in answer.figures:
        if check.status != "cited" and check.status != "derived":
            label = phrase(check.status, answer.language)
            lines.append(f"<small>{plain(check.figure.text)}: {label}</small>")
    lines += [f"⚠ {plain(warning)}" for warning in answer.warnings]
    engine = phrase("extraction", answer.language) if answer.engine == "extraction" else answer.engine
    seconds = f"{answer.timings.total_ms / 1000:.1f}"
    lines.append(f"<small>{plain(phrase('engine', answer.language, engine=engine, seconds=seconds))}</small>")
    return "\n\n".join(lines)


def evidence_panel(evidence: Sequence[Evidence], language: Language) -> str:
    """The passages found, the sentence that bears most on the question marked in each."""
    cards = []
    for item in evidence:
        best = item.sentences[0]
        cards.append(_card("", item.passage, best.start, best.end, (), language))
    return _panel(phrase("found", language), cards, language)


def citation_panel(answer: Answer) -> str:
    """The passages cited, in order of their numbers, each quote marked in its surroundings."""
    passages = [item.passage for item in answer.evidence]
    cards = [
        _card(
            str(citation.number),
            _home(citation, passages),
            citation.start,
            citation.end,
            citation.sources,
            answer.language,
        )
        for citation in answer.citations
    ]
    return _panel(phrase("cited", answer.language), cards, answer.language)


def _from_word(text: str) -> str:
    """The text without the rest of a Latin word at its start."""
    return re.sub(r"^[A-Za-z0-9]+", "", text).lstrip()


def _to_word(text: str) -> str:
    """The text without the beginning of a Latin word at its end."""
    return re.sub(r"[A-Za-z0-9]+$", "", text).rstrip()


def _home(citation: Citation, passages: Sequence[Passage]) -> Passage:
    """The passage that a citation was cut from."""
    return next(
        passage
        for passage in passages
        if passage.document == citation.document and passage.start <= citation.start and citation.end <= passage.end
    )


def _panel(heading: str, cards: list[str], language: Language) -> str:
    body = "".join(cards) or f"<p class='nothing'>{escape(phrase('none', language))}</p>"
    return f"<section aria-live='polite'><h3>{escape(heading)}</h3>{body}</section>"


def _card(number: str, passage: Passage, start: int, end: int, sources: Sequence[str], language: Language) -> str:
    first, last = start - passage.start, end - passage.start
    before, quote, after = passage.text[:first], passage.text[first:last], passage.text[last:]
    before = f"… {_from_word(before[-_CONTEXT:])}" if len(before) > _CONTEXT else before
    after = f"{_to_word(after[:_CONTEXT])} …" if len(after) > _CONTEXT else after
    place = [passage.document, passage.segment] + (
        [phrase("page", language, page=passage.page)] if passage.page else []
    )
    named = "".join(f"<li>{escape(source)}</li>" for source in sources)
    outside = f"<p class='outside'>{escape(phrase('outside', language))}</p><ul>{named}</ul>" if named else ""
    badge = f"<b class='number'>{number}</b>" if number else ""
    anchor = f" id='source-{number}'" if number else ""
    return (
        f"<article class='source'{anchor}><header>{badge}<span>{escape(' · '.join(place))}</span></header>"
        f"<p class='passage'>{escape(before)}<mark>{escape(quote)}</mark>{escape(after)}</p>{outside}</article>"
    )
