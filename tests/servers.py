"""Real HTTP servers on loopback that behave well, badly, or not at all."""

import io
import json
import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler], port: int = 0) -> Iterator[str]:
    """The address of a server that lives as long as the block."""
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


class Quiet(BaseHTTPRequestHandler):
    """A handler that keeps its log to itself."""

    def log_message(self, *_):
        pass

    def reply(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


def files(held: dict[str, bytes], asked: list[tuple[str, str | None]], break_after: int | None = None):
    """A file server that knows ranges; the first whole answer breaks off after `break_after` bytes."""

    class Files(Quiet):
        def do_GET(self):
            wanted = self.headers.get("Range")
            first_time = not asked
            asked.append((self.path, wanted))
            body = held.get(self.path)
            if body is None:
                return self.reply(404, b"")
            start = int(wanted.split("=")[1].rstrip("-")) if wanted else 0
            if break_after and first_time:
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body[:break_after])
                return self.connection.close()
            return self.reply(206 if wanted else 200, body[start:])

    return Files


def chat_model(reply, *, silent: float = 0.0, pause: float = 0.0, status: int = 200, raw: bytes | None = None):
    """An OpenAI-compatible server that says `reply`, or `reply(prompt)`, `pause` seconds after every 8 characters."""

    class Chat(Quiet):
        def do_GET(self):
            self.reply(200, b'{"data": []}')

        def do_POST(self):
            asked = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            time.sleep(silent)
            if raw is not None or status != 200:
                return self.reply(status, raw or b"{}", Content_Type="text/event-stream")
            said = reply(json.loads(asked)["messages"][-1]["content"]) if callable(reply) else reply
            lines = [json.dumps(_chunk(said[at : at + 8])) for at in range(0, len(said), 8)]
            events = [f"data: {line}\n\n".encode() for line in [*lines, "[DONE]"]]
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            for event in events:
                self.wfile.write(event)
                time.sleep(pause)
            return None

    return Chat


def reading_model(belief, *, probabilities: bool = True, reply=""):
    """A server that finds a passage to answer as probably as `belief(prompt)` says, and otherwise writes its `reply`.

    Without `probabilities` it only says yes or no, whichever is likelier.
    """

    class Reader(chat_model(reply)):
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked = json.loads(body)
            if asked.get("stream"):
                self.rfile = io.BytesIO(body)
                return super().do_POST()
            likely = belief(asked["messages"][-1]["content"])
            word = "yes" if likely >= 0.5 else "no"
            choice = {"index": 0, "message": {"role": "assistant", "content": word}, "finish_reason": "length"}
            if probabilities:
                rivals = [_logprob(token, p) for token, p in ((" Yes", likely), ("no", 1 - likely)) if p > 0]
                choice["logprobs"] = {"content": [{**rivals[0], "top_logprobs": rivals}]}
            answer = {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
            return self.reply(200, json.dumps(answer).encode(), Content_Type="application/json")

    return Reader


def _logprob(token: str, probability: float) -> dict:
    return {"token": token, "logprob": math.log(probability), "bytes": None}


def _chunk(text: str) -> dict:
    delta = {"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": None}
    return {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [delta]}
