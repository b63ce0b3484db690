"""Whether a text holds a word, a name, a subject: as it stands, in translation, misspelt, renamed.

One sentence of a document says little without its setting: the heading it stands under, the header of its table, the
subject that the sentence before it named.
"""

import re
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from functools import cache, lru_cache
from types import MappingProxyType

from ragbot import figures
from ragbot.aliases import transliterates
from ragbot.dictionary import translations
from ragbot.language import (
    CHINESE_FUNCTION_WORDS,
    ENGLISH_FUNCTION_WORDS,
    HAN,
    detect,
    fold,
    sentences,
    simplify,
    stem,
    words,
)
from ragbot.schema import Figure, Passage, Sentence
from ragbot.segments import without_sources

Supporting = tuple[Passage, Sentence]
"""A sentence of the evidence, and the passage that it stands in."""

Aliases = Mapping[str, frozenset[str]]
"""What else a word is called, folded."""

MISSING = 0.45  # a word met less than this is missing

SYNONYM = 0.8  # two words of a language that translate alike

PART = 0.6  # share of a longer Chinese word that a shorter one must be to mean much the same
SLIP = 0.82  # share of letters that a misspelt word has in common with the right one

ROOT = 0.5  # an English word of which the Chinese text has only the root: 损 of lose, in 亏损
SYLLABLE = 3  # letters; a name of no more is not told by how it is read

ABBREVIATED = 0.8  # a word whose characters stand in order, others between them

_SUBJECT_GOES_ON = re.compile(
    r"^(?:它|其|该|这[家个些一]|公司|同一|同期|此外|另外)"
    r"|^(?:it|its|they|their|this|that|these|the (?:company|group|firm|business|segment))\b",
    re.IGNORECASE,
)

_PART = r"[A-Z][A-Za-z0-9]*(?:[&.\-][A-Za-z0-9]+)*|[a-z]+[A-Z0-9][A-Za-z0-9\-]*"

_NAME = re.compile(rf"(?<![A-Za-z0-9])(?:{_PART})(?:\s+(?:&\s+)?(?:{_PART}))*")

_LATIN = re.compile(r"[a-z0-9]+(?:[&.\-][a-z0-9]+)*")

_TOKEN = re.compile(r"[a-z0-9]+(?:['’&.\-][a-z0-9]+)*|[\u3400-\u4dbf\u4e00-\u9fff]+")

_LABEL = re.compile(r"([^:：|]{1,60}): \S")
_FIGURE = re.compile(r"(?!(?:19|20)\d\d\b(?!,))[+−–~<>≈约近-]?\s?(?:RMB|US|HK)?\s?[$€£¥]?\d")

