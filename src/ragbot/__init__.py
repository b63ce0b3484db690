"""ragbot: ask documents in Chinese or English; every statement cites the passage it stands on.

from ragbot import Assistant
print(Assistant().ask("英伟达数据中心业务季度收入是多少？"))
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ragbot.assistant import Assistant
    from ragbot.schema import Answer, Citation, Figure
    from ragbot.settings import Settings

__version__ = "0.1.0"
__all__ = ["Answer", "Assistant", "Citation", "Figure", "Settings"]

_HOME = {
    "Answer": "ragbot.schema",
    "Assistant": "ragbot.assistant",
    "Citation": "ragbot.schema",
    "Figure": "ragbot.schema",
    "Settings": "ragbot.settings",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that `import ragbot` itself costs next to nothing."""
    if name not in _HOME:
        raise AttributeError(f"module 'ragbot' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
