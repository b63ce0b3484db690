"""Text to figures: find each place where one can begin, read it, share units along lists and ranges, add periods."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from ragbot.figures import amounts, kinds, numerals, periods
from ragbot.figures.surroundings import END, NOTHING, Part, around, nothing
from ragbot.figures.vocabulary import (
    CURRENCY_CODES,
    ENGLISH_MULTIPLES,
    ENGLISH_NUMBERS,
    MONTHS,
    ORDINALS,
    PARTS,
    either,
    plain,
)
from ragbot.schema import Figure

# Where a figure can begin. The first group is text whose digits are none.
_START = re.compile(
    rf"""(?P<skip>\[\d{{1,3}}(?:\s?[,-]\s?\d{{1,3}}){{0,8}}\]            # [1], [2, 3]
        |https?://[^\s\u3000-\u9fff]+
        |(?m:^)[ \t]{{0,8}}\(?\d{{1,3}}(?:[.)](?=\s)|、(?!\d))                  # 1. and 1) and 1、 before a line
        |(?m:^)[ \t]{{0,8}}\d{{1,2}}(?:\.\d{{1,2}}){{1,3}}\.?\s{{1,4}}(?-i:(?=[A-Z]))
        |\d{{1,4}}(?:\.\d{{1,4}}){{2,8}}(?!\d) | \d{{1,2}}:\d\d(?::\d\d)?(?!\d)
        |\d{{1,2}}\s?[ap]\.?m\b | (?<![$€£¥])\(\d{{1,2}}\)(?!\s?[bmt%]) | 24/7 | 7[x×]24
        |\d{{1,3}}0(?:'?s{END}|年代) | (?:\d{{1,2}}|[一二十]{{1,3}})世纪 | \d{{1,2}}(?:st|nd|rd|th)[ -]centur)
    |(?P<digits>\d)
    |(?P<han>(?<!每){numerals.HAN_NUMERAL}+|[上下]半年|前三|翻|双倍|[半过减]半|半数|第|财年)
    |(?P<word>(?<![A-Za-z])(?:
        (?:{either(ENGLISH_NUMBERS)}|{either(ORDINALS)}|{either(ENGLISH_MULTIPLES)}|half|halved|number\sone){END}
        |(?:opening|final)(?=[\s-](?:fiscal\s)?quarter)
        |an?\s(?=hundred|thousand|million|billion|trillion|dozen|{either(PARTS)})
        |Q[1-4]{END}|H[12]{END}|FY|fiscal\s|financial\s|(?-i:{"|".join(name[:3] for _, name in MONTHS.values())})
        |No\.\s?(?=\d)|ranke?[ds]?\s)|\#(?=\d))""",
    re.IGNORECASE | re.VERBOSE,
)

_JOINT = re.compile(
    r"(?P<range>\s?[-~—至到]\s?|\sto\s)|(?P<list>[、和与及或]|\s(?:and|or)\s|,\s?(?:and|or)\s)|(?P<comma>,\s)",
    re.IGNORECASE,
)
_YUAN = "元"
_SENTENCE_END = re.compile(r"[。！？;!?\n]|\.(?=\s)")
_PERIOD_FOLLOWS = re.compile(
    r"[\s,(]{0,2}(?:(?:in|for|during|by|at|from|as of|by the end of|at the end of)\s)?(?:the\s)?", re.IGNORECASE
)
# A figure of the year before: "against 874 million a year earlier", 上年同期为15亿元.
_A_YEAR_EARLIER = re.compile(
    r",?\s(?:(?:in|during)\s)?(?:(?:a|one)\syear\s(?:earlier|ago|before(?!\s[a-z]))"
    r"|the\s(?:year|same\s(?:quarter|half|month|period)\sa\syear|same\s(?:quarter|half|month|period)\sof\sthe\syear)"
    r"\s(?:before|earlier)|the\s(?:previous|prior|preceding)\syear)(?![A-Za-z])",
    re.IGNORECASE,
)
_YEAR_BEFORE = re.compile(
    r"(?:[去上前]一?年(?:度)?同期|(?:上|前一|上一)年(?:度)?)(?:的|[^，。；\d]{0,4}[为是])?[约近]?$"
)
_LONGEST_LEAD = 12  # characters before a figure that say so

_Reader = Callable[[str, int, int], Part | None]
_DIGIT_READERS: tuple[_Reader, ...] = (kinds.period, kinds.fraction_in_digits, kinds.rank, amounts.digits)
_WORD_READERS: tuple[_Reader, ...] = (
    kinds.period,
    kinds.rank,
    kinds.fraction_in_words,
    kinds.multiple,
    amounts.han,
    amounts.words,
)


def read(text: str) -> list[Figure]:
    """The figures of a text in order; `text[slice(*figure.span)] == figure.text`. Time grows linearly with the text."""
    shown = plain(text)
    parts = _share(shown, list(_parts(shown)))
    kept = [part for part in parts if part.unit != NOTHING and not part.weak]
    _same_currency(shown, kept)
    _date(shown, kept)
    return [_figure(text, part) for part in kept]


def _figure(text: str, part: Part) -> Figure:
    span = (part.start, part.end)
    value = part.value.normalize() + 0
    return Figure(text[slice(*span)], value, part.unit or "count", span, part.period, part.qualifier, part.per)


def _parts(text: str) -> Iterator[Part]:
    done = at = 0
    while match := _START.search(text, at):
        part = nothing(match.start(), match.end()) if match["skip"] else _part(text, match, done)
        at = part.end if part else match.end()
        if part:
            done = part.end
            yield part


def _part(text: str, match: re.Match[str], floor: int) -> Part | None:
    start = match.start()
    for reader in _DIGIT_READERS if match["digits"] else _WORD_READERS:
        if part := reader(text, start, floor):
            break
    else:
        return None
    if part.unit != NOTHING and part.period is None:
        around(text, part, floor)
    return part


# What figures give each other.


def _share(text: str, parts: list[Part]) -> list[Part]:
    """Units and scales along lists and ranges: 37亿、50亿和70亿美元, $3-4 billion, 10到15%."""
    for left, right in reversed(list(pairwise(parts))):
        joint = _joint(text, left, right)
        if joint and not (joint["comma"] and not right.shared):
            _give_back(left, right, in_list=not joint["range"])
            left.shared = bool(joint["list"] or joint["comma"])
    for left, right in pairwise(parts):
        joint = _joint(text, left, right)
        if joint and left.signed and right.unit is None and (joint["range"] or right.scale):
            right.unit = left.unit
        if joint and joint["range"] and left.unit == right.unit:
            right.per = right.per or left.per
    return parts


def _joint(text: str, left: Part, right: Part) -> re.Match[str] | None:
    if NOTHING in (left.unit, right.unit) or left.period or right.period or not 0 < right.start - left.end <= 6:
        return None
    return _JOINT.fullmatch(text, left.end, right.start)


def _give_back(left: Part, right: Part, in_list: bool) -> None:
    """What stands once, at the end of a list or range, holds for what comes before."""
    if right.unit in ("rank", "fraction") or (right.unit is None and right.scale is None):
        return
    alike = left.unit in (None, right.unit) or (right.unit is None and left.unit in CURRENCY_CODES)
    smaller = left.number < 1000 and (in_list or left.number < right.number)
    if left.scale is None and alike and smaller:
        left.scale = right.scale
    if left.unit is None:
        left.unit, left.factor, left.weak = right.unit, right.factor, right.weak
        left.per = left.per or right.per


def _same_currency(text: str, parts: Sequence[Part]) -> None:
    """A bare 元 is of the currency that a sentence has put before an earlier one: 新台币12亿元追加到15.5亿元."""
    named, since = None, 0
    for part in parts:
        bare = text[part.end - 1] == _YUAN and part.unit in CURRENCY_CODES
        if named and _SENTENCE_END.search(text, since, part.start):
            named = None
        if bare and part.signed:
            named = part.unit
        elif bare and named and part.unit == "CNY" and text[part.end - 2] not in "民币":
            part.unit = named
        since = part.end


def _date(text: str, parts: list[Part]) -> None:
    """To each figure the period of its sentence: one that follows at once, else the last before it, else the next.

    'At once' is '$5 billion in 2024': nothing but a preposition between.
    """
    dated = [part for part in parts if part.unit in ("year", "period")]
    if not dated:
        return
    ends = [match.start() for match in _SENTENCE_END.finditer(text)]
    starts = [part.start for part in dated]
    for part in parts:
        if part.period is None:
            at = bisect_left(starts, part.start)
            before = dated[at - 1] if at else None
            after = dated[at] if at < len(dated) else None
            said = _period_for(text, ends, part, before, after)
            part.period = periods.year_before(said) if said and _is_of_the_year_before(text, part) else said


def _period_for(text: str, ends: list[int], part: Part, before: Part | None, after: Part | None) -> str | None:
    if after and after.start - part.end <= 24 and _PERIOD_FOLLOWS.fullmatch(text, part.end, after.start):
        return after.period
    if before and bisect_left(ends, before.end) == bisect_left(ends, part.start):
        return before.period
    if after and bisect_left(ends, part.end) == bisect_left(ends, after.start):
        return after.period
    return None


def _is_of_the_year_before(text: str, part: Part) -> bool:
    lead = text[max(0, part.start - _LONGEST_LEAD) : part.start]
    return bool(_A_YEAR_EARLIER.match(text, part.end) or _YEAR_BEFORE.search(lead))


def without(text: str, read: Iterable[Figure]) -> str:
    """A text less its figures, each a space: what is said, without how much of it."""
    for figure in sorted(read, key=lambda figure: -figure.span[0]):
        text = f"{text[: figure.span[0]]} {text[figure.span[1] :]}"
    return text
