"""Draft to answer: each statement must stand on a sentence of the evidence, each figure in the passage it cites."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from ragbot import degrees, figures, matching, measures, parties
from ragbot.aliases import bracketed, transliterates
from ragbot.answering import statements
from ragbot.dictionary import translations
from ragbot.embeddings import Encoder
from ragbot.figures.vocabulary import MONTH_NAMES, MONTHS, UNITS
from ragbot.language import ENGLISH_FUNCTION_WORDS, detect, fold, sentences, stem
from ragbot.matching import CAUSE, PRONOUN, Aliases, Supporting
from ragbot.mending import in_scale, made_certain, out_of_scale, qualified
from ragbot.rankings import Reckoned
from ragbot.schema import Citation, Figure, FigureCheck, Language
from ragbot.segments import outside_sources, without_sources
from ragbot.texts import CORRECTION, OTHER_DIRECTION

SHARED = 0.7  # share of a statement's telling words that its sentence must hold
SHARED_ACROSS = 0.6  # the same, across languages: a dictionary does not know every word
_PERIODS = ("year", "period")
_BOUNDS = ("over", "under", "at-least", "at-most", "up-to")
_LONGEST_QUOTE = 800  # characters of a table that is quoted from its header on
_PART = re.compile(r"[，；。！？]|[,;!?](?=\s)")
_NOT = re.compile(r"并非|并不|不是|没有(?!提)|从未|未能|\b(?:not|never|no longer|n't|cannot)\b|n['’]t\b", re.IGNORECASE)
# What may be told as a denial across languages: "providers can hardly keep their users", "cannot keep".
_HARDLY = re.compile(
    r"不(?![断仅同但过少久])|无法|无从|未(?!来)|没(?!收)|难(?![度点题民])"
    r"|\b(?:no|none|nor|neither|hard|hardly|barely|difficult|unable|fail(?:s|ed|ing)?|without|lack\w*)\b",
    re.IGNORECASE,
)
_MORE_BEFORE = re.compile(
    r"(?<![同环占])比[^，。；]{1,24}(?<!增)[高低多少贵大小长短快慢宜重轻]出?了?(?:大?约|近|将近)?\s*$"
)
_MORE_AFTER = re.compile(
    r"\s*(?:\w+\s){0,2}?(?:higher|lower|more|less|fewer|larger|smaller|longer|shorter|cheaper|dearer|faster|slower)\b"
    r"[^.;]{0,60}?\bthan\b",
    re.IGNORECASE,
)
_APART = re.compile(
    r"比|较|差|高出|多出|低于|高于|\b(?:than|by|gap|difference|lead|exceed\w*|below|above|ahead|behind)\b",
    re.IGNORECASE,
)
_IN_YEAR = re.compile(r" (?:in|for|during|by|at the end of) (?:fiscal )?")
_YEAR_OF = re.compile(r"[的为达是]{1,2}约?")
_NAMED_MONTH = rf"(?P<name>{'|'.join(MONTHS)})[a-z]*\.?"
_DAYS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号號]",
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?{_NAMED_MONTH}\b",
        rf"\b{_NAMED_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b",
    )
)
_FIRST = re.compile(r"[A-Z][\w&.\-]*(?:['’]s)?(?: [A-Z][\w&.\-]*(?:['’]s)?)*(?=,? [a-z])")
_CHINESE_END = re.compile(r"[\u4e00-\u9fff。！？；：，）”】]$")
_ADVERBS = "但不才只也都就还却仍又更很被把已时"  # what segmentation leaves at the ends of a word: 罐价才只
_NO_NAMES = ("v", "a", "d", "c", "p")  # parts of speech, as jieba tags them
_OPENERS = frozenset(
    """
    according after although because before besides both compared despite during each every following once one others
    overall since some such through throughout under until while within without
    """.split()
)
_LATIN_WORD = re.compile(r"(?<![A-Za-z0-9.&'’])(?<![A-Za-z0-9]-)[a-z]{2,}(?![A-Za-z0-9])")
_HAN_FIGURE = re.compile(r"\d[万亿千百余多][\u4e00-\u9fff]?")
_HAN_RUN = re.compile(r"[\u4e00-\u9fff]+")
_WHEN = re.compile(r"\b(?:before|after|during|since) (?:the )?([a-z]{4,})\b")  # "before the pandemic"
_SMALL = re.compile(r"\b[a-z]+\b")
_CAPITALISED = re.compile(r"\b[A-Z][a-z'’]+")


@dataclass(frozen=True, slots=True)
class Grounded:
    """What of a draft may be shown, what it cites; how many statements were left out, and how many set right.

    `untold`: sentences of the other language that belong to it, but could not be told in the question's.
    """

    text: str
    citations: tuple[Citation, ...]
    figures: tuple[FigureCheck, ...]
    dropped: int
    mended: int = 0
    untold: tuple[Supporting, ...] = ()


def ground(
    question: str,
    draft: str,
    support: Sequence[Supporting],
    encoder: Encoder,
    answers: Callable[[str, Supporting], bool],
) -> Grounded:
    """Keep the statements of a draft that a supporting sentence bears out, and cite that sentence.

    Nothing is kept of a draft none of whose statements `answers`, told from its sentence: it may be true, but it is no
    answer.
    """
    said = statements(draft)
    if not said or not support:
        return Grounded("", (), (), len(said))
    aliases = bracketed(" ".join(passage.text for passage, _ in support))
    stand = [
        each
        for text in said
        if (each := _stands(question, text, support, aliases, encoder)) and _is_told(each, question)
    ]
    stand = [each for each in stand if detect(each.text) == detect(question)] or stand  # the others were copied
    if not any(answers(each.text, each.row) for each in stand):
        return Grounded("", (), (), len(said))
    return told([(each.text, each.row) for each in stand], len(said) - len(stand), sum(each.mended for each in stand))


@dataclass(frozen=True, slots=True)
class _Stands:
    """A statement, the sentence that bears it out, and whether its figures had to be set right for that."""

    text: str
    row: Supporting
    mended: bool


def _is_told(said: _Stands, question: str) -> bool:
    """Whether a statement from a sentence of the other language has left that language behind."""
    return detect(said.text) == said.row[0].language or is_clean(said.text, question)


def is_clean(text: str, question: str) -> bool:
    """Whether a statement is in the question's language: no common word of the other, but what the question has."""
    language = detect(text)
    mixed = language == "en" and _HAN_FIGURE.search(text)
    return language == detect(question) and not mixed and not left_over(text, question)


