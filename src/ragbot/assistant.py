"""The public API: a question in, a checked answer out."""

import asyncio
import copy
import re
import threading
import time
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Sequence
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ragbot import figures, matching, parties, texts
from ragbot.answerability import (
    Demand,
    Verdict,
    asks_which,
    clashes,
    held,
    is_of_any,
    judge,
    names_the_same,
    of_the_named,
    says_which,
)
from ragbot.answering import extract, first_sentence, material, prompt
from ragbot.breadth import is_broad
from ragbot.columns import by_column
from ragbot.completeness import falls_short
from ragbot.conversation import resolve
from ragbot.embeddings import Encoder, LanguageNeutral, encoder_name, load
from ragbot.errors import DocumentError, DocumentNotFound, QuestionError, StoreError
from ragbot.figure_table import FigureRow, Place, of_one_party, table
from ragbot.grounding import (
    Grounded,
    also,
    correction,
    disagreements,
    ground,
    quote,
    reckoned,
    shown,
    told,
    with_antecedents,
)
from ragbot.language import detect, sentences, words
from ragbot.llm import Model
from ragbot.margins import margin
from ragbot.matching import CAUSE, WHY, Supporting, holds_name, subject
from ragbot.nearby import nearby
from ragbot.otherwise import gives_otherwise
from ragbot.parallels import parallel
from ragbot.pointing import look_again
from ragbot.premises import against
from ragbot.rankings import Reckoned, by_name, headed
from ragbot.reader import prepare, read, read_without_its_figures
from ragbot.reckoning import is_but_a_part, reckon
from ragbot.reranking import CrossEncoderReranker
from ragbot.retrieval import HybridRetriever
from ragbot.schema import (
    LONGEST_QUESTION,
    Answer,
    Citation,
    Document,
    DraftText,
    Event,
    Evidence,
    EvidenceFound,
    Exchange,
    Finished,
    IndexedDocument,
    IndexReport,
    Language,
    Passage,
    Timings,
)
from ragbot.segments import split, without_sources
from ragbot.settings import Settings
from ragbot.singly import questions, together
from ragbot.sole import sole_answer, sole_figure
from ragbot.standby import ModelState, Standby
from ragbot.store import Embedded, LocalStore, Scope, batched, embed
from ragbot.telling import Told, of_another_time, tell, tell_ranked
from ragbot.translation import Translator
from ragbot.yearly import between_years

if TYPE_CHECKING:
    from llama_index.core.base.base_query_engine import BaseQueryEngine
    from llama_index.core.base.base_retriever import BaseRetriever


EXTRACTION = "extraction"
"""The engine of an answer that no model wrote: cited sentences, sums over their figures, or a refusal."""

_OTHERS = 2  # sentences that give another figure than the answer's
_NAMED = 3  # missing words that a refusal names

Progress = Callable[[str, int, int], None]
"""Called with a document's name, its number, and how many there are, before each is read."""

Stage = Literal["reading", "splitting", "embedding", "saving"]
OnStage = Callable[[Stage, float], None]
"""Called as a document goes through its stages, with the share of the stage that is done, 0 to 1."""

_READ = 500  # passages taken from the store in one go
_AT_A_TIME = 16  # passages embedded between two words on how far it is


