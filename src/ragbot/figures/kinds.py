"""Figures that are not a number with a unit: periods, ranks, fractions, and words such as doubled.

Each reader looks at one kind that may begin at `start`. None: nothing of the kind; a Part of unit NOTHING: digits or
words of this kind that are no figure.
"""

import re
from decimal import Decimal

from ragbot.figures import numerals, periods
from ragbot.figures.surroundings import END, Part, glued_before, is_frequency, nothing, sign_before, unit_follows
from ragbot.figures.vocabulary import (
    CHINESE_HALVES,
    CHINESE_MULTIPLES,
    CHINESE_SCALES,
    ENGLISH_MULTIPLES,
    ENGLISH_NUMBERS,
    ORDINALS,
    PARTS,
    either,
)
from ragbot.language import HAN


def period(text: str, start: int, floor: int) -> Part | None:
    if glued_before(text, start) or sign_before(text, start, floor) or not (found := periods.at(text, start)):
        return None
    form, end = found
    bare = form.isdigit() and end - start == 4
    if bare and (unit_follows(text, end) or text[start - 1 : start] == "/" or text[end : end + 1] == "/"):
        return None
    if not form:
        return nothing(start, end)
    return Part(start, end, periods.value(form), "year" if form.isdigit() else "period", period=form)


_RANK_ZH = re.compile(rf"第(?P<number>\d{{1,3}}|{numerals.HAN_NUMERAL}{{1,5}})(?P<kind>大|[位名])?")
_NOT_SUPERLATIVE = "test|quest|request|interest|forest|harvest|protest|contest|guest|west|rest|invest|latest"
_SUPERLATIVE = rf"(?:most|best|leading|(?!(?:{_NOT_SUPERLATIVE}){END})[a-z]{{2,12}}est)"
_RANK_EN = re.compile(
    rf"(?:No\.\s?|\#|(?:ranke?[ds]?|number)\s(?:No\.\s?|\#)?)(?P<number>\d{{1,3}})(?![\d.,]\d|[A-Za-z%])"
    rf"|(?:ranke?[ds]?\s)(?P<said>{either(ORDINALS)}){END}|number\s(?P<one>one){END}"
    rf"|(?P<nth>{either(ORDINALS)}|\d{{1,2}}(?:st|nd|rd|th))(?:[\s-]{_SUPERLATIVE}|\s(?:place|rank)){END}",
    re.IGNORECASE,
)
_HAN_BEFORE = re.compile(r"[\u4e00-\u9fff]\s?$")
_NTH = re.compile(r"\d{1,4}(?:st|nd|rd|th)(?![A-Za-z])", re.IGNORECASE)


def rank(text: str, start: int, _: int) -> Part | None:
    if text[start] == "第":
        return _rank_zh(text, start)
    if match := _RANK_EN.match(text, start):
        word = (match["said"] or match["nth"] or "").lower()
        number = match["number"] or ORDINALS.get(word) or (match["one"] and 1) or word[:-2]
        return Part(start, match.end(), Decimal(number), "rank")
    match = _NTH.match(text, start)
    return nothing(start, match.end()) if match else None


def _rank_zh(text: str, start: int) -> Part | None:
    """第三大 and 排名第二 are ranks; 第一, (firstly), 第三方 and 第5代 are not."""
    match = _RANK_ZH.match(text, start)
    if not match:
        return None
    number = Decimal(match["number"]) if match["number"].isdecimal() else numerals.chinese(match["number"])
    said_of = _HAN_BEFORE.search(text, max(0, start - 2), start) and not HAN.match(text, match.end())
    if number and (match["kind"] or said_of):
        return Part(start, match.end(), number, "rank")
    return nothing(start, match.end())


_FRACTION_ZH = re.compile(
    rf"(?P<bottom>\d{{1,6}}|{numerals.HAN_NUMERAL}{{1,6}})分之"
    rf"(?P<top>\d{{1,9}}(?:\.\d{{1,9}})?|{numerals.HAN_NUMERAL}{{1,6}}(?:点{numerals.HAN_NUMERAL}{{1,4}})?)"
)
_FRACTION_EN = re.compile(
    r"(?P<top>an?|one|two|three|four|five|six|seven|eight|nine)(?P<joint>[\s-])"
    rf"(?P<part>half|halves|{either(PARTS)})(?P<many>s?){END}(?:(?P<of>\sof{END})|(?=(?P<close>[.,;:)]|\s?$)))?",
    re.IGNORECASE,
)
_OUT_OF = re.compile(
    r"(?P<top>\d{1,4}|[a-z]{3,5})\s(?:out\sof|in)\s(?:every\s)?(?P<bottom>\d{1,7}|[a-z]{3,8})(?![\w%.,-]\w|\w)",
    re.IGNORECASE,
)
_SLASHED = re.compile(r"(?P<top>\d)/(?P<bottom>\d{1,2})(?![\d/])")
_HALF = re.compile(
    r"half(?=\s(?:of|the|its|their|our|all|that|those|these|as)\b)(?!\sof\s(?:19|20|fiscal|the\syear))|halved",
    re.IGNORECASE,
)
_BARE_HALF = re.compile(r"half(?!-|\w|\sa)", re.IGNORECASE)
_HALF_AFTER = re.compile(
    r"(?:^|\s)(?:by|in|over|than|nearly|almost|about|to|roughly|under|least|some|only|one)\s$", re.IGNORECASE
)
_DATE = re.compile(r"\d{1,4}(?:/\d{1,4}){1,4}")


