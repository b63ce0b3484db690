"""Whether the evidence holds what a question asks for: its names, its periods, its kind of figure, its words.

No similarity of meaning tells a company's revenue from its rival's, or its revenue from its profit; words do. A
question is held against each sentence of the evidence, in that sentence's setting (its heading, its table's header, the
subject it goes on about). A sentence of the other language is met through a dictionary.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp

from ragbot import figures, matching, measures, parties
from ragbot.aliases import alike, bracketed, renamed, sounds_like, transliterates
from ragbot.dictionary import glosses, is_listed, translations
from ragbot.embeddings import Encoder
from ragbot.language import ENGLISH_FUNCTION_WORDS, HAN, detect, fold, simplify, stem, words
from ragbot.matching import CAUSE, CHANGE, GENERIC, MISSING, SYLLABLE, WHOM, WHY, Aliases, Supporting
from ragbot.schema import Evidence, Figure, Language, Passage
from ragbot.segments import without_sources

ENOUGH = 0.25  # fit from which a sentence counts as an answer where no model reads it
OWN_LANGUAGE = 0.05  # for a sentence in the language of the question
ENOUGH_OF_SEVERAL = 0.15  # the same, where several things are asked about at once
IN_PART = 0.1  # the same, for one of several sentences whose figures are reckoned with
_LIKELY = 12  # candidates in whose tables a rank is looked for
_LARGE = 100_000  # a bare number from which it may be an amount of money
_SHORT = 24  # characters; a shorter line without a full stop or a figure is a heading
NEAR = 0.8  # a word that only the heading, the table's header or the subject of a sentence holds
FAR = 0.4  # a word that only the document's title holds

# How likely a sentence answers: a logistic regression over what it meets of the question, fitted by benchmarks/fit.py
# to sentences with and without the evidence that the test sets name.
FIT = {
    "met": 3.3,  # share of the question's words, by weight
    "lacking": -2.3,  # share of its telling words that the sentence lacks, by what hangs on them
    "behind": -6.4,  # how far it was found behind the best
    "found": 3.5,  # its own score as evidence
    "passage": 0.6,  # its passage's
    "across": 0.7,  # it stands in the other language
    "compared": 0.8,  # several things are asked about at once
    "why": 1.1,  # a cause is asked for
    "causeless": -1.5,  # and it names none
    "other_period": -2.5,  # it holds another period than the one asked for
    "nameless": -0.3,  # a name that is asked for is not in its paragraph, nor in what that goes on about
}
_INTERCEPT = -2.8

# Times that count from today: a document that does not say them does not mean them.
_RELATIVE = frozenset(
    "下个 上个 下一 上一 下个季度 下季度 上个季度 上季度 下半年 明年 后年 前年 未来 next last future".split()
)
# But who asks about "last year" means the last one that the documents report on.
_LAST_YEAR = re.compile(r"去年|上一?年度?(?!比|相)|\b(?:last|past) (?:fiscal |financial |full )?year\b", re.IGNORECASE)
# The answer is reckoned from the figures of several sentences; none of them need be of the kind that is asked for.
_RECKONED = re.compile(
    r"加起来|合起来|合计|总共|一共|相差|差距|多出|高出|占.{0,20}(?:百分之|多少|比例)|几倍|多少倍"
    r"|高.{0,4}百分点|比.{1,20}(?:多|高|少|低)[^，。]{0,2}(?:多少|几)"
    r"|\bcombined\b|\btogether\b|\bsum of\b|\btotal of\b|how many times|\bdifference between\b"
    r"|\band\b.{1,60}\bin total\b|\bin total\b.{1,60}\band\b"
    r"|how much (?:more|less|larger|higher|lower)"
    r"|how many (?:more|fewer|percentage points)|\bnet of\b|what (?:part|share) of .{1,60} came from",
    re.IGNORECASE,
)
_COMPARED = re.compile(
    r"[和与跟、]|以及|比较|相比|各是|分别|\band\b|\bthan\b|\bversus\b|\bvs\b|\bor\b"
    r"|\beach\b(?! (?:day|week|month|quarter|year|hour|time)\b)|\bcompare\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Demand:
    """What a question asks for.

    `names`: in Latin letters, by their words, folded. `han_names`: in Han characters, Simplified, as the evidence shows
    them. `measures`: for each term of measure, what it may mean. `units`: kinds of figure that would do, None where
    none is asked for. `compared`: whether several things are asked about at once. `aliases`: other names of these
    words, by brackets and by meaning; `brackets`: those that the evidence itself puts beside them.
    """

    question: str
    language: Language
    names: tuple[tuple[str, ...], ...]
    han_names: tuple[str, ...]
    words: tuple[str, ...]
    measures: tuple[frozenset[str], ...]
    periods: tuple[Figure, ...]
    figures: tuple[Figure, ...]
    units: frozenset[str] | None
    compared: bool
    aliases: Aliases
    brackets: Aliases

    @property
    def all_names(self) -> tuple[tuple[str, ...], ...]:
        """The names of both kinds; one in Han characters is one word."""
        return (*self.names, *((name,) for name in self.han_names))


# The revenue of all, which is not that of a business: where a sentence says so, others do not answer.
_WHOLE = re.compile(
    r"总(?=营收|收入|营业额|销售额|利润|资产|负债|成本|产量|销量|产能)|(?:整个|全)公司"
    r"|\btotal (?:company |group )?(?:revenues?|sales|turnover|profits?|costs?|assets|debts?|output|capacity)\b"
    r"|\b(?:whole|entire) (?:company|group)\b",
    re.IGNORECASE,
)
_PART_OF_WHOLE = re.compile(
    r"以外|之外|除|其中|[中里](?=[，,])|占"
    r"|\b(?:outside|other than|apart from|besides?|except|excluding|share|part)\b",
    re.IGNORECASE,
)
_AGAINST = re.compile(
    r"比|从|由|较|转为|变为|变成|而\d{4}年"
    r"|\b(?:from|became|turned|compared|against|after|versus|than|(?:up|down) on)\b",
    re.IGNORECASE,
)
_MONEY = frozenset({"money"})
_SHARE = frozenset({"percent", "point", "fraction", "multiple"})
_PERIOD = frozenset({"year", "period"})
_ANY = frozenset({"any"})
_COUNTED = frozenset({"counted"})
_METRICS = (
    "revenues?|sales|income|profits?|loss|losses|margin|costs?|price|turnover|fee|spending|earnings|budget|investment"
)
_AUXILIARIES = "did|do|does|was|were|is|are|will|has|have|had|should|can|could|would|might|must"

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
# Which of several is the most so, or more so than the other; and what a sentence must have that says it of one.
_WHICH_MOST = re.compile(
    r"(?:哪|谁|誰).{0,16}(?:最|第一|更|比较|較)|(?:哪[家个個]|谁|誰).{0,8}(?:[高低大小多强弱轻重贵快慢长短]|(?<!多)少)(?=\W|$)"
    r"|\b(?:which|who|whose)\b.{1,80}\b(?:most|least|more|less|fewer|better|worse|\w{2,}est)\b"
    r"|\b(?:does|do|did|is|was|are|were|has|have)\b.{1,60}\bor\b.{1,60}\b(?:more|less|fewer|better|worse|\w{3,}er)\b",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"最|第一|首[位屈]|唯一|更|比|[高低大小多少强弱快慢]于|超过|领先|不如"
    r"|\b(?:most|least|first|only|top|leading|than|more|less|fewer|better|worse|ahead|beats?|\w{2,}est)\b",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"[（(]([^（）()]{1,40})[)）]")
_PER = re.compile(r"\bper (?!cent\b|capita\b)([a-z]{3,})", re.IGNORECASE)
_A_SENTENCE = re.compile(r"[?？，。]|[的了吗呢吧是]")
_FIRST_WORD = re.compile(r"\W*([A-Z][A-Za-z0-9]+(?:[&.\-][A-Za-z0-9]+)*)(?:['’]s)?")
# What kind of figure a question asks for; the first that matches decides. One a line, Chinese and English apart.
_KINDS: tuple[tuple[str, frozenset[str]], ...] = (
    (r"哪一?年|什么时候|何时|几月|哪个?季度|哪天", _PERIOD),
    (rf"\b(?:since|by|tell me|know|say) when\b|\bwhen (?:{_AUXILIARIES})\b", _PERIOD),
    (r"\b(?:what|which) (?:year|month|quarter|date)\b", _PERIOD),
    (r"百分之(?:多少|几)|百分比|几成(?!本)|几分之几|(?:多大|什么|多少)比例|占比|比例是", _SHARE),
    (r"percentage|what (?:share|proportion|fraction)|percent\b|how many %", _SHARE),
    (r"几倍|多少倍|how many times", frozenset({"multiple", "percent", "fraction"})),
    (r"多少(?:万|亿|百万|千万)?(?:美元|美金|欧元|英镑|日元|港元|人民币|元|块|钱)|几(?:万|亿)?(?:美元|元)", _MONEY),
    (r"how much money|how many (?:dollars|euros|yuan|pounds)", _MONEY),
    (r"(?:增长|增加|增幅|上升|下降|下滑|减少|提高|涨|跌|降|同比|环比)了?(?:是|有|为|达)?(?:多少|几)", _SHARE | _ANY),
    (r"多快|增速|增长率|涨幅|跌幅", _SHARE | _ANY),
    (r"增长得?最[快慢]|\bat what rate\b|\bgr[eo]w(?:ing)? (?:the )?(?:fastest|slowest|most|least)\b", _SHARE),
    (r"what (?:was|is|were) .{0,60}\b(?:growth|increase|decrease|decline)\b", _SHARE),
    (r"how (?:fast|quickly)|by how much|growth rate|(?:grow|rise|fall|increase|decrease|drop) by", _SHARE | _ANY),
    (r"(?:利润率|毛利率|净利率|市占率|份额)(?:是|为|有)?(?:多少|多高|多大)", _SHARE | _MONEY),
    (r"(?<![汇频])率(?:大[概约])?(?:是|为|有)?(?:多少|多高|多大)", _SHARE),
    (r"what (?:was|is|were) .{0,60}\b(?:margin|share|rate|occupancy)\b", _SHARE | _MONEY),
    (r"多少[^，。？]{0,4}(?:订单|现金|资金|存款|债务|负债|贷款|借款)", _ANY),
    (r"(?:有|共|达|招了?|卖了?)多少(?!钱|[万亿百千]|美元|欧元|元|块)(?=[\u4e00-\u9fff])", _COUNTED),
    (r"(?:多少|几)(?:家|台|人|名|位|辆|个|艘|箱|间|座|款|种|项|张|片|块|吨|千?瓦|小时|天|年|岁)", _COUNTED),
    (r"how many|how long|how old", _COUNTED),
    (r"给(?:我|出)?一?个?(?:数字|金额|数值)|\b(?:give|tell) me (?:a|the) (?:number|figure|amount)", _ANY),
    (r"多少|how much|多高|多大|多贵|多长|多久", _ANY),
    (r"\bhow (?:deep|big|large|high|low|heavy|steep|wide)\b", _ANY),
    (
        r"\bwhat (?:does|do|did|was|were|is|are)\b.{1,60}\b(?:valued at|priced at|sell for|sold for|worth|fetch)\b",
        _MONEY,
    ),
    (r"\bwhat (?:does|do|did|will) .{0,60}\b(?:cost|pay|charge|spend|lose|earn)\b(?! (?:from|its|their)\b)", _MONEY),
    (r"\bwhat (?:does|do|did|will) .{0,60}\b(?:turn over|bring in|take in)\b", _MONEY),
    (rf"\b(?:what|which) (?:\w+ ){{0,3}}(?:{_METRICS}) (?:do|does|did|was|is|were|has|have|will)\b", _ANY),
    (rf"\bwhat (?:was|is|were|are|did)\b.{{0,80}}\b(?:{_METRICS})\b", _MONEY | _ANY),
)
_KIND_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), kinds) for pattern, kinds in _KINDS)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer: how likely by its words, [0, 1], and whether it lacks a name or a period."""

    row: Supporting
    fit: float
    doubtful: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """Which sentences of the evidence answer, best first; where none does, the question's words that all lack.

    `candidates`: what could answer as far as kinds of figure and measures go, best first. `presumed`: figures that the
    question takes for given, and the documents may contradict. `several`: whether it takes several sentences. `asked`:
    what the question asks for; None where it is no question about documents, or there is no evidence.
    """

    accepted: tuple[Supporting, ...]
    candidates: tuple[Candidate, ...] = ()
    missing: tuple[str, ...] = ()
    presumed: tuple[Figure, ...] = ()
    several: bool = False
    asked: Demand | None = None

    @property
    def likely(self) -> tuple[Supporting, ...]:
        """The candidates worth a look, best first."""
        return tuple(each.row for each in self.candidates[:_LIKELY])

    @property
    def parts(self) -> tuple[Supporting, ...]:
        """The sentences that may each hold a part of the answer, best first; none where nothing answers."""
        likely = [each.row for each in self.candidates if each.fit >= IN_PART and not each.doubtful]
        return tuple(dict.fromkeys([*self.accepted, *likely])) if self.accepted else ()


