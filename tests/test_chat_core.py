"""What the chat rests on, and a program has without it: parallels, suggestions, what is kept, a model that comes."""

import json
import socket
import time

import pytest
from servers import chat_model, serving

from ragbot import Assistant, Settings, weights
from ragbot.feedback import Feedback
from ragbot.followups import openers, suggest
from ragbot.history import KEPT, Conversation, History, Turn, markdown
from ragbot.parallels import parallel
from ragbot.schema import Citation

QUESTION = "英伟达数据中心业务季度收入是多少？"


# the other language


@pytest.mark.parametrize(
    ("question", "there"),
    [
        (QUESTION, "$30.8 billion"),
        ("高端AI芯片由谁代工？", "manufactured by TSMC"),
        ("How much did OpenAI lose?", "亏损却接近50亿美元"),
        ("What was Google Cloud's quarterly revenue?", "95.7亿美元"),
    ],
)
def test_a_citation_has_its_counterpart_in_the_other_language(extractor, question, there):
    citation = extractor.ask(question).citations[0]
    other = extractor.parallel(citation)
    assert there in other.quote and other.document != citation.document
    assert extractor.text(other.document)[other.start : other.end] == other.quote


def test_nearly_every_sentence_of_the_corpus_finds_its_counterpart_and_back(extractor):
    store, found, home = extractor.store, 0, 0
    for passage in extractor.passages("ai-value-chain.zh.md"):
        for start, end in store.indexed([passage.id])[passage.id].spans.tolist():
            quote = passage.text[start - passage.start : end - passage.start]
            there = parallel(Citation(1, passage.document, passage.title, passage.segment, quote, start, end), store)
            back = there and parallel(there, store)
            found, home = found + 1, home + bool(back and back.start == start)
    assert home >= 0.95 * found > 30


def test_what_stands_in_one_language_alone_has_no_counterpart(tmp_path):
    (tmp_path / "zh.md").write_text(
        "# 简报\n\n## 港口\n\n云汐港全年吞吐量为4910万标准箱，同比增长5%。", encoding="utf-8"
    )
    (tmp_path / "en.md").write_text(
        "# Note\n\n## Hotels\n\nThe city has 9,450 hotel rooms in 83 hotels.", encoding="utf-8"
    )
    bot = Assistant(tmp_path / "index", Settings(llm="none"))
    bot.add(tmp_path)
    assert bot.parallel(bot.ask("云汐港全年吞吐量是多少？").citations[0]) is None


def test_a_citation_of_a_document_that_was_removed_has_no_counterpart(extractor):
    assert extractor.parallel(Citation(1, "gone.md", "", "", "…", 0, 1)) is None


# suggestions


@pytest.mark.parametrize("question", [QUESTION, "为什么大模型研发难以盈利？", "How much did OpenAI lose?"])
def test_every_suggested_question_is_answered(extractor, question):
    answer = extractor.ask(question)
    offered = suggest(extractor, answer)
    assert len(offered) == 3 and question not in offered
    assert [each for each in offered if extractor.ask(each).refused] == []


def test_what_was_asked_before_is_not_suggested_again(extractor):
    answer = extractor.ask(QUESTION)
    first = suggest(extractor, answer)
    assert not set(suggest(extractor, answer, asked=first)) & set(first)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_visit_begins_with_questions_that_are_answered(extractor, language):
    offered = openers(extractor, language)
    assert len(offered) == 4
    answers = [extractor.ask(each) for each in offered]
    assert {answer.language for answer in answers} == {language} and not any(answer.refused for answer in answers)


# length and strictness


def test_a_short_answer_keeps_one_statement_but_all_of_several_things_asked(extractor):
    short = extractor.variant(answer_length="short")
    assert len(short.ask("为什么大模型研发难以盈利？").citations) == 1
    assert len(extractor.ask("为什么大模型研发难以盈利？").citations) == 2
    assert len(short.ask("三大云厂商的季度收入各是多少？").citations) >= 3


def test_a_strict_answer_is_written_by_no_model(index):
    with serving(chat_model("英伟达在2024财年第三季度的数据中心业务收入为308亿美元。")) as at:
        bot = Assistant(index, Settings(llm_base_url=f"{at}/v1"))
        assert bot.ask(QUESTION).engine.startswith("default")
        answer = bot.variant(strictness="verbatim").ask(QUESTION)
    assert answer.engine == "extraction"
    assert answer.text.split(" [1]")[0] in answer.citations[0].quote


# what is kept


