"""How soon ragbot is there: `import ragbot`, a cold `ragbot ask` by extraction, and the page of `ragbot serve`.

Each beside its peer on the same machine in the same run: the import of LlamaIndex's core and of Gradio, which any
program built on them pays. Prints one JSON object; seconds, the median of five runs in fresh processes.
"""

import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
RUNS = 5
RAGBOT = [sys.executable, "-m", "ragbot.cli"]
QUESTION = "英伟达数据中心业务季度收入是多少？"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "RAGBOT_INDEX": folder, "RAGBOT_LLM": "none"}
        subprocess.run([*RAGBOT, "index", str(ROOT / "corpus")], env=environment, check=True, capture_output=True)
        nothing = median(lambda: process([sys.executable, "-c", "pass"], environment))
        measured = {
            "import_ragbot_s": median(lambda: process([sys.executable, "-c", "import ragbot"], environment)) - nothing,
            "ask_by_extraction_s": median(lambda: process([*RAGBOT, "ask", QUESTION], environment)),
            "page_ready_s": median(lambda: page(environment)),
            "peer_import_llama_index_core_s": imported("llama_index.core", environment) - nothing,
            "peer_import_gradio_s": imported("gradio", environment) - nothing,
        }
    print(json.dumps({name: round(value, 3) for name, value in measured.items()}, indent=2))


def median(measure: Callable[[], float]) -> float:
    measure()  # the first run fills the file cache
    return statistics.median(measure() for _ in range(RUNS))


def imported(module: str, environment: dict[str, str]) -> float:
    return median(lambda: process([sys.executable, "-c", f"import {module}"], environment))


def process(command: list[str], environment: dict[str, str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return time.perf_counter() - begun


def page(environment: dict[str, str]) -> float:
    """From `ragbot serve` to the first whole page."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    begun = time.perf_counter()
    server = subprocess.Popen([*RAGBOT, "serve", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL)
    try:
        while not answers(f"http://127.0.0.1:{port}/"):
            time.sleep(0.02)
        return time.perf_counter() - begun
    finally:
        server.send_signal(signal.SIGINT)
        server.wait()


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as response:
            return response.status == 200
    except OSError:
        return False


if __name__ == "__main__":
    main()
