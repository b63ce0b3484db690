"""The judge's own reader of figures.

ragbot.figures reads what answers are made of; a slip there must not be forgiven here, so that this reader shares no
code with it. A figure is read into a value with a unit. Shares and percentages are both fractions of one, so that
三分之一 is 'one third' and 两成 is 20%. Scales and currencies are understood in both languages.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations, permutations

from ragbot.evaluation.wording import normal

ZH_DIGITS = dict(zip("零〇一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
ZH_SCALES = {"万亿": 10**12, "千亿": 10**11, "百亿": 10**10, "亿": 10**8, "千万": 10**7, "百万": 10**6, "万": 10**4}
EN_SCALES = {"trillion": 10**12, "tn": 10**12, "billion": 10**9, "bn": 10**9, "b": 10**9, "million": 10**6,
             "mn": 10**6, "m": 10**6, "thousand": 10**3, "k": 10**3}  # fmt: skip
EN_WORDS = {word: number for number, word in enumerate(
    "zero one two three four five six seven eight nine ten eleven twelve".split())}  # fmt: skip
EN_TIMES = {"twice": "2", "doubled": "2", "double": "2", "tripled": "3", "quadrupled": "4"}
EN_PARTS = {"half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fifth": 5, "fifths": 5}
BEFORE = {"us$": "USD", "nt$": "TWD", "hk$": "HKD", "$": "USD", "usd": "USD", "rmb": "CNY", "cny": "CNY", "¥": "CNY",
          "人民币": "CNY", "新台币": "TWD", "€": "EUR", "eur": "EUR", "£": "GBP", "gbp": "GBP"}  # fmt: skip
AFTER = {"美元": "USD", "美金": "USD", "us dollars": "USD", "dollars": "USD", "dollar": "USD", "usd": "USD",
         "欧元": "EUR", "euros": "EUR", "euro": "EUR", "eur": "EUR", "英镑": "GBP", "pounds": "GBP", "gbp": "GBP",
         "日元": "JPY", "yen": "JPY", "港元": "HKD", "人民币": "CNY", "元": "CNY", "yuan": "CNY",
         "rmb": "CNY"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Number:
    """A figure: value in units; `half` is half of the last place shown: how far a rounded figure may be off.

    `cents`: the value as it is written, where that is in hundredths of the unit.
    """

    text: str
    value: Decimal
    unit: str
    half: Decimal
    start: int
    cents: Decimal | None = None


def _either(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_ZH = r"[零〇一二两三四五六七八九十百]"
_EN = _either(EN_WORDS)
_NUMBER = re.compile(
    rf"(?P<before>(?:{_either(BEFORE)})\s?)?"
    r"(?:(?<![\d.])(?<!\d,)(?<![a-z])(?<![a-z]-)"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?!\d|st\b|nd\b|rd\b|th\b)"
    rf"|(?P<zh>{_ZH}+)(?=\s?(?:倍|{_either(ZH_SCALES)}))"
    rf"|\b(?P<en>{_EN})(?=[ -]?(?:times|percent|{_either(EN_SCALES)})\b))"
    rf"(?:\s?(?P<zhscale>{_either(ZH_SCALES)})|[\s-]?(?P<enscale>{_either(EN_SCALES)})(?![a-z]))?"
    r"(?:\s?(?P<percent>%|个百分点|percentage points?|per cent|percent)"
    r"|[\s-]?(?P<times>倍|times(?![a-z])|fold(?![a-z])|x(?![a-z]))"
    rf"|(?P<year>\s?(?:财年|年(?![a-z均])))|\s?(?P<after>{_either(AFTER)})(?![a-z]))?"
)
_SHARES: list[tuple[re.Pattern[str], Callable[[re.Match[str]], Decimal]]] = [
    (re.compile(rf"百分之(\d+(?:\.\d+)?|{_ZH}+)"), lambda m: _zh(m[1]) / 100),
    (re.compile(rf"(\d+|{_ZH}+)分之(\d+|{_ZH}+)"), lambda m: _zh(m[2]) / _zh(m[1])),
    (re.compile(rf"(?<!\d)(\d|{_ZH})成({_ZH})?(?![为本立])"),
     lambda m: _zh(m[1]) / 10 + (_zh(m[2]) / 100 if m[2] else 0)),
    (re.compile(r"一半"), lambda m: Decimal("0.5")),
    (re.compile(r"(?<![\d/])(\d)/(\d{1,2})(?![\d/])"), lambda m: Decimal(m[1]) / (Decimal(m[2]) or 1)),
    (re.compile(rf"(?<!and )\b({_EN}|an?)[ -](halves|half|thirds?|quarters?|fifths?)\b(?! (?:of )?(?:fiscal|20\d\d))"),
     lambda m: Decimal(EN_WORDS.get(m[1], 1)) / EN_PARTS[m[2]]),
    (re.compile(r"(?<!second )(?<!first )(?<!a )\bhalf\b(?! of 20)"), lambda m: Decimal("0.5")),
    (re.compile(rf"\b({_EN}) in ({_EN})\b"), lambda m: Decimal(EN_WORDS[m[1]]) / (EN_WORDS[m[2]] or 1)),
]  # fmt: skip
_TIMES_WORD = re.compile(rf"\b(?:(?P<word>{_either(EN_TIMES)})|(?P<en>{_EN})-?fold|(?P<and>{_EN}) and a half times)\b")
_COUNT_WORD = re.compile(
    rf"\b({_EN})\b|(?<=第)([一二三四五六七八九十])|([一二两三四五六七八九十])(?=[家个座艘项种倍位])"
)
_MONTHS = {name: number for number, name in enumerate(
    "january february march april may june july august september october november december".split(), 1)}  # fmt: skip
_MONTH = re.compile(
    rf"\b({_either(set(_MONTHS) - {'may'})})\b|\b(?:in|by|since|until|from|to|of|early|late) (may)\b|\b(may)(?= \d)"
)
_CENTS = re.compile(r" ?(?:(?P<usd>(?:us )?cents?\b|美分)|(?P<eur>euro cents?\b|欧分)|(?P<gbp>pence\b|便士))")
_RANGE = re.compile(r"\s*(?:-|–|—|~|至|到|to)\s*")
_UNIT_OF_COLUMN = re.compile(r"[（(]([^（）()]+)[)）]\s*$")
_MARKER = re.compile(r"\[\d+\]|^\s*(?:\d{1,2}[.)、]|[-*•])\s+", re.MULTILINE)


def numbers(text: str, counted: bool = False) -> list[Number]:
    """The figures of a text, in order. `counted` reads numbers in words too (seven countries, 七个国家, June)."""
    text = normal(_MARKER.sub(" ", text))
    found: list[Number] = []
    taken: list[tuple[int, int]] = []
    for pattern, share in _SHARES:
        for match in pattern.finditer(text):
            if not any(start < match.end() and match.start() < end for start, end in taken):
                taken.append(match.span())
                found.append(Number(match.group(), share(match), "share", Decimal(0), match.start()))
    for match in _TIMES_WORD.finditer(text):
        times = EN_TIMES.get(match["word"] or "") or EN_WORDS.get(match["en"] or "") or f"{EN_WORDS[match['and']]}.5"
        found.append(Number(match.group(), Decimal(times), "times", Decimal(0), match.start()))
    plain = [m for m in _NUMBER.finditer(text) if not any(s < m.end() and m.start() < e for s, e in taken)]
    found += [
        _number(match, _range_end(text, match, after)) for match, after in zip(plain, [*plain[1:], None], strict=False)
    ]
    if counted:
        for match in _COUNT_WORD.finditer(text):
            value = Decimal(EN_WORDS[match[1]]) if match[1] else _zh(match[2] or match[3])
            found.append(Number(match.group(), value, "", Decimal(0), match.start()))
        for match in _MONTH.finditer(text):  # 6月
            month = _MONTHS[match[match.lastindex or 0]]
            found.append(Number(match.group(), Decimal(month), "", Decimal(0), match.start()))
    return sorted(found, key=lambda number: number.start)


def _range_end(text: str, match: re.Match[str], after: re.Match[str] | None) -> re.Match[str] | None:
    """The figure whose unit a bare one shares: the 20 of '20-25%' is a percentage too."""
    bare = not any(match[part] for part in ("zhscale", "enscale", "percent", "times", "year", "after"))
    year = re.fullmatch(r"(?:19|20)\d\d", match["digits"] or "") and re.search(
        r"\b(?:in|of|by) $", text[: match.start()]
    )
    return after if bare and not year and after and _RANGE.fullmatch(text[match.end() : after.start()]) else None


def _number(match: re.Match[str], like: re.Match[str] | None) -> Number:
    tail = like or match
    cents = None
    shown = (match["digits"] or "").replace(",", "")
    value = Decimal(shown) if shown else _zh(match["zh"]) if match["zh"] else Decimal(EN_WORDS[match["en"]])
    scale = Decimal(ZH_SCALES.get(tail["zhscale"] or "") or EN_SCALES.get(tail["enscale"] or "") or 1)
    if tail["percent"]:
        scale, unit = Decimal("0.01"), "share"
    elif tail["times"]:
        unit = "times"
    elif cents := _CENTS.match(match.string, match.end("digits")) if shown and not match["before"] else None:
        scale, unit = Decimal("0.01"), (cents.lastgroup or "").upper()
    elif match["before"] or tail["after"]:
        unit = BEFORE[match["before"].strip()] if match["before"] else AFTER[tail["after"]]
    else:
        year = tail["year"] or (scale == 1 and "." not in shown and "," not in shown and 1900 <= value <= 2100)
        unit = "year" if year else ""
    place = Decimal(1).scaleb(-len(shown.partition(".")[2])) * scale / 2 if len(shown.replace(".", "")) > 1 else 0
    half = Decimal(0 if unit == "year" else place)
    return Number(match.group().strip(), value * scale, unit, half, match.start(), value if cents else None)


def _zh(text: str) -> Decimal:
    """A small number in digits or in Chinese numerals: 二十五 is 25."""
    if text[0].isdigit():
        return Decimal(text)
    total = digit = 0
    for sign in text:
        if sign in "十百":
            total, digit = total + (digit or 1) * (10 if sign == "十" else 100), 0
        else:
            digit = ZH_DIGITS[sign]
    return Decimal(total + digit) or Decimal(1)


def agree(a: Number, b: Number, rounded: bool = False) -> bool:
    """Whether two figures are the same; `rounded` also lets `a` be `b` with fewer places."""
    if b.cents is not None and not a.unit:  # a bare 11.2 for 11.2 cents
        b = replace(b, value=b.cents)
    elif a.cents is not None and not b.unit:
        a = replace(a, value=a.cents, half=a.half * 100)
    units = a.unit == b.unit or "" in (a.unit, b.unit)
    return units and abs(a.value - b.value) <= max(a.half if rounded else Decimal(0), abs(b.value) * Decimal("1e-9"))


def unsupported(text: str, support: str, question: str = "") -> list[Number]:
    """Figures of an answer that its cited text does not hold.

    A result of two or more supported figures that stand in the answer too (sum, difference, ratio) is held; so is a
    figure of the question that the answer denies ('不是308万美元').
    """
    held = numbers(support, counted=True) + numbers(_cells_in_units(support))
    plain = normal(_MARKER.sub(" ", text))
    figures = [_operand(figure, plain, held) for figure in numbers(text)]
    good = [a for a in figures if any(agree(a, b, rounded=True) for b in held)]
    asked = numbers(question)
    return [
        figure
        for figure in figures
        if figure not in good
        and not _derived(figure, good)
        and not (any(agree(figure, a) for a in asked) and _denied(plain, figure))
    ]


def _cells_in_units(support: str) -> str:
    """The cells of quoted tables, each with the unit that its heading has in brackets: 61.8 of "Sales (million t)"."""
    lines = [line.split(" | ") for line in support.splitlines() if " | " in line]
    found: list[str] = []
    for head, row in ((head, row) for at, head in enumerate(lines) for row in lines[at + 1 :]):
        units = [_UNIT_OF_COLUMN.search(cell) for cell in head[-len(row) :]]  # a heading may stand after other text
        if len(units) == len(row):
            found += [f"{cell} {unit[1]}" for cell, unit in zip(row, units, strict=True) if unit]
    return "\n".join(found)


def _operand(figure: Number, text: str, held: Sequence[Number]) -> Number:
    """A bare number of a sum, such as the 351 of '351-308', as the figure that is written with those digits."""
    beside = text[: figure.start].rstrip()[-1:] + text[figure.start + len(figure.text) :].lstrip()[:1]
    if not re.fullmatch(r"[\d.,]+", figure.text) or not re.search(r"[-+−–÷/×*=]", beside):
        return figure
    digits = re.compile(rf"(?<![\d.]){re.escape(figure.text)}(?![\d.])")
    return next((replace(other, start=figure.start) for other in held if digits.search(other.text)), figure)


_DENIAL = re.compile(r"(?:不是|并非|没有|而非|不为|不到|\bnot\b|n't\b|rather than|instead of|\bno\b)[^。;；]{0,40}$")


def _denied(text: str, figure: Number) -> bool:
    return bool(_DENIAL.search(text[max(0, figure.start - 50) : figure.start]))


def _derived(figure: Number, operands: Sequence[Number]) -> bool:
    """Whether it is the sum of up to five operands of one unit, or the difference, ratio or growth of two.

    Or a share of an operand, or what an operand is that share of.
    """
    distinct = list({(n.value, n.unit): n for n in operands if n.unit != "year"}.values())
    for size in range(2, min(len(distinct), 5) + 1):
        for some in combinations(distinct, size):
            total = sum((n.value for n in some), Decimal(0))
            if len({n.unit for n in some}) == 1 and _equals(figure, total, some[0].unit):
                return True
    for a, b in permutations(distinct, 2):
        of_share = b.unit == "share" != a.unit and bool(b.value)  # a part of a whole, and the whole of a part
        if of_share and any(_equals(figure, value, a.unit) for value in (a.value * b.value, a.value / b.value)):
            return True
        if a.unit != b.unit:
            continue
        ratio = a.value / b.value if b.value else Decimal(0)
        as_share = figure.unit == "share" and (_equals(figure, ratio, "share") or _equals(figure, ratio - 1, "share"))
        as_times = figure.unit in ("times", "") and _equals(figure, ratio, "times")
        if as_share or as_times or _equals(figure, a.value - b.value, a.unit):
            return True
    return False


def _equals(figure: Number, value: Decimal, unit: str) -> bool:
    return agree(figure, Number("", value, unit, Decimal(0), 0), rounded=True)
