"""One way to talk to a model: the OpenAI protocol. The embedded llama.cpp speaks it too, on a loopback port."""

import os
import secrets
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from math import exp
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ragbot import weights
from ragbot.errors import ConfigurationError, ModelNotFound, ModelTimeout, ModelUnreachable, ModelUnreadable
from ragbot.settings import Settings

CONNECT_SECONDS = 5.0
CHARACTERS_A_TOKEN = 8  # no tokenizer writes more on average: a server that does is not keeping to max_tokens
_RIVALS = 20  # tokens whose probabilities are asked for: the most that the protocol allows
PATIENCE = 5  # a draft may take this many times `llm_timeout`, however lively the server is

Message = tuple[str, str]
"""Role ('system', 'user', 'assistant') and text."""

_servers: dict[tuple[Path, int, int], tuple[Any, str]] = {}
_servers_lock = threading.Lock()


class Model:
    """A chat model behind an OpenAI-compatible address. Greedy, so that a run can be repeated.

    `taught`: whether it has an adapter that was taught to read, to check and to tell (training/README.md). It is used
    only where a call says so: what is written freely is the model's own.
    """

    def __init__(self, name: str, model: str, base_url: str, key: str, timeout: float, taught: bool = False) -> None:
        self.name = name
        self.taught = taught
        self._model = model
        self._base_url = base_url
        self._key = key
        self._timeout = timeout
        self._llm: Any = None

    def stream(self, messages: Sequence[Message], max_tokens: int, taught: bool = False) -> Iterator[str]:
        """Text as it is written; with `taught`, as the adapter has it.

        Raises ModelTimeout, or ModelUnreachable when the server fails or talks nonsense.
        """
        from llama_index.core.llms import ChatMessage

        deadline = time.monotonic() + PATIENCE * self._timeout
        length = 0
        chat = [ChatMessage(role=role, content=text) for role, text in messages]
        with self._failures(), self._client() as client:
            extra = self._adapter(taught)
            for response in self._through(client).stream_chat(chat, max_tokens=max_tokens, seed=1, **extra):
                if time.monotonic() > deadline:
                    raise ModelTimeout(
                        f"the model at {self._base_url} did not finish in {PATIENCE * self._timeout:.0f} s"
                    )
                piece = response.delta or ""
                length += len(piece)
                if length > CHARACTERS_A_TOKEN * max_tokens:
                    return
                if piece:
                    yield piece

    def complete(self, messages: Sequence[Message], max_tokens: int, taught: bool = False) -> str:
        """The whole text; raises as `stream` does."""
        return "".join(self.stream(messages, max_tokens, taught))

    def probability(self, messages: Sequence[Message], yes: str, no: str, taught: bool = False) -> float | None:
        """How probable the model finds it that it replies `yes` rather than `no`: [0, 1].

        None when it replies neither. From the first token's probabilities; a server that gives none counts by what it
        wrote. Raises as `stream` does.
        """
        from llama_index.core.llms import ChatMessage

        chat = [ChatMessage(role=role, content=text) for role, text in messages]
        with self._failures():
            extra = self._adapter(taught)
            response = self._connected().chat(chat, max_tokens=1, seed=1, logprobs=True, top_logprobs=_RIVALS, **extra)
            first = response.logprobs[0] if response.logprobs else ()
            weights_ = {word: sum(exp(t.logprob) for t in first if _same_word(t.token, word)) for word in (yes, no)}
            total = sum(weights_.values())
            if total:
                return weights_[yes] / total
            written = response.message.content or ""
        return 1.0 if _same_word(written, yes) else 0.0 if _same_word(written, no) else None

    def _adapter(self, used: bool) -> dict[str, Any]:
        """llama.cpp applies an adapter request by request; one that does not say goes on as the one before."""
        return {"extra_body": {"lora": [{"id": 0, "scale": float(used)}]}} if self.taught else {}

    def _connected(self) -> Any:
        if self._llm is None:
            self._llm = self._through(self._client())
        return self._llm

    def _client(self) -> Any:
        """Connections of its own for each stream, closed with it.

        A stream that is cut short is closed only when it is collected as garbage; in a pool that others use, that can
        come while the same thread holds the pool's lock, and then it waits for itself.
        """
        import httpx

        limits = httpx.Timeout(self._timeout, connect=CONNECT_SECONDS)
        return httpx.Client(timeout=limits, trust_env=not _is_local(self._base_url), verify=_certificates())

    def _through(self, client: Any) -> Any:
        from llama_index.llms.openai_like import OpenAILike

        return OpenAILike(
            model=self._model,
            api_base=self._base_url,
            api_key=self._key,
            is_chat_model=True,
            temperature=0.0,
            max_retries=0,
            timeout=self._timeout,
            http_client=client,
        )

    @contextmanager
    def _failures(self) -> Iterator[None]:
        """The client's many errors as our two."""
        import httpx
        import openai

        try:
            yield
        except (openai.APITimeoutError, httpx.TimeoutException) as error:
            raise ModelTimeout(
                f"the model at {self._base_url} was silent for {self._timeout:.0f} s: see to the server, or raise "
                "RAGBOT_LLM_TIMEOUT"
            ) from error
        except openai.APIStatusError as error:
            raise ModelUnreachable(f"the model at {self._base_url} answered HTTP {error.status_code}") from error
        except (openai.OpenAIError, httpx.HTTPError, ValueError, TypeError, AttributeError, IndexError) as error:
            cause = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
            raise ModelUnreachable(f"the model at {self._base_url} gives no usable answer: {cause}") from error


