"""The promises that keep ragbot light and its arrows pointing one way."""

import json
import subprocess
import sys

HEAVY = {"torch", "faiss", "gradio", "llama_index", "pandas", "sentence_transformers"}


def test_importing_ragbot_brings_nothing_heavy():
    code = "import sys, json, ragbot; print(json.dumps(sorted({m.split('.')[0] for m in sys.modules})))"
    loaded = json.loads(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)
    assert not HEAVY & set(loaded)


def test_every_public_name_can_be_imported():
    import ragbot

    for name in ("Answer", "Citation", "Figure", "Settings"):
        assert getattr(ragbot, name).__name__ == name


def test_settings_come_from_the_environment(monkeypatch):
    from ragbot import Settings

    monkeypatch.setenv("RAGBOT_LLM_MODEL", "qwen")
    assert Settings().llm_model == "qwen"
