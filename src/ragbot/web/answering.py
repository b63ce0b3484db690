"""A question on the page: what it shows after each event, from the evidence to the checked answer."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from ragbot.assistant import Assistant
from ragbot.errors import RagbotError, StoreError
from ragbot.history import Conversation, History, Turn
from ragbot.schema import Answer, DraftText, EvidenceFound, Finished, Language, Passage
from ragbot.web import sources
from ragbot.web.line import Line, Ticket
from ragbot.web.pulling import Stop, pulled
from ragbot.web.texts import phrase
from ragbot.web.transcript import announcement, in_progress

PATIENCE = 0.3  # seconds between two looks at the line


@dataclass(frozen=True, slots=True)
class Wish:
    """A question, what came before it, and how the reader wants it answered. `visit` is one tab of a browser."""

    question: str
    conversation: Conversation
    reader: str
    visit: str
    language: Language
    documents: Sequence[str] = ()
    segments: Sequence[str] = ()
    length: str = "normal"
    strictness: str = "normal"


@dataclass(frozen=True, slots=True)
class View:
    """What changes on the page; None stays as it is. A conversation comes when the question is done with."""

    conversation: Conversation | None = None
    live: str | None = None
    announce: str | None = None
    sources: str | None = None


class Desk:
    """Where questions are handed in: one line for all readers."""

    def __init__(self, assistant: Assistant, history: History, line: Line) -> None:
        self.assistant = assistant
        self.history = history
        self.line = line
        self._stops: dict[str, Stop] = {}

    def answer(self, wish: Wish) -> Iterator[View]:
        """The page after each event. The evidence waits for nobody; only the writing is done in turn."""
        stop = self._stops[wish.visit] = Stop()
        yield View(live=in_progress(wish.question, "", phrase("searching", wish.language)), sources="")
        try:
            with self.line.join() as ticket:
                if ticket is None:
                    yield _ended(wish, Turn(wish.question, note=phrase("crowded", wish.language)))
                    return
                yield from self._events(wish, ticket, stop)
            if stop.wished.is_set():
                said = Turn(wish.question, note=phrase("stopped", wish.language))
                yield View() if stop.silently else _ended(wish, said)  # Gradio repeats the last one when all is done
        except RagbotError as error:
            yield _ended(wish, Turn(wish.question, note=phrase("failed", wish.language, cause=error)))
        finally:
            if self._stops.get(wish.visit) is stop:
                del self._stops[wish.visit]

    def stop(self, visit: str, silently: bool = False) -> None:
        """End what is being answered for a visit; what was not checked is not kept."""
        if stop := self._stops.get(visit):
            stop.silently = silently
            stop.wished.set()

    def _events(self, wish: Wish, ticket: Ticket, stop: Stop) -> Iterator[View]:
        assistant = self.assistant.variant(answer_length=wish.length, strictness=wish.strictness)
        events = assistant.stream(
            wish.question, wish.conversation.exchanges(), documents=wish.documents, segments=wish.segments
        )
        first = next(events)
        assert isinstance(first, EvidenceFound)
        yield View(sources=sources.found(first.evidence, wish.language))
        while (ahead := ticket.ahead(PATIENCE)) and not stop.wished.is_set():
            yield _working(wish, phrase("waiting", wish.language, ahead=ahead))
        if not stop.wished.is_set():
            yield _working(wish, phrase("reading", wish.language, count=len(first.evidence)))
        draft = ""
        for event in pulled(events, stop):
            if isinstance(event, DraftText):
                draft += event.text
                yield View(live=in_progress(wish.question, draft, phrase("writing", wish.language)))
            elif isinstance(event, Finished):
                yield self._finished(wish, event.answer)

    def _finished(self, wish: Wish, answer: Answer) -> View:
        parallels = tuple(self.assistant.parallel(citation) for citation in answer.citations)
        turn = Turn(wish.question, answer, parallels=parallels)
        passages = [item.passage for item in answer.evidence]
        number = len(wish.conversation.turns)
        panel = sources.cited(answer.citations, passages, parallels, number, wish.language)
        with suppress(StoreError):  # an answer is shown whether or not it can be kept
            self.history.save(wish.reader, wish.conversation.with_turn(turn))
        return replace(_ended(wish, turn), sources=panel)


def sources_of(assistant: Assistant, conversation: Conversation, language: Language) -> str:
    """The sources panel of a conversation that is opened again: those of its last answer."""
    for number in range(len(conversation.turns) - 1, -1, -1):
        turn = conversation.turns[number]
        if turn.answer:
            names = {citation.document for citation in turn.answer.citations}
            passages = [passage for name in names for passage in passages_of(assistant, name)]
            return sources.cited(turn.answer.citations, passages, turn.parallels, number, language)
    return sources.nothing_yet(language)


def passages_of(assistant: Assistant, document: str) -> list[Passage]:
    """A document's passages; none where it is no longer indexed."""
    try:
        return assistant.passages(document)
    except StoreError:
        return []


def _working(wish: Wish, status: str) -> View:
    return View(live=in_progress(wish.question, "", status), announce=announcement(status))


def _ended(wish: Wish, turn: Turn) -> View:
    said = turn.answer.text if turn.answer else turn.note
    return View(wish.conversation.with_turn(turn), live="", announce=announcement(said))
