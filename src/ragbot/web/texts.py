"""Words of the page, Chinese beside English, one entry each.

TEXTS is what stands there from the start, put into the reader's language in the browser; PHRASES is what the server
writes. Both follow the browser's language, or the one chosen on the page.
"""

from ragbot.schema import Language

TEXTS: dict[str, tuple[str, str]] = {
    "chat": ("问答", "Chat"),
    "question": ("用中文或英文提问", "Ask in Chinese or English"),
    "placeholder": ("问一个文档能回答的问题…", "Ask something the documents can answer …"),
    "send": ("发送", "Send"),
    "stop": ("停止", "Stop"),
    "new": ("新对话", "New chat"),
    "export": ("导出 Markdown", "Export as Markdown"),
    "options": ("回答范围与方式", "Scope and manner of answers"),
    "documents": ("只看这些文档", "These documents alone"),
    "segments": ("只看这些环节", "These segments alone"),
    "length": ("回答长度", "Length of answers"),
    "strictness": ("严格程度", "Strictness"),
}

PHRASES: dict[str, tuple[str, str]] = {
    # header
    "name": ("ragbot", "ragbot"),
    "claim": ("有据可查的行业研究问答", "industry research, answered with its sources"),
    "other_language": ("English", "中文"),
    "switch_language": ("Switch to English", "切换到中文"),
    "theme": ("切换深色或浅色", "Switch between dark and light"),
    # an empty chat
    "welcome": ("想知道什么？", "What would you like to know?"),
    "lead": (
        "只依据已收录的文档回答，每句话都注明出处；文档里没有的，会直说没有。",
        "Answers come from the indexed documents alone. Every statement cites its passage; "
        "what is not there is said to be missing.",
    ),
    "nothing_indexed": (
        "还没有收录任何文档。请到“文档”页添加，或运行 ragbot index。",
        "No documents are indexed yet. Add some under Documents, or run ragbot index.",
    ),
    "examples": ("可以这样问", "For example"),
    # while it works
    "searching": ("正在查找…", "Searching …"),
    "waiting": (
        "段落已找到，前面还有 {ahead} 个问题在作答…",
        "Passages found; {ahead} before you are being answered …",
    ),
    "reading": ("找到 {count} 段，正在阅读…", "{count} passages found; reading them …"),
    "writing": ("正在写草稿，写完逐句核对…", "Writing a draft; each statement is checked when it is done …"),
    "stopped": ("已停止，草稿未经核对，没有保留。", "Stopped. The draft had not been checked and is not kept."),
    "failed": ("没有答成：{cause}", "No answer: {cause}"),
    "crowded": ("提问的人太多，请稍后再试。", "Too many people are asking; please try again in a while."),
    # an answer
    "checked": (
        "{statements} 处引用、{figures} 个数字已对照原文",
        "checked against the documents: citations {statements}, figures {figures}",
    ),
    "checked_words": ("{statements} 处引用已对照原文", "checked against the documents: citations {statements}"),
    "engine": ("{engine} · {seconds} 秒", "{engine} · {seconds} s"),
    "extraction": ("原文摘录", "quotes from the documents"),
    "warning": ("请留意", "Please note"),
    "warned": (
        "两种说法都列在这里，由您对照出处判断。",
        "What was found is shown as it stands; the sources let you judge for yourself.",
    ),
    "cited": ("与原文一致", "as in the passage"),
    "converted": ("换算：原文为 {stated}", "converted: the passage says {stated}"),
    "rounded": ("约数：原文为 {stated}", "rounded: the passage says {stated}"),
    "derived": ("由引用的数字算出：{sum}", "reckoned from cited figures: {sum}"),
    "unsupported": ("所引段落中没有这个数字", "not in the cited passage"),
    "copy": ("复制", "Copy"),
    "copy_cited": ("连同出处复制", "Copy with sources"),
    "copied": ("已复制", "Copied"),
    "retry": ("重新回答", "Try again"),
    "edit": ("修改问题", "Edit the question"),
    "editing": (
        "正在修改第 {number} 个问题；发送后，它和之后的回答会被替换。",
        "Editing question {number}; its answer and what follows are replaced when you send.",
    ),
    "cancel": ("取消", "Cancel"),
    "follow_ups": ("接着问", "Ask next"),
    # judging
    "like": ("有帮助", "Helpful"),
    "dislike": ("没帮助", "Not helpful"),
    "why": ("哪里不好？", "What is wrong?"),
    "reason_figure": ("数字不对", "A figure is wrong"),
    "reason_source": ("出处不对", "A source is wrong"),
    "reason_missing": ("不完整", "Something is missing"),
    "reason_refused": ("文档里其实有", "It is in the documents"),
    "reason_other": ("其他原因", "Another reason"),
    "tell": ("提交", "Send reason"),
    "thanks": ("已记下，谢谢。", "Noted, thank you."),
    # sources
    "sources": ("出处", "Sources"),
    "found": ("找到的段落", "Passages found"),
    "page": ("第 {page} 页", "page {page}"),
    "outside": ("原文注明的来源", "Sources named there"),
    "open": ("在文档中查看", "Read in the document"),
    "parallel_zh": ("对照中文段落", "Same passage in Chinese"),
    "parallel_en": ("对照英文段落", "Same passage in English"),
    "nothing_found": ("文档中没有相关内容。", "Nothing in the documents bears on this."),
    "no_sources": ("提问之后，这里显示答案所依据的原文。", "The passages that an answer stands on appear here."),
    "close": ("关闭文档", "Close the document"),
    "excerpt": ("文档很长，这里是所引位置前后的部分。", "A long document: this is the part around the citation."),
    "gone": ("这份文档已不在索引里，或内容已经更新。", "This document is no longer in the index, or it has changed."),
    # conversations
    "conversations": ("对话记录", "Conversations"),
    "no_conversations": ("还没有对话。", "None yet."),
    "delete": ("删除对话：{title}", "Delete conversation: {title}"),
    # settings
    "short": ("简短", "Short"),
    "normal": ("普通", "Normal"),
    "verbatim": ("只摘录原文", "Quotes alone"),
    "written": ("可以改写，逐句核对", "Own words, each checked"),
    "all": ("全部", "All"),
    # model
    "model_none": ("作答方式：原文摘录", "Answers are quotes from the documents"),
    "model_missing": (
        "语言模型的权重不在本机，现以原文摘录作答；运行 ragbot models pull 下载后会自动启用",
        "The weights of the language model are not here: answers are quotes. "
        "Run ragbot models pull; the model then joins by itself",
    ),
    "model_fetching": (
        "正在下载 {name}（{share}%），现以原文摘录作答",
        "Fetching {name} ({share}%); answers are quotes meanwhile",
    ),
    "model_loading": ("正在加载 {name}，现以原文摘录作答", "Loading {name}; answers are quotes meanwhile"),
    "model_ready": ("模型已就绪：{name}", "Model ready: {name}"),
    "model_failed": ("模型不可用，现以原文摘录作答：{trouble}", "No model; answers are quotes: {trouble}"),
}

REASONS = ("reason_figure", "reason_source", "reason_missing", "reason_refused")


def phrase(name: str, language: Language, /, **values: object) -> str:
    """The phrase in that language, its places filled."""
    zh, en = PHRASES[name]
    return (zh if language == "zh" else en).format(**values)
