"""Figures in Chinese and English: read, compare, and write in the other language.

    written                              value          unit
    308亿美元, $30.8 billion, US$30.8bn   30800000000    USD
    1.2万亿元, RMB 1.2 trillion           1200000000000  CNY
    112%, 112 percent                    112            percent
    6倍, 6 times, sixfold, 6x            6              multiple
    2024年, 2024                         2024           year
    300万, 3 million                     3000000        count

Chinese numerals, ranges, fractions and periods finer than a year are not read yet.
"""

import re
from collections.abc import Iterable
from decimal import Decimal

from ragbot.schema import Figure, Language, Status

ZH_SCALES = {"万亿": 10**12, "千亿": 10**11, "百亿": 10**10, "亿": 10**8, "億": 10**8, "千万": 10**7, "百万": 10**6,
             "萬億": 10**12, "千萬": 10**7, "百萬": 10**6, "万": 10**4, "萬": 10**4}  # fmt: skip
EN_SCALES = {"trillion": 10**12, "tn": 10**12, "billion": 10**9, "bn": 10**9, "b": 10**9, "million": 10**6,
             "mn": 10**6, "mm": 10**6, "m": 10**6, "thousand": 10**3, "k": 10**3}  # fmt: skip
CURRENCIES = {"us$": "USD", "$": "USD", "usd": "USD", "美元": "USD", "美金": "USD", "dollars": "USD", "dollar": "USD",
              "rmb": "CNY", "cny": "CNY", "人民币": "CNY", "人民幣": "CNY", "元": "CNY", "yuan": "CNY", "¥": "CNY",
              "€": "EUR", "eur": "EUR", "欧元": "EUR", "歐元": "EUR", "euros": "EUR", "euro": "EUR",
              "£": "GBP", "gbp": "GBP", "英镑": "GBP", "英鎊": "GBP", "pounds": "GBP",
              "日元": "JPY", "日圆": "JPY", "jpy": "JPY", "yen": "JPY", "hk$": "HKD", "港元": "HKD", "港币": "HKD"}  # fmt: skip
EN_MULTIPLES = {"doubled": 2, "double": 2, "twice": 2, "twofold": 2, "tripled": 3, "threefold": 3, "quadrupled": 4,
                "fourfold": 4, "fivefold": 5, "sixfold": 6, "sevenfold": 7, "eightfold": 8, "ninefold": 9, "tenfold": 10}  # fmt: skip
_PERCENT = "%|％|percentage points?|per cent|percent|个百分点|個百分點"


