"""Judges of answers, independent of the code that made them: nothing of ragbot is imported here.

A figure is read by the reader below, into a value with a unit. Shares and percentages are both fractions of one, so
that 三分之一 is 'one third' and 两成 is 20%. Scales and currencies are understood in both languages.
"""

import random
import re
import statistics
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from itertools import combinations, permutations
from typing import Any

# reading figures

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
    """A figure: value in units; `half` is half of the last place shown: how far a rounded figure may be off."""

    text: str
    value: Decimal
    unit: str
    half: Decimal
    start: int


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
_COUNT_WORD = re.compile(rf"\b({_EN})\b|([一二两三四五六七八九十])(?=[家个座艘项种倍位])")
_RANGE = re.compile(r"\s*(?:-|–|—|~|至|到|to)\s*")
_MARKER = re.compile(r"\[\d+\]|^\s*(?:\d{1,2}[.)、]|[-*•])\s+", re.MULTILINE)


def numbers(text: str, counted: bool = False) -> list[Number]:
    """The figures of a text, in order. `counted` reads small numbers in words too ('seven countries', 七个国家)."""
    text = normal(_MARKER.sub(" ", text))
    found, taken = [], []
    for pattern, value in _SHARES:
        for match in pattern.finditer(text):
            if not any(start < match.end() and match.start() < end for start, end in taken):
                taken.append(match.span())
                found.append(Number(match.group(), value(match), "share", Decimal(0), match.start()))
    for match in _TIMES_WORD.finditer(text):
        value = EN_TIMES.get(match["word"] or "") or EN_WORDS.get(match["en"] or "") or f"{EN_WORDS[match['and']]}.5"
        found.append(Number(match.group(), Decimal(value), "times", Decimal(0), match.start()))
    plain = [m for m in _NUMBER.finditer(text) if not any(s < m.end() and m.start() < e for s, e in taken)]
    found += [
        _number(match, _range_end(text, match, after)) for match, after in zip(plain, [*plain[1:], None], strict=False)
    ]
    if counted:
        for match in _COUNT_WORD.finditer(text):
            value = Decimal(EN_WORDS[match[1]]) if match[1] else _zh(match[2])
            found.append(Number(match.group(), value, "", Decimal(0), match.start()))
    return sorted(found, key=lambda number: number.start)


def _range_end(text: str, match: re.Match[str], after: re.Match[str] | None) -> re.Match[str] | None:
    """The figure whose unit a bare one shares: the 20 of '20-25%' is a percentage too."""
    bare = not any(match[part] for part in ("zhscale", "enscale", "percent", "times", "year", "after"))
    return after if bare and after and _RANGE.fullmatch(text[match.end() : after.start()]) else None


def _number(match: re.Match[str], like: re.Match[str] | None) -> Number:
    tail = like or match
    shown = (match["digits"] or "").replace(",", "")
    value = Decimal(shown) if shown else _zh(match["zh"]) if match["zh"] else Decimal(EN_WORDS[match["en"]])
    scale = Decimal(ZH_SCALES.get(tail["zhscale"] or "") or EN_SCALES.get(tail["enscale"] or "") or 1)
    if tail["percent"]:
        scale, unit = Decimal("0.01"), "share"
    elif tail["times"]:
        unit = "times"
    elif match["before"] or tail["after"]:
        unit = BEFORE[match["before"].strip()] if match["before"] else AFTER[tail["after"]]
    else:
        year = tail["year"] or (scale == 1 and "." not in shown and "," not in shown and 1900 <= value <= 2100)
        unit = "year" if year else ""
    place = Decimal(1).scaleb(-len(shown.partition(".")[2])) * scale / 2 if len(shown.replace(".", "")) > 1 else 0
    return Number(match.group().strip(), value * scale, unit, Decimal(0 if unit == "year" else place), match.start())


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
    units = a.unit == b.unit or "" in (a.unit, b.unit)
    return units and abs(a.value - b.value) <= max(a.half if rounded else Decimal(0), abs(b.value) * Decimal("1e-9"))


def unsupported(text: str, support: str, question: str = "") -> list[Number]:
    """Figures of an answer that its cited text does not hold.

    A result of two or more supported figures that stand in the answer too (sum, difference, ratio) is held; so is a
    figure of the question that the answer denies ('不是308万美元').
    """
    held = numbers(support, counted=True)
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
    """Whether it is the sum of up to five operands of one unit, or the difference, ratio or growth of two."""
    distinct = list({(n.value, n.unit): n for n in operands if n.unit != "year"}.values())
    for size in range(2, min(len(distinct), 5) + 1):
        for some in combinations(distinct, size):
            if len({n.unit for n in some}) == 1 and _equals(figure, sum(n.value for n in some), some[0].unit):
                return True
    for a, b in permutations(distinct, 2):
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