def _is_local(url: str) -> bool:
    """Whether an address is of this machine, where no proxy of the environment leads."""
    return urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1")


@cache
def _certificates() -> Any:
    """The authorities that all clients trust: reading them takes longer than all else about a client."""
    import httpx

    return httpx.create_ssl_context()


def _same_word(token: str, word: str) -> bool:
    return token.strip(" .\n").lower() == word


def connect(settings: Settings) -> Model | None:
    """The model that the settings name; None when answers are to be extracted.

    Raises ModelUnreachable, ModelNotFound, ModelUnreadable or ConfigurationError.
    """
    if settings.llm_base_url:
        return _served(settings, settings.llm_base_url.rstrip("/"))
    if settings.llm == "none":
        return None
    if settings.llm == "auto":
        here = ((name, weights.find(name, settings)) for name in weights.MODELS)
        return next((_embedded(name, path, settings) for name, path in here if path), None)
    if settings.llm in weights.MODELS:
        return _named(settings.llm, settings)
    path = Path(settings.llm).expanduser()
    if path.suffix.lower() == ".gguf":
        return _embedded(path.stem, path, settings)
    raise ConfigurationError(
        f"RAGBOT_LLM='{settings.llm}' is none of: auto, none, {', '.join(weights.MODELS)}, the path of a .gguf file"
    )


def _named(name: str, settings: Settings) -> Model:
    path = weights.find(name, settings)
    if path is None:
        raise ModelNotFound(f"the weights of {name} are not on this machine: run 'ragbot models pull {name}'")
    return _embedded(name, path, settings)


def _served(settings: Settings, base_url: str) -> Model:
    """A model on somebody else's server, which must at least be there."""
    import httpx

    address = urlsplit(base_url)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise ConfigurationError(
            f"RAGBOT_LLM_BASE_URL='{base_url}' is no http address, such as http://localhost:11434/v1"
        )
    key = settings.llm_api_key.get_secret_value()
    outside = not _is_local(base_url)
    try:
        limits = httpx.Timeout(min(settings.llm_timeout, 10.0), connect=CONNECT_SECONDS)
        httpx.get(f"{base_url}/models", headers={"Authorization": f"Bearer {key}"}, timeout=limits, trust_env=outside)
    except httpx.TimeoutException as error:
        raise ModelTimeout(
            f"no answer from the model server at {base_url}: is it up, and is the address right?"
        ) from error
    except httpx.HTTPError as error:
        raise ModelUnreachable(
            f"no model server at {base_url} ({error}): start it, or unset RAGBOT_LLM_BASE_URL"
        ) from error
    name = f"{settings.llm_model} @ {address.netloc.rpartition('@')[2]}"
    return Model(name, settings.llm_model, base_url, key, settings.llm_timeout)


def _embedded(name: str, path: Path, settings: Settings) -> Model:
    """The llama.cpp server of this process for that file, started once (some seconds for 1 GB)."""
    _check_gguf(path)
    threads = settings.llm_threads or os.cpu_count() or 2
    with _servers_lock:
        at = (path.resolve(), settings.llm_context, threads)
        adapter = weights.adapter(name)
        if at not in _servers:
            _servers[at] = _start(path, settings.llm_context, threads, adapter)
        server, key = _servers[at]
    address = f"{server.listening_address}/v1"
    return Model(f"{name} (embedded)", name, address, key, settings.llm_timeout, taught=adapter is not None)


def _check_gguf(path: Path) -> None:
    if not path.is_file():
        raise ModelNotFound(f"no model file '{path}'")
    with path.open("rb") as file:
        if file.read(4) != b"GGUF":
            raise ModelUnreadable(f"'{path}' is no GGUF file: give a llama.cpp model in GGUF form")


def _start(path: Path, context: int, threads: int, adapter: Path | None) -> tuple[Any, str]:
    import xllamacpp

    key = secrets.token_urlsafe(24)
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_ctx = context
    params.n_parallel = 6  # one for each prompt that comes again and again: each finds its beginning read already
    params.kv_unified = True
    params.cache_ram_mib = 0
    params.cpuparams.n_threads = threads
    params.cpuparams_batch.n_threads = threads
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [key]
    params.verbosity = -1
    if adapter:
        params.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(str(adapter), 0.0)]
        params.lora_init_without_apply = True
    try:
        with _quiet():
            return xllamacpp.Server(params), key
    except RuntimeError as error:
        raise ModelUnreadable(
            f"'{path}' could not be loaded: the file is damaged, or memory is short; "
            "fetch it again, or name another model"
        ) from error


@contextmanager
def _quiet() -> Iterator[None]:
    """llama.cpp reports to the C-level stderr while it loads; one line of ours says what matters."""
    sys.stderr.flush()
    kept = os.dup(2)
    with open(os.devnull, "wb") as null:  # noqa: PTH123
        os.dup2(null.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
