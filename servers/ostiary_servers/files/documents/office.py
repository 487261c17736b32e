"""Word, PowerPoint and Excel files (Office Open XML) as Markdown: headings, lists, tables, slides, sheets."""

import re
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from ostiary_servers.files.documents.archive import Archive
from ostiary_servers.files.documents.extract import Extract, PartRange
from ostiary_servers.files.documents.markdown import table

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_HEADING = re.compile(r"heading ([1-6])|(title)", re.IGNORECASE)
_COLUMN_LIMIT = 256
_CELL = re.compile(r"([A-Z]{1,3})\d*")


def word(raw: bytes, wanted: PartRange) -> Extract:
    """A .docx; it is one part."""
    archive = Archive(raw)
    styles = _styles(archive)
    body = archive.xml("word/document.xml").find(f"{_W}body")
    blocks = [] if body is None else list(_blocks(body, styles))
    return Extract("\n\n".join(block for block in blocks if block), 1)


def slides(raw: bytes, wanted: PartRange) -> Extract:
    """A .pptx; its parts are slides."""
    archive = Archive(raw)
    relations = archive.relations("ppt/presentation.xml")
    listed = archive.xml("ppt/presentation.xml").iter(f"{_P}sldId")
    names = [relations[id_] for slide in listed if (id_ := slide.get(f"{_R}id", "")) in relations]
    shown = [
        f"## Slide {number}\n\n" + "\n\n".join(_slide(archive, name))
        for number, name in enumerate(names, 1)
        if wanted.holds(number)
    ]
    return Extract("\n\n".join(shown), len(names))


def sheets(raw: bytes, wanted: PartRange) -> Extract:
    """A .xlsx; its parts are sheets. Cells show the values that were last computed."""
    archive = Archive(raw)
    relations = archive.relations("xl/workbook.xml")
    listed = [
        (sheet.get("name", ""), relations[id_])
        for sheet in archive.xml("xl/workbook.xml").iter(f"{_S}sheet")
        if (id_ := sheet.get(f"{_R}id", "")) in relations
    ]
    texts = _shared_texts(archive)
    shown = [
        f"## {name}\n\n{table(_rows(archive.xml(member), texts))}"
        for number, (name, member) in enumerate(listed, 1)
        if wanted.holds(number)
    ]
    return Extract("\n\n".join(shown), len(listed))


def _styles(archive: Archive) -> dict[str, str]:
    if not archive.has("word/styles.xml"):
        return {}
    found = {}
    for style in archive.xml("word/styles.xml").iter(f"{_W}style"):
        name = style.find(f"{_W}name")
        found[style.get(f"{_W}styleId", "")] = "" if name is None else name.get(f"{_W}val", "")
    return found


def _blocks(parent: Element, styles: dict[str, str]) -> Iterator[str]:
    for child in parent:
        if child.tag == f"{_W}p":
            yield _paragraph(child, styles)
        elif child.tag == f"{_W}tbl":
            yield table(_word_rows(child))
        elif child.tag in {f"{_W}sdt", f"{_W}sdtContent"}:
            yield from _blocks(child, styles)


def _word_rows(element: Element) -> Iterable[list[str]]:
    for row in element.iter(f"{_W}tr"):
        yield [" ".join(filter(None, map(_text, cell.iter(f"{_W}p")))) for cell in row.findall(f"{_W}tc")]


def _paragraph(paragraph: Element, styles: dict[str, str]) -> str:
    text = _text(paragraph)
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    name = styles.get(style.get(f"{_W}val", ""), "") if style is not None else ""
    if text and (heading := _HEADING.fullmatch(name)):
        return f"{'#' * int(heading[1] or 1)} {text}"
    if text and paragraph.find(f"{_W}pPr/{_W}numPr") is not None:
        return f"- {text}"
    return text


def _text(paragraph: Element) -> str:
    pieces = []
    for piece in paragraph.iter():
        if piece.tag == f"{_W}t":
            pieces.append(piece.text or "")
        elif piece.tag in {f"{_W}tab", f"{_W}br", f"{_W}cr"}:
            pieces.append("\t" if piece.tag == f"{_W}tab" else "\n")
    return "".join(pieces).strip()


def _slide(archive: Archive, name: str) -> Iterator[str]:
    yield from _drawn(archive.xml(name))
    for other in archive.relations(name).values():
        if "/notesSlides/" in other:
            yield from (f"> {line}" for line in _drawn(archive.xml(other)))


def _drawn(slide: Element) -> Iterator[str]:
    for paragraph in slide.iter(f"{_A}p"):
        text = "".join(piece.text or "" for piece in paragraph.iter(f"{_A}t")).strip()
        if text:
            yield text


def _shared_texts(archive: Archive) -> list[str]:
    if not archive.has("xl/sharedStrings.xml"):
        return []
    items = archive.xml("xl/sharedStrings.xml").findall(f"{_S}si")
    return ["".join(piece.text or "" for piece in item.iter(f"{_S}t")) for item in items]


def _rows(sheet: Element, texts: list[str]) -> Iterator[list[str]]:
    for row in sheet.iter(f"{_S}row"):
        cells: list[str] = []
        for cell in row.findall(f"{_S}c"):
            column = _column(cell.get("r", ""), len(cells))
            if column < _COLUMN_LIMIT:
                cells += [""] * (column - len(cells))
                cells.append(_value(cell, texts))
        if any(cells):
            yield cells


def _column(reference: str, following: int) -> int:
    """Which column, from 0: "B7" is 1. A cell without a reference follows the one before (ECMA-376, 18.3.1.4)."""
    found = _CELL.match(reference)
    if found is None:
        return following
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return max(following, number - 1)


def _value(cell: Element, texts: list[str]) -> str:
    value = cell.find(f"{_S}v")
    if cell.get("t") == "inlineStr":
        return "".join(piece.text or "" for piece in cell.iter(f"{_S}t"))
    text = "" if value is None else value.text or ""
    if cell.get("t") == "s":
        return texts[int(text)] if text.isdecimal() and int(text) < len(texts) else ""
    if cell.get("t") == "b":
        return "TRUE" if text == "1" else "FALSE"
    return text