def left_over(text: str, question: str) -> list[str]:
    """The common words of the other language in a statement, but for those that the question has."""
    if detect(question) == "zh":
        return [word for word in _LATIN_WORD.findall(text) if word not in question and word not in UNITS]
    return [run for run in _HAN_RUN.findall(text) if run not in question and not matching.strange(run)]


def _stands(
    question: str, text: str, support: Sequence[Supporting], aliases: Aliases, encoder: Encoder
) -> _Stands | None:
    support = [row for row in support if _gives_its_measures(text, row, question)]
    if row := _best(text, support, aliases, encoder):
        return _Stands(qualified(text, without_sources(row[1].text)), row, False)
    for row in support:
        own = without_sources(row[1].text)
        mended = in_scale(text, own)
        if mended != text and _best(mended, [row], aliases, encoder):
            return _Stands(qualified(mended, own), row, True)
    return None


def _gives_its_measures(statement: str, row: Supporting, question: str) -> bool:
    """Whether a sentence gives what a statement says is measured, margins say, where the question does not say it."""
    near = f"{without_sources(row[1].text)} {matching.setting(*row)} {question}"
    return all(meant & measures.given(near) for meant in measures.asked(statement))


def told(said: Sequence[tuple[str, Supporting]], dropped: int, mended: int) -> Grounded:
    """Statements that were checked each against its own sentence, citing it. See Grounded for the counts."""
    return _assemble(_with_their_periods(said), dropped, mended)


