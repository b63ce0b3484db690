"""The grammar of figures: the table of cases, round trips between the languages, and texts meant to break it."""

import re
import time
from decimal import Decimal
from itertools import pairwise

import pytest
from figures_table import COMPARE, READ, WRITE, rows
from hypothesis import given, settings
from hypothesis import strategies as st

from ragbot.figures import compare, read, write
from ragbot.figures.vocabulary import CURRENCY_CODES, MEASURES, RATES
from ragbot.schema import Figure

_QUALIFIERS = {"about", "nearly", "over", "under", "at-least", "at-most", "up-to"}


def _expected(text: str) -> tuple[Decimal, str, str | None, str | None, str | None]:
    """A figure as the table writes it: value, unit, qualifier, rate, period."""
    value, unit, *rest = text.split()
    qualifier = next((word for word in rest if word in _QUALIFIERS), None)
    per = next((word[1:] for word in rest if word.startswith("/")), None)
    period = next((word[1:] for word in rest if word.startswith("@")), None)
    return Decimal(value), unit, qualifier, per, period


@pytest.mark.parametrize(("text", "figures"), rows(READ))
def test_reads(text: str, figures: str):
    found = [(f.value, f.unit, f.qualifier, f.per, f.period) for f in read(text)]
    assert found == ([] if figures == "-" else [_expected(figure) for figure in figures.split("; ")])


@pytest.mark.parametrize(("pair", "status"), rows(COMPARE))
def test_compares(pair: str, status: str):
    answer, _, passage = pair.partition("|")
    (figure,) = read(answer)
    assert compare(figure, read(passage))[0] == status


@pytest.mark.parametrize(("text", "forms"), rows(WRITE))
def test_writes(text: str, forms: str):
    figure = read(text)[0]
    assert f"{write(figure, 'zh')} | {write(figure, 'en')}" == forms


def test_the_figure_it_was_compared_with_is_named():
    here = read("收入351亿美元，数据中心收入308亿美元")
    assert compare(read("$30.8 billion")[0], here) == ("converted", here[1])


def test_the_same_form_is_preferred_to_a_converted_one():
    here = read("$3.7bn, that is $3.7 billion")
    assert compare(read("$3.7 billion")[0], here) == ("cited", here[1])


def test_a_qualifier_is_written_when_asked_for():
    figure = read("近50亿美元")[0]
    assert write(figure, "en", qualified=True) == "nearly $5 billion"
    assert write(figure, "zh", qualified=True) == "近50亿美元"


def test_both_languages_are_tested_alike():
    chinese = sum(bool(re.search(r"[\u4e00-\u9fff]", text)) for text, _ in rows(READ))
    assert 0.4 < chinese / len(rows(READ)) < 0.6
    assert len(rows(READ)) + len(rows(COMPARE)) + len(rows(WRITE)) >= 300


# Properties. Examples are not timed: what they measure on a busy machine is the machine.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

_amounts = st.decimals(min_value=Decimal("0.01"), max_value=10**15, places=2)
_small = st.integers(min_value=1, max_value=1800).map(Decimal)
_languages = st.sampled_from(["zh", "en"])
_measures = st.sampled_from(
    sorted({row[0] for row in MEASURES} - {"fraction", "percent", "point", "multiple", "years"})
)


def _written_and_read(figure: Figure, language) -> Figure:
    text = write(figure, language)
    (again,) = read(text)
    assert again.text == text.removeprefix("the ") or figure.per
    return again


@given(_amounts, st.sampled_from(sorted(CURRENCY_CODES)), _languages, st.sampled_from([None, *(r[0] for r in RATES)]))
def test_amounts_survive_writing_and_reading(value, unit, language, per):
    again = _written_and_read(Figure("", value, unit, (0, 0), per=per), language)
    assert (again.value, again.unit, again.per) == (value, unit, per)


