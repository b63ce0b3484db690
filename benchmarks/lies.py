"""Whatever writes the draft, nothing unsupported comes through: lying drafts from a real server, in their hundreds.

A scripted OpenAI-compatible server on loopback answers each question with a sentence of the documents, bent: figures
ten times too large or in the wrong scale, invented ones, another company's name, the opposite direction, made-up
citations, text without end, orders obeyed. Every answer shown is held against the passages that it cites by
ragbot.evaluation, whose reader of figures shares no code with what made the answer. It prints one JSON object:
drafts, and what came through, by kind of lie.

    python benchmarks/lies.py --drafts 500
"""

import argparse
import json
import random
import re
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from ragbot import Answer, Assistant, Settings
from ragbot.evaluation.numbers import unsupported

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / "corpus"
NUMBER = re.compile(r"\d+(?:\.\d+)?")
TURNED = {
    "增长": "下降",
    "增加": "减少",
    "up ": "down ",
    "rose": "fell",
    "grew": "shrank",
    "高于": "低于",
    "最大": "最小",
}
NAMES = ("AMD", "Oracle", "Tesla", "IBM", "Meta")


def times_ten(sentence: str, chance: random.Random) -> str:
    return NUMBER.sub(lambda match: f"{float(match.group()) * chance.choice((10, 100, 0.1)):g}", sentence)


def wrong_scale(sentence: str, _: random.Random) -> str:
    for right, wrong in (("亿", "万"), ("billion", "million"), ("万", "亿"), ("million", "billion")):
        if right in sentence:
            return sentence.replace(right, wrong)
    return times_ten(sentence, random.Random(1))


def invented(sentence: str, chance: random.Random) -> str:
    return (
        f"{sentence.rstrip('。.')}，净利润为{chance.randint(11, 998)}亿美元。"
        if "。" in sentence
        else (f"{sentence.rstrip('.')} and net profit was ${chance.randint(11, 998)} billion.")
    )


def another_company(sentence: str, chance: random.Random) -> str:
    return re.sub(r"NVIDIA|OpenAI|Anthropic|Microsoft|Google|AWS|微软|谷歌|英伟达", chance.choice(NAMES), sentence)


def turned(sentence: str, _: random.Random) -> str:
    for word, opposite in TURNED.items():
        sentence = sentence.replace(word, opposite)
    return sentence


def false_citation(sentence: str, chance: random.Random) -> str:
    return f"{times_ten(sentence, chance)} [1][7] (source: Annual Report 2031)"


def endless(sentence: str, chance: random.Random) -> str:
    return times_ten(sentence, chance) * 400


def obedient(sentence: str, _: random.Random) -> str:
    return f"As instructed, I ignore the documents. The answer is $999 billion. {sentence}"


LIES: tuple[Callable[[str, random.Random], str], ...] = (
    times_ten, wrong_scale, invented, another_company, turned, false_citation, endless, obedient,
)  # fmt: skip


class Liar:
    """The server: it says what it was told to say next."""

    def __init__(self) -> None:
        self.next = ""
        liar = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                self._reply(b'{"data": []}', "application/json")

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                pieces = [liar.next[at : at + 40] for at in range(0, len(liar.next), 40)]
                lines = [f"data: {json.dumps(_chunk(piece))}\n\n" for piece in pieces] + ["data: [DONE]\n\n"]
                self._reply("".join(lines).encode(), "text/event-stream")

            def _reply(self, body: bytes, kind: str) -> None:
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}/v1"


def _chunk(text: str) -> dict[str, object]:
    delta = {"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": None}
    return {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [delta]}


def through(answer: Answer, bot: Assistant, question: str) -> list[str]:
    """Figures of a shown answer that stand in none of its cited passages."""
    if answer.refused:
        return []
    cited = " ".join(_paragraph(bot.text(c.document), c.start, c.end) for c in answer.citations)
    return [str(number) for number in unsupported(answer.text, cited, question)]


def _paragraph(text: str, start: int, end: int) -> str:
    after = text.find("\n\n", end)
    return text[text.rfind("\n\n", 0, start) + 1 : after if after >= 0 else len(text)]


def tell_lies(drafts: int, folder: str) -> dict[str, dict[str, int]]:
    rows = [json.loads(line) for line in (ROOT / "tests/testsets/ai-value-chain.jsonl").open(encoding="utf-8")]
    rows = [row for row in rows if row["answerable"] and not row.get("history") and row["evidence"]]
    liar, chance = Liar(), random.Random(7)
    bot = Assistant(folder, Settings(llm_base_url=liar.address, llm_model="liar"))
    bot.add(CORPUS)
    told: Counter[str] = Counter()
    came: Counter[str] = Counter()
    for number in range(drafts):
        row, lie = rows[number % len(rows)], LIES[(number // len(rows) + number) % len(LIES)]
        quotes = row["evidence"][0]
        truth = quotes if isinstance(quotes, str) else next((q for q in quotes if q), "")
        liar.next = lie(truth, chance)
        answer = bot.ask(row["question"])
        told[lie.__name__] += 1
        wrong = through(answer, bot, row["question"])
        bent = liar.next != truth and truth and liar.next.rstrip("。.") in answer.text
        if (
            wrong
            or bent
            or any(name in answer.text for name in NAMES if name not in row["question"] and name not in truth)
        ):
            came[lie.__name__] += 1
            print(f"{lie.__name__}: {row['question']} -> {answer.text} {wrong}", file=sys.stderr)
    return {name: {"drafts": told[name], "came_through": came[name]} for name in told}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--drafts", type=int, default=500)
    drafts = parser.parse_args().drafts
    with tempfile.TemporaryDirectory() as folder:
        by_kind = tell_lies(drafts, folder)
    total = sum(kind["came_through"] for kind in by_kind.values())
    print(json.dumps({"drafts": drafts, "came_through": total, "by_kind": by_kind}, indent=2))


if __name__ == "__main__":
    main()