def quote(support: Sequence[Supporting]) -> Grounded:
    """The supporting sentences themselves as the answer, each citing itself."""
    return _assemble([(shown(row), row) for row in support], 0)


def with_antecedents(rows: Sequence[Supporting]) -> list[Supporting]:
    """The sentences; one that begins with a pronoun from the one before on, which says whom it is about.

    Unless that stands right before it.
    """
    found: list[Supporting] = []
    for row in rows:
        passage, sentence = row
        before = passage.text[: sentence.start - passage.start]
        start = next((passage.start + start for start, _ in reversed(list(sentences(before)))), sentence.start)
        goes_on = PRONOUN.match(sentence.text) and "\n\n" not in before[start - passage.start :]
        last = found[-1] if found else None
        there = last and last[0].document == passage.document and last[1].start <= start and start < last[1].end
        found.append(_from(start, row) if goes_on and not there else row)
    return found


def shown(row: Supporting) -> str:
    """A sentence as it is quoted in an answer; a table's row with its headings, without which it says nothing."""
    own = without_sources(row[1].text)
    return matching.spelt_out(row[0], own) if " | " in own else own


def _best(statement: str, support: Sequence[Supporting], aliases: Aliases, encoder: Encoder) -> Supporting | None:
    """The sentence that bears a statement out; of several, the one that does so most nearly in its own words."""
    said = _Said.of(statement, " ".join(passage.text for passage, _ in support))
    begins = _begins_with(statement)
    found = []
    for row in support:
        if lacks_cause(statement, without_sources(row[1].text)) or (begins and not _speaks_of(begins, row, aliases)):
            continue
        share = _borne_out(said, row, aliases)
        if share is not None and share >= (SHARED if detect(statement) == row[0].language else SHARED_ACROSS):
            found.append((share, row))
    if len(found) < 2:  # to embed sentences takes longer than all else here
        return found[0][1] if found else None
    vectors = encoder.passages([statement, *(without_sources(row[1].text) for _, row in found)])
    alike = vectors[1:] @ vectors[0]
    return max(zip(alike, found, strict=True), key=lambda pair: float(pair[0]) + pair[1][0])[1][1]


def _begins_with(statement: str) -> tuple[str, ...]:
    """The words that an English statement begins with, where they may be a name: no capital tells there; else ()."""
    first = _FIRST.match(statement)
    named = [fold(re.sub(r"['’]s$", "", word)) for word in first[0].split()] if first else []
    return tuple(named[1:] if named and named[0] in ENGLISH_FUNCTION_WORDS | _OPENERS else named)


def _speaks_of(name: tuple[str, ...], row: Supporting, aliases: Aliases) -> bool:
    """Whether a sentence, its setting, its title or the sentence it goes on about holds a name, or how it is read.

    A single word may be none: then its meaning will do, but not by one character alone, as 元 for meta.
    """
    passage, sentence = row
    about = f"{without_sources(sentence.text)} {matching.setting(*row)} {matching.carried(*row)} {passage.title}"
    if matching.is_called(name, about, aliases):
        return True
    return passage.language == "en" and all(
        matching.known(stem(part), about, aliases) >= matching.MISSING for part in name
    )


@dataclass(frozen=True, slots=True)
class _Said:
    """What a statement claims: figures, days, names in Latin letters, words, and which way things are said to move."""

    text: str
    figures: tuple[Figure, ...]
    days: set[tuple[int, int]]
    names: tuple[tuple[str, ...], ...]
    words: tuple[str, ...]
    degrees: tuple[degrees.Degree, ...]
    direction: int
    denies: bool

    @classmethod
    def of(cls, statement: str, evidence: str) -> "_Said":
        read = figures.read(statement)
        bare = figures.without(statement, read)
        return cls(
            statement,
            tuple(figure for figure in read if not matching.wording(figure)),
            _days(statement),
            tuple(name for each in matching.names(bare) if (name := _without_months(each))),
            tuple(matching.units(bare, fold(evidence))),
            degrees.stated(statement),
            matching.direction(statement),
            denies(statement),
        )


