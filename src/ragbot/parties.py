"""Whose a figure is: the nearest name before it, else the subject that its sentence goes on about, else its heading."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from ragbot.aliases import bracketed
from ragbot.dictionary import is_listed, translations
from ragbot.figures.vocabulary import ENGLISH_NUMBERS, MONTHS, UNITS
from ragbot.language import ENGLISH_FUNCTION_WORDS, HAN, detect, sentences, simplify, stem
from ragbot.matching import GENERIC, strange, units
from ragbot.matching import cells as row_cells
from ragbot.quantities import measure
from ragbot.schema import Passage, Sentence
from ragbot.segments import without_sources

_PART = r"[A-Z][A-Za-z0-9]*(?:[&.\-][A-Za-z0-9]+)*|[a-z]{1,3}[A-Z][A-Za-z0-9\-]*"
_LATIN = re.compile(rf"(?<![A-Za-z0-9$€£])(?:{_PART})(?:(?:\s&\s|\s|['’]s\s)(?:{_PART}))*")
_APPOSED = r"the|an?|one of|which|who|whose|with|[a-z]+ed (?:in|by|on|at)|[A-Z][\w&\-]*['’]s"
_APPOSITION = re.compile(
    rf"(?<=[A-Za-z0-9]), (?:{_APPOSED})\s[^.;:]{{1,60}}?(?=,)|(?<=\w)\s?[（(][^（）()]{{1,60}}[)）]"
)
_HAN_RUN = re.compile(r"[\u4e00-\u9fff·]{2,}")
_CLAUSE_HEAD = re.compile(r"(?:^|[，；：。！？、“（\s])(?=[\u4e00-\u9fff])")
_SHORT = 2  # characters that a Chinese name of twice as many or more is cut to
# Capitals that name no party: what things, roles and languages are called for short, one kind a line.
_ABBREVIATIONS = """
    ai gpu gpus cpu cpus llm llms lfp it roi api ipo esg kpi saas pc tv ev evs
    ceo cfo cto coo vp
    usd rmb cny eur gbp teu gwh mwh kwh
    english chinese european american fiscal
"""
_MONTHS = [name.lower() for _, name in MONTHS.values()]
_COMMON = frozenset([*_ABBREVIATIONS.split(), *_MONTHS, *(name[:3] for name in _MONTHS)])
_TELLING_TAGS = ("nr", "ns", "nt", "nz", "nrt", "eng")
_NOUN_TAGS = ("n", "a", "j", "zg", "x", "eng", "b", "ng", "g")
_NEVER = re.compile(
    r"^(?:本|该|其|它|这|那|全|每|约|近|同|首|单|公司|行业|市场|如果|虽然|因为|由于|关于|除了|目前|调查)"
)
_LONGEST = 12  # characters of a name
_BACK = 3  # paragraphs that a topic is carried over
_CAPITAL_WITHIN = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+")
_FORECASTS = re.compile(r"\s(?:predict|forecast|estimate)s?\b|预测|預測|估计|估計")
_GOES_ON = re.compile(
    r"(?:it|its|they|their|this|that|these|he|she|revenue|together"
    r"|the (?:company|group|firm|business|chain|house|loss|two))\b"
    r"|(?:它|其|该|这|公司|同一|同期|此外|另外)",
    re.IGNORECASE,
)
_NEW_TOPIC = re.compile(r"[\u4e00-\u9fff]{1,8}(?:没有|都|从|由|将)")
_JOINTS = frozenset("for to of and in on".split())
_BESIDE = re.compile(r"([\u4e00-\u9fff·]{2,12})\s?[（(]([A-Z][^（）()]{1,40})[)）]")
_BRACKETED = re.compile(r"([A-Z][A-Za-z0-9 .&\-]{1,40})\s?[（(]([\u4e00-\u9fff·]{2,10})[)）]")
_ORGANISATION = re.compile(r"(?:公司|集团|银行|大学|协会|研究院|交易所|航空|药业|制药|科技|港|厂|局|部)$")
_COUNTS = re.compile(r"[率力量额费价数值金案]$")
_ENDS = frozenset(
    "全年 规模 合同 管理层 业绩 总部 季度 上半年 下半年 平均 三家 其中 全球 计划 预计 业务 中断 上市".split()
)


Known = frozenset[str]
"""What a document shows to be names. In Han characters: by a heading, a table's first column, a bracket. In Latin
letters, lower case: by a capital within a sentence."""


def known_names(text: str, segments: Iterable[str]) -> Known:
    """The names that a document's headings, tables, brackets and capitals show."""
    cells = [row_cells(line)[0] for line in text.split("\n\n") if " | " in line]
    beside = [han for han, _ in _BESIDE.findall(text)]
    headings = [part for segment in segments for part in segment.split(" > ")]
    found = {each for each in (*cells, *beside) if 2 <= len(each) <= _LONGEST}
    found |= {each for each in headings if len(each) <= _LONGEST and any(map(strange, _tokens(each)))}
    found |= {latin_han for _, latin_han in _BRACKETED.findall(text)}
    han = {each for each in found if _HAN_RUN.fullmatch(each) and each not in GENERIC and not measure(each)}
    return frozenset(han | {word.lower() for word in _CAPITAL_WITHIN.findall(text)})


