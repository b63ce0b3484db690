"""Amounts and counts: a number in digits, in Chinese or in English words, with what stands around it."""

import re
from decimal import Decimal

from ragbot.figures import numerals
from ragbot.figures.surroundings import (
    END,
    NAME_TAIL,
    Part,
    currency_before,
    glued_before,
    is_qualified,
    measured,
    named_or,
    nothing,
    product,
)
from ragbot.figures.vocabulary import CHINESE_DIGITS, CURRENCY_CODES, either
from ragbot.language import ENGLISH_FUNCTION_WORDS

_NUMBER = re.compile(r"\d{1,3}(?:,\d{3}){1,5}(?!\d)(?:\.\d{1,12})?|\d{1,15}(?:\.\d{1,12})?(?!\d)")
_HAN_RUN = re.compile(rf"{numerals.HAN_NUMERAL}+(?:点[{''.join(CHINESE_DIGITS)}]+[万亿]*)?")
_ONE_OF_SCALE = re.compile(r"[十百千]?[万亿]{1,2}|百|千")
_HAN_SCALED = re.compile(rf"(?P<number>[{''.join(CHINESE_DIGITS)}十百千点]+)(?P<scale>万?亿|万)")
_ENGLISH_SCALED = re.compile(r"(?P<scale>thousand|million|billion|trillion)$", re.IGNORECASE)
_FUNCTION = either(ENGLISH_FUNCTION_WORDS)
_NOUN_AFTER = re.compile(
    rf"\s(?:(?!(?:{_FUNCTION}){END})[A-Za-z][a-z-]{{0,24}}\s){{0,3}}(?!(?:{_FUNCTION}){END})"
    rf"[a-z][a-z-]{{0,24}}(?:(?<![su])s|people|men|women|children){END}"
)


def digits(text: str, start: int, floor: int) -> Part:
    """An amount or a count in digits: 37亿美元, $3.7 billion, 1,200 stores."""
    match = _NUMBER.match(text, start)
    currency = currency_before(text, start, floor)
    if not match or _is_code(match.group()) or (not currency and glued_before(text, start)):
        tail = NAME_TAIL.match(text, start)
        return nothing(start, tail.end() if tail else start + 1)
    part = Part(start, match.end(), Decimal(match.group().replace(",", "")))
    return named_or(text, measured(text, part, floor, currency))


def han(text: str, start: int, floor: int) -> Part | None:
    """An amount or a count in Chinese numerals: 三十亿元, 四个; weak if nothing follows that it could count."""
    match = _HAN_RUN.match(text, start)
    if not match:
        return None
    found = None if text[max(0, start - 1) : start] in ("数", "几", "第") else _han_number(text, match, floor)
    if not found:
        return nothing(start, match.end())
    part = measured(text, found, floor, None)
    run = match.group()
    single = len(run) == 1 and part.scale is None
    article = part.number == 1 and part.unit not in ("percent", "multiple", "point")  # 一家, 一年
    ternary = part.unit == "CNY" and text[start + 1] == "元"  # 三元锂电池
    if part.unit is None or (single and (article or ternary or (run == "二" and part.unit == "count"))):
        part.unit, part.weak = None, len(run) == 1 or part.value < 100
    return part


def words(text: str, start: int, floor: int) -> Part | None:
    """An amount or a count in English words: two hundred million dollars, half a million, four segments."""
    found = numerals.english(text, start)
    half = text[start : start + 6].lower() == "half a"
    if not found and not half:
        return None
    number, end = found or (Decimal("0.5"), start + 6)
    part = Part(start, end, number)
    if scaled := _ENGLISH_SCALED.search(text, start, end):
        part.scale = Decimal(numerals.SCALES[scaled["scale"].lower()])
        part.number /= part.scale
    part = measured(text, part, floor, None)
    if half and part.end == end:
        return None
    if number == 1 and part.scale is None and part.unit not in ("percent", "point", *CURRENCY_CODES):
        return nothing(start, end)
    if part.unit is None and part.scale is None and number < 10:
        counts = bool(_NOUN_AFTER.match(text, part.end))
        part.unit, part.weak = ("count", False) if counts else (None, True)
    return part


def _is_code(digits: str) -> bool:
    """007 and 000001 name something."""
    return len(digits) > 1 and digits[0] == "0" and digits[1] != "."


def _han_number(text: str, match: re.Match[str], floor: int) -> Part | None:
    """The number of a run of Chinese numerals, its scale apart so that a range can share it."""
    start, run = match.start(), match.group()
    if (scaled := _HAN_SCALED.fullmatch(run)) and (number := numerals.chinese(scaled["number"])):
        return Part(start, match.end(), number, scale=product(scaled["scale"]))
    if (number := numerals.chinese(run)) is None and run[-1] in "百千":  # 三万千瓦
        run = run[:-1]
        number = numerals.chinese(run)
    if number is None and _ONE_OF_SCALE.fullmatch(run) and is_qualified(text, start, floor):  # 近百亿元
        number = product(run)
    return Part(start, start + len(run), number) if number else None