def fraction_in_digits(text: str, start: int, _: int) -> Part | None:
    return _fraction_zh(text, start) or _by_count(text, start)


def fraction_in_words(text: str, start: int, _: int) -> Part | None:
    han = HAN.match(text, start)
    return (
        _fraction_zh(text, start) if han else _fraction_en(text, start) or _half(text, start) or _by_count(text, start)
    )


def _fraction_zh(text: str, start: int) -> Part | None:
    for word in CHINESE_HALVES:
        if text.startswith(word, start):
            part = Part(start, start + 2, Decimal("0.5"), "fraction")
            part.qualifier = "over" if word == "过半" else None
            return part
    match = _FRACTION_ZH.match(text, start)
    if not match:
        return None
    top = _either_script(match["top"])
    percent = match["bottom"] in ("百", "100")
    scales = {"百": Decimal(100), "千": Decimal(1000), "万": Decimal(10000)}
    bottom = scales.get(match["bottom"]) or _either_script(match["bottom"])
    if top is None or not bottom:
        return None
    return Part(start, match.end(), top if percent else top / bottom, "percent" if percent else "fraction")


def _either_script(numeral: str) -> Decimal | None:
    if numeral in ("百", "千"):
        return Decimal(CHINESE_SCALES[numeral])
    return Decimal(numeral) if numeral[0].isascii() else numerals.chinese(numeral)


def _fraction_en(text: str, start: int) -> Part | None:
    """'two-thirds' anywhere; 'a quarter' and 'a third' only where they cannot be a time or a rank."""
    match = _FRACTION_EN.match(text, start)
    if not match:
        return None
    part = match["part"].lower().replace("halves", "half")
    top = ENGLISH_NUMBERS.get(match["top"].lower())
    closed = match["close"] is not None
    sure = match["joint"] == "-" or match["of"] or (part != "quarter" and (top or closed))
    if not sure or (top or 1) > PARTS[part] or (part == "half" and not top):
        return None
    return Part(start, match.end("many"), Decimal(top or 1) / PARTS[part], "fraction")


def _half(text: str, start: int) -> Part | None:
    """'half of its stores', 'more than half', 'halved'; not the first half, half-year, half a million."""
    match = _HALF.match(text, start)
    if not match and _HALF_AFTER.search(text, max(0, start - 9), start):
        match = _BARE_HALF.match(text, start)
    return Part(start, match.end(), Decimal("0.5"), "fraction") if match else None


def _by_count(text: str, start: int) -> Part | None:
    """'1 in 3', 'nine out of ten', and 1/3 beside Chinese or 'of'; other digits about a slash are dates."""
    if match := _OUT_OF.match(text, start):
        top, bottom = (_small(match[name]) for name in ("top", "bottom"))
        if top and bottom and top < bottom and not 1900 <= bottom <= 2100 and not unit_follows(text, match.end()):
            return Part(start, match.end(), Decimal(top) / Decimal(bottom), "fraction")
    if match := _SLASHED.match(text, start):
        beside = HAN.match(text, match.end()) or text.startswith(" of", match.end()) or HAN.match(text, start - 1)
        if start and beside and int(match["top"]) < int(match["bottom"]):
            return Part(start, match.end(), Decimal(match["top"]) / Decimal(match["bottom"]), "fraction")
    date = _DATE.match(text, start)
    return nothing(start, date.end()) if date else None


def _small(word: str) -> int | None:
    return int(word) if word.isdecimal() else ENGLISH_NUMBERS.get(word.lower(), {"hundred": 100}.get(word.lower()))


_NO_VERB = re.compile(
    r"(?:double|triple|quadruple)(?![a-z])"
    r"(?!\s(?:the|its|their|that|what|last|in|by|from|to|over|this|those)\b|[.,;]|\s?$)",
    re.IGNORECASE,
)
_MULTIPLE_ZH = re.compile(either(CHINESE_MULTIPLES))
_MULTIPLE_EN = re.compile(rf"(?:{either(ENGLISH_MULTIPLES)})(?![A-Za-z-])", re.IGNORECASE)


def multiple(text: str, start: int, _: int) -> Part | None:
    if match := _MULTIPLE_ZH.match(text, start):
        return Part(start, match.end(), Decimal(CHINESE_MULTIPLES[match.group()]), "multiple")
    match = _MULTIPLE_EN.match(text, start)
    if not match or _NO_VERB.match(text, start):
        return None
    if match.group().lower() == "twice" and is_frequency(text, match.end()):
        return None
    return Part(start, match.end(), Decimal(ENGLISH_MULTIPLES[match.group().lower()]), "multiple")