# reading words


def normal(text: str) -> str:
    """Lower case, half width, Simplified characters: what comparisons are made on."""
    return _simplifier().convert(unicodedata.normalize("NFKC", text).casefold())


@cache
def _simplifier() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


def fact_found(fact: str, text: str) -> bool:
    """Whether one of the alternatives (parted by '|') is in the text: a figure by value, words as they stand."""
    return any(_stands(alternative.strip(), text) for alternative in fact.split("|"))


def is_figure(fact: str) -> bool:
    """Whether every alternative that holds a digit or numeral is nothing but a figure."""
    return any(_figure_alone(alternative.strip()) for alternative in fact.split("|"))


def _figure_alone(words: str) -> Number | None:
    """The figure, where the words are a figure and nothing else."""
    read = numbers(words)
    rest = normal(words)
    for number in read:
        rest = rest.replace(number.text, "", 1)
    return read[0] if len(read) == 1 and not re.search(r"\w", rest) else None


def _stands(words: str, text: str) -> bool:
    figure = _figure_alone(words)
    if figure:
        return any(agree(figure, other) for other in numbers(text))
    start = r"(?<![a-z0-9])" if words[0].isascii() and words[0].isalnum() else ""
    return bool(re.search(start + re.escape(normal(words)), normal(text)))


REFUSALS = (
    # English
    "does not provide", "do not provide", "doesn't provide", "don't provide", "did not provide", "not provided",
    "does not mention", "do not mention", "doesn't mention", "not mentioned", "no mention", "does not contain",
    "do not contain", "doesn't contain", "does not specify", "do not specify", "not specified", "does not include",
    "do not include", "not included in", "does not say", "do not say", "does not state", "not stated",
    "does not give", "do not give", "does not disclose", "not disclosed", "no information", "not enough information",
    "insufficient information", "cannot be determined", "cannot determine", "cannot answer", "can't answer",
    "unable to", "i cannot", "i can't", "i'm sorry", "i am sorry", "i do not have", "i don't have", "not available",
    "none of the sources", "not found in", "empty response", "as an ai", "unknown", "not applicable",
    # Chinese
    "没有提供", "未提供", "没有提到", "未提到", "未提及", "没有提及", "没有给出", "未给出", "没有说明",
    "未说明", "没有包含", "未包含", "不包含", "没有涉及", "未涉及", "没有信息", "没有相关", "无相关",
    "没有足够", "信息不足", "无法回答", "无法确定", "无法提供", "无法得知", "不能回答", "不能确定", "未披露",
    "没有披露", "未公布", "没有公布", "没有找到", "未找到", "不知道", "抱歉", "对不起", "没有具体",
    "未明确", "没有明确",
)  # fmt: skip
"""How models say that they do not know. An answer that holds one of these counts as a refusal."""


def is_refusal(text: str) -> bool:
    """Whether an engine that has no flag for it refused: by `REFUSALS`, or by saying nothing."""
    plain = normal(text).replace("’", "'").strip()
    return not plain or any(phrase in plain for phrase in REFUSALS)


_SOURCE = re.compile(r"[（(](?:source|sources|来源)[:：].*?[)）](?=[.。;；]|$|\s*\[)", re.IGNORECASE)


def language_of(text: str) -> str | None:
    """zh, en, or None where only figures and names stand. English is told by its small words, which Chinese has not."""
    text = _SOURCE.sub("", text)
    han, small = len(re.findall(r"[\u4e00-\u9fff]", text)), len(re.findall(r"\b[a-z]{2,}\b", text))
    if not han and not small:
        return None
    return "en" if 2 * small >= han else "zh"


_END = re.compile(r"(?:[。！？]|(?<!\bvs)(?<!\bU\.S)[.!?](?=[\s\[]|$)|\n)(?:[”\"’)）]?)(?:\s*\[\d+\])*\s*")
_CITED = re.compile(r"\[(?:source )?(\d+)\]", re.IGNORECASE)


