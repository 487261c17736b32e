"""PDF files as text, page by page, read with PDFium."""

import pypdfium2

from ostiary_servers.files.documents.extract import TEXT_LIMIT_CHARACTERS, DocumentError, Extract, PartRange, damaged

PAGE_LIMIT = 500
"""How many pages are read at once; a range gets at the rest."""


def pdf(raw: bytes, wanted: PartRange) -> Extract:
    """A .pdf; its parts are pages. Raises DocumentError ``no_text`` for one that holds only pictures."""
    try:
        document = pypdfium2.PdfDocument(raw)
    except pypdfium2.PdfiumError as error:
        if "assword" in str(error):
            raise DocumentError("unsupported", "is protected by a password") from None
        raise damaged() from None
    try:
        return _extract(document, wanted)
    finally:
        document.close()


def _extract(document: pypdfium2.PdfDocument, wanted: PartRange) -> Extract:
    count, shown, room = len(document), [], TEXT_LIMIT_CHARACTERS
    numbers = [number for number in range(1, count + 1) if wanted.holds(number)][:PAGE_LIMIT]
    for number in numbers:
        text = _page(document, number - 1)
        shown.append((number, text))
        room -= len(text)
        if room < 0:
            break
    if shown and not any(text for _, text in shown):
        raise DocumentError("no_text", "holds no text, only pictures of it or none")
    return Extract("\n\n".join(f"## Page {number}\n\n{text}" for number, text in shown), count)


def _page(document: pypdfium2.PdfDocument, index: int) -> str:
    try:
        page = document[index]
    except pypdfium2.PdfiumError:
        return ""
    text = page.get_textpage()
    try:
        found: str = text.get_text_bounded()
    finally:
        text.close()
        page.close()
    return found.replace("\r\n", "\n").strip()
