"""What stands around a number: its currency and sign before it, scale and unit after it, rates, qualifiers, names."""

import re
from dataclasses import dataclass
from decimal import Decimal

from ragbot.figures.vocabulary import (
    CHINESE_DIGITS,
    CHINESE_SCALES,
    CLASSIFIERS,
    CURRENCY_CODES,
    ENGLISH_SCALES,
    LABELS,
    LETTER_SCALES,
    QUALIFIERS_AFTER,
    QUALIFIERS_BEFORE,
    RATE_WORDS,
    SIGNS,
    UNITS,
    either,
)
from ragbot.language import ENGLISH_FUNCTION_WORDS, HAN

NOTHING = "nothing"  # the unit of digits that are no figure: part of a name, a date, a section number
END = r"(?![A-Za-z])"


@dataclass(slots=True)
class Part:
    """A number and what stands around it. `weak`: a small number in words, a figure only if it counts something."""

    start: int
    end: int
    number: Decimal
    unit: str | None = None
    scale: Decimal | None = None
    factor: Decimal = Decimal(1)
    signed: bool = False
    weak: bool = False
    qualifier: str | None = None
    period: str | None = None
    per: str | None = None
    shared: bool = False

    @property
    def value(self) -> Decimal:
        return self.number * (self.scale or 1) * self.factor


def nothing(start: int, end: int) -> Part:
    return Part(start, end, Decimal(0), NOTHING)


NAME_TAIL = re.compile(r"-?[0-9A-Za-z]{1,40}")

_SCALE_ZH = re.compile(r"\s?(?P<more>[余多]?)(?P<scale>[十百千]?万?亿|[十百千]?万|兆(?=\s?(?:新台币|台币|美元|元|日元))"
                       r"|千(?![瓦克米])|百(?!分|科))(?P<more2>[余多]?)")  # fmt: skip
_COMPOSITE = re.compile(r"(?P<number>\d{1,4}(?:\.\d{1,4})?)(?P<scale>[百千]?万)")
_SCALE_EN = re.compile(rf"(?P<plus>\+?)[\s-]?(?P<scale>{either(ENGLISH_SCALES)}){END}", re.IGNORECASE)
_SCALE_LETTER = re.compile(r"\s?(?P<scale>mm|[kmbt])(?![A-Za-z²³0-9])", re.IGNORECASE)
_AND_A_HALF = re.compile(r"\sand\sa\shalf", re.IGNORECASE)

_HAN_UNITS = [word for word in UNITS if not word.isascii() or word == "%"]
_LATIN_UNITS = [word for word in UNITS if word.isascii() and word not in ("%", "x")]
_UNIT = re.compile(
    rf"\s?(?:(?P<han>{either(_HAN_UNITS)})|(?P<latin>{either(_LATIN_UNITS)}){END})"
    rf"|-(?P<joined>{either(_LATIN_UNITS)}){END}|(?P<x>[x×])(?![A-Za-z0-9]|\s?\d)",
    re.IGNORECASE,
)
_NO_TENTHS = re.compile("[员立为本长果功分份品熟就交型都因绩]")  # what makes 成 part of a word
_CLASSIFIER = re.compile(rf"\s?(?:[{CLASSIFIERS}](?<!大)(?!半)|大(?=[\u4e00-\u9fff]))")
_FREQUENCY = re.compile(
    r"\s(?:an?|per|each|every|in\sa\srow|last|this|since|in\s(?:19|20)\d\d)\b|\s(?:week|month|dai|year)ly", re.I
)

_BEFORE = re.compile(
    rf"(?:(?<![A-Za-z])(?:{either(sign for sign in SIGNS if sign[0].isalpha())})"
    rf"|{either(sign for sign in SIGNS if not sign[0].isalpha())})\s?(?P<bracket>\(?)-?$",
    re.IGNORECASE,
)
_QUALIFIER_BEFORE = re.compile(
    rf"(?:(?<!最)(?:{either(word for word in QUALIFIERS_BEFORE if HAN.search(word))})"
    rf"|(?<![A-Za-z最])(?:{either(word for word in QUALIFIERS_BEFORE if not HAN.search(word))}))\s?$",
    re.IGNORECASE,
)
_QUALIFIER_AFTER = re.compile(rf"\s?(?P<word>{either(QUALIFIERS_AFTER)})(?![A-Za-z0-9])", re.IGNORECASE)
_RATE_AFTER = re.compile(
    rf"(?:\s?/\s?|\s(?:an?|per|each|every)\s|\s?每)(?P<rate>{either(RATE_WORDS)})"
    r"(?![A-Za-z]|\s(?:earlier|ago|before|later|prior))",
    re.IGNORECASE,
)
_RATE_BEFORE = re.compile(
    rf"(?:(?:每|(?<![A-Za-z])(?:per|each|every)\s)(?P<rate>{either(RATE_WORDS)})(?![A-Za-z])|(?P<mean>[日周月年季人])均)"
    r"[^,。;:、\n]*$",
    re.IGNORECASE,
)
_MEANS = {"日": "day", "周": "week", "月": "month", "年": "year", "季": "quarter", "人": "person"}

