"""Whether the evidence holds what a question asks for: its names, its periods, its kind of figure, its words.

No similarity of meaning tells a company's revenue from its rival's, or its revenue from its profit; words do. A
question is held against each sentence of the evidence, in that sentence's setting (its heading, its table's header, the
subject it goes on about). A sentence of the other language is met through a dictionary.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ragbot import figures, matching
from ragbot.aliases import alike, bracketed
from ragbot.dictionary import translations
from ragbot.embeddings import Encoder
from ragbot.language import detect, fold, stem, words
from ragbot.matching import CHANGE, GENERIC, MISSING, Aliases, Supporting
from ragbot.schema import Evidence, Figure, Language, Passage
from ragbot.segments import without_sources

ENOUGH = 0.5  # share of a question's words that its answer's sentence must meet
OWN_LANGUAGE = 0.05  # for a sentence in the language of the question
_SHORT = 24  # characters; a shorter line without a full stop or a figure is a heading
NEAR = 0.8  # a word that only the heading, the table's header or the subject of a sentence holds
FAR = 0.4  # a word that only the document's title holds
MAY_MISS = 0.25  # a figure's sentence must lack less than this share of the question's telling words
MAY_MISS_ACROSS = 0.34  # the same, across languages: a dictionary does not know every rendering
MAY_MISS_COMPARED = 0.67  # the same, where several things are asked about at once

# Times that count from today: a document that does not say them does not mean them.
_RELATIVE = frozenset(
    "下个 上个 下一 上一 下个季度 下季度 上个季度 上季度 下半年 明年 后年 去年 前年 未来 next last future".split()
)
# The answer is reckoned from the figures of several sentences; none of them need be of the kind that is asked for.
_RECKONED = re.compile(
    r"加起来|合计|总共|一共|相差|差距|多出|高出|占.{0,20}(?:百分之|多少|比例)|几倍|多少倍"
    r"|高.{0,4}百分点|比.{1,20}(?:多|高|少|低)(?:多少|几)"
    r"|\bcombined\b|\btogether\b|\bsum of\b|\btotal of\b|how many times|\bdifference between\b"
    r"|how much (?:more|less|larger|higher|lower)"
    r"|how many (?:more|fewer|percentage points)|\bnet of\b|what (?:part|share) of .{1,60} came from",
    re.IGNORECASE,
)
_COMPARED = re.compile(
    r"[和与跟、]|以及|比较|相比|各是|分别|\band\b|\bthan\b|\bversus\b|\bvs\b|\bor\b|\beach\b|\bcompare\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Demand:
    """What a question asks for.

    `names`: in Latin letters, by their words, folded. `units`: kinds of figure that would do, None where none is asked
    for. `compared`: whether several things are asked about at once.
    """

    language: Language
    names: tuple[tuple[str, ...], ...]
    words: tuple[str, ...]
    periods: tuple[Figure, ...]
    figures: tuple[Figure, ...]
    units: frozenset[str] | None
    compared: bool
    factoid: bool
    aliases: Aliases


_MONEY = frozenset({"money"})
_SHARE = frozenset({"percent", "point", "fraction", "multiple"})
_PERIOD = frozenset({"year", "period"})
_ANY = frozenset({"any"})
_COUNTED = frozenset({"counted"})
_METRICS = (
    "revenues?|sales|income|profits?|loss|losses|margin|costs?|price|turnover|fee|spending|earnings|budget|investment"
)

# Orders to a model rather than questions about documents, and works that documents do not answer.
_ORDERS = re.compile(
    r"忽略.{0,12}(?:指令|指示|提示|规则)|系统提示词|(?:你|您)的提示词|扮演|只回答[‘“「『]"
    r"|\bignore\b.{0,30}\binstructions?\b|\bsystem prompt\b"
    r"|\b(?:print|show|reveal) your prompt\b|\bpretend (?:to be|you)\b"
    r"|^tell the reader\b|\byou are now\b",
    re.IGNORECASE,
)
_ART = re.compile(
    r"(?:写|作|编|讲|唱)(?:一|个|首|篇|段|点)*[^。？?]{0,8}(?:诗|笑话|故事|小说|歌|代码|程序)|用\w+写"
    r"|\b(?:write|compose|tell)\b.{0,20}\b(?:poem|haiku|joke|story|song|code|script|program|function)\b",
    re.IGNORECASE,
)
_FACTOID = re.compile(r"哪里|哪儿|谁|哪[家位座个]|在哪|\b(?:where|who|whose)\b", re.IGNORECASE)
# What kind of figure a question asks for; the first that matches decides. One a line, Chinese and English apart.
_KINDS: tuple[tuple[str, frozenset[str]], ...] = (
    (r"哪一?年|什么时候|何时|几月|哪个?季度|哪天", _PERIOD),
    (r"\bwhen\b|\b(?:what|which) (?:year|month|quarter|date)\b", _PERIOD),
    (r"百分之(?:多少|几)|百分比|几成|几分之几|(?:多大|什么|多少)比例|占比|比例是", _SHARE),
    (r"percentage|what (?:share|proportion|fraction)|percent\b", _SHARE),
    (r"几倍|多少倍|how many times", frozenset({"multiple", "percent", "fraction"})),
    (r"多少(?:万|亿|百万|千万)?(?:美元|美金|欧元|英镑|日元|港元|人民币|元|块|钱)|几(?:万|亿)?(?:美元|元)", _MONEY),
    (r"how much money|how many (?:dollars|euros|yuan|pounds)", _MONEY),
    (r"(?:增长|增加|增幅|上升|下降|下滑|减少|提高|涨|跌|降|同比|环比)了?(?:是|有|为|达)?(?:多少|几)", _SHARE | _ANY),
    (r"多快|增速|增长率|涨幅|跌幅", _SHARE | _ANY),
    (r"what (?:was|is|were) .{0,60}\b(?:growth|increase|decrease|decline)\b", _SHARE),
    (r"how (?:fast|quickly)|by how much|growth rate|(?:grow|rise|fall|increase|decrease|drop) by", _SHARE | _ANY),
    (r"(?:利润率|毛利率|净利率|市占率|份额)(?:是|为|有)?(?:多少|多高|多大)", _SHARE | _MONEY),
    (r"what (?:was|is|were) .{0,60}\b(?:margin|share|rate|occupancy)\b", _SHARE | _MONEY),
    (r"(?:有|共|达|招了?|卖了?)多少(?!钱|[万亿百千]|美元|欧元|元|块)(?=[\u4e00-\u9fff])", _COUNTED),
    (r"(?:多少|几)(?:家|台|人|名|位|辆|个|艘|箱|间|座|款|种|项|张|片|块|吨|千?瓦|小时|天|年|岁)", _COUNTED),
    (r"how many|how long|how old", _COUNTED),
    (r"多少|how much|多高|多大|多贵|多长|多久", _ANY),
    (r"\bwhat (?:does|do|did|will) .{0,60}\b(?:cost|pay|charge|spend|lose|earn)\b(?! (?:from|its|their)\b)", _MONEY),
    (rf"\b(?:what|which) (?:\w+ ){{0,3}}(?:{_METRICS}) (?:do|does|did|was|is|were|has|have|will)\b", _ANY),
    (rf"\bwhat (?:was|is|were|are|did)\b.{{0,80}}\b(?:{_METRICS})\b", _MONEY | _ANY),
)
_KIND_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), kinds) for pattern, kinds in _KINDS)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Which sentences of the evidence answer, best first; where none does, the question's words that all lack."""

    accepted: tuple[Supporting, ...]
    missing: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    """What the question presumes, and the documents may contradict."""