class Assistant:
    """Answers questions about the documents of one index. Safe to share between threads."""

    def __init__(self, index: str | Path | None = None, settings: Settings | None = None) -> None:
        settings = settings or Settings()
        self.settings = settings.model_copy(update={"index": Path(index)}) if index is not None else settings
        self.store = LocalStore(self.settings.index)
        self._lock = threading.RLock()
        self._encoder: Encoder | None = None
        self._neutral: LanguageNeutral | None = None
        self._figures: tuple[int, tuple[FigureRow, ...]] | None = None
        self._standby = Standby(self.settings)

    # asking

    def ask(
        self,
        question: str,
        history: Sequence[Exchange] = (),
        *,
        documents: Sequence[str] | None = None,
        segments: Sequence[str] | None = None,
    ) -> Answer:
        """The checked answer, from the named documents and segments (heading paths) alone if any are named.

        Raises QuestionError for an empty or endless question, StoreError without a usable index, and ModelError when
        the chosen model fails.
        """
        *_, last = self.stream(question, history, documents=documents, segments=segments)
        assert isinstance(last, Finished)
        return last.answer

    def stream(
        self,
        question: str,
        history: Sequence[Exchange] = (),
        *,
        documents: Sequence[str] | None = None,
        segments: Sequence[str] | None = None,
    ) -> Iterator[Event]:
        """The evidence first, then the unchecked draft as it is written, then the checked answer."""
        clock = _Clock()
        question = _usable(question)
        encoder = self.encoder
        standalone = resolve(matching.straightened(question), history, self._rewriter, encoder)
        evidence = self._find(standalone, documents, segments) if words(standalone) else ()
        clock.retrieved()
        yield EvidenceFound(standalone, evidence)

        verdict = judge(standalone, evidence, encoder)
        sum_ = _reckon(standalone, verdict, verdict.likely)
        # Not before: it may take seconds to load, and the evidence need not wait for it.
        free = self.settings.strictness != "verbatim"  # else no model has a say
        model = self.model if free and verdict.asked and (not sum_ or _is_to_tell(sum_, verdict.asked)) else None
        draft = ""
        if model and not sum_:
            verdict = read(standalone, verdict, model)
            sum_ = _reckon(standalone, verdict, verdict.likely)
            sum_ = sum_ or by_column(verdict, evidence, encoder, model)
            if not sum_:
                verdict = read_without_its_figures(standalone, verdict, model)
                verdict, draft = look_again(standalone, verdict, evidence, model)
                sum_ = _reckon(standalone, verdict) if draft and verdict.accepted else None
        asked = verdict.asked
        by_name = None
        if asked and not sum_ and not _says_it_of_all(asked, verdict.accepted) and (each := questions(asked)):
            look = partial(self._read, model=model, documents=documents, segments=segments)
            by_name = sum_ = together(asked, {name: look(question) for name, question in each.items()})
            verdict = replace(verdict, accepted=tuple(row for row in verdict.accepted if is_of_any(asked, row)))
        if not verdict.accepted and not sum_ and verdict.asked:
            sum_ = margin(standalone, _of_the_named(verdict.asked, evidence))
        denied = against(verdict.asked, evidence) if verdict.asked and not verdict.accepted and not sum_ else None
        verdict = replace(verdict, accepted=(denied,)) if denied else verdict
        writer = model if verdict.accepted and not sum_ else None
        support = material(verdict.accepted, evidence)
        short = self.settings.answer_length == "short" and not is_broad(standalone)
        foreign = _foreign(standalone, verdict, evidence, short) if writer else []
        said = (yield from _tellings(verdict.asked, foreign, writer, clock)) if writer else []
        told_enough = bool(said) and 2 * sum(each.holds for each in said) >= len(said)
        if draft and not told_enough:
            clock.wrote()
            yield DraftText(draft)
        elif writer and not told_enough and not denied:
            for piece in writer.stream(prompt(standalone, support, detect(question)), self.settings.answer_tokens):
                clock.wrote()
                draft += piece
                yield DraftText(piece)
                if short and len(sentences(draft)) > 1:
                    break
        if sum_:
            sum_, writer = (sum_, None) if sum_ is by_name else _retold(sum_, verdict.asked, model)
            grounded = reckoned(sum_)
        elif told_enough and verdict.asked:
            grounded = _told(said, verdict.asked, verdict, short, writer)
        else:
            grounded = _ground(standalone, draft, support, verdict, evidence, encoder, short)
            grounded = _figure_alone(grounded, verdict.asked, foreign, writer)
        engine = writer.name if writer else EXTRACTION
        opposed = bool(denied or (sum_ and sum_.against))
        answer = _answer(question, standalone, grounded, verdict, evidence, engine, opposed)
        yield Finished(replace(answer, timings=clock.stop()))

    async def aask(
        self,
        question: str,
        history: Sequence[Exchange] = (),
        *,
        documents: Sequence[str] | None = None,
        segments: Sequence[str] | None = None,
    ) -> Answer:
        """`ask`, for a running event loop."""
        return await asyncio.to_thread(self.ask, question, history, documents=documents, segments=segments)

    async def astream(
        self,
        question: str,
        history: Sequence[Exchange] = (),
        *,
        documents: Sequence[str] | None = None,
        segments: Sequence[str] | None = None,
    ) -> AsyncIterator[Event]:
        """`stream`, for a running event loop."""
        events = self.stream(question, history, documents=documents, segments=segments)
        while (event := await asyncio.to_thread(next, events, None)) is not None:
            yield event

    def variant(self, **settings: Any) -> "Assistant":
        """The same assistant, index and model, with another `answer_length` or `strictness`."""
        self.encoder  # noqa: B018  (before the copy, or each would load its own)
        other = copy.copy(self)
        other.settings = self.settings.model_copy(update=settings)
        return other

    def chat(self) -> "Chat":
        """A conversation that remembers."""
        return Chat(self)

    # documents

    def add(self, path: str | Path, progress: Progress | None = None, on_stage: OnStage | None = None) -> IndexReport:
        """Index a file or folder; only what changed is embedded again, what is gone from a folder is removed.

        A bad file among others is named in the report's `failed`. Raises DocumentError when the path does not exist
        or its only file cannot be read; the index is then as it was.
        """
        from ragbot.documents import find_files, read

        path = Path(path)
        root, files = find_files(path)
        names = [file.relative_to(root).as_posix() for file in files]
        known = self.store.digests(str(root.resolve())) if self.store.exists() else {}
        report: dict[str, list[Any]] = {key: [] for key in ("added", "updated", "unchanged", "removed", "failed")}
        for number, (name, file) in enumerate(zip(names, files, strict=True), 1):
            if progress:
                progress(name, number, len(files))
            if on_stage:
                on_stage("reading", 0.0)
            try:
                document = read(file, root, self.settings.max_file_mb)
            except DocumentError as error:
                if path.is_file():
                    raise
                report["failed"].append((name, str(error)))
                continue
            report[self._put(str(root.resolve()), document, known.get(name), on_stage)].append(name)
        if path.is_dir():
            report["removed"] = [name for name in known if name not in names]
            for name in report["removed"]:
                self.store.delete(name, str(root.resolve()))
        if self.store.exists():
            self.store.vectors()
        return IndexReport(**{key: tuple(value) for key, value in report.items()})

    def remove(self, name: str) -> None:
        """Take a document out of the index. Raises StoreError when there is none of that name."""
        if not self.store.delete(name):
            held = ", ".join(document.name for document in self.documents())
            raise StoreError(f"no document '{name}' in the index in '{self.store.folder}': it holds {held or 'none'}")

    def reindex(self, name: str, on_stage: OnStage | None = None) -> None:
        """Read a document's file again and index it anew, changed or not.

        Raises StoreError when there is no document of that name, DocumentError when its file is gone or cannot be
        read; the index is then as it was.
        """
        from ragbot.documents import read

        root = self.store.root(name)
        if not (Path(root) / name).is_file():
            raise DocumentNotFound(f"'{name}' is no longer where it was indexed from: add it again from where it is")
        if on_stage:
            on_stage("reading", 0.0)
        self._put(root, read(Path(root) / name, Path(root), self.settings.max_file_mb), None, on_stage)
        self.store.vectors()

    def documents(self) -> list[IndexedDocument]:
        """What is indexed, by name."""
        return self.store.documents()

    def text(self, name: str) -> str:
        """A document's clean text, which all offsets refer to."""
        return self.store.text(name)

    def passages(self, name: str) -> list[Passage]:
        """A document's passages in order; none if it is not in the index."""
        return self.store.passages_of(name)

    def parallel(self, citation: Citation) -> Citation | None:
        """Where the documents say in the other language what a citation says, if they do."""
        return parallel(citation, self.store)

    def figures(self) -> tuple[FigureRow, ...]:
        """Every figure of the documents: who, what, how much, when, where; kept until the index changes."""
        generation = self.store.generation()
        if self._figures is None or self._figures[0] != generation:
            ids = self.store.allowed(Scope()).tolist()
            passages = [p for some in batched(ids, _READ) for p in self.store.passages(some).values()]
            self._figures = (generation, table(passages))
        return self._figures[1]

    # for the LlamaIndex ecosystem

    def as_retriever(
        self, k: int = 10, *, documents: Sequence[str] | None = None, segments: Sequence[str] | None = None
    ) -> "BaseRetriever":
        """A LlamaIndex retriever; a node's metadata has document, segment, start, end and page."""
        from ragbot.ecosystem import retriever

        return retriever(self, k, documents, segments)

    def as_query_engine(self) -> "BaseQueryEngine":
        """A LlamaIndex query engine; the response's metadata has the citations."""
        from ragbot.ecosystem import query_engine

        return query_engine(self)

    # parts, made when first needed

    @property
    def encoder(self) -> Encoder:
        with self._lock:
            if self.store.exists():  # before a model is loaded for nothing
                self.store.check_encoder(encoder_name(self.settings.encoder))
            if self._encoder is None:
                self._encoder = load(self.settings.encoder)
            return self._encoder

    @property
    def retriever(self) -> HybridRetriever:
        return HybridRetriever(self.store, self.encoder, self._translator, self._reranker)

    @property
    def model(self) -> Model | None:
        """What writes the answers; loaded when first needed, and looked for again while there is none."""
        return self._standby.get()

    @property
    def engine(self) -> str:
        """What writes the answers: a model's name, or 'extraction'."""
        return self.model.name if self.model else EXTRACTION

    def model_state(self) -> ModelState:
        """How far the model is; loads nothing."""
        return self._standby.state()

    def keep_model_ready(self) -> None:
        """From now on load the model in the background, also one that comes later; extract meanwhile."""
        self._standby.watch(_read_prompts)

    def warm_up(self) -> None:
        """Load what a first question would wait for: encoder, vectors, model, and its reading of the prompts."""
        for text in ("warm up", "预热"):
            self.retriever.retrieve(text, 1)
        if self.model:
            _read_prompts(self.model)

    @cached_property
    def _translator(self) -> Translator | None:
        """Asks only a model that is loaded already: evidence is not kept waiting for weights."""
        return Translator(lambda: self._standby.model) if self.settings.translate else None

    @cached_property
    def _reranker(self) -> CrossEncoderReranker | None:
        return CrossEncoderReranker(self.settings.reranker) if self.settings.reranker else None

    def _find(
        self, question: str, documents: Sequence[str] | None, segments: Sequence[str] | None
    ) -> tuple[Evidence, ...]:
        known = {document.name for document in self.documents()} if documents else set()
        if unknown := [name for name in documents or () if name not in known]:
            raise StoreError(f"no document '{unknown[0]}' in the index: it holds {', '.join(sorted(known)) or 'none'}")
        return self.retriever.retrieve(question, self.settings.passages, documents, segments)

    def _read(
        self,
        question: str,
        *,
        model: Model | None,
        documents: Sequence[str] | None,
        segments: Sequence[str] | None,
    ) -> Verdict:
        """What the documents have for a question, as the model reads it if there is one."""
        verdict = judge(question, self._find(question, documents, segments), self.encoder)
        return read(question, verdict, model) if model and verdict.asked else verdict

    def _rewriter(self) -> Model | None:
        return self.model

    def _put(self, root: str, document: Document, digest: str | None, on_stage: OnStage | None) -> str:
        if digest == document.digest:
            return "unchanged"
        tell = on_stage or (lambda stage, share: None)
        tell("splitting", 0.0)
        chunks = list(split(document, self.settings.passage_tokens))
        tell("embedding", 0.0)
        encoder = self.encoder  # may have to be loaded
        if self._neutral is None:
            self._neutral = LanguageNeutral(encoder)
        embedded: list[Embedded] = []
        for some in batched(chunks, _AT_A_TIME):
            tell("embedding", len(embedded) / len(chunks))
            embedded += embed(some, self._neutral)
        tell("saving", 0.0)
        self.store.create(encoder.name, self._neutral.usual)
        self.store.put(root, document, embedded)
        return "updated" if digest else "added"


