"""Small documents of every kind that is read, made by hand: no library of the tests could share a fault with ours."""

import io
import json
import zipfile

_RELATIONS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'


def zipped(members: dict[str, str | bytes]) -> bytes:
    """A zip file."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return raw.getvalue()


def relations(*targets: str) -> str:
    """A .rels member; ids are rId1, rId2, …"""
    listed = "".join(f'<Relationship Id="rId{n}" Target="{target}"/>' for n, target in enumerate(targets, 1))
    return f"<Relationships {_RELATIONS}>{listed}</Relationships>"


def docx(body: str) -> bytes:
    """A Word file with this body; the style "H1" is a heading."""
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    style = '<w:style w:styleId="H1"><w:name w:val="heading 1"/></w:style>'
    return zipped(
        {
            "word/document.xml": f"<w:document {w}><w:body>{body}</w:body></w:document>",
            "word/styles.xml": f"<w:styles {w}>{style}</w:styles>",
        }
    )


def w_p(text: str, properties: str = "") -> str:
    """A paragraph of Word's."""
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def pptx(*texts: str) -> bytes:
    """A PowerPoint file with one text a slide."""
    a = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    p = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
    listed = "".join(f'<p:sldId r:id="rId{n}"/>' for n in range(1, len(texts) + 1))
    members: dict[str, str | bytes] = {
        "ppt/presentation.xml": f"<p:presentation {p} {_R}><p:sldIdLst>{listed}</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": relations(*(f"slides/s{n}.xml" for n in range(1, len(texts) + 1))),
    }
    for number, text in enumerate(texts, 1):
        members[f"ppt/slides/s{number}.xml"] = f"<p:sld {p} {a}><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sld>"
    return zipped(members)


def xlsx(rows: str) -> bytes:
    """An Excel file with one sheet of these rows; shared texts are "name" and "a|b"."""
    s = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return zipped(
        {
            "xl/workbook.xml": f'<workbook {s} {_R}><sheets><sheet name="Prices" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": relations("worksheets/sheet1.xml"),
            "xl/sharedStrings.xml": f"<sst {s}><si><t>name</t></si><si><r><t>a|</t></r><r><t>b</t></r></si></sst>",
            "xl/worksheets/sheet1.xml": f"<worksheet {s}><sheetData>{rows}</sheetData></worksheet>",
        }
    )


def epub(*pages: str) -> bytes:
    """An e-book of these pages."""
    items = "".join(f'<item id="p{n}" href="text/p{n}.xhtml"/>' for n in range(len(pages)))
    spine = "".join(f'<itemref idref="p{n}"/>' for n in range(len(pages)))
    opf = f'<package xmlns="http://www.idpf.org/2007/opf"><manifest>{items}</manifest><spine>{spine}</spine></package>'
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
        '<rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
    )
    texts: dict[str, str | bytes] = {f"OEBPS/text/p{n}.xhtml": page for n, page in enumerate(pages)}
    return zipped({"META-INF/container.xml": container, "OEBPS/book.opf": opf, **texts})


def ipynb(*cells: dict[str, object]) -> bytes:
    """A notebook."""
    return json.dumps({"nbformat": 4, "cells": cells}).encode()


def pdf(*texts: str) -> bytes:
    """A PDF with one text a page."""
    kids = " ".join(f"{3 + 2 * n} 0 R" for n in range(len(texts)))
    objects = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Count {len(texts)}/Kids[{kids}]>>"]
    font = "<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
    for number, text in enumerate(texts):
        content = f"BT /F 24 Tf 72 700 Td ({text}) Tj ET" if text else ""
        page = f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources{font}/Contents {4 + 2 * number} 0 R>>"
        objects += [page, f"<</Length {len(content)}>>stream\n{content}\nendstream"]
    raw = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(raw))
        raw += f"{number} 0 obj{body}endobj\n".encode()
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    end = (
        f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer<</Root 1 0 R/Size {size}>>\nstartxref\n{len(raw)}\n%%EOF"
    )
    return raw + end.encode()
