"""The chat: earlier conversations on the left, the present one in the middle, its sources on the right."""

from typing import Any

import gradio as gr

from ragbot.assistant import Assistant
from ragbot.schema import LONGEST_QUESTION
from ragbot.web.transcript import announcement
from ragbot.web.visit import LONGEST_LINE, Visits

MODEL_SECONDS = 3.0  # between two looks at a model that is not ready

_LISTEN = "window.ragbot.listen(element, trigger);"
_WATCH = "watch('value', () => window.ragbot.opened());"


class Chat:
    """The parts of the chat, and which event is whose. What they do is in `visit`."""

    def __init__(self, assistant: Assistant, words: Any) -> None:
        """Build the chat in the tab that is open; `words` gives a text of texts.TEXTS by name."""
        self.words = words
        self.visits = Visits(assistant, self)
        self.talk = gr.State(None)
        self.editing = gr.State(None)  # number of the turn whose question is being edited
        self.kept = gr.Textbox(visible=False)  # the conversation that this tab had before a reload
        self.exported = gr.Textbox(visible=False)
        with gr.Row(elem_id="columns"):
            with gr.Column(scale=0, min_width=210, elem_id="past"):
                self.new = gr.Button(words("new"), elem_id="new", size="md")
                self.list = _html("conversations")
                self.export = gr.Button(words("export"), elem_id="export", size="sm")
            with gr.Column(scale=5, min_width=300, elem_id="talk"):
                self._build_talk()
            with gr.Column(scale=3, min_width=300, elem_id="aside"):
                self.reader = _html("reader", _WATCH)
                self.sources = _html("sources")
        self._wire_asking()
        self._wire_rest()

    def _build_talk(self) -> None:
        words = self.words
        with gr.Column(elem_id="log"):
            self.welcome = _html("welcome")
            self.transcript = _html("transcript")
            self.live = _html("live")
            self.next = _html("next")
        self.announce = gr.HTML(announcement(""), elem_id="announce", apply_default_css=False)
        self.hint = _html("editing")
        with gr.Row(elem_id="composer"):
            self.box = gr.Textbox(
                elem_id="question",
                label=words("question"),
                placeholder=words("placeholder"),
                show_label=False,
                container=False,
                lines=1,
                max_lines=6,
                max_length=LONGEST_QUESTION,
                autofocus=True,
                scale=5,
            )
            self.send = gr.Button(words("send"), variant="primary", elem_id="send", scale=0, min_width=84)
            self.stop = gr.Button(words("stop"), variant="stop", elem_id="stop", scale=0, min_width=84)
        self.model = _html("model")
        self.timer = gr.Timer(MODEL_SECONDS)
        with gr.Accordion(words("options"), open=False, elem_id="options"):
            with gr.Row():
                self.documents = gr.Dropdown([], multiselect=True, label=words("documents"), elem_id="documents")
                self.segments = gr.Dropdown([], multiselect=True, label=words("segments"), elem_id="segments")
            with gr.Row():
                self.length = gr.Radio(["normal", "short"], value="normal", label=words("length"), elem_id="length")
                self.strictness = gr.Radio(
                    ["normal", "verbatim"], value="normal", label=words("strictness"), elem_id="strictness"
                )

    def _wire_asking(self) -> None:
        visits, manner = self.visits, [self.documents, self.segments, self.length, self.strictness]
        page = [self.talk, self.transcript, self.live, self.announce, self.sources, self.reader, self.list, self.next]
        asked_page = [*page, self.box, self.editing, self.hint]
        typed = [self.send.click, self.box.submit]
        offers = [self.welcome.submit, self.next.submit]
        many = {"concurrency_limit": 2 * LONGEST_LINE}
        answered = [
            _on(typed, visits.ask, [self.talk, *manner, self.box, self.editing], asked_page, **many),
            _on(offers, visits.ask_offered, [self.talk, *manner], asked_page, **many),
            _on(self.transcript.retry, visits.ask_again, [self.talk, *manner], asked_page, **many),
        ]
        for asked in answered:  # apart, so that the next question need not wait for suggestions
            asked.then(visits.suggest, [self.talk], [self.next], show_progress="hidden", api_visibility="private")
        _on(
            self.stop.click, visits.stop, [], []
        )  # not by Gradio's `cancels`: after one its events no longer come through
        for event in (*typed, *offers, self.transcript.retry):
            event(None, None, None, js="() => window.ragbot.begun()", api_visibility="private")
        self.page = page

    def _wire_rest(self) -> None:
        visits = self.visits
        _on(self.new.click, visits.begin, [], self.page)
        _on(self.list.select, visits.open, [], self.page)
        _on(self.list.delete, visits.delete, [self.talk], self.page)
        reads = [self.transcript.select, self.sources.select, self.reader.select]
        _on(reads, visits.read, [self.talk], [self.reader])
        _on(self.reader.clear, lambda: "", [], [self.reader])
        _on(self.transcript.edit, visits.edit, [self.talk], [self.box, self.editing, self.hint]).then(
            None, None, None, js="() => document.querySelector('#question textarea').focus()", api_visibility="private"
        )
        _on(self.hint.clear, lambda: ("", None, ""), [], [self.box, self.editing, self.hint])
        _on(self.transcript.like, visits.judge, [self.talk], [self.talk, self.transcript, self.announce])
        _on(self.export.click, visits.export, [self.talk], [self.exported]).then(
            None, self.exported, None, js="text => text && window.ragbot.save(text)", api_visibility="private"
        )
        _on(self.timer.tick, visits.look_at_model, [], [self.model, self.timer], queue=False)

    def greet(self, page: gr.Blocks) -> None:
        """A visit begins with the conversation that this tab had, else with an empty one."""
        choices = [self.documents, self.segments, self.length, self.strictness]
        _on(page.load, self.visits.arrive, [self.kept], [*self.page, *choices, self.model],
            js="() => window.ragbot.kept()")  # fmt: skip
        _on(page.load, self.visits.welcome, [], [self.welcome])  # apart: the first visit waits for an encoder here

    def ask_from(self, question: gr.State, tabs: gr.Tabs) -> None:
        """A question that another tab sets is put into the box here, and the chat opened."""
        question.change(
            lambda text: (text, gr.Tabs(selected="chat")), question, [self.box, tabs], api_visibility="private"
        )


def _html(name: str, script: str = "") -> gr.HTML:
    """A part whose buttons with data-act raise that event here."""
    return gr.HTML(elem_id=name, js_on_load=_LISTEN + script, apply_default_css=False)


def _on(triggers: Any, handle: Any, inputs: Any, outputs: Any, **more: Any) -> Any:
    return gr.on(triggers, handle, inputs, outputs, show_progress="hidden", api_visibility="private", **more)
