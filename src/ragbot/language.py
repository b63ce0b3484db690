"""Two languages in one text: which one it is, where its sentences end, and which words search should see."""

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

from ragbot.schema import Language

HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_LATIN_WORD = re.compile(r"[A-Za-z][A-Za-z'’.\-]*")
_TOKEN = re.compile(
    r"(?:[a-z]\.){2,}|\d+(?:[.,]\d+)*[a-z]*|[a-z][a-z0-9]*(?:['&\-][a-z0-9]+)*|[\u3400-\u4dbf\u4e00-\u9fff]+"
)
_HAN_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]{2,}")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_YEAR = re.compile(r"\d{4}")
_MARKS = re.compile(r"(?<=[a-z])[\u0300-\u036f]+")

# Words that only a sentence of the language itself would hold; names are no evidence of a language.
ENGLISH_FUNCTION_WORDS = frozenset(
    """
    a an and are as at be been but by can could did do does for from had has have how i if in into is it
    its me many more most much my no not of on or our s she he should so than that the their them then
    there these they this those to us was we were what when where which who whose why will with would you
    your about
    """.split()
)
CHINESE_FUNCTION_WORDS = frozenset(
    """
    的 了 和 与 及 或 是 在 对 为 以 把 被 从 到 由 向 于 而 并 也 都 就 还 又 很 吗 呢 吧 啊 什么 怎么
    怎样 如何 多少 几 哪 哪个 哪些 谁 这 那 这个 那个 它 他 她 它们 他们 我 我们 你 你们 有 请 请问 一下
    以及 其 之 等 中 上 下 个 是否 为何
    """.split()
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|sr|jr|st|vs|etc|inc|corp|co|ltd|llc|plc|no|nos|fig|figs|eq|sec|vol|pp|ed|eds|approx|est|"
    r"dept|univ|gen|gov|sen|rep|rev|hon|capt|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec|e\.g|i\.e|cf|al|a\.m|p\.m)"
    r"|(?:\b[A-Za-z]\.)*\b[A-Za-z])$",
    re.IGNORECASE,
)
_ITEM = re.compile(r"[ \t]*\d{1,3}")  # the number of a list's item
_thread = threading.local()
_ASIDE = 200  # characters; a longer bracket is text of its own, or was never closed
_CLOSERS = "”’\"'」』）)】］\\]"
_STOP = re.compile(rf"[。！？!?…]+[{_CLOSERS}]*|\.+[{_CLOSERS}]*(?=\s|$|[\u3400-\u9fff])|\n\s*\n")


def detect(text: str) -> Language:
    """'zh' when the text's own words are Chinese, whatever names it holds; 'en' otherwise."""
    han = len(HAN.findall(text))
    latin = [word.lower() for word in _LATIN_WORD.findall(text)]
    if not han:
        return "en"
    english = sum(word in ENGLISH_FUNCTION_WORDS for word in latin)
    if not english:
        return "zh"
    return "zh" if han >= 2 * len(latin) else "en"


def sentences(text: str) -> list[tuple[int, int]]:
    """Spans [start, end) of the sentences of `text`, in order; all that lies between them is white space."""
    inside = {position for start, end in brackets(text) if end - start <= _ASIDE for position in range(start, end)}
    cuts = [
        match.end() for match in _STOP.finditer(text) if match.start() not in inside and _ends_sentence(text, match)
    ]
    spans = []
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        piece = text[start:end]
        if piece.strip():
            spans.append((start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())))
    return spans


