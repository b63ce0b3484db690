"""HTML from values. All text from documents, questions and models passes through `element` or `escape` here."""

from html import escape

from ragbot.language import detect
from ragbot.schema import Citation, Language
from ragbot.web.texts import phrase

__all__ = ["act", "element", "escape", "parallel_button", "place"]


def element(tag: str, *children: str, **attributes: object) -> str:
    """A tag around markup that is safe already; attributes are escaped here.

    `class_` is class, `data_x` is data-x; True writes the name alone, None and False leave it out.
    """
    written = []
    for name, value in attributes.items():
        name = name.rstrip("_").replace("_", "-")
        if value is True:
            written.append(f" {name}")
        elif value is not None and value is not False:
            written.append(f' {name}="{escape(str(value))}"')
    return f"<{tag}{''.join(written)}>{''.join(children)}</{tag}>"


def act(event: str, label: str, **attributes: object) -> str:
    """A button that hands its data attributes to the server under that event's name."""
    return element("button", escape(label), type="button", data_act=event, **attributes)


def place(citation: Citation, language: Language) -> str:
    """Where a citation stands: document, segment, page."""
    page = [phrase("page", language, page=citation.page)] if citation.page else []
    return " · ".join(part for part in [citation.document, citation.segment, *page] if part)


def parallel_button(parallel: Citation, turn: int, language: Language, back: bool = False) -> str:
    """Opens the same passage in the other language; `back`: from there the one that is cited."""
    name = "parallel_zh" if detect(parallel.quote) == "zh" else "parallel_en"
    return act(
        "select",
        phrase(name, language),
        class_="quiet",
        data_turn=turn,
        data_number=parallel.number,
        data_parallel=None if back else "1",
    )
