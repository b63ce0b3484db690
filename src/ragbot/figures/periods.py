"""Periods: their normal form, how a text says them, how each language writes them.

    form         written
    2024         2024年, 二〇二四年, 2024, the year 2024, 2024E
    FY2024       2024财年, FY24, fiscal 2024, fiscal year 2024; 2023/24 and 2023-24 go by their second year
    2024Q3       2024年第三季度, Q3 2024, 3Q24, the third quarter of 2024
    FY2024Q3     2024财年第三季度, Q3 FY2025, third quarter of fiscal 2024
    2024H1       2024年上半年, H1 2024, 1H24, the first half of 2024; FY2024H1 likewise
    2024Q1-Q3    2024年前三季度, the first nine months of 2024
    2024-11      2024年11月, November 2024
    2024-11-05   2024年11月5日, 5 November 2024, November 5, 2024
    Q3, H1       第三季度, Q3, 上半年: no year is said

The end or the beginning of a year is read as that year. A month or a day without a year is no period.
"""

import re
from decimal import Decimal

from ragbot.figures.numerals import positional, written
from ragbot.figures.vocabulary import CHINESE_DIGITS, MONTHS, ORDINALS, either
from ragbot.schema import Language

_HAN_YEAR = f"(?:一九|二[〇零])[{''.join(CHINESE_DIGITS)}]{{2}}(?=年)"
_YEAR = re.compile(
    rf"(?:(?P<fiscal>FY\s?'?|(?:fiscal|financial)\s(?:year\s)?|财年\s?)(?P<named>(?:19|20)\d\d|\d\d(?=\D|$))"
    rf"|(?P<bare>(?:19|20)\d\d|{_HAN_YEAR}))(?!\d|\.\d|,\d{{3}}(?!\d))"
    r"(?:[-/](?P<second>\d\d)(?![\d/]|-\d))?"
    r"(?P<after>\s?(?:财年|财政年度|会计年度|年度|年|fiscal\syear)|[EFA](?![A-Za-z0-9]))?(?![A-Za-z](?!\d)|-[A-Za-z])",
    re.IGNORECASE,
)
_SHORT_YEAR = re.compile(r"(?P<fiscal>FY)?\s?'?(?P<bare>\d\d)(?![\d%]|[.,]\d|[A-Za-z])", re.IGNORECASE)
_YEAR_TO_PART = re.compile(r"'s\s|\s?,?\s?(?:of\s)?|[-的/]", re.IGNORECASE)
_PART_TO_YEAR = re.compile(r"(?:,?\s(?:of|in)\s(?:the\s)?|,\s|[\s/-])?", re.IGNORECASE)

_OF_FOUR = {"opening": 1, "final": 4}
_ORDINAL = either([*list(ORDINALS)[:4], "1st", "2nd", "3rd", "4th", *_OF_FOUR])
_QUARTER = re.compile(
    r"(?P<fiscal>fiscal\s)?(?:Q(?P<a>[1-4])(?![0-9A-Za-z])|(?P<b>[1-4])Q(?![A-EG-Z])"
    rf"|(?P<c>{_ORDINAL})[\s-](?P<fiscal2>fiscal\s)?quarter(?![A-Za-z])(?P<running>\s(?:in\sa\srow|running))?"
    r"|(?<![同每某任上下前这那单首末后该])(?P<nth>第)?(?P<d>[一二三四1-4])(?:(?P<fiscal3>财季)|季度|(?(nth)季(?!节)|(?!))))",
    re.IGNORECASE,
)
_HALF = re.compile(
    r"(?:H(?P<a>[12])(?![0-9A-Za-z])|(?P<b>[12])H(?![A-EG-Z])"
    r"|(?P<c>first|second)[\s-]half(?![A-Za-z-])(?P<said>\sof\sthe\s(?:fiscal\s)?year)?|(?P<d>上|下)半年|(?P<e>first)\ssix\smonths"
    r"|(?P<f>1)月?\s?[-至到~]\s?6月)",
    re.IGNORECASE,
)
_NINE_MONTHS = re.compile(
    r"first\s(?:nine\smonths|three\squarters)(?![A-Za-z])|9M(?=FY|\s?'?\d\d)|前三(?:个)?(?:财季|季度)|1月?\s?[-至到~]\s?9月",
    re.I,
)
_NAMES = "|".join(f"{name[:3]}(?:{name[3:]})?" for _, name in MONTHS.values())
_NAME = rf"(?-i:{_NAMES}|Sept)\b\.?"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?(?![\d%A-Za-z]|[.,]\d|年)"
_MONTH = re.compile(
    rf"(?P<name>{_NAME})(?:\s(?P<day>{_DAY}))?|(?P<day2>{_DAY})\s(?:of\s)?(?P<name2>{_NAME})"
    r"|(?P<number>1[0-2]|0?[1-9])月(?:份|(?P<day3>[0-3]?\d)[日号])?",
    re.IGNORECASE,
)
_ISO = re.compile(r"[-/](?P<month>0[1-9]|1[0-2])(?:[-/](?P<day>[0-3]\d))?(?![\d-])")
_FORM = re.compile(r"(?P<fiscal>FY)?(?P<year>\d{4})?(?P<part>.*)")