def statements(text: str) -> list[tuple[str, list[int]]]:
    """The sentences of an answer and the numbers each cites; headings, list intros and crumbs are left out."""
    parts, start = [], 0
    for end in _END.finditer(text):
        parts.append(text[start : end.end()])
        start = end.end()
    parts.append(text[start:])
    found: list[tuple[str, list[int]]] = []
    for part in parts:
        words = re.sub(r"[\W_\d]", "", _CITED.sub("", part))
        if len(words) < 4 and not numbers(part):
            if found and (more := [int(n) for n in _CITED.findall(part)]):
                found[-1][1].extend(more)
        elif not part.rstrip().endswith((":", "：")):
            found.append((part.strip(), [int(n) for n in _CITED.findall(part)]))
    return found


_STOP = frozenset("the and for that with was were are has have had its from this which than but not more".split())


def terms(text: str) -> set[str]:
    """Content words: English by their first five letters, Chinese by pairs of characters."""
    plain = normal(_CITED.sub(" ", _SOURCE.sub("", text)))
    english = {word[:5] for word in re.findall(r"[a-z]{3,}", plain) if word not in _STOP}
    return english | {run[i : i + 2] for run in re.findall(r"[\u4e00-\u9fff]+", plain) for i in range(len(run) - 1)}


def overlaps(quote: str, gold: str) -> bool:
    """Whether a quote holds most of a gold quote, or lies in it."""
    a, b = terms(quote), terms(gold)
    return bool(a and b) and len(a & b) >= 0.7 * min(len(a), len(b))


def supports(quote: str, statement: str) -> bool:
    """Whether a quote holds most of a statement's words; across languages, the names, and there must be an anchor."""
    same = language_of(quote) == language_of(statement)
    said = terms(statement) if same else {word for word in terms(statement) if word.isascii()}
    anchored = bool(said) or any(agree(a, b, True) for a in numbers(statement) for b in numbers(quote, counted=True))
    return anchored and len(said & terms(quote)) >= 0.6 * len(said)


_FIRST = re.compile(r"最[高大快多低小慢少]|第一(?!季)|highest|largest|biggest|fastest|lowest|smallest|slowest|\bmost\b")
_UP = re.compile(r"增长|增加|上升|升至|涨|\b(?:up|rose|rise|grew|grow|growth|increased?)\b")
_DOWN = re.compile(r"下降|减少|下滑|降至|跌|\b(?:down|fell|fall|dropped|decreased?|declined?)\b")


def contradicts(quotes: Sequence[str], statement: str) -> bool:
    """Whether the quotes tell a rise as a fall, or the statement ranks what a single quote does not rank."""
    said, held = normal(statement), normal("\n".join(quotes))
    ranked = _FIRST.search(said) and not _FIRST.search(held) and len(quotes) < 2
    reversed_ = any(
        a.search(said) and not b.search(said) and b.search(held) and not a.search(held)
        for a, b in ((_UP, _DOWN), (_DOWN, _UP))
    )
    return bool(ranked or reversed_)


# judging an answer


@dataclass(frozen=True)
class Verdict:
    """What one answer was worth. Counts are over the answer's figures, citations and statements."""

    id: str
    kind: str
    answerable: bool
    refused: bool
    right: bool
    figures: int = 0
    unsupported: list[str] = field(default_factory=list)
    citations: int = 0
    citations_right: int = 0
    statements: int = 0
    statements_cited: int = 0
    language_right: bool = True
    milliseconds: int = 0
    missing: list[str] = field(default_factory=list)


def judge(case: dict[str, Any], row: dict[str, Any]) -> Verdict:
    """A test-set row against an answer row. `row["passages"]`: what each citation stands in, else its quote."""
    text, refused = row["answer"], bool(row["refused"])
    missing = [fact for fact in case["facts"] if not fact_found(fact, text)]
    right = not missing and not refused if case["answerable"] else refused
    failed = bool(row.get("error"))
    common = {
        "id": case["id"],
        "kind": case["kind"],
        "answerable": case["answerable"],
        "refused": refused and not failed,
        "right": right and not failed,
        "language_right": language_of(text) in (case["language"], None),
        "milliseconds": row["timings"]["total_ms"],
        "missing": missing,
    }
    if refused or failed:
        return Verdict(**common)
    said = statements(text)
    asked = " ".join([*case["history"], case["question"]])
    held = "\n".join(row.get("passages") or [citation["quote"] for citation in row["citations"]])
    marks = _judge_citations(case, row["citations"], said)
    return Verdict(
        **common,
        figures=len(numbers(text)),
        unsupported=[number.text for number in unsupported(text, held, asked)],
        citations=len(marks),
        citations_right=sum(marks),
        statements=len(said),
        statements_cited=sum(bool(cited) for _, cited in said),
    )


