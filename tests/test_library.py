"""Documents handed in: kept beside the index, read again, removed; whatever goes wrong leaves all as it was."""

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from ragbot import Assistant, Settings
from ragbot.errors import DocumentNotFound, IndexBusy, StoreError, UnreadableDocument
from ragbot.library import Library, safe_name

SALES = "# Acme\n\n## Sales\n\nAcme's sales in 2023 were $3.2 billion.\n"


@pytest.fixture
def library(tmp_path) -> Library:
    return Library(Assistant(tmp_path / "index", Settings(llm="none")))


@pytest.fixture
def file(tmp_path) -> Path:
    path = tmp_path / "upload.tmp.md"
    path.write_text(SALES)
    return path


def held(library: Library) -> list[str]:
    return [document.name for document in library.assistant.documents()]


def test_an_added_document_answers_and_is_kept_beside_the_index(library, file, tmp_path):
    assert library.add(file, "sales.md") == "sales.md"
    assert "$3.2 billion" in library.assistant.ask("What were Acme's sales?").text
    assert (tmp_path / "index-documents" / "sales.md").read_text() == SALES


def test_every_stage_is_told_in_order(library, file):
    told = []
    library.add(file, "sales.md", lambda stage, share: told.append((stage, share)))
    assert list(dict(told)) == ["reading", "splitting", "embedding", "saving"]
    assert all(0 <= share <= 1 for _, share in told)


@pytest.mark.parametrize("name", ["../../etc/passwd.md", "..\\..\\passwd.md", "/etc/passwd.md"])
def test_a_name_cannot_leave_the_folder(name):
    assert safe_name(name) == "passwd.md"


@pytest.mark.parametrize("name", ["", "..", "a/..", ".hidden.md", "~$open.docx", "长" * 100 + ".md"])
def test_a_name_that_no_document_can_have_is_refused(name):
    with pytest.raises(UnreadableDocument):
        safe_name(name)


def test_a_bad_file_leaves_the_earlier_one_in_place(library, file, tmp_path):
    library.add(file, "sales.md")
    bad = tmp_path / "bad"
    bad.write_bytes(bytes(range(256)))
    with pytest.raises(UnreadableDocument, match=r"^'sales\.md'"):
        library.add(bad, "sales.md")
    assert (library.folder / "sales.md").read_text() == SALES
    assert [path.name for path in library.folder.iterdir()] == ["sales.md"]
    assert "$3.2 billion" in library.assistant.ask("What were Acme's sales?").text


def test_a_file_over_the_limit_is_refused(tmp_path):
    large = tmp_path / "large.md"
    large.write_bytes(b"word " * 300_000)
    library = Library(Assistant(tmp_path / "index", Settings(llm="none", max_upload_mb=1)))
    with pytest.raises(UnreadableDocument, match="larger than 1 MiB"):
        library.add(large, "large.md")
    assert not library.folder.exists()


def test_a_name_that_belongs_to_another_folder_is_not_taken_over(library, file, tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "sales.md").write_text("# Acme\n\nOthers.\n")
    library.assistant.add(tmp_path / "docs")
    with pytest.raises(StoreError, match="another name"):
        library.add(file, "sales.md")


def test_a_document_is_read_again_from_its_file(library, file):
    library.add(file, "sales.md")
    (library.folder / "sales.md").write_text(SALES.replace("3.2", "4.5"))
    library.reindex("sales.md")
    assert "$4.5 billion" in library.assistant.ask("What were Acme's sales?").text
    (library.folder / "sales.md").unlink()
    with pytest.raises(DocumentNotFound, match=r"sales\.md"):
        library.reindex("sales.md")
    assert held(library) == ["sales.md"]


def test_removing_deletes_the_copy_but_no_file_from_elsewhere(library, file, tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "costs.md").write_text("# Acme\n\nAcme's costs were $1 billion.\n")
    library.assistant.add(tmp_path / "docs")
    library.add(file, "sales.md")
    library.remove("sales.md")
    library.remove("costs.md")
    assert held(library) == [] and not (library.folder / "sales.md").exists()
    assert (tmp_path / "docs" / "costs.md").exists()


def test_a_second_upload_is_told_to_wait_and_questions_go_on(library, file):
    library.add(file, "sales.md")
    inside, go_on = threading.Event(), threading.Event()

    def hold(stage: str, share: float) -> None:
        if stage == "saving":
            inside.set()
            go_on.wait(20)

    worker = threading.Thread(target=library.add, args=(file, "more.md", hold))
    worker.start()
    assert inside.wait(20)
    with pytest.raises(IndexBusy, match="try again"):
        library.add(file, "third.md")
    assert "$3.2 billion" in library.assistant.ask("What were Acme's sales?").text
    go_on.set()
    worker.join()
    assert held(library) == ["more.md", "sales.md"]


def test_a_killed_upload_leaves_the_index_as_it_was(library, file, tmp_path):
    library.add(file, "sales.md")
    code = (
        "import sys, time; from pathlib import Path; from ragbot import Assistant, Settings\n"
        "from ragbot.library import Library\n"
        "def stop(stage, share):\n"
        "    if stage == 'saving':\n"
        "        print('saving', flush=True); time.sleep(60)\n"
        "Library(Assistant(sys.argv[1], Settings(llm='none'))).add(Path(sys.argv[2]), 'more.md', stop)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "index"), str(file)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline().strip() == "saving"
    process.send_signal(signal.SIGKILL)
    process.wait()
    time.sleep(0.1)
    again = Library(Assistant(tmp_path / "index", Settings(llm="none")))
    assert held(again) == ["sales.md"]
    assert again.add(file, "more.md") == "more.md"