def at(text: str, start: int) -> tuple[str, int] | None:
    """The normal form of the period that begins at `start`, and its end; '' for a date that names no year."""
    return _year_first(text, start) or _part_first(text, start)


def value(form: str) -> Decimal:
    """A number by which periods sort: the year, then its last month and day as decimals (2024Q3: 2024.09)."""
    match = _FORM.fullmatch(form)
    assert match
    part = match["part"]
    month, day = _last_month(part), part[4:] if part.count("-") == 2 else ""
    return Decimal(f"{match['year'] or 0}.{month}{day}") if month else Decimal(match["year"] or 0)


def meets(said: str, there: str) -> bool:
    """Whether a period is borne out by one of the passage: the same, or the same but for what is left unsaid.

    A year alone is met by any period of that year, fiscal or not; Q3 alone by the third quarter of any year.
    """
    mine, theirs = _FORM.fullmatch(said), _FORM.fullmatch(there)
    assert mine and theirs
    if mine["part"]:
        return said == there or (not mine["year"] and mine["part"] == theirs["part"])
    return mine["year"] == theirs["year"] and (not mine["fiscal"] or bool(theirs["fiscal"]))


def year_before(form: str) -> str:
    """The same part of the year before: 2024Q1 of 2025Q1. A period without a year stays as it is."""
    match = _FORM.fullmatch(form)
    assert match
    return f"{match['fiscal'] or ''}{int(match['year']) - 1}{match['part']}" if match["year"] else form


def write(form: str, language: Language) -> str:
    """The period in words: 2024财年第三季度, the third quarter of fiscal 2024."""
    match = _FORM.fullmatch(form)
    assert match
    return (_write_zh if language == "zh" else _write_en)(bool(match["fiscal"]), match["year"] or "", match["part"])


def _year_first(text: str, start: int) -> tuple[str, int] | None:
    match = _YEAR.match(text, start)
    if not match:
        return None
    fiscal = bool(match["fiscal"]) or "财" in (match["after"] or "") or "会计" in (match["after"] or "")
    fiscal = fiscal or bool(match["after"] and match["after"].strip().lower() == "fiscal year")
    year = _full_year(match["named"] or match["bare"])
    if not match["fiscal"] and not match["after"] and (iso := _ISO.match(text, match.end("bare"))):
        return f"{year}-{iso['month']}" + (f"-{iso['day']}" if iso["day"] else ""), iso.end()
    if match["second"]:
        if int(match["second"]) != (int(year) + 1) % 100:
            return (f"FY{year}" if fiscal else year), match.start("second") - 1
        fiscal, year = True, str(int(year) + 1)
    if part := _part(text, _YEAR_TO_PART.match(text, match.end()).end()):  # type: ignore[union-attr]
        code, end, fiscal_part, _ = part
        return f"{'FY' if (fiscal or fiscal_part) and code[0] != '-' else ''}{year}{code}", end
    return f"{'FY' if fiscal else ''}{year}", match.end()


