"""Figures to text, as each language writes them: 308亿美元, $30.8 billion. Never in scientific notation."""

import re
from decimal import Decimal
from fractions import Fraction

from ragbot.figures import numerals, periods
from ragbot.figures.vocabulary import CURRENCIES, MEASURES, PARTS, QUALIFIERS, RATES, split
from ragbot.schema import Figure, Language

_SCALES: dict[Language, tuple[tuple[str, int], ...]] = {
    "zh": (("万亿", 10**12), ("亿", 10**8), ("万", 10**4)),
    "en": ((" trillion", 10**12), (" billion", 10**9), (" million", 10**6)),
}
_CENTS = re.compile(r"\bcents?\b|美分|欧分|\beurocents?\b", re.IGNORECASE)
_CENT_NAMES = {"USD": ("美分", "cents"), "EUR": ("欧分", "euro cents")}
_DECIMALS = 4  # a scale is written if no more decimals than these are needed; else all digits are
_POWERS = {100: "百", 1000: "千", 10000: "万"}
_NUMBER_NAMES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_PART_NAMES = {2: "half", **{bottom: name for name, bottom in PARTS.items() if name not in ("half", "fourth")}}


def write(figure: Figure, language: Language, qualified: bool = False) -> str:
    """The figure with its rate as the language would write it, with its qualifier too if `qualified`."""
    if figure.unit in ("year", "period"):
        return periods.write(figure.period or f"{figure.value:f}", language)
    bare = _zh(figure) if language == "zh" else _en(figure)
    if not qualified or not figure.qualifier:
        return bare
    return next(
        f"{split(han)[0]}{bare}" if language == "zh" else f"{split(latin)[0]} {bare}"
        for name, han, _, latin, _ in QUALIFIERS
        if name == figure.qualifier
    )


def _zh(figure: Figure) -> str:
    rate = next((f"每{split(han)[0]}" for name, han, _ in RATES if name == figure.per), "")
    if figure.unit == "fraction":
        return rate + _fraction_zh(figure.value)
    if figure.unit == "rank":
        return f"第{_numeral(int(figure.value))}位"
    if cents := _cents(figure):
        return f"{rate}{cents}{_CENT_NAMES[figure.unit][0]}"
    number, unit = _measured(figure, "zh")
    return f"{rate}{number}{unit}"


def _en(figure: Figure) -> str:
    rate = next((f" {_article(latin)} {split(latin)[0]}" for name, _, latin in RATES if name == figure.per), "")
    if figure.unit == "fraction":
        return _fraction_en(figure.value) + rate
    if figure.unit == "rank":
        return f"No. {figure.value:f}"
    if cents := _cents(figure):
        name = _CENT_NAMES[figure.unit][1]
        return f"{cents} {name.removesuffix('s') if cents == '1' else name}{rate}"
    for code, _, signs, _ in CURRENCIES:
        if code == figure.unit:
            sign = split(signs)[0]
            space = " " if sign.isalpha() else ""
            minus = "-" if figure.value < 0 else ""
            return f"{minus}{sign}{space}{_scaled(abs(figure.value), 'en')}{rate}"
    number, unit = _measured(figure, "en")
    return f"{number}{unit if not unit or unit[0] in '%‰°' else f' {unit}'}{rate}"


def _cents(figure: Figure) -> str:
    """The number of cents of an amount that was given in cents."""
    given = figure.unit in _CENT_NAMES and _CENTS.search(figure.text)
    return _scaled(figure.value * 100, "en") if given else ""


def _article(noun: str) -> str:
    return "an" if noun.startswith("hour") else "a"


def _measured(figure: Figure, language: Language) -> tuple[str, str]:
    """The number and its unit, in the largest measure that the value fills."""
    for code, han, _, _ in CURRENCIES:
        if code == figure.unit:
            return _scaled(figure.value, language), split(han)[0]
    column = 2 if language == "zh" else 3
    rows = [(Decimal(row[1]), split(row[column])[0]) for row in MEASURES if row[0] == figure.unit and row[2] and row[3]]
    if figure.unit in ("percent", "point"):
        rows = [row for row in rows if row[0] == 1]
    if not rows:
        return _scaled(figure.value, language), ""
    rows.sort()
    factor, name = next((row for row in reversed(rows) if abs(figure.value) >= row[0]), rows[0])
    return _scaled(figure.value / factor, language), name


def _scaled(value: Decimal, language: Language) -> str:
    for name, scale in _SCALES[language]:
        scaled = value / scale
        if abs(scaled) >= 1 and scaled == round(scaled, _DECIMALS):
            return f"{scaled.normalize():{'f' if language == 'zh' else ',f'}}{name}"
    return f"{value.normalize():,f}"


def _fraction_zh(value: Decimal) -> str:
    ratio = Fraction(value).limit_denominator(10000)
    if ratio == Fraction(1, 2):
        return "一半"
    top, bottom = ratio.as_integer_ratio()
    return f"{_POWERS.get(bottom) or _numeral(bottom)}分之{_numeral(top)}"


def _numeral(number: int) -> str:
    return numerals.written(number) if 0 < number < 100 else str(number)


def _fraction_en(value: Decimal) -> str:
    ratio = Fraction(value).limit_denominator(10000)
    top, bottom = ratio.as_integer_ratio()
    if bottom not in _PART_NAMES or not 0 < top < bottom:
        return f"{top} out of {bottom}"
    joint = "-" if bottom == 4 else " "
    return f"{_NUMBER_NAMES[top]}{joint}{_PART_NAMES[bottom]}{'s' if top > 1 else ''}"
