"""The formats of host files, behind one door: each format's editor reads, sets and removes our one entry in bytes."""

import enum
from collections.abc import Mapping, Sequence
from typing import Protocol, assert_never

from ostiary.gateway.hosts.edit import JsonEditor
from ostiary.gateway.hosts.tolerance import Tolerance

Entry = Mapping[str, object]


class Format(enum.StrEnum):
    """How a host writes its configuration."""

    JSON = "json"
    TOML = "toml"
    YAML = "yaml"  # servers under their names
    YAML_LIST = "yaml-list"  # servers in a list, each with its ``name``


class Editor(Protocol):
    """Edits the one entry of a fixed name in the bytes of a file. Pure.

    All raise ``HostFileError`` for a file that cannot be edited safely. Every byte that is not ours stays, and what
    comes out was parsed and read as what went in plus, or minus, our entry.
    """

    def servers(self, raw: bytes) -> Mapping[str, object]:
        """Gives all entries by their names, ours too, as plain JSON types."""

    def get(self, raw: bytes) -> object:
        """Gives our entry as plain JSON types, or ``None`` when there is none."""

    def set(self, raw: bytes, entry: Entry) -> bytes:
        """Gives the file with our entry, in the place of the one it has. An empty file becomes a new document."""

    def remove(self, raw: bytes, *, drop_empty: bool = False) -> bytes:
        """Gives the file without our entry; with ``drop_empty`` also without what held nothing else."""

    def has_section(self, raw: bytes) -> bool:
        """Says whether the file has the section that entries stand in."""


def editor_for(form: Format, key_path: Sequence[str], name: str, tolerance: Tolerance) -> Editor:
    """Gives the editor of a format for the entry ``name`` under ``key_path``."""
    match form:
        case Format.JSON:
            return JsonEditor(tuple(key_path), name, tolerance)
        case Format.TOML:
            # Read only where a host needs it, as the next one: each of these parsers takes memory of its own.
            from ostiary.gateway.hosts.toml_edit import TomlEditor

            (section,) = key_path
            return TomlEditor(section, name, tolerance)
        case Format.YAML | Format.YAML_LIST:
            from ostiary.gateway.hosts.yaml_edit import YamlEditor

            (section,) = key_path
            return YamlEditor(section, name, tolerance, is_list=form is Format.YAML_LIST)
        case _:
            assert_never(form)
