"""HTML pages and e-books as Markdown: headings, lists, links, code and tables; nothing that is not shown."""

import posixpath
from html.parser import HTMLParser
from urllib.parse import unquote

from ostiary_servers.common.text_file import sniff
from ostiary_servers.files.documents.archive import Archive
from ostiary_servers.files.documents.extract import Extract, PartRange, damaged
from ostiary_servers.files.documents.markdown import fenced, table

_UNSEEN = {"script", "style", "template", "noscript", "head", "svg"}
_BLOCKS = {"p", "div", "section", "article", "header", "footer", "ul", "ol", "blockquote", "body", "br", "hr", "figure"}
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_CONTAINER = "META-INF/container.xml"


def html(raw: bytes, wanted: PartRange) -> Extract:
    """One page."""
    encoding = sniff(raw, complete=True)
    if encoding is None:
        raise damaged()
    return Extract(page(encoding.decode(raw)), 1)


def epub(raw: bytes, wanted: PartRange) -> Extract:
    """An e-book (EPUB 3.3); its parts are the documents of its spine."""
    archive = Archive(raw)
    rootfile = next(archive.xml(_CONTAINER).iter("{urn:oasis:names:tc:opendocument:xmlns:container}rootfile"), None)
    if rootfile is None:
        raise damaged()
    package = rootfile.get("full-path", "")
    opf = archive.xml(package)
    hrefs = {item.get("id"): item.get("href", "") for item in opf.iter("{http://www.idpf.org/2007/opf}item")}
    spine = [
        hrefs[ref] for item in opf.iter("{http://www.idpf.org/2007/opf}itemref") if (ref := item.get("idref")) in hrefs
    ]
    shown = []
    for number, href in enumerate(spine, 1):
        name = posixpath.normpath(posixpath.join(posixpath.dirname(package), unquote(href)))
        if wanted.holds(number) and archive.has(name):
            shown.append(html(archive.read(name), wanted).markdown)
    return Extract("\n\n".join(filter(None, shown)), len(spine))


def page(text: str) -> str:
    """A page's Markdown."""
    reader = _Page()
    reader.feed(text)
    reader.close()
    return reader.markdown()


class _Page(HTMLParser):
    """Gathers blocks. Works on any tag soup: an end without a beginning is passed over."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._blocks: list[str] = []
        self._line: list[str] = []
        self._unseen: list[str] = []
        self._mark = ""
        self._links: list[str] = []
        self._code: list[str] | None = None
        self._rows: list[list[str]] | None = None

    def markdown(self) -> str:
        self._end_block()
        return "\n\n".join(self._blocks)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen.append(tag)
        elif tag in _HEADINGS or tag in _BLOCKS or tag == "li":
            self._end_block()
            self._mark = "#" * _HEADINGS[tag] + " " if tag in _HEADINGS else "- " if tag == "li" else ""
        elif tag == "pre":
            self._end_block()
            self._code = []
        elif tag == "table":
            self._end_block()
            self._rows = []
        elif tag == "tr" and self._rows is not None:
            self._rows.append([])
        elif tag in {"td", "th"}:
            self._line = []
        elif tag == "a":
            self._links.append(dict(attrs).get("href") or "")
            self._line.append("[")
        elif tag == "img" and (alt := dict(attrs).get("alt")):
            self._line.append(f"![{alt}]")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._unseen:
            while self._unseen.pop() != tag:
                pass
        elif tag == "pre" and self._code is not None:
            self._blocks.append(fenced("".join(self._code)))
            self._code = None
        elif tag in {"td", "th"} and self._rows:
            self._rows[-1].append(self._taken())
        elif tag == "table" and self._rows is not None:
            self._blocks.append(table(filter(None, self._rows)))
            self._rows = None
        elif tag == "a" and self._links:
            href = self._links.pop()
            self._line.append(f"]({href})" if href else "]")
        elif tag in _HEADINGS or tag in _BLOCKS or tag == "li":
            self._end_block()

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        (self._line if self._code is None else self._code).append(data)

    def _end_block(self) -> None:
        if self._rows is None and (text := self._taken()):
            self._blocks.append(self._mark + text)
        if self._rows is None:
            self._mark = ""

    def _taken(self) -> str:
        text, self._line = " ".join("".join(self._line).split()), []
        return text
