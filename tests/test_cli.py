"""The command line, in processes of its own: rows others read, and one clear line when something is wrong."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from servers import chat_model, serving

from ragbot import Assistant, Settings

ROOT = Path(__file__).parent.parent
QUESTIONS = [
    "英伟达数据中心业务季度收入是多少？",
    "英伟达净利润同比增长多少？",
    "OpenAI在2023年亏损了多少？",
    "ChatGPT每天的运行成本是多少？",
    "Anthropic计划在2024年支出多少？",
    "为什么大模型研发难以盈利？",
    "ChatGPT Pro每月收费多少？",
    "Gartner对生成式AI项目有什么预测？",
    "微软智能云的季度收入是多少？",
    "谷歌云的收入同比增长多少？",
    "高端AI芯片由谁代工？",
    "How much did OpenAI lose?",
    "What does ChatGPT Pro cost a month?",
    "What did Gartner predict about generative AI projects?",
    "What was AWS's quarterly revenue?",
    "How fast did Google Cloud's revenue grow?",
    "Who manufactures almost all high-end AI accelerators?",
    "Why do leading hardware makers have strong bargaining power?",
    "What did Nadella say about Azure deals?",
    "How do cloud vendors earn money from AI?",
]
ROW = ["id", "question", "answer", "language", "refused", "engine", "citations", "figures", "warnings", "timings"]
CITATION = ["number", "document", "title", "segment", "quote", "start", "end", "page", "sources"]
FIGURE = ["text", "value", "unit", "status", "citation"]


@pytest.fixture
def ragbot(index):
    """Run `ragbot …` over the corpus's index by extraction, unless told otherwise."""

    def run(*words: object, **settings: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "RAGBOT_INDEX": str(index), "RAGBOT_LLM": "none"} | {
            f"RAGBOT_{name}": value for name, value in settings.items()
        }
        command = [sys.executable, "-m", "ragbot.cli", *map(str, words)]
        return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, check=False)

    return run


def state(index: Path) -> tuple:
    bot = Assistant(index, Settings(llm="none"))
    return bot.store.generation(), bot.documents()


def batch(ragbot, folder: Path, name: str) -> list[dict]:
    questions = folder / "questions.jsonl"
    questions.write_text("".join(json.dumps({"id": n, "question": q}) + "\n" for n, q in enumerate(QUESTIONS)))
    done = ragbot("batch", questions, folder / name)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in (folder / name).read_text(encoding="utf-8").splitlines()]


def test_ask_prints_the_contracts_row(ragbot):
    row = json.loads(ragbot("ask", "--json", QUESTIONS[0]).stdout)
    assert list(row) == ROW
    assert list(row["citations"][0]) == CITATION and list(row["figures"][0]) == FIGURE
    assert sorted(row["timings"]) == ["first_token_ms", "retrieve_ms", "total_ms"]
    assert "308亿美元" in row["answer"] and row["engine"] == "extraction"


def test_ask_prints_the_answer_with_its_quotes(ragbot):
    shown = ragbot("ask", "How much did OpenAI lose?").stdout
    assert "[1] ai-value-chain.en.md, Model development" in shown


def test_a_batch_gives_a_row_for_each_question_and_the_same_rows_twice(ragbot, tmp_path, extractor):
    first, second = batch(ragbot, tmp_path, "a.jsonl"), batch(ragbot, tmp_path, "b.jsonl")
    assert [row["id"] for row in first] == list(range(len(QUESTIONS)))
    assert [row | {"timings": 0} for row in first] == [row | {"timings": 0} for row in second]
    for row in first:
        for citation in row["citations"]:
            assert citation["quote"] == extractor.text(citation["document"])[citation["start"] : citation["end"]]


def test_history_is_asked_first(ragbot, tmp_path):
    row = {"id": "f", "question": "为什么？", "history": ["大模型研发能盈利吗？"]}
    (tmp_path / "q.jsonl").write_text(json.dumps(row))
    assert ragbot("batch", tmp_path / "q.jsonl", tmp_path / "a.jsonl").returncode == 0
    assert "大模型研发" in json.loads((tmp_path / "a.jsonl").read_text(encoding="utf-8"))["answer"]


