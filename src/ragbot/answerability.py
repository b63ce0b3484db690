"""Whether the evidence holds what a question asks for: its names, its periods, its kind of figure, its words.

No similarity of meaning tells a company's revenue from its rival's, or its revenue from its profit; words do. A question
is held against each sentence of the evidence, in that sentence's setting (its heading, its table's header, the subject it
goes on about). A sentence of the other language is met through a dictionary.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, lru_cache

from ragbot import figures
from ragbot.dictionary import translations
from ragbot.language import CHINESE_FUNCTION_WORDS, ENGLISH_FUNCTION_WORDS, HAN, fold, stem, words

from ragbot.schema import Figure, Passage, Sentence
from ragbot.segments import without_sources

Supporting = tuple[Passage, Sentence]

ENOUGH = 0.5  # share of a question's words that its answer's sentence must meet
MISSING = 0.45  # a word met less than this is missing
SYNONYM = 0.8  # two words of a language that translate alike
SLIP = 0.82  # share of letters that a misspelt word has in common with the right one
ABBREVIATED = 0.8  # a word whose characters stand in order, others between them
NEAR = 0.8  # a word that only the heading, the table's header or the subject of a sentence holds
FAR = 0.4  # a word that only the document's title holds
MAY_MISS = 0.25  # a figure's sentence must lack less than this share of the question's telling words
MAY_MISS_COMPARED = 0.67  # the same, where several things are asked about at once
_SUBJECT_GOES_ON = re.compile(
    r"^(?:它|其|该|这[家个些一]|公司|同一|同期|此外|另外)|^(?:it|its|they|their|this|that|these|the (?:company|group|firm|business|segment))\b",
    re.IGNORECASE,
)
_PART = r"[A-Z][A-Za-z0-9]*(?:[&.\-][A-Za-z0-9]+)*|[a-z]+[A-Z0-9][A-Za-z0-9\-]*"
_NAME = re.compile(rf"(?<![A-Za-z0-9])(?:{_PART})(?:\s+(?:{_PART}))*")
_LATIN = re.compile(r"[a-z0-9]+(?:[&.\-][a-z0-9]+)*")
_TOKEN = re.compile(r"[a-z0-9]+(?:['’&.\-][a-z0-9]+)*|[\u3400-\u4dbf\u4e00-\u9fff]+")
_LEGAL = frozenset("corp inc ltd co plc llc group holdings ag sa nv gmbh company corporation".split())

# What a question says about itself rather than about its subject. Comparing and reckoning words stand here as well: what
# is compared must be met, that it is compared need not.
_SCAFFOLDING = frozenset(
    """
    多少 什么 哪 哪个 哪家 哪些 哪里 哪一年 哪年 哪几 几 几个 几倍 谁 怎么 怎样 如何 为什么 为何 是否 请问 告诉 介绍 说明 解释 一下 情况 具体
    主要 目前 现在 当前 大概 大约 约 到底 究竟 根据 按照 文档 报告 资料 文章 提到 说法 认为 表示 分别 各 各自 多大 多高 多快 达到 进行 出现
    存在 属于 方面 问题 原因 因为 所以 可以 能够 需要 应该 已经 仍然 还是 这么 那么 那个 这样 那样 对 吗 呢 得 一个 钱 数字 比较 相比 时候
    何时 会 能 要 可 已 将 被 让 后 前 里 内 外 按 靠 说 称 比 占 多 高 大 小 低 少 全 单 做 用 有 收 花 啥 呀 啊 一天 美元 欧元 亿美元
    亿元 万元 元 人民币 百分之 百分之几 百分点 比例 占比 百分比 倍 加 加起来 起来 合计 总共 一共 共计 相差 差距 差 多出 高出 超过 以外 其余
    最高 最低 最快 最慢 最大 最小 更高 更快 更大 更多 排名 排 第一 第二 第三 领先 三家 三大 四个 两家 两个 这家 那家 哪几个 分成
    tell give show say said says explain describe according report document text please number figure amount many
    kind sort roughly about approximately exactly currently now mean main mainly reason because get got make made take
    compare compared versus vs long big large larger largest high higher highest low lower lowest fast faster fastest slow slower slowest
    far percentage percent point points share proportion fraction part per day month above below over under more less than most
    least combined together sum times difference rank ranking each come came keep does mostly really actually like so
    dollar dollars euro euros yuan money dough
    """.split()
)
_GENERIC = frozenset(
    """
    公司 企业 业务 环节 行业 市场 产品 项目 部门 领域 厂商 服务商 全年 当年 去年 今年 季度 单季 当季 本季度 年度 期间 同期 来自
    company companies firm business segment industry market product year quarter quarterly annual period use have
    """.split()
)
# Words of change: one is met by any other. Their direction is another matter (see `grounding`).
_CHANGE = frozenset(
    """
    增长 增加 增速 增幅 上升 提高 上涨 涨幅 涨 增 升 翻 下降 下滑 减少 下跌 降低 跌 降 跌幅 同比 环比 变化
    grow growing grew growth rise rose rising risen increase increased up climb climbed gain gained jump jumped surge surged fall
    fell fallen drop dropped decline declined decrease decreased down change changed
    """.split()
)
# The answer is reckoned from the figures of several sentences; none of them need be of the kind that is asked for.
_RECKONED = re.compile(
    r"加起来|合计|总共|一共|相差|差距|多出|高出|占.{0,20}(?:百分之|多少|比例)|几倍|多少倍|高.{0,4}百分点|比.{1,20}(?:多|高|少|低)(?:多少|几)"
    r"|\bcombined\b|\btogether\b|\bsum of\b|\btotal of\b|how many times|\bdifference between\b|how much (?:more|less|larger|higher|lower)"
    r"|how many (?:more|fewer|percentage points)|\bnet of\b|what (?:part|share) of .{1,60} came from",
    re.IGNORECASE,
)
_COMPARED = re.compile(
    r"[和与跟、]|以及|比较|相比|各是|分别|\band\b|\bthan\b|\bversus\b|\bvs\b|\bor\b|\beach\b|\bcompare\b", re.IGNORECASE
)
_LIGHT = 0.4  # weight of such a word


@dataclass(frozen=True, slots=True)
class Demand:
    """What a question asks for. `names`: in Latin letters, by their words, folded; `units`: kinds of figure that would do, or None."""

    names: tuple[tuple[str, ...], ...]
    words: tuple[str, ...]
    periods: tuple[Figure, ...]
    figures: tuple[Figure, ...]
    units: frozenset[str] | None
    compared: bool


_MONEY = frozenset({"money"})
_SHARE = frozenset({"percent", "point", "fraction", "multiple"})
_PERIOD = frozenset({"year", "period"})
_ANY = frozenset({"any"})
_COUNTED = frozenset({"counted"})

# First match decides. Chinese beside English.
_KINDS: tuple[tuple[re.Pattern[str], frozenset[str]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), units)
    for pattern, units in (
        (r"哪一?年|什么时候|何时|几月|哪个?季度|哪天|\bwhen\b|\b(?:what|which) (?:year|month|quarter|date)\b", _PERIOD),
        (r"百分之(?:多少|几)|百分比|几成|几分之几|(?:多大|什么|多少)比例|占比|比例是|percentage|what (?:share|proportion|fraction)|percent\b", _SHARE),
        (r"几倍|多少倍|how many times", frozenset({"multiple", "percent", "fraction"})),
        (r"多少(?:万|亿|百万|千万)?(?:美元|美金|欧元|英镑|日元|港元|人民币|元|块|钱)|几(?:万|亿)?(?:美元|元)|how much money|how many (?:dollars|euros|yuan|pounds)", _MONEY),
        (r"(?:增长|增加|增幅|增速|上升|下降|下滑|减少|提高|涨|跌|降|同比|环比)了?(?:是|有|为|达)?(?:多少|几)|(?:多快|增速|增长率|涨幅|跌幅)|how (?:fast|quickly)|by how much|growth rate|(?:grow|rise|fall|increase|decrease|drop) by", _SHARE | _ANY),
        (r"(?:利润率|毛利率|净利率|市占率|份额|margin|market share)(?:是|为|有)?(?:多少|多高|多大)|what (?:was|is|were) .{0,60}\b(?:margin|share|rate|occupancy)\b", _SHARE | _MONEY),
        (r"(?:有|共|达|招了?|卖了?)多少(?!钱|[万亿百千]|美元|欧元|元|块)(?=[\u4e00-\u9fff])|多少(?:家|台|人|名|位|辆|个|艘|箱|间|座|款|种|项|张|片|块|吨|千?瓦|小时|天|年|岁)|几(?:家|台|人|名|位|辆|个|艘|间|座|款|种|项|年|天)|how many|how long|how old", _COUNTED),
        (r"多少|how much|多高|多大|多贵|多长|多久", _ANY),
        (r"\bwhat (?:does|do|did|will) .{0,60}\b(?:cost|pay|charge|spend|lose|earn)\b(?! (?:from|on|its|their)\b)", _MONEY),
        (r"\b(?:what|which) (?:\w+ ){0,3}(?:revenue|revenues|sales|income|profit|profits|loss|margin|cost|price|turnover|fee) (?:do|does|did|was|is|were|has|have|will)\b", _ANY),
        (r"\bwhat (?:was|is|were|are|did)\b.{0,80}\b(?:revenue|revenues|sales|income|profit|profits|loss|losses|cost|costs|price|spending|turnover|earnings|budget|fee|investment)\b", _MONEY | _ANY),
    )
)  # fmt: skip


def demand(question: str, evidence: str) -> Demand:
    """What the question asks for. `evidence`, all text found, tells which characters make up a name."""
    read = figures.read(question)
    bare = _without_figures(question, read)
    return Demand(
        names=tuple(dict.fromkeys(_telling(name, evidence) for name in _names(bare))),
        words=tuple(_units(bare, fold(evidence))),
        periods=tuple(figure for figure in read if figure.unit in _PERIOD),
        figures=tuple(figure for figure in read if figure.unit not in _PERIOD and figure.unit not in ("rank", "count")),
        units=_ANY if _RECKONED.search(question) else _kind(question),
        compared=bool(_RECKONED.search(question) or _COMPARED.search(question)),
    )


def _kind(question: str) -> frozenset[str] | None:
    return next((units for pattern, units in _KINDS if pattern.search(question)), None)


def coverage(asked: Demand, row: Supporting) -> float:
    """Share of what is asked that a sentence meets in its setting; 0 where a name, a period, a figure or a word fails.

    A question for a figure must be met in nearly every word that carries meaning: one is the difference between a
    company's revenue and its profit.
    """
    passage, sentence = row
    own = without_sources(sentence.text)
    near, far = f"{own} {_setting(passage, sentence)}", f"{own} {passage.title}"
    if not _figure_met(asked, own) or not _periods_met(asked, passage, own) or not _names_met(asked, f"{near} {far}"):
        return 0.0
    met = [max(_met(word, own), NEAR * _met(word, near), FAR * _met(word, far)) for word in asked.words]
    weights = [_weight(word) for word in asked.words]
    critical = [each for weight, each in zip(weights, met, strict=True) if weight == 1.0]
    may_miss = MAY_MISS_COMPARED if asked.compared else MAY_MISS
    if asked.units and sum(each < MISSING for each in critical) >= max(may_miss * len(critical), 1):
        return 0.0
    return sum(w * m for w, m in zip(weights, met, strict=True)) / sum(weights) if asked.words else 1.0


def _weight(word: str) -> float:
    return _LIGHT if word in _GENERIC or word in _CHANGE or (HAN.search(word) and len(word) == 1) else 1.0


def _units(question: str, evidence: str) -> list[str]:
    """The words of a question; single characters join their neighbours where the evidence has them so."""
    found: list[str] = []
    for token in _TOKEN.findall(fold(question)):
        if HAN.match(token):
            found += _joined(token, evidence)
        elif token not in _SCAFFOLDING:
            found += [token if token in _CHANGE or token in _GENERIC else stem_ for stem_ in words(token)]
    return list(dict.fromkeys(found))


def _joined(text: str, evidence: str) -> list[str]:
    import rjieba

    units: list[str] = []
    open_end = False  # whether the last unit may still grow
    for word in _words_of_strays(rjieba.cut(text, hmm=False)):
        word = word.rstrip("了是有的") or word
        if word in CHINESE_FUNCTION_WORDS or word in _SCAFFOLDING:
            open_end = False
            continue
        joined = units[-1] + word if open_end else ""
        if open_end and _belong_together(units[-1], word, joined in evidence):
            units[-1] = joined
        else:
            units.append(word)
        open_end = word not in _GENERIC and word not in _CHANGE
    return units


def _words_of_strays(cut: list[str]) -> Iterator[str]:
    """Two single characters that the dictionary knows as one word become that word."""
    at = 0
    while at < len(cut):
        pair = "".join(cut[at : at + 2])
        if len(pair) == 2 and len(cut[at]) == 1 and at + 1 < len(cut) and translations(pair):
            yield pair
            at += 2
        else:
            yield cut[at]
            at += 1


def _belong_together(unit: str, word: str, in_evidence: bool) -> bool:
    """Whether two neighbours make one name: the evidence has it, or both are stray characters."""
    if word in _GENERIC or word in _CHANGE:
        return False
    return (in_evidence and min(len(unit), len(word)) == 1) or (len(word) == 1 and len(unit) < 3 and _loose(unit))


def _loose(unit: str) -> bool:
    """Whether a unit is made of characters that are no word together."""
    return len(unit) == 1 or unit not in _listed(unit)


@lru_cache(maxsize=4_000)
def _listed(unit: str) -> frozenset[str]:
    import rjieba

    return frozenset(rjieba.cut(unit, hmm=False))


def _met(word: str, text: str) -> float:
    """How fully a text holds a word: itself, its translation, a word that translates alike, or one misspelt."""
    folded, held = _held(text)
    if word in _CHANGE:
        return float(any(change in (folded if HAN.search(change) else held) for change in _change_stems()))
    if word in held or (HAN.search(word) and len(word) > 1 and word in folded):
        return 1.0
    best = max((strength for other, strength in translations(word).items() if _holds(folded, held, other)), default=0.0)
    best = max(best, ABBREVIATED * _holds_in_order(word, folded))
    return max(best, max((_alike(word, other) for other in held), default=0.0))


@cache
def _change_stems() -> frozenset[str]:
    return frozenset(_CHANGE | {stem(word) for word in _CHANGE if not HAN.search(word)} | {"up", "down"})


def _holds_in_order(word: str, text: str) -> bool:
    """Whether a Chinese word's characters stand in that order close together, as 月费 stands in 每月收费."""
    if not HAN.search(word) or not 2 <= len(word) <= 5:
        return False
    return bool(re.search(".{0,2}".join(map(re.escape, word)), text))


