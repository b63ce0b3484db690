"""What search sees of a text in either language, and where its sentences end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragbot.dictionary import translations
from ragbot.language import detect, fold, searchable, sentences, words
from ragbot.segments import clauses

WORDS = [
    # Chinese words, function words left out
    ("英伟达的数据中心业务收入是多少？", {"英伟达", "数据中心", "业务", "收入"}),
    # Traditional as Simplified
    ("數據中心的營收", {"数据中心", "营收"}),
    # full width as half width
    ("２０２４年Ｑ３", {"2024", "q3"}),
    # figures whole, thousands separators aside
    ("revenue of 1,234.5 million", {"revenu", "1234.5", "million"}),
    ("收入308亿美元", {"收入", "308"}),
    # English stems
    ("companies were growing", {"compani", "grow"}),
    # names whole, and by their parts where one would ask for them so
    ("GPT-4", {"gpt-4"}),
    ("AT&T and Johnson & Johnson", {"at&t", "johnson"}),
    ("U.S. exports", {"us", "export"}),
    ("FY2024 results", {"fy2024", "2024", "result"}),
    ("5G networks", {"5g", "5", "network"}),
    ("long-term debt", {"long-term", "long", "term", "debt"}),
    ("Huguenots in Curaçao", {"huguenot", "curacao"}),
    # both at once
    ("微软（Microsoft）的Azure云", {"微软", "microsoft", "azur", "云"}),
    ("", set()),
    ("的了吗？…", set()),
]


@pytest.mark.parametrize(("text", "expected"), WORDS)
def test_words_that_search_sees(text, expected):
    assert expected <= set(searchable(text))
    assert expected or not searchable(text)


SENTENCES = [
    # zh
    ("收入增长。利润下降！为什么？", ["收入增长。", "利润下降！", "为什么？"]),
    ("他说：“增长很快。”然后离开。", ["他说：“增长很快。”", "然后离开。"]),
    ("毛利率为3.5%。第二句。", ["毛利率为3.5%。", "第二句。"]),
    ("收入（来源：A. B. Smith. Report）上升。完。", ["收入（来源：A. B. Smith. Report）上升。", "完。"]),
    ("數據中心收入增長。利潤下降。", ["數據中心收入增長。", "利潤下降。"]),
    # en
    ("Dr. Smith paid $3.5 million. It was late.", ["Dr. Smith paid $3.5 million.", "It was late."]),
    ("The U.S. economy grew. Inflation fell.", ["The U.S. economy grew.", "Inflation fell."]),
    ("Nvidia Corp. said so. Really?", ["Nvidia Corp. said so.", "Really?"]),
    ('"It works," he said. "It does!" She left.', ['"It works," he said.', '"It does!"', "She left."]),
    ("See Fig. 3 for details. Then stop.", ["See Fig. 3 for details.", "Then stop."]),
    ("At 5 p.m. it closed. Nobody came.", ["At 5 p.m. it closed.", "Nobody came."]),
    ("J. R. R. Tolkien wrote it. I read it.", ["J. R. R. Tolkien wrote it.", "I read it."]),
    # both
    ("OpenAI推出GPT-4.5。It costs $200.", ["OpenAI推出GPT-4.5。", "It costs $200."]),
    # bullets and tables: a block is no longer than its blank lines allow
    ("- first point\n\n- second point", ["- first point", "- second point"]),
    ("Revenue | 30.8 | 112%\n\nCost | 1.2 | 3%", ["Revenue | 30.8 | 112%", "Cost | 1.2 | 3%"]),
    # no punctuation at all
    ("no stop anywhere in this line", ["no stop anywhere in this line"]),
    ("没有标点的一行", ["没有标点的一行"]),
    ("", []),
]


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_sentences(text, expected):
    assert [text[start:end] for start, end in sentences(text)] == expected


MIXED = st.text(alphabet=st.sampled_from("ab A1.,!?。！？，；“”\"'()（） \n-–中文數據3．"), max_size=80)


@given(MIXED)
def test_sentences_lose_no_text_and_stand_in_order(text):
    spans = sentences(text)
    at = 0
    for start, end in spans:
        assert at <= start < end
        assert not text[at:start].strip()
        assert text[start:end] == text[start:end].strip()
        at = end
    assert not text[at:].strip()


@given(MIXED)
def test_clauses_lose_no_text(sentence):
    found = clauses(sentence)
    assert not found or "".join("".join(found).split()) == "".join(sentence.split())


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


@given(MIXED)
def test_words_hold_no_space(text):
    assert all(word and word == word.strip() and " " not in word for word in words(text))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("英伟达收入多少？", "zh"),
        ("What did 英伟达 earn?", "en"),
        ("NVIDIA GPU 收入", "zh"),
        ("12%", "en"),
        ("輝達營收", "zh"),
    ],
)
def test_language_by_its_own_words(text, language):
    assert detect(text) == language


@pytest.mark.parametrize(
    ("word", "translation"),
    [("英伟达", "nvidia"), ("利润", "profit"), ("profit", "利润"), ("nvidia", "英伟达"), ("超级碗", "bowl")],
)
def test_the_dictionary_reads_both_ways(word, translation):
    assert translation in translations(word)


def test_a_word_that_no_dictionary_has_is_known_by_its_parts():
    assert {"data", "center"} & set(translations("数据中心"))
    assert translations("qwertyuiop") == {}


def test_words_are_told_apart_in_many_threads_at_once():
    from concurrent.futures import ThreadPoolExecutor

    text = "nationalization organizations relational operators conditional vietnamization " * 200
    alone = words(text)
    with ThreadPoolExecutor(8) as pool:
        assert all(found == alone for found in pool.map(words, [text] * 32))
