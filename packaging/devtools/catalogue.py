"""A gettext catalogue: its text (``.po``) read and written, its compiled form (``.mo``) written. Pure.

Of the format only what we write ourselves: one line a string, no contexts, no dates, no places, two plural forms.
(GNU gettext manual, *The Format of PO Files* and *The Format of GNU MO Files*.)
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass, replace

_LINE = re.compile(r'(msgid|msgid_plural|msgstr|msgstr\[[01]\]) (".*")')
_MO_MAGIC = 0x950412DE
_MO_HEADER_BYTES = 28


@dataclass(frozen=True, slots=True)
class Entry:
    """A sentence, its plural when it has one, and its translation: two forms then, otherwise one."""

    one: str
    many: str = ""
    said: tuple[str, ...] = ()

    @property
    def is_translated(self) -> bool:
        """Whether no form is missing."""
        return len(self.said) == (2 if self.many else 1) and all(self.said)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One language: the comment on top of its file, its header, its entries by their English."""

    comment: str
    header: str
    entries: dict[str, Entry]

    @classmethod
    def read(cls, text: str) -> Catalogue:
        """Raises ``ValueError`` at a line that we would not have written."""
        blocks = [block for block in re.split(r"\n{2,}", text.strip()) if block]
        comment = "\n".join(line for line in blocks[0].splitlines() if line.startswith("#"))
        found = [_entry(block) for block in blocks]
        return cls(comment, found[0].said[0], {entry.one: entry for entry in found[1:]})

    def with_entries(self, wanted: Iterable[Entry]) -> Catalogue:
        """Exactly the wanted sentences, each with the translation it has already."""
        return replace(self, entries={entry.one: self._kept(entry) for entry in wanted})

    def untranslated(self) -> list[Entry]:
        """What still is to be translated."""
        return [entry for entry in self.entries.values() if not entry.is_translated]

    def text(self) -> str:
        """The ``.po``, sorted by the English."""
        blocks = [f"{self.comment}\n{_block(Entry('', said=(self.header,)))}"]
        blocks += [_block(self.entries[one]) for one in sorted(self.entries)]
        return "\n\n".join(blocks) + "\n"

    def compiled(self) -> bytes:
        """The ``.mo``: what is not translated is left out, so that English is shown."""
        pairs = {b"": self.header.encode()}
        for entry in self.entries.values():
            if entry.is_translated:
                key = "\0".join((entry.one, entry.many) if entry.many else (entry.one,))
                pairs[key.encode()] = "\0".join(entry.said).encode()
        return _mo(sorted(pairs.items()))

    def _kept(self, entry: Entry) -> Entry:
        known = self.entries.get(entry.one)
        return replace(entry, said=known.said) if known is not None and known.many == entry.many else entry


def _entry(block: str) -> Entry:
    texts = {}
    for line in block.splitlines():
        if line.startswith("#"):
            continue
        parts = _LINE.fullmatch(line)
        if parts is None:
            raise ValueError(f"not a line of a catalogue: {line}")
        texts[parts[1]] = json.loads(parts[2])
    said = (texts["msgstr[0]"], texts["msgstr[1]"]) if "msgid_plural" in texts else (texts["msgstr"],)
    return Entry(texts["msgid"], texts.get("msgid_plural", ""), said)


def _block(entry: Entry) -> str:
    def line(name: str, text: str) -> str:
        return f"{name} {json.dumps(text, ensure_ascii=False)}"

    said = entry.said or (("", "") if entry.many else ("",))
    if not entry.many:
        return "\n".join((line("msgid", entry.one), line("msgstr", said[0])))
    forms = (line("msgstr[0]", said[0]), line("msgstr[1]", said[1]))
    return "\n".join((line("msgid", entry.one), line("msgid_plural", entry.many), *forms))


def _mo(pairs: list[tuple[bytes, bytes]]) -> bytes:
    """Two tables of lengths and places, then the texts, each with a NUL after it."""
    at = _MO_HEADER_BYTES + 16 * len(pairs)
    tables, texts = b"", b""
    for column in (0, 1):
        for pair in pairs:
            tables += struct.pack("<II", len(pair[column]), at + len(texts))
            texts += pair[column] + b"\0"
    second = _MO_HEADER_BYTES + 8 * len(pairs)
    return struct.pack("<7I", _MO_MAGIC, 0, len(pairs), _MO_HEADER_BYTES, second, 0, at) + tables + texts