class Chat:
    """A conversation: each question is understood in the light of the earlier ones."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self.history: list[Exchange] = []

    def ask(self, question: str) -> Answer:
        """The checked answer; raises what `Assistant.ask` raises, and then forgets the question."""
        answer = self.assistant.ask(question, self.history)
        self.history.append(Exchange(answer.standalone_question, answer.text))
        return answer


class _Clock:
    """Milliseconds since the question, at each stage."""

    def __init__(self) -> None:
        self._start = time.perf_counter()
        self._retrieved = self._first = 0

    def _now(self) -> int:
        return round(1000 * (time.perf_counter() - self._start))

    def retrieved(self) -> None:
        self._retrieved = self._now()

    def wrote(self) -> None:
        self._first = self._first or self._now()

    def stop(self) -> Timings:
        total = self._now()
        return Timings(self._retrieved, self._first or total, total)


def _read_prompts(model: Model) -> None:
    for system in texts.SYSTEM.values():
        model.complete([("system", system), ("user", "-")], max_tokens=1)
    prepare(model)


def _usable(question: str) -> str:
    question = question.replace("\0", " ").strip()
    if not question:
        raise QuestionError("the question is empty: ask something")
    if len(question) > LONGEST_QUESTION:
        raise QuestionError(
            f"the question has {len(question):,} characters, at most {LONGEST_QUESTION:,} are read: shorten it"
        )
    return question


def _reckon(question: str, verdict: Verdict, likely: Sequence[Supporting] = ()) -> Reckoned | None:
    """What is reckoned, if its figures are between them of all whom the question names: not of the one twice."""
    asked = verdict.asked
    named = (row for row in likely if asked and names_the_same(asked, row))
    found = between_years(question, named) or reckon(question, verdict.parts, likely)
    if found is None or found.figure is None or asked is None:
        return found
    names = asked.all_names
    if len(names) > 1:
        about = [subject(operand.row[1].text, *operand.row) for operand in found.operands]
        of_one = all(any(held(name, text, asked) for name in names) for text in about)
        return found if of_one and all(held(name, " ".join(about), asked) for name in names) else None
    elsewhere = [operand.row for operand in found.operands if operand.row not in verdict.accepted[:1]]
    return found if all(of_the_named(asked, row) for row in elsewhere) else None  # the first is shown in any case


def _says_it_of_all(asked: Demand, rows: Sequence[Supporting]) -> bool:
    """Whether one sentence by itself speaks of all whom a question names."""
    own = (without_sources(row[1].text) for row in rows)
    return any(all(held(name, text, asked) for name in asked.all_names) for text in own)


def _of_the_named(asked: Demand, evidence: Sequence[Evidence]) -> Iterator[Supporting]:
    """The sentences of whom a question names."""
    rows = ((item.passage, sentence) for item in evidence for sentence in item.sentences)
    return (row for row in rows if asked.all_names and names_the_same(asked, row))


def _ground(
    question: str,
    draft: str,
    support: Sequence[Supporting],
    verdict: Verdict,
    evidence: Sequence[Evidence],
    encoder: Encoder,
    short: bool,
) -> Grounded:
    """The checked draft; the accepted sentences themselves where there is none, or none of its words can be shown."""
    if not verdict.accepted:
        return Grounded("", (), (), 0)
    if texts.NOT_FOUND.lower() in draft.lower():
        draft = ""
    if short:
        draft = first_sentence(draft)
    if not figures.read(draft):  # which of them is the most so may be seen from their figures, or must be said
        support = [row for row in support if says_which(question, row)]
    grounded = ground(question, draft, support, encoder, partial(_is_answer, verdict))
    if grounded.text:
        return grounded if short else also(grounded, _of_the_others(grounded, verdict))
    rows = _shown(question, verdict, evidence, short)
    whose = asks_which(question) or verdict.several
    return replace(quote(with_antecedents(rows) if whose else rows), dropped=grounded.dropped)


def _figure_alone(
    grounded: Grounded, asked: Demand | None, foreign: Sequence[Supporting], model: Model | None
) -> Grounded:
    """The figure that is asked for, in place of a quote in the other language, if it is plain which one it is."""
    if not asked or not foreign or detect(grounded.text) == asked.language:
        return grounded
    alone = sole_answer(asked, foreign[0], model)
    return told([(alone, foreign[0])], grounded.dropped, 0) if alone else grounded


def _is_answer(verdict: Verdict, statement: str, row: Supporting) -> bool:
    """Whether a statement that was told from a sentence may answer as that may, and is not its other half."""
    passage, sentence = row
    asked = verdict.asked
    if not asked or row not in verdict.accepted:
        return False
    beside = clashes(asked, (passage, replace(sentence, text=statement)))
    own = without_sources(sentence.text)
    of_another = of_another_time(asked, statement, own) or is_but_a_part(asked.question, statement, own)
    return not beside and not of_another and not falls_short(asked, statement, row)


def _shown(question: str, verdict: Verdict, evidence: Sequence[Evidence], short: bool) -> list[Supporting]:
    """The accepted sentences that are shown themselves, or told."""
    rows = _of_the_first(extract(question, verdict.accepted), verdict, evidence)
    return rows[:1] if short else rows


def _foreign(question: str, verdict: Verdict, evidence: Sequence[Evidence], short: bool) -> list[Supporting]:
    """The sentences to tell: of those that would be shown, where none of them is in the question's language.

    The best alone where it answers by itself; else it takes all of them.
    """
    rows = _shown(question, verdict, evidence, short)
    if any(passage.language == detect(question) for passage, _ in rows):
        return []
    named = verdict.asked.all_names if verdict.asked else ()
    cause_follows = WHY.search(question) and rows and not CAUSE.search(without_sources(rows[0][1].text))
    return rows if verdict.several or len(named) > 1 or cause_follows else rows[:1]


def _is_foreign(found: Reckoned, asked: Demand) -> bool:
    """Whether a ranking quotes sentences, or a table, of the other language alone."""
    return found.figure is None and all(operand.row[0].language != asked.language for operand in found.operands)


def _is_to_tell(found: Reckoned, asked: Demand) -> bool:
    """Whether it takes a model to give a ranking in the question's language: sentences, and no table's rows."""
    return _is_foreign(found, asked) and not any(" | " in operand.row[1].text for operand in found.operands)


def _retold(found: Reckoned, asked: Demand | None, model: Model | None) -> tuple[Reckoned, Model | None]:
    """What was reckoned, in the question's language as far as that can be, and the model that told it, if one did."""
    if not asked or not _is_foreign(found, asked):
        return headed(found, asked.language) if asked else found, None
    told = tell_ranked(asked, found, model) if model and _is_to_tell(found, asked) else found
    if told != found:
        return told, model
    names = [*(" ".join(name) for name in matching.names(asked.question)), *asked.han_names]
    told = by_name(found, names, asked.language)
    return (told if told != found else headed(found, asked.language)), None