def _without_months(name: tuple[str, ...]) -> tuple[str, ...]:
    """A name, folded, but for a month of the calendar, which is a time."""
    return tuple(fold(part) for part in name if part not in MONTH_NAMES)


def bears_out(statement: str, row: Supporting, question: str = "", brackets: Aliases = MappingProxyType({})) -> bool:
    """Whether figures, days, names, direction and denial of a statement are a sentence's; not its words, nor a cause.

    A name in Latin letters may be how characters of the passage are read, or one that the documents put beside it in
    `brackets`; one that the question names may stand in the last sentence before that names somebody, or in the one
    that tells whom the paragraph is about. A word in Han
    characters that may be a name must stand in the passage, by some name.
    """
    passage, sentence = row
    said = _Said.of(statement, passage.text)
    own = without_sources(sentence.text)
    near, whole = matching.subject(own, passage, sentence), matching.whole(passage)
    before = f"{near} {matching.last_named(passage, sentence)} {parties.topic(passage, sentence)}"
    known = {**bracketed(whole), **brackets}  # not what the encoder finds alike: that is too free for a claim

    def is_its(name: tuple[str, ...]) -> bool:
        asked = bool(name) and matching.holds_name(name, question)
        return matching.is_called(name, before if asked else near, known)

    begins = _begins_with(statement)
    begins = () if len(begins) == 1 and begins[0] in _SMALL.findall(question) else begins  # a common word, as asked
    named = [_bare_name(name) for name in said.names if name != begins[-len(name) :]]
    if not all(map(is_its, (_bare_name(begins), *named))):
        return False
    bare = (word.strip(_ADVERBS) for word in said.words)
    if not all(_is_named(word, whole, known) for word in bare if _may_be_name(word)):
        return False
    if not all(matching.known(stem(when), whole, known) >= matching.MISSING for when in _WHEN.findall(statement)):
        return False
    return _borne_out(replace(said, names=()), row, known) is not None


def _bare_name(name: tuple[str, ...]) -> tuple[str, ...]:
    """A name without "Corp." and without a common word that a hyphen ties to it: AI-specific."""
    parts = [part.split("-") for part in name if part not in matching.LEGAL]
    return tuple("-".join([first, *(word for word in tied if not translations(stem(word)))]) for first, *tied in parts)


def _may_be_name(word: str) -> bool:
    """Whether a Chinese word is in no dictionary: not in that to English, nor as a verb, adjective or adverb."""
    import rjieba

    tags = [tag for _, tag in rjieba.tag(word)] if rjieba.cut(word, hmm=False) == [word] else []
    return matching.strange(word) and not (tags and tags[0] in _NO_NAMES)


def _is_named(word: str, text: str, aliases: Aliases) -> bool:
    """Whether a text holds a word in Han characters, another name of it, or how it is read."""
    if matching.known(word, text, aliases) >= matching.MISSING:
        return True
    if detect(text) == "en" and all(matching.known(character, text, aliases) >= matching.MISSING for character in word):
        return True  # 罐价: the can's price
    return any(transliterates(latin, word) for latin in set(_CAPITALISED.findall(text)))


def lacks_cause(statement: str, sentence: str) -> bool:
    """Whether a statement gives a cause in words and its sentence gives none."""
    return bool(CAUSE.search(statement.replace("让", " "))) and not CAUSE.search(sentence)  # 让 may only allow


