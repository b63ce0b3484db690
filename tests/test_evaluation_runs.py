"""`ragbot eval` in processes of its own, cut short, killed, out of disk: nothing is lost, one line says what to do."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import CORPUS, ROOT

from ragbot import cli
from ragbot.evaluation.cases import read_cases
from ragbot.evaluation.runner import selected

TESTSET = ROOT / "tests" / "testsets" / "ai-value-chain.jsonl"


@pytest.fixture
def questions(tmp_path) -> Path:
    """A short test set of every kind."""
    path = tmp_path / "questions.jsonl"
    cases = selected(read_cases(TESTSET), 22)
    path.write_text("".join(f"{case.model_dump_json()}\n" for case in cases), encoding="utf-8")
    return path


@pytest.fixture
def start(index, tmp_path):
    """Start `ragbot …` over the corpus's index, in a folder of its own."""

    def run(*words: object, **options) -> subprocess.Popen[str]:
        environment = {**os.environ, "RAGBOT_INDEX": str(index), "RAGBOT_LLM": "none"}
        command = [sys.executable, "-m", "ragbot.cli", *map(str, words)]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(command, text=True, env=environment, cwd=tmp_path, **pipes, **options)

    return run


@pytest.fixture
def ragbot(index, tmp_path, monkeypatch, capsys):
    """Run `ragbot …` likewise, in this process, to its end."""

    def run(*words: object) -> subprocess.CompletedProcess[str]:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("RAGBOT_INDEX", str(index))
        monkeypatch.setenv("RAGBOT_LLM", "none")
        monkeypatch.setattr(sys, "argv", ["ragbot", *map(str, words)])
        on_interrupt = signal.getsignal(signal.SIGINT)
        with pytest.raises(SystemExit) as end:
            cli.main()
        signal.signal(signal.SIGINT, on_interrupt)
        out, err = capsys.readouterr()
        return subprocess.CompletedProcess(words, end.value.code or 0, out, err)

    return run


def rows(folder: Path) -> list[dict]:
    lines = (folder / "rows.jsonl").read_bytes().split(b"\n")
    return [json.loads(line) for line in lines[:-1]]


def stopped_by(process: subprocess.Popen, folder: Path, how: signal.Signals) -> tuple[str, bytes]:
    """What the process said when it was stopped amid its questions, and the answers it left."""
    saved = folder / "rows.jsonl"
    while not saved.exists() or saved.read_bytes().count(b"\n") < 3:
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    process.send_signal(how)
    _, err = process.communicate(timeout=60)
    return err, saved.read_bytes()


@pytest.mark.parametrize(("how", "code"), [(signal.SIGKILL, -9), (signal.SIGINT, 130)])
def test_a_run_cut_short_goes_on_where_it_stopped(start, ragbot, questions, tmp_path, how, code):
    folder = tmp_path / "run"
    process = start("eval", questions, "--out", folder)
    err, kept = stopped_by(process, folder, how)
    assert process.returncode == code
    assert err == ("" if how == signal.SIGKILL else "ragbot: stopped; what was finished is kept\n")

    (folder / "rows.jsonl").write_bytes(kept + b'{"id": "cut sho')
    done = ragbot("eval", questions, "--out", folder)
    assert done.returncode == 0, done.stderr
    whole = kept[: kept.rfind(b"\n") + 1]
    assert (folder / "rows.jsonl").read_bytes().startswith(whole)
    assert [row["id"] for row in rows(folder)] == [case.id for case in read_cases(questions)]
    assert f"{len(whole.splitlines())} of 22 answers were there" in done.stdout


def test_without_a_folder_an_unfinished_run_is_found_again_and_a_finished_one_left_alone(
    start, ragbot, questions, tmp_path
):
    process = start("eval", questions)
    while not (found := list(tmp_path.glob("evaluations/*/rows.jsonl"))):
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    stopped_by(process, found[0].parent, signal.SIGKILL)
    assert "answers were there" in ragbot("eval", questions).stdout
    assert "answers were there" not in ragbot("eval", questions).stdout
    assert len(list(tmp_path.glob("evaluations/*/report.html"))) == 2


def test_a_full_disk_loses_no_answer_and_says_what_to_do(start, ragbot, questions, tmp_path):
    folder = tmp_path / "run"
    limit = 40_000  # bytes that a file may have: a few answers

    def small_files():
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    full = start("eval", questions, "--out", folder, preexec_fn=small_files)
    _, err = full.communicate(timeout=200)
    saved = rows(folder)
    assert full.returncode == 1 and 0 < len(saved) < 22 and err.count("\n") == 1
    assert err.startswith(f"ragbot: cannot write '{folder / 'rows.jsonl'}': File too large; {len(saved)} answers")

    assert ragbot("eval", questions, "--out", folder).returncode == 0
    assert rows(folder)[: len(saved)] == saved and len(rows(folder)) == 22


def test_a_folder_is_not_shared_by_two_different_runs(ragbot, questions, tmp_path):
    folder = tmp_path / "run"
    assert ragbot("eval", questions, "--out", folder, "--limit", 3).returncode == 0
    before = (folder / "rows.jsonl").read_bytes()
    other = ragbot("eval", questions, "--out", folder, "--limit", 4)
    assert other.returncode == 1 and "holds a run with another questions" in other.stderr
    assert (folder / "rows.jsonl").read_bytes() == before