def says_which(question: str, row: Supporting) -> bool:
    """Whether a sentence compares, where a question asks which of several is the most so; else always."""
    return not asks_which(question) or bool(_MORE.search(without_sources(row[1].text)))


def of_the_named(asked: Demand, row: Supporting) -> bool:
    """Whether the passage holds every word of the question that is no common word, and so a name."""
    whole = matching.whole(row[0])
    return all(matching.known(w, whole, asked.aliases) >= MISSING for w in asked.words if matching.strange(w))


def held(name: tuple[str, ...], text: str, asked: Demand) -> bool:
    """Whether a text holds a name of the question, in letters or in Han characters."""
    if HAN.match(name[0]):
        return _holds_han(name[0], simplify(text), asked)
    return matching.holds_name(name, text, asked.aliases)


def _holds_han(name: str, text: str, asked: Demand) -> bool:
    """Whether a text holds a name in Han characters, or what else it is called, or means all parts of it.

    A part will not do: 北岫玻璃 is not any Glass.
    """
    if parties.short(name) in text or any(other in fold(text) for other in asked.aliases.get(name, ())):
        return True
    parts = glosses(name, least=1)
    return bool(parts) and all(matching.known(part, text, asked.aliases) >= MISSING for part in parts)


def names_the_same(asked: Demand, row: Supporting) -> bool:
    """Whether a sentence, its heading or the sentence it goes on about names all that the question names."""
    own = without_sources(row[1].text)
    return _named_in(asked, f"{matching.setting(*row)} {matching.carried(*row)} {_topic(asked, row, own)} {own}")


