"""A question in, a cited answer out: by extraction, by the embedded model, from Python and from LlamaIndex."""

import asyncio
from dataclasses import replace

import pytest

from ragbot import Assistant, Settings
from ragbot.errors import QuestionError
from ragbot.schema import DraftText, EvidenceFound, Finished

NVIDIA = "英伟达数据中心业务季度收入是多少？"
OPENAI = "How much did OpenAI lose?"


def assert_stands_in_its_document(bot, answer):
    assert answer.citations
    for citation in answer.citations:
        assert citation.quote == bot.text(citation.document)[citation.start : citation.end]
        assert f"[{citation.number}]" in answer.text


@pytest.mark.parametrize("who", ["extractor", "writer"])
def test_a_chinese_question_is_answered_with_the_figure_and_its_segment(request, who):
    bot = request.getfixturevalue(who)
    answer = bot.ask(NVIDIA)
    assert "308亿美元" in answer.text and answer.language == "zh" and not answer.refused
    assert {citation.segment for citation in answer.citations} == {"硬件"}
    assert_stands_in_its_document(bot, answer)


@pytest.mark.parametrize("who", ["extractor", "writer"])
def test_an_english_question_is_answered_in_english(request, who):
    bot = request.getfixturevalue(who)
    answer = bot.ask(OPENAI)
    assert "$5 billion" in answer.text and answer.language == "en"
    assert {citation.segment for citation in answer.citations} == {"Model development"}
    assert_stands_in_its_document(bot, answer)


def test_the_engine_says_who_answered(extractor, writer):
    assert extractor.engine == "extraction"
    assert writer.engine == "qwen2.5-coder-1.5b (embedded)"


def test_every_figure_of_an_answer_is_checked(writer):
    checks = writer.ask(NVIDIA).figures
    assert [(c.figure.unit, c.figure.value, c.status) for c in checks if c.figure.unit == "USD"] == [
        ("USD", 30_800_000_000, "cited")
    ]


def test_outside_sources_come_with_the_citation(extractor):
    (citation,) = extractor.ask(NVIDIA).citations
    assert citation.sources == ("NVIDIA Announces Financial Results for Third Quarter Fiscal 2025 | NVIDIA Newsroom",)


def test_the_same_question_gives_the_same_answer_twice(writer):
    first, second = writer.ask(OPENAI), writer.ask(OPENAI)
    assert replace(first, timings=second.timings) == second


def test_a_stream_is_evidence_then_draft_then_the_checked_answer(writer):
    events = list(writer.stream(OPENAI))
    assert isinstance(events[0], EvidenceFound) and events[0].evidence
    assert len(events) > 3 and all(isinstance(event, DraftText) for event in events[1:-1])
    assert isinstance(events[-1], Finished)


def test_an_answer_can_be_awaited(extractor):
    assert "308亿美元" in asyncio.run(extractor.aask(NVIDIA)).text


def test_a_chat_remembers(extractor):
    chat = extractor.chat()
    chat.ask("微软智能云的季度收入是多少？")
    answer = chat.ask("那谷歌云呢？")
    assert "95.7亿美元" in answer.text and "谷歌云" in answer.standalone_question


def test_an_index_with_nothing_in_it_refuses_in_the_language_of_the_question(tmp_path):
    bot = Assistant(tmp_path / "index", Settings(llm="none"))
    (tmp_path / "note.md").write_text("# Note\n\nGone tomorrow.")
    bot.add(tmp_path / "note.md")
    bot.remove("note.md")
    for question, language in ((NVIDIA, "zh"), (OPENAI, "en")):
        answer = bot.ask(question)
        assert answer.refused and answer.language == language and not answer.citations


@pytest.mark.parametrize("question", ["", "  \n ", "为什么" * 1000])
def test_a_question_that_is_none_is_an_error(extractor, question):
    with pytest.raises(QuestionError):
        extractor.ask(question)


def test_llama_index_can_use_the_retriever_and_the_engine(extractor):
    node, *others = extractor.as_retriever(k=4).retrieve(NVIDIA)
    assert len(others) == 3 and node.metadata["segment"] == "硬件"
    assert extractor.text(node.metadata["document"])[node.metadata["start"] : node.metadata["end"]] == node.text
    assert "308亿美元" in str(extractor.as_query_engine().query(NVIDIA))