def _part_first(text: str, start: int) -> tuple[str, int] | None:
    part = _part(text, start)
    if not part:
        return None
    code, end, fiscal, alone = part
    joint = _PART_TO_YEAR.match(text, end)
    assert joint
    year = _YEAR.match(text, joint.end())
    if (not year and text[start].isdigit()) or text[end : end + 2].strip()[:1] == "'":
        year = _SHORT_YEAR.match(text, end)
    if not year or year.groupdict().get("second"):
        return (code if alone else ""), end
    fiscal = fiscal or bool(year["fiscal"]) or "fiscal" in year.group().lower() or "财" in year.group()
    number = _full_year(year.groupdict().get("named") or year["bare"])
    return f"{'FY' if fiscal and code[0] != '-' else ''}{number}{code}", year.end()


def _part(text: str, start: int) -> tuple[str, int, bool, bool] | None:
    """A part of a year: its code, its end, whether it is said to be fiscal, whether it stands without a year."""
    if match := _NINE_MONTHS.match(text, start):
        return "Q1-Q3", match.end(), False, match.group()[0] == "前"
    if match := _QUARTER.match(text, start):
        said = match["a"] or match["b"] or match["c"] or match["d"]
        fiscal = bool(match["fiscal"] or match["fiscal2"] or match["fiscal3"])
        return f"Q{_ordinal(said)}", match.end(), fiscal, not (match["b"] or match["running"])
    if match := _HALF.match(text, start):
        second = "2" in (match["a"] or match["b"] or "") or match["c"] == "second" or match["d"] == "下"
        return f"H{1 + second}", match.end(), False, bool(match["said"] or match["d"])
    if match := _MONTH.match(text, start):
        name = match["name"] or match["name2"]
        month = MONTHS[name[:3].lower()][0] if name else int(match["number"])
        day = int((match["day"] or match["day2"] or match["day3"] or "0").rstrip("sthndr"))
        return f"-{month:02}" + (f"-{day:02}" if 1 <= day <= 31 else ""), match.end(), False, False
    return None


def _full_year(digits: str) -> str:
    year = digits if digits.isascii() else positional(digits)
    return year if len(year) == 4 else f"20{year}" if int(year) < 70 else f"19{year}"


def _ordinal(said: str) -> int:
    said = said.lower()
    return (
        int(said[0])
        if said[0].isdigit() and said.isascii()
        else ORDINALS.get(said) or _OF_FOUR.get(said) or CHINESE_DIGITS[said]
    )


def _last_month(part: str) -> str:
    if not part:
        return ""
    if part[0] == "-":
        return part[1:3]
    return f"{int(part[-1]) * (3 if part[0] == 'Q' else 6):02}"


def _write_zh(fiscal: bool, year: str, part: str) -> str:
    head = f"{year}{'财年' if fiscal else '年'}" if year else ""
    if part == "Q1-Q3":
        return f"{head}前三季度"
    if part.startswith("Q"):
        return f"{head}第{written(int(part[1]))}季度"
    if part.startswith("H"):
        return f"{head}{'上' if part == 'H1' else '下'}半年"
    month, _, day = part[1:].partition("-")
    return head + (f"{int(month)}月" if month else "") + (f"{int(day)}日" if day else "")


def _write_en(fiscal: bool, year: str, part: str) -> str:
    year = f"fiscal {year}" if fiscal else year
    if part.startswith("-"):
        month, _, day = part[1:].partition("-")
        name = next(name for number, name in MONTHS.values() if number == int(month))
        return f"{name} {int(day)}, {year}" if day else f"{name} {year}"
    if not part:
        return year
    nth = {"Q1-Q3": "first nine months"}.get(
        part
    ) or f"{list(ORDINALS)[int(part[1]) - 1]} {'quarter' if part[0] == 'Q' else 'half'}"
    rest = f" of {year}" if year else " of the year" if part[0] == "H" else ""
    return f"the {nth}{rest}"