def _tellings(
    asked: Demand | None, rows: Sequence[Supporting], writer: Model, clock: _Clock
) -> Generator[DraftText, None, list[Told]]:
    said: list[Told] = []
    for statement in tell(asked, rows, writer) if asked else ():
        said.append(statement)
        if statement.holds:
            clock.wrote()
            yield DraftText(f"{statement.text} ")
    return said


def _told(said: Sequence[Told], asked: Demand, verdict: Verdict, short: bool, model: Model | None) -> Grounded:
    """The statements that hold, and the best sentence itself where that could not be told; so all, if it takes several.

    Else what could not be told is not mixed with them.
    """
    first, *others = said
    best = first.text if first.holds else sole_answer(asked, first.row, model) or shown(first.row)
    kept = others if verdict.several else [each for each in others if each.holds]
    stand = [(best, first.row), *((each.text if each.holds else shown(each.row), each.row) for each in kept)]
    grounded = told(stand, 0, sum(each.mended for each in said if each.holds))
    untold = () if verdict.several else tuple(each.row for each in others if not each.holds)
    grounded = replace(grounded, untold=untold)
    return grounded if short else also(grounded, _of_the_others(grounded, verdict))


def _of_the_others(grounded: Grounded, verdict: Verdict) -> list[Supporting]:
    """Where several are asked about by name, the best accepted sentence of each that no citation names."""
    names = verdict.asked.names if verdict.several and verdict.asked else ()
    quotes = " ".join(citation.quote for citation in grounded.citations)
    left = [name for name in names if not holds_name(name, quotes)] if len(names) > 1 else []
    found = (next((r for r in verdict.accepted if holds_name(name, without_sources(r[1].text))), None) for name in left)
    return [row for row in found if row]


