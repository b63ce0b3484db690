"""The conversation as HTML: questions, answers with their marks, and what can be done with them."""

import re
from collections.abc import Iterator, Sequence

from ragbot.history import Conversation, Turn, source_line
from ragbot.schema import Answer, Citation, FigureCheck, Language
from ragbot.web.markup import act, element, escape, place
from ragbot.web.texts import REASONS, phrase

_MARK = re.compile(r"\s*\[(\d{1,3})\]")


def transcript(conversation: Conversation, language: Language) -> str:
    """All turns; the last can be tried again. Of an empty conversation its id alone."""
    turns = conversation.turns
    shown = [_turn(turn, n, n == len(turns) - 1, language) for n, turn in enumerate(turns)]
    return element("div", *shown, data_conversation=conversation.id)


def welcome(examples: Sequence[str], indexed: bool, language: Language) -> str:
    """What an empty chat says."""
    lead = phrase("lead" if indexed else "nothing_indexed", language)
    asks = [act("submit", question, class_="ask", data_question=question) for question in examples]
    body = element("p", escape(phrase("examples", language)), class_="label") + "".join(asks) if asks else ""
    return element(
        "section",
        element("h2", escape(phrase("welcome", language))),
        element("p", escape(lead)),
        element("div", body, class_="asks"),
        class_="welcome",
    )


def in_progress(question: str, draft: str, status: str) -> str:
    """The question that is being answered, the draft as far as it is written, and what is happening."""
    return element(
        "article",
        element("h2", escape(question), class_="question"),
        element("p", escape(draft), class_="draft") if draft else "",
        element("p", escape(status), class_="status"),
        class_="turn",
        aria_busy="true",
    )


def announcement(text: str) -> str:
    """For screen readers alone: what has just happened."""
    return element("p", escape(text), role="status", aria_live="polite", class_="unseen")


def _turn(turn: Turn, number: int, last: bool, language: Language) -> str:
    asked = element("h2", escape(turn.question), class_="question")
    edit = act("edit", phrase("edit", language), class_="quiet edit", data_turn=number)
    if turn.answer is None:
        body = element("p", escape(turn.note), class_="note") + element("p", _again(number, language), class_="acts")
    else:
        body = _answer(turn, turn.answer, number, language, last)
    return element("article", element("header", asked, edit), body, class_="turn", data_turn=number)


def _answer(turn: Turn, answer: Answer, number: int, language: Language, last: bool) -> str:
    text = element("p", "".join(_marked(answer, number, language)), class_="text")
    acts = [
        element("button", escape(phrase(name, language)), type="button", class_="quiet", data_copy=copied,
                data_copied=phrase("copied", language))
        for name, copied in (("copy", _MARK.sub("", answer.text)), ("copy_cited", with_sources(answer)))
    ]  # fmt: skip
    tried = [_again(number, language)] if last else []
    return "".join(
        [
            element("div", text, class_=f"answer {'refused' if answer.refused else ''}".strip(), lang=_lang(answer)),
            _warnings(answer.warnings, language),
            _checked(answer, language),
            element("div", *acts, *tried, *_judging(turn, number, language), class_="acts"),
        ]
    )


def with_sources(answer: Answer) -> str:
    """The answer's text and, a line each, what it cites."""
    return "\n".join([answer.text, *(source_line(citation, answer.language) for citation in answer.citations)])


def _marked(answer: Answer, turn: int, language: Language) -> Iterator[str]:
    """The text with its citations as links and its figures marked."""
    citations = {citation.number: citation for citation in answer.citations}
    at = 0
    for start, end, mark in _marks(answer):
        yield escape(answer.text[at:start]).replace("\n", "<br>")
        if isinstance(mark, FigureCheck):
            yield _figure(mark, f"figure-{turn}-{start}", language)
        elif mark in citations:
            yield _citation(citations[mark], turn, start, language)
        at = end
    yield escape(answer.text[at:]).replace("\n", "<br>")