def asks_which(question: str) -> bool:
    """Whether a question asks which of several is the most so, or more so than the other."""
    return bool(_WHICH_MOST.search(question)) and not WHY.search(question)


def judge(question: str, evidence: Sequence[Evidence], encoder: Encoder) -> Verdict:
    """Hold a question against every sentence of the evidence."""
    if not evidence or _ORDERS.search(question) or _ART.search(question):
        return Verdict(())
    asked = demand(question, [item.passage for item in evidence], encoder)
    found = _candidates(asked, evidence)
    enough = ENOUGH_OF_SEVERAL if asked.compared else ENOUGH
    accepted = [each.row for each in found if each.fit >= enough and not each.doubtful]
    if accepted and asked.compared:
        accepted += _for_the_missing(asked, accepted, found)
    if not _together(asked, accepted):
        accepted = []
    rows = [(item.passage, sentence) for item in evidence for sentence in item.sentences]
    return Verdict(
        tuple(accepted),
        tuple(found),
        missing=() if accepted else _lacking(asked, rows),
        presumed=asked.figures if asked.units is None else (),  # else they may only narrow what is asked for
        several=asked.compared,
        asked=asked,
    )


def _candidates(asked: Demand, evidence: Sequence[Evidence]) -> list[Candidate]:
    found = list(candidates(asked, evidence, lambda row: says_something(row) and not clashes(asked, row)))
    found.sort(key=lambda each: -(each.fit + OWN_LANGUAGE * (each.row[0].language == asked.language)))
    if asked.compared or not is_of_all(asked.question) or _PART_OF_WHOLE.search(simplify(asked.question)):
        return found
    return [each for each in found if not each.doubtful and is_of_all(each.row[1].text)] or found