def test_a_folder_with_one_bad_file_is_indexed_and_the_file_is_named(ragbot, tmp_path):
    (tmp_path / "good.md").write_text("# Steel\n\nPlant 7 made 4,000 tons in 2023.")
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.7 broken")
    done = ragbot("index", tmp_path, "--index", tmp_path / "i")
    assert done.returncode == 0 and "1 added, 1 left out" in done.stdout and "bad.pdf" in done.stderr
    assert "4,000 tons" in ragbot("ask", "How many tons did plant 7 make?", "--index", tmp_path / "i").stdout


@pytest.mark.parametrize(
    ("words", "settings", "said"),
    [
        (["index", "nowhere"], {}, "no such file or folder: 'nowhere'"),
        (["index", "empty.md"], {}, "is empty"),
        (["index", "binary.md"], {}, "binary"),
        (["index", "model.gguf"], {}, "are not read"),
        (["ask", " "], {}, "empty"),
        (["ask", "x?", "--index", "nowhere"], {}, "no index in 'nowhere'"),
        (["ask", "营收？"], {"LLM": "model.gguf"}, "no GGUF"),
        (["ask", "营收？"], {"LLM": "gpt-9"}, "gpt-9"),
        (["ask", "营收？"], {"LLM_BASE_URL": "http://127.0.0.1:9/v1"}, "127.0.0.1:9"),
        (["ask", "营收？"], {"LLM_TIMEOUT": "soon"}, "RAGBOT_LLM_TIMEOUT"),
        (["ask", "营收？"], {"ENCODER": "no/such"}, "no/such"),
        (["index", "good.md", "--index", "fresh"], {"ENCODER": "no/such"}, "no/such"),
        (["batch", "nowhere.jsonl", "a.jsonl"], {}, "nowhere.jsonl"),
        (["batch", "bad.jsonl", "a.jsonl"], {}, "line 2"),
        (["models", "pull", "gpt-9"], {}, "gpt-9"),
        (["models", "push"], {}, "push"),
    ],
)
def test_bad_input_is_one_line_exit_1_and_an_index_left_alone(
    ragbot, tmp_path, monkeypatch, index, words, settings, said
):
    (tmp_path / "empty.md").touch()
    (tmp_path / "good.md").write_text("# Good\n\nText.")
    (tmp_path / "binary.md").write_bytes(bytes(range(256)))
    (tmp_path / "model.gguf").write_text("hello")
    (tmp_path / "bad.jsonl").write_text('{"id": 1, "question": "x?"}\n{"id": 2}\n')
    before = state(index)
    monkeypatch.chdir(tmp_path)
    done = ragbot(*words, **settings)
    assert done.returncode == 1 and not done.stdout
    assert said in done.stderr and len(done.stderr.splitlines()) == 1
    assert state(index) == before and not (tmp_path / "fresh").exists()


def test_a_server_that_hangs_is_one_line_within_the_limit(ragbot):
    with serving(chat_model("late", silent=30)) as at:
        begun = time.monotonic()
        done = ragbot("ask", "营收？", LLM_BASE_URL=f"{at}/v1", LLM_TIMEOUT="1")
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1 and time.monotonic() - begun < 20


def test_every_command_has_a_help_text(ragbot):
    for command in ("index", "ask", "batch", "serve", "models", "doctor"):
        assert "--help" in ragbot(command, "--help").stdout


def test_doctor_says_what_works_and_what_does_not(ragbot, tmp_path):
    good, bad = ragbot("doctor"), ragbot("doctor", "--index", tmp_path / "nowhere")
    assert good.returncode == 0 and "2 documents" in good.stdout
    assert bad.returncode == 1 and "NO  index" in bad.stdout and "ragbot index" in bad.stdout


def test_models_lists_what_is_here_and_what_is_not(ragbot, tmp_path):
    assert "ragbot models pull qwen2.5-coder-1.5b" in ragbot("models", MODELS_DIR=str(tmp_path)).stdout


def test_ctrl_c_while_indexing_keeps_what_was_finished(tmp_path):
    for number in range(150):
        (tmp_path / f"n{number:03}.txt").write_text(f"Plant {number} made {number + 1000} tons of steel. " * 8)
    index = tmp_path / "i"
    command = [sys.executable, "-m", "ragbot.cli", "index", str(tmp_path), "--index", str(index)]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    bot = Assistant(index, Settings(llm="none"))
    while running.poll() is None and not (bot.store.exists() and len(bot.documents()) >= 3):
        time.sleep(0.02)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=30)
    assert running.returncode == 130 and len(said.splitlines()) == 1
    assert 3 <= len(bot.documents()) < 150
    assert bot.ask("How many tons of steel did plant 1 make?").citations