def judge(question: str, evidence: Sequence[Evidence], encoder: Encoder) -> Verdict:
    """Hold a question against every sentence of the evidence."""
    if not evidence or _ORDERS.search(question) or _ART.search(question):
        return Verdict(())
    text = "\n".join(f"{item.passage.title} {item.passage.segment} {item.passage.text}" for item in evidence)
    asked = demand(question, text, encoder)
    language = detect(question)
    scored = []
    for item in evidence:
        for sentence in item.sentences:
            row = (item.passage, sentence)
            if _says_something(row):
                scored.append((coverage(asked, row), item.score + sentence.score, row))
    enough = [(met, score, row) for met, score, row in scored if met >= ENOUGH]
    if enough and not _together(asked, [row for _, _, row in enough]):
        enough = []
    enough.sort(key=lambda each: -(each[0] + each[1] + OWN_LANGUAGE * (each[2][0].language == language)))
    if enough:
        presumed = asked.figures if asked.units is None else ()  # else they may only narrow what is asked for
        return Verdict(tuple(row for _, _, row in enough), figures=presumed)
    return Verdict((), _lacking(asked, [row for _, _, row in scored]))


def demand(question: str, evidence: str, encoder: Encoder) -> Demand:
    """What the question asks for. `evidence`, all text found, tells which characters make up a name."""
    read = figures.read(question)
    bare = figures.without(question, read)
    asked = tuple(matching.units(bare, fold(evidence)))
    names = matching.names(bare)
    return Demand(
        language=detect(question),
        names=tuple(dict.fromkeys(_telling(name, evidence) for name in names)),
        words=asked,
        periods=tuple(figure for figure in read if figure.unit in _PERIOD),
        figures=tuple(figure for figure in read if figure.unit not in _PERIOD and figure.unit not in ("rank", "count")),
        units=_ANY if _RECKONED.search(question) else _kind(question),
        compared=bool(_RECKONED.search(question) or _COMPARED.search(question)),
        factoid=bool(_FACTOID.search(question)),
        aliases=_aliases(asked, names, evidence, encoder),
    )


