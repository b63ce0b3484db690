"""Numbers in words: 一百一十二, 一点二万, two hundred and five."""

import re
from decimal import Decimal

from ragbot.figures.vocabulary import CHINESE_DIGITS, CHINESE_SCALES, ENGLISH_NUMBERS, either

HAN_NUMERAL = f"[{''.join(CHINESE_DIGITS)}十百千万亿]"
SCALES = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12, "dozen": 12}
_WORD = re.compile(rf"(?P<joint>\sand\s|[\s-]|)(?P<word>{either([*ENGLISH_NUMBERS, *SCALES])})(?![A-Za-z])", re.I)
_ARTICLE = re.compile(r"an?\s(?=(?:hundred|thousand|million|billion|trillion|dozen)\b)", re.I)
_DIGIT_NAMES = "零一二三四五六七八九"
LONGEST = 24  # characters of a Chinese numeral; what is longer is no number


def chinese(numeral: str) -> Decimal | None:
    """The value of a Chinese numeral. None for what is none: 万一, 三四 (three or four), 十三五 (a plan's name)."""
    whole, _, decimals = numeral.partition("点")
    if not whole or len(whole) > LONGEST or (decimals and whole[-1] in "百千万亿"):
        return None
    scale = 1
    while decimals and decimals[-1] in CHINESE_SCALES:
        scale *= CHINESE_SCALES[decimals[-1]]
        decimals = decimals[:-1]
    value = _chinese_whole(whole)
    if value is None or any(char not in CHINESE_DIGITS for char in decimals):
        return None
    fraction = "".join(str(CHINESE_DIGITS[char]) for char in decimals)
    return Decimal(f"{value}.{fraction or 0}") * scale


def _chinese_whole(numeral: str) -> int | None:
    """Sections of up to 千, each closed by 万 or 亿; a last digit without its unit takes the next lower (三万五)."""
    total = section = 0
    digit: int | None = None
    last, zero = 10**13, False
    for char in numeral:
        if char in CHINESE_DIGITS:
            if digit:
                return None
            digit, zero = CHINESE_DIGITS[char], zero or CHINESE_DIGITS[char] == 0
            continue
        unit = CHINESE_SCALES[char]
        if unit < 10**4:
            if (digit is None and not (unit == 10 and section % 100 == 0)) or unit >= last:
                return None
            section += (1 if digit is None else digit) * unit
            last = unit
        else:
            section += digit or 0
            if not (section or total):
                return None
            total = (total + section) * unit if unit > 10**4 or not total else total + section * unit
            section, last = 0, unit
        digit, zero = None, False
    lower = last // 10 if last >= 100 and last < 10**13 and not zero else 1
    return total + section + (digit or 0) * lower


def positional(numeral: str) -> str:
    """Digit by digit: 二〇二四 is 2024."""
    return "".join(str(CHINESE_DIGITS[char]) for char in numeral)


def english(text: str, start: int) -> tuple[Decimal, int] | None:
    """The number in words that begins at `start` and where it ends: 'two hundred and five', 'a million'."""
    article = _ARTICLE.match(text, start)
    total, section, end = 0, int(bool(article)), article.end() if article else start
    ceiling = 10**15
    while match := _WORD.match(text, end):
        joint, word = "and" in match["joint"].lower(), match["word"].lower()
        if (end == start) != (match["joint"] == "") and not (article and end == article.end()):
            break
        value = ENGLISH_NUMBERS.get(word)
        if value is None:
            scale = SCALES[word]
            if joint or scale >= ceiling or not section or (scale == 100 and section >= 100):
                break
            if scale < 1000:
                section *= scale
            else:
                total, section, ceiling = total + section * scale, 0, scale
        elif _fits(value, section, total, joint):
            section += value
        else:
            break
        end = match.end()
    return (Decimal(total + section), end) if end > start and total + section else None


def _fits(value: int, section: int, total: int, joint: bool) -> bool:
    """Whether a number word continues a number: 'twenty' takes 'five', 'hundred' takes '(and) five'."""
    if joint:
        return (section >= 100 and section % 100 == 0) or (total > 0 and section == 0)
    return section % 100 == 0 or (value < 10 and section % 10 == 0 and section % 100 >= 20)


def written(value: int) -> str:
    """A number from 1 to 99 in Chinese characters."""
    tens, ones = divmod(value, 10)
    head = "" if not tens else "十" if tens == 1 else f"{_DIGIT_NAMES[tens]}十"
    return head + (_DIGIT_NAMES[ones] if ones or not tens else "")