@given(
    st.decimals(min_value=-1000, max_value=10**6, places=3),
    st.sampled_from(["percent", "point", "multiple"]),
    _languages,
)
def test_percentages_points_and_multiples_survive(value, unit, language):
    again = _written_and_read(Figure("", value, unit, (0, 0)), language)
    assert (again.value, again.unit) == (value, unit)


@given(_small, _measures, _languages)
def test_measures_survive(value, unit, language):
    again = _written_and_read(Figure("", value, unit, (0, 0)), language)
    assert (again.value, again.unit) == (value, unit)


@given(st.integers(min_value=1, max_value=10**15).map(Decimal), _languages)
def test_counts_survive(value, language):
    again = _written_and_read(Figure("", value, "count", (0, 0)), language)
    assert (again.value, again.unit) == (value, "count")


@given(st.integers(min_value=2, max_value=60), st.data(), _languages)
def test_fractions_survive(bottom, data, language):
    value = Decimal(data.draw(st.integers(min_value=1, max_value=bottom - 1))) / bottom
    again = _written_and_read(Figure("", value, "fraction", (0, 0)), language)
    assert (again.value, again.unit) == (value, "fraction")


@given(st.integers(min_value=1, max_value=120).map(Decimal), _languages)
def test_ranks_survive(value, language):
    again = _written_and_read(Figure("", value, "rank", (0, 0)), language)
    assert (again.value, again.unit) == (value, "rank")


_forms = st.builds(
    lambda fiscal, year, part: f"{fiscal}{year}{part}",
    st.sampled_from(["", "FY"]),
    st.integers(min_value=1950, max_value=2060),
    st.sampled_from(["", "Q1", "Q2", "Q3", "Q4", "H1", "H2", "Q1-Q3"]),
)
_dates = st.dates().filter(lambda day: 1950 <= day.year <= 2060).map(str)


@given(_forms | _dates | _dates.map(lambda date: date[:7]) | st.sampled_from(["Q1", "Q4", "H1", "H2"]), _languages)
def test_periods_survive(form, language):
    (figure,) = read(write(Figure("", Decimal(0), "period", (0, 0), period=form), language))
    assert figure.period == form


_PIECES = """37 1,234 3.7 2024 1/3 一百 三十 两 亿 万 十 美元 $ US$ RMB % 个百分点 倍 年 第 第三 季度 Q3 FY
GPT-4 half third one two hundred million billion and to a of in - ~ 、 和 至 , . [1] ( ) 近 约 over
每天 a day 分之 成 半 翻 No. ："""
_pieces = st.sampled_from([*_PIECES.split(), " ", "\n"])


@settings(max_examples=400, deadline=None)
@given(st.lists(_pieces | st.text(max_size=3), max_size=12).map("".join) | st.lists(_pieces, max_size=12).map(" ".join))
def test_any_text_is_read_and_spans_hold(text):
    figures = read(text)
    for figure in figures:
        assert text[slice(*figure.span)] == figure.text
        assert "E" not in write(figure, "zh") and write(figure, "en")
        assert compare(figure, figures)[0] == "cited"
    ends = [figure.span for figure in figures]
    assert all(left[1] <= right[0] for left, right in pairwise(ends))


_HOSTILE = """1, 9 一 $ 1,111 一1 $1- 1、 three_ a_ 1_ FY 2024- 每 2024年 Q3_of_ 约 二〇 1.1. [1 _ half_a_ 一点
$1_to_ 10%- 1_in_ http://a 百亿 1/ May_ first_ 三分之 第 翻 1:00"""


@pytest.mark.parametrize("piece", [piece.replace("_", " ") for piece in [*_HOSTILE.split(), "\n"]])
def test_time_grows_linearly_with_hostile_text(piece: str):
    short, long = (piece * (size // len(piece.encode())) for size in (25_000, 200_000))
    assert _seconds(long) < 3 + 24 * _seconds(short)


def _seconds(text: str) -> float:
    start = time.process_time()
    read(text)
    return time.process_time() - start
