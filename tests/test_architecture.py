"""The promises that keep ragbot light and its arrows pointing one way."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import ragbot

SOURCE = Path(ragbot.__file__).parent
HEAVY = {"torch", "faiss", "gradio", "llama_index", "pandas", "sentence_transformers"}
ORDER = """
    " errors records schema settings texts language dictionary figures documents segments embeddings store reranking
    breadth retrieval aliases parallels measures matching mending quantities parties weights llm standby translation
    conversation answerability premises otherwise completeness reader paired rankings reckoning yearly margins
    columns answering pointing degrees grounding telling sole singly figure_table nearby ecosystem assistant followups
    library rows history feedback evaluation doctor web cli
""".split()
"""A module may import those that stand before it, and its own package."""


def imports(file: Path) -> set[str]:
    """Top-level ragbot modules that a file imports, other than for its type annotations."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = [ast.Pass()]
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "ragbot":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ragbot."):
            found.add(str(node.module).split(".")[1])
    return found


def test_every_module_imports_only_from_those_before_it():
    backwards = [
        f"{file.relative_to(SOURCE)} imports {name}"
        for file in sorted(SOURCE.rglob("*.py"))
        if (own := file.relative_to(SOURCE).parts[0].removesuffix(".py")) != "__init__"
        for name in imports(file) - {own}
        if name in ORDER and ORDER.index(name) > ORDER.index(own)
    ]
    assert not backwards


def test_the_judge_shares_no_code_with_what_made_the_answer():
    accused = {"grounding", "answerability", "reckoning", "paired", "matching", "measures", "reader"}
    guilty = {file.name: named for file in (SOURCE / "evaluation").rglob("*.py") if (named := imports(file) & accused)}
    assert not guilty


def test_every_module_has_its_place_in_the_order():
    places = {path.name.removesuffix(".py") for path in SOURCE.iterdir() if path.suffix == ".py" or path.is_dir()}
    assert places - {"__init__", "__pycache__", "py.typed"} <= set(ORDER)


def test_importing_ragbot_brings_nothing_heavy():
    code = "import sys, json, ragbot; print(json.dumps(sorted({m.split('.')[0] for m in sys.modules})))"
    loaded = json.loads(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)
    assert not HEAVY & set(loaded)


def test_every_public_name_can_be_imported():
    for name in ragbot.__all__:
        assert getattr(ragbot, name).__name__ == name


def test_settings_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("RAGBOT_LLM_MODEL", "qwen")
    assert ragbot.Settings().llm_model == "qwen"
