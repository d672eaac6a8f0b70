"""Reading a report back from its PDF."""

from pypdfium2 import PdfDocument


def pdf_text(content: bytes) -> str:
    """All text of a PDF without line breaks."""
    document = PdfDocument(content)
    try:
        text = "".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()
    return text.replace("\r", "").replace("\n", "")


def page_count(content: bytes) -> int:
    """How many pages a PDF has."""
    document = PdfDocument(content)
    try:
        return len(document)
    finally:
        document.close()