def is_of_all(text: str) -> bool:
    """Whether a text speaks of the revenue, or the like, of a whole company."""
    return bool(_WHOLE.search(simplify(text)))


def candidates(
    asked: Demand, evidence: Sequence[Evidence], may_answer: Callable[[Supporting], bool]
) -> Iterator[Candidate]:
    """The sentences that may answer, in the order of the evidence, each weighed by its words."""
    best = max(item.score + sentence.score for item in evidence for sentence in item.sentences)
    for item in evidence:
        for sentence in item.sentences:
            row = (item.passage, sentence)
            if may_answer(row):
                seen = features(asked, row, item.score, best)
                yield Candidate(row, fit(seen), bool(seen["nameless"] or seen["other_period"]))


def demand(question: str, found: Sequence[Passage], encoder: Encoder) -> Demand:
    """What the question asks for. The passages found tell which characters make up a name."""
    evidence = "\n".join(map(matching.whole, found))
    read = figures.read(question)
    bare = _LAST_YEAR.sub(" ", figures.without(question, read))
    asked = tuple(matching.units(measures.without(bare), fold(evidence)))
    names = [name for name in _leading_name(bare, evidence) if not parties.is_common(name)]
    beside = bracketed(question)  # 英特尔（Intel）: one name
    plain = fold(question)  # Traditional characters as Simplified
    periods = tuple(figure for figure in read if figure.unit in _PERIOD)
    units = _ANY if _RECKONED.search(plain) or (periods and _is_of_keywords(bare)) else _kind(plain)
    return Demand(
        question=question,
        language=detect(question),
        names=tuple(dict.fromkeys(_telling(name, evidence) for name in names)),
        han_names=tuple(name for name in parties.shared(question, found) if name not in beside),
        words=asked,
        measures=tuple(_as_share(meant) if units == _SHARE else meant for meant in measures.asked(bare)),
        periods=periods,
        figures=tuple(figure for figure in read if figure.unit not in _PERIOD and figure.unit not in ("rank", "count")),
        units=units,
        compared=bool(_RECKONED.search(plain) or _COMPARED.search(plain)),
        aliases=_aliases(question, asked, names, evidence, encoder),
        brackets=_by_brackets(asked, names, evidence),
    )