def brackets(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the outermost round brackets, half and full width alike."""
    depth, start = 0, 0
    for position, character in enumerate(text):
        if character in "(（":
            start = position if depth == 0 else start
            depth += 1
        elif character in ")）" and depth:
            depth -= 1
            if depth == 0:
                yield start, position + 1


def _ends_sentence(text: str, stop: re.Match[str]) -> bool:
    mark = stop.group()[0]
    following = text[stop.end() :].lstrip()[:1]
    if mark in "!?":
        return stop.end() == len(text) or text[stop.end()].isspace() or bool(HAN.match(text, stop.end()))
    if mark != ".":
        return True
    if _ABBREVIATION.search(text, max(0, stop.start() - 12), stop.start()):
        return not following or (following in "\n" and "\n" in text[stop.end() :][:2])
    return not following.islower() and not _numbers_item(text, stop.start())


def _numbers_item(text: str, stop: int) -> bool:
    """Whether a full stop only parts the number of a list's item from the item."""
    line = text.rfind("\n", 0, stop) + 1
    return bool(_ITEM.fullmatch(text[line:stop])) and text[stop + 1 : stop + 2] in (" ", "\t")


def fold(text: str) -> str:
    """One form for search: half width, Simplified, lower case, Latin letters without accents. Offsets are not kept."""
    folded = simplify(unicodedata.normalize("NFKC", text)).casefold()
    if folded.isascii():
        return folded
    return unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFD", folded)))


def simplify(text: str) -> str:
    """Traditional characters to Simplified; text without Chinese comes back as it is."""
    if not HAN.search(text):
        return text
    result: str = _converter().convert(text)
    return result


def words(text: str) -> list[str]:
    """Words for lexical search, function words left out: Chinese words, English stems, figures and names whole.

    What is written together can also be found by its parts: "FY2018" by 2018, "5G" by 5, "long-term" by term.
    """
    found: list[str] = []
    for token in _TOKEN.findall(fold(text).replace("’", "'")):
        if HAN.match(token):
            found += [word for word in _cut(token) if word not in CHINESE_FUNCTION_WORDS]
        elif token not in ENGLISH_FUNCTION_WORDS:
            found += _latin(token)
    return found


def searchable(text: str) -> list[str]:
    """The words under which a text is to be found: also those inside compounds, and names that were cut in two.

    How a Chinese name is cut depends on what stands around it, so what is searched holds more than what is asked.
    """
    found = words(text)
    for run in _HAN_RUN.findall(fold(text)):
        pieces = _cut(run)
        inner = [word for word in _cut_finely(run) if word not in pieces]
        broken = [a + b for a, b in pairwise(pieces) if 1 in (len(a), len(b)) and not {a, b} & CHINESE_FUNCTION_WORDS]
        found += [word for word in (*inner, *broken) if word not in CHINESE_FUNCTION_WORDS]
    return found


def _latin(token: str) -> list[str]:
    """A figure, a name or an English word, and the parts that it can be known by."""
    if figure := _FIGURE.match(token):
        number = figure.group().replace(",", "")
        return [number] if figure.end() == len(token) else [token.replace(",", ""), number]
    if "." in token:
        return [token.replace(".", "")]
    parts = [part for part in re.split(r"[&\-]", token) if len(part) > 2 and part not in ENGLISH_FUNCTION_WORDS]
    known_by = [stem(part) for part in parts if part != token] + [year for year in _YEAR.findall(token)]
    return [stem(token), *known_by]


def tokens(text: str) -> int:
    """About how many encoder tokens the text takes (multilingual SentencePiece: 0.7 a Han character, 1.4 a word)."""
    han = len(HAN.findall(text))
    return int(0.7 * han + 0.3 * (len(text) - han)) + 1


def _cut(text: str) -> list[str]:
    import rjieba

    result: list[str] = rjieba.cut(text)
    return result


def _cut_finely(text: str) -> list[str]:
    import rjieba

    result: list[str] = rjieba.cut_for_search(text)
    return result


@lru_cache(maxsize=100_000)  # a dictionary's glosses repeat their words ten times over
def stem(word: str) -> str:
    """The stem of an English word in lower case."""
    stemmer = getattr(_thread, "stemmer", None)
    if stemmer is None:  # one a thread: a stemmer keeps the word it is at work on
        import snowballstemmer

        stemmer = _thread.stemmer = snowballstemmer.stemmer("english")
    result: str = stemmer.stemWord(word)
    return result


@cache
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("t2s")
