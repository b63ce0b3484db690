"""What an index keeps: SQLite is the truth, FAISS is derived from it and rebuilt whenever it is not beyond doubt."""

import hashlib
import json
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np

from ragbot.errors import EncoderMismatch, IndexBusy, IndexDamaged, IndexNotFound, StoreError
from ragbot.language import searchable
from ragbot.schema import Document, IndexedDocument, Language, Passage
from ragbot.segments import Chunk, clauses, in_context, without_sources

FORMAT = "2"
FLAT = 20_000  # vectors; a larger index keeps a coarse form of them for finding candidates
COARSE = 128  # dimensions of that form
GRAINS = ("passage", "sentence")
_Value = TypeVar("_Value")
_SHRINK = 8.0  # a language's mean is taken as if so many of its vectors had been the usual ones
_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE languages (language TEXT PRIMARY KEY, usual BLOB NOT NULL);
CREATE TABLE documents (
    id INTEGER PRIMARY KEY AUTOINCREMENT, root TEXT NOT NULL, name TEXT NOT NULL, title TEXT NOT NULL,
    digest TEXT NOT NULL, language TEXT NOT NULL, text TEXT NOT NULL, indexed_at TEXT NOT NULL, UNIQUE (root, name));
CREATE TABLE passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, document_id INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    segment TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, language TEXT NOT NULL,
    sources TEXT NOT NULL, page INTEGER, spans BLOB NOT NULL, vectors BLOB NOT NULL);