def _leading_name(question: str, evidence: str) -> list[tuple[str, ...]]:
    """The names of a question, with the first word of an English one where the evidence shows it to be one."""
    found, first = matching.names(question), _FIRST_WORD.match(question)
    if not first or detect(question) != "en" or not _is_shown(fold(first[1]), evidence):
        return found
    if found and question[first.end() :].lstrip().startswith(found[0][0]) and first[1] not in found[0]:
        return [(first[1], *found[0]), *found[1:]]
    return found if any(first[1] in name for name in found) else [(first[1],), *found]


def _is_shown(word: str, evidence: str) -> bool:
    """Whether the evidence holds a word that is in no dictionary, as names are."""
    common = word in ENGLISH_FUNCTION_WORDS or word in matching.SCAFFOLDING or bool(translations(stem(word)))
    return not common and word in matching.latin_words(fold(evidence))


def _as_share(meant: frozenset[str]) -> frozenset[str]:
    """What is meant where a share is asked for: the part of each sale that is gross profit is the gross margin."""
    return meant | {name.replace("profit", "margin") for name in meant}


def _aliases(
    question: str, asked: Sequence[str], called: Sequence[tuple[str, ...]], evidence: str, encoder: Encoder
) -> Aliases:
    """Other names of what the evidence does not hold as it is asked for: by its brackets, else by meaning."""
    found = _by_brackets(asked, called, f"{question}\n{evidence}")
    for name in called:
        if _goes_by_its_first_word(name, evidence):
            first = frozenset({fold(name[0])})
            found |= {word: found.get(word, frozenset()) | first for part in name[1:] for word in words(part)}
    strange = [
        word
        for word in asked
        if word not in found
        and matching.critical(word)
        and matching.meets(word, evidence) < MISSING
        and _could_be_a_name(word)
    ]
    unknown = [name for name in called if not matching.holds_name(name, evidence)]
    if not strange and not unknown:
        return found  # reading all names of the evidence takes longer than all the rest
    latin = [" ".join(name) for name in matching.names(evidence)]
    han = [word for word in dict.fromkeys(matching.units(evidence, "")) if matching.strange(word)]
    found |= {word: alike(word, latin + han, encoder) | sounds_like(word, han) for word in strange}
    for name in unknown:
        read = frozenset(word for word in han for part in name if len(part) > SYLLABLE and transliterates(part, word))
        others = read or alike(" ".join(name), han, encoder)
        found |= {word: found.get(word, frozenset()) | others for part in name for word in words(part)}
    return found


def _goes_by_its_first_word(name: tuple[str, ...], evidence: str) -> bool:
    """Whether a name is introduced in full and then cut to its first word, which is no common one: Orla Rail, Orla."""
    first = name[0]
    if len(name) < 2 or HAN.search(first) or translations(stem(fold(first))):
        return False
    said = [other for other in matching.names(evidence) if fold(other[0]) == fold(first)]
    full = tuple(map(fold, name))
    longer = [tuple(map(fold, other)) for other in said if len(other) > 1]
    return bool(said) and tuple(map(fold, said[0]))[: len(full)] == full and all(o[:2] == full[:2] for o in longer)


def _by_brackets(asked: Sequence[str], called: Sequence[tuple[str, ...]], text: str) -> dict[str, frozenset[str]]:
    """Other names that a text puts beside the words and names of a question: in brackets, or as what they were."""
    beside, before = bracketed(text), renamed(text)
    known = {name: beside.get(name, frozenset()) | before.get(name, frozenset()) for name in beside.keys() | before}
    found = {word: known[word] for word in asked if word in known}
    for name in called:
        folded = [fold(part) for part in name]
        these = [known[other] for other in known if other.split()[: len(name)] == folded]
        others = frozenset(other for some in these for full in some for other in (full, parties.short(full)))
        found |= {word: found.get(word, frozenset()) | others for part in name for word in words(part) if others}
    return found


