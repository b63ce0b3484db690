"""What happens on the chat: each handler returns which parts of the page change."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import gradio as gr

from ragbot.assistant import Assistant
from ragbot.errors import RagbotError
from ragbot.feedback import Feedback
from ragbot.followups import suggest
from ragbot.history import Conversation, History, markdown
from ragbot.schema import LONGEST_QUESTION, Language
from ragbot.web import reader
from ragbot.web.answering import Desk, View, Wish, passages_of, sources_of
from ragbot.web.conversations import conversations
from ragbot.web.gate import language_of, reader_of
from ragbot.web.line import Line
from ragbot.web.markup import act, element, escape
from ragbot.web.opening import Openers, documents_of, model_line
from ragbot.web.texts import phrase
from ragbot.web.transcript import announcement, follow_ups, transcript, welcome

if TYPE_CHECKING:
    from ragbot.web.chat import Chat

# Two instances of the model never run at once on one machine; while one is checked, the next is written.
AT_ONCE = 2
LONGEST_LINE = 32  # questions in the line; one more is told to come back

Changes = dict[Any, Any]
"""Parts of the page and their new values; what is not named stays as it is."""


class Visits:
    """Handlers for all readers: what they know of one comes with its request and its parts of the page."""

    def __init__(self, assistant: Assistant, chat: "Chat") -> None:
        self.assistant = assistant
        self.chat = chat
        self.history = History(assistant.settings.data_dir)
        self.feedback = Feedback(assistant.settings.data_dir)
        self.openers = Openers(assistant)
        self.desk = Desk(assistant, self.history, Line(AT_ONCE, LONGEST_LINE))

    # asking

    def ask(
        self,
        talk: Conversation | None,
        documents: list[str],
        segments: list[str],
        length: str,
        strictness: str,
        question: str,
        editing: int | None,
        request: gr.Request,
    ) -> Iterator[Changes]:
        """What was typed; after an edit, in the place of the edited question and all after it."""
        before = talk if editing is None or talk is None else talk.until(editing)
        yield from self._ask(question, before, request, documents, segments, length, strictness)

    def ask_offered(
        self,
        talk: Conversation,
        documents: list[str],
        segments: list[str],
        length: str,
        strictness: str,
        event: gr.EventData,
        request: gr.Request,
    ) -> Iterator[Changes]:
        """A question that the page offered."""
        yield from self._ask(event.question, talk, request, documents, segments, length, strictness)

    def ask_again(
        self,
        talk: Conversation,
        documents: list[str],
        segments: list[str],
        length: str,
        strictness: str,
        event: gr.EventData,
        request: gr.Request,
    ) -> Iterator[Changes]:
        """The last question once more, in the place of its answer."""
        number = int(event.turn)
        question = talk.turns[number].question
        yield from self._ask(question, talk.until(number), request, documents, segments, length, strictness)

    def _ask(self, question: str, talk: Conversation | None, request: gr.Request, *manner: Any) -> Iterator[Changes]:
        chat = self.chat
        talk = talk or Conversation()  # asked before the page had arrived
        question, language = question.strip()[:LONGEST_QUESTION], language_of(request)
        if not question:
            yield {chat.box: ""}
            return
        wish = Wish(question, talk, reader_of(request), str(request.session_hash), language, *manner)
        shown = transcript(talk, language)
        cleared = {chat.box: "", chat.editing: None, chat.hint: "", chat.reader: "", chat.next: ""}
        yield {chat.talk: talk, chat.transcript: shown} | cleared
        for view in self.desk.answer(wish):
            yield self._changes(view, request)

    def suggest(self, talk: Conversation, request: gr.Request) -> str:
        """What to ask after the last answer."""
        answer = talk.turns[-1].answer if talk.turns else None
        if answer is None:
            return ""
        asked = [turn.question for turn in talk.turns]
        try:
            return follow_ups(suggest(self.assistant, answer, asked), language_of(request))
        except RagbotError:  # the documents changed meanwhile
            return ""

    def stop(self, request: gr.Request) -> None:
        """The answer that is being written ends, and says so itself."""
        self.desk.stop(str(request.session_hash))

    def _changes(self, view: View, request: gr.Request) -> Changes:
        chat, language = self.chat, language_of(request)
        shown = {chat.live: view.live, chat.announce: view.announce, chat.sources: view.sources}
        changes: Changes = {part: value for part, value in shown.items() if value is not None}
        if view.conversation:
            changes |= {
                chat.talk: view.conversation,
                chat.transcript: transcript(view.conversation, language),
                chat.list: self._list(view.conversation, request),
            }
        return changes or {chat.box: gr.skip()}

    # conversations

    def arrive(self, kept: str, request: gr.Request) -> Changes:
        """The page as it was before a reload, or new."""
        chat, language = self.chat, language_of(request)
        documents = documents_of(self.assistant)
        segments = list(dict.fromkeys(segment for document in documents for segment in document.segments))
        both = (("length", ("normal", "short")), ("strictness", ("normal", "verbatim")))
        names = {"strictness": {"normal": "written"}}
        radios = {
            getattr(chat, radio): gr.Radio([(phrase(names.get(radio, {}).get(v, v), language), v) for v in values])
            for radio, values in both
        }
        choices = {chat.documents: gr.Dropdown([d.name for d in documents]), chat.segments: gr.Dropdown(segments)}
        model = {chat.model: model_line(self.assistant.model_state(), language)}
        talk = self.history.open(reader_of(request), kept) if kept else None
        return self._opened(talk or Conversation(), request) | radios | choices | model

    def welcome(self, request: gr.Request) -> str:
        """What an empty chat says, with questions to try."""
        language = language_of(request)
        return welcome(self.openers.get(language), bool(documents_of(self.assistant)), language)

    def begin(self, request: gr.Request) -> Changes:
        """A new conversation."""
        return self._opened(Conversation(), request)

    def open(self, event: gr.EventData, request: gr.Request) -> Changes:
        """A kept conversation; a new one where this reader has none of that id."""
        return self._opened(self.history.open(reader_of(request), event.id) or Conversation(), request)

    def delete(self, talk: Conversation, event: gr.EventData, request: gr.Request) -> Changes:
        self.history.delete(reader_of(request), event.id)
        return self.begin(request) if talk.id == event.id else {self.chat.list: self._list(talk, request)}

    def export(self, talk: Conversation) -> str:
        return markdown(talk.turns) if talk.turns else ""

    def _opened(self, talk: Conversation, request: gr.Request) -> Changes:
        chat, language = self.chat, language_of(request)
        self.desk.stop(str(request.session_hash), silently=True)
        return {
            chat.talk: talk,
            chat.transcript: transcript(talk, language),
            chat.live: "",
            chat.announce: announcement(""),
            chat.sources: sources_of(self.assistant, talk, language),
            chat.reader: "",
            chat.list: self._list(talk, request),
            chat.next: "",
        }

    def _list(self, talk: Conversation, request: gr.Request) -> str:
        return conversations(self.history.headlines(reader_of(request)), talk.id, language_of(request))

    # one turn

    def read(self, talk: Conversation, event: gr.EventData, request: gr.Request) -> str:
        """The document of a citation, or of the same statement in the other language."""
        language: Language = language_of(request)
        turn = talk.turns[int(event.turn)]
        assert turn.answer is not None
        citations = turn.answer.citations
        at = next(n for n, citation in enumerate(citations) if citation.number == int(event.number))
        pair = (citations[at], turn.parallels[at])
        across = "parallel" in event._data and pair[1] is not None
        shown, other = (pair[1], pair[0]) if across else pair
        assert shown is not None
        passages = passages_of(self.assistant, shown.document)
        text = self.assistant.text(shown.document) if passages else ""
        return reader.document(text, passages, shown, other, int(event.turn), across, language)

    def edit(self, talk: Conversation, event: gr.EventData, request: gr.Request) -> tuple[str, int, str]:
        """The question in the box; nothing is replaced before it is sent."""
        number, language = int(event.turn), language_of(request)
        hint = escape(phrase("editing", language, number=number + 1))
        cancel = act("clear", phrase("cancel", language), class_="quiet")
        return talk.turns[number].question, number, element("p", hint, cancel, class_="hint")

    def judge(self, talk: Conversation, event: gr.EventData, request: gr.Request) -> Changes:
        """Keep what the reader thinks of an answer; a reason may follow a dislike."""
        chat, language, number = self.chat, language_of(request), int(event.turn)
        turn, liked = talk.turns[number], event.liked == "1"
        assert turn.answer is not None
        reason = str(event._data.get("reason", ""))[:300]
        earlier = [each.question for each in talk.turns[:number]]
        self.feedback.judge(f"{talk.id}-{number + 1}", turn.answer, earlier, liked, reason)
        told = bool(reason) or liked
        talk = talk.with_turn(replace(turn, liked=liked, told=told), number)
        self.history.save(reader_of(request), talk)
        said = announcement(phrase("thanks", language))
        return {chat.talk: talk, chat.transcript: transcript(talk, language), chat.announce: said}

    # the model

    def look_at_model(self, request: gr.Request) -> tuple[str, gr.Timer]:
        """The model's line; no more looks once there is nothing to wait for."""
        state = self.assistant.model_state()
        return model_line(state, language_of(request)), gr.Timer(active=state.stage not in ("ready", "none"))