def _answer(
    question: str,
    standalone: str,
    grounded: Grounded,
    verdict: Verdict,
    evidence: tuple[Evidence, ...],
    engine: str,
    opposed: bool,
) -> Answer:
    """The answer in full; `opposed`: it says the opposite of what the question takes for granted."""
    language = detect(question)
    warnings = [texts.DROPPED[language].format(count=grounded.dropped)] if grounded.dropped else []
    warnings += [texts.MENDED[language].format(count=grounded.mended)] if grounded.mended else []
    if grounded.text and detect(grounded.text) != language:
        warnings.append(texts.FOREIGN_QUOTES[language])
    warnings += [
        texts.DISAGREEMENT[language].format(here=here, there=there, title=title)
        for here, there, title in disagreements(grounded.citations)
    ]
    others = [] if verdict.several else _other_figures(grounded, verdict, evidence)
    grounded = also(grounded, others, partial(_otherwise, verdict.asked))
    warnings += [
        texts.UNTOLD[language].format(quote=without_sources(row[1].text), document=row[0].document)
        for row in grounded.untold
        if not any(_cites(citation, row) for citation in grounded.citations)
    ]
    warnings += [
        texts.OTHER_FIGURE[language].format(quote=without_sources(sentence.text), document=passage.document)
        for passage, sentence in others
    ]
    lead = correction(standalone, verdict.presumed, grounded.citations, language) if grounded.text else ""
    lead = texts.OPPOSITE[language] if grounded.text and opposed else lead
    return Answer(
        question=question,
        standalone_question=standalone,
        text=lead + grounded.text if grounded.text else _refusal(question, standalone, verdict, evidence, language),
        language=language,
        refused=not grounded.text,
        engine=engine,
        citations=grounded.citations,
        figures=grounded.figures,
        warnings=tuple(warnings),
        evidence=evidence,
    )