def _marks(answer: Answer) -> list[tuple[int, int, FigureCheck | int]]:
    """Citation marks and figures by their place in the text. Figures come in the order of the text."""
    marks = [(*mark.span(), int(mark.group(1))) for mark in _MARK.finditer(answer.text)]
    found: list[tuple[int, int, FigureCheck | int]] = list(marks)
    at = 0
    for check in answer.figures:
        start = answer.text.find(check.figure.text, at)
        if start < 0 or any(first <= start < end for first, end, _ in marks):
            continue
        at = start + len(check.figure.text)
        found.append((start, at, check))
    return sorted(found, key=lambda each: each[0])


def _citation(citation: Citation, turn: int, at: int, language: Language) -> str:
    tip = f"quote-{turn}-{at}"
    link = element(
        "a",
        f"[{citation.number}]",
        href=f"#source-{citation.number}",
        class_="cite",
        data_act="select",
        data_turn=turn,
        data_number=citation.number,
        data_tip=True,
        aria_describedby=tip,
    )
    said = element("span", escape(" ".join(citation.quote.split())), class_="said")
    where = element("span", escape(place(citation, language)), class_="where")
    return f"\N{NARROW NO-BREAK SPACE}{link}{element('span', said, where, id=tip, hidden=True)}"


def _figure(check: FigureCheck, tip: str, language: Language) -> str:
    stated = check.stated.text if check.stated else ""
    explained = phrase(check.status, language, stated=stated, sum=check.sum)
    # What stands so in the passage is no stop for the keyboard; what was changed is.
    said = {"class_": f"figure {check.status}", "data_tip": True, "aria_describedby": tip}
    text = escape(check.figure.text)
    shown = element("span", text, **said) if check.status == "cited" else element("button", text, type="button", **said)
    return shown + element("span", escape(explained), id=tip, hidden=True)


def _warnings(warnings: Sequence[str], language: Language) -> str:
    if not warnings:
        return ""
    lines = [element("p", escape(warning)) for warning in warnings]
    head = element("p", escape(phrase("warning", language)), class_="label")
    why = element("p", escape(phrase("warned", language)), class_="why")
    return element("aside", head, *lines, why, class_="warning", aria_label=phrase("warning", language))


def _checked(answer: Answer, language: Language) -> str:
    """One line: what was checked, who wrote, how long it took."""
    engine = phrase("extraction", language) if answer.engine == "extraction" else answer.engine
    seconds = max(0.1, answer.timings.total_ms / 1000)
    said = phrase("engine", language, engine=engine, seconds=f"{seconds:.1f}")
    name = "checked" if answer.figures else "checked_words"
    counts = phrase(name, language, statements=len(answer.citations), figures=len(answer.figures))
    tick = element("span", f"✓ {escape(counts)}", class_="tick") if answer.citations else ""
    return element("p", tick, element("span", escape(said)), class_="checked")


def _again(number: int, language: Language) -> str:
    return act("retry", phrase("retry", language), class_="quiet", data_turn=number)


def _judging(turn: Turn, number: int, language: Language) -> list[str]:
    """Helpful or not; once it is not, what was wrong."""
    up, down = (
        act("like", phrase(name, language), class_="quiet thumb", data_turn=number, data_liked=value,
            aria_pressed=str(turn.liked is (value == "1")).lower())
        for value, name in (("1", "like"), ("0", "dislike"))
    )  # fmt: skip
    if turn.told:
        return [up, down, element("span", escape(phrase("thanks", language)), class_="label")]
    if turn.liked is None:
        return [up, down]
    said = {"data_turn": number, "data_liked": "0"}
    reasons = [
        act("like", phrase(name, language), class_="chip", data_reason=phrase(name, language), **said)
        for name in REASONS
    ]
    label = phrase("reason_other", language)
    field = f'<input type="text" maxlength="300" aria-label="{escape(label)}" placeholder="{escape(label)}">'
    tell = act("like", phrase("tell", language), class_="chip", data_field="1", **said)
    asks = element("span", escape(phrase("why", language)), class_="label")
    return [up, down, element("div", asks, *reasons, field, tell, class_="judge")]


def follow_ups(questions: Sequence[str], language: Language) -> str:
    """Questions to ask next, if there are any."""
    if not questions:
        return ""
    asks = [act("submit", question, class_="ask", data_question=question) for question in questions]
    label = element("p", escape(phrase("follow_ups", language)), class_="label")
    return element("div", label, *asks, class_="asks")


def _lang(answer: Answer) -> str:
    return "zh-CN" if answer.language == "zh" else "en"