def _borne_out(said: _Said, row: Supporting, aliases: Aliases) -> float | None:
    """Share of a statement's telling words that a sentence holds in its setting.

    None where a figure, a name, the direction or a denial differs.
    """
    passage, sentence = row
    own = without_sources(sentence.text)
    near = f"{own} {matching.setting(passage, sentence)}"
    here = figures.read(own)
    if _since(said.figures, row) is None or (said.days and not said.days <= _days(passage.text)):
        return None
    for figure in said.figures:
        status, stated = figures.compare(figure, here)
        if figure.unit in _PERIODS and status == "unsupported":
            continue  # a sentence before gives it
        if stated is None or _turned_round(figure, said.text, stated, own) or made_certain(said.text, stated, own):
            return None
        part = own[matching.part_of(own, stated, _PART)]
        if _sets_apart(figure, said.text) and not (_APART.search(part) or matching.direction(part)):
            return None
    if not all(matching.holds_name(name, f"{near} {passage.title}", aliases) for name in said.names):
        return None
    if said.direction * (matching.direction(own) or _went(own)) < 0 or degrees.turned_over(said.text, own):
        return None
    if _of_another_year(said.text, own) or not _denied_alike(said, row, aliases):
        return None
    telling = [word for word in said.words if matching.critical(word)]
    met = [matching.known(word, near, aliases) >= matching.MISSING for word in telling]
    if not all(degree.held.search(near) for degree in said.degrees):
        return None
    return sum(met) / len(met) if met else 1.0


def _denied_alike(said: _Said, row: Supporting, aliases: Aliases) -> bool:
    """Whether a statement denies just where its sentence does, as far as that can be told across languages."""
    own = without_sources(row[1].text)
    if detect(said.text) == row[0].language:
        return denies(own) if said.denies else not _is_denied(said.words, own, aliases)
    if said.denies:
        return denies(own) or bool(_HARDLY.search(own))
    return not denies(own) or bool(_HARDLY.search(said.text))


def _is_denied(said: Sequence[str], sentence: str, aliases: Aliases) -> bool:
    """Whether a sentence denies where most of these words stand: in the part between two commas, or one of several."""
    parts = {
        part: sum(matching.known(w, part, aliases) >= matching.MISSING for w in said) for part in _PART.split(sentence)
    }
    most = max(parts.values(), default=0)
    return any(denies(part) for part, held in parts.items() if held == most)


def _since(said: Sequence[Figure], row: Supporting) -> int | None:
    """Where a quote must begin to hold the periods of a statement: at its sentence, or at one before it.

    None where no quote would: where the sentence has periods of its own and none of them is meant, where nothing before
    it has the one that is, or where that is too far.
    """
    passage, sentence = row
    text = without_sources(sentence.text)
    own = _periods_in(text)
    periods = [figure for figure in said if figure.unit in _PERIODS]
    lacking = [figure for figure in periods if not figures.meets(figure, own)]
    if not lacking:
        return sentence.start
    if any(not matching.is_base(figure, text) for figure in own) and len(lacking) == len(periods):
        return None
    before = passage.text[: sentence.start - passage.start]
    for start, _ in reversed(list(sentences(before))):
        if len(before) - start + len(sentence.text) > _LONGEST_QUOTE:
            return None
        held = _periods_in(without_sources(before[start:]))
        if all(figures.meets(figure, held) for figure in lacking):
            return passage.start + start
    return None


def _periods_in(text: str) -> list[Figure]:
    return [figure for figure in figures.read(text) if figure.unit in _PERIODS]


def _days(text: str) -> set[tuple[int, int]]:
    """The days that a text names, (month, day), whatever the year: without one they are no figures."""
    found = [match.groupdict() for pattern in _DAYS for match in pattern.finditer(text)]
    return {(int(day["month"]) if "month" in day else MONTHS[day["name"].lower()][0], int(day["day"])) for day in found}


def _with_their_periods(shown: Sequence[tuple[str, Supporting]]) -> list[tuple[str, Supporting]]:
    """The statements, each with its sentence widened to those before it that give the periods of any that cite it."""
    starts: dict[Supporting, int] = {}
    for text, row in shown:
        since = _since(figures.read(text), row)
        assert since is not None, "else the sentence would not bear the statement out"
        starts[row] = min(starts.get(row, since), since)
    return [(text, _from(starts[row], row)) for text, row in shown]


