"""The language files: what can be translated is found in the sources, and catalogues are kept and built from it.

``python3 packaging/dev.py language`` does it all: ``locale/gateway.txt`` gets the gateway's sentences, each ``.po``
gets what is new and loses what is gone, and each ``.mo`` is written from its ``.po``. All three are tracked, so that a
clone and a wheel need no step of building; a test sees that they belong together. Standard library only.
"""

from __future__ import annotations

import sys
from pathlib import Path

from devtools.catalogue import Catalogue, Entry
from devtools.sentences import gateway_sentences, window_sentences

PACKAGE = Path("desktop") / "ostiary"
LOCALE = PACKAGE / "locale"
GATEWAY_FILE = LOCALE / "gateway.txt"


def main(root: Path) -> int:
    """Bring every language file up to date. Gives 1 when a sentence has no translation yet."""
    for path, content in built(root).items():
        if not path.exists() or path.read_bytes() != content:
            path.write_bytes(content)
            print(f"written: {path.relative_to(root).as_posix()}")
    missing = 0
    for path in catalogues(root):
        for entry in Catalogue.read(path.read_text(encoding="utf-8")).untranslated():
            print(f"{path.relative_to(root).as_posix()}: not translated: {entry.one}")
            missing += 1
    return 1 if missing else 0


def catalogues(root: Path) -> list[Path]:
    """The ``.po`` of each language but English, which needs none."""
    return sorted((root / LOCALE).glob("*/LC_MESSAGES/ostiary.po"))


def built(root: Path) -> dict[Path, bytes]:
    """What every language file should hold, by its path."""
    gateway = gateway_sentences(root)
    wanted = {**{one: Entry(one) for one in gateway}, **window_sentences(root / PACKAGE)}
    files = {root / GATEWAY_FILE: ("\n".join(gateway) + "\n").encode()}
    for path in catalogues(root):
        catalogue = Catalogue.read(path.read_text(encoding="utf-8")).with_entries(wanted.values())
        files[path] = catalogue.text().encode()
        files[path.with_suffix(".mo")] = catalogue.compiled()
    return files


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parents[2]))