def _aliases(asked: Sequence[str], called: Sequence[tuple[str, ...]], evidence: str, encoder: Encoder) -> Aliases:
    """Other names of what the evidence does not hold as it is asked for: by its brackets, else by meaning."""
    brackets = bracketed(evidence)
    found = {word: brackets[word] for word in asked if word in brackets}
    strange = [
        word
        for word in asked
        if word not in found
        and matching.critical(word)
        and matching.meets(word, evidence) < MISSING
        and _could_be_a_name(word)
    ]
    unknown = [name for name in called if not matching.holds_name(tuple(map(fold, name)), evidence)]
    if not strange and not unknown:
        return found  # reading all names of the evidence takes longer than all the rest
    latin = [" ".join(name) for name in matching.names(evidence)]
    han = [word for word in dict.fromkeys(matching.units(evidence, "")) if matching.strange(word)]
    found |= {word: alike(word, latin + han, encoder) for word in strange}
    for name in unknown:
        others = alike(" ".join(name), han, encoder)
        found |= {word: found.get(word, frozenset()) | others for part in name for word in words(part)}
    return found


def _could_be_a_name(word: str) -> bool:
    return len(word) > 1 and not translations(word) and word not in GENERIC and word not in CHANGE


def _together(asked: Demand, rows: Sequence[Supporting]) -> bool:
    """Whether the sentences between them hold all names that are compared."""
    if not asked.compared and len(asked.names) < 2:
        return True
    text = " ".join(f"{matching.setting(*row)} {row[1].text}" for row in rows)
    return sum(matching.holds_name(name, text, asked.aliases) for name in asked.names) >= len(asked.names) - (
        len(asked.names) > 2
    )


def _lacking(asked: Demand, rows: Sequence[Supporting]) -> tuple[str, ...]:
    """Telling words of the question that no sentence near its subject holds."""
    held = " ".join(row[1].text for row in rows)
    return tuple(
        word for word in asked.words if matching.critical(word) and matching.known(word, held, asked.aliases) < MISSING
    )


def _says_something(row: Supporting) -> bool:
    """Not a heading that stands as text, not the header of a table, and no order to whoever reads it."""
    text = without_sources(row[1].text).strip()
    if _ORDERS.search(text):
        return False
    if " | " in text:
        return matching.table_header(row[0], text) != text
    return (
        len(text) > _SHORT
        or bool(re.search(r"[。！？!?.…”\"]$", text))
        or any(f.unit not in _PERIOD | {"rank"} for f in figures.read(text))
    )