CREATE INDEX passages_by_document ON passages (document_id);
CREATE VIRTUAL TABLE lexicon USING fts5 (words, tokenize = "unicode61 remove_diacritics 0 tokenchars '.,&''’-'");
CREATE VIRTUAL TABLE vocabulary USING fts5vocab (lexicon, row);
"""


@dataclass(frozen=True, slots=True)
class Embedded:
    """A chunk with its unit vectors: its own, one a sentence, and one a clause of each sentence, in order."""

    chunk: Chunk
    vector: np.ndarray
    sentence_vectors: Sequence[np.ndarray]
    clause_vectors: Sequence[Sequence[np.ndarray]]


@dataclass(frozen=True, slots=True)
class Indexed:
    """What scoring needs of a passage.

    `spans`: (start, end) of its sentences in the document, int32, (sentences, 2). `vectors`: float32, one row for the
    passage, then one a sentence, then one a clause. `owners`: the sentence of each row after the first.
    `words`: as `language.words` writes them, those of title and headings among them.
    """

    language: Language
    spans: np.ndarray
    vectors: np.ndarray
    owners: np.ndarray
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Scope:
    """Which passages a search may return; by default all. `segments` are heading paths or beginnings of them."""

    documents: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.documents or self.segments)


class Vectors:
    """What is derived from the vectors of one generation: for each grain and language, a FAISS index and the mean.

    Ids are those of passages, in the sentence grain as well. Languages are searched apart, since scores within one
    say nothing about the other: whatever is in the question's own language is nearer than the answer in the other.
    """

    def __init__(self, generation: int, parts: "dict[tuple[str, str], Part]") -> None:
        self.generation = generation
        self.parts = parts

    @property
    def languages(self) -> list[str]:
        return sorted({language for _, language in self.parts})

    def nearest(self, queries: Mapping[str, np.ndarray], count: int, allowed: np.ndarray | None = None) -> set[int]:
        """Passages near to a question's vector in their language, by their own or a sentence's: up to `count` each."""
        return {
            id_ for (_, language), part in self.parts.items() for id_ in part.nearest(queries[language], count, allowed)
        }


@dataclass(frozen=True, slots=True)
class Part:
    """The vectors of one grain in one language.

    `index`: FAISS, over the vectors or their coarse form, to which `rotation` takes a vector. `mean` and `covariance`
    are of the vectors themselves; `rotation` is empty where there is no coarse form.
    """

    index: Any
    mean: np.ndarray
    covariance: np.ndarray
    rotation: np.ndarray

    def spread(self, query: np.ndarray) -> float:
        """Standard deviation of the similarities of a query to the vectors."""
        return float(np.sqrt(max(0.0, query @ self.covariance @ query)))

    def nearest(self, query: np.ndarray, count: int, allowed: np.ndarray | None) -> Iterator[int]:
        import faiss

        faiss.omp_set_num_threads(1)  # of this thread; one query is searched by one, the others would only spin
        query = query.reshape(1, -1)
        if self.rotation.size:
            query = np.ascontiguousarray(query @ self.rotation)
        parameters: Any = None if allowed is None else faiss.SearchParameters(sel=faiss.IDSelectorBatch(allowed))  # type: ignore[call-arg]
        found = self.index.search(query, min(count, self.index.ntotal), params=parameters)[1][0]
        return (int(id_) for id_ in found if id_ >= 0)


class LocalStore:
    """One folder on disk. Safe for many reading threads and processes and one writer at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / "ragbot.db"
        self._local = threading.local()
        self._lock = threading.Lock()
        self._vectors: Vectors | None = None

    # reading

    def exists(self) -> bool:
        return self.database.is_file()

    def check_encoder(self, name: str) -> None:
        """Raises EncoderMismatch when the index was built by another encoder, IndexNotFound when there is none.

        Raises IndexDamaged when a version of ragbot with another index format built it.
        """
        built_by = self._meta("encoder")
        if built_by != name:
            raise EncoderMismatch(
                f"the index in '{self.folder}' was built with encoder '{built_by}', the settings say '{name}': "
                f"set RAGBOT_ENCODER to the former, or index into another folder"
            )

    def generation(self) -> int:
        return int(self._meta("generation"))

    def documents(self) -> list[IndexedDocument]:
        rows = self._read(
            "SELECT d.name, d.title, d.language, count(p.id), json_group_array(p.segment), d.indexed_at "
            "FROM documents d LEFT JOIN passages p ON p.document_id = d.id GROUP BY d.id ORDER BY d.name"
        )
        return [
            IndexedDocument(
                name, title, language, count, tuple(dict.fromkeys(s for s in json.loads(segments) if s)), at
            )
            for name, title, language, count, segments, at in rows
        ]

    def digests(self, root: str) -> dict[str, str]:
        """SHA-256 by document name, for documents indexed from that folder."""
        return dict(self._read("SELECT name, digest FROM documents WHERE root = ?", root))

    def root(self, name: str) -> str:
        """The folder that a document was indexed from. Raises StoreError when there is none of that name."""
        rows = self._read("SELECT root FROM documents WHERE name = ?", name)
        if not rows:
            raise StoreError(f"no document '{name}' in the index: `ragbot index` adds one")
        return str(rows[0][0])

    def text(self, name: str) -> str:
        rows = self._read("SELECT text FROM documents WHERE name = ?", name)
        if not rows:
            raise StoreError(f"no document '{name}' in the index: `ragbot index` adds one")
        return str(rows[0][0])

    def passages(self, ids: Iterable[int]) -> dict[int, Passage]:
        """Passages by id; ids that are gone are left out."""
        wanted = list(ids)
        return {passage.id: passage for passage in self._passages(f"p.id IN ({_marks(wanted)})", wanted)}

    def passages_of(self, document: str) -> list[Passage]:
        """The passages of a document, in order; none if it is not in the index."""
        return self._passages("d.name = ? ORDER BY p.start", [document])

    def _passages(self, condition: str, values: Sequence[Any]) -> list[Passage]:
        rows = self._read(
            "SELECT p.id, d.name, d.title, p.segment, substr(d.text, p.start + 1, p.end - p.start), p.start, p.end, "
            f"p.language, p.sources, p.page FROM passages p JOIN documents d ON d.id = p.document_id WHERE {condition}",
            *values,
        )
        return [Passage(*(*row[:8], tuple(json.loads(row[8])), row[9])) for row in rows]

    def indexed(self, ids: Iterable[int]) -> dict[int, Indexed]:
        """What scoring needs, by passage id; ids that are gone are left out."""
        wanted = list(ids)
        rows = self._read(
            "SELECT p.id, p.language, p.spans, p.vectors, l.words FROM passages p JOIN lexicon l ON l.rowid = p.id "
            f"WHERE p.id IN ({_marks(wanted)})",
            *wanted,
        )
        return {id_: _indexed(*row) for id_, *row in rows}

    def allowed(self, scope: Scope) -> np.ndarray:
        """Ids of the passages in a scope, int64."""
        condition, values = _within(scope)
        return np.array([row[0] for row in self._read(condition, *values)], dtype=np.int64)

    def frequencies(self, terms: Iterable[str]) -> dict[str, int]:
        """In how many passages each word stands; words that stand in none are left out."""
        found: dict[str, int] = {}
        for batch in batched(dict.fromkeys(terms), 500):
            found |= dict(self._read(f"SELECT term, doc FROM vocabulary WHERE term IN ({_marks(batch)})", *batch))
        return found

    def size(self) -> int:
        """How many passages there are."""
        return int(self._read("SELECT count(*) FROM passages")[0][0])

    def lexical(self, terms: Sequence[str], limit: int, scope: Scope) -> list[int]:
        """The passages of a scope that score best by BM25 (FTS5's) over those words, best first."""
        query = " OR ".join('"' + term.replace('"', '""') + '"' for term in dict.fromkeys(terms))
        if not query:
            return []
        within, values = _within(scope)
        rows = self._read(
            f"SELECT rowid FROM lexicon WHERE lexicon MATCH ? {f'AND rowid IN ({within})' if scope else ''} "
            "ORDER BY rank LIMIT ?",
            query,
            *values,
            limit,
        )
        return [row[0] for row in rows]

    def vectors(self) -> Vectors:
        """The FAISS indexes of the current generation, from memory, from disk, or built anew."""
        generation = self.generation()
        with self._lock:
            if self._vectors is None or self._vectors.generation != generation:
                self._vectors = _load_vectors(self.folder, generation) or self._build_vectors(generation)
            return self._vectors

    # writing

    def create(self, encoder: str, usual: Mapping[Language, np.ndarray]) -> None:
        """An empty index for that encoder, unless there is one already. `usual`: its mean vector of each language."""
        if self.exists():
            self.check_encoder(encoder)
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        temporary = self.folder / f".ragbot-{os.getpid()}.db"
        temporary.unlink(missing_ok=True)
        connection = sqlite3.connect(temporary)
        with connection:
            connection.executescript(_SCHEMA)
            meta = {"format": FORMAT, "encoder": encoder, "generation": "0"}
            connection.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
            blobs = [(language, mean.astype(np.float32).tobytes()) for language, mean in usual.items()]
            connection.executemany("INSERT INTO languages VALUES (?, ?)", blobs)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.close()
        temporary.replace(self.database)

    def put(self, root: str, document: Document, chunks: Sequence[Embedded]) -> None:
        """Store a document in place of its earlier version, in one transaction."""
        with self._write() as db:
            _delete(db, root, document.name)
            now = datetime.now(UTC).isoformat(timespec="seconds")
            document_id = db.execute(
                "INSERT INTO documents (root, name, title, digest, language, text, indexed_at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (root, document.name, document.title, document.digest, document.language, document.text, now),
            ).lastrowid
            for embedded in chunks:
                _insert_chunk(db, document_id, embedded)

    def delete(self, name: str, root: str | None = None) -> bool:
        """Remove a document (of any root, unless one is given); whether there was one."""
        with self._write() as db:
            return _delete(db, root, name) > 0

    # inside

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        db = self._connection()
        try:
            db.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise IndexBusy(
                f"another process is writing to the index in '{self.folder}': try again when it is done"
            ) from error
        try:
            yield db
            db.execute("UPDATE meta SET value = value + 1 WHERE key = 'generation'")
            db.execute("COMMIT")
        except sqlite3.OperationalError as error:
            db.execute("ROLLBACK")
            raise StoreError(f"the index in '{self.folder}' cannot be written: {error}") from error
        except BaseException:
            db.execute("ROLLBACK")
            raise

    def _read(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        try:
            return self._connection().execute(sql, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise IndexDamaged(
                f"the index in '{self.folder}' cannot be read ({error}): delete the folder and run 'ragbot index' again"
            ) from error

    def _meta(self, key: str) -> str:
        rows = self._read("SELECT value FROM meta WHERE key = ?", key)
        return str(rows[0][0]) if rows else ""

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            if not self.exists():
                raise IndexNotFound(f"no index in '{self.folder}': build one with 'ragbot index PATH'")
            connection = sqlite3.connect(self.database, isolation_level=None, timeout=10)
            connection.execute("PRAGMA foreign_keys = ON")
            self._check_format(connection)
            self._local.connection = connection
        return connection

    def _check_format(self, connection: sqlite3.Connection) -> None:
        try:
            found = connection.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()
        except sqlite3.DatabaseError:
            return  # what is damaged is reported where it is read
        if found is None or found[0] != FORMAT:
            raise IndexDamaged(
                f"the index in '{self.folder}' has format {found[0] if found else 'unknown'}, this version of ragbot "
                f"reads format {FORMAT}: delete the folder and run 'ragbot index' again"
            )

    def _build_vectors(self, generation: int) -> Vectors:
        rows = self._read("SELECT id, language, spans, vectors FROM passages ORDER BY id")
        usual = {
            language: np.frombuffer(mean, dtype=np.float32)
            for language, mean in self._read("SELECT language, usual FROM languages")
        }
        vectors = Vectors(generation, _parts(rows, usual))
        _save_vectors(self.folder, vectors)
        return vectors


class PassageEncoder(Protocol):
    """What embeds the texts of an index."""

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """Unit vectors: float32, (len(texts), dimension)."""
        ...


def embed(chunks: Sequence[Chunk], encoder: PassageEncoder) -> list[Embedded]:
    """Chunks with the vectors of passages under their headings, of sentences, and of clauses."""
    sentences = [[without_sources(text) for text in chunk.sentence_texts()] for chunk in chunks]
    pieces = [[clauses(text) for text in texts] for texts in sentences]
    everything = [
        *(in_context(chunk.passage) for chunk in chunks),
        *(text for texts in sentences for text in texts),
        *(piece for texts in pieces for found in texts for piece in found),
    ]
    vectors = encoder.passages(everything) if everything else np.zeros((0, 1), dtype=np.float32)
    rest = iter(vectors)
    own = list(islice(rest, len(chunks)))
    by_sentence = [list(islice(rest, len(texts))) for texts in sentences]
    by_clause = [[list(islice(rest, len(found))) for found in texts] for texts in pieces]
    return [Embedded(*row) for row in zip(chunks, own, by_sentence, by_clause, strict=True)]


def _within(scope: Scope) -> tuple[str, list[Any]]:
    """SQL for the ids of the passages in a scope, and its values. A segment holds those below it in the headings."""
    conditions: list[str] = []
    values: list[Any] = []
    if scope.documents:
        conditions.append(f"d.name IN ({_marks(scope.documents)})")
        values += scope.documents
    if scope.segments:
        conditions.append(f"({' OR '.join('p.segment = ? OR substr(p.segment, 1, ?) = ?' for _ in scope.segments)})")
        for segment in scope.segments:
            values += [segment, len(segment) + 3, f"{segment} > "]
    join = "SELECT p.id FROM passages p JOIN documents d ON d.id = p.document_id"
    return (f"{join} WHERE {' AND '.join(conditions)}" if conditions else join), values


def batched(values: Iterable[_Value], size: int) -> Iterator[list[_Value]]:
    """Lists of up to `size` of the values."""
    rest = iter(values)
    while batch := list(islice(rest, size)):
        yield batch


def _marks(values: Sequence[Any]) -> str:
    return ",".join("?" * len(values))


def _delete(db: sqlite3.Connection, root: str | None, name: str) -> int:
    condition, values = ("name = ?", [name]) if root is None else ("name = ? AND root = ?", [name, root])
    found = f"SELECT id FROM documents WHERE {condition}"
    db.execute(f"DELETE FROM lexicon WHERE rowid IN (SELECT id FROM passages WHERE document_id IN ({found}))", values)
    return db.execute(f"DELETE FROM documents WHERE {condition}", values).rowcount


def _insert_chunk(db: sqlite3.Connection, document_id: int | None, embedded: Embedded) -> None:
    passage = embedded.chunk.passage
    passage_id = db.execute(
        "INSERT INTO passages (document_id, segment, start, end, language, sources, page, spans, vectors) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            document_id,
            passage.segment,
            passage.start,
            passage.end,
            passage.language,
            json.dumps(passage.sources, ensure_ascii=False),
            passage.page,
            _pack_spans(embedded),
            _pack_vectors(embedded),
        ),
    ).lastrowid
    db.execute(
        "INSERT INTO lexicon (rowid, words) VALUES (?, ?)", (passage_id, " ".join(searchable(in_context(passage))))
    )


def _pack_spans(embedded: Embedded) -> bytes:
    """Start, end and number of clauses of each sentence."""
    counts = [len(clauses) for clauses in embedded.clause_vectors]
    rows = [(*span, count) for span, count in zip(embedded.chunk.sentences, counts, strict=True)]
    return np.array(rows, dtype=np.int32).tobytes()


def _pack_vectors(embedded: Embedded) -> bytes:
    """Half precision is a tenth of what quantised encoders lose."""
    clauses = [vector for vectors in embedded.clause_vectors for vector in vectors]
    return np.array([embedded.vector, *embedded.sentence_vectors, *clauses], dtype=np.float16).tobytes()


def _indexed(language: Language, spans: bytes, vectors: bytes, searchable: str) -> Indexed:
    table = np.frombuffer(spans, dtype=np.int32).reshape(-1, 3)
    count = len(table)
    return Indexed(
        language=language,
        spans=table[:, :2],
        vectors=_unpack(vectors, 1 + count + int(table[:, 2].sum())),
        owners=np.concatenate([np.arange(count), np.repeat(np.arange(count), table[:, 2])]),
        words=frozenset(searchable.split()),
    )


def _unpack(vectors: bytes, rows: int) -> np.ndarray:
    return np.frombuffer(vectors, dtype=np.float16).reshape(rows, -1).astype(np.float32)


def _parts(
    rows: Sequence[tuple[int, str, bytes, bytes]], usual: Mapping[str, np.ndarray]
) -> dict[tuple[str, str], Part]:
    """The derived indexes of (id, language, spans, vectors) rows, by grain and language."""
    ids: dict[tuple[str, str], list[int]] = {}
    found: dict[tuple[str, str], list[np.ndarray]] = {}
    for id_, language, spans, vectors in rows:
        table = np.frombuffer(spans, dtype=np.int32).reshape(-1, 3)
        matrix = np.frombuffer(vectors, dtype=np.float16).reshape(1 + len(table) + int(table[:, 2].sum()), -1)
        for grain, part in (("passage", matrix[:1]), ("sentence", matrix[1 : 1 + len(table)])):
            ids.setdefault((grain, language), []).extend([id_] * len(part))
            found.setdefault((grain, language), []).append(part)
    parts = {}
    for key, matrices in found.items():
        matrix = np.concatenate(matrices).astype(np.float32)
        mean = (matrix.sum(axis=0) + _SHRINK * usual[key[1]]) / (len(matrix) + _SHRINK)
        parts[key] = _part(np.array(ids[key], dtype=np.int64), matrix, mean)
    return parts


def _part(ids: np.ndarray, matrix: np.ndarray, mean: np.ndarray) -> Part:
    import faiss

    flat: Any
    centred = matrix - mean
    covariance = (centred.T @ centred / len(centred)).astype(np.float32)
    rotation = np.zeros((0, 0), dtype=np.float32)
    if len(matrix) > FLAT and matrix.shape[1] > COARSE:
        rotation = np.ascontiguousarray(np.linalg.eigh(covariance)[1][:, -COARSE:])
        flat = faiss.IndexScalarQuantizer(COARSE, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
        matrix = centred @ rotation
    else:
        flat = faiss.IndexFlatIP(matrix.shape[1])
    index = faiss.IndexIDMap(flat)
    index.add_with_ids(np.ascontiguousarray(matrix), ids)
    return Part(index, mean.astype(np.float32), covariance, rotation)


def _save_vectors(folder: Path, vectors: Vectors) -> None:
    """Write all indexes to a temporary name, sync, rename. A folder that cannot be written to is no reason to fail."""
    import faiss

    blobs: list[bytes] = []
    table = []
    for (grain, language), part in vectors.parts.items():
        arrays = (part.mean, part.covariance, part.rotation)
        blobs += [faiss.serialize_index(part.index).tobytes(), *(array.tobytes() for array in arrays)]
        table.append([grain, language, *map(len, blobs[-4:])])
    body = b"".join(blobs)
    stamp = {
        "format": FORMAT,
        "generation": vectors.generation,
        "parts": table,
        "sha256": hashlib.sha256(body).hexdigest(),
    }
    temporary = folder / f".vectors-{os.getpid()}-{threading.get_ident()}"
    try:
        with temporary.open("wb") as file:
            file.write(json.dumps(stamp).encode() + b"\n" + body)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(folder / "vectors.faiss")
    except OSError:
        temporary.unlink(missing_ok=True)


def _load_vectors(folder: Path, generation: int) -> Vectors | None:
    """What is on disk, if it is whole and of that generation."""
    try:
        header, _, body = (folder / "vectors.faiss").read_bytes().partition(b"\n")
        stamp = json.loads(header)
        digest = hashlib.sha256(body).hexdigest()
        if (stamp["format"], stamp["generation"], stamp["sha256"]) != (FORMAT, generation, digest):
            return None
        return Vectors(generation, dict(_read_parts(stamp["parts"], body)))
    except (OSError, ValueError, KeyError, TypeError, RuntimeError):
        return None


def _read_parts(table: list[Any], body: bytes) -> Iterator[tuple[tuple[str, str], Part]]:
    import faiss

    at = 0
    for grain, language, *sizes in table:
        blobs = []
        for size in sizes:
            blobs.append(body[at : at + size])
            at += size
        mean, covariance, rotation = (np.frombuffer(blob, dtype=np.float32) for blob in blobs[1:])
        index = faiss.deserialize_index(np.frombuffer(blobs[0], dtype=np.uint8))
        yield (grain, language), Part(index, mean, covariance.reshape(len(mean), -1), rotation.reshape(-1, COARSE))