def _holds(folded: str, held: frozenset[str], word: str) -> bool:
    return word in held or (len(word) > 1 and bool(HAN.search(word)) and word in folded)


@lru_cache(maxsize=50_000)
def _alike(a: str, b: str) -> float:
    """How alike two words of one language are: by their letters, or by what they translate to."""
    if bool(HAN.search(a)) != bool(HAN.search(b)):
        return 0.0
    mine, theirs = translations(a), translations(b)
    meaning = SYNONYM * max((min(mine[t], theirs[t]) for t in mine.keys() & theirs.keys()), default=0.0)
    if HAN.search(a):
        return max(meaning, 0.9 if min(len(a), len(b)) > 1 and (a in b or b in a) else 0.0)
    return max(meaning, 0.9 if _same_but_for_a_slip(a, b) else 0.0)


def _same_but_for_a_slip(a: str, b: str) -> bool:
    if min(len(a), len(b)) < 5 or abs(len(a) - len(b)) > 2 or not (a + b).isascii():
        return False
    return SequenceMatcher(None, a, b, autojunk=False).ratio() >= SLIP


@lru_cache(maxsize=4_000)
def _held(text: str) -> tuple[str, frozenset[str]]:
    return fold(text), frozenset(words(text))


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
        or figures.compare(period, wide)[0] != "unsupported"
        and not near
        for period in asked.periods
    )


