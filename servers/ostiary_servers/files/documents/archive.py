"""The zip file that office documents and e-books are, with limits against one that unpacks without end."""

import io
import posixpath
import zipfile
import zlib
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from ostiary_servers.files.documents.extract import DocumentError, damaged

MEMBER_LIMIT_BYTES = 64 * 1024 * 1024
TOTAL_LIMIT_BYTES = 200 * 1024 * 1024
RATIO_LIMIT = 200
"""Text packs to a tenth or so; what packs to less than a two-hundredth is there to do harm."""

_RATIO_FROM_BYTES = 1024 * 1024


class Archive:
    """The members of a zip file, each read at most once as large as it says and all together within a limit."""

    def __init__(self, raw: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(raw))
        except (zipfile.BadZipFile, ValueError, OSError):
            raise damaged() from None
        self._room = TOTAL_LIMIT_BYTES

    def has(self, name: str) -> bool:
        """Whether there is such a member."""
        return name in self._zip.NameToInfo

    def read(self, name: str) -> bytes:
        """A member's bytes. Raises DocumentError."""
        info = self._zip.NameToInfo.get(name)
        if info is None:
            raise damaged()
        packed = max(1, info.compress_size)
        if info.file_size > MEMBER_LIMIT_BYTES or (
            info.file_size > _RATIO_FROM_BYTES and info.file_size / packed > RATIO_LIMIT
        ):
            raise _too_large()
        try:
            with self._zip.open(info) as member:
                content = member.read(MEMBER_LIMIT_BYTES + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError):
            raise damaged() from None
        self._room -= len(content)
        if len(content) > MEMBER_LIMIT_BYTES or self._room < 0:
            raise _too_large()
        return content

    def xml(self, name: str) -> Element:
        """A member as XML. Entities and outside references are refused. Raises DocumentError."""
        try:
            root: Element = fromstring(self.read(name))
        except (ParseError, DefusedXmlException, ValueError):
            raise damaged() from None
        return root

    def relations(self, name: str) -> dict[str, str]:
        """What the member ``name`` refers to: relation id to the other member's name (Office Open XML, part 2)."""
        folder, base = posixpath.split(name)
        rels = f"{folder}/_rels/{base}.rels"
        if not self.has(rels):
            return {}
        return {
            relation.get("Id", ""): posixpath.normpath(posixpath.join("/" + folder, relation.get("Target", "")))[1:]
            for relation in self.xml(rels)
            if relation.get("TargetMode") != "External"
        }


def _too_large() -> DocumentError:
    return DocumentError("too_large", "unpacks to more than is read from one document")
