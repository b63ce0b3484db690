"""The chat in the browser. It shows what an Assistant returns and decides nothing."""

import os

# Read by Gradio when it is first imported: no telemetry, no version check, no hub.
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

from ragbot.web.page import build, launch

__all__ = ["build", "launch"]