_SMALL_WORD = re.compile(r"(?<![\w.&-])[a-z]{3,}(?![\w.&-])")
_WRITTEN_OUT = {"avg": "average", "yr": "year", "yrs": "years", "qtr": "quarter", "govt": "government"}
_SHORTHAND = re.compile(rf"(?<![\w.&-])(?:{'|'.join(_WRITTEN_OUT)})(?![\w&-])\.?(?=\s|[?？,]|$)", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s\b")
_LONGEST_NAME = 8  # characters of a Chinese name
_OF_A_DATE = re.compile(r"(?<=\d)[年月日](?=[\u4e00-\u9fff])")  # what follows it begins a word: 2024年真姬菇

# "A box", "how many rooms": the way of counting, not what is asked about.
_COUNTING = re.compile(r"[一几每两][家箱间名位辆艘座款种项张片块吨瓦度晚夜股份杯件斤升台架班次趟包瓶盒桶盘顿]")

_BACK = 8  # sentences that a subject is carried over
_TAIL = "了是有的和与及会"  # what segmentation sometimes leaves at the end of a word

# A question for a cause, and what a sentence gives one by.
WHY = re.compile(
    r"为什么|為什麼|为何|為何|缘何|何以|何故|为啥|凭什么|原因|怎么(?:会|没|这么|那么)|怎麼(?:會|沒|這麼|那麼)|出了什么"
    r"|怎么[^，。？样]{1,8}(?:这么|那么|如此)|归因|归咎|\bwhy\b|\breason|\bhow come\b|\battribut\w+"
    r"|\bwhat (?:drove|caused|explain\w*|led to|(?:was|is|lay) behind|went wrong|got in the way)\b",
    re.IGNORECASE,
)
WHOM = re.compile(r"谁|誰|哪[里裡儿位家]|何处|什么地方|\b(?:who|whom|whose|where)\b", re.IGNORECASE)
"""A question for somebody, or for a place."""
CAUSE = re.compile(
    r"因为|因此|所以|由于|原因|使得|使(?![用命馆])|(?<![转出割谦])让|导致|目的|为了|以便|旨在|从而|想要|归因于|归咎于|在于"
    r"|\bbecause\b|\bdue to\b|\bsince\b|\bas a result\b"
    r"|\bwhich (?:gives|lifts|makes)\b"
    r"|\bin order to\b|\btherefore\b|\bmakes? it\b|\bso that\b|\bowing to\b|\bblam\w+|\battributed? to\b|\breason",
    re.IGNORECASE,
)

PRONOUN = re.compile(r"(?:它|其|他|她)(?!他)|(?:It|Its|He|She|His|Her|They|Their)\b")
"""What a sentence begins with that goes on about whom the one before named."""

LEGAL = frozenset("corp inc ltd co plc llc group holdings ag sa nv gmbh company corporation".split())

# What a question says about itself rather than about its subject. Comparing and reckoning words stand here as well:
# what is compared must be met, that it is compared need not.
SCAFFOLDING = frozenset(
    """
    多少 什么 哪 哪个 哪家 哪些 哪里 哪一年 哪年 哪几 几 几个 几倍 谁 怎么 怎样 如何 为什么 为何 是否 请问 告诉 介绍
    说明 解释 一下 情况 具体 主要 目前 现在 当前 大概 大约 约 到底 究竟 根据 按照 文档 报告 资料 文章 提到 说法 认为
    表示 分别 各 各自 多大 多高 多快 达到 进行 出现 存在 属于 方面 问题 原因 因为 所以 可以 能够 需要 应该 已经 仍然
    还是 这么 那么 那个 这样 那样 对 吗 呢 得 一个 钱 数字 比较 相比 时候 何时 会 能 要 可 已 将 被 让 后 前 里 内
    外 按 靠 说 称 比 占 多 高 大 小 低 少 全 单 做 用 有 收 花 啥 呀 啊 一天 美元 欧元 亿美元 亿元 万元 元 人民币
    百分之 百分之几 百分点 比例 占比 百分比 倍 加 加起来 起来 合计 总共 一共 共计 相差 差距 差 多出 高出 超过 以外
    其余 最高 最低 最快 最慢 最大 最小 更高 更快 更大 更多 更慢 更低 更少 更 较 既然 排名 排 第一 第二 第三 领先
    现任 哪位 之前 名字 叫 手上 手里 除 除了 remind tell wondering
    三家 三大 四个 两家 两个 这家 那家 哪几个 分成 tell give show say said says explain describe according report
    document text please number figure amount many kind sort roughly about approximately exactly currently now mean
    main mainly reason because get got make made take compare compared versus vs long big large larger largest high
    higher highest low lower lowest fast faster fastest slow slower slowest far percentage percent point points
    proportion fraction part per day month above below over under more less than most least combined together sum
    times difference rank ranking each come came keep does mostly really actually like so mention include rate rates
    gap dollar dollars euro euros yuan money dough am known name named formerly previously
    """.split()
)

GENERIC = frozenset(
    """
    公司 企业 业务 环节 行业 市场 产品 项目 部门 领域 厂商 服务商 全年 当年 今年 季度 单季 当季 本季度 年度 期间
    同期 来自 整年 一整年 company companies firm business segment industry market product year quarter quarterly annual
    period use have
    """.split()
)

# Words of change: one is met by any other. Their direction is another matter (see `grounding`).
CHANGE = frozenset(
    """
    增长 增加 增速 增幅 上升 提高 上涨 涨幅 涨 增 升 翻 下降 下滑 减少 下跌 降低 跌 降 跌幅 同比 环比 变化 grow
    growing grew growth rise rose rising risen increase increased up climb climbed gain gained jump jumped surge
    surged fall fell fallen drop dropped decline declined decrease decreased down change changed
    """.split()
)

_BASE = re.compile(
    r"(?:比|较|[高低多少大小快慢长短]于|超过|不[及如])(?:了)?$"
    r"|\b(?:than|compared (?:with|to)|against|versus|(?:up|down) (?:on|from))(?: (?:in|that of|those of))? $",
    re.IGNORECASE,
)
_UP = re.compile(
    r"增长|增加|上升|提高|上涨|攀升|翻|扩大|延长|拉长"
    r"|\b(?:up|rose|risen|rise|grew|grow(?:th|s|n)?|increas\w+|climb\w*|gain\w*|jump\w*|surg\w+|doubl\w+|lengthen\w*"
    r"|widen\w*)\b",
    re.IGNORECASE,
)
_DOWN = re.compile(
    r"下降|下滑|减少|下跌|降低|缩减|萎缩|缩短|缩小|收窄"
    r"|\b(?:down|fell|fallen|falls?|drop\w*|declin\w+|decreas\w+|shr[aiu]nk\w*|slump\w*|shorten\w*|narrow(?:ed|s|ing))\b",
    re.IGNORECASE,
)
_ABOUT = r"(?:约|近|超过|大约|about|nearly|over|almost|roughly|more than)?\s*$"
_THEN = r"(?:(?:\d{4}年(?:[底末初]|\d{1,2}月)?|[上去前]一?年(?:同期)?)的)?"
_ROLES = (
    ("from", re.compile(rf"(?:从|由|自|\bfrom){_THEN}\s*{_ABOUT}", re.IGNORECASE)),
    ("to", re.compile(rf"(?:到|至|\bto){_THEN}\s*{_ABOUT}", re.IGNORECASE)),
    ("by", re.compile(rf"(?:了|\bby)\s*{_ABOUT}", re.IGNORECASE)),
)

_LIGHT = 0.4  # weight of such a word


def known(word: str, text: str, aliases: Aliases) -> float:
    """How fully a text holds a word, or one of its other names."""
    met = meets(word, text)
    if met >= MISSING or word not in aliases:
        return met
    return float(any(other in fold(text) for other in aliases[word])) or met


@cache
@lru_cache(maxsize=50_000)
@lru_cache(maxsize=4_000)
def meets(word: str, text: str) -> float:
    """How fully a text holds a word: itself, its translation, a word that translates alike, or one misspelt."""
    folded, held = _held(text)
    if word in CHANGE:
        return float(any(change in (folded if HAN.search(change) else held) for change in _change_stems()))
    if word in held or (HAN.search(word) and len(word) > 1 and word in folded):
        return 1.0
    best = max((strength for other, strength in translations(word).items() if _holds(folded, held, other)), default=0.0)
    if best < MISSING and not HAN.search(word):
        roots = (other for other, strength in translations(word).items() if len(other) == 1 and strength == 1.0)
        best = max(best, ROOT * any(root in folded for root in roots))
    best = max(best, ABBREVIATED * _holds_in_order(word, folded))
    return max(best, max((_alike(word, other) for other in held), default=0.0))


@cache
def _change_stems() -> frozenset[str]:
    return frozenset(CHANGE | {stem(word) for word in CHANGE if not HAN.search(word)} | {"up", "down"})


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
        short, long = sorted((a, b), key=len)
        part = len(short) > 1 and short in long and len(short) >= PART * len(long) and not strange(long)
        return max(meaning, 0.9 if part else 0.0)
    return max(meaning, 0.9 if _same_but_for_a_slip(a, b) else 0.0)


def _same_but_for_a_slip(a: str, b: str) -> bool:
    if re.findall(r"\d+", a) != re.findall(r"\d+", b):
        return False  # MI3000 is no slip for MI300
    if min(len(a), len(b)) < 5 or abs(len(a) - len(b)) > 2 or not (a + b).isascii():
        return False
    return SequenceMatcher(None, a, b, autojunk=False).ratio() >= SLIP


@lru_cache(maxsize=4_000)
def _held(text: str) -> tuple[str, frozenset[str]]:
    return fold(text), frozenset(words(text))


def weight(word: str) -> float:
    return _LIGHT if word in GENERIC or word in CHANGE or (HAN.search(word) and len(word) == 1) else 1.0


def critical(word: str) -> bool:
    return weight(word) == 1.0


def units(question: str, evidence: str) -> list[str]:
    """The words of a question; single characters join their neighbours where the evidence has them so."""
    found: list[str] = []
    english = detect(question) == "en"
    text = _OF_A_DATE.sub(r"\g<0> ", _POSSESSIVE.sub("", fold(question)))
    for token in _TOKEN.findall(_COUNTING.sub(" ", text)):
        if HAN.match(token):
            found += [token] if english and len(token) <= _LONGEST_NAME else _joined(token, evidence)
        elif token not in LEGAL and token not in SCAFFOLDING and stem(token) not in _scaffolding_stems():
            found += [token if token in CHANGE or token in GENERIC else stem_ for stem_ in words(token)]
    return list(dict.fromkeys(found))


def _joined(text: str, evidence: str) -> list[str]:
    import rjieba

    units: list[str] = []
    open_end = False  # whether the last unit may still grow
    for word in _words_of_strays(rjieba.cut(text, hmm=False)):
        word = word.rstrip(_TAIL) or word
        if word in CHINESE_FUNCTION_WORDS or word in SCAFFOLDING:
            open_end = False
            continue
        joined = units[-1] + word if open_end else ""
        if open_end and _belong_together(units[-1], word, joined in evidence):
            units[-1] = joined
        else:
            units.append(word)
        open_end = word not in GENERIC and word not in CHANGE
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
    """Whether two neighbours make one name: the evidence has it so, or one of them is no word by itself."""
    if word in GENERIC or word in CHANGE:
        return False
    if min(len(unit), len(word)) == 1 and in_evidence:
        return True
    if in_evidence and not translations(unit) and len(unit + word) <= _LONGEST_NAME:
        return True  # a name goes on as far as the evidence has it so
    return len(unit + word) <= 4 and ((len(unit) == 1 and not translations(word)) or (len(word) == 1 and _loose(unit)))


def _loose(unit: str) -> bool:
    """Whether a unit is made of characters that are no word together."""
    return len(unit) == 1 or not translations(unit)


def straightened(question: str) -> str:
    """The question with its shorthand written out, and its small words put right: "avg", "how mcuh"."""
    written = _SHORTHAND.sub(lambda word: _WRITTEN_OUT[word[0].rstrip(".").lower()], question)
    return _SMALL_WORD.sub(lambda word: _unswapped(word[0]), written)


def _unswapped(word: str) -> str:
    known = ENGLISH_FUNCTION_WORDS | SCAFFOLDING
    if word in known or translations(stem(word)):
        return word
    swapped = {f"{word[:at]}{word[at + 1]}{word[at]}{word[at + 2 :]}" for at in range(len(word) - 1)} & known
    return swapped.pop() if len(swapped) == 1 else word  # "hwo" may be how or who


def names(question: str) -> list[tuple[str, ...]]:
    """Names in Latin letters, each as its words; a capital that only begins an English sentence makes none."""
    found = []
    for match in _NAME.finditer(question):
        parts = [part for part in re.split(r"\s+(?:&\s+)?", re.sub(r"['’]s\b", "", match.group())) if part]
        if match.start() == 0 and parts[0].istitle() and detect(question) == "en":
            parts = parts[1:]
        while parts and (parts[0].lower() in ENGLISH_FUNCTION_WORDS or parts[0].lower() in SCAFFOLDING):
            parts = parts[1:]
        if parts:
            found.append(tuple(parts))
    return found


def holds_name(name: tuple[str, ...], text: str, aliases: Aliases = MappingProxyType({})) -> bool:
    """Whether a text holds all parts of a name, or their translations; a slip of the pen is forgiven.

    A translation of one character is none: 元 for meta.
    """
    folded = fold(text)
    held = latin_words(folded)
    return all(
        part in held
        or part.removesuffix("s") in held
        or f"{part}s" in held
        or any(other in folded for other in map(_land, translations(stem(part))) if HAN.match(other) and len(other) > 1)
        or any(_same_but_for_a_slip(part, word) for word in held)
        or any(other in folded for word in words(part) for other in aliases.get(word, ()))
        for part in map(fold, name)
    )


def _land(word: str) -> str:
    """The land of a people or its tongue, 西班牙 of 西班牙文: "Spanish" is said of both; any other word as it is."""
    return word[:-1] if len(word) > 2 and word[-1] in "人文语" else word


def is_called(name: tuple[str, ...], text: str, aliases: Aliases = MappingProxyType({})) -> bool:
    """Whether a text has a name, is read like it, or means it, part by part: 谷歌云 Google Cloud, 云汐港 Yunxi Port."""
    unknown = [part for part in name if not holds_name((part,), text, aliases)]
    if not unknown or transliterates(" ".join(unknown), text):
        return True
    rest = [part for part in unknown if len(part) <= SYLLABLE or not transliterates(part, text)]
    met = [known(stem(part), text, aliases) >= MISSING for part in rest]
    return len(rest) < len(name) and all(met)


@lru_cache(maxsize=4_000)
def latin_words(folded: str) -> frozenset[str]:
    return frozenset(_LATIN.findall(folded))


def whole(passage: Passage) -> str:
    return f"{passage.title}\n{passage.segment}\n{passage.text}"


def setting(passage: Passage, sentence: Sentence) -> str:
    """What a sentence is said under: headings, its table's header, and the sentence that names its subject."""
    parts = [passage.segment]
    before = passage.text[: sentence.start - passage.start].rstrip()
    if " | " in (own := without_sources(sentence.text)):
        parts.append(table_header(passage, own))
    elif _SUBJECT_GOES_ON.search(sentence.text):
        parts.append(re.split(r"(?<=[。！？!?])|(?<=[.])\s", before)[-1] if before else "")
    return " ".join(parts)


def paragraph(passage: Passage, sentence: Sentence) -> str:
    """The paragraph that a sentence stands in, as far as the passage holds it; of a table, the row alone."""
    own = without_sources(sentence.text)
    if " | " in own:
        return own
    at = sentence.start - passage.start
    end = passage.text.find("\n\n", at)
    return passage.text[passage.text.rfind("\n\n", 0, at) + 1 : end if end >= 0 else None]


def carried(passage: Passage, sentence: Sentence) -> str:
    """The sentence before, whose subject a sentence without a name of its own goes on about; else nothing."""
    return "" if name_like(without_sources(sentence.text)) else last_named(passage, sentence)


def last_named(passage: Passage, sentence: Sentence) -> str:
    """The nearest of the sentences before that names somebody; else nothing."""
    before = without_sources(passage.text[: sentence.start - passage.start]).rstrip()
    for earlier in reversed(re.split(r"(?<=[。！？!?])|(?<=[.])\s|\n+", before)[-_BACK:]):
        if name_like(earlier):
            return earlier
    return ""


@cache
def _scaffolding_stems() -> frozenset[str]:
    return frozenset(stem(word) for word in SCAFFOLDING if not HAN.search(word))


@lru_cache(maxsize=4_000)
def name_like(text: str) -> tuple[str, ...]:
    """Names in a text: those in Latin letters, and Chinese words that no dictionary has."""
    found = [" ".join(name) for name in names(text)]
    return tuple(found + [unit for unit in units(text, "") if strange(unit)])


@lru_cache(maxsize=4_000)
def burden(word: str) -> float:
    """How much hangs on a word: a thing, or a word of English, 1; a Chinese verb, measure or adverb half as much."""
    if not HAN.match(word):
        return 1.0
    import rjieba

    tags = [tag for _, tag in rjieba.tag(word)]
    return 1.0 if any(tag.startswith(("n", "vn", "eng", "j", "x")) for tag in tags) else 0.5


def strange(word: str) -> bool:
    """Whether a Chinese word is in no dictionary, as names are not."""
    return (
        len(word) > 1
        and bool(HAN.match(word))
        and not translations(word)
        and word not in GENERIC
        and word not in CHANGE
    )


def place(row: Supporting) -> tuple[str, int]:
    """Where a sentence stands, whichever passage it was found in: its document, and its offset there."""
    return row[0].document, row[1].start


def following(row: Supporting) -> Supporting | None:
    """The sentence that comes next in the passage."""
    passage, sentence = row
    rest = passage.text[sentence.end - passage.start :]
    after = next(iter(sentences(rest)), None)
    if not after:
        return None
    start, end = (sentence.end + offset for offset in after)
    return passage, Sentence(rest[slice(*after)], start, end, sentence.score)


def table_header(passage: Passage, row: str) -> str:
    """The first row of the table that a row stands in; '' where the passage does not hold it.

    Of a row whose cells each carry their heading, as those of CSV files do, the headings.
    """
    if labels := _labels(row):
        return " | ".join(labels)
    lines, columns = passage.text.split("\n\n"), row.count(" | ")
    at = lines.index(row) if row in lines else len(lines)
    while at and lines[at - 1].count(" | ") == columns:
        at -= 1
    first = next((line for line in lines[at:] if line.count(" | ") == columns), "")
    return "" if _is_data(first) else first


def cells(row: str) -> list[str]:
    """The cells of a table's row, without the headings that they may carry."""
    labels = _labels(row)
    parts = row.split(" | ")
    return [part[len(label) + 2 :] for part, label in zip(parts, labels, strict=True)] if labels else parts


def _labels(row: str) -> list[str]:
    """The headings that all cells of a row carry, "Share: 31%"; else none."""
    found = [_LABEL.match(cell) for cell in row.split(" | ")]
    return [match[1] for match in found if match] if all(found) and len(found) > 1 else []


def _is_data(row: str) -> bool:
    """Whether most cells after the first are figures, which headings are not; a year may head a column."""
    rest = row.split(" | ")[1:]
    return 2 * sum(bool(_FIGURE.match(cell)) for cell in rest) > len(rest)


def subject(own: str, passage: Passage, sentence: Sentence) -> str:
    """What a sentence says, with what tells whom it is about: its setting, its title, the subject carried over."""
    return f"{own} {setting(passage, sentence)} {passage.title} {carried(passage, sentence)}"


def direction(text: str) -> int:
    """1 where a text says that something rose, -1 where it says that something fell, 0 where neither or both."""
    return bool(_UP.search(text)) - bool(_DOWN.search(text))


def wording(figure: Figure) -> bool:
    """Small counts and firsts are often mere wording: 'one of the two'."""
    return figure.unit in ("count", "rank") and figure.value < 10


def amounts(text: str) -> list[Figure]:
    """The figures of a text other than times, ranks and mere wording."""
    return [f for f in figures.read(text) if f.unit not in ("year", "period", "rank") and not wording(f)]


def is_base(figure: Figure, text: str) -> bool:
    """Whether a figure is what another is set against: the year of "lower than in 2019", 低于2019年的78%."""
    return bool(_BASE.search(simplify(text[: figure.span[0]])))


def part_of(text: str, figure: Figure, marks: re.Pattern[str]) -> slice:
    """Where the part of a text that a figure stands in, between two such marks, begins and ends."""
    start = max((match.end() for match in marks.finditer(text, 0, figure.span[0])), default=0)
    after = marks.search(text, figure.span[1])
    return slice(start, after.start() if after else len(text))


def role(figure: Figure, text: str) -> str | None:
    """'from', 'to' or 'by', where the word before a figure says so."""
    before = simplify(text[: figure.span[0]])
    return next((role for role, pattern in _ROLES if pattern.search(before)), None)


def spelt_out(passage: Passage, row: str) -> str:
    """A table's row with each cell under its heading, "Maker: Orla; Share: 31%", for a reader without the table."""
    heads, held = table_header(passage, row).split(" | "), cells(row)
    if len(heads) != len(held) or heads == held:
        return row
    return "; ".join(f"{head}: {cell}" for head, cell in zip(heads, held, strict=True))
