"""The page's name, and the switches of language and theme."""

from ragbot.schema import Language
from ragbot.web.markup import element, escape
from ragbot.web.texts import phrase


def header(language: Language) -> str:
    title = element(
        "h1", element("b", escape(phrase("name", language))), element("span", escape(phrase("claim", language)))
    )
    other: Language = "en" if language == "zh" else "zh"
    switch = element(
        "button",
        escape(phrase("other_language", language)),
        type="button",
        class_="quiet",
        data_language=other,
        lang=other,
        aria_label=phrase("switch_language", language),
    )
    theme = element(
        "button",
        "◐",
        type="button",
        class_="quiet",
        data_theme="1",
        aria_label=phrase("theme", language),
        title=phrase("theme", language),
    )
    return element("div", title, element("div", switch, theme, class_="switches"), class_="bar")
