"""Every error that ragbot raises on purpose.

    RagbotError
    ├── ConfigurationError        a setting cannot be used
    ├── QuestionError             a question is empty, or too long
    ├── DocumentError             a file cannot become a document
    │   ├── DocumentNotFound          there is no such path
    │   └── UnreadableDocument        empty, binary, damaged, or of a kind that is not read
    ├── StoreError                the index cannot serve
    │   ├── IndexNotFound             there is none at this path
    │   ├── IndexDamaged              the database cannot be read
    │   ├── IndexBusy                 another process is writing
    │   └── EncoderMismatch           it was built with another encoder
    ├── EvaluationError           an evaluation cannot be made
    │   ├── FaultyTestSet             missing, no text, or with rows that cannot be used
    │   ├── RunNotFound               there is no run in the folder
    │   ├── RunMismatch               the folder holds a run of something else
    │   └── RunNotSaved               answers cannot be written: the disk is full, or closed to us
    └── ModelError                a model cannot serve
        ├── ModelNotFound             weights or model name unknown here
        ├── ModelUnreadable           the file is no usable model
        ├── ModelUnreachable          no server answers, or it answers with an error
        ├── ModelTimeout              the server took longer than the limit
        ├── DownloadFailed            no source could deliver the weights
        └── ChecksumMismatch          the bytes are not the published ones

Each message is one line: the thing, the cause, the way out. Catch the root to show it to a person:

    try:
        answer = bot.ask(question)
    except RagbotError as error:
        print(error)
"""


class RagbotError(Exception):
    """The root: anything that a user can act on."""


class ConfigurationError(RagbotError):
    """A setting has a value that cannot be used."""


class QuestionError(RagbotError):
    """The question is empty, or longer than `LONGEST_QUESTION`."""


class DocumentError(RagbotError):
    """A file cannot become a document."""


class DocumentNotFound(DocumentError):
    """The path does not exist, or a folder holds nothing that can be read."""


class UnreadableDocument(DocumentError):
    """The file is empty, binary, damaged, too large, or of a kind that ragbot does not read."""


class StoreError(RagbotError):
    """The index cannot serve."""


class IndexNotFound(StoreError):
    """There is no index at the path: build one with `ragbot index`."""


class IndexDamaged(StoreError):
    """The database is not one of ours, or cannot be read."""


class IndexBusy(StoreError):
    """Another process is writing to the index."""


class EncoderMismatch(StoreError):
    """The index was built with another encoder than the one in the settings."""


class EvaluationError(RagbotError):
    """An evaluation cannot be made."""


class FaultyTestSet(EvaluationError):
    """The test set is missing, is no text, or holds rows that cannot be used."""


class RunNotFound(EvaluationError):
    """The folder holds no run of `ragbot eval`."""


class RunMismatch(EvaluationError):
    """The folder holds a run of other questions, documents, settings, or another engine."""


class RunNotSaved(EvaluationError):
    """An answer or a report cannot be written; what was written before is whole."""


class ModelError(RagbotError):
    """A language model or an encoder cannot serve."""


class ModelNotFound(ModelError):
    """The name is unknown, or the weights are not on this machine."""


class ModelUnreadable(ModelError):
    """The file exists, but no model could be loaded from it."""


class ModelUnreachable(ModelError):
    """No server answers at the address, or it answers with an error."""


class ModelTimeout(ModelError):
    """The server was silent for longer than `llm_timeout`."""


class DownloadFailed(ModelError):
    """None of the sources of a model file could be reached, or the disk is full."""


class ChecksumMismatch(ModelError):
    """A model file's SHA-256 is not the published one."""
