"""Words of the page of documents: each line in Chinese and English."""

from ragbot.schema import Language

TEXTS: dict[str, tuple[str, str]] = {
    "documents_tab": ("文档", "Documents"),
    "documents_lead": (
        "回答只依据这些文档。添加或删除时，提问照常进行。",
        "Answers come from these documents alone. Questions go on while you add or remove some.",
    ),
    "documents_add": (
        "拖入文件即可添加：Markdown、文本、HTML、PDF、Word、CSV、维基文本",
        "Drop files to add them: Markdown, text, HTML, PDF, Word, CSV, wikitext",
    ),
}

# What the drawings say: in the language of the page.
PHRASES: dict[str, tuple[str, str]] = {
    "title": ("文档", "Document"),
    "language": ("语言", "Language"),
    "passages": ("段落", "Passages"),
    "segments": ("章节", "Segments"),
    "when": ("收录时间（UTC）", "Indexed (UTC)"),
    "actions": ("操作", "Actions"),
    "zh": ("中文", "Chinese"),
    "en": ("英文", "English"),
    "held": ("共 {count} 份文档，{passages} 个段落", "{count} documents, {passages} passages"),
    "empty": ("还没有文档：把文件拖到上面。", "No documents yet: drop files above."),
    "reindex": ("重新收录", "Index again"),
    "remove": ("删除", "Remove"),
    "sure": ("删除后，回答不再引用它。确定删除？", "Answers will no longer cite it. Remove it?"),
    "confirm": ("确定删除", "Yes, remove"),
    "keep": ("保留", "Keep"),
    "reading": ("读取", "reading"),
    "splitting": ("切分", "splitting"),
    "embedding": ("建立向量", "embedding"),
    "saving": ("保存", "saving"),
    "waiting": ("等待", "waiting"),
    "done": ("已收录", "indexed"),
    "removed": ("已删除", "removed"),
    "failed": ("没有收录", "not indexed"),
    "kept": ("没有删除", "not removed"),
}


def phrase(name: str, language: Language, **values: object) -> str:
    """The phrase in that language, its places filled."""
    return PHRASES[name][language == "en"].format(**values)