def _could_be_a_name(word: str) -> bool:
    return len(word) > 1 and not translations(word) and word not in GENERIC and word not in CHANGE


def _for_the_missing(asked: Demand, rows: Sequence[Supporting], found: Sequence[Candidate]) -> Iterator[Supporting]:
    """For each name that is compared and no sentence holds, the best that may hold a part of the answer."""
    likely = [each.row for each in found if each.fit >= IN_PART and not each.doubtful]
    for name in asked.names:
        if not any(_names(name, asked, row) for row in rows):
            yield from [row for row in likely if _names(name, asked, row)][:1]


def _names(name: tuple[str, ...], asked: Demand, row: Supporting) -> bool:
    return matching.holds_name(name, f"{matching.setting(*row)} {row[1].text}", asked.aliases)


def _together(asked: Demand, rows: Sequence[Supporting]) -> bool:
    """Whether the sentences between them hold all names that are compared."""
    if not asked.compared and len(asked.names) < 2:
        return True
    text = " ".join(f"{matching.setting(*row)} {row[1].text}" for row in rows)
    return sum(matching.holds_name(name, text, asked.aliases) for name in asked.names) >= len(asked.names) - (
        len(asked.names) > 2
    )


def _lacking(asked: Demand, rows: Sequence[Supporting]) -> tuple[str, ...]:
    """Things in the question that no sentence near its subject holds."""
    held = " ".join(row[1].text for row in rows)
    things = [word for word in asked.words if matching.critical(word) and matching.burden(word) == 1.0]
    return tuple(word for word in things if matching.known(word, held, asked.aliases) < MISSING)


def says_something(row: Supporting) -> bool:
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
    in_no_dictionary = matching.strange(word) if HAN.match(word) else not translations(word)
    of_a_name = any(word in words(part) for name in asked.names for part in name)
    return in_no_dictionary or of_a_name or any(word in name for name in asked.han_names)


def _kind(question: str) -> frozenset[str] | None:
    if WHY.search(question):
        return None
    return next((units for pattern, units in _KIND_PATTERNS if pattern.search(question)), None)


def _is_of_keywords(question: str) -> bool:
    """Whether a question is a few words side by side, one of them a measure: "Larkspur 2024 收入"."""
    each = [word.lower() for word in question.split()]
    plain = len(each) > 1 and not _A_SENTENCE.search(question) and not WHY.search(question)
    return plain and ENGLISH_FUNCTION_WORDS.isdisjoint(each) and any(measures.asked(word) for word in each)


def clashes(asked: Demand, row: Supporting) -> bool:
    """Whether a sentence cannot answer: no figure of the kind, no such measure, a namesake, not the time meant."""
    own = without_sources(row[1].text)
    if not _figure_met(asked, own) or any(word not in fold(own) for word in asked.words if word in _RELATIVE):
        return True
    if _of_another_office(asked, row) or _counts_only(asked, row) or _by_another_count(asked, row):
        return True
    return other_measure(asked, row) or (not asked.compared and any(_of_a_namesake(n, own) for n in asked.names))


def other_measure(asked: Demand, row: Supporting) -> bool:
    """Whether a sentence gives another measure than the one whose figure is asked for."""
    near = f"{without_sources(row[1].text)} {matching.setting(*row)}"
    return (
        bool(asked.units) and not asked.compared and not all(meant & measures.given(near) for meant in asked.measures)
    )


def _of_another_office(asked: Demand, row: Supporting) -> bool:
    """Whether who holds an office is asked, and neither a sentence nor its paragraph speaks of that office."""
    offices = [meant for meant in asked.measures if meant & measures.OFFICES]
    if not offices or asked.units or not measures.WHO.search(asked.question):
        return False
    there = measures.given(f"{matching.setting(*row)} {matching.paragraph(*row)}")
    return not all(meant & there for meant in offices)


def _counts_only(asked: Demand, row: Supporting) -> bool:
    """Whether an amount of money is asked for by its measure, and a sentence counts other things, as employees.

    So does a table's row, where the column of that measure is in tonnes, say.
    """
    own = without_sources(row[1].text)
    if not asked.units or asked.compared or not all(meant <= measures.MONEY for meant in asked.measures):
        return False
    if " | " in own:
        heads = matching.table_header(row[0], own).split(" | ")
        columns = [[head for head in heads if meant & measures.given(head)] for meant in asked.measures]
        return any(these and all(map(_is_in_things, these)) for these in columns)
    said = measures.given(own)
    of_money = any(of_kind(figure, _MONEY | _SHARE) for figure in figures.read(own))
    return bool(asked.measures and said) and not of_money and not any(meant & said for meant in asked.measures)


