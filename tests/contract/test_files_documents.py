"""Documents as Markdown: what is in them, and what happens with those made to do harm."""

from pathlib import Path

import pytest

from ostiary_servers.common.errors import ErrorCode, ToolError
from ostiary_servers.files.documents.extract import PartRange
from ostiary_servers.files.documents.extraction import Document, extract
from tests.support.documents import docx, epub, ipynb, pdf, pptx, w_p, xlsx, zipped
from tests.support.files_server import files as files
from tests.support.files_server import folders as folders
from tests.support.server_client import ServerClient

pytestmark = pytest.mark.anyio

HEADING = '<w:pStyle w:val="H1"/>'
LIST = "<w:numPr/>"
TABLE = (
    f"<w:tbl><w:tr><w:tc>{w_p('a')}</w:tc><w:tc>{w_p('b')}</w:tc></w:tr><w:tr><w:tc>{w_p('1')}</w:tc></w:tr></w:tbl>"
)
PAGE = (
    "<!DOCTYPE html><html><head><title>no</title></head><body><h2>Head</h2><p>One <a href='/x'>link</a> &amp;\n more"
    "<script>alert()</script></p><ul><li>item</li></ul><pre>  code\n</pre>"
    "<table><tr><th>a</th></tr><tr><td>1</td></tr></table></body></html>"
)
PAGE_MARKDOWN = "## Head\n\nOne [link](/x) & more\n\n- item\n\n```\n  code\n```\n\n| a |\n| --- |\n| 1 |"
XXE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:document>&x;</w:document>'

DOCUMENTS = {
    "a.docx": (docx(w_p("Title", HEADING) + w_p("Text") + w_p("item", LIST) + TABLE), 1),
    "a.pptx": (pptx("First", "Second"), 2),
    "a.xlsx": (
        xlsx('<row><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row><row><c><v>7</v></c></row>'),
        1,
    ),
    "a.epub": (epub(PAGE, "<p>last</p>"), 2),
    "a.html": (PAGE.encode("utf-16"), 1),
    "a.ipynb": (
        ipynb(
            {"cell_type": "markdown", "source": ["# N\n", "text"]},
            {"cell_type": "code", "source": "1+1", "outputs": [{"data": {"text/plain": ["2"]}}]},
        ),
        2,
    ),
    "a.pdf": (pdf("Hello", "World"), 2),
}
MARKDOWN = {
    "a.docx": "# Title\n\nText\n\n- item\n\n| a | b |\n| --- | --- |\n| 1 |  |",
    "a.pptx": "## Slide 1\n\nFirst\n\n## Slide 2\n\nSecond",
    "a.xlsx": "## Prices\n\n| name |  | a\\|b |\n| --- | --- | --- |\n| 7 |  |  |",
    "a.epub": f"{PAGE_MARKDOWN}\n\nlast",
    "a.html": PAGE_MARKDOWN,
    "a.ipynb": "# N\ntext\n\n```\n1+1\n```\n\n```output\n2\n```",
    "a.pdf": "## Page 1\n\nHello\n\n## Page 2\n\nWorld",
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documents")
    for name, (raw, _) in DOCUMENTS.items():
        (folder / name).write_bytes(raw)
    return folder


@pytest.mark.parametrize("name", DOCUMENTS)
async def test_a_document_is_read_as_markdown(files: ServerClient, root: Path, name: str) -> None:
    read = await files.succeed("read_document", path=str(root / name))
    assert read["content"] == MARKDOWN[name]
    assert (read["parts"], read["nextCursor"]) == (DOCUMENTS[name][1], None)


async def test_parts_are_read_alone_and_long_texts_in_pieces(files: ServerClient, root: Path) -> None:
    read = await files.succeed("read_document", path=str(root / "a.pdf"), firstPart=2)
    assert read["content"] == "## Page 2\n\nWorld"
    (root / "long.docx").write_bytes(docx("".join(w_p(f"paragraph ü {number}") for number in range(5_000))))
    pieces = [await files.succeed("read_document", path=str(root / "long.docx"))]
    while pieces[-1]["nextCursor"]:
        cursor = pieces[-1]["nextCursor"]
        pieces.append(await files.succeed("read_document", path=str(root / "long.docx"), cursor=cursor))
    assert len(pieces) > 1
    assert "".join(piece["content"] for piece in pieces) == "\n\n".join(f"paragraph ü {n}" for n in range(5_000))


@pytest.mark.parametrize(
    ("name", "raw", "code"),
    [
        ("empty.pdf", pdf("", ""), "no_text"),
        ("broken.pdf", b"%PDF-1.4 no", "unsupported"),
        ("broken.docx", b"PK no zip", "unsupported"),
        ("empty.docx", zipped({}), "unsupported"),
        ("entity.docx", zipped({"word/document.xml": XXE}), "unsupported"),
        ("bomb.docx", zipped({"word/document.xml": b"\0" * 60_000_000}), "too_large"),
        ("deep.ipynb", b'{"cells":' + b"[" * 100_000, "unsupported"),
        ("text.xyz", b"text", "unsupported"),
    ],
)
async def test_what_cannot_be_read_says_why(files: ServerClient, root: Path, name: str, raw: bytes, code: str) -> None:
    (root / name).write_bytes(raw)
    assert (await files.fail("read_document", path=str(root / name)))["code"] == code


def test_a_document_that_takes_too_long_is_ended() -> None:
    page = b"<p>" + b"word " * 4_000_000
    with pytest.raises(ToolError) as error:
        extract(Document("a.html", "html", page), PartRange(), time_limit_s=0.05)
    assert error.value.code is ErrorCode.TIMEOUT


def test_a_document_that_takes_too_much_memory_is_ended() -> None:
    cells = b'{"cells":[' + b"[[],[]]," * 30_000_000 + b"1]}"
    with pytest.raises(ToolError) as error:
        extract(Document("a.ipynb", "ipynb", cells), PartRange())
    assert error.value.code in {ErrorCode.TOO_LARGE, ErrorCode.UNSUPPORTED}