def _from(start: int, row: Supporting) -> Supporting:
    passage, sentence = row
    text = passage.text[start - passage.start : sentence.end - passage.start]
    return passage, replace(sentence, text=text, start=start)


def _sets_apart(figure: Figure, text: str) -> bool:
    """Whether a text says that one thing is that much more or less than another: a price is no difference in price."""
    return bool(_MORE_BEFORE.search(text[: figure.span[0]]) or _MORE_AFTER.match(text[figure.span[1] :]))


def _of_another_year(statement: str, sentence: str) -> bool:
    """Whether a statement gives an amount the year of another: "910 in 2023 became 640" is no "640 in 2023"."""
    said, there = _dated(statement), _dated(sentence)
    amounts, years = matching.amounts(statement), [f for f in figures.read(statement) if f.unit == "year"]
    if len(amounts) == len(years) == 1:
        said = [(amounts[0], years[0])]
    return any(
        (same := [other for other, when in there if when.value == year.value]) and not figures.meets(amount, same)
        for amount, year in said
    )


def _dated(text: str) -> list[tuple[Figure, Figure]]:
    """The amounts of a text with the year that stands right beside each: "$910 million in 2023", 2023年的3400元."""
    years = [figure for figure in figures.read(text) if figure.unit == "year"]
    return [
        (amount, year)
        for amount in matching.amounts(text)
        for year in years
        if _IN_YEAR.fullmatch(text[amount.span[1] : year.span[0]])
        or _YEAR_OF.fullmatch(text[year.span[1] : amount.span[0]])
    ]


def _went(text: str) -> int:
    """1 where a text tells of a change from less to more, -1 from more to less, 0 where it tells of none by figures."""
    read = matching.amounts(text)
    ends = {role: f for f in read if (role := matching.role(f, text)) in ("from", "to")}
    first, last = ends.get("from"), ends.get("to")
    if not first or not last or first.unit != last.unit:
        return 0
    return (last.value > first.value) - (last.value < first.value)


def _turned_round(figure: Figure, statement: str, stated: Figure, sentence: str) -> bool:
    """Whether a change by a figure became one to it, or one from it: 追加到15.5亿 is not 追加了15.5亿."""
    mine, theirs = matching.role(figure, statement), matching.role(stated, sentence)
    return bool(mine and theirs and mine != theirs)


def denies(text: str) -> bool:
    return bool(_NOT.search(text))


def correction(question: str, asked: Sequence[Figure], citations: Sequence[Citation], language: Language) -> str:
    """What goes before an answer whose question presumed another figure, or the opposite direction; else nothing."""
    said = " ".join(without_sources(citation.quote) for citation in citations)
    there = figures.read(said)
    for figure in asked:
        alike = [other for other in there if other.unit == figure.unit]
        if alike and not figures.meets(figure, alike):
            return CORRECTION[language]
    told = (figure for figure in figures.read(question) if figure.qualifier not in _BOUNDS)  # "over 10" is not told
    if any(out_of_scale(figure, there) for figure in told):
        return CORRECTION[language]
    return OTHER_DIRECTION[language] if matching.direction(question) * matching.direction(said) < 0 else ""


def disagreements(citations: Sequence[Citation]) -> Iterator[tuple[str, str, str]]:
    """Periods of a quote that the title of its own source contradicts: (in the quote, in the title, the title)."""
    for citation in citations:
        here = _periods_in(without_sources(citation.quote))
        for title in citation.sources:
            there = _periods_in(title)
            if here and there and not any(figures.meets(figure, here) for figure in there):
                yield here[0].text, there[0].text, title


def also(found: Grounded, rows: Sequence[Supporting], told: Callable[[Supporting], str] = shown) -> Grounded:
    """An answer, and after it further sentences, as they are `told`; those that it cites already are not repeated."""
    text, citations, checks = found.text, list(found.citations), list(found.figures)
    for row in rows:
        citation = _citation(len(citations) + 1, row)
        if not any(_holds(c, citation) for c in citations):
            said = told(row)
            text = _join([text, _marked(said, citation.number)])
            citations.append(citation)
            checks += _checks(said, row, citation.number)
    return replace(found, text=text, citations=tuple(citations), figures=tuple(checks))