_LABEL = re.compile(
    rf"(?:(?<![A-Za-z])(?:{either(label for label in LABELS if label.isascii())})\s"
    rf"|(?:^|(?<=[见如下上附第。,\s]))(?:{either(label for label in LABELS if not label.isascii())})\s?)$",
    re.IGNORECASE,
)
_NAME_GOES_ON = re.compile(r"[^\W\d_\u3400-\u9fff]|-[A-Za-z]|\.[A-Z]|[/_]\w|[月日号]")
_DETERMINERS = ("only", "another", "last", "next", "first", "every", "total", "just", "under", "between", "among")
_NOT_NAMES = frozenset([*ENGLISH_FUNCTION_WORDS, *_DETERMINERS, *" ".join(QUALIFIERS_BEFORE).lower().split()])
_CAPITAL = re.compile(r"(?<![A-Za-z])(?P<word>[A-Z][A-Za-z]*)\s$")


def unit_follows(text: str, end: int) -> bool:
    """Whether a number of four digits counts something: 2024家, 2000 tonnes."""
    return any(pattern.match(text, end) for pattern in (_SCALE_ZH, _SCALE_EN, _UNIT, _CLASSIFIER))


def currency_before(text: str, start: int, floor: int) -> re.Match[str] | None:
    return _BEFORE.search(text, max(floor, start - 10), start)


def is_qualified(text: str, start: int, floor: int) -> bool:
    return bool(_QUALIFIER_BEFORE.search(text, max(floor, start - 5), start))


def is_frequency(text: str, end: int) -> bool:
    """Whether what follows makes 'times' or 'twice' a frequency: three times a year."""
    return bool(_FREQUENCY.match(text, end))


def glued_before(text: str, start: int) -> bool:
    """Whether letters run into the digits, with a hyphen or without: MI300, GPT-4."""
    before = text[max(0, start - 2) : start]
    last = before[-1:]
    if last == "-":
        last = before[:1] if len(before) == 2 else ""
    return last == "_" or (last.isalpha() and not HAN.match(last))


def measured(text: str, part: Part, floor: int, currency: re.Match[str] | None) -> Part:
    """The part with its scale, its unit, its sign and its currency."""
    bracket = bool(currency and currency["bracket"] and text[part.end : part.end + 1] == ")")  # $(1.2) million
    part.end += bracket
    _take_scale(text, part, bool(currency))
    _take_unit(text, part)
    sign_at = part.start
    if currency:
        part.start = currency.start()
        sign = currency.group().rstrip("(-").strip().lower()
        if not (sign in ("$", "¥") and part.unit in CURRENCY_CODES):  # $5 million Canadian dollars
            part.unit = SIGNS[sign]
        part.signed = True
        if currency.group().endswith("-") or bracket:
            part.number = -part.number
            return part
        sign_at = currency.start()
    if part.unit != "count" and sign_before(text, sign_at, floor) and part.unit != NOTHING:
        part.start, part.number = sign_at - 1, -part.number
    return part


def sign_before(text: str, start: int, floor: int) -> bool:
    """Whether a minus stands before: not the dash of a range, of a name or of a list."""
    if (start <= floor and floor) or text[max(0, start - 1) : start] != "-":
        return False
    before = text[max(0, start - 2) : start - 1]
    return (start - 1 > floor and (before in "([" or before.isspace() or bool(HAN.match(before)))) or start == 1


def _take_scale(text: str, part: Part, currency: bool) -> None:
    if half := _AND_A_HALF.match(text, part.end):
        part.number, part.end = part.number + Decimal("0.5"), half.end()
    if part.scale is not None:
        return
    han = _SCALE_ZH.match(text, part.end)
    if han and (han["more"] or not HAN.match(text, part.end - 1)):
        part.scale, part.end = product(han["scale"]), han.end()
        part.qualifier = "over" if han["more"] or han["more2"] else None
        _take_composite(text, part)
    elif match := _SCALE_EN.match(text, part.end):
        part.scale, part.end = Decimal(ENGLISH_SCALES[match["scale"].lower()]), match.end()
        part.qualifier = "at-least" if match["plus"] else None
    elif (match := _SCALE_LETTER.match(text, part.end)) and _letter_is_scale(text, part, match, currency):
        part.scale, part.end = Decimal(LETTER_SCALES[match["scale"].lower()]), match.end()