def _judge_citations(
    case: dict[str, Any], citations: Sequence[dict[str, Any]], said: Sequence[tuple[str, list[int]]]
) -> list[bool]:
    """For each citation of each statement: together they hold its figures, and each its words or the gold evidence.

    A judge of words, not of meaning: an upper bound. Ranks and directions are looked at, other verbs are not.
    """
    quotes = {citation["number"]: citation["quote"] for citation in citations}
    gold = [quote for alternatives in case["evidence"] for quote in alternatives]
    marks = []
    for statement, cited in said:
        together = [quotes[number] for number in dict.fromkeys(cited) if number in quotes]
        held = not unsupported(statement, "\n".join(together), case["question"])
        held = held and not contradicts(together, statement)
        for number in cited:
            quote = quotes.get(number, "")
            to_the_point = any(overlaps(quote, g) for g in gold) or supports(quote, statement)
            marks.append(bool(quote) and held and to_the_point)
    return marks


# summing up

RATES: dict[str, Callable[[Sequence[Verdict]], float | None]] = {
    "right": lambda vs: _share(v.right for v in vs if v.answerable),
    "refused": lambda vs: _share(v.refused for v in vs if not v.answerable),
    "answerable_refused": lambda vs: _share(v.refused for v in vs if v.answerable),
    "citations_right": lambda vs: _ratio(sum(v.citations_right for v in vs), sum(v.citations for v in vs)),
    "statements_cited": lambda vs: _ratio(sum(v.statements_cited for v in vs), sum(v.statements for v in vs)),
    "language_right": lambda vs: _share(v.language_right for v in vs),
    "figures_unsupported": lambda vs: float(sum(len(v.unsupported) for v in vs)) if vs else None,
}


def summary(verdicts: Sequence[Verdict], resamples: int = 1000) -> dict[str, Any]:
    """Each rate with its 95% interval (percentile bootstrap over rows, fixed seed), latency, and counts by kind."""
    draw = random.Random(1)
    samples = [draw.choices(verdicts, k=len(verdicts)) for _ in range(resamples)] if verdicts else []
    rates = {name: {"value": rate(verdicts), "interval": _interval(rate, samples)} for name, rate in RATES.items()}
    kinds = dict.fromkeys(v.kind for v in verdicts)
    return {
        "rows": len(verdicts),
        **rates,
        "figures": sum(v.figures for v in verdicts),
        "median_ms": round(statistics.median(v.milliseconds for v in verdicts)) if verdicts else None,
        "by_kind": {kind: _confusion([v for v in verdicts if v.kind == kind]) for kind in kinds},
    }


def _confusion(verdicts: Sequence[Verdict]) -> dict[str, int]:
    """Answerable rows are right, wrong or refused; the others are refused or answered."""
    can = [v for v in verdicts if v.answerable]
    cannot = [v for v in verdicts if not v.answerable]
    return {
        "right": sum(v.right for v in can),
        "wrong": sum(not v.right and not v.refused for v in can),
        "refused_answerable": sum(v.refused for v in can),
        "refused_unanswerable": sum(v.refused for v in cannot),
        "answered_unanswerable": sum(not v.refused for v in cannot),
    }


def _interval(rate: Callable[[Sequence[Verdict]], float | None], samples: Sequence[Sequence[Verdict]]) -> list[float]:
    values = sorted(value for value in map(rate, samples) if value is not None)
    return [values[int(at * (len(values) - 1))] for at in (0.025, 0.975)] if values else []


def _share(flags: Iterable[bool]) -> float | None:
    flags = list(flags)
    return _ratio(sum(flags), len(flags))


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def faults(verdicts: Sequence[Verdict]) -> list[dict[str, Any]]:
    """Each row that is not as it should be, and why."""
    found = []
    for v in verdicts:
        why = [
            *([f"facts missing: {', '.join(v.missing)}"] if v.answerable and not v.refused and v.missing else []),
            *(["refused"] if v.answerable and v.refused else []),
            *(["answered"] if not v.answerable and not v.refused else []),
            *([f"unsupported: {', '.join(v.unsupported)}"] if v.unsupported else []),
            *(["citation"] if v.citations_right < v.citations else []),
            *(["uncited statement"] if v.statements_cited < v.statements else []),
            *([] if v.language_right else ["language"]),
        ]
        if why:
            found.append({"id": v.id, "why": "; ".join(why)})
    return found
