"""Word documents (DOCX), by way of clean HTML."""

import io
import zipfile
from collections.abc import Iterable

from ragbot.documents import html
from ragbot.documents.blocks import Block


def read(data: bytes) -> tuple[str | None, Iterable[Block]]:
    import mammoth

    if not zipfile.is_zipfile(io.BytesIO(data)):
        raise ValueError("it is no DOCX file, or a damaged one")
    try:
        source = mammoth.convert_to_html(
            io.BytesIO(data), convert_image=mammoth.images.img_element(lambda image: {})
        ).value
    except Exception as error:  # mammoth has no error of its own: zip, XML and key errors all mean a damaged file
        raise ValueError(f"it is a damaged DOCX file ({type(error).__name__})") from error
    return html.parse(source)