def _telling(name: tuple[str, ...], evidence: str) -> tuple[str, ...]:
    """The parts of a name that must be met: those the evidence knows, if one of them is no common word; else all."""
    parts = [fold(part) for part in name]
    known = [part for part in parts if _name_met((part,), evidence)]
    return tuple(known if any(not translations(stem(part)) for part in known) else parts)


def _names_met(asked: Demand, setting: str) -> bool:
    """Every name that is asked for; of two names that are compared, one."""
    met = [_name_met(name, setting) for name in asked.names]
    return not met or (any(met) if len(met) > 1 else all(met))


def _name_met(name: tuple[str, ...], text: str) -> bool:
    """Whether a text holds all parts of a name, or their translations; a slip of the pen is forgiven."""
    folded = fold(text)
    held = _latin_words(folded)
    return all(
        part in held
        or part.removesuffix("s") in held
        or any(other in folded for other in translations(stem(part)) if len(other) > 1)
        or any(_same_but_for_a_slip(part, word) for word in held)
        for part in name
    )


@lru_cache(maxsize=4_000)
def _latin_words(folded: str) -> frozenset[str]:
    return frozenset(_LATIN.findall(folded))


def _names(question: str) -> list[tuple[str, ...]]:
    """Names in Latin letters, each as its words; a capital that only begins an English sentence makes none."""
    found = []
    for match in _NAME.finditer(question):
        parts = [part for part in re.split(r"\s+", re.sub(r"['’]s\b", "", match.group())) if part]
        if match.start() == 0 and parts[0].istitle():
            parts = parts[1:]
        while parts and (parts[0].lower() in ENGLISH_FUNCTION_WORDS or parts[0].lower() in _SCAFFOLDING):
            parts = parts[1:]
        if parts:
            found.append(tuple(parts))
    return found


def _setting(passage: Passage, sentence: Sentence) -> str:
    """What a sentence is said under: headings, its table's header, and the sentence that names its subject."""
    parts = [passage.segment]
    before = passage.text[: sentence.start - passage.start].rstrip()
    if " | " in sentence.text:
        table = [line for line in passage.text.split("\n\n") if line.count(" | ") == sentence.text.count(" | ")]
        parts += table[:1]
    elif _SUBJECT_GOES_ON.search(sentence.text):
        parts.append(re.split(r"(?<=[。！？!?])|(?<=[.])\s", before)[-1] if before else "")
    return " ".join(parts)


def _without_figures(text: str, read: Iterable[Figure]) -> str:
    for figure in sorted(read, key=lambda figure: -figure.span[0]):
        text = f"{text[: figure.span[0]]} {text[figure.span[1] :]}"
    return text