def test_a_conversation_is_kept_as_it_was(extractor, tmp_path):
    answer = extractor.ask(QUESTION)
    parallels = tuple(extractor.parallel(citation) for citation in answer.citations)
    talk = Conversation().with_turn(Turn(QUESTION, answer, parallels=parallels)).with_turn(Turn("又", note="已停止"))
    history = History(tmp_path)
    history.save("reader", talk)
    kept = history.open("reader", talk.id)
    assert kept.turns[0].answer.figures == answer.figures and kept.turns[0].parallels == parallels
    assert kept.exchanges() == talk.exchanges() and kept.turns[1] == talk.turns[1]
    assert history.headlines("reader")[0].title == QUESTION


def test_a_conversation_is_its_readers_alone(tmp_path):
    history, talk = History(tmp_path), Conversation().with_turn(Turn("问", note="…"))
    history.save("one", talk)
    history.save("other", Conversation(talk.id).with_turn(Turn("偷", note="…")))
    history.delete("other", talk.id)
    assert history.open("other", talk.id) is None and history.headlines("other") == []
    assert history.open("one", talk.id).turns[0].question == "问"


def test_only_the_latest_conversations_are_kept(tmp_path):
    history = History(tmp_path)
    for number in range(KEPT + 2):
        history.save("reader", Conversation(str(number)).with_turn(Turn(str(number))))
    kept = [headline.id for headline in history.headlines("reader")]
    assert len(kept) == KEPT and kept[0] == str(KEPT + 1) and "1" not in kept


def test_an_exported_conversation_names_document_segment_and_outside_source(extractor):
    text = markdown([Turn(QUESTION, extractor.ask(QUESTION))])
    assert "[1] ai-value-chain.zh.md · 硬件: “NVIDIA" in text
    assert "（原文注明的来源：NVIDIA Announces" in text.replace("(", "（") and "> ⚠ " in text


def test_judgements_come_out_as_rows_of_a_test_set(extractor, tmp_path):
    feedback, answer = Feedback(tmp_path), extractor.ask(QUESTION)
    feedback.judge("a-1", answer, [], liked=True)
    feedback.judge("a-2", answer, ["之前"], liked=False)
    feedback.judge("a-2", answer, ["之前"], liked=False, reason="数字不对")
    liked, disliked = feedback.cases()
    assert "308亿美元" in liked["facts"] and answer.citations[0].quote in liked["evidence"] and liked["answerable"]
    assert disliked == {"id": "a-2", "question": QUESTION, "history": ["之前"], "kind": "disliked: 数字不对"}


def test_judgements_are_exported_from_the_shell(extractor, tmp_path, monkeypatch):
    from typer.testing import CliRunner

    from ragbot.cli import app

    monkeypatch.setenv("RAGBOT_DATA_DIR", str(tmp_path / "data"))
    Feedback(tmp_path / "data").judge("a-1", extractor.ask(QUESTION), [], liked=True)
    done = CliRunner().invoke(app, ["feedback", str(tmp_path / "cases.jsonl")])
    assert done.exit_code == 0 and "1 judged" in done.output
    row = json.loads((tmp_path / "cases.jsonl").read_text(encoding="utf-8"))
    assert row["question"] == QUESTION and row["kind"] == "liked"


# a model that comes later


def test_without_weights_answers_are_quotes_and_the_state_says_how_to_get_them(index, tmp_path):
    bot = Assistant(index, Settings(models_dir=tmp_path))
    assert bot.model_state().stage == "missing"
    assert bot.ask(QUESTION).engine == "extraction"


def test_a_download_that_is_under_way_is_told_with_its_share(index, tmp_path):
    small = weights.MODELS["qwen2.5-coder-0.5b"]
    with (tmp_path / f"{small.file}.partial").open("wb") as file:
        file.truncate(small.size // 4)
    state = Assistant(index, Settings(models_dir=tmp_path)).model_state()
    assert (state.stage, state.name, round(state.share, 2)) == ("fetching", small.name, 0.25)


def test_weights_that_arrive_are_found_without_a_restart(index, tmp_path):
    bot = Assistant(index, Settings(models_dir=tmp_path))
    assert bot.ask(QUESTION).engine == "extraction"
    known = weights.pull(weights.DEFAULT, Settings())
    for name in (known.name, f"{known.name}.verified"):
        (tmp_path / name).symlink_to(known.with_name(name))
    assert bot.ask(QUESTION).engine.startswith(weights.DEFAULT)


def test_a_model_that_comes_while_the_page_is_served_joins_in(index, monkeypatch):
    monkeypatch.setattr("ragbot.standby.AGAIN", 0.05)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    bot = Assistant(index, Settings(llm_base_url=f"http://127.0.0.1:{port}/v1"))
    bot.keep_model_ready()
    _until(lambda: bot.model_state().stage == "failed")
    assert bot.ask(QUESTION).engine == "extraction", "no question waits for a model"
    with serving(chat_model("英伟达在2024财年第三季度的数据中心业务收入为308亿美元。"), port):
        _until(lambda: bot.model_state().stage == "ready")
        assert bot.ask(QUESTION).engine.startswith("default")


def _until(true, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)
