"""Wikitext, and wiki pages as a browser saved them: markup read by a wikitext parser, page furniture dropped."""

import re
from collections.abc import Iterable, Iterator

from ragbot.documents.blocks import Block
from ragbot.documents.text import decode

_HEADING = re.compile(r"^\s*(={1,6})\s*([^=\n].*?)\s*\1\s*$")
_INLINE_HEADING = re.compile(r"(?m)^[ \t]*(={2,6})[ \t]*([^=\n]{1,120}?)[ \t]*\1[ \t]+(?=\S)")
_MARKUP = (
    re.compile(r"(?m)^[ \t]*={2,6}[^=\n]{1,120}={2,6}"),
    re.compile(r"'''"),
    re.compile(r"\[\[[^\]\n]+\]\]"),
    re.compile(r"\{\{[^}\n]+\}\}"),
)
# A saved edit page goes on after its text box with one of these lines of the MediaWiki interface.
_AFTER_TEXT = re.compile(
    r"(?m)^[ \t]*(?:Summary:|编辑摘要|編輯摘要|摘要[:：]|Please note that all contributions|请注意，您对|請注意，您對|"
    r"By saving changes|"
    r"Save changes|Show preview|Retrieved from|Categories?:|取自[“\"「]|本页面最后编辑于|This page was last edited|"
    r"Privacy policy|Cancel$|Editing help)"
)
_BEFORE_TEXT = re.compile(
    r"(?m)^[ \t]*(?:Jump to (?:content|navigation)|Main menu|Navigation|跳转到内容|跳到内容|主菜单|"
    r"You are not logged in|"
    r"Anti-spam check|您没有登录|你没有登录)"
)
_BULLET = re.compile(r"^[ \t]*[*#:;]+[ \t]*")
_INLINE_BULLET = re.compile(r"(?<=[。！？.!?）)'”:：])[ \t]+\*[ \t]+(?='''|\*\*|\S)")
_LEAD = re.compile(
    r"^(?:'''|\*\*)\s*(?P<lead>[^\n。！？!?]{1,80}?)(?:\s*[:：]\s*(?:'''|\*\*)|(?:'''|\*\*)\s*[:：]|\s*[:：])\s*"
)
_NUMBER = re.compile(r"^\d+(?:\.\d+)*[.、)]?\s+")
_LEFTOVER = re.compile(r"'{2,5}|\*\*|__[A-Z]+__")


def read(data: bytes) -> tuple[str | None, Iterable[Block]]:
    return parse(decode(data))


def looks_like_wiki(text: str) -> bool:
    """Whether plain text is wikitext: a wiki heading or a saved page's menu, and other wiki markup beside it."""
    kinds = [bool(pattern.search(text)) for pattern in _MARKUP]
    return sum(kinds) >= 2 and (kinds[0] or bool(_BEFORE_TEXT.search(text)))


def parse(text: str) -> tuple[str | None, list[Block]]:
    """Title and blocks of wikitext. Bold leads of bullets ('''Hardware:''' …) become headings of their own."""
    blocks = list(_blocks(_content(text.replace("\r\n", "\n"))))
    headings = [block for block in blocks if block.level]
    if headings and blocks[0] is headings[0] and sum(h.level <= headings[0].level for h in headings) == 1:
        blocks[0] = Block(_NUMBER.sub("", headings[0].text), 1)
        return blocks[0].text, blocks
    return None, blocks


def _content(text: str) -> str:
    """The wikitext of a saved page: from its first heading or markup to the form below the text box."""
    if _BEFORE_TEXT.search(text):
        starts = [match.start() for pattern in _MARKUP if (match := pattern.search(text))]
        first = min(starts, default=0)
        text = text[text.rfind("\n", 0, first) + 1 :]
    end = _AFTER_TEXT.search(text)
    return text[: end.start()] if end and end.start() else text


def _blocks(text: str) -> Iterator[Block]:
    text = _INLINE_HEADING.sub(r"\1 \2 \1\n", text)
    depth = 1
    for line in _lines(text):
        if heading := _HEADING.match(line):
            depth = len(heading.group(1))
            yield Block(_plain(heading.group(2)), depth)
            continue
        body = _BULLET.sub("", line) if not line.startswith(("'''", "**")) else line
        if lead := _lead(body, line != body):
            yield Block(_plain(lead.group("lead")), min(depth + 1, 6))
            body = body[lead.end() :]
        yield Block(_plain(body))


def _lines(text: str) -> Iterator[str]:
    """Lines of wikitext; bullets that a page's saving ran together on one line are parted again."""
    for line in text.split("\n"):
        if _BULLET.match(line) or "'''" in line or "**" in line:
            yield from (part for part in _INLINE_BULLET.split(line) if part.strip())
        elif line.strip():
            yield line


def _lead(body: str, bullet: bool) -> re.Match[str] | None:
    """A bold lead that ends with a colon, where something follows it."""
    lead = _LEAD.match(body)
    return lead if lead and body[lead.end() :].strip() else None


def _plain(text: str) -> str:
    """Wiki markup to what a reader sees. References and templates go, links keep their text."""
    import mwparserfromhell

    code = mwparserfromhell.parse(text)
    for tag in code.filter_tags(matches=lambda node: str(node.tag).lower() in ("ref", "gallery", "math", "timeline")):
        try:
            code.remove(tag)
        except ValueError:
            continue  # gone with the tag around it
    return re.sub(r"[ \t]+", " ", _LEFTOVER.sub("", code.strip_code(normalize=True, collapse=True))).strip()
