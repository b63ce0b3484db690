"""The list of a reader's earlier conversations."""

from collections.abc import Sequence

from ragbot.history import Headline
from ragbot.schema import Language
from ragbot.web.markup import act, element, escape
from ragbot.web.texts import phrase


def conversations(headlines: Sequence[Headline], current: str, language: Language) -> str:
    """Each opens on a click and can be deleted; folded away where the page is narrow."""
    items = [_item(headline, headline.id == current, language) for headline in headlines]
    title = phrase("conversations", language)
    none = element("p", escape(phrase("no_conversations", language)), class_="nothing")
    listed = element("ul", *items) if items else none
    opens = element(
        "button", escape(title), type="button", class_="quiet", data_opens="past-list", aria_expanded="false"
    )
    return element("nav", element("h2", opens), element("div", listed, id="past-list"), aria_label=title)


def _item(headline: Headline, current: bool, language: Language) -> str:
    opens = act("select", headline.title, class_="past", data_id=headline.id, aria_current="true" if current else None)
    label = phrase("delete", language, title=headline.title)
    return element("li", opens, act("delete", "×", class_="quiet delete", data_id=headline.id, aria_label=label))