def _other_figures(grounded: Grounded, verdict: Verdict, evidence: Sequence[Evidence]) -> list[Supporting]:
    """Accepted sentences that give the answer's figure otherwise, of the same party."""
    first = next((row for row in verdict.accepted if any(_cites(each, row) for each in grounded.citations[:1])), None)
    if first is None:
        return []
    said = [check.stated or check.figure for check in grounded.figures]
    rows = [row for row in verdict.accepted if gives_otherwise(first, row, said)]
    named = [row for row in rows if verdict.asked and verdict.asked.names and names_the_same(verdict.asked, row)]
    return (named or _of_party(rows, matching.place(first), evidence))[:_OTHERS]


def _otherwise(asked: Demand | None, row: Supporting) -> str:
    """How a sentence that gives the figure otherwise is told: one of the other language by its figure, if it can be."""
    alone = sole_figure(asked, row) if asked and row[0].language != asked.language else ""
    return texts.OTHERWISE[asked.language].format(figure=alone) if asked and alone else shown(row)


def _cites(citation: Citation, row: Supporting) -> bool:
    passage, sentence = row
    return citation.document == passage.document and citation.start <= sentence.start and sentence.end <= citation.end


def _of_the_first(rows: Sequence[Supporting], verdict: Verdict, evidence: Sequence[Evidence]) -> list[Supporting]:
    """Where one thing is asked about, the sentences of what the question names, and of one figure the first's party.

    Where several are compared and the first sentence does so by itself, those that do. Of one named alone, no other's.
    """
    asked = verdict.asked
    if len(rows) < 2 or asked is None:
        return list(rows)
    first, *others = rows
    if verdict.several:
        if asks_which(asked.question) and _holds_all(asked, first):
            return [row for row in rows if _holds_all(asked, row)]
        alone = len(asked.all_names) == 1 and _is_of_any_named(asked, first)
        return [row for row in rows if not alone or _is_of_any_named(asked, row) or not _names_any(row)]
    if _is_of_any_named(asked, first):
        others = [row for row in others if _is_of_any_named(asked, row)]
    return [first, *(_of_party(others, matching.place(first), evidence) if asked.units else others)]