def test_two_runs_are_compared_and_a_bound_that_is_not_kept_fails(ragbot, questions, tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    assert ragbot("eval", questions, "--out", first).returncode == 0
    done = ragbot("eval", questions, "--out", second, "--compare", first, "--fail-under", "right=0.1,refused=1")
    assert "The same 22 questions, row by row: no difference shown." in done.stdout
    assert f"report: {second / 'report.html'}" in done.stdout
    found = json.loads((second / "summary.json").read_text(encoding="utf-8"))
    assert found["comparison"]["outcome"] == "no difference shown" and found["rows"] == 22
    assert done.returncode == (0 if found["measures"]["refused"]["value"] == 1 else 1)

    failed = ragbot("eval", questions, "--out", second, "--fail-under", "token_f1=0.99")
    assert failed.returncode == 1
    assert failed.stderr == "ragbot: token_f1 is not measured, 0.99 was asked for\n"


def test_documents_of_its_own_are_indexed_for_the_run_alone(ragbot, questions, tmp_path, index):
    before = (index / "ragbot.db").stat().st_mtime_ns
    document = CORPUS / "ai-value-chain.en.md"
    done = ragbot("eval", questions, "--documents", document, "--limit", 2, "--out", tmp_path / "run")
    assert done.returncode == 0, done.stderr
    assert {item["document"] for row in rows(tmp_path / "run") for item in row["retrieved"]} == {document.name}
    assert (index / "ragbot.db").stat().st_mtime_ns == before


def test_a_squad_file_brings_its_own_paragraphs(ragbot, tmp_path):
    context = "Oslo is the capital of Norway. It has 700,000 people. The fjord is deep."
    answers = [{"text": "700,000", "answer_start": context.index("700,000")}]
    question = {"id": "q", "question": "How many people does Oslo have?", "answers": answers}
    path = tmp_path / "squad.json"
    path.write_text(json.dumps({"data": [{"title": "Oslo", "paragraphs": [{"context": context, "qas": [question]}]}]}))
    done = ragbot("eval", path, "--documents", path, "--short", "--out", tmp_path / "run")
    assert done.returncode == 0, done.stderr
    measures = json.loads((tmp_path / "run" / "summary.json").read_text())["measures"]
    assert measures["exact_match"]["value"] == measures["hit@1"]["value"] == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["missing.jsonl"], "no test set 'missing.jsonl'"),
        (["bad.jsonl"], "'bad.jsonl' line 2: question: Field required"),
        (["good.jsonl", "--compare", "nowhere"], "no run in 'nowhere'"),
        (["good.jsonl", "--fail-under", "rihgt=1"], "no measure 'rihgt'"),
        (["good.jsonl", "--fail-under", "right=90"], "a share between 0 and 1"),
        (["good.jsonl", "--judge", "gpt"], "no judge 'gpt'"),
        (["good.jsonl", "--engine", "gpt"], "'gpt' is none of"),
        (["good.jsonl", "--documents", "nowhere"], "nowhere"),
        (["good.jsonl", "--documents", "good.jsonl"], "brings no paragraphs along"),
    ],
)
def test_what_cannot_be_evaluated_gets_one_clear_line(ragbot, tmp_path, words, says):
    (tmp_path / "good.jsonl").write_text('{"id": 1, "question": "Who?", "facts": ["he"]}\n')
    (tmp_path / "bad.jsonl").write_text('{"id": 1, "question": "Who?"}\n{"id": 2}\n')
    done = ragbot("eval", *words)
    assert done.returncode == 1 and done.stderr.count("\n") == 1 and says in done.stderr, done.stderr
    assert done.stdout == "" and not (tmp_path / "evaluations").exists()


def test_the_check_names_each_faulty_row_and_fails(ragbot, tmp_path):
    path = tmp_path / "bad.jsonl"
    path.write_text('{"id": 1, "question": "Who?"}\n{"id": 2}\n{"question": "Why?"}\n')
    done = ragbot("testset", "check", path)
    assert done.returncode == 1
    assert "NO  line 2: question: Field required" in done.stdout and "NO  line 3: id: Field required" in done.stdout
    assert "?   line 1: no facts" in done.stdout and "1 rows can be asked, 2 cannot" in done.stdout
    assert ragbot("testset", "check", TESTSET).returncode == 0


def test_a_draft_asks_for_what_the_documents_say_and_waits_to_be_accepted(ragbot, tmp_path, index):
    path = tmp_path / "draft.jsonl"
    done = ragbot("testset", "draft", path, "--count", 20)
    assert done.returncode == 0, done.stderr
    drafted = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(drafted) == 20 and not any(row["accepted"] for row in drafted)
    assert {row["language"] for row in drafted} == {"zh", "en"} and {row["kind"] for row in drafted} >= {"figure"}
    assert all(row["facts"][0] in row["answer"] and row["facts"][0] not in row["question"] for row in drafted)
    checked = ragbot("testset", "check", path, "--index", index)
    assert checked.returncode == 0 and checked.stdout.count("a proposal") == 20
    again = ragbot("testset", "draft", path)
    assert again.returncode == 1 and "File exists" in again.stderr
