"""Evaluation beside others: second judges by name, LlamaIndex's evaluators over the query engine, real browsers."""

import json
from pathlib import Path

import gradio as gr
import pytest
from conftest import ROOT
from playwright.sync_api import expect
from servers import Quiet, chat_model, serving

from ragbot import Assistant, Settings
from ragbot.errors import ConfigurationError, ModelNotFound
from ragbot.evaluation import Case, evaluate
from ragbot.evaluation.drafting import draft_testset
from ragbot.evaluation.judges import agreement, second_judge
from ragbot.evaluation.report.page import in_language

TESTSET = ROOT / "tests" / "testsets" / "ai-value-chain.jsonl"
CASES = [Case(id=number, question="How much did Acme take in?", facts=["$3 million"]) for number in range(2)]
QUOTE = {"number": 1, "quote": "Acme took in $3 million in 2024."}
ROWS = [
    {"answer": "Acme took in $3 million [1].", "refused": False, "citations": [QUOTE]},
    {"answer": "Acme took in $30 million [1].", "refused": False, "citations": [QUOTE]},
]


def test_a_language_model_by_name_and_address_judges_too():
    with serving(chat_model("YES, it does.")) as address:
        judge = second_judge(f"llm:any@{address}/v1", Settings())
        found = agreement(judge, CASES, ROWS)
    assert (found.statements, found.supported, found.supported_here) == (2, 1.0, 0.5)
    assert found.disagreed == (("1", "Acme took in $30 million [1].", True),)
    assert found.kappa == 0