def _names_any(row: Supporting) -> bool:
    return bool(parties.names(without_sources(row[1].text)))


def _holds_all(asked: Demand, row: Supporting) -> bool:
    """Whether a sentence by itself holds all that a question sets side by side."""
    own = without_sources(row[1].text)
    telling = [word for word in asked.words if matching.critical(word)]
    return bool(telling) and all(matching.known(word, own, asked.aliases) >= matching.MISSING for word in telling)


def _is_of_any_named(asked: Demand, row: Supporting) -> bool:
    about = subject(without_sources(row[1].text), *row)
    return any(held(name, about, asked) for name in asked.all_names)


def _of_party(rows: Sequence[Supporting], place: Place, evidence: Sequence[Evidence]) -> list[Supporting]:
    """The sentences that give figures of the party of the sentence at a place, as far as both name one."""
    found = table(item.passage for item in evidence) if rows else ()
    return [row for row in rows if of_one_party(place, matching.place(row), found)]


def _stands_in(word: str, question: str) -> bool:
    """Whether a word is one that the question itself uses: search cuts English words to their stems."""
    return bool(re.search(rf"(?<![A-Za-z]){re.escape(word)}(?![A-Za-z])", question, re.IGNORECASE))


def _refusal(question: str, standalone: str, verdict: Verdict, evidence: Sequence[Evidence], language: Language) -> str:
    """That the documents do not say it, which of the question's words they lack, and what they have near it."""
    near = nearby(standalone, evidence, language)
    lacking = [word for word in verdict.missing if _stands_in(word, question)][:_NAMED]
    if not lacking:
        return texts.REFUSAL[language] + near
    quoted = [f"“{word}”" for word in lacking]
    return texts.LACKING[language].format(words=texts.listed(quoted, language)) + near