def shared(question: str, passages: Sequence[Passage]) -> tuple[str, ...]:
    """The names in Han characters, Simplified, that a question and some passages have in common; the longest only.

    A name of the passages may be cut short in the question.
    """
    texts = [simplify(without_sources(passage.text)) for passage in passages]
    segments = {simplify(passage.segment) for passage in passages}
    known = known_names("\n\n".join(texts), segments)
    said, asked = "\n".join((*texts, *segments)), simplify(question)
    parts = [asked, *(text[start:end] for text in texts for start, end in sentences(text))]
    found = {part[slice(*span)] for part in parts for span in names(part, known)}
    found |= known | {name for name in bracketed(said) if not is_listed(name)}
    found |= set(map(short, found))
    held = [name for name in found if HAN.match(name) and name in asked and name in said]
    return tuple(sorted(name for name in held if not any(name != other and name in other for other in held)))


def short(name: str) -> str:
    """What a longer Chinese name is cut to, 析光 of 析光光学, unless that is a common word."""
    first = name[:_SHORT]
    return first if len(name) >= 2 * _SHORT and strange(first) else name


@lru_cache(maxsize=20_000)
def names(text: str, known: Known = frozenset()) -> tuple[tuple[int, int], ...]:
    """Spans of what looks like a name in a sentence or heading, in order.

    An apposition to a name is passed over, and so is who only forecasts: the figure is not theirs.
    """
    shown = _APPOSITION.sub(lambda match: " " * len(match.group()), text)
    found = sorted((*_latin(shown, known), *_han(shown, known)))
    return tuple(span for span in found if not _FORECASTS.match(text, span[1]))


def party(text: str, start: int, known: Known) -> str:
    """The nearest name before a place in a sentence, or ''."""
    before = [span for span in names(text, known) if span[1] <= start]
    return _said(text, before[-1]) if before else ""


def is_common(name: Iterable[str]) -> bool:
    """Whether no word of what is written with capitals names anybody: Chinese, August, CEO."""
    return all(part.lower() in _COMMON for part in name)


def subject(text: str, known: Known) -> str:
    """The first name of a sentence, which the sentences after it go on about, or ''."""
    found = names(text, known)
    return _said(text, found[0]) if found else ""


@lru_cache(maxsize=4_000)
def topic(passage: Passage, sentence: Sentence) -> str:
    """The sentence that opens the paragraph of another, or the nearest before it, if it names somebody.

    That is whom a paragraph is about, though its last sentences name others. Nothing for a table's row.
    """
    if " | " in sentence.text:
        return ""
    before = passage.text[: sentence.end - passage.start]
    for text in reversed(before.split("\n\n")[-_BACK:]):
        first = next(iter(sentences(text)), (0, 0))
        opening = without_sources(text[slice(*first)])
        if names(opening) or any(map(strange, units(opening, ""))):
            return opening
    return ""