def _either(names: Iterable[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


_WORD_END = r"(?![A-Za-z])"
_FIGURE = re.compile(
    rf"(?P<before>(?:{_either(CURRENCIES)})\s?)?"
    r"(?<![\d.])(?P<number>\d{1,3}(?:,\d{3}){1,5}(?:\.\d{1,8})?|\d{1,15}(?:\.\d{1,8})?)"
    rf"(?:\s?(?P<zh>{_either(ZH_SCALES)})|[\s-]?(?P<en>{_either(EN_SCALES)}){_WORD_END})?"
    rf"(?:\s?(?P<percent>{_PERCENT})|\s?(?P<multiple>倍|times{_WORD_END}|[x×]{_WORD_END}|-?fold{_WORD_END})"
    rf"|(?P<year>\s?(?:财年|財年|年))|\s?(?:U\.?S\.?\s)?(?P<after>{_either(CURRENCIES)})(?![A-Za-z]))?",
    re.IGNORECASE,
)
_MULTIPLE_WORD = re.compile(rf"\b(?:{_either(EN_MULTIPLES)})\b", re.IGNORECASE)


def read(text: str) -> list[Figure]:
    """The figures of a text in order. Digits inside a name (GPT-4, MI300, Q3) are part of the name, not figures."""
    found = [_figure(match) for match in _FIGURE.finditer(text) if not _inside_name(text, match)]
    found += [
        Figure(match.group(), Decimal(EN_MULTIPLES[match.group().lower()]), "multiple", match.span())
        for match in _MULTIPLE_WORD.finditer(text)
    ]
    return sorted(found, key=lambda figure: figure.span)


def compare(figure: Figure, others: Iterable[Figure]) -> tuple[Status, Figure | None]:
    """How a figure stands to those of a passage: cited, converted, rounded or unsupported, and which one it is."""
    same_unit = [other for other in others if other.unit == figure.unit]
    for other in same_unit:
        if other.value == figure.value:
            return ("cited" if _bare(other.text) == _bare(figure.text) else "converted"), other
    for other in same_unit:
        if figure.unit != "year" and other.value and abs(other.value - figure.value) <= _half_unit(figure):
            return "rounded", other
    return "unsupported", None


def write(figure: Figure, language: Language) -> str:
    """The figure as the language would write it: 308亿美元 or $30.8 billion."""
    return _write_zh(figure) if language == "zh" else _write_en(figure)


def _figure(match: re.Match[str]) -> Figure:
    value = Decimal(match["number"].replace(",", ""))
    value *= ZH_SCALES[match["zh"]] if match["zh"] else EN_SCALES[match["en"].lower()] if match["en"] else 1
    scaled = bool(match["zh"] or match["en"])
    return Figure(match.group().strip(), value.normalize() + 0, _unit(match, value, scaled), match.span())


def _unit(match: re.Match[str], value: Decimal, scaled: bool) -> str:
    currency = match["before"] or match["after"]
    if match["percent"]:
        return "percent"
    if match["multiple"]:
        return "multiple"
    if currency:
        return CURRENCIES[currency.strip().lower()]
    if match["year"] or (not scaled and "." not in match["number"] and 1900 <= value <= 2100):
        return "year"
    return "count"


def _inside_name(text: str, match: re.Match[str]) -> bool:
    if match["before"]:
        return False
    before = text[max(0, match.start("number") - 2) : match.start("number")]
    return bool(re.search(r"[A-Za-z]-?$", before)) or bool(re.match(r"[A-Za-z]", text[match.end() : match.end() + 1]))


def _bare(text: str) -> str:
    return re.sub(r"[\s,]", "", text).lower()


def _half_unit(figure: Figure) -> Decimal:
    """Half of the last place that the figure shows: 31 billion allows half a billion."""
    digits = re.search(r"[\d.,]+", figure.text)
    shown = digits.group().replace(",", "").rstrip(".") if digits else "0"
    number = Decimal(shown)
    if not number:
        return Decimal(0)
    place = Decimal(1).scaleb(-len(shown.partition(".")[2]))
    return place * (figure.value / number) / 2 if "." in shown or len(shown) >= 2 else Decimal(0)


def _write_zh(figure: Figure) -> str:
    names = {"USD": "美元", "CNY": "元", "EUR": "欧元", "GBP": "英镑", "JPY": "日元", "HKD": "港元"}
    suffix = {"percent": "%", "multiple": "倍", "year": "年"}.get(figure.unit, names.get(figure.unit, ""))
    if figure.unit not in names and figure.unit != "count":
        return f"{figure.value:f}{suffix}"
    for name in ("万亿", "亿", "万"):
        if figure.value >= ZH_SCALES[name]:
            return f"{(figure.value / ZH_SCALES[name]).normalize():f}{name}{suffix}"
    return f"{figure.value:f}{suffix}"


def _write_en(figure: Figure) -> str:
    signs = {"USD": "$", "CNY": "RMB ", "EUR": "€", "GBP": "£", "JPY": "JPY ", "HKD": "HK$"}
    suffix = {"percent": "%", "multiple": " times"}.get(figure.unit, "")
    sign = signs.get(figure.unit, "")
    if figure.unit not in signs and figure.unit != "count":
        return f"{figure.value:f}{suffix}"
    for name in ("trillion", "billion", "million"):
        if figure.value >= EN_SCALES[name]:
            return f"{sign}{(figure.value / EN_SCALES[name]).normalize():f} {name}"
    return f"{sign}{figure.value:,f}"