def _by_another_count(asked: Demand, row: Supporting) -> bool:
    """Whether a figure is asked for per something, a cost per query say, and a sentence gives only rates of another."""
    per = _PER.search(asked.question) if asked.units else None
    if not per or " | " in row[1].text:
        return False
    rates = [figure for figure in figures.read(without_sources(row[1].text)) if of_kind(figure, asked.units or _ANY)]
    if not rates or not all(figure.per for figure in rates):
        return False
    near = f"{without_sources(row[1].text)} {matching.setting(*row)}"
    meant = next((figure.per for figure in figures.read(f"$1 per {per[1]}")), None)
    return all(figure.per != meant for figure in rates) and matching.known(stem(fold(per[1])), near, {}) < MISSING


def _is_in_things(heading: str) -> bool:
    """Whether a column's heading has a unit of weight, length and the like in brackets: (million tonnes)."""
    bracket = _BRACKET.search(heading)
    read = figures.read(f"1 {bracket[1]}") if bracket else []
    return any(not of_kind(figure, _MONEY | _SHARE) and figure.unit != "count" for figure in read[:1])


def features(asked: Demand, row: Supporting, passage_score: float, best: float) -> dict[str, float]:
    """What a sentence meets of the question, by the names of `FIT`; `best`: the highest score of all evidence."""
    passage, sentence = row
    own = without_sources(sentence.text)
    near = f"{own} {matching.setting(*row)}"
    subject = f"{matching.subject(own, *row)} {_topic(asked, row, own)}"
    met = [
        max(
            matching.known(word, own, asked.aliases),
            NEAR * matching.known(word, near, asked.aliases),
            FAR * matching.known(word, f"{own} {passage.title}", asked.aliases),
            NEAR * matching.known(word, subject, asked.aliases) if _is_name(word, asked) else 0.0,
        )
        for word in asked.words
    ]
    weights = [matching.weight(word) for word in asked.words] + [1.0] * len(asked.measures)
    burdens = [matching.burden(word) * matching.critical(word) for word in asked.words] + [1.0] * len(asked.measures)
    met += [float(bool(meant & measures.given(near))) for meant in asked.measures]
    lacking = sum(burden for burden, each in zip(burdens, met, strict=True) if each < MISSING)
    why = bool(WHY.search(asked.question))
    return {
        "met": sum(w * m for w, m in zip(weights, met, strict=True)) / (sum(weights) or 1.0),
        "lacking": lacking / (sum(burdens) or 1.0),
        "behind": min(1.0, best - passage_score - sentence.score),
        "found": sentence.score,
        "passage": passage_score,
        "across": float(passage.language != asked.language),
        "compared": float(asked.compared),
        "why": float(why),
        "causeless": float(why and not CAUSE.search(own)),
        "other_period": float(not periods_met(asked, passage, own)),
        "nameless": float(not asked.compared and not _of_the_parties(asked, row)),
    }


def _topic(asked: Demand, row: Supporting, own: str) -> str:
    """What a sentence that names nobody, or but the holder of an office, may still be about.

    Where several are compared each of the sentences must tell by itself whose figure it gives.
    """
    of_an_officer = bool(measures.given(own) & measures.OFFICES)
    told = asked.compared or (parties.names(own) and not of_an_officer)
    return "" if told else parties.topic(*row)


def _of_the_parties(asked: Demand, row: Supporting) -> bool:
    """Whether the sentence, its paragraph, its heading or its subject names all that the question names."""
    return _named_in(asked, f"{_around(row)} {matching.carried(*row)}")


def _around(row: Supporting) -> str:
    """What stands about a sentence: its title, its heading, its paragraph and whom that is about."""
    return f"{row[0].title} {matching.setting(*row)} {matching.paragraph(*row)} {parties.topic(*row)}"


def is_of_another(asked: Demand, row: Supporting) -> bool:
    """Whether a figure is asked of somebody, and a sentence is about somebody else: it or its paragraph names one.

    Of a question who or where, if the sentence is about nobody whom that names. Names that a dictionary has, as those
    of countries, may be meant without being said.
    """
    if asked.compared or _of_the_parties(asked, row):
        return False
    if not asked.units and (not WHOM.search(asked.question) or is_of_any(asked, row)):
        return False
    parts = (part for name in asked.all_names for part in name)
    if all(is_listed(part if HAN.match(part) else stem(fold(part))) for part in parts):
        return False
    if asked.names and all(_is_around(name, asked, row) for name in asked.names):
        return False  # Yunti Guanjia is how 云梯管家 is read
    return bool(parties.names(without_sources(row[1].text)) or parties.topic(*row) or parties.heads(row[0].segment))


