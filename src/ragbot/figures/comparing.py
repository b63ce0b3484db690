"""How a figure of an answer stands to the figures of a passage."""

import re
from collections.abc import Iterable
from decimal import Decimal

from ragbot.figures import periods
from ragbot.figures.vocabulary import RATE_WORDS, either, plain
from ragbot.schema import Figure, Status

# Units that are multiples of one another.
_COMMON = {"fraction": ("percent", 100), "years": ("months", 12), "weeks": ("days", 7), "minutes": ("seconds", 60),
           "hours": ("seconds", 3600)}  # fmt: skip
_EXACT = ("year", "period", "rank")
_ABOVE, _BELOW = ("over", "at-least"), ("nearly", "under", "at-most", "up-to")
_RATE = re.compile(rf"(?:/|\b(?:an?|per|each|every)\s|每)\s?(?:{either(RATE_WORDS)})$", re.IGNORECASE)
_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")


def compare(figure: Figure, others: Iterable[Figure]) -> tuple[Status, Figure | None]:
    """How a figure stands to those of a passage, and to which of them.

    cited: written so. converted: the same value in another form. rounded: the other one, rounded at the last place
    that this one shows, two digits at least; where the figure is qualified (about, nearly, over ...) one digit is
    enough, and the other one must lie on the side that the qualifier says. unsupported: none of these.

    A qualifier makes no other difference. Rates must agree if both are said. A fraction compares with percent, years
    with months, weeks with days. Periods and ranks never round; a year alone is met by any period of that year.
    """
    rivals = [other for other in others if _comparable(figure, other)]
    same = [other for other in rivals if _same(figure, other)]
    for other in same:
        if _bare(other.text) == _bare(figure.text):
            return "cited", other
    if same:
        return "converted", same[0]
    rounded = [other for other in rivals if figure.unit not in _EXACT and _rounds(figure, other)]
    if rounded:
        return "rounded", min(rounded, key=lambda other: abs(_common(other) - _common(figure)))
    return "unsupported", None


def meets(figure: Figure, others: Iterable[Figure]) -> bool:
    """Whether a figure is one of others in any form: not unsupported, as `compare` has it."""
    return compare(figure, others)[0] != "unsupported"


def _comparable(figure: Figure, other: Figure) -> bool:
    rates_agree = figure.per is None or other.per is None or figure.per == other.per
    return rates_agree and _kind(figure) == _kind(other)


def _kind(figure: Figure) -> str:
    return "year" if figure.unit == "period" else _COMMON.get(figure.unit, (figure.unit, 1))[0]


def _common(figure: Figure) -> Decimal:
    return figure.value * _COMMON.get(figure.unit, ("", 1))[1]


def _same(figure: Figure, other: Figure) -> bool:
    if _kind(figure) == "year":
        return periods.meets(_form(figure), _form(other))
    return _common(figure) == _common(other)


def _form(figure: Figure) -> str:
    return figure.period or f"{figure.value:f}"


def _bare(text: str) -> str:
    return re.sub(r"[\s,]", "", _RATE.sub("", plain(text))).lower()


def _rounds(figure: Figure, other: Figure) -> bool:
    gap = abs(_common(figure) - _common(other))
    if figure.unit == "fraction":
        return gap <= (1 if figure.qualifier else _half_place(other))
    if figure.qualifier in _ABOVE and _common(other) < _common(figure):
        return False
    if figure.qualifier in _BELOW and _common(other) > _common(figure):
        return False
    exact = gap <= _half_place(figure)
    return exact or bool(figure.qualifier and gap <= _half_leading(figure))


def _half_place(figure: Figure) -> Decimal:
    """Half of the last place that a figure shows (31 billion: half a billion); 0 if it shows under two digits."""
    shown = _DIGITS.findall(plain(figure.text))
    if len(shown) != 1:  # in words, or in two steps as 3亿5000万
        return _half_leading(figure) if len(figure.value.normalize().as_tuple().digits) >= 2 else Decimal(0)
    number = Decimal(shown[0].replace(",", ""))
    if not number or len(number.as_tuple().digits) < 2:
        return Decimal(0)
    place = Decimal(1).scaleb(int(number.as_tuple().exponent))
    return _in_common(figure, abs(place * figure.value / number) / 2)


def _half_leading(figure: Figure) -> Decimal:
    """Half of the last place that is not zero: about 30 billion allows 5 billion, about 350 billion allows 5."""
    exponent = int(figure.value.normalize().as_tuple().exponent)
    return _in_common(figure, Decimal(1).scaleb(exponent) / 2)


def _in_common(figure: Figure, amount: Decimal) -> Decimal:
    return amount * _COMMON.get(figure.unit, ("", 1))[1]
