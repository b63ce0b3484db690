"""Words of the page: each line in Chinese and English, chosen by the browser's language."""

TEXTS: dict[str, tuple[str, str]] = {
    "title": ("ragbot · 有据可查的行业研究问答", "ragbot · industry research, answered with its sources"),
    "lead": (
        "只依据已收录的文档回答，每句话都注明出处；文档里没有的，会直说没有。",
        "Answers come from the indexed documents alone; every statement cites its passage; what is not there is said.",
    ),
    "ask": ("用中文或英文提问", "Ask in Chinese or English"),
    "send": ("发送", "Send"),
    "stop": ("停止", "Stop"),
    "clear": ("新对话", "New chat"),
    "examples": ("可以这样问", "For example"),
    "sources": ("出处", "Sources"),
}

EXAMPLES: tuple[str, ...] = (
    "英伟达数据中心业务季度收入是多少？",
    "为什么大模型研发难以盈利？",
    "三大云厂商的季度收入各是多少？",
    "How much did OpenAI lose?",
    "Why are cloud providers' profits steady?",
)

# What the page says while it works and about what it shows: in the language of the question.
PHRASES: dict[str, tuple[str, str]] = {
    "reading": ("正在阅读找到的段落…", "Reading the passages found …"),
    "searching": ("正在查找…", "Searching …"),
    "found": ("找到的段落", "Passages found"),
    "cited": ("引用的段落", "Passages cited"),
    "page": ("第 {page} 页", "page {page}"),
    "outside": ("原文注明的来源", "Sources that the document names"),
    "none": ("文档中没有相关内容。", "Nothing in the documents bears on this."),
    "converted": ("换算", "converted"),
    "rounded": ("约数", "rounded"),
    "unsupported": ("未见于原文", "not in the passage"),
    "engine": ("由 {engine} 作答，用时 {seconds} 秒", "Answered by {engine} in {seconds} s"),
    "extraction": ("原文摘录", "extraction"),
    "stopped": ("已停止，答案未经核对，没有保留。", "Stopped. The answer had not been checked and is not kept."),
    "failed": ("没有答成", "No answer"),
}


def phrase(name: str, language: str, **values: object) -> str:
    """The phrase in that language, its places filled."""
    zh, en = PHRASES[name]
    return (zh if language == "zh" else en).format(**values)