def is_of_any(asked: Demand, row: Supporting) -> bool:
    """Whether a sentence, or what stands about it, names anybody whom the question names."""
    return any(_is_around(name, asked, row) for name in asked.all_names)


def _is_around(name: tuple[str, ...], asked: Demand, row: Supporting) -> bool:
    """Whether what stands about a sentence holds a name of the question, or what is read like it."""
    if HAN.match(name[0]):
        return held(name, f"{_around(row)} {matching.carried(*row)}", asked)
    return matching.is_called(name, _around(row), asked.aliases)


def _named_in(asked: Demand, about: str) -> bool:
    """Whether a text holds all names of the question, or what else they are called."""
    held = simplify(about)

    def called(names: Iterable[str]) -> bool:
        return any(parties.short(name) in held for name in names if HAN.match(name))

    return all(
        matching.holds_name(name, about, asked.aliases)
        or called(alias for part in name for word in words(part) for alias in asked.aliases.get(word, ()))
        for name in asked.names
    ) and all(_holds_han(name, held, asked) for name in asked.han_names)


def _of_a_namesake(name: tuple[str, ...], own: str) -> bool:
    """Whether a sentence names another of the first word of a name, and not it: the Pro where the Plus is asked for."""
    if len(name) < 2 or set(name) <= matching.latin_words(fold(own)):
        return False
    here = [tuple(map(fold, other)) for other in matching.names(own)]
    namesakes = [other[1] for other in here if other[0] == name[0] and len(other) > 1 and other[1] not in name]
    return any(not measures.given(word) for word in namesakes)  # "Orla CEO" and "Orla Revenue" are no other Orla


def fit(seen: Mapping[str, float]) -> float:
    """How likely a sentence answers, by its features: [0, 1]."""
    return 1 / (1 + exp(-_INTERCEPT - sum(FIT[name] * value for name, value in seen.items())))


def _figure_met(asked: Demand, own: str) -> bool:
    if asked.units is None:
        return True
    there = [f for f in figures.read(own) if not any(f.unit == q.unit and f.value == q.value for q in asked.periods)]
    if asked.units == _MONEY and measures.given(own) & measures.MONEY and any(map(_may_be_money, there)):
        return True
    return any(of_kind(figure, asked.units) for figure in there)


def _may_be_money(figure: Figure) -> bool:
    """Whether a figure without a currency may be an amount of money: "revenue was 812 million"."""
    return figure.unit == "count" and figure.value >= _LARGE


def of_kind(figure: Figure, units: frozenset[str]) -> bool:
    if units & {"any"}:
        return figure.unit not in _PERIOD
    if "money" in units and figure.unit.isupper() and len(figure.unit) == 3:
        return True
    if "counted" in units:
        return figure.unit not in _PERIOD | {"percent", "point"} and not (
            figure.unit.isupper() and len(figure.unit) == 3
        )
    return figure.unit in units


def periods_met(asked: Demand, passage: Passage, own: str) -> bool:
    """A period that is asked for stands in the sentence, or in its passage where the sentence names none.

    Or one of its figures is of that time: "against 874 million a year earlier".
    """
    if not asked.periods:
        return True
    read = figures.read(own)
    near = [figure for figure in read if figure.unit in _PERIOD]
    wide = [figure for figure in figures.read(matching.whole(passage)) if figure.unit in _PERIOD]
    return all(
        figures.meets(period, near or wide)
        or any(figure.period == period.period for figure in read)
        or (figures.meets(period, wide) and (not near or _set_against(period, near, own)))
        for period in asked.periods
    )


def _set_against(year: Figure, named: Sequence[Figure], own: str) -> bool:
    """Whether a sentence names other years only as what this one is set against: 仍低于2019年的78%.

    Or the year before alone: "910 in 2023 became 640".
    """
    if any(each.unit != "year" or each.value >= year.value for each in named) or year.unit != "year":
        return False
    return all(matching.is_base(each, own) for each in named) or (
        all(each.value == year.value - 1 for each in named) and bool(_AGAINST.search(own))
    )


def _telling(name: tuple[str, ...], evidence: str) -> tuple[str, ...]:
    """The parts of a name that must be met: those the evidence knows, if one of them is no common word; else all."""
    parts = [fold(part) for part in name]
    known = [part for part in parts if matching.holds_name((part,), evidence)]
    return tuple(known if any(not translations(stem(part)) for part in known) else parts)
