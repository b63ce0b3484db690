"""Which of the two languages a visitor is spoken to in."""

from typing import Any

from ragbot.schema import Language


def language_of(request: Any) -> Language:
    """The language that the browser asks for first."""
    return "zh" if request.headers.get("accept-language", "").lower().startswith("zh") else "en"