def product(scales: str) -> Decimal:
    """百亿 is 100 times 100 million."""
    value = Decimal(1)
    for char in scales:
        value *= CHINESE_SCALES[char]
    return value


def _take_composite(text: str, part: Part) -> None:
    """3亿5000万 is one number."""
    match = _COMPOSITE.match(text, part.end)
    if match and part.scale and part.scale >= 10**8 and part.number == int(part.number):
        small = Decimal(match["number"]) * product(match["scale"])
        part.number, part.end = part.number + small / part.scale, match.end()


def _letter_is_scale(text: str, part: Part, match: re.Match[str], currency: bool) -> bool:
    """$3.7B, 20k, 175B, 12.5M; 3M, 4K and 5 m are none."""
    letter = match["scale"]
    glued = not text[part.end].isspace()
    if currency or letter.lower() == "mm":
        return currency
    long = match.start() - part.start > 1
    return glued and (letter in ("k", "B", "b", "m") or (letter == "M" and long))


def _take_unit(text: str, part: Part) -> None:
    more = text[part.end : part.end + 1]
    if more in ("余", "多") and part.qualifier is None and more:
        part.qualifier, part.end = "over", part.end + 1
    match = _UNIT.match(text, part.end)
    word = (match["han"] or match["latin"] or match["joined"] or match["x"]).lower() if match else ""
    if not match or not _unit_stands(text, part, word, match):
        classifier = _CLASSIFIER.match(text, part.end)
        if classifier and not (classifier.group() == "大" and part.number > 10):
            part.unit, part.end = "count", classifier.end()
        return
    part.unit, part.factor = UNITS[word]
    part.end = match.end()
    if word == "成" and (more := text[part.end : part.end + 1]) in CHINESE_DIGITS and more:
        part.number, part.end = part.number + Decimal(CHINESE_DIGITS[more]) / 10, part.end + 1
    elif text[part.end : part.end + 1] == "半" and text[part.end + 1 : part.end + 2] != "导" and match["han"]:
        part.number, part.end = part.number + Decimal("0.5"), part.end + 1


def _unit_stands(text: str, part: Part, word: str, match: re.Match[str]) -> bool:
    if word == "成":
        return not _NO_TENTHS.match(text, match.end())
    if word == "times":
        return not is_frequency(text, match.end())
    if word in ("pounds", "won", "rand", "dong", "pound"):
        return part.scale is not None
    if word in ("years", "year") and 1900 <= part.number <= 2100:
        return False
    return word != "fold" or bool(match["latin"] or match["joined"])


def around(text: str, part: Part, floor: int) -> None:
    """Rates and qualifiers, before the figure and after it."""
    if rate := _RATE_AFTER.match(text, part.end):
        part.per, part.end = RATE_WORDS[rate["rate"].lower()], rate.end()
    elif part.unit != "rank" and (rate := _RATE_BEFORE.search(text, max(floor, part.start - 24), part.start)):
        part.per = _MEANS[rate["mean"]] if rate["mean"] else RATE_WORDS[rate["rate"].lower()]
    if before := _QUALIFIER_BEFORE.search(text, max(floor, part.start - 18), part.start):
        part.qualifier = QUALIFIERS_BEFORE[before.group().strip().lower()]
    elif (after := _QUALIFIER_AFTER.match(text, part.end)) and part.qualifier is None:
        part.qualifier = QUALIFIERS_AFTER[after["word"].lower()]


def named_or(text: str, part: Part) -> Part:
    """The part, or nothing if its bare digits belong to a name: 737-MAX, Llama 3.1, page 12, 600519.SH."""
    if part.unit not in (None, "count") or part.scale is not None:
        return part
    if _LABEL.search(text, max(0, part.start - 10), part.start):
        return nothing(part.start, part.end)
    if part.unit is None and _NAME_GOES_ON.match(text, part.end):
        tail = NAME_TAIL.match(text, part.end)
        return nothing(part.start, tail.end() if tail else part.end)
    return nothing(part.start, part.end) if part.unit is None and _after_name(text, part) else part


def _after_name(text: str, part: Part) -> bool:
    """Whether the word before is a name: it has a capital, and is not one that begins a sentence as 'The' does."""
    capital = _CAPITAL.search(text, max(0, part.start - 24), part.start)
    return capital is not None and capital["word"].lower() not in _NOT_NAMES