@lru_cache(maxsize=4_000)
def heads(segment: str) -> str:
    """The name that a passage's own heading is, 宁梭医洁（Ningsuo MediLinen）; '' where that is of common words."""
    last = segment.rpartition(" > ")[2]
    spans = [last[slice(*span)] for span in names(last, known_names("", [last]))]
    latin = [name for name in spans if not HAN.search(name)]
    strange_ones = [name for name in latin if not all(translations(stem(word.lower())) for word in name.split())]
    return next(iter(strange_ones + [name for name in spans if HAN.search(name) and not is_listed(name)]), "")


def goes_on(text: str) -> bool:
    """Whether a sentence leaves its subject to the one before: by a pronoun, or in Chinese by none at all."""
    return bool(_GOES_ON.match(text)) or (detect(text) == "zh" and not _NEW_TOPIC.match(text))


def _said(text: str, span: tuple[int, int]) -> str:
    return re.sub(r"\s+", " ", text[slice(*span)]).strip()


def _latin(text: str, known: Known) -> Iterator[tuple[int, int]]:
    for match in _LATIN.finditer(text):
        words = [(part.start() + match.start(), part.group()) for part in re.finditer(r"[^\s&]+", match.group())]
        if text[match.end() : match.end() + 1] in (":", "："):
            words = []  # a label
        alone = len(words) == 1
        while words and _no_name(words[0][1], alone and _begins(text, words[0][0]), known):
            words.pop(0)
        while words and _bare(words[-1][1]) in _COMMON:
            words.pop()
        if words:
            start, last = words[0][0], words[-1]
            yield start, last[0] + len(re.sub(r"['’]s$", "", last[1]))


def _bare(word: str) -> str:
    return re.sub(r"['’]s$", "", word).lower()


def _begins(text: str, start: int) -> bool:
    return not text[:start].strip() or text[:start].rstrip()[-1:] in '.:;!?"“”'


def _no_name(word: str, begins: bool, known: Known) -> bool:
    """Whether a capital makes no name of a word: grammar, units, periods, and common words that begin a sentence."""
    bare = _bare(word)
    if bare in ENGLISH_FUNCTION_WORDS or bare in ENGLISH_NUMBERS or bare in _COMMON or bare in UNITS or len(bare) == 1:
        return True
    if re.fullmatch(r"(?:Q|H|FY|CAGR)\d*|[A-Za-z]{1,2}h|[kMGT]W", word):
        return True
    if not begins or bare in known or not word[1:].islower():
        return False
    return all(translations(stem(part)) for part in bare.split("-") if part not in _JOINTS)


def _han(text: str, known: Known) -> Iterator[tuple[int, int]]:
    for head in _CLAUSE_HEAD.finditer(text):
        run = _HAN_RUN.match(text, head.end())
        if run and (length := _name_length(run.group(), known)):
            yield head.end(), head.end() + length


@lru_cache(maxsize=20_000)
def _name_length(run: str, known: Known) -> int:
    """How many characters at the beginning of a run of Han characters are a name; 0 if none are."""
    listed = max((len(name) for name in known if run.startswith(name)), default=0)
    if listed or _NEVER.match(run):
        return listed + (2 if listed and run[listed : listed + 2] == "公司" else 0)
    length, telling = 0, False
    for word, tag in _tagged(run):
        if not tag.startswith(_NOUN_TAGS) or length + len(word) > _LONGEST or measure(word) or word in _ENDS:
            break
        telling = telling or tag in _TELLING_TAGS
        length += len(word)
    named = telling or bool(_ORGANISATION.search(run[:length]) and any(map(strange, _tokens(run[:length]))))
    return length if named and length > 1 and not _COUNTS.search(run[:length]) and not measure(run[:length]) else 0


def _tagged(run: str) -> list[tuple[str, str]]:
    """Words and their parts of speech, of the Simplified form; the run must keep its length."""
    import rjieba

    plain = simplify(run)
    tagged: list[tuple[str, str]] = rjieba.tag(plain if len(plain) == len(run) else run)
    return tagged


def _tokens(text: str) -> list[str]:
    return [word for word, _ in _tagged(text)]
