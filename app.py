"""The chat, the way Gradio runs apps: `python app.py` or `gradio app.py`. `ragbot serve` is the same with options."""

from ragbot import Assistant
from ragbot.web import build
from ragbot.web.page import launch_options

demo = build(Assistant())

if __name__ == "__main__":
    demo.launch(**launch_options())
