"""What search sees of a text in either language, and where its sentences end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragbot.dictionary import glosses, translations
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
    ("$30.8bn in Q3", {"30.8bn", "30.8", "q3"}),
    ("毛利率從12.5%升至13%", {"毛利率", "12.5", "13"}),
    ("１２．５％", {"12.5"}),
    ("3,060万标准箱", {"3060", "标准箱"}),
    # whichever apostrophe, and whose
    ("O’Brien and Jean-Luc", {"o'brien", "jean-luc", "jean", "luc"}),
    ("Saint-Gobain’s plants", {"saint-gobain", "gobain", "plant"}),
    ("O'Brien's plants", {"o'brien", "plant"}),
    # Chinese names by what they are called in short, too
    ("台積電的３奈米製程", {"台积电", "3", "制程"}),
    ("MZ-101：乾癬", {"mz-101", "101", "干癣"}),
    # both at once
    ("H100 与 A100 GPU", {"h100", "a100", "gpu"}),
    ("Meta的Llama-3.1-70B模型", {"meta", "llama", "70b", "模型"}),
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
    ("他說：「利潤下降！」然後離開。", ["他說：「利潤下降！」", "然後離開。"]),
    ("收入增长（见第3页。）利润下降。", ["收入增长（见第3页。）利润下降。"]),
    # en
    ("It rose, e.g. in China. Then it fell.", ["It rose, e.g. in China.", "Then it fell."]),
    ("No. 5 cost 3.50. Fine.", ["No. 5 cost 3.50.", "Fine."]),
    ("The firm (founded in 1990. It grew.) was sold. End.", ["The firm (founded in 1990. It grew.) was sold.", "End."]),
    ("A line\nbroken in two. Next.", ["A line\nbroken in two.", "Next."]),
    ("Dr. Smith paid $3.5 million. It was late.", ["Dr. Smith paid $3.5 million.", "It was late."]),
    ("The U.S. economy grew. Inflation fell.", ["The U.S. economy grew.", "Inflation fell."]),
    ("Nvidia Corp. said so. Really?", ["Nvidia Corp. said so.", "Really?"]),
    ('"It works," he said. "It does!" She left.', ['"It works," he said.', '"It does!"', "She left."]),
    ("See Fig. 3 for details. Then stop.", ["See Fig. 3 for details.", "Then stop."]),
    ("At 5 p.m. it closed. Nobody came.", ["At 5 p.m. it closed.", "Nobody came."]),
    ("J. R. R. Tolkien wrote it. I read it.", ["J. R. R. Tolkien wrote it.", "I read it."]),
    # both
    ("OpenAI推出GPT-4.5。It costs $200.", ["OpenAI推出GPT-4.5。", "It costs $200."]),
    ("营收1,234.5万元。AWS grew by 17%. OK.", ["营收1,234.5万元。", "AWS grew by 17%.", "OK."]),
    # bullets and tables: a block is no longer than its blank lines allow
    ("- first point\n\n- second point", ["- first point", "- second point"]),
    ("Revenue | 30.8 | 112%\n\nCost | 1.2 | 3%", ["Revenue | 30.8 | 112%", "Cost | 1.2 | 3%"]),
    ("1. First item.\n2. Second item.", ["1. First item.", "2. Second item."]),
    ("It came in at 12. Then 13.", ["It came in at 12.", "Then 13."]),
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
def test_a_text_is_found_by_every_word_that_a_question_of_its_words_would_have(text):
    assert set(words(text)) <= set(searchable(text))


@given(MIXED)
def test_width_and_script_make_no_difference_to_words(text):
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isdigit() or (c.isalpha() and c.isascii()) else c for c in text)
    assert words(wide) == words(text)


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


@pytest.mark.parametrize(
    ("run", "least", "meanings"),
    [
        ("支线", 2, {"支线": "branch line"}),
        ("渠道环节", 2, {"渠道": "channel", "环节": "segment"}),
        ("青鲤互动", 2, {}),  # a name
        ("谷歌云", 2, {}),
        ("谷歌云", 1, {"谷歌": "Google", "云": "cloud"}),
    ],
)
def test_what_words_mean_is_told_where_they_make_up_the_whole(run, least, meanings):
    assert glosses(run, least) == meanings


def test_a_word_that_no_dictionary_has_is_known_by_its_parts():
    assert {"data", "center"} & set(translations("数据中心"))
    assert translations("qwertyuiop") == {}


def test_words_are_told_apart_in_many_threads_at_once():
    from concurrent.futures import ThreadPoolExecutor

    text = "nationalization organizations relational operators conditional vietnamization " * 200
    alone = words(text)
    with ThreadPoolExecutor(8) as pool:
        assert all(found == alone for found in pool.map(words, [text] * 32))