def _is_name(word: str, asked: Demand) -> bool:
    return matching.strange(word) or any(word in words(part) for name in asked.names for part in name)


def _kind(question: str) -> frozenset[str] | None:
    return next((units for pattern, units in _KIND_PATTERNS if pattern.search(question)), None)


def coverage(asked: Demand, row: Supporting) -> float:
    """Share of what is asked that a sentence meets in its setting; 0 where a name, a period, a figure or a word fails.

    A question for a figure must be met in nearly every word that carries meaning: one is the difference between a
    company's revenue and its profit.
    """
    passage, sentence = row
    own = without_sources(sentence.text)
    near, far = f"{own} {matching.setting(passage, sentence)}", f"{own} {passage.title}"
    subject = f"{near} {passage.title} {matching.carried(passage, sentence)}"
    if not _figure_met(asked, own) or not _periods_met(asked, passage, own) or not _names_met(asked, subject):
        return 0.0
    met = [
        max(
            matching.known(word, own, asked.aliases),
            NEAR * matching.known(word, near, asked.aliases),
            FAR * matching.known(word, far, asked.aliases),
            NEAR * matching.known(word, subject, asked.aliases) if _is_name(word, asked) else 0.0,
        )
        for word in asked.words
    ]
    weights = [matching.weight(word) for word in asked.words]
    telling = sum(matching.critical(word) for word in asked.words)
    lacking = sum(
        matching.burden(word)
        for word, each in zip(asked.words, met, strict=True)
        if each < MISSING and matching.critical(word)
    )
    across = passage.language != asked.language
    may_miss = MAY_MISS_COMPARED if asked.compared else MAY_MISS_ACROSS if across else MAY_MISS
    if any(word not in fold(own) for word in asked.words if word in _RELATIVE):
        return 0.0
    if not asked.compared and any(
        each < MISSING and _is_name(word, asked) for word, each in zip(asked.words, met, strict=True)
    ):
        return 0.0
    if (asked.units or asked.factoid) and lacking > may_miss * telling:
        return 0.0
    return sum(w * m for w, m in zip(weights, met, strict=True)) / sum(weights) if asked.words else 1.0


def _figure_met(asked: Demand, own: str) -> bool:
    if asked.units is None:
        return True
    there = [f for f in figures.read(own) if not any(f.unit == q.unit and f.value == q.value for q in asked.periods)]
    return any(_of_kind(figure, asked.units) for figure in there)


def _of_kind(figure: Figure, units: frozenset[str]) -> bool:
    if units & {"any"}:
        return figure.unit not in _PERIOD
    if "money" in units and figure.unit.isupper() and len(figure.unit) == 3:
        return True
    if "counted" in units:
        return figure.unit not in _PERIOD | {"percent", "point"} and not (
            figure.unit.isupper() and len(figure.unit) == 3
        )
    return figure.unit in units


def _periods_met(asked: Demand, passage: Passage, own: str) -> bool:
    """A period that is asked for stands in the sentence, or in its passage where the sentence names none."""
    if not asked.periods:
        return True
    near = [figure for figure in figures.read(own) if figure.unit in _PERIOD]
    wide = [
        figure for figure in figures.read(f"{passage.title} {passage.segment} {passage.text}") if figure.unit in _PERIOD
    ]
    return all(
        figures.compare(period, near or wide)[0] != "unsupported"
        or (figures.compare(period, wide)[0] != "unsupported" and not near)
        for period in asked.periods
    )


def _telling(name: tuple[str, ...], evidence: str) -> tuple[str, ...]:
    """The parts of a name that must be met: those the evidence knows, if one of them is no common word; else all."""
    parts = [fold(part) for part in name]
    known = [part for part in parts if matching.holds_name((part,), evidence)]
    return tuple(known if any(not translations(stem(part)) for part in known) else parts)


def _names_met(asked: Demand, setting: str) -> bool:
    """Every name that is asked for; where several are compared, each sentence need not hold them all."""
    if asked.compared:
        return True
    met = [matching.holds_name(name, setting, asked.aliases) for name in asked.names]
    return not met or (any(met) if len(met) > 1 else all(met))