def _holds(cited: Citation, other: Citation) -> bool:
    return cited.document == other.document and cited.start <= other.start and other.end <= cited.end


def reckoned(found: Reckoned) -> Grounded:
    """A reckoned statement, with the sentences that its figures stand in; rows of one table are quoted together."""
    each = [_citation(0, operand.row) for operand in found.operands]
    apart = [one for one in dict.fromkeys(each) if not any(other != one and _holds(other, one) for other in each)]
    citations = tuple(replace(citation, number=number) for number, citation in enumerate(apart, 1))
    marks = "".join(f"[{citation.number}]" for citation in citations)
    end = re.search(r"[。.]$", found.text)
    cut = end.start() if end else len(found.text)
    checks = [
        FigureCheck(operand.figure, "cited", next(c.number for c in citations if _holds(c, own)), operand.figure)
        for operand, own in zip(found.operands, each, strict=True)
    ]
    if found.figure:
        checks.insert(0, FigureCheck(found.figure, "derived", None, sum=found.sum))
    return Grounded(f"{found.text[:cut]} {marks}{found.text[cut:]}", citations, tuple(checks), 0)


def _assemble(shown: Sequence[tuple[str, Supporting]], dropped: int, mended: int = 0) -> Grounded:
    citations: dict[tuple[str, int], Citation] = {}
    checks: list[FigureCheck] = []
    lines = []
    for text, row in shown:
        key = (row[0].document, row[1].start)
        citation = citations.setdefault(key, _citation(len(citations) + 1, row))
        checks += _checks(text, row, citation.number)
        lines.append(_marked(text, citation.number))
    return Grounded(_join(lines), tuple(citations.values()), tuple(checks), dropped, mended)


def _citation(number: int, row: Supporting) -> Citation:
    passage, sentence = row
    start = _start_of_quote(row)
    own = tuple(dict.fromkeys(title for _, _, title in outside_sources(sentence.text)))
    return Citation(
        number=number,
        document=passage.document,
        title=passage.title,
        segment=passage.segment,
        quote=passage.text[start - passage.start : sentence.end - passage.start],
        start=start,
        end=sentence.end,
        page=passage.page,
        sources=own or passage.sources,
    )


def _start_of_quote(row: Supporting) -> int:
    """Where the sentence begins; for a row of a table its header, without which the row says nothing."""
    passage, sentence = row
    own = without_sources(sentence.text)
    header = matching.table_header(passage, own) if " | " in own else ""
    at = passage.text.rfind(header, 0, sentence.start - passage.start) if header else -1  # else its cells carry it
    start = passage.start + at if at >= 0 else sentence.start
    return start if start < sentence.start and sentence.end - start <= _LONGEST_QUOTE else sentence.start


def _checks(text: str, row: Supporting, number: int) -> list[FigureCheck]:
    there = figures.read(row[0].text)
    return [
        FigureCheck(figure, status, number, stated)
        for figure in figures.read(text)
        for status, stated in [figures.compare(figure, there)]
    ]


def _marked(text: str, number: int) -> str:
    """A statement with its mark; of several sentences, each with it."""
    marked, last = "", 0
    for start, end in sentences(text):
        marked += text[last:start] + _mark(text[start:end], number)
        last = end
    return marked + text[last:]


def _mark(text: str, number: int) -> str:
    """A sentence with its mark, before the final punctuation in English as in Chinese."""
    end = re.search(r"[。．.!?！？…]+[”’\"'」』）)]*$", text)
    cut = end.start() if end else len(text)
    return f"{text[:cut]} [{number}]{text[cut:]}"


def _join(lines: list[str]) -> str:
    joined = ""
    for line in lines:
        apart = joined and not (_CHINESE_END.search(joined) and detect(line) == "zh")
        joined += f" {line}" if apart else line
    return joined