@pytest.fixture(scope="module")
def nli(tmp_path_factory) -> Path:
    """A tiny cross-encoder with the labels of natural language inference, of which it always chooses entailment."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    folder = tmp_path_factory.mktemp("nli")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abcdefghijklmnopqrstuvwxyz0123456789"]
    (folder / "vocab.txt").write_text("\n".join(words))
    labels = {0: "contradiction", 1: "entailment", 2: "neutral"}
    size = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1, "intermediate_size": 8}
    model = BertForSequenceClassification(BertConfig(vocab_size=len(words), id2label=labels, num_labels=3, **size))
    with torch.no_grad():
        model.classifier.bias.copy_(torch.tensor([0.0, 9.0, 0.0]))
    model.save_pretrained(folder)
    BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    return folder


def test_an_nli_cross_encoder_from_a_folder_judges_too(nli):
    found = agreement(second_judge(f"nli:{nli}", Settings()), CASES, ROWS)
    assert (found.statements, found.supported, found.supported_here) == (2, 1.0, 0.5)


def test_a_judge_that_is_none_is_told_in_one_line(tmp_path):
    with pytest.raises(ModelNotFound, match="could not be loaded"):
        second_judge(f"nli:{tmp_path}", Settings())
    with pytest.raises(ConfigurationError, match="MODEL@URL"):
        second_judge("llm:none", Settings())


@pytest.mark.parametrize(
    ("reply", "kept"), [("What did it come to?", True), ("Was it $3.7 billion?", False), ("It was a lot.", False)]
)
def test_a_draft_is_phrased_by_the_model_unless_it_gives_the_answer_away(index, reply, kept):
    with serving(chat_model(reply)) as address:
        drafted = draft_testset(Assistant(index, Settings(llm_base_url=f"{address}/v1")), 8)
    asked = next(case.question for case in drafted if case.facts == ("$3.7 billion",))
    assert asked == reply if kept else "____" in asked


def says(reply: str):
    """An OpenAI-compatible server that answers at once."""
    message = {"role": "assistant", "content": reply}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    body = {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}

    class Chat(Quiet):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.reply(200, json.dumps(body).encode(), Content_Type="application/json")

    return Chat


def test_the_query_engine_works_with_llama_indexs_evaluators(extractor):
    from llama_index.core.evaluation import CorrectnessEvaluator, FaithfulnessEvaluator
    from llama_index.llms.openai_like import OpenAILike

    question = "How much did OpenAI lose in 2023?"
    response = extractor.as_query_engine().query(question)
    with serving(says("YES")) as address:
        llm = OpenAILike(model="m", api_base=address, api_key="-", is_chat_model=True)
        faithful = FaithfulnessEvaluator(llm=llm).evaluate_response(question, response)
    assert faithful.passing and faithful.contexts == [node.get_content() for node in response.source_nodes]
    with serving(says("4.5\nIt names the loss.")) as address:
        llm = OpenAILike(model="m", api_base=address, api_key="-", is_chat_model=True)
        correct = CorrectnessEvaluator(llm=llm).evaluate_response(question, response, reference="Nearly $5 billion.")
    assert correct.score == 4.5 and correct.passing and correct.response == str(response)


# in a browser


@pytest.fixture(scope="module")
def run(extractor, tmp_path_factory):
    """A run of 22 questions, compared with itself."""
    folder = tmp_path_factory.mktemp("runs")
    evaluate(TESTSET, extractor, out=folder / "a", limit=22)
    return evaluate(TESTSET, extractor, out=folder / "b", limit=22, compare=folder / "a")


@pytest.fixture
def browse(chromium):
    contexts = []

    def open_(address: str, language: str, width: int = 1280):
        context = chromium.new_context(locale=language, viewport={"width": width, "height": 900})
        contexts.append(context)
        page = context.new_page()
        page.outside = []
        page.on("request", lambda request: page.outside.append(request.url))
        page.on("pageerror", lambda error: page.outside.append(str(error)))
        page.goto(address)
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.mark.parametrize(
    ("language", "title", "other"), [("zh-CN", "评测报告", "English"), ("en-US", "Evaluation", "中文")]
)
def test_the_report_speaks_both_languages_and_asks_nothing_of_the_outside(run, browse, language, title, other):
    page = browse(run.report.as_uri(), language)
    expect(page.locator("h1")).to_have_text(title, use_inner_text=True)
    page.get_by_text(other, exact=True).click()
    expect(page.locator("h1")).not_to_have_text(title, use_inner_text=True)
    assert [url for url in page.outside if not url.startswith(("file:", "data:"))] == []


def test_where_its_script_may_not_run_the_report_still_speaks_and_filters(run, chromium):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.set_content(in_language(run.report.read_text(encoding="utf-8"), "zh"))
    expect(page.locator("h1")).to_have_text("评测报告", use_inner_text=True)
    failed = sum(not verdict.right for verdict in run.verdicts)
    expect(page.locator("details.row:visible")).to_have_count(failed)
    page.uncheck("#failed")
    expect(page.locator("details.row:visible")).to_have_count(len(run.rows))
    context.close()


def test_the_report_shows_why_a_row_failed_and_finds_rows(run, browse):
    page = browse(run.report.as_uri(), "en-US")
    failed = [verdict for verdict in run.verdicts if not verdict.right]
    assert failed and page.locator("details.row:visible").count() == len(failed)
    page.locator("details.row:visible summary").first.click()
    assert page.locator("details[open] .alarm:visible").count() >= 1
    page.uncheck("#failed")
    expect(page.locator("details.row:visible")).to_have_count(len(run.rows))
    page.fill("#search", run.cases[0].question)
    expect(page.locator("details.row:visible")).to_have_count(1)


def test_the_report_fits_a_phone(run, browse):
    page = browse(run.report.as_uri(), "zh-CN", width=390)
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_what_an_answer_says_cannot_run_in_the_report(extractor, tmp_path, browse):
    testset = tmp_path / "set.jsonl"
    testset.write_text(json.dumps({"id": "<img src=x onerror=alert(1)>", "question": "<script>alert(1)</script>?"}))
    report = evaluate(testset, extractor, out=tmp_path / "run").report
    page = browse(report.as_uri(), "en-US")
    assert page.locator("main img, main script").count() == 0
    assert "<script>alert(1)</script>?" in page.locator("#rows").text_content()


@pytest.fixture(scope="module")
def tab(extractor):
    """The Evaluation tab on a page of its own; a failed row that is opened goes into a box."""
    from ragbot.web import evaluation_tab
    from ragbot.web.page import launch_options

    words = gr.I18n(**{code: {name: pair[at] for name, pair in evaluation_tab.TEXTS.items()}
                       for at, code in enumerate(("zh-CN", "en"))})  # fmt: skip
    with pytest.MonkeyPatch.context() as patch, gr.Blocks() as page:
        patch.setattr(evaluation_tab, "SHIPPED", ROOT / "tests" / "testsets")
        box = gr.Textbox(elem_id="question")
        evaluation_tab.build(extractor, words, lambda chosen: chosen.change(lambda text: text, chosen, box))
    page.queue()
    _, address, _ = page.launch(prevent_thread_lock=True, quiet=True, **{**launch_options(), "i18n": words})
    yield address
    page.close()


def test_the_tab_runs_a_test_set_and_opens_a_failed_row_in_the_chat(tab, browse, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    page = browse(tab, "en-US")
    page.fill("#evaluation-limit input", "22")
    page.click("#evaluation-run")
    expect(page.locator("#evaluation-status .evaluation-headlines")).to_be_visible(timeout=120_000)
    expect(page.frame_locator("#evaluation-report iframe").locator("h1")).to_contain_text("Evaluation")
    question = page.get_by_role("gridcell").nth(1)
    asked = question.inner_text().strip()
    question.click()
    expect(page.locator("#question textarea")).to_have_value(asked)
    assert list(tmp_path.glob("evaluations/*/report.html"))


def test_the_tab_says_in_one_line_what_is_wrong_with_a_dropped_file(tab, browse, tmp_path):
    (tmp_path / "bad.jsonl").write_text('{"id": 1}\n')
    page = browse(tab, "en-US")
    page.set_input_files("#evaluation-own input[type=file]", tmp_path / "bad.jsonl")
    expect(page.locator("#evaluation-own")).to_contain_text("bad")
    page.click("#evaluation-run")
    expect(page.locator("#evaluation-status")).to_contain_text("line 1: question: Field required", timeout=30_000)
